"""The clients of other generators: their lists of defects, and the page that counts them. The sessions run them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from comfy_cloud.conformance import Case, Result, Verdict, load
from comparison.__main__ import checked
from comparison.defects import FAMILIES, Defect, Listed, listed, surprises, unseen
from comparison.tables import PAGE, page

ROOT = Path(__file__).parents[2]
COMPARISON = ROOT / "comparison"
CLIENTS = ["typescript", "stock"]
LONGEST_RUNNER = 200
CASE = load("requests")[0]


def defects(*cases: str) -> Listed:
    """A list with one defect."""
    return Listed((Defect("It does so.", "made.ts", "const a = 1;", cases),))


def result(verdict: Verdict, case: Case = CASE) -> Result:
    """What became of a case."""
    return Result(case, verdict, {"query": "x"})


@pytest.mark.parametrize("client", CLIENTS)
def test_a_listed_case_is_one_and_is_listed_once(client: str) -> None:
    """Of the families that a client is put to."""
    cases = listed(client).cases
    assert sorted(set(cases)) == sorted(cases)
    assert set(cases) <= {case.id for case in load() if case.family in FAMILIES}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_defect_is_explained(client: str) -> None:
    """In a sentence, with the generated line and at least one case."""
    for defect in listed(client).defects:
        assert re.fullmatch(r"[`A-Z].+\.", defect.defect)
        assert defect.line == defect.line.strip() != ""
        assert defect.cases


def test_what_is_as_listed_is_no_surprise() -> None:
    """Neither a pass nor a failure that is listed."""
    assert [] == list(surprises([result(Verdict.PASS)], defects()))
    for verdict in (Verdict.FAIL, Verdict.BROKEN, Verdict.UNSUPPORTED):
        assert [] == list(surprises([result(verdict)], defects(CASE.id)))


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.BROKEN, Verdict.UNSUPPORTED])
def test_a_failure_that_is_not_listed_is_a_surprise(verdict: Verdict) -> None:
    """So is a case that the runner breaks at, or does not support."""
    (told,) = surprises([result(verdict)], defects())
    assert told.startswith(f"{CASE.id} is not listed")


def test_a_listed_case_that_passes_is_a_surprise() -> None:
    """The generator was mended, and the list tells what is no longer so."""
    (told,) = surprises([result(Verdict.PASS)], defects(CASE.id))
    assert told.startswith(f"{CASE.id} is listed, and passes")


def test_a_listed_case_that_there_is_not_is_a_surprise() -> None:
    """It was renamed, or never run."""
    (told,) = surprises([], defects("requests/nowhere"))
    assert told.startswith("requests/nowhere is listed, and there is no such case")


def test_a_line_that_is_no_longer_generated_is_noticed(tmp_path: Path) -> None:
    """As is a file; the line counts as a whole."""
    assert 1 == len(list(unseen(defects().defects, tmp_path)))
    (tmp_path / "made.ts").write_text("  const a = 1;\n", encoding="utf-8")
    assert [] == list(unseen(defects().defects, tmp_path))
    (tmp_path / "made.ts").write_text("const a = 1; // not the same\n", encoding="utf-8")
    assert 1 == len(list(unseen(defects().defects, tmp_path)))


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Result]]:
    """What openapi-python-client makes of the document, and what becomes of the cases; the other one needs Node.js."""
    folder = tmp_path_factory.mktemp("stock")
    return folder, checked("stock", folder)


def test_the_stock_client_is_as_listed(stock: tuple[Path, list[Result]]) -> None:
    """Each case that fails is explained, and each line that explains it is there."""
    folder, results = stock
    assert [] == list(surprises(results, listed("stock")))
    assert [] == list(unseen(listed("stock").defects, folder))


@pytest.mark.parametrize("number", range(len(listed("stock").defects)))
def test_without_a_defect_the_failures_of_the_stock_client_are_unexplained(
    number: int, stock: tuple[Path, list[Result]]
) -> None:
    """None of the list is there for nothing."""
    every = listed("stock").defects
    told = list(surprises(stock[1], Listed(every[:number] + every[number + 1 :])))
    assert len(every[number].cases) == len(told)


def test_the_page_counts_what_is_listed_and_what_ours_does() -> None:
    """By `python -m comparison table`; no figure is typed by hand."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_a_runner_is_short() -> None:
    """Another language needs no more; the limit is of the issue that asked for it."""
    assert len((COMPARISON / "typescript" / "runner.ts").read_text(encoding="utf-8").splitlines()) <= LONGEST_RUNNER


def test_npm_s_packages_are_pinned_and_no_registry_is_named() -> None:
    """What is locked is what is asked for, with a hash; where it comes from is the installer's business."""
    wanted = json.loads((COMPARISON / "typescript" / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    lock = json.loads((COMPARISON / "typescript" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert wanted == lock[""]["devDependencies"]
    assert wanted == {name: lock[f"node_modules/{name}"]["version"] for name in wanted}
    packages = [package for path, package in lock.items() if path]
    assert [] == [package for package in packages if "resolved" in package or "integrity" not in package]


def test_nothing_of_the_comparison_is_shipped() -> None:
    """It is no behaviour of the library; the wheel takes the folder of the vectors, and nothing beside it."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert ["conformance"] == list(wheel["force-include"])
    assert [] == [package for package in wheel["packages"] if "comparison" in package]
    assert [] == [path for path in (ROOT / "conformance").rglob("*") if path.suffix in {".ts", ".py"}]
