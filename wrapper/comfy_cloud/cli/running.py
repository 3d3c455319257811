"""Runs a command by typer, and turns whatever ends it into an exit code and a sentence."""

from __future__ import annotations

import sys
import warnings
from typing import Protocol, TextIO, runtime_checkable

from comfy_cloud import InexactListingWarning
from comfy_cloud.cli.app import app
from comfy_cloud.cli.exits import OTHER, USAGE, code_of, sentence
from comfy_cloud.cli.showing import visible
from comfy_cloud.cli.terminal import note
from comfy_cloud_api.types import UnreadableElementWarning


@runtime_checkable
class _Usage(Protocol):
    """What typer raises of arguments it does not take: a class of its own, or click's in older versions."""

    exit_code: int

    def format_message(self) -> str:
        """The sentence."""
        ...


def run(arguments: list[str]) -> int:
    """Run it. What is wrong with its arguments is raised as typer's error, or as the command's own."""
    warnings.showwarning = _told
    for told in (InexactListingWarning, UnreadableElementWarning):
        warnings.simplefilter("always", told)
    code = app(arguments, prog_name="comfy-cloud", standalone_mode=False)
    return code if isinstance(code, int) else 0


def ended(error: BaseException) -> int:
    """Say what ended the command, if anything is to be said, and return its exit code."""
    if isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError):
        error = error.__context__  # typer has caught it
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else OTHER if error.code else 0
    if isinstance(error, _Usage):
        note(f"{visible(error.format_message().rstrip('.'))}; --help says more.")
        return USAGE
    if said := sentence(error):
        note(said)
    return code_of(error)


def _told(  # noqa: PLR0913, PLR0917 - the interface of `warnings`
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del category, filename, lineno, line
    note(f"Warning: {message}") if file in (None, sys.stderr) else None
