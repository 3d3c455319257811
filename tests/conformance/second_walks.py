"""A second reading of listings: which items were there all the time, by sets, without asking for any page."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from comfy_cloud.conformance import Case
from tests.conformance.second_filters import holds

TIMES = ("created_at", "updated_at", "last_access_time")
RFC_3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:[Zz]|([+-])(\d\d):(\d\d))")


class Expected(NamedTuple):
    """What a listing hands out.

    Attributes:
        items: What was there at each instant with one key, in order.
        may: What was there at some instant only.
        free: What was there, and whose key changed.
    """

    items: list[Any]
    may: set[Any]
    free: set[Any]


def expected(case: Case) -> Expected:
    """What becomes of the items of a case in which every change happens."""
    script, given = case.script, case.input
    many = [{"n": n + 1, **script.get("each", {})} for n in range(script.get("count", 0))]
    library = {item["n"]: item for item in script.get("items") or many}
    instants = [_listed(library, given)]
    for change in sorted(script.get("changes", ()), key=lambda one: one["before"]):
        library = {n: item for n, item in library.items() if n not in change.get("remove", ())}
        library |= {item["n"]: item for item in change.get("add", ())}
        library |= {item["n"]: library[item["n"]] | item for item in change.get("set", ())}
        instants.append(_listed(library, given))
    return _told(instants, given, script)


def _told(instants: list[dict[int, Any]], given: Any, script: Any) -> Expected:
    ever = set().union(*instants)
    always = {n for n in ever if all(n in each for each in instants)}
    still = {n for n in always if len({_key(each[n], given) for each in instants}) == 1}
    lies = script.get("lies", {})
    turned = -1 if lies.get("ties") == "reversed" else 1
    rows = sorted((_ranked(instants[0][n], given, lies), turned * n, n) for n in still)
    down = given.get("order", "desc") == "desc"
    tags = given.get("operation") == "listTags"
    names = {n: item["name"] if tags else n for each in instants for n, item in each.items()}
    named = [names[n] for _, _, n in rows][:: -1 if down else 1]
    return Expected(named[: given.get("limit")], {names[n] for n in ever - always}, always - still)


def _listed(library: dict[int, Any], given: Any) -> dict[int, Any]:
    return {n: item for n, item in library.items() if _matches(item, given)}


def _matches(item: Any, given: Any) -> bool:
    if "raw" in item or not item.get("name", "").startswith(given.get("prefix", "")):
        return False
    if item.get("count") == 0:  # the document's default of include_zero
        return False
    asset = {"tags": item.get("tags", []), "name": item.get("name", f"item {item['n']}"), "metadata": {}}
    return all(holds(tree, asset) for tree in given.get("all", ()))


def _key(item: Any, given: Any) -> Any:
    if given.get("operation") == "listTags":
        return (-item.get("count", 1), item["name"]) if given["order"] == "count_desc" else item["name"]
    sort = given.get("sort", "created_at")
    return item.get(sort, item["n"] if sort in TIMES else f"item {item['n']}" if sort == "name" else 1)


def _ranked(item: Any, given: Any, lies: Any) -> Any:
    key = _key(item, given)
    if lies.get("collation") == "nocase":
        return key.lower()
    if given.get("sort") == "size":
        return (key is None) == (lies.get("nulls") == "last"), key or 0
    return key


def doubtful(case: Case) -> set[str]:
    """What of a case may leave a doubt: where the server's order, or an element's place in it, is not known."""
    script, given = case.script, case.input
    told, lies = str(script), script.get("lies", {})
    found = {
        "names are collated in an unknown way": given.get("sort") == "name" or given.get("operation") == "listTags",
        "missing keys sort in an unknown place": given.get("sort") == "size" and "None" in told,
        "ties come in another order": "ties" in lies,
        "the pages are a ring": "wraps" in lies,
        "the order is not the one that was asked for": bool({"sort", "order"} & set(lies.get("ignores", ()))),
        "elements cannot be read": any(f"'{word}'" in told for word in ("raw", "without", "sent")),
    }
    return {name for name, there in found.items() if there}


def sent_times(case: Case) -> list[tuple[int, tuple[int, Decimal]]]:
    """The places of items by time, and what is sent for each: minutes, seconds; of those whose text is a time."""
    field, found = case.input.get("sort", "created_at"), []
    for item in case.script.get("items", ()):
        text = str(item.get("sent", {}).get(field))
        if match := RFC_3339.fullmatch(text):
            year, month, day, hour, minute = map(int, match.groups()[:5])
            shift = int(f"{match[7]}1") * (int(match[8]) * 60 + int(match[9])) if match[7] else 0
            with suppress(ValueError):  # a day that does not exist
                days = date(year, month, day).toordinal()
                found.append(
                    (item.get(field, item["n"]), ((days * 24 + hour) * 60 + minute - shift, Decimal(match[6])))
                )
    return found
