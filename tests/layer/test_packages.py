"""Whatever a valid spec says, its package can be imported, is typed, and is clean by its checkers' defaults."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruff.__main__ import find_ruff_bin

from pipeline.generate import OUR_CLIENT
from tests.layer.conftest import SPEC_NAMES
from tests.layer.packages import Package


@pytest.mark.parametrize("spec", SPEC_NAMES)
def test_every_module_can_be_imported(packages: dict[str, Package], spec: str) -> None:
    """Each by its own name, so that no module leans on another having been imported."""
    package = importlib.import_module(packages[spec].name)
    names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    assert [importlib.import_module(name).__name__ for name in names] == names


@pytest.mark.parametrize("first", ["api.read.get_zoo", "models.zoo_cats", "models", "types", "client", "errors"])
def test_any_module_can_be_imported_first(packages_folder: Path, first: str) -> None:
    """In a fresh interpreter: models that refer to each other need no order."""
    statement = f"import layer_schemas.{first}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", statement], cwd=packages_folder, capture_output=True, check=False
    )
    assert done.stderr.decode() == ""


def test_all_packages_pass_mypy_strict(packages_folder: Path) -> None:
    """All at once, without a configuration."""
    options = ["--strict", "--config-file=", "--no-incremental"]
    wanted = [part for spec in SPEC_NAMES for part in ("-p", f"layer_{spec}")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *wanted], cwd=packages_folder, capture_output=True, check=False
    )
    assert done.stdout.decode().startswith("Success"), done.stdout.decode()


@pytest.mark.parametrize("command", [["check"], ["format", "--check", "--config=line-length=120"]])
def test_all_packages_pass_ruff_with_its_defaults(packages_folder: Path, command: list[str]) -> None:
    """Its default rules, and its formatter: users who check their tree find nothing in ours."""
    folders = [str(packages_folder), str(OUR_CLIENT.output)]
    done = subprocess.run(
        [find_ruff_bin(), *command, "--isolated", "--no-cache", *folders], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
