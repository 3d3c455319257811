"""A server with a library that changes while it is listed, and that may lie. Pure.

It is a second reading of what was observed of listings: pages are slices by offset or behind a cursor, of what matches
at that instant, in the order (sort key, id). A client has its own way to ask, so nothing here depends on which request
comes when, but for the changes, each of which happens before the request of its number.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs

from comfy_cloud.conformance._worlds import Answer, Asked, Json, Trouble, is_list, outcome, remember

_LARGEST_PAGES: Final = {"assets": 500, "tags": 1000}
_ORDERS: Final = {"assets": ("asc", "desc"), "tags": ("count_desc", "name_asc")}
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TIMES: Final = ("created_at", "updated_at", "last_access_time")
_TIES: Final[Mapping[str, Callable[[int, int], int]]] = {
    "": lambda number, _: number,
    "reversed": lambda number, _: -number,
    "shuffled": lambda number, request: number * (7 + 4 * request) % 31,  # in another order each time
}
_SHIFT: Final = re.compile(r"([+-]\d\d):(\d\d)$")
_UUID: Final = "00000000-0000-4000-8000-{:012x}"
_NUMBERED: Final = re.compile(r"00000000-0000-4000-8000-([0-9a-fA-F]{12})")


def wire_id(number: int) -> str:
    """The id of an item on the wire."""
    return _UUID.format(number)


def number_of(ident: str) -> int | str:
    """The number of an item by its id; another id is itself."""
    number = _NUMBERED.fullmatch(ident)
    return int(number[1], 16) if number else ident


class Library:
    """The server of a case of `pagination`.

    Args:
        script: As the vectors have it: see `schemas/pagination.json`.
        operation: `listAssets` or `listTags`.
    """

    def __init__(self, script: Json, operation: str) -> None:
        self.asked: list[Asked] = []
        self._field = "assets" if operation == "listAssets" else "tags"
        self._largest = _LARGEST_PAGES[self._field]
        self._items: dict[int, Json] = {item["n"]: item for item in items_of(script)}
        self._changes: Sequence[Json] = script.get("changes", ())
        self._lies: dict[str, Any] = dict(script.get("lies", {}))
        self._instead: Mapping[int, Json] = {step["request"]: step for step in script.get("instead", ())}
        self._cursors: bool = script.get("cursors", False)

    def answer(self, asked: Asked) -> Answer | Trouble:
        """See `World`."""
        remember(asked, self.asked)
        number = self._lies["request"] = len(self.asked)
        for change in self._changes:
            if change["before"] == number:
                self._change(change)
        if number in self._instead:
            return outcome(self._instead[number])
        return self._listed({name: values[-1] for name, values in parse_qs(asked.query, True).items()})

    def _change(self, change: Json) -> None:
        for number in change.get("remove", ()):
            self._items.pop(number, None)
        for item in change.get("add", ()):
            self._items[item["n"]] = item
        for item in change.get("set", ()):
            self._items[item["n"]] = {**self._items[item["n"]], **item}

    def _listed(self, query: Mapping[str, str]) -> Answer | Trouble:
        query = {name: text for name, text in query.items() if name not in self._lies.get("ignores", ())}
        limit, offset = int(query.get("limit", "20")), int(query.get("offset", "0"))
        if not 1 <= limit <= self._largest or offset < 0:
            return _refusal("INVALID_QUERY", "limit and offset have bounds")
        if query.get("order", "desc" if self._field == "assets" else "count_desc") not in _ORDERS[self._field]:
            return _refusal("INVALID_QUERY", "there is no such order")
        rows = ordered([item for item in self._items.values() if matches(item, query)], query, self._lies, self._field)
        length = min(limit, self._lies.get("page_at_most", limit))
        if "after" in query:
            if self._lies.get("cursors_refused"):
                return _refusal("INVALID_CURSOR", "the cursor is not known")
            offset = self._behind(rows, query)
        return self._page(rows, offset, length, query)

    def _page(self, rows: Sequence[Json], offset: int, length: int, query: Mapping[str, str]) -> Answer:
        lies = self._lies
        page = _sliced(rows, offset, length, in_a_ring=lies.get("wraps", False))
        more = offset + len(page) < len(rows) or lies.get("wraps", False)
        body = {
            self._field: [_asset(item, lies) if self._field == "assets" else _tag(item) for item in page],
            "total": lies.get("total", len(rows) + lies.get("total_off_by", 0)),
            "has_more": lies.get("has_more", more),
        }
        gone = "cursors_until" in lies and lies["request"] >= lies["cursors_until"]
        linked = self._cursors and not gone and (more or "cursor" in lies)
        if linked and page and query.get("sort") != "last_access_time":
            body["next_cursor"] = lies.get("cursor") or self._cursor(page[-1], query)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return Answer(200, (("Content-Type", "application/json"),), content)

    def _cursor(self, item: Json, query: Mapping[str, str]) -> str:
        place = _place(item, query.get("sort", "created_at"), self._lies)
        return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()

    def _behind(self, rows: Sequence[Json], query: Mapping[str, str]) -> int:
        """How many rows stand at or before the cursor's place."""
        key, number = json.loads(base64.urlsafe_b64decode(query["after"]))
        sort, down = query.get("sort", "created_at"), query.get("order", "desc") == "desc"
        at: tuple[Any, int] = (tuple(key) if is_list(key) else key, number)
        places = [_place(item, sort, self._lies) for item in rows]
        return sum(place >= at if down else place <= at for place in places)


