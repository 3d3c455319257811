"""Every program in examples/ runs as a user runs it, against the sandbox, and says what is true."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from comfy_cloud import Asset, DriftReport, Page
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox.faults import status
from tests.examples import notebook

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*.py"))
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """What the environment's variables lead to."""
    with Sandbox.seeded(300) as sandbox:
        yield sandbox


def run(box: Sandbox, name: str, *arguments: str | Path, key: str | None = None) -> subprocess.CompletedProcess[str]:
    """A program with nothing set but the two variables that a user sets, and warnings as errors."""
    variables = {"COMFY_CLOUD_BASE_URL": box.url, "COMFY_CLOUD_API_KEY": key or box.key, "PYTHONUTF8": "1"}
    command = [sys.executable, "-W", "error", EXAMPLES / name, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **variables}, check=False
    )


def exported(file: Path) -> list[str]:
    """The ids of the lines of an export."""
    return [json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()]


def listed(box: Sandbox, condition: str = "1") -> list[str]:
    """The ids of the library's assets, oldest first."""
    return [str(row[0]) for row in box.sql(f"SELECT id FROM assets WHERE {condition} ORDER BY created_at, id")]


def test_an_export_holds_every_asset_once(box: Sandbox, tmp_path: Path) -> None:
    """In the order of their making, and leaves nothing else behind."""
    file = tmp_path / "assets.ndjson"
    done = run(box, "nightly_export.py", file, "--page-size", "50")
    assert ("", 0) == (done.stderr, done.returncode)
    assert f"300 assets in {file}\n" == done.stdout
    assert listed(box) == exported(file)
    assert [file] == list(tmp_path.iterdir())


def test_an_export_goes_on_where_it_was_stopped(box: Sandbox, tmp_path: Path) -> None:
    """What was cut off in the middle of a line is written again, and what was there is not asked for again."""
    file = tmp_path / "assets.ndjson"
    box.faults.add(status(403).since(4).times(1))
    stopped = run(box, "nightly_export.py", file, "--page-size", "50")
    assert (1, False) == (stopped.returncode, file.exists())
    assert "run it again to go on" in stopped.stderr
    part = tmp_path / "assets.ndjson.part"
    assert 0 < len(exported(part)) < 300
    with part.open("a", encoding="utf-8") as lines:
        lines.write('{"id": "cut of')
    before = len(box.requests)
    done = run(box, "nightly_export.py", file, "--page-size", "50")
    assert ("", 0) == (done.stderr, done.returncode)
    assert listed(box) == exported(file)
    assert len(box.requests) - before < 6
    assert [file] == list(tmp_path.iterdir())


def test_an_export_takes_tags(box: Sandbox, tmp_path: Path) -> None:
    """All of them have to be there."""
    file = tmp_path / "assets.ndjson"
    run(box, "nightly_export.py", file, "--tag", "output", "--tag", "portrait")
    tagged = "number IN (SELECT asset FROM asset_tags WHERE tag = '{}')"
    both = f"{tagged.format('output')} AND {tagged.format('portrait')}"
    assert listed(box, both) == exported(file) != []


def test_duplicates_are_found_by_hash() -> None:
    """The costliest first; what has no hash, or is too small, or is somebody else's, is no copy of anything."""
    with Sandbox.seeded(0) as box:
        for name, digest, size in (("a", "1", 10), ("b", "1", 10), ("c", "2", 5_000_000), ("d", "2", 5_000_000)):
            box.add(name=name, asset_hash=f"blake3:{digest * 64}", size=size, tags=["output"])
        box.add(name="e", asset_hash=f"blake3:{'2' * 64}", size=5_000_000)
        box.add(name="f", asset_hash=f"blake3:{'2' * 64}", size=5_000_000, owner="public")
        box.add(name="g", size=5_000_000)
        done, large = run(box, "duplicates.py"), run(box, "duplicates.py", "--min-size", "1 MB")
    lines = done.stdout.splitlines()
    assert ("", 0) == (done.stderr, done.returncode)
    assert ["3 copies of 5 MB", "2 copies of 10 B"] == [line.split(",")[0] for line in lines if "copies of" in line]
    assert ["'c'", "'d'", "'e'", "'a'", "'b'"] == [line.split("  ")[2] for line in lines if line.startswith("  ")]
    assert "Files with copies: 2; the copies take up 10.0 MB" == lines[-1]
    assert large.stdout.endswith("Files with copies: 1; the copies take up 10.0 MB\n")


