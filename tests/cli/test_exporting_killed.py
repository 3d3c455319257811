"""Exports that are killed: whatever that leaves on disk, running them again ends in the bytes of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud import AssetQuery, ComfyCloud
from comfy_cloud.cli import exporting
from comfy_cloud.sandbox import Sandbox
from tests.cli.exports import State, beside, client, states

KINDS = ("csv", "ndjson")

PROGRAM = """
import os, sys
from pathlib import Path
from comfy_cloud import ComfyCloud
from comfy_cloud.cli import exporting

url, key, path, kind = sys.argv[1:]

def told(*_):
    os.write(1, b".")

with ComfyCloud(base_url=url, api_key=key) as comfy:
    exporting.export(comfy.assets.page_size(5), Path(path), format=kind, on_progress=told)
os.write(1, b"!")
"""


def killed(command: list[Any], after: int, spin: int) -> bool:
    """Run an export and kill it some instructions after so many pages; whether it was at its end before."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        told = b""
        while len(told) < after and (more := os.read(process.stdout.fileno(), 1 << 16)):
            told += more
        for _ in range(spin):
            pass
        process.kill()
        told += process.stdout.read()
    assert told.endswith(b"!") or process.returncode == -signal.SIGKILL, "the export failed by itself"
    return told.endswith(b"!")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_that_is_killed_at_any_instant_is_completed_by_the_next(kind: str, tmp_path: Path) -> None:
    """Nothing twice, nothing missing, and no file under the final name before."""
    path, dice = tmp_path / "list", random.Random(kind)
    with Sandbox.seeded(300) as box:
        with ComfyCloud(base_url=box.url, api_key=box.key) as comfy:
            expected, _ = states(comfy.assets.page_size(5), tmp_path / "whole", kind)
        command = [sys.executable, "-c", PROGRAM, box.url, box.key, str(path), kind]
        kills = 0
        for _ in range(8):
            kills += not killed(command, dice.randrange(8), dice.randrange(200_000))
            if path.exists():  # it was at its end, or a step before
                assert expected == path.read_bytes()
                path.unlink()
        assert killed(command, 1 << 30, 0)
    assert kills > 0
    assert expected == path.read_bytes()
    assert {"whole"} == beside(path).keys()


@dataclass(frozen=True)
class Undisturbed:
    """An export that nobody disturbed.

    Attributes:
        query: What is exported.
        whole: What it wrote.
        states: What it had on disk before the first page, and after each.
    """

    query: AssetQuery
    whole: bytes
    states: list[State]


@pytest.fixture(scope="module")
def undisturbed() -> Iterator[Any]:
    """An export of each format."""
    with Sandbox.seeded(60) as box, client(box) as comfy, tempfile.TemporaryDirectory() as folder:
        query = comfy.assets.page_size(20)

        @cache
        def of(kind: str) -> Undisturbed:
            whole, seen = states(query, Path(folder) / kind, kind)
            return Undisturbed(query, whole, seen)

        yield of


@settings(max_examples=40)
@given(data=st.data())
def test_every_state_that_a_crash_can_leave_is_gone_on_from(undisturbed: Any, data: st.DataObject) -> None:
    """The mark of any page, and at least the bytes that it speaks of, followed by anything: what comes next, torn."""
    kind = data.draw(st.sampled_from(KINDS))
    one = undisturbed(kind)
    state = data.draw(st.sampled_from(one.states))
    after = one.whole[len(state.part) :]
    torn = after[: data.draw(st.integers(0, len(after)))] + data.draw(st.binary(max_size=40))
    torn_mark = data.draw(st.sampled_from([None, b"", state.mark[:30]]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        (path.parent / "list.part").write_bytes(state.part + torn)
        (path.parent / "list.resume").write_bytes(state.mark)
        if torn_mark is not None:  # killed while it wrote the next one
            (path.parent / "list.resume.new").write_bytes(torn_mark)
        done = exporting.export(one.query, path, format=kind)
        assert exporting.Exported(path, 60, state.items, exact=True) == done
        assert one.whole == path.read_bytes()
        assert {} == beside(path)


@settings(max_examples=40)
@given(data=st.data())
def test_a_part_file_that_is_not_what_its_mark_says_is_begun_anew(undisturbed: Any, data: st.DataObject) -> None:
    """Cut off, gone or altered by whatever means: nothing of it is in the file; a mark alone binds nobody."""
    kind = data.draw(st.sampled_from(KINDS))
    one = undisturbed(kind)
    state = data.draw(st.sampled_from(one.states[1:]))
    place = data.draw(st.integers(0, len(state.part) - 1))
    altered = state.part[:place] + bytes([state.part[place] ^ 1]) + state.part[place + 1 :]
    part = data.draw(st.sampled_from([None, b"", state.part[:place], altered, altered + b"more"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        if part is not None:
            (path.parent / "list.part").write_bytes(part)
        (path.parent / "list.resume").write_bytes(state.mark)
        assert 0 == exporting.export(one.query, path, format=kind).resumed_from
        assert (one.whole, {}) == (path.read_bytes(), beside(path))


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_that_was_killed_around_its_first_write_begins(kind: Any, undisturbed: Any, tmp_path: Path) -> None:
    """An empty part file without a mark, and the mark of a beginning with any part file."""
    one = undisturbed(kind)
    beginning = exporting.part.Mark("of another query").to_bytes()
    for part, mark in ((b"", None), (b"", beginning), (b"torn", beginning)):
        path = tmp_path / "list"
        (tmp_path / "list.part").write_bytes(part)
        if mark is not None:
            (tmp_path / "list.resume").write_bytes(mark)
        exporting.export(one.query, path, format=kind)
        assert (one.whole, {}) == (path.read_bytes(), beside(path))
