"""Exports of a sandbox in this process, and the states of disk that they pass through."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comfy_cloud import AssetQuery, ComfyCloud
from comfy_cloud.cli import exporting
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.testing import InstantClock

FULL = """
import resource, sys
from pathlib import Path
from comfy_cloud import ComfyCloud
from comfy_cloud.cli import exporting, gallery

url, key, call, path, most = sys.argv[1:]
path = Path(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), resource.RLIM_INFINITY))
with ComfyCloud(base_url=url, api_key=key) as comfy:
    query = comfy.assets.page_size(10)
    try:
        eval(call)
    except exporting.OutputError as error:
        print(error, end="")
"""

URL = "http://127.0.0.1"


@contextmanager
def client(box: Sandbox, url: str = URL) -> Iterator[ComfyCloud]:
    """A client of a sandbox, without a socket."""
    transport = box.transport()
    with ComfyCloud(base_url=url, api_key=box.key, clock=InstantClock(), transport=transport) as comfy:
        yield comfy


@dataclass(frozen=True)
class State:
    """What an export has on disk at one instant.

    Attributes:
        part: The part file.
        mark: The file beside it.
        items: How many assets the mark speaks of.
    """

    part: bytes = field(repr=False)
    mark: bytes = field(repr=False)
    items: int


def beside(path: Path) -> dict[str, bytes]:
    """What there is in a file's folder, but for itself."""
    return {one.name: one.read_bytes() for one in path.parent.iterdir() if one != path}


def states(query: AssetQuery, path: Path, kind: Any) -> tuple[bytes, list[State]]:
    """What an undisturbed export writes, and its states before the first page and after each."""
    seen: list[State] = []

    def look(items: int, _: int | None) -> None:
        there = beside(path)
        seen.append(State(there[f"{path.name}.part"], there[f"{path.name}.resume"], items))

    def came(_: object) -> None:
        if not seen:
            look(0, None)

    exporting.export(query.on_page(came), path, format=kind, on_progress=look)
    return path.read_bytes(), seen


class Stopped(Exception):  # noqa: N818 - it is what a test does, and not what goes wrong
    """An export was stopped."""


def stopping(after: int) -> Callable[[int, int | None], None]:
    """Stop an export once it has so many assets."""

    def tell(items: int, _: int | None) -> None:
        if items >= after:
            raise Stopped

    return tell


def on_full_disk(box: Sandbox, call: str, path: Path, most: int) -> str:
    """What a call says in a process that the kernel lets no file grow beyond so many bytes."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", FULL, box.url, box.key, call, str(path), str(most)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
