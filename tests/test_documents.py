"""What README and the pages in docs/ show works as written."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import pytest

import comfy_cloud
import comfy_cloud.sandbox
import comfy_cloud.sandbox.faults
import comfy_cloud.testing
import comfy_cloud_api
from comfy_cloud.sandbox import Sandbox
from tests.documents import (
    DOCS,
    PAGES,
    ROOT,
    Block,
    anchors_of,
    blocks,
    blocks_of,
    documented_names,
    links_of,
    menu,
    name_of,
    rewrite,
    text_of,
)

INSTALLS = "makes an environment and installs into it, as the nox sessions do that run these tests"
MAINTAINS = "changes the repository it runs in; tests/pipeline has tests of each step"
OURS = "is the overlay's own words; tests/conformance/test_vocabulary.py holds it to the overlay"
THEIRS = "is another project's vocabulary; tests/conformance/test_vocabulary.py checks the names in it"
NOT_RUN = {
    "README.md: python3 -m venv .venv && .venv/bin/pip install nox && .venv/bin/nox -s demo": INSTALLS,
    "docs/tutorial.md: python3 -m venv .venv": INSTALLS,
    "docs/explanation/exact-listing.md: A B C D E F    page 1: skip 0, take 3    A B C": "a picture, and no code",
    "docs/reference/conformance.md: python -m comfy_cloud.conformance --folder               "
    "# where the cases and their README are": "runs a program of the reader's; tests/conformance has one of ours",
    "docs/reference/comparison.md: nox -s conformance_ts        "
    "# needs Node.js 20.19 or later, and says so where there is none": INSTALLS,
    "docs/reference/mutation.md: nox -s mutation                                              "
    "# everything, in a quarter of an hour": INSTALLS,
    "docs/reference/vocabulary.md: x-pagination:": OURS,
    "docs/reference/vocabulary.md: x-retry:": OURS,
    "docs/reference/vocabulary.md: x-idempotent: true": OURS,
    "docs/reference/vocabulary.md: # Speakeasy, by offset": THEIRS,
    "docs/reference/vocabulary.md: # Speakeasy, by cursor": THEIRS,
    "docs/reference/vocabulary.md: # Fern, by offset": THEIRS,
    "docs/reference/vocabulary.md: # Fern, by cursor": THEIRS,
    "docs/reference/vocabulary.md: @list": THEIRS,
    "docs/how-to/new-spec.md: nox -s update -- path/to/openapi-cloud.yaml": MAINTAINS,
    "docs/how-to/new-spec.md: nox -s spec_diff -- old.yaml new.yaml": MAINTAINS,
    "docs/how-to/new-spec.md: nox -s generate -- --spec other.yaml --output some/dir/package": MAINTAINS,
}
"""Blocks that are shown and not run, each by its page and first line, and why."""

SERVERS = ("python -m comfy_cloud.sandbox", "comfy-cloud sandbox")
"""Commands that go on until they are interrupted."""

RUN = frozenset({"python", "sh"})
"""The languages of blocks that are run."""


def run_of(language: str) -> list[object]:
    """The blocks in a language that are run, as parameters of a test."""
    return [
        pytest.param(block, id=f"{block.page} {block.number}")
        for block in blocks()
        if block.language == language and block.name not in NOT_RUN
    ]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """What the environment's variables lead to: the sandbox that the tutorial starts."""
    with Sandbox.seeded(2000) as sandbox:
        yield sandbox


