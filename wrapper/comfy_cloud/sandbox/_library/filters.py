"""The two requests of the API, and what their filters mean in SQL. Pure: no database is touched here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from comfy_cloud.sandbox._api.cursors import Place
from comfy_cloud.sandbox._api.parameters import (
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

from .metadata import METADATA_MATCHES
from .model import ACCOUNT, Json, folded_name

SqlValue: TypeAlias = int | float | str | bytes | None


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


EVERYTHING = Clause("1")
"""The condition of a request without filters."""

# Looked up for one asset after the other, so that a page can be read along the index of its order.
_TAGGED = "SELECT 1 FROM asset_tags WHERE asset = number AND tag"


def matching(request: ListAssets) -> Clause:
    """The condition, over the table `assets`, that the assets of a request fulfil."""
    conditions = list(_conditions(request))
    return _joined(conditions, "AND") if conditions else EVERYTHING


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
    for tag in request.include_tags:
        yield Clause(f"EXISTS ({_TAGGED} = ?)", (tag,))
    if request.exclude_tags:
        marks = ",".join("?" * len(request.exclude_tags))
        yield Clause(f"NOT EXISTS ({_TAGGED} IN ({marks}))", request.exclude_tags)
    # A NUL ends the pattern of the observed server, so that a name filter with one matches everything.
    if request.name_contains and "\0" not in request.name_contains:
        yield Clause("instr(name_folded, ?) > 0", (folded_name(request.name_contains),))
    if request.metadata_filter:
        yield Clause(f"{METADATA_MATCHES}(user_metadata, metadata, ?)", (json.dumps(request.metadata_filter),))


def _joined(clauses: Sequence[Clause], by: Literal["AND", "OR"]) -> Clause:
    """One or more clauses joined as a balanced tree, because SQLite limits how deep an expression may be."""
    if len(clauses) == 1:
        return clauses[0]
    middle = len(clauses) // 2
    left, right = _joined(clauses[:middle], by), _joined(clauses[middle:], by)
    return Clause(f"({left.sql} {by} {right.sql})", left.values + right.values)
