"""Whether a schema allows a value, asked of an independent validator."""

from __future__ import annotations

from typing import Any

from jsonschema.exceptions import ValidationError
from openapi_schema_validator import OAS30Validator, OAS31Validator

from tests.generated.schemas import Schema


def errors_of(schema: Schema, value: Any) -> list[ValidationError]:
    """What the validator has against the value."""
    is_30 = str(schema.document["openapi"]).startswith("3.0")
    validator = OAS30Validator if is_30 else OAS31Validator
    return list(validator({"components": schema.document.get("components", {}), **schema.node}).iter_errors(value))


def is_valid(schema: Schema, value: Any) -> bool:
    """Whether it has nothing against it."""
    return not errors_of(schema, value)