@pytest.fixture
def desk(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in, and the variables that a user sets; at the end `logging` is as it was."""
    monkeypatch.setenv("COMFY_CLOUD_BASE_URL", box.url)
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", box.key)
    packages = [str(Path(str(package.__file__)).parents[1]) for package in (comfy_cloud, comfy_cloud_api)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(packages))  # a program runs with what is tested, wherever that is
    monkeypatch.chdir(tmp_path)
    loggers = [logging.getLogger(), logging.getLogger("comfy_cloud")]
    states = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield tmp_path
    for logger, level, handlers in states:
        logger.setLevel(level)
        logger.handlers[:] = handlers


def save_files(block: Block, folder: Path) -> None:
    """Write the files that a block's page shows, for what uses them."""
    for other in blocks_of(ROOT / block.page):
        if other.title:
            (folder / other.title).write_text(other.code, encoding="utf-8")


def run_as_a_cell(block: Block) -> None:
    """As a notebook would, where a cell may await; a program that awaits nothing runs as always."""
    code = compile(block.code, f"<{block.name}>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    awaited = eval(code, {"__name__": "__main__"})
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(awaited)


def check_output(block: Block, printed: str) -> None:
    """A page says what a block prints, if it says anything; with DOCUMENTS=rewrite, it is made to."""
    if os.environ.get("DOCUMENTS") == "rewrite":
        rewrite(block, printed)
    elif block.prints is not None:
        assert block.prints == printed


def commands(folder: Path) -> str:
    """A PATH on which `python` is this one, and `comfy-cloud` this library's."""
    for name, arguments in {"python": "", "comfy-cloud": " -m comfy_cloud.cli"}.items():
        command = folder / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n', encoding="utf-8")
        command.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("block", run_of("python"))
def test_a_python_block_runs_and_prints_what_the_page_says(
    block: Block, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against the sandbox; a file of tests is given to pytest, everything else is a program by itself."""
    save_files(block, desk)
    if block.title.startswith("test_"):
        options = ["-q", "-p", "pytest_comfy_cloud", "-p", "no:cacheprovider"]
        asked = [sys.executable, "-m", "pytest", *options, block.title]
        done = subprocess.run(asked, cwd=desk, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return
    run_as_a_cell(block)
    check_output(block, capsys.readouterr().out)


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell for what the pages tell a shell")
@pytest.mark.parametrize("block", run_of("sh"))
def test_a_shell_block_runs_and_prints_what_the_page_says(
    block: Block, desk: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against the sandbox; a server is started on a free port, and interrupted once it listens."""
    save_files(block, desk)
    monkeypatch.setenv("PATH", commands(tmp_path_factory.mktemp("commands")))
    if block.code.startswith(SERVERS):
        assert serve(block.code) == (["URL:", "Key:"], 0)
        return
    done = subprocess.run(
        ["sh", "-ec", block.code],
        cwd=desk,
        capture_output=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    check_output(block, done.stdout)


def serve(command: str) -> tuple[list[str], int]:
    """Start a server, and interrupt it once it listens: what its first two lines begin with, and its exit code."""
    asked = ["sh", "-ec", f"exec {command.partition('#')[0].strip()} --port 0"]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout is not None
        said = [server.stdout.readline().partition(" ")[0] for _ in range(2)]
        server.send_signal(signal.SIGINT)
        return said, server.wait()


def test_every_block_is_run_or_says_why_not() -> None:
    """Python and shell run; what they print stands right behind them; the rest is in the table, which is not stale."""
    shown = {block.name for block in blocks() if block.language not in RUN}
    listed = {block.name for block in blocks()} & set(NOT_RUN)
    assert (shown - set(NOT_RUN), set(NOT_RUN) - listed) == (set(), set())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_leads_somewhere(page: Path) -> None:
    """Inside the repository: to a file that is there, and to a heading that it has."""
    broken = [
        f"{file}#{heading}"
        for file, heading in links_of(page)
        if not (target := (page.parent / file).resolve() if file else page).exists()
        or (heading and heading not in anchors_of(target))
    ]
    assert broken == []


def test_the_menu_leads_to_every_page() -> None:
    """Once; the pages in docs/ are those of the site."""
    assert sorted(page.relative_to(DOCS).as_posix() for page in PAGES if DOCS in page.parents) == sorted(menu())


def test_the_reference_has_every_public_name_once() -> None:
    """Of `comfy_cloud`, its sandbox, and its aid for tests; faults are documented as one module."""
    modules = (comfy_cloud, comfy_cloud.sandbox, comfy_cloud.testing)
    public = {f"{module.__name__}.{name}" for module in modules for name in module.__all__} - {
        "comfy_cloud.__version__"  # told in a sentence
    }
    names = documented_names()
    assert (public - set(names), len(set(names))) == (set(), len(names))
    assert comfy_cloud.sandbox.faults.__name__ in names


@pytest.mark.parametrize("name", documented_names())
def test_what_the_reference_names_exists(name: str) -> None:
    """By the very path that is shown."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        assert reduce(getattr, parts[length:], module) is not None
        return
    pytest.fail(f"{name} cannot be imported")


def test_the_guarantee_is_told_word_for_word_in_code_and_docs() -> None:
    """One promise, in one wording."""
    page = text_of(DOCS / "explanation" / "exact-listing.md")
    promise = " ".join(page.split("## The guarantee")[1].split("##")[0].split())
    code = (ROOT / "wrapper" / "comfy_cloud" / "pagination.py").read_text(encoding="utf-8")
    assert promise in " ".join(code.split())
