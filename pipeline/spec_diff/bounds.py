"""Bounds: arguments are checked against them before they are sent, answers are not checked at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias

from pipeline.document import Document
from pipeline.spec_diff.edits import Edit, Rule, no_rule
from pipeline.spec_diff.model import ABSENT, Change, Severity, shown

_BREAKING: Final = Severity.BREAKING
_ADDITIVE: Final = Severity.ADDITIVE
_COSMETIC: Final = Severity.COSMETIC
_Limit: TypeAlias = tuple[float, bool]  # a number, and whether it is left out itself

_UPPER: Final = ("maximum", "maxLength", "maxItems", "maxProperties")
_LOWER: Final = ("minimum", "minLength", "minItems", "minProperties")


def _is_number(value: object) -> bool:
    return value is ABSENT or (isinstance(value, int | float) and not isinstance(value, bool))


def _limit(schema: Document, keyword: str, sign: int) -> _Limit:
    """The limit as one whose growth relaxes: lower ones change their sign.

    In OpenAPI 3.0 `exclusiveMaximum` is a flag of `maximum`; in 3.1 it is a number beside it.
    """
    plain = schema.get(keyword, ABSENT)
    exclusive = schema.get(f"exclusive{keyword.capitalize()}", ABSENT)
    limits = [(math.inf, True)]
    if plain is not ABSENT:
        limits.append((sign * plain, exclusive is not True))
    if exclusive is not ABSENT and not isinstance(exclusive, bool):
        limits.append((sign * exclusive, False))
    return min(limits)


def _range(keyword: str, sign: int, edit: Edit) -> Iterator[Change]:
    values = [schema.get(keyword, ABSENT) for schema in (edit.old, edit.new)]
    flags = [schema.get(f"exclusive{keyword.capitalize()}", ABSENT) for schema in (edit.old, edit.new)]
    if not all(map(_is_number, values)) or not all(isinstance(flag, bool) or _is_number(flag) for flag in flags):
        yield from no_rule(edit)
        return
    before, after = _limit(edit.old, keyword, sign), _limit(edit.new, keyword, sign)
    if before == after:
        return
    tightened = after < before
    words = (
        f"{'tightens' if tightened else 'relaxes'} its {keyword} to {_shown(after, sign)}, was {_shown(before, sign)}"
    )
    rule = f"{keyword}-{'tightened' if tightened else 'relaxed'}"
    yield edit.change(_severity(edit, tightened=tightened), rule, words + _effect(edit))


def _shown(limit: _Limit, sign: int) -> str:
    number, included = limit
    return "unbounded" if math.isinf(number) else f"{sign * number}{'' if included else ' (exclusive)'}"


def _severity(edit: Edit, *, tightened: bool) -> Severity:
    return edit.place.worst(request=_BREAKING if tightened else _ADDITIVE, answer=_COSMETIC)


def _effect(edit: Edit) -> str:
    is_read_only = edit.place.worst(request=_BREAKING, answer=_COSMETIC) is _COSMETIC
    return "; answers are not checked against it" if is_read_only else ""


def _multiple(edit: Edit) -> Iterator[Change]:
    """Every multiple of six is one of three."""
    before, after = edit.before, edit.after
    if not _is_number(before) or not _is_number(after):
        yield from no_rule(edit)
        return
    relaxed = after is ABSENT or (before is not ABSENT and after != 0 and before % after == 0)
    words = f"has to be a multiple of {shown(after)}, was {shown(before)}"
    severity = _severity(edit, tightened=not relaxed)
    yield edit.change(severity, f"multipleOf-{'relaxed' if relaxed else 'tightened'}", words + _effect(edit))


def _pattern(edit: Edit) -> Iterator[Change]:
    """Which of two patterns takes more cannot be told, so another one counts as tighter."""
    relaxed = edit.after is ABSENT
    words = f"has the pattern {shown(edit.after)}, was {shown(edit.before)}"
    severity = _severity(edit, tightened=not relaxed)
    yield edit.change(severity, "pattern-removed" if relaxed else "pattern-changed", words + _effect(edit))


def _unique(edit: Edit) -> Iterator[Change]:
    if bool(edit.old.get("uniqueItems")) is bool(edit.new.get("uniqueItems")):
        return
    tightened = bool(edit.new.get("uniqueItems"))
    words = "takes no item twice, took any" if tightened else "takes items twice, took each once"
    severity = _severity(edit, tightened=tightened)
    yield edit.change(severity, f"uniqueItems-{'tightened' if tightened else 'relaxed'}", words + _effect(edit))


_UPPER_RULES: Final = {keyword: partial(_range, keyword, 1) for keyword in _UPPER}
_LOWER_RULES: Final = {keyword: partial(_range, keyword, -1) for keyword in _LOWER}

BOUND_RULES: Final[Mapping[str, Rule]] = {
    **_UPPER_RULES,
    **_LOWER_RULES,
    "exclusiveMaximum": _UPPER_RULES["maximum"],
    "exclusiveMinimum": _LOWER_RULES["minimum"],
    "multipleOf": _multiple,
    "pattern": _pattern,
    "uniqueItems": _unique,
}