def _sliced(rows: Sequence[Json], offset: int, length: int, *, in_a_ring: bool) -> Sequence[Json]:
    """A page; in a ring, the first row follows the last."""
    if not in_a_ring or not rows:
        return rows[offset : offset + length]
    return [rows[index % len(rows)] for index in range(offset, offset + length)]


def items_of(script: Json) -> list[Json]:
    """The items at the start: those that are listed, or so many, a second apart unless it says else."""
    if "count" in script:
        return [{"n": number, **script.get("each", {})} for number in range(1, script["count"] + 1)]
    items: list[Json] = script.get("items", [])
    return items


def matches(item: Json, query: Mapping[str, str]) -> bool:
    """Whether an item matches what a query asks for.

    As on ComfyUI 0.27 (observed), tags that no asset has are listed unless the query says otherwise.
    """
    if item.get("count") == 0 and query.get("include_zero") == "false":
        return False
    tags = set(item.get("tags", ()))
    required = set(filter(None, query.get("include_tags", "").split(",")))
    excluded = set(filter(None, query.get("exclude_tags", "").split(",")))
    named = query.get("name_contains", "").lower() in _name(item).lower()
    return required <= tags and not excluded & tags and named and _name(item).startswith(query.get("prefix", ""))


def ordered(
    items: Sequence[Json], query: Mapping[str, str], lies: Mapping[str, Any], field: str = "assets"
) -> list[Json]:
    """The items in the order that a query asks for; equal keys by id, in the same direction."""
    if field == "tags":
        by_name = query.get("order", "count_desc") == "name_asc"
        return sorted(items, key=lambda item: (0 if by_name else -item.get("count", 1), _key(item, "name", lies)))
    sort = query.get("sort", "created_at")
    return sorted(items, key=lambda item: _place(item, sort, lies), reverse=query.get("order", "desc") == "desc")


def _place(item: Json, sort: str, lies: Mapping[str, Any]) -> tuple[Any, int]:
    """The sort key, and what decides between equal ones."""
    return _key(item, sort, lies), _TIES[lies.get("ties", "")](item["n"], lies.get("request", 0))


def _key(item: Json, sort: str, lies: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a number, a text, or a pair
    """A missing size comes before all others, or where the case says so after them."""
    if sort in _TIMES:
        return item.get(sort, item["n"])
    if sort == "name":
        return _name(item).lower() if lies.get("collation") == "nocase" else _name(item)
    missing = 1 if lies.get("nulls") == "last" else -1
    size = item.get("size", 1)
    return (missing, 0) if size is None else (0, size)


def _name(item: Json) -> str:
    name: str = item.get("name", f"item {item['n']}")
    return name


def _time(item: Json, field: str, spellings: Sequence[str]) -> str:
    """Times of vectors are seconds after the beginning of 2026; left away, the item's number."""
    number: int = item["n"]
    spelling = spellings[number % len(spellings)]
    there = EPOCH + timedelta(seconds=item.get(field, number))
    if shift := _SHIFT.search(spelling):
        there += timedelta(hours=int(shift[1]), minutes=int(f"{shift[1][0]}{shift[2]}"))
    return f"{there:%Y-%m-%dT%H:%M:%S}{spelling}"


def _asset(item: Json, lies: Mapping[str, Any]) -> Json:
    if "raw" in item:
        return item["raw"]
    asset = {"id": wire_id(item["n"]), "name": _name(item), "size": item.get("size", 1), "tags": item.get("tags", [])}
    asset |= {field: _time(item, field, lies.get("times", "Z")) for field in _TIMES} | item.get("sent", {})
    return {name: value for name, value in asset.items() if name not in item.get("without", ())}


def _tag(item: Json) -> Json:
    return {"name": _name(item), "count": item.get("count", 1)}


def _refusal(code: str, message: str) -> Answer:
    body = json.dumps({"error": {"code": code, "message": message, "details": {}}}).encode()
    return Answer(400, (("Content-Type", "application/json"),), body)
