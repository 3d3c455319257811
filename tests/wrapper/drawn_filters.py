"""Filters and assets to draw, from few values, so that they meet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import reduce
from operator import and_, or_
from typing import Any
from urllib.parse import parse_qs

import msgspec
from hypothesis import strategies as st

from comfy_cloud.asset import Asset
from comfy_cloud.filters import (
    Expression,
    asset_hash,
    created_at,
    last_access_time,
    metadata,
    mime_type,
    name,
    prompt_id,
    size,
    tag,
    updated_at,
)
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud.sandbox._api.bodies import asset_body
from comfy_cloud.sandbox._api.parameters import read_request
from comfy_cloud.sandbox._library.filters import ListAssets
from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._library.model import AssetRow
from comfy_cloud.sandbox._library.tables import _row
from comfy_cloud_api.api.asset import list_assets

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
JOB = "11111111-1111-4111-8111-111111111111"
OTHER_JOB = "22222222-2222-4222-8222-222222222222"

TAGS = st.sampled_from(["output", "final", "été", "100%", "x"])
ASKED_TAGS = st.sampled_from(["output", " FINAL", "ÉTÉ\n", "100%", "x", "absent"])
TEXTS = st.text("aAéÉ%_*ßİı ", max_size=3)
KEYS = st.sampled_from(["a", "b", "a.b", "é", '"'])
SCALARS = st.sampled_from([None, True, False, 0, -0.0, 1, 1.0, "1", "", "a", 2**53, 2**53 + 1, 2**70, 10**400, 0.1])
OBJECTS = st.sampled_from([{}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1.0, "b": 2}, {"x": [1, {"é": None}]}])
WANTED: st.SearchStrategy[Any] = SCALARS | OBJECTS
STORED = WANTED | st.lists(WANTED | st.lists(SCALARS, max_size=2), max_size=3)
METADATA = st.none() | st.dictionaries(KEYS, STORED, max_size=3)
INSTANTS = st.integers(-3, 3).map(lambda days: NOW + dt.timedelta(days=days, microseconds=days))
TIMES = INSTANTS | st.integers(0, 3).map(lambda days: dt.timedelta(days=days)) | st.just(dt.timedelta.max)
SIGNS: list[Callable[[Any, Any], Expression]] = [
    lambda field, value: field < value,
    lambda field, value: field <= value,
    lambda field, value: field > value,
    lambda field, value: field >= value,
]
EQUALS: list[Callable[[Any, Any], Expression]] = [
    lambda field, value: field == value,
    lambda field, value: field != value,
]


def compared(field: Any, values: st.SearchStrategy[Any], signs: list[Any]) -> st.SearchStrategy[Expression]:
    """Comparisons of a field."""
    return st.builds(lambda sign, value: sign(field, value), st.sampled_from(signs), values)


# What both sides can express.
SHARED: st.SearchStrategy[Expression] = st.one_of(
    st.builds(tag, ASKED_TAGS),
    st.builds(name.contains, TEXTS.filter(bool)),
    st.builds(lambda key, value: metadata[key] == value, KEYS, WANTED),
    st.builds(lambda key, values: metadata[key].in_(values), KEYS, st.lists(WANTED, min_size=1, max_size=3)),
    st.builds(lambda key: metadata[key].is_missing(), KEYS),
)
TIMED: st.SearchStrategy[Expression] = st.one_of(
    *(compared(field, TIMES, SIGNS) for field in (created_at, updated_at, last_access_time)),
    *(compared(field, INSTANTS, EQUALS) for field in (created_at, updated_at, last_access_time)),
    st.just(last_access_time.is_missing()),
)
SIZED: st.SearchStrategy[Expression] = st.one_of(
    compared(size, st.integers(0, 5), SIGNS + EQUALS),
    st.just(size.is_missing()),
    st.just(size != None),  # noqa: E711
)
WORDED: st.SearchStrategy[Expression] = st.one_of(
    compared(name, TEXTS, EQUALS),
    st.builds(name.startswith, TEXTS.filter(bool)),
    st.builds(name.in_, st.lists(TEXTS, min_size=1)),
    st.sampled_from([name.matches("^a"), name.matches("(?i)É|\\n")]),
    compared(mime_type, st.sampled_from(["image/png", "text/plain", None]), EQUALS),
    st.sampled_from([mime_type.startswith("image/"), mime_type.in_(["image/png", "a/b"]), mime_type.is_missing()]),
    compared(prompt_id, st.sampled_from([JOB, OTHER_JOB, None]), EQUALS),
    st.just(prompt_id.in_([OTHER_JOB, JOB])),
    compared(asset_hash, st.sampled_from(["blake3:1", "blake3:2", None]), EQUALS),
    st.builds(lambda sign, key, n: sign(metadata[key], n), st.sampled_from(SIGNS), KEYS, st.sampled_from([0, 1, 0.5])),
    st.builds(lambda key, value: metadata[key] != value, KEYS, WANTED),
)


def combined(leaves: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Leaves joined with `&`, `|` and `~`."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: reduce(and_, parts)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: reduce(or_, parts)),
            inner.map(lambda part: ~part),
        ),
        max_leaves=6,
    )


ANY = combined(st.one_of(SHARED, TIMED, SIZED, WORDED))


def text_of(instant: dt.datetime) -> str:
    """As the sandbox keeps times."""
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


@st.composite
def rows(draw: st.DrawFn, number: int = 0) -> AssetRow:
    """An asset as the sandbox keeps it."""
    return AssetRow(
        f"00000000-0000-4000-8000-{number:012}",
        draw(TEXTS),
        size=draw(st.integers(0, 5)),
        created_at=text_of(draw(INSTANTS)),
        updated_at=text_of(draw(INSTANTS)),
        last_access_time=draw(st.none() | INSTANTS.map(text_of)),
        asset_hash=draw(st.sampled_from([None, "blake3:1", "blake3:2"])),
        mime_type=draw(st.sampled_from([None, "image/png", "text/plain"])),
        tags=tuple(sorted(draw(st.sets(TAGS)))),
        user_metadata=draw(METADATA),
        prompt_id=draw(st.sampled_from([None, JOB, OTHER_JOB])),
    )


def received(row: AssetRow, **changes: Any) -> Asset:
    """The asset that a client gets; a change to `...` takes a property away."""
    body = {**json.loads(msgspec.json.encode(asset_body(_row(row)[:17]))), **changes}
    return Asset.from_dict({key: value for key, value in body.items() if value is not ...})


ASSETS = st.builds(
    lambda row, lost: received(row, **dict.fromkeys(lost, ...)), rows(), st.sets(st.sampled_from(["size", "tags"]))
)
PLAIN = AssetRow("00000000-0000-4000-8000-000000000000", "", 0, text_of(NOW), text_of(NOW))


def asset(**changes: Any) -> Asset:
    """An asset of which only what matters is said."""
    return received(PLAIN, **changes)


LIBRARIES = st.integers(0, 8).flatmap(lambda length: st.tuples(*(rows(number) for number in range(length))))


def found_by_sql(spec: AssetQuerySpec, library: Sequence[AssetRow]) -> set[str]:
    """What the sandbox finds, asked over the very query that a request would carry."""
    target = list_assets.OPERATION.request({**spec.parameters(), "limit": 500}).target
    with closing(Library(library)) as stored:
        page = stored.list_assets(read_request(ListAssets, query_of(target)))
    return {row.id for row in page.assets}


def query_of(target: str) -> dict[str, list[str]]:
    """The query of a target, decoded."""
    return parse_qs(target.partition("?")[2], keep_blank_values=True, strict_parsing=True)
