"""The installed low-level client is what the vendored spec describes."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_schema_validator import OAS30Validator

import comfy_cloud_api
from pipeline.document import Document, read_document
from tests.generated import edit_operations, edit_parameters, edit_schemas  # noqa: F401 - they register the kinds
from tests.generated.edits import Edit, every_edit
from tests.generated.instances import SHAPES, instance
from tests.generated.operations import every_schema
from tests.generated.package import Package
from tests.generated.rule_operations import import_failures
from tests.generated.rules import mismatches, noticed

SPEC = Path(__file__).parents[2] / "openapi" / "openapi-cloud.yaml"
DOCUMENT: Document = read_document(SPEC)
EDITS = every_edit(DOCUMENT)


@pytest.fixture(scope="module")
def package() -> Package:
    """The client as installed."""
    return Package(comfy_cloud_api)


def test_the_generated_client_matches_the_vendored_spec(package: Package) -> None:
    """No operation, parameter, response, property or value differs, and none is too many."""
    assert mismatches(DOCUMENT, package) == []


def test_every_generated_module_can_be_imported(package: Package) -> None:
    """A module nobody imports in a test is imported here."""
    assert list(import_failures(package)) == []


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
