"""What the metadata filter means: a function that SQLite calls. Pure.

Every rule was observed on ComfyUI 0.27.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ._model import Json

METADATA_MATCHES = "metadata_matches"
"""The name of `metadata_matches` in SQL."""

Token: TypeAlias = tuple[str, object]
"""A value as it is compared: its kind, and a value that is equal exactly when the server says so."""


class _Wanted(NamedTuple):
    """What one key asks for: any of some tokens, or that nothing is there."""

    key: str
    tokens: frozenset[Token]
    nothing: bool


def metadata_matches(user_metadata: str | None, metadata: str | None, wanted: str) -> bool:
    """Whether an asset with these metadata, JSON objects as text, fulfils a filter, a JSON object as text.

    The filter sees the server's own `metadata` under the user's, which win. Its keys are AND and have no paths.
    """
    conditions = _conditions(wanted)
    stored = {**_loaded(metadata), **_loaded(user_metadata)} if conditions else {}
    return all(_holds(condition, stored.get(condition.key)) for condition in conditions)


def _holds(wanted: _Wanted, stored: Json) -> bool:
    """A stored list matches by each of its elements; null, no elements and only nulls are nothing."""
    tokens = set(_tokens(stored))
    return not wanted.tokens.isdisjoint(tokens) or (wanted.nothing and not tokens)


@lru_cache(maxsize=64)
def _conditions(text: str) -> tuple[_Wanted, ...]:
    """A list is any of its elements, and an empty one is no constraint. A list inside the list never matches."""
    asked: Mapping[str, Json] = json.loads(text)
    return tuple(
        _Wanted(
            key, frozenset(_tokens(wanted, nested=False)), None in (wanted if isinstance(wanted, list) else [wanted])
        )
        for key, wanted in asked.items()
        if wanted != []
    )


def _tokens(value: Json, *, nested: bool = True) -> Iterator[Token]:
    for item in value if isinstance(value, list) else (value,):
        if item is not None and (nested or not isinstance(item, list)):
            yield _token(item)


def _token(value: Json) -> Token:
    """Kind and comparable form: numbers compare as floats, objects as their JSON text with keys as they came."""
    if isinstance(value, bool):
        return "boolean", value
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


def _loaded(text: str | None) -> Mapping[str, Json]:
    loaded: Mapping[str, Json] = json.loads(text) if text else {}
    return loaded
