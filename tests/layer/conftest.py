"""Every spec's package, generated once, and a server to call."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.layer.packages import SPECS, WAYS, Package, write_package
from tests.layer.server import Server, running

SPEC_NAMES = sorted(path.stem for path in SPECS.glob("*.yaml"))


@pytest.fixture(scope="session")
def packages_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of all packages, which can be imported from there."""
    folder = tmp_path_factory.mktemp("packages")
    for name in SPEC_NAMES:
        write_package(name, folder)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def packages(packages_folder: Path) -> dict[str, Package]:
    """The packages by their spec's name."""
    return {name: Package(f"layer_{name}") for name in SPEC_NAMES if (packages_folder / f"layer_{name}").is_dir()}


@pytest.fixture
def server() -> Iterator[Server]:
    """A recording server, fresh for each test."""
    with running() as server:
        yield server


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Sync and async: every rule holds for both."""
    return str(request.param)
