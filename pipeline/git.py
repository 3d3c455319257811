"""Ask git, and say in one sentence why it did not answer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.errors import PipelineError


def git(root: Path, *arguments: str) -> bytes:
    """What git prints for a command that only reads.

    Raises:
        PipelineError: git is not installed, or refuses.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError as error:
        raise PipelineError("git is not installed, so what was committed cannot be read.") from error
    if done.returncode:
        reason = " ".join(done.stderr.decode(errors="replace").split()).removeprefix("fatal: ")
        raise PipelineError(f"git {arguments[0]} refuses: {reason}.")
    return done.stdout
