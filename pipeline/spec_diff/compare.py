"""Compare two documents as wholes, and make sure that nothing is missed.

DeepDiff finds every raw difference; the rules say what differences mean. What is raw and unexplained is reported as
such, and counts as breaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from deepdiff import DeepDiff

from pipeline.document import Document, Pointer
from pipeline.spec_diff.bodies import ANSWER_RULES, BODY_RULES
from pipeline.spec_diff.edits import (
    PROSE_RULES,
    Edit,
    Rule,
    compare_fields,
    entries,
    no_rule,
    unused,
)
from pipeline.spec_diff.model import ABSENT, Change, Context, Place, Role, Severity, Use, Value, mapping, same, shown
from pipeline.spec_diff.names import class_name, model_path
from pipeline.spec_diff.operations import compare_paths
from pipeline.spec_diff.parameters import PARAMETER_RULES, compare_referred
from pipeline.spec_diff.reach import components_reached, path_operations
from pipeline.spec_diff.renames import reference, renamed_schemas
from pipeline.spec_diff.schemas import compare_schema, makes_class
from pipeline.spec_diff.security import compare_schemes, compare_security, compare_servers


def compare_documents(old: Document, new: Document, package: str = "comfy_cloud_api") -> tuple[Change, ...]:
    """Every change, the worst first and then by pointer; none where the documents are the same JSON.

    `package` is what the sentences call the generated package. The documents need not be valid.
    """
    if same(old, new):
        return ()
    context = Context(old, new, _reach(old, new), renamed_schemas(old, new), package)
    root = Place((), "document", package, frozenset(_everything(old, new)))
    changes = list(compare_fields(context, root, old, new, _DOCUMENT_RULES))
    changes.extend(_unexplained(context, changes))
    return tuple(sorted(changes, key=lambda change: (-change.severity, change.pointer, change.rule, change.sentence)))


def _reach(old: Document, new: Document) -> dict[Pointer, frozenset[Use]]:
    first, second = components_reached(old), components_reached(new)
    return {key: first.get(key, frozenset()) | second.get(key, frozenset()) for key in {*first, *second}}


def _everything(old: Document, new: Document) -> Iterator[Use]:
    for document in (old, new):
        for key, _ in path_operations(document):
            yield from (Use(key, role) for role in (Role.OPERATION,))


def _unexplained(context: Context, changes: list[Change]) -> Iterator[Change]:
    """Raw differences that no change accounts for."""
    covered = {pointer for change in changes for pointer in change.covers}
    above = {pointer[:end] for pointer in covered for end in range(len(pointer) + 1)}
    delta = DeepDiff(context.old, context.new, view="tree", ignore_nan_inequality=True)
    for level in (level for kind in delta.values() for level in kind):
        path = level.path(output_format="list")
        first_index = next((at for at, part in enumerate(path) if isinstance(part, int)), len(path))
        pointer = tuple(str(part) for part in path)
        in_list = pointer[:first_index]
        explained = any(pointer[:end] in covered for end in range(len(pointer) + 1)) or in_list in above
        if not explained:
            yield _generic(context, pointer, (_given(level.t1), _given(level.t2)))


def _given(value: Value) -> Value:
    return ABSENT if type(value).__module__.startswith("deepdiff") else value


def _generic(context: Context, pointer: Pointer, values: tuple[Value, Value]) -> Change:
    place = Place(pointer[:-1], "document", context.package)
    before, after = ({} if value is ABSENT else {pointer[-1]: value} for value in values)
    (change,) = no_rule(Edit(context, place, pointer[-1:], before, after))
    return change


def _components(edit: Edit) -> Iterator[Change]:
    """The rule for `components`: each section by its own."""
    if any(value is not ABSENT and not isinstance(value, dict) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    place = replace(edit.place, pointer=("components",))
    yield from compare_fields(edit.context, place, mapping(edit.before), mapping(edit.after), _SECTION_RULES)


def _schemas(edit: Edit) -> Iterator[Change]:
    renames = edit.context.renames
    new_names = set(renames.values())

    def each(name: str, old: Value, new: Value) -> Iterator[Change]:
        place = _component(edit, name)
        if old is not ABSENT and new is not ABSENT:
            yield from compare_schema(edit.context, place, old, new)
        elif reference(name) in renames:
            yield _renamed(edit, place, name, old)
        elif reference(name) not in new_names:
            yield _schema_comes_or_goes(edit, place, old, new)

    yield from entries(edit, each)


def _component(edit: Edit, name: str) -> Place:
    at = (*edit.place.pointer, edit.keyword, name)
    named = edit.keyword == "schemas"
    python = model_path(edit.context.package, name) if named else ""
    subject = f"schema `{name}`" if named else f"component `{name}` of {edit.keyword}"
    return Place(at, subject, python, edit.context.reach.get(at, frozenset()))


def _whole(edit: Edit, place: Place) -> Edit:
    return Edit(edit.context, replace(place, pointer=edit.place.pointer), (), {}, {})


def _renamed(edit: Edit, place: Place, name: str, schema: Value) -> Change:
    new_name = edit.context.renames[reference(name)].rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    covers = [(*edit.place.pointer, edit.keyword, each) for each in (name, new_name)]
    same_class = class_name(name) == class_name(new_name) or not makes_class(mapping(schema))
    severity = Severity.COSMETIC if same_class else Severity.BREAKING
    words = f"is now called `{new_name}`, was `{name}`"
    words += (
        "; Python sees no difference" if same_class else f", so the class {class_name(name)} is {class_name(new_name)}"
    )
    new_place = replace(place, python=model_path(edit.context.package, new_name))
    return _whole(edit, new_place).change(
        severity, "schema-renamed", words, at=(edit.keyword, new_name), values=(name, new_name), covers=covers
    )


def _schema_comes_or_goes(edit: Edit, place: Place, old: Value, new: Value) -> Change:
    at = place.pointer[-2:]
    if old is ABSENT:
        return _whole(edit, place).change(
            Severity.ADDITIVE, "schema-added", f"is new ({shown(new)})", at=at, values=(old, new)
        )
    severity = Severity.BREAKING if makes_class(mapping(old)) else Severity.COSMETIC
    words = f"is gone (it was {shown(old)})"
    return _whole(edit, place).change(severity, "schema-removed", words, at=at, values=(old, new))


def _shared(rules: Mapping[str, Rule], edit: Edit) -> Iterator[Change]:
    """A section whose members have no name in Python: what refers to them says what their absence means."""

    def each(name: str, old: Value, new: Value) -> Iterator[Change]:
        place = _component(edit, name)
        if old is not ABSENT and new is not ABSENT:
            yield from compare_referred(edit.context, place, old, new, rules)
            return
        words = f"is {shown(new)}, was {shown(old)}; what that changes is told where it is used"
        rule = f"component-{'added' if old is ABSENT else 'removed'}"
        yield _whole(edit, place).change(Severity.COSMETIC, rule, words, at=place.pointer[-2:], values=(old, new))

    yield from entries(edit, each)


_SECTION_RULES: Final[Mapping[str, Rule]] = {
    "schemas": _schemas,
    "parameters": partial(_shared, PARAMETER_RULES),
    "headers": unused,
    "requestBodies": partial(_shared, BODY_RULES),
    "responses": partial(_shared, ANSWER_RULES),
    "securitySchemes": compare_schemes,
    **dict.fromkeys(("examples", "links", "callbacks", "pathItems"), unused),
}
_DOCUMENT_RULES: Final[Mapping[str, Rule]] = {
    **PROSE_RULES,
    **dict.fromkeys(("info", "tags", "openapi", "webhooks", "jsonSchemaDialect"), unused),
    "components": _components,
    "paths": compare_paths,
    "security": compare_security,
    "servers": compare_servers,
}
