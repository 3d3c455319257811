"""Texts from a server as a terminal may show them, and times and lists for people. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import Final

from rich.cells import cell_len, set_cell_size

_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")  # scripts and emoji are written with them
_RECENT: Final = dt.timedelta(days=7)
_STEPS: Final = ((dt.timedelta(days=1), "d"), (dt.timedelta(hours=1), "h"), (dt.timedelta(minutes=1), "min"))


def visible(text: str) -> str:
    r"""A text on one line that a terminal shows as it is, and that cannot do anything to it.

    Control characters, escape sequences and their C1 forms, marks that turn the direction of writing, and what else is
    not printable are written as escapes, such as `\x1b`. Blanks of any kind become a blank.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    return " " if unicodedata.category(char) == "Zs" else char.encode("unicode_escape", "surrogatepass").decode()


def shortened(text: str, width: int) -> str:
    """A text of at most so many cells of a terminal, wide characters taking two; the ellipsis takes one."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip()}\N{HORIZONTAL ELLIPSIS}" if width else ""


def padded(text: str, width: int, *, right: bool = False) -> str:
    """A text filled up with blanks to so many cells, at its left where it stands to the right."""
    room = " " * (width - cell_len(text))
    return room + text if right else text + room


def when(at: dt.datetime, now: dt.datetime) -> str:
    """A time for people: how long ago within a week, else date and minute in UTC."""
    ago = now - at
    if not dt.timedelta(0) <= ago < _RECENT:
        return f"{at:%Y-%m-%d %H:%M}"
    found = next(((ago // step, unit) for step, unit in _STEPS if ago >= step), None)
    return f"{found[0]} {found[1]} ago" if found else "just now"


def listed(texts: Iterable[str]) -> str:
    """Texts in one cell."""
    return visible(", ".join(texts))
