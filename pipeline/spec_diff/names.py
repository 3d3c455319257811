"""What Python programs call the operations, arguments and models of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openapi_python_client.strings import ClassName, PythonIdentifier

from pipeline.document import OperationKey
from pipeline.spec_diff.model import sequence


def module_name(tag: object) -> str:
    """The subpackage of `api` that holds a tag's operations."""
    return str(PythonIdentifier(str(tag), "tag"))


def first_tag(operation: Mapping[str, Any]) -> str:
    """The tag that an operation's module stands under: only the first counts."""
    tags = sequence(operation.get("tags"))
    return str(tags[0]) if tags else "default"


def identifier(name: object) -> str:
    """The name of an argument, a property or a function."""
    return str(PythonIdentifier(str(name), "field_"))


def class_name(name: object) -> str:
    """The name of a model or an enum."""
    return str(ClassName(str(name), "field_"))


def function_name(key: OperationKey, operation: Mapping[str, Any]) -> str:
    """The module that holds an operation's functions, within its subpackage."""
    return identifier(operation.get("operationId") or f"{key.method}_{key.path}")


def operation_path(package: str, key: OperationKey, operation: Mapping[str, Any]) -> str:
    """The dotted name of an operation's module."""
    return f"{package}.api.{module_name(first_tag(operation))}.{function_name(key, operation)}"


def model_path(package: str, name: object) -> str:
    """The dotted name of a model or an enum."""
    return f"{package}.models.{class_name(name)}"
