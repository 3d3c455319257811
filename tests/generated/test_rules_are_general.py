"""The rules hold for another spec too, with other constructs, and refuse what they cannot judge."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.document import read_document
from tests.generated import edit_operations, edit_schemas  # noqa: F401 - they register the kinds
from tests.generated.clients import forget, generated_from
from tests.generated.edits import Edit, every_edit, put
from tests.generated.package import Package
from tests.generated.rules import mismatches, noticed

SPEC = Path(__file__).with_name("other_spec.yaml")
DOCUMENT = read_document(SPEC)
EDITS = every_edit(DOCUMENT)

# The generator hands cookies over in a way that httpx means to end.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """A client generated from the other spec."""
    name = "client_of_another_spec"
    yield generated_from(SPEC, tmp_path_factory.mktemp("other"), name)
    forget(name)


def test_a_client_of_another_spec_matches_it(package: Package) -> None:
    """The rules are about specs, not about the vendored one."""
    assert mismatches(DOCUMENT, package) == []


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edit_of_another_spec_is_noticed(edit: Edit, package: Package) -> None:
    """Constructs that the vendored spec lacks today are judged as sharply as those it has."""
    assert noticed(edit.made_in(DOCUMENT), package) != ""


ITEM = ("components", "schemas", "Item", "allOf", "1", "properties")
SIZE = ("components", "schemas", "Size", "properties")
GET = ("paths", "/shops/{shop-id}/items/{item_id}", "get")
POST = ("paths", "/notes", "post")
TEXT = {"schema": {"type": "string"}}
UNJUDGED = {
    "a discriminator": put((*ITEM, "code"), "discriminator", {"propertyName": "kind"}),
    "a read-only property": put((*SIZE, "width"), "readOnly", True),
    "a negation": put((*SIZE, "width"), "not", {"type": "integer"}),
    "a text of an unknown format": put((*SIZE, "label"), "format", "colour"),
    "a number of an unknown format": put((*SIZE, "width"), "format", "decimal"),
    "a number with steps": put((*SIZE, "width"), "multipleOf", 0.5),
    "a pattern that looks ahead": put((*SIZE, "label"), "pattern", "(?=a)"),
    "an enum of numbers": put((*SIZE, "width"), "enum", [0.5, 1.5]),
    "an enum of texts and numbers": put((*SIZE, "width"), "enum", ["a", 1]),
    "an array without items": put((*ITEM, "grid"), "items", {"type": "array"}),
    "an array of several unique items": put((*ITEM, "grid"), "minItems", 2),
    "a union with properties of its own": put((*ITEM, "code"), "properties", {"a": {"type": "string"}}),
    "two members of allOf with one property": put(ITEM, "name", {"type": "integer"}),
    "a member of allOf that is no object": put(ITEM[:-1], "type", "string"),
    "properties with one name in Python": put(SIZE, "Width", {"type": "number"}),
    "an object that requires itself": put(("components", "schemas", "Problem"), "required", ["self"]),
    "a parameter with a content": put((*GET, "parameters", "2"), "content", {"application/json": TEXT}),
    "a parameter that is an object": put((*GET, "parameters", "2", "schema"), "type", "object"),
    "a callback": put(POST, "callbacks", {"done": {"$ref": "#/components/callbacks/Done"}}),
    "servers of one path": put(GET[:2], "servers", [{"url": "https://example.com"}]),
    "a link": put((*POST, "responses", "200"), "links", {"next": {"operationId": "addNote"}}),
    "an encoding": put((*POST, "requestBody", "content", "application/json"), "encoding", {"text": {}}),
    "a body of several types": put((*POST, "requestBody", "content"), "text/plain", TEXT),
    "a body of another type": put((*POST, "requestBody"), "content", {"multipart/form-data": TEXT}),
    "a body without a schema": put((*POST, "requestBody", "content"), "application/json", {}),
    "an image as a response": put((*POST, "responses", "200"), "content", {"image/png": TEXT}),
}


@pytest.mark.parametrize("construct", UNJUDGED)
def test_what_no_rule_can_judge_is_refused(construct: str, package: Package) -> None:
    """A construct that was not thought of never passes for checked."""
    edited = copy.deepcopy(DOCUMENT)
    edited["components"]["schemas"]["Problem"]["properties"]["self"] = {"$ref": "#/components/schemas/Problem"}
    edited["components"]["schemas"]["Item"]["allOf"][1]["properties"]["grid"]["uniqueItems"] = True
    UNJUDGED[construct](edited)
    assert [found for found in mismatches(edited, package) if "no rule for" in found] != []


def test_a_module_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    """Nobody has to import a module for its fault to show."""
    name = "client_with_a_broken_module"
    package = generated_from(SPEC, tmp_path, name)
    (tmp_path / name / "models" / "broken.py").write_text("import a_module_that_is_not_there\n")
    expected = (
        f"{name}.models.broken cannot be imported: ModuleNotFoundError: No module named 'a_module_that_is_not_there'"
    )
    assert [expected] == mismatches(DOCUMENT, package)
    forget(name)
