"""What values a schema has: types, null, formats, enum members, constants, defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.document import Document
from pipeline.spec_diff.edits import Edit, Rule, no_rule
from pipeline.spec_diff.model import ABSENT, Change, Role, Severity, canonical, listed, sequence, shown

_BREAKING: Final = Severity.BREAKING
_ADDITIVE: Final = Severity.ADDITIVE
_COSMETIC: Final = Severity.COSMETIC
# As JSON text: the formats that have a type of their own in Python; any other stays the type that the schema says.
_PYTHON_FORMATS: Final = frozenset({'"uuid"', '"date"', '"date-time"', '"binary"'})


def _types_of(schema: Document) -> frozenset[str]:
    stated = schema.get("type")
    types = sequence(stated) if isinstance(stated, list) else [] if stated is None else [stated]
    return frozenset(str(name) for name in types if name != "null")


def _is_nullable(schema: Document) -> bool:
    stated = schema.get("type")
    return schema.get("nullable") is True or stated == "null" or "null" in sequence(stated)


def _types(edit: Edit) -> Iterator[Change]:
    """The types without null, and null: OpenAPI 3.0 says it with `nullable`, 3.1 among the types."""
    covers = [(*edit.place.pointer, keyword) for keyword in edit.keywords]
    before, after = _types_of(edit.old), _types_of(edit.new)
    if before != after:
        words = f"is of type {_type_words(after)}, was {_type_words(before)}"
        yield edit.change(_type_severity(edit, before, after), "type-changed", words, covers=covers)
    was, now = _is_nullable(edit.old), _is_nullable(edit.new)
    if was is not now:
        words = "may be null, was never null" if now else "is never null, might be null"
        severity = edit.place.worst(
            request=_ADDITIVE if now else _BREAKING,
            # An optional property reads as None where it is absent, so that it may be null changes nothing.
            answer=_BREAKING if now and not edit.place.optional else _ADDITIVE,
        )
        yield edit.change(severity, "became-nullable" if now else "no-longer-nullable", words, covers=covers)


def _type_words(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "any type"


def _type_severity(edit: Edit, before: frozenset[str], after: frozenset[str]) -> Severity:
    """More types are more to send and more to expect; every integer is a number."""
    wider = bool(before) and (not after or before <= _with_integers(after))
    narrower = bool(before) and bool(after) and after <= _with_integers(before)
    return edit.place.worst(request=_ADDITIVE if wider else _BREAKING, answer=_ADDITIVE if narrower else _BREAKING)


def _with_integers(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _format(edit: Edit) -> Iterator[Change]:
    """Some formats have a type of their own in Python; the others are remarks."""
    words = f"has the format {shown(edit.after)}, was {shown(edit.before)}"
    if {canonical(edit.before), canonical(edit.after)} & _PYTHON_FORMATS:
        yield edit.change(_BREAKING, "format-changed", f"{words}, which is another type in Python")
    else:
        yield edit.change(_COSMETIC, "format-changed", f"{words}, which is the same type in Python")


def _enum(edit: Edit) -> Iterator[Change]:
    """Enums are open, and members can be given as plain values; but a member that is gone is an AttributeError."""
    before, after = edit.before, edit.after
    if before is ABSENT and isinstance(after, list):
        yield edit.change(
            _ADDITIVE, "enum-added", f"lists its values: {listed(after)}; it was free, and others still pass"
        )
    elif after is ABSENT and isinstance(before, list):
        words = f"no longer lists its values ({listed(before)}), so their class is gone"
        yield edit.change(_BREAKING, "enum-removed", words)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _enum_members(edit)
    else:
        yield from no_rule(edit)


def _enum_members(edit: Edit) -> Iterator[Change]:
    before = {canonical(value): value for value in edit.before}
    after = {canonical(value): value for value in edit.after}
    now = listed(edit.after)
    for key in [key for key in before if key not in after]:
        words = f"no longer takes or gives {shown(before[key])}, of which the member is gone (now {now})"
        severity = _ADDITIVE if before[key] is None and edit.place.roles == {Role.ANSWER} else _BREAKING
        yield edit.change(severity, "enum-value-removed", words, values=(before[key], ABSENT))
    for key in [key for key in after if key not in before]:
        words = f"has the new value {shown(after[key])} (was {listed(edit.before)})"
        is_new_null = after[key] is None and not edit.place.optional
        severity = edit.place.worst(request=_ADDITIVE, answer=_BREAKING if is_new_null else _ADDITIVE)
        yield edit.change(severity, "enum-value-added", words, values=(ABSENT, after[key]))


def _const(edit: Edit) -> Iterator[Change]:
    words = f"is always {shown(edit.after)}, was {shown(edit.before)}"
    yield edit.change(_BREAKING, "const-changed", words)


def _default(edit: Edit) -> Iterator[Change]:
    """The default of an argument stands in its signature and is sent; that of a property is not used."""
    words = f"has the default {shown(edit.after)}, was {shown(edit.before)}"
    if Role.PARAMETER in edit.place.roles:
        yield edit.change(_BREAKING, "default-changed", f"{words}: calls that leave it out send something else")
        return
    severity = edit.place.worst(request=_ADDITIVE, answer=_COSMETIC)
    yield edit.change(severity, "default-changed", f"{words}; the package sends no default for it")


def _member_names(edit: Edit) -> Iterator[Change]:
    words = f"names its enum members {shown(edit.after)}, was {shown(edit.before)}"
    yield edit.change(_BREAKING, "enum-names-changed", words)


VALUE_RULES: Final[Mapping[str, Rule]] = {
    "type": _types,
    "nullable": _types,
    "format": _format,
    "enum": _enum,
    "const": _const,
    "default": _default,
    "x-enum-varnames": _member_names,
}
