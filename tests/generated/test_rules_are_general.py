"""The rules hold for other specs too, with other constructs, and refuse what they cannot judge."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from pipeline.document import Document, read_document
from tests.generated import edit_operations, edit_parameters, edit_schemas  # noqa: F401 - they register the kinds
from tests.generated.clients import forget, generated_from
from tests.generated.edits import KINDS, Edit, every_edit, put
from tests.generated.package import Package
from tests.generated.rules import RULES_OF_REQUESTS, mismatches, noticed

FOLDER: Final = Path(__file__).parent
SPECS: Final = {name: FOLDER / f"{name}_spec.yaml" for name in ("other", "newer")}
DOCUMENTS: Final = {name: read_document(path) for name, path in SPECS.items()}
EDITS: Final = {name: every_edit(document) for name, document in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Package]]:
    """A client generated from each of the specs."""
    folder = tmp_path_factory.mktemp("others")
    yield {name: generated_from(path, folder, f"client_of_the_{name}_spec") for name, path in SPECS.items()}
    for name in SPECS:
        forget(f"client_of_the_{name}_spec")


@pytest.mark.parametrize("name", SPECS)
def test_a_client_of_another_spec_matches_it(name: str, packages: dict[str, Package]) -> None:
    """The rules are about specs, not about the vendored one."""
    assert mismatches(DOCUMENTS[name], packages[name]) == []


@pytest.mark.parametrize(("name", "edit"), [(name, edit) for name in EDITS for edit in EDITS[name]], ids=str)
def test_an_edit_of_another_spec_is_noticed(name: str, edit: Edit, packages: dict[str, Package]) -> None:
    """Constructs that the vendored spec lacks today are judged as sharply as those it has."""
    assert noticed(edit.made_in(DOCUMENTS[name]), packages[name]) != ""


def test_every_kind_of_edit_applies_somewhere() -> None:
    """A kind that is never tried would prove nothing."""
    assert KINDS.keys() == {edit.kind for edits in EDITS.values() for edit in edits}


SENT: Final = (
    "change the style of a parameter",
    "flip whether a parameter is exploded",
    "flip whether a parameter keeps reserved characters",
    "write a parameter as json",
    "change a bound",
    "add a bound",
    "flip whether an operation is deprecated",
    "flip whether an operation wants a key",
    "change where the key is sent",
    "change a content type of a body",
    "change how a field of a form is written",
    "change the content type of a part",
)


@pytest.mark.parametrize("kind", SENT)
def test_what_is_sent_is_judged_by_what_arrives(kind: str, packages: dict[str, Package]) -> None:
    """The data that a client carries may be right, and what it makes of them wrong."""
    edits = [edit for edit in EDITS["other"] if edit.kind == kind]
    found = [noticed(edit.made_in(DOCUMENTS["other"]), packages["other"], RULES_OF_REQUESTS) for edit in edits]
    assert [sentence for sentence in found if sentence] != []


ITEM = ("components", "schemas", "Item", "allOf", "1", "properties")
SIZE = ("components", "schemas", "Size", "properties")
GET = ("paths", "/shops/{shop-id}/items/{item_id}", "get")
POST = ("paths", "/notes", "post")
PICTURE = ("paths", "/pictures", "post", "requestBody", "content", "multipart/form-data")
TEXT = {"schema": {"type": "string"}}
UNJUDGED: Final[dict[str, Callable[[Document], None]]] = {
    "a discriminator": put((*ITEM, "code"), "discriminator", {"propertyName": "kind"}),
    "a read-only property": put((*SIZE, "width"), "readOnly", True),
    "a negation": put((*SIZE, "width"), "not", {"type": "integer"}),
    "a text of an unknown format": put((*SIZE, "label"), "format", "colour"),
    "a number of an unknown format": put((*SIZE, "width"), "format", "decimal"),
    "a pattern that looks ahead": put((*SIZE, "label"), "pattern", "(?=a)"),
    "an array of several unique items": put((*ITEM, "grid"), "minItems", 2),
    "a union with properties of its own": put((*ITEM, "code"), "properties", {"a": {"type": "string"}}),
    "two members of allOf with one property": put(ITEM, "name", {"type": "integer"}),
    "a member of allOf that is no object": put(ITEM[:-1], "type", "string"),
    "properties with one name in Python": put(SIZE, "Width", {"type": "number"}),
    "an object that requires itself": put(("components", "schemas", "Problem"), "required", ["self"]),
    "a parameter of any type": put((*GET, "parameters", "2"), "schema", {}),
    "a parameter that is an array of objects": put((*GET, "parameters", "2"), "schema", {"type": "array", "items": {}}),
    "a callback": put(POST, "callbacks", {"done": {"$ref": "#/components/callbacks/Done"}}),
    "servers of one path": put(GET[:2], "servers", [{"url": "https://example.com"}]),
    "a link": put((*POST, "responses", "200"), "links", {"next": {"operationId": "addNote"}}),
    "headers of a part": put((*PICTURE, "encoding", "image"), "headers", {"X-Width": TEXT}),
    "a form that is a text": put((*POST, "requestBody"), "content", {"multipart/form-data": TEXT}),
    "several ways to sign in": put(("components", "securitySchemes"), "More", {"type": "http", "scheme": "bearer"}),
    "a password": put(("components", "securitySchemes"), "Key", {"type": "http", "scheme": "basic"}),
}


@pytest.mark.parametrize("construct", UNJUDGED)
def test_what_no_rule_can_judge_is_refused(construct: str, packages: dict[str, Package]) -> None:
    """A construct that was not thought of never passes for checked."""
    edited = copy.deepcopy(DOCUMENTS["other"])
    edited["components"]["schemas"]["Problem"]["properties"]["self"] = {"$ref": "#/components/schemas/Problem"}
    edited["components"]["schemas"]["Item"]["allOf"][1]["properties"]["grid"]["uniqueItems"] = True
    UNJUDGED[construct](edited)
    assert [found for found in mismatches(edited, packages["other"]) if "no rule for" in found] != []


def test_a_module_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    """Nobody has to import a module for its fault to show."""
    name = "client_with_a_broken_module"
    package = generated_from(SPECS["newer"], tmp_path, name)
    (tmp_path / name / "models" / "broken.py").write_text("import a_module_that_is_not_there\n")
    expected = (
        f"{name}.models.broken cannot be imported: ModuleNotFoundError: No module named 'a_module_that_is_not_there'"
    )
    assert [expected] == mismatches(DOCUMENTS["newer"], package)
    forget(name)
