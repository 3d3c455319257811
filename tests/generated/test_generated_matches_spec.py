"""The low-level client is what the vendored spec describes, and the installed one what the overlay adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_schema_validator import OAS30Validator

import comfy_cloud_api
from pipeline.document import Document, read_document
from pipeline.generate import OUR_CLIENT, client_document
from tests.generated import edit_operations, edit_parameters, edit_schemas  # noqa: F401 - they register the kinds
from tests.generated.clients import forget, generated_from
from tests.generated.edits import Edit, every_edit
from tests.generated.instances import SHAPES, instance
from tests.generated.operations import every_schema
from tests.generated.package import Package
from tests.generated.rule_operations import import_failures
from tests.generated.rules import mismatches, noticed

SPEC = Path(__file__).parents[2] / "openapi" / "openapi-cloud.yaml"
DOCUMENT: Document = read_document(SPEC)
EDITS = every_edit(DOCUMENT)


NAME = "client_of_the_vendored_spec"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """The client of the vendored spec alone. What the overlay changes in it is told by the overlay's own tests."""
    yield generated_from(SPEC, tmp_path_factory.mktemp("vendored"), NAME)
    forget(NAME)


def test_the_generated_client_matches_the_vendored_spec(package: Package) -> None:
    """No operation, parameter, response, property or value differs, and none is too many."""
    assert mismatches(DOCUMENT, package) == []


def test_the_installed_client_matches_the_spec_with_its_overlay() -> None:
    """By the same rules."""
    assert mismatches(client_document(OUR_CLIENT), Package(comfy_cloud_api)) == []


def test_every_installed_module_can_be_imported() -> None:
    """A module nobody imports in a test is imported here."""
    assert list(import_failures(Package(comfy_cloud_api))) == []


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edit_of_the_spec_is_noticed(edit: Edit, package: Package) -> None:
    """A client generated before the edit does not match the spec after it."""
    assert noticed(edit.made_in(DOCUMENT), package) != ""


def test_at_least_sixteen_kinds_of_edits_apply_to_the_vendored_spec() -> None:
    """The edits above are of many kinds, so the rules are tested all over."""
    assert len({edit.kind for edit in EDITS}) >= 16


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_rules_serve_is_valid_to_an_independent_validator(shape: str) -> None:
    """A wrong instance would prove nothing about how it is read."""
    for schema in every_schema(DOCUMENT):
        validator = OAS30Validator({"components": DOCUMENT["components"], **schema.node})
        assert [error.message for error in validator.iter_errors(instance(schema, shape))] == []
