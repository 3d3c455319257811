"""Parameters: matched by place and name, wherever they are declared; each is an argument in Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from pipeline.document import METHODS, Document, Pointer
from pipeline.spec_diff.edits import (
    PROSE_RULES,
    Edit,
    Rule,
    compare_fields,
    deprecated,
    entries,
    no_rule,
    on_the_wire,
    unused,
    written_differently,
)
from pipeline.spec_diff.model import (
    ABSENT,
    Change,
    Context,
    Place,
    Role,
    Severity,
    Value,
    mapping,
    same,
    sequence,
    shown,
)
from pipeline.spec_diff.names import identifier
from pipeline.spec_diff.reach import look_up
from pipeline.spec_diff.schemas import compare_schema

_Key: TypeAlias = tuple[str, str]


class _Parameter(NamedTuple):
    """A parameter as it stands in a list, and what it is once its reference is followed."""

    position: int
    stated: Value
    data: Document


def _by_key(document: Document, items: Value) -> dict[_Key, _Parameter]:
    found: dict[_Key, _Parameter] = {}
    for index, item in enumerate(sequence(items)):
        data = look_up(document, item)
        found[str(data.get("in")), str(data.get("name"))] = _Parameter(index, item, data)
    return found


def compare_parameters(edit: Edit) -> Iterator[Change]:
    """The rule for `parameters`, of an operation or of all operations of a path. Their order is no difference."""
    if any(value is not ABSENT and not isinstance(value, list) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    before, after = _by_key(edit.context.old, edit.before), _by_key(edit.context.new, edit.after)
    inherited_before, inherited_after = _inherited(edit, "old"), _inherited(edit, "new")
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _one(
            edit,
            key,
            before.get(key) or inherited_before.get(key),
            after.get(key) or inherited_after.get(key),
            moved=(key in before) is not (key in after),
        )


def _inherited(edit: Edit, side: str) -> dict[_Key, _Parameter]:
    """What an operation takes from its path; nothing where the list is the path's own."""
    document = edit.context.old if side == "old" else edit.context.new
    if len(edit.place.pointer) != _OPERATION_DEPTH:
        return _declared_by_every_operation(document, edit.place.pointer)
    item = mapping(mapping(document.get("paths")).get(edit.place.pointer[1]))
    return _by_key(document, item.get("parameters"))


_OPERATION_DEPTH: Final = 3  # paths / path / method


def _declared_by_every_operation(document: Document, path: Pointer) -> dict[_Key, _Parameter]:
    """A parameter that leaves a path's list for those of all its operations has only moved."""
    item = mapping(mapping(document.get("paths")).get(path[-1]))
    lists = [
        _by_key(document, operation.get("parameters"))
        for method, operation in item.items()
        if method in METHODS and isinstance(operation, dict)
    ]
    shared = set.intersection(*(set(found) for found in lists)) if lists else set()
    return {key: lists[0][key] for key in shared}


def _one(edit: Edit, key: _Key, old: _Parameter | None, new: _Parameter | None, *, moved: bool) -> Iterator[Change]:
    """Where a parameter moved from a path to its operations, or back, each operation tells what else changed."""
    if old is None or new is None:
        yield _comes_or_goes(edit, key, old, new)
        return
    is_operation = len(edit.place.pointer) == _OPERATION_DEPTH
    if not same(old.stated, new.stated) and (is_operation or not moved):
        yield from compare_parameter(edit.context, _place(edit, key, new), old.stated, new.stated)
    if moved:
        words = f"declares its parameter `{key[1]}` {'here' if _is_here(edit, key) else 'elsewhere'} now"
        yield edit.change(Severity.COSMETIC, "parameter-moved", words)


def _is_here(edit: Edit, key: _Key) -> bool:
    return key in _by_key(edit.context.new, edit.after)


def _place(edit: Edit, key: _Key, parameter: _Parameter) -> Place:
    where, name = key
    python = f"{edit.place.python}({identifier(name)}=...)" if edit.place.python else ""
    subject = f"{where} parameter `{name}` of {edit.place.subject}"
    place = edit.place.in_role(Role.PARAMETER, subject, python)
    return place.inside("parameters", str(parameter.position), subject=subject)


