"""Standard output and standard error: what is a terminal, how wide it is, and progress."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from errno import EBADF
from typing import Final, TextIO, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from comfy_cloud.cli.formats import Format, Screen
from comfy_cloud.cli.showing import visible

Tell: TypeAlias = Callable[[int, int | None], None]
"""Told how much is done, and of how much, where that is known."""

_BOLD: Final = ("\x1b[1m", "\x1b[0m")


def screen() -> Screen:
    """Standard output, for a table."""
    shown = is_terminal(sys.stdout)
    bold = _is_styled(sys.stdout)
    return Screen(
        width=Console(file=sys.stdout).width if shown else None,
        heading=lambda text: text.join(_BOLD) if bold else text,
        now=dt.datetime.now(dt.UTC),
        shown=shown,
    )


def emit(pieces: Iterable[str], form: Format = "table") -> None:
    """Write text to standard output, each piece at once.

    Raises:
        BrokenPipeError: whoever reads it has stopped.
        OSError: it cannot be written, or is closed.
    """
    out = _output(form)
    for piece in pieces:
        out.write(piece)
        out.flush()


def note(text: str, *, only_on_terminal: bool = False) -> None:
    """Say something on standard error, where there is one."""
    if sys.stderr is not None and (not only_on_terminal or is_terminal(sys.stderr)):  # pyright: ignore[reportUnnecessaryComparison] # it is None where it is closed
        with suppress(OSError):
            sys.stderr.write(f"{visible(text)}\n")
            sys.stderr.flush()


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is one that a person looks at."""
    return stream is not None and stream.isatty()


@contextmanager
def progress(what: str, *, beside_output: bool = False) -> Generator[Tell]:
    """A bar on standard error while something long is done; nothing where that is no terminal.

    Args:
        what: What is done, such as `Counting`.
        beside_output: Whether it is written to standard output meanwhile, which a bar on the same screen would spoil.
    """
    spoilt = beside_output and is_terminal(sys.stdout)
    if spoilt or not is_terminal(sys.stderr) or os.environ.get("TERM") == "dumb":
        yield lambda _done, _total: None
        return
    console = Console(file=sys.stderr, color_system="auto" if _is_styled(sys.stderr) else None)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Else rich would send what is written to standard output to its own console, which is standard error.
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _output(form: Format) -> TextIO:
    """Standard output as the format wants it: what programs read is UTF-8 with its own line ends."""
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison] # it is None where it is closed
        raise OSError(EBADF, "standard output is closed")
    if (reconfigure := getattr(sys.stdout, "reconfigure", None)) is not None:
        reconfigure(errors="replace") if form == "table" else reconfigure(encoding="utf-8", newline="")
    return sys.stdout


def _is_styled(stream: TextIO | None) -> bool:
    """NO_COLOR means no escape sequence at all."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
