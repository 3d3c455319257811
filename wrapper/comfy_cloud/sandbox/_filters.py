# ruff: noqa: S608 - what is written into SQL are names and question marks of our own; values are bound.
"""The two requests of the API, and what their filters mean in SQL. Pure: no database is touched here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from ._cursors import Place
from ._model import ACCOUNT, AssetRow, Json, folded_name
from ._parameters import (
    After,
    Choice,
    IncludePublic,
    IncludeZero,
    Integer,
    JsonObject,
    Prefix,
    Tags,
    Text,
    parameter,
)

SqlValue: TypeAlias = int | float | str | bytes | None
Token: TypeAlias = tuple[str, SqlValue]
"""A metadata value as it is compared: its kind, and a value that is equal exactly when the server says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAssets:
    """GET /api/assets. Names, bounds, defaults and enums are the spec's; `after` was observed."""

    include_tags: tuple[str, ...] = parameter(Tags())
    exclude_tags: tuple[str, ...] = parameter(Tags())
    name_contains: str = parameter(Text())
    metadata_filter: Mapping[str, Json] | None = parameter(JsonObject())
    limit: int = parameter(Integer(default=20, minimum=1, maximum=500))
    offset: int = parameter(Integer(default=0, minimum=0))
    sort: str = parameter(
        Choice(
            default="created_at",
            choices=("name", "created_at", "updated_at", "size", "last_access_time"),
        )
    )
    order: str = parameter(Choice(default="desc", choices=("asc", "desc")))
    include_public: bool = parameter(IncludePublic(default=True))
    after: str | None = parameter(After())


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTags:
    """GET /api/tags. Names, bounds, defaults and enums are the spec's."""

    prefix: str | None = parameter(Prefix())
    limit: int = parameter(Integer(default=100, minimum=1, maximum=1000))
    offset: int = parameter(Integer(default=0, minimum=0, lax_maximum=10_000_000))
    order: str = parameter(Choice(default="count_desc", choices=("count_desc", "name_asc")))
    include_zero: bool = parameter(IncludeZero(default=False))
    include_public: bool = parameter(IncludePublic(default=True))


Ties: TypeAlias = Literal["same", "reversed", "none"]

_BEYOND = {"asc": ">", "desc": "<"}
_OTHER = {"asc": "desc", "desc": "asc"}


class Clause(NamedTuple):
    """A piece of SQL and the values of its question marks."""

    sql: str
    values: tuple[SqlValue, ...] = ()


def matching(request: ListAssets) -> Clause:
    """The condition, over the table `assets`, that the assets of a request fulfil."""
    return _all_of(list(_conditions(request)))


def ordering(request: ListAssets, ties: Ties = "same") -> str:
    """ORDER BY of a request. Ties are broken by id, in the same direction (observed on ComfyUI 0.27).

    For the tests of clients that rely on that, they can also be broken the other way, or by what is no order of ids.
    """
    # Both come from an enum that the request was checked against, so they are safe to write into SQL.
    tie, direction = _tie(request, ties)
    return f"{request.sort} {request.order}, {tie.format('id')} {direction}"


def following(request: ListAssets, place: Place, ties: Ties = "same") -> Clause:
    """The condition that the assets behind `place` fulfil, in the order of `ordering`."""
    tie, direction = _tie(request, ties)
    beyond, tied = _BEYOND[request.order], _BEYOND[direction]
    if ties == "same":  # one comparison, for which SQLite uses an index
        return Clause(f"({request.sort}, id) {beyond} (?, ?)", tuple(place))
    sql = f"({request.sort} {beyond} ? OR ({request.sort} = ? AND {tie.format('id')} {tied} {tie.format('?')}))"
    identities = (place.id,) * tie.count("{0}")
    return Clause(sql, (place.key, place.key, *identities))


