"""A second reading of filters: what a tree means of an asset, what a query means of it, and the query's one form."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

Asset = dict[str, Any]


def holds(tree: Any, asset: Asset) -> bool:
    """What a tree means of an asset, by plain logic."""
    ((node, value),) = tree.items()
    match node:
        case "tag":
            return value.strip().lower() in {tag.strip().lower() for tag in asset["tags"]}
        case "name_contains":
            return value.lower() in asset["name"].lower()
        case "metadata":
            return all(_is(asset["metadata"].get(key), wanted) for key, wanted in value.items())
        case "not":
            return not holds(value, asset)
        case "and":
            return all(holds(part, asset) for part in value)
        case _:
            return any(holds(part, asset) for part in value)


def selects(query: str, asset: Asset) -> bool:
    """What a query means of an asset, as the document says of its parameters."""
    raw = dict(part.partition("=")[::2] for part in query.split("&") if part)
    had = {tag.strip().lower() for tag in asset["tags"]}
    required, excluded = (
        {unquote(tag).strip().lower() for tag in raw[name].split(",")} if name in raw else set()
        for name in ("include_tags", "exclude_tags")
    )
    given = dict(parse_qsl(query))
    metadata = json.loads(given.get("metadata_filter", "{}"))
    named = given.get("name_contains", "").lower() in asset["name"].lower()
    fits = all(_is(asset["metadata"].get(key), wanted) for key, wanted in metadata.items())
    return required <= had and not excluded & had and named and fits


def _is(stored: Any, wanted: Any) -> bool:
    wanted = wanted if isinstance(wanted, list) else [wanted]
    return any(type(stored) is type(one) and json.dumps(stored) == json.dumps(one) for one in wanted)


def leaves(tree: Any) -> Iterator[tuple[str, Any]]:
    """The conditions in a tree."""
    ((node, value),) = tree.items()
    if node == "not":
        yield from leaves(value)
    elif node in ("and", "or"):
        yield from itertools.chain.from_iterable(map(leaves, value))
    else:
        yield node, value


def assets(trees: list[Any]) -> Iterator[Asset]:
    """Assets that have, or have not, each of the things that the trees speak of, in every combination."""
    found = [leaf for tree in trees for leaf in leaves(tree)]
    tags = sorted({value for node, value in found if node == "tag"})
    names = ["", *sorted({value for node, value in found if node == "name_contains"})]
    pairs = [(key, value) for node, members in found if node == "metadata" for key, value in members.items()]
    values = {key: [None, "other"] for key, _ in pairs}
    for key, value in pairs:
        values[key] += value if isinstance(value, list) else [value]
    for had in itertools.product([True, False], repeat=len(tags)):
        for name, stored in itertools.product(names, itertools.product(*values.values())):
            own = [tag for tag, has in zip(tags, had, strict=True) if has]
            yield {"tags": own, "name": f"<{name}>", "metadata": dict(zip(values, stored, strict=True))}


def in_one_form(query: str) -> bool:
    """Whether a query is the only one that means what it means: sorted, no repeats, compact, encoded throughout."""
    raw = [part.partition("=")[::2] for part in query.split("&") if part]
    names = [name for name, _ in raw]
    order = ["include_tags", "exclude_tags", "name_contains", "metadata_filter"]
    return names == [name for name in order if name in names] and all(_is_plain(name, text) for name, text in raw)


def _is_plain(name: str, text: str) -> bool:
    if name == "metadata_filter":
        return text == quote(_compact(json.loads(unquote(text))), safe="")
    parts = [unquote(part) for part in text.split(",")] if name != "name_contains" else [unquote(text)]
    return text == ",".join(quote(part, safe="") for part in sorted(set(parts)))


def _compact(metadata: dict[str, Any]) -> str:
    members = []
    for key in sorted(metadata):
        values = metadata[key] if isinstance(metadata[key], list) else [metadata[key]]
        texts = sorted({json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values})
        members.append(
            f"{json.dumps(key, ensure_ascii=False)}:{texts[0] if len(texts) == 1 else f'[{chr(44).join(texts)}]'}"
        )
    return f"{{{','.join(members)}}}"
