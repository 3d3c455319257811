"""What the metadata filter means: a function that SQLite calls. Pure.

Every rule was observed on ComfyUI 0.27.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from .model import Json

METADATA_MATCHES = "metadata_matches"
"""The name of `metadata_matches` in SQL."""

_PLAIN = 1e15  # integers below are written digit by digit, also as floats

Token: TypeAlias = tuple[str, object]
"""A value as it is compared: its kind, and a value that is equal exactly when the server says so."""


class _Wanted(NamedTuple):
    """What one key asks for: any of some tokens, or that nothing is there."""

    key: str
    tokens: frozenset[Token]
    nothing: bool
    traces: tuple[str, ...]
    """One of these is in the stored text, which has no blanks, of what matches; empty when that cannot be told."""


def metadata_matches(user_metadata: str | None, metadata: str | None, wanted: str) -> bool:
    """Whether an asset with these metadata, JSON objects as text, fulfils a filter, a JSON object as text.

    The filter sees the server's own `metadata` under the user's, which win. Its keys are AND and have no paths.
    """
    conditions = _conditions(wanted)
    # Reading JSON is dear, and most assets of a large library can be told not to match without.
    texts = f"{user_metadata} {metadata}"
    if not all(any(trace in texts for trace in one.traces) for one in conditions if one.traces):
        return False
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
    return tuple(_condition(key, wanted) for key, wanted in asked.items() if wanted != [])


def _condition(key: str, wanted: Json) -> _Wanted:
    tokens = frozenset(_tokens(wanted, nested=False))
    nothing = None in (wanted if isinstance(wanted, list) else [wanted])
    traces = [_trace(key, *token) for token in tokens]
    told = [trace for trace in traces if trace is not None]
    if nothing or len(told) < len(traces):
        return _Wanted(key, tokens, nothing, ())
    return _Wanted(key, tokens, nothing, (*told, f'"{key}":['))


def _trace(key: str, kind: str, value: object) -> str | None:
    """How the stored text of whatever equals this value begins, without a list around it; None when that varies."""
    if not _is_plain(key):
        return None
    if isinstance(value, bool):
        return f'"{key}":{"true" if value else "false"}'
    if isinstance(value, str) and kind == "string" and _is_plain(value):
        return f'"{key}":"{value}"'
    if isinstance(value, float) and 0 < abs(value) < _PLAIN and value.is_integer():
        return f'"{key}":{int(value)}'
    return None


def _is_plain(text: str) -> bool:
    """Whether there is one way to write it in JSON."""
    return text.isascii() and text.replace("_", "").isalnum()


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
