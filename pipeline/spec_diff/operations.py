"""Operations: those that come, go and move, and what each of them says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pipeline.document import METHODS, Document, OperationKey, Pointer
from pipeline.spec_diff.bodies import compare_answers, compare_body
from pipeline.spec_diff.edits import PROSE_RULES, Edit, Rule, compare_fields, deprecated, no_rule, unused
from pipeline.spec_diff.model import (
    ABSENT,
    Change,
    Context,
    Place,
    Role,
    Severity,
    Use,
    Value,
    canonical,
    mapping,
    same,
    sequence,
    shown,
)
from pipeline.spec_diff.names import first_tag, function_name, module_name, operation_path
from pipeline.spec_diff.parameters import compare_parameters
from pipeline.spec_diff.reach import path_operations
from pipeline.spec_diff.security import compare_security


class _Pair(NamedTuple):
    """An operation under its old and its new key; None where it is not."""

    old: OperationKey | None
    new: OperationKey | None


def compare_paths(edit: Edit) -> Iterator[Change]:
    """The rule for `paths`."""
    if any(value is not ABSENT and not isinstance(value, dict) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    context = edit.context
    before, after = dict(path_operations(context.old)), dict(path_operations(context.new))
    for pair in _pairs(before, after):
        yield from _operation(context, pair, before, after)
    old, new = mapping(edit.before), mapping(edit.after)
    for path in [*old, *(path for path in new if path not in old)]:
        yield from _path_item(context, path, old.get(path, ABSENT), new.get(path, ABSENT))


def _pairs(before: Mapping[OperationKey, Document], after: Mapping[OperationKey, Document]) -> Iterator[_Pair]:
    """Operations are matched by method and path; one that is gone from there, by its operationId."""
    appeared = {canonical(operation.get("operationId")): key for key, operation in after.items() if key not in before}
    moved_to: set[OperationKey] = set()
    for key, operation in before.items():
        new = key if key in after else None
        stated = operation.get("operationId")
        if new is None and isinstance(stated, str) and (new := appeared.pop(canonical(stated), None)):
            moved_to.add(new)
        yield _Pair(key, new)
    yield from (_Pair(None, key) for key in after if key not in before and key not in moved_to)


def _operation(
    context: Context,
    pair: _Pair,
    before: Mapping[OperationKey, Document],
    after: Mapping[OperationKey, Document],
) -> Iterator[Change]:
    old = before[pair.old] if pair.old else {}
    new = after[pair.new] if pair.new else {}
    key = pair.new or pair.old
    if key is None:
        raise AssertionError(pair)
    place = _place(context, key, new or old)
    whole = Edit(context, Place((), place.subject, place.python, place.uses), place.pointer, {}, {})
    if pair.old is None:
        yield whole.change(Severity.ADDITIVE, "operation-added", "is new", at=place.pointer, values=(ABSENT, new))
    elif pair.new is None:
        yield whole.change(Severity.BREAKING, "operation-removed", "is gone", at=place.pointer, values=(old, ABSENT))
    else:
        if pair.old != pair.new:
            old, new = _with_inherited(context.old, pair.old, old), _with_inherited(context.new, pair.new, new)
            covers = [("paths", pair.old.path, pair.old.method), place.pointer]
            words = f"was {pair.old} (operationId {shown(new.get('operationId'))}); calls stay, but go elsewhere"
            values = (str(pair.old), str(pair.new))
            yield whole.change(
                Severity.ADDITIVE, "operation-moved", words, at=place.pointer, values=values, covers=covers
            )
        yield from compare_fields(context, place, old, new, OPERATION_RULES)


def _with_inherited(document: Document, key: OperationKey, operation: Document) -> Document:
    """The operation with the parameters that it takes from its path, which it left."""
    inherited = sequence(mapping(document["paths"][key.path]).get("parameters"))
    own = sequence(operation.get("parameters"))
    return {**operation, "parameters": [*own, *inherited]} if inherited else operation


def _place(context: Context, key: OperationKey, operation: Document) -> Place:
    uses = frozenset({Use(key, Role.OPERATION)})
    return Place(("paths", key.path, key.method), str(key), operation_path(context.package, key, operation), uses)


def _path_item(context: Context, path: str, old: Value, new: Value) -> Iterator[Change]:
    """What a path says beside its operations; those are compared already."""
    items = mapping(old), mapping(new)
    edit = Edit(context, Place(("paths",), "document", ""), (path,), {path: old}, {path: new})
    is_odd = any(value is not ABSENT and not isinstance(value, dict) for value in (old, new))
    if is_odd or path.startswith("x-"):
        if not same(old, new):
            yield from no_rule(edit)
        return
    keys = {OperationKey(method, path) for item in items for method in METHODS if isinstance(item.get(method), dict)}
    uses = frozenset(Use(key, Role.OPERATION) for key in keys)
    place = Place(("paths", path), f"every operation of {path}", "", uses)
    both = [{name: item[name] for name in item if not _is_operation(items, name)} for item in items]
    if (old is ABSENT or new is ABSENT) and not keys:
        words = f"has the path {path} as {shown(new)}, was {shown(old)}, which holds no operation"
        yield edit.change(Severity.COSMETIC, "empty-path", words, values=(old, new))
    elif old is not ABSENT and new is not ABSENT:
        yield from compare_fields(context, place, both[0], both[1], PATH_RULES)


def _is_operation(items: tuple[Document, Document], name: str) -> bool:
    """Whether a key of a path item is an operation on either side; what else it is on the other is told there."""
    if name not in METHODS:
        return False
    return all(isinstance(item[name], dict) for item in items if name in item)


def _operation_id(edit: Edit) -> Iterator[Change]:
    """The id names the module, unless only its spelling changed."""
    path: Pointer = edit.place.pointer
    key = OperationKey(path[2], path[1])
    names = [function_name(key, operation) for operation in (edit.old, edit.new)]
    words = f"has the operationId {shown(edit.after)}, was {shown(edit.before)}"
    if names[0] != names[1]:
        yield edit.change(Severity.BREAKING, "operation-renamed", f"{words}: its module {names[0]} is now {names[1]}")
    else:
        yield edit.change(Severity.COSMETIC, "operation-id-changed", f"{words}: its module is still {names[1]}")


def _tags(edit: Edit) -> Iterator[Change]:
    """The first tag names the subpackage; the others name nothing."""
    if any(value is not ABSENT and not isinstance(value, list) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    names = [module_name(first_tag(operation)) for operation in (edit.old, edit.new)]
    words = f"has the tags {shown(sequence(edit.after))}, was {shown(sequence(edit.before))}"
    if names[0] != names[1]:
        words += f": its module moves from api.{names[0]} to api.{names[1]}"
        yield edit.change(Severity.BREAKING, "operation-retagged", words)
    else:
        yield edit.change(Severity.COSMETIC, "tags-changed", f"{words}: its module stays in api.{names[1]}")


PATH_RULES: Final[Mapping[str, Rule]] = {**PROSE_RULES, "parameters": compare_parameters, "servers": unused}
OPERATION_RULES: Final[Mapping[str, Rule]] = {
    **PROSE_RULES,
    **dict.fromkeys(("callbacks", "servers"), unused),
    "deprecated": deprecated,
    "operationId": _operation_id,
    "parameters": compare_parameters,
    "requestBody": compare_body,
    "responses": compare_answers,
    "security": compare_security,
    "tags": _tags,
}
