"""The command line, run in this process or as the program it is."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from typing import NamedTuple

from comfy_cloud.cli.__main__ import main

KEY = "canary-key-0123456789"


class Outcome(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


class Stream(TextIOWrapper):
    """A stream in memory, which may be a terminal."""

    terminal = False

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return self.terminal


def outcome(*arguments: str, terminals: tuple[bool, bool] = (False, False)) -> Outcome:
    """Run a command in this process, on an output and an error stream that are terminals or not."""
    streams = [Stream(BytesIO(), encoding="utf-8", newline="") for _ in range(2)]
    for stream, terminal in zip(streams, terminals, strict=True):
        stream.terminal = terminal
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        code = main(list(arguments))
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined] # it is a BytesIO
    return Outcome(code, *texts)


def command(*arguments: str) -> list[str]:
    """The program, for `subprocess`, with every warning an error."""
    return [sys.executable, "-W", "error", "-m", "comfy_cloud.cli", *arguments]


def environment(**more: str) -> dict[str, str]:
    """The environment of the program: this one's packages, and nothing that would colour or configure it."""
    unwanted = ("COMFY_CLOUD_", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PY_COLORS", "GITHUB_ACTIONS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **more}


def program(*arguments: str, **more: str) -> Outcome:
    """Run the program to its end."""
    run = subprocess.run(
        command(*arguments), env=environment(**more), capture_output=True, text=True, check=False, timeout=60
    )
    return Outcome(run.returncode, run.stdout, run.stderr)
