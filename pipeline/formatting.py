"""Lint-fix and format generated code with the pinned ruff, whatever else is installed or configured."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from ruff.__main__ import find_ruff_bin

from pipeline.errors import PipelineError

# --isolated: no configuration file is read. The rest says what a default, a parent folder's .gitignore or an
# operating system could otherwise decide.
_COMMON: Final = (
    "--isolated",
    "--no-cache",
    "--no-respect-gitignore",
    "--quiet",
    "--target-version=py311",
    "--config=exclude=[]",
)
# ruff's default rules with its default length, so that whoever checks the output with these finds nothing; `noqa` is
# left for them alone.
_SETTINGS: Final = (
    ("check", "--fix-only", "--extend-select=F401,I,UP,RUF022,RUF100", *_COMMON, "--config=line-length=88"),
    ("format", "--config=format.line-ending='lf'", *_COMMON, "--config=line-length=120"),
)


def tidy(package: Path) -> None:
    """Sort imports, drop unused ones, and format every file below `package`, in place.

    Raises:
        PipelineError: ruff cannot read what was generated, which is a bug of a template.
    """
    for arguments in _SETTINGS:
        done = subprocess.run(  # noqa: S603 - the ruff of this environment, not one from PATH
            [find_ruff_bin(), *arguments, str(package)],
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={name: value for name, value in os.environ.items() if not name.startswith("RUFF_")},
        )
        if done.returncode != 0:
            raise PipelineError(f"ruff cannot format the generated code: {' '.join(done.stderr.split())[:500]}")
