"""An export that is killed again and again, and goes on from the last token it wrote down, is complete and exact."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from comfy_cloud.sandbox import Sandbox
from tests.exact.mutator import ByRequests, Mutator, changing
from tests.exact.walks import seen

PROGRAM = """
import os, sys
from comfy_cloud import ComfyCloud

url, key, path, by, prefetch = sys.argv[1:]
with open(path, "a+b", buffering=0) as journal:
    journal.seek(0)
    whole, newline, broken = journal.read().rpartition(b"\\n")
    journal.truncate(len(whole) + len(newline))
    token = whole.rpartition(b"\\n")[2].split()[-1].decode() if whole else None

    def note(assets, token):
        journal.write(" ".join([*(str(asset.id) for asset in assets), token]).encode() + b"\\n")
        os.write(1, b"." * len(assets))

    with ComfyCloud(base_url=url, api_key=key) as comfy:
        query = comfy.assets.page_size(40).prefetch(int(prefetch)).resume(token)
        if by == "page":
            for page in query.pages():
                note(page.items, page.token)
        else:
            items = iter(query)
            for asset in items:
                note([asset], items.token)
os.write(1, b"!")
"""


def killed(command: list[Any], after: int) -> bool:
    """Run the export and kill it once it has told of so many assets; whether it was at its end before."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        told = b""
        while len(told) < after and (more := os.read(process.stdout.fileno(), 1 << 16)):
            told += more
        if told.endswith(b"!"):
            return True
        process.kill()
    assert process.returncode == -signal.SIGKILL, "the export failed by itself"
    return False


def environment() -> dict[str, str]:
    """With the packages that this process has."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def exported(path: Path) -> list[str]:
    """The ids in a journal."""
    lines = path.read_text().splitlines()
    return [ident for line in lines for ident in line.split()[:-1]]


def crash(path: Path, kills: int, size: int, by: str, prefetch: int) -> tuple[list[str], list[str]]:
    """What an export that was killed so often lacks of that which was there throughout, and what it has twice."""
    dice = random.Random(kills + prefetch)
    with Sandbox.seeded(size) as box:
        command: list[Any] = [sys.executable, "-c", PROGRAM, box.url, box.key, str(path), by, str(prefetch)]
        with changing(Mutator(box).change, ByRequests(box, 1)):
            ended = [killed(command, dice.randrange(1, size // kills)) for _ in range(kills)]
            assert ended == [False] * kills
            assert killed(command, 1 << 62)
        ids = exported(path)
        times = Counter(ids)
        kept = box.kept(*seen(box), sort="created_at", order="desc")
    assert len(kept) > size // 2
    return [one for one in kept if not times[one]], [one for one, count in times.items() if count > 1]


@pytest.mark.parametrize(("by", "prefetch"), [("page", 1), ("item", 4)])
def test_an_export_that_was_killed_goes_on_exactly(tmp_path: Path, by: str, prefetch: int) -> None:
    """At any point, while the library changes: what it wrote is what was there throughout, once."""
    assert crash(tmp_path / "journal", 4, 2000, by, prefetch) == ([], [])


@pytest.mark.soak
@pytest.mark.parametrize(("by", "prefetch"), [("page", 1), ("item", 8)])
def test_an_export_that_was_killed_50_times_goes_on_exactly(tmp_path: Path, by: str, prefetch: int) -> None:
    """The same, of 30,000 assets."""
    assert crash(tmp_path / "journal", 50, 30_000, by, prefetch) == ([], [])