def _tie(request: ListAssets, ties: Ties) -> tuple[str, str]:
    """What breaks ties, as SQL with a gap for the id, and its direction."""
    if ties == "none":  # the last digits first: the same at each request, but no order that ids have
        return "substr({0}, 25) || {0}", "asc"
    return "{0}", request.order if ties == "same" else _OTHER[request.order]


def _conditions(request: ListAssets) -> Iterator[Clause]:
    if not request.include_public:
        yield Clause("owner = ?", (ACCOUNT,))
    if request.include_tags:
        tags = request.include_tags
        yield Clause(
            f"number IN (SELECT asset FROM asset_tags WHERE tag IN ({_marks(tags)})"
            " GROUP BY asset HAVING COUNT(*) = ?)",
            (*tags, len(tags)),
        )
    if request.exclude_tags:
        tags = request.exclude_tags
        yield Clause(f"number NOT IN (SELECT asset FROM asset_tags WHERE tag IN ({_marks(tags)}))", tags)
    # A NUL ends the pattern of the observed server, so that a name filter with one matches everything.
    if request.name_contains and "\0" not in request.name_contains:
        yield Clause("instr(name_folded, ?) > 0", (folded_name(request.name_contains),))
    for key, wanted in (request.metadata_filter or {}).items():
        yield from _metadata_condition(key, wanted)


def _metadata_condition(key: str, wanted: Json) -> Iterator[Clause]:
    """What one key of `metadata_filter` asks for: a list is any of its elements, an empty one is no constraint."""
    alternatives = _elements(wanted)
    if not alternatives:
        return
    # A list inside the list is never matched (observed on ComfyUI 0.27).
    tokens = [_token(item) for item in alternatives if item is not None and not isinstance(item, list)]
    either: list[Clause] = []
    if tokens:
        pairs = ",".join(["(?,?)"] * len(tokens))
        flat = tuple(part for token in tokens for part in token)
        sql = f"SELECT asset FROM asset_metadata WHERE key = ? AND (kind, value) IN (VALUES {pairs})"
        either.append(Clause(f"number IN ({sql})", (key, *flat)))
    if any(item is None for item in alternatives):
        either.append(Clause("number NOT IN (SELECT asset FROM asset_metadata WHERE key = ?)", (key,)))
    sql = " OR ".join(clause.sql for clause in either) or "0"
    yield Clause(f"({sql})", tuple(value for clause in either for value in clause.values))


def searchable(asset: AssetRow) -> Mapping[str, Json]:
    """What the metadata filter sees: the server's own metadata under the user's, which win (observed)."""
    return {**(asset.metadata or {}), **(asset.user_metadata or {})}


def metadata_tokens(metadata: Mapping[str, Json]) -> Iterator[tuple[str, Token]]:
    """Everything that metadata can be found by: pairs of a top-level key and a token.

    A stored list can be found by each of its elements. Null, a list without elements and a list of nulls have no
    token, which is what `null` in a filter looks for (observed on ComfyUI 0.27).
    """
    for key, stored in metadata.items():
        for item in _elements(stored):
            if item is not None:
                yield key, _token(item)


def _token(value: Json) -> Token:
    """Kind and comparable form: numbers compare as floats, objects as their JSON text with keys as they came."""
    if isinstance(value, bool):
        return "boolean", int(value)
    if isinstance(value, int | float):
        return "number", _as_float(value)
    if isinstance(value, str):
        return "string", value
    return "json", json.dumps(value)


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # an integer of hundreds of digits
        return float("inf") if number > 0 else float("-inf")


def _elements(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else [value]


def _all_of(clauses: Sequence[Clause]) -> Clause:
    """All clauses joined by AND as a balanced tree, because SQLite limits how deep an expression may be."""
    if not clauses:
        return Clause("1")
    if len(clauses) == 1:
        return clauses[0]
    middle = len(clauses) // 2
    left, right = _all_of(clauses[:middle]), _all_of(clauses[middle:])
    return Clause(f"({left.sql} AND {right.sql})", left.values + right.values)


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))
