"""Temporary git repositories, for what reads the history of one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def git(folder: Path, *arguments: str) -> None:
    """Run git in a temporary repository, whatever the user's settings are; skips the test where there is no git."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed, and this is about a repository's history")
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)
