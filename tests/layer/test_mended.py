"""What the stock generator gets wrong is wrong in its output, and right in ours: one check for each fault."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.layer import faults_of_answers, faults_of_clients, faults_of_models, faults_of_requests
from tests.layer.faults import FAULTS, Fault
from tests.layer.server import Server
from tests.layer.stock import Layer, StockLayer, write_stock_package

CHECKED = (faults_of_answers, faults_of_clients, faults_of_models, faults_of_requests)
NOT_EXPRESSED = ["answers", "bodies", "names", "places", "schemas"]


@pytest.fixture(scope="session")
def stock_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of stock output."""
    folder = tmp_path_factory.mktemp("stock")
    for spec in ["shelf", *NOT_EXPRESSED]:
        write_stock_package(spec, folder)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture
def ours(packages_folder: Path, server: Server) -> Layer:
    """Our output for shelf.yaml."""
    return Layer(packages_folder, server)


@pytest.fixture
def stock(stock_folder: Path, server: Server) -> Layer:
    """Stock output for shelf.yaml."""
    return StockLayer(stock_folder, server)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_every_fault_is_mended_in_our_output(ours: Layer, fault: Fault) -> None:
    """The check passes."""
    fault.check(ours)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_every_fault_shows_in_stock_output(stock: Layer, fault: Fault) -> None:
    """The check fails, in the way that is said of it and in no other."""
    with pytest.raises(fault.error, match=fault.says):
        fault.check(stock)


@pytest.mark.parametrize("spec", NOT_EXPRESSED)
def test_every_operation_is_generated_and_can_be_imported(ours: Layer, spec: str) -> None:
    """Whatever its names, content types and schemas are."""
    assert ours.missing_operations(spec) == []


@pytest.mark.parametrize("spec", NOT_EXPRESSED)
def test_stock_output_lacks_operations_of_these_specs(stock: Layer, spec: str) -> None:
    """They are dropped with a warning, or cannot be imported, or the generator raises and writes nothing."""
    assert stock.missing_operations(spec) != []


def test_every_check_is_registered() -> None:
    """None is written and forgotten."""
    assert sorted({fault.check.__module__ for fault in FAULTS}) == sorted(module.__name__ for module in CHECKED)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
