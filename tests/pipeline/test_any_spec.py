"""A document of forty operations that does what real ones do goes through whole, and what it writes is sound."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from pipeline.__main__ import main
from pipeline.document import operations, read_document

FORTY: Final = Path(__file__).parent / "specs" / "forty.yaml"
NAME: Final = "forty_client"
# Names that two things of the document have are the only remarks: each says which of the two is called otherwise.
EXPLAINED: Final = "is called"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where its package was written, which can be imported from there."""
    folder = tmp_path_factory.mktemp("forty")
    assert main(["generate", "--spec", str(FORTY), "--output", str(folder / NAME)]) == 0
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def modules(folder: Path) -> dict[str, ModuleType]:
    """Each module of the package, imported."""
    package = importlib.import_module(NAME)
    assert folder / NAME == Path(str(package.__file__)).parent
    found = pkgutil.walk_packages(package.__path__, f"{NAME}.")
    return {module.name: importlib.import_module(module.name) for module in found}


def test_the_document_is_valid_and_has_forty_operations() -> None:
    """What it exercises is OpenAPI, so that nothing excuses the pipeline."""
    assert len(list(operations(read_document(FORTY)))) == 40


def test_every_operation_has_a_module_with_its_method_and_path(modules: dict[str, ModuleType]) -> None:
    """One each, and none beside."""
    found: list[Any] = [module.OPERATION for module in modules.values() if hasattr(module, "OPERATION")]
    stated = {(key.method.upper(), key.path) for key, _ in operations(read_document(FORTY))}
    assert sorted((operation.method, operation.path) for operation in found) == sorted(stated)


def test_every_object_and_enum_of_the_document_has_a_class(modules: dict[str, ModuleType]) -> None:
    """Under its own name, or one of its own where two schemas have the same in Python."""
    models = modules[f"{NAME}.models"]
    assert [item.name for item in models.Order] == ["ASC", "ASC_2", "DESC", "DESC_2"]
    assert {"FooBar", "FooBar2", "Foo", "Foo2", "Circle", "Square", "File", "Tree"} <= set(models.__all__)


def test_no_remark_is_unexplained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is lost, so nothing is told but what is called otherwise."""
    assert main(["generate", "--spec", str(FORTY), "--output", str(tmp_path / NAME)]) == 0
    *remarks, last = capsys.readouterr().out.splitlines()
    assert [remark for remark in remarks if EXPLAINED not in remark] == []
    assert last.startswith("Wrote ")


def test_the_package_passes_mypy_strict(folder: Path) -> None:
    """Without a configuration."""
    options = ["--strict", "--config-file=", "--no-incremental", "-p", NAME]
    done = subprocess.run([sys.executable, "-m", "mypy", *options], cwd=folder, capture_output=True, check=False)
    assert done.stdout.decode().startswith("Success"), done.stdout.decode()
