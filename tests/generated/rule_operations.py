"""Every operation has its module and functions, every module imports, and there is nothing else."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

from tests.generated.operations import Operation, Spec
from tests.generated.package import FUNCTIONS, SHORTHANDS, Package
from tests.generated.wire import module_of


def import_failures(package: Package) -> Iterator[str]:
    """One sentence for each module of the package that cannot be imported."""
    for name in package.modules:
        try:
            importlib.import_module(f"{package.name}.{name}")
        except Exception as error:  # noqa: BLE001 - whatever stops the import is the finding
            yield f"{package.name}.{name} cannot be imported: {type(error).__name__}: {error}"


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each operation that lacks its module or a function, and for each module too many."""
    expected = {f"{operation.tag}.{operation.name}": operation for operation in spec.operations}
    for name, operation in expected.items():
        if name not in package.operations:
            yield f"{operation.place}: no module api.{name}"
        else:
            yield from _functions(operation, package)
    for name in sorted(package.operations.keys() - expected.keys()):
        yield f"#/paths: no operation for the module api.{name}"


def _functions(operation: Operation, package: Package) -> Iterator[str]:
    module = module_of(operation, package)
    for name in FUNCTIONS + (SHORTHANDS if operation.has_shorthands else ()):
        function = getattr(module, name, None)
        if not inspect.isfunction(function):
            yield f"{operation.place}: no function {name} in {module.__name__ if module else 'no module'}"
        elif inspect.iscoroutinefunction(function) != name.startswith("asyncio"):
            yield f"{operation.place}: {name} is on the wrong side of async"