def test_a_tag_report_counts_as_the_library_does(box: Sandbox) -> None:
    """The most used first; names cannot break the table, and one with a comma has no newest asset to ask for."""
    box.add(name="a.png", tags=["a|b", "c,d"])
    done = run(box, "tag_report.py", "--limit", "500")
    used = box.sql("SELECT tag, count(*) FROM asset_tags GROUP BY tag ORDER BY 2 DESC, 1")
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines()[2:]]
    assert ("", 0) == (done.stderr, done.returncode)
    assert sorted((str(name).replace("|", "\\|"), f"{count:,}") for name, count in used) == sorted(
        (row[0], row[1]) for row in rows
    )
    assert {"c,d": "?"}.items() <= {row[0]: row[3] for row in rows}.items()


def test_a_feed_says_what_the_account_holds(box: Sandbox) -> None:
    """One line of JSON each time, with the counts that SQL finds."""
    done = run(box, "dashboard_feed.py", "--every", "0", "--times", "2")
    first, second = map(json.loads, done.stdout.splitlines())
    ((outputs,),) = box.sql("SELECT count(*) FROM asset_tags WHERE tag = 'output'")
    assert ("", 0) == (done.stderr, done.returncode)
    assert {"assets": 300, "outputs": outputs, "retries": 0}.items() <= first.items()
    assert 5 == len(first["newest"])
    assert first["assets"] == second["assets"]


def test_a_notebook_s_cells_run_and_show_what_they_say(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in one namespace; what has a form for notebooks shows it."""
    monkeypatch.setenv("COMFY_CLOUD_BASE_URL", box.url)
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", box.key)
    shown = notebook.run(EXAMPLES / "tour.ipynb")
    assert shown["client"] == 300
    expected = {"asset": Asset, "page": Page, "frame": pl.DataFrame, "grouped": pl.DataFrame, "report": DriftReport}
    assert [name for name, kind in expected.items() if not isinstance(shown[name], kind)] == []
    assert [name for name in expected if "<" not in getattr(shown[name], "_repr_html_")()] == []  # noqa: B009


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    """They would age, and show somebody's assets; each cell has an id, as the format asks."""
    cells = notebook.cells(path)
    assert [cell["id"] for cell in cells if cell["outputs"] or cell["execution_count"]] == []
    ids = [cell["id"] for kind in ("code", "markdown") for cell in notebook.cells(path, kind)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("nightly_export.py", ["assets.ndjson"]),
        ("duplicates.py", []),
        ("tag_report.py", []),
        ("dashboard_feed.py", ["--times", "1"]),
    ],
)
def test_a_wrong_key_is_told_in_one_line(box: Sandbox, name: str, arguments: list[str], tmp_path: Path) -> None:
    """No traceback, and no key."""
    arguments = [str(tmp_path / argument) if argument.endswith("ndjson") else argument for argument in arguments]
    done = run(box, name, *arguments, key="mistaken-key")
    assert 1 == done.returncode
    assert 1 == len(done.stderr.splitlines())
    assert "does not accept the API key" in done.stderr
    assert "mistaken-key" not in done.stderr + done.stdout


def sources() -> dict[str, str]:
    """The Python of every example, notebooks included, by file."""
    programs = {path.name: path.read_text(encoding="utf-8") for path in PROGRAMS}
    cells = {path.name: "\n".join("".join(cell["source"]) for cell in notebook.cells(path)) for path in NOTEBOOKS}
    return programs | cells


@pytest.mark.parametrize("name", sources())
def test_an_example_uses_public_names_only(name: str) -> None:
    """What users copy must not break with the next version."""
    tree = ast.parse(sources()[name])
    imported = [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("comfy_cloud")
        for part in [*(node.module or "").split("."), *(alias.name for alias in node.names)]
    ]
    taken = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert imported != []
    assert [word for word in imported + taken if word.startswith("_")] == []
