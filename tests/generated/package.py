"""What a user of a generated package sees of it: modules, functions, classes and their attributes."""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import pkgutil
import sys
import typing
from functools import cache, cached_property
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

FUNCTIONS = ("sync_detailed", "asyncio_detailed")  # every operation has these
SHORTHANDS = ("sync", "asyncio")  # and these, unless nothing can come of it
OF_EVERY_MODEL = frozenset({"additional_properties", "unreadable"})  # what no schema declares


class Attribute(NamedTuple):
    """An attribute or an argument: its type, and its default or `inspect.Parameter.empty`."""

    type: Any
    default: Any


class Package:
    """A generated package, by its module."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.name = module.__name__

    def part(self, name: str) -> Any:
        """A module of the package, by its name inside it."""
        return importlib.import_module(f"{self.name}.{name}")

    @property
    def client(self) -> Any:
        """Where the clients are."""
        return self.part("client")

    @property
    def errors(self) -> Any:
        """Where the errors are."""
        return self.part("errors")

    @property
    def models(self) -> Any:
        """Where the classes of the schemas are."""
        return self.part("models")

    @property
    def types(self) -> Any:
        """Where UNSET, File, Payload and Response are."""
        return self.part("types")

    @cached_property
    def modules(self) -> list[str]:
        """Every module of the package, by its name inside it, without importing any."""
        found = pkgutil.walk_packages(self.module.__path__, f"{self.name}.", onerror=lambda _: None)
        return [entry.name.removeprefix(f"{self.name}.") for entry in found]

    @cached_property
    def operations(self) -> dict[str, Any]:
        """The modules of the operations as `tag.name`."""
        names = [name for name in self.modules if name.startswith("api.") and name.count(".") > 1]
        return {name.removeprefix("api."): self.part(name) for name in names}

    @cached_property
    def classes(self) -> dict[str, type]:
        """The models and enums by name."""
        inside = f"{self.models.__name__}."
        modules = [self.part(name) for name in self.modules if name.startswith("models.")]
        found = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
        return {cls.__name__: cls for cls in found if cls.__module__.startswith(inside)}


@cache
def arguments(function: FunctionType) -> dict[str, Attribute]:
    """The arguments of a public function."""
    hints = typing.get_type_hints(function)
    signature = inspect.signature(function)
    return {name: Attribute(hints.get(name, Any), p.default) for name, p in signature.parameters.items()}


@cache
def returned(function: FunctionType) -> Any:
    """What a public function is said to return."""
    return typing.get_type_hints(function).get("return", Any)


@cache
def attributes(cls: type) -> dict[str, Any]:
    """The types of what can be read from a model by name."""
    members = inspect.getmembers(cls, lambda member: isinstance(member, property))
    return {name: typing.get_type_hints(value.fget)["return"] for name, value in members if name not in OF_EVERY_MODEL}


@cache
def constructor(cls: type) -> dict[str, Attribute]:
    """What a model's constructor says it takes. It says so to type checkers alone, so its text is run here."""
    module = sys.modules[cls.__module__]
    nodes = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.ClassDef)]
    owner = next(node for node in nodes if node.name == cls.__name__)
    written = [node for node in ast.walk(owner) if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    space = dict(vars(module))
    exec(compile(ast.Module([*written], []), str(module.__file__), "exec"), space)
    return {name: known for name, known in arguments(space["__init__"]).items() if name != "self"}


def enum_values(cls: type) -> list[Any]:
    """The values that an enum lists."""
    if not issubclass(cls, enum.Enum):
        raise TypeError(f"{cls.__name__} is no enum")
    return [member.value for member in cls]


def undeclared(model: Any, key: str) -> Any:
    """What a model kept of a field that its schema does not declare."""
    return model.additional_properties[key]
