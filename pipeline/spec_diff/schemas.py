"""Schemas: what they refer to, their properties, and the schemas inside them. Values are in `values` and `bounds`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from pipeline.spec_diff.bounds import BOUND_RULES
from pipeline.spec_diff.edits import PROSE_RULES, Edit, Rule, compare_fields, deprecated, entries, no_rule, unused
from pipeline.spec_diff.model import (
    ABSENT,
    Change,
    Context,
    Place,
    Severity,
    Value,
    canonical,
    mapping,
    same,
    sequence,
    shown,
)
from pipeline.spec_diff.names import class_name, identifier
from pipeline.spec_diff.reach import look_up
from pipeline.spec_diff.values import VALUE_RULES

_BREAKING: Final = Severity.BREAKING
_ADDITIVE: Final = Severity.ADDITIVE
_COSMETIC: Final = Severity.COSMETIC


def compare_schema(context: Context, place: Place, old: Value, new: Value) -> Iterator[Change]:
    """Every change between two versions of a schema; what it refers to is compared where it stands."""
    if same(old, new):
        return
    edit = Edit(context, place, ("$ref",), mapping(old), mapping(new))
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield _other_form(edit, old, new)
    elif same(edit.before, edit.after):
        yield from compare_fields(context, place, old, new, SCHEMA_RULES)
    else:
        yield from _other_reference(edit)


def _other_form(edit: Edit, old: Value, new: Value) -> Change:
    """A schema may be true (anything goes, as in an empty one) or false."""
    anything = all(form is True or form == {} for form in (old, new))
    words = f"is {shown(new)}, was {shown(old)}"
    pointer = edit.place.pointer
    severity = _COSMETIC if anything else _BREAKING
    change = edit.change(severity, "schema-replaced", words, values=(old, new), covers=[pointer])
    return Change(**{**_fields(change), "pointer": pointer})


def _fields(change: Change) -> dict[str, Value]:
    return {name: getattr(change, name) for name in Change.__dataclass_fields__}


def _other_reference(edit: Edit) -> Iterator[Change]:
    """A class name changes with the reference, unless that is all that changed, which is told at the component."""
    before, after = edit.before, edit.after
    if isinstance(before, str) and edit.context.renames.get(before) == after:
        rest = {**edit.new, "$ref": before}
        yield from compare_fields(edit.context, edit.place, edit.old, rest, SCHEMA_RULES)
        words = f"refers to {shown(after)}, as {shown(before)} is called now"
        yield edit.change(_COSMETIC, "reference-renamed", words)
        return
    first, second = look_up(edit.context.old, edit.old), look_up(edit.context.new, edit.new)
    is_plain = not any(makes_class(schema) for schema in (first, second))
    if is_plain:
        changes = list(compare_fields(edit.context, edit.place, first, second, SCHEMA_RULES))
        yield from changes
        words = f"is written as {_described(edit.new)}, was {_described(edit.old)}, whose differences are told apart"
        severity = _COSMETIC
    else:
        words = f"is {_described(edit.new)}, was {_described(edit.old)}, which is another class in Python"
        severity = _BREAKING
    yield edit.change(severity, "reference-changed", words, covers=[edit.place.pointer])


def _described(schema: Mapping[str, Value]) -> str:
    reference = schema.get("$ref")
    return f"a {shown(reference)}" if reference is not None else f"inline {shown(schema)}"


def makes_class(schema: Mapping[str, Value]) -> bool:
    """Whether the generator writes a class for a schema."""
    is_object = schema.get("type") == "object" or "properties" in schema
    return is_object or any(keyword in schema for keyword in ("enum", "const", "allOf", "anyOf", "oneOf"))


def _properties(edit: Edit) -> Iterator[Change]:
    """Properties, and which of them are required: one question, as a new property may be required at once."""
    covers = len(edit.keywords) > 1
    if "properties" in edit.keywords:
        yield from entries(edit.only("properties"), partial(_property, edit, with_required=covers))
    if "required" in edit.keywords:
        yield from _required(edit.only("required"))


def _property(edit: Edit, name: str, before: Value, after: Value, *, with_required: bool) -> Iterator[Change]:
    place = property_place(edit.place, name, required=_is_required(edit.new, name))
    at = ("properties", name)
    if before is not ABSENT and after is not ABSENT:
        yield from compare_schema(edit.context, place, before, after)
        return
    covers = [(*edit.place.pointer, *at), *([(*edit.place.pointer, "required")] if with_required else [])]
    whole = Edit(edit.context, Place(edit.place.pointer, place.subject, place.python, edit.place.uses), at, {}, {})
    if after is ABSENT:
        words = f"is gone (it was {shown(before)})"
        yield whole.change(_BREAKING, "property-removed", words, at=at, values=(before, after), covers=covers)
        return
    required = _is_required(edit.new, name)
    severity = edit.place.worst(request=_BREAKING if required else _ADDITIVE, answer=_ADDITIVE)
    words = f"is new and {'required' if required else 'optional'} ({shown(after)})"
    yield whole.change(severity, "property-added", words, at=at, values=(before, after), covers=covers)


def property_place(place: Place, name: str, *, required: bool) -> Place:
    """Where a property of a schema is."""
    python = f"{place.python}.{identifier(name)}" if place.python else ""
    subject = f"property `{name}` of {place.subject}"
    return place.inside("properties", name, subject=subject, python=python, optional=not required)


def _is_required(schema: Mapping[str, Value], name: str) -> bool:
    return name in sequence(schema.get("required"))


def _required(edit: Edit) -> Iterator[Change]:
    """The order, and what was told with a property that comes or goes, is no difference."""
    if any(value is not ABSENT and not isinstance(value, list) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    before, after = mapping(edit.old.get("properties")), mapping(edit.new.get("properties"))
    for name in sorted(
        {canonical(name): name for name in (*sequence(edit.before), *sequence(edit.after))}.values(), key=str
    ):
        was, now = name in sequence(edit.before), name in sequence(edit.after)
        moved = isinstance(name, str) and (name in before) is not (name in after)
        if was is not now and not moved:
            yield _requiredness(edit, name, now=now)


def _requiredness(edit: Edit, name: object, *, now: bool) -> Change:
    place = property_place(edit.place, str(name), required=now)
    inner = Edit(
        edit.context, Place(edit.place.pointer, place.subject, place.python, place.uses), ("required",), {}, {}
    )
    values = (not now, now)
    if now:
        severity = place.worst(request=_BREAKING, answer=_ADDITIVE)
        words = "is required, was optional: it has to be sent, and reads without `| None`"
        return inner.change(severity, "property-required", words, values=values)
    severity = place.worst(request=_ADDITIVE, answer=_BREAKING)
    words = "is optional, was required: it may be left out, and reads as `| None`"
    return inner.change(severity, "property-optional", words, values=values)


def _inner(edit: Edit) -> Iterator[Change]:
    """A keyword that holds one schema."""
    if edit.before is ABSENT or edit.after is ABSENT:
        yield from _inner_appears(edit)
        return
    suffix = "[]" if edit.keyword == "items" else ""
    of = {"items": "items of", "additionalProperties": "additional properties of"}.get(
        edit.keyword, f"{edit.keyword} of"
    )
    python = f"{edit.place.python}{suffix}" if edit.place.python else ""
    place = edit.place.inside(edit.keyword, subject=f"{of} {edit.place.subject}", python=python)
    yield from compare_schema(edit.context, place, edit.before, edit.after)


def _inner_appears(edit: Edit) -> Iterator[Change]:
    given = edit.after if edit.before is ABSENT else edit.before
    if given is True or given == {}:
        return  # says no more than its absence
    words = f"states {edit.keyword} {shown(edit.after)}, was {shown(edit.before)}"
    appears = edit.before is ABSENT
    severity = _BREAKING
    if edit.keyword == "additionalProperties" and given is False:
        request = _BREAKING if appears else _ADDITIVE
        severity = edit.place.worst(request=request, answer=_COSMETIC)
    yield edit.change(severity, f"{edit.keyword}-{'added' if appears else 'removed'}", words)


def _members(edit: Edit) -> Iterator[Change]:
    """A keyword that holds a list of schemas: members are matched by what they say, the rest in order."""
    if any(value is not ABSENT and not isinstance(value, list) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    gone, new = _unmatched(edit)
    for (_, old_member), (index, new_member) in zip(gone, new, strict=False):
        subject = f"member {index + 1} of {edit.keyword} of {edit.place.subject}"
        place = edit.place.inside(edit.keyword, str(index), subject=subject)
        yield from compare_schema(edit.context, place, old_member, new_member)
    for index, member in gone[len(new) :]:
        yield _member(edit, index, (member, ABSENT))
    for index, member in new[len(gone) :]:
        yield _member(edit, index, (ABSENT, member))


def _unmatched(edit: Edit) -> tuple[list[tuple[int, Value]], list[tuple[int, Value]]]:
    """The members of either side that the other does not have; those of a tuple are matched by place alone."""
    before, after = sequence(edit.before), sequence(edit.after)
    if edit.keyword == "prefixItems":
        equal = {index for index, pair in enumerate(zip(before, after, strict=False)) if same(*pair)}
        return _except(before, equal), _except(after, equal)
    kept, taken = set(), set()
    for index, member in enumerate(before):
        twin = next(
            (at for at, other in enumerate(after) if at not in taken and _same_member(edit, member, other)), None
        )
        if twin is not None:
            kept.add(index)
            taken.add(twin)
    return _except(before, kept), _except(after, taken)


def _except(members: list[Value], left_out: set[int]) -> list[tuple[int, Value]]:
    return [(index, member) for index, member in enumerate(members) if index not in left_out]


def _same_member(edit: Edit, old: Value, new: Value) -> bool:
    reference = mapping(old).get("$ref")
    renamed = isinstance(reference, str) and edit.context.renames.get(reference) == mapping(new).get("$ref")
    return same(old, new) or (renamed and len(mapping(old)) == len(mapping(new)) == 1)


def _member(edit: Edit, index: int, values: tuple[Value, Value]) -> Change:
    """One more alternative widens what is taken and what is read; one more of `allOf` is unsure, so breaking."""
    added = values[0] is ABSENT
    severity = _BREAKING
    if edit.keyword in ("anyOf", "oneOf") and edit.keyword in edit.old and edit.keyword in edit.new:
        severity = edit.place.worst(request=_ADDITIVE if added else _BREAKING, answer=_BREAKING if added else _ADDITIVE)
    words = f"{'gains' if added else 'loses'} {shown(values[added])} in its {edit.keyword}"
    rule = f"{edit.keyword}-member-{'added' if added else 'removed'}"
    covers = [(*edit.place.pointer, edit.keyword)]
    return edit.change(severity, rule, words, at=(edit.keyword, str(index)), values=values, covers=covers)


def _title(edit: Edit) -> Iterator[Change]:
    """The generator names a class by its title, where there is one."""
    titled = any(makes_class(schema) for schema in (edit.old, edit.new))
    names = [class_name(value) if isinstance(value, str) else None for value in (edit.before, edit.after)]
    words = f"has the title {shown(edit.after)}, was {shown(edit.before)}"
    if titled and names[0] != names[1]:
        yield edit.change(_BREAKING, "title-changed", f"{words}, which names its class")
    else:
        yield edit.change(_COSMETIC, "title-changed", words)


def _discriminator(edit: Edit) -> Iterator[Change]:
    words = f"changes its discriminator from {shown(edit.before)} to {shown(edit.after)}, so other classes may be read"
    yield edit.change(_BREAKING, "discriminator-changed", words)


SCHEMA_RULES: Final[Mapping[str, Rule]] = {
    **PROSE_RULES,
    **VALUE_RULES,
    **BOUND_RULES,
    **dict.fromkeys(("properties", "required"), _properties),
    **{keyword: partial(_inner) for keyword in ("items", "additionalProperties", "not")},
    **{keyword: partial(_members) for keyword in ("allOf", "anyOf", "oneOf", "prefixItems")},
    **dict.fromkeys(("readOnly", "writeOnly", "xml", "$comment", "$schema", "$id"), unused),
    "deprecated": deprecated,
    "discriminator": _discriminator,
    "title": _title,
}