def _comes_or_goes(edit: Edit, key: _Key, old: _Parameter | None, new: _Parameter | None) -> Change:
    parameter = new or old
    if parameter is None:
        raise AssertionError(key)
    place = _place(edit, key, parameter)
    values = (old.stated if old else ABSENT, new.stated if new else ABSENT)
    inner = Edit(edit.context, Place(edit.place.pointer, place.subject, place.python, place.uses), ("",), {}, {})
    at = ("parameters", str(parameter.position))
    covers = [(*edit.place.pointer, "parameters")]
    if new is None:
        words = f"is gone (it was {shown(parameter.data)})"
        return inner.change(Severity.BREAKING, "parameter-removed", words, at=at, values=values, covers=covers)
    required = bool(parameter.data.get("required"))
    severity = Severity.BREAKING if required else Severity.ADDITIVE
    words = f"is new and {'required' if required else 'optional'} ({shown(parameter.data)})"
    return inner.change(severity, "parameter-added", words, at=at, values=values, covers=covers)


def compare_parameter(context: Context, place: Place, old: Value, new: Value) -> Iterator[Change]:
    """Every change between two versions of a parameter, or of a reference to one."""
    yield from compare_referred(context, place, old, new, PARAMETER_RULES)


def compare_referred(
    context: Context, place: Place, old: Value, new: Value, rules: Mapping[str, Rule]
) -> Iterator[Change]:
    """Compare what may be references. What the same reference leads to is compared where it stands.

    Parameters, bodies, answers and headers have no class that is named after them: another reference to what says
    the same is no difference in Python.
    """
    before, after = mapping(old), mapping(new)
    edit = Edit(context, place, ("$ref",), before, after)
    if not isinstance(old, dict) or not isinstance(new, dict):
        last = place.pointer[-1]
        outer = Place(place.pointer[:-1], place.subject, place.python, place.uses)
        yield from no_rule(Edit(context, outer, (last,), {last: old}, {last: new}))
    elif same(edit.before, edit.after):
        yield from compare_fields(context, place, before, after, rules)
    else:
        yield from compare_fields(context, place, look_up(context.old, old), look_up(context.new, new), rules)
        for change in written_differently(edit):
            words = f"refers to {shown(edit.after)}, was {shown(edit.before)}; what that changes is told apart"
            yield edit.change(change.severity, "reference-changed", words, covers=[place.pointer])


def _required(edit: Edit) -> Iterator[Change]:
    was, now = bool(edit.old.get("required")), bool(edit.new.get("required"))
    if was is now:
        return
    severity = edit.place.worst(request=Severity.BREAKING if now else Severity.ADDITIVE, answer=Severity.COSMETIC)
    words = "is required, was optional" if now else "is optional, was required"
    yield edit.change(severity, "became-required" if now else "became-optional", words)


def _schema(edit: Edit) -> Iterator[Change]:
    """The schema, or its absence, which takes anything."""
    if edit.before is ABSENT or edit.after is ABSENT:
        severity = edit.place.worst(request=Severity.BREAKING, answer=Severity.BREAKING)
        words = f"has the schema {shown(edit.after)}, was {shown(edit.before)}"
        yield edit.change(severity, "schema-added" if edit.before is ABSENT else "schema-removed", words)
        return
    place = edit.place.inside("schema", subject=edit.place.subject)
    yield from compare_schema(edit.context, place, edit.before, edit.after)


def _content(edit: Edit) -> Iterator[Change]:
    """A parameter's content is its schema, and that it is sent as JSON."""

    def each(name: str, old: Value, new: Value) -> Iterator[Change]:
        place = edit.place.inside("content", name, subject=edit.place.subject)
        if old is ABSENT or new is ABSENT:
            words = f"changes its media type {name} from {shown(old)} to {shown(new)}"
            yield edit.change(
                edit.place.worst(request=Severity.BREAKING, answer=Severity.BREAKING),
                "content-changed",
                words,
                at=("content", name),
                values=(old, new),
            )
        else:
            yield from compare_fields(edit.context, place, mapping(old), mapping(new), MEDIA_SCHEMA_RULES)

    yield from entries(edit, each)


MEDIA_SCHEMA_RULES: Final[Mapping[str, Rule]] = {**PROSE_RULES, "schema": _schema}
PARAMETER_RULES: Final[Mapping[str, Rule]] = {
    **PROSE_RULES,
    **dict.fromkeys(("style", "explode", "allowReserved"), on_the_wire),
    "allowEmptyValue": unused,
    "content": _content,
    "deprecated": deprecated,
    "required": _required,
    "schema": _schema,
}
