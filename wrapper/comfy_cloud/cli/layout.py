"""Which columns of a table fit a width, and how wide each is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from comfy_cloud.cli.showing import padded, shortened

GAP: Final = 2
"""Blanks between columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        heading: What stands above it.
        least: Cells below which it is left out rather than shortened further.
        rank: Which columns stay where not all fit: those of the smallest ranks.
        right: Whether its cells stand to the right, as numbers do.
    """

    heading: str
    least: int
    rank: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A column that is shown.

    Attributes:
        index: Which of the columns it is.
        width: Cells that it takes.
        right: Whether its cells stand to the right.
    """

    index: int
    width: int
    right: bool


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> list[Place]:
    """Where the columns stand.

    Args:
        columns: All that there are, in their order.
        rows: Cells to make room for; those of later rows are shortened to it.
        width: Of the terminal, in cells; None for as much as the rows take.
    """
    natural = [
        max([cell_len(column.heading), *(cell_len(row[index]) for row in rows)]) for index, column in enumerate(columns)
    ]
    if width is None:
        return [Place(index, natural[index], column.right) for index, column in enumerate(columns)]
    shown = _chosen(columns, natural, width)
    room = width - GAP * (len(shown) - 1)
    widths = _shared({index: min(columns[index].least, natural[index]) for index in shown}, natural, room)
    return [Place(index, widths[index], columns[index].right) for index in shown]


def _chosen(columns: Sequence[Column], natural: Sequence[int], width: int) -> list[int]:
    """The columns of the smallest ranks whose least widths fit; the very first is always there."""
    chosen: list[int] = []
    taken = -GAP
    for index in sorted(range(len(columns)), key=lambda index: columns[index].rank):
        taken += GAP + min(columns[index].least, natural[index])
        if chosen and taken > width:
            break
        chosen.append(index)
    return sorted(chosen)


def _shared(widths: dict[int, int], natural: Sequence[int], room: int) -> dict[int, int]:
    """What is left goes to the columns that want more, a share each, until they have enough or nothing is left."""
    left = room - sum(widths.values())
    while left > 0 and (short := [index for index, given in widths.items() if given < natural[index]]):
        share = max(1, left // len(short))
        for index in short[:left]:
            more = min(share, natural[index] - widths[index])
            widths[index] += more
            left -= more
    return {index: min(given, max(room, 1)) for index, given in widths.items()}


def line(cells: Sequence[str], places: Sequence[Place], *, cut: bool) -> str:
    """One row. The last column is not filled up.

    Args:
        cells: Of all columns.
        places: Of those that are shown.
        cut: Whether what is too long is shortened, rather than pushing the rest aside.
    """
    return (" " * GAP).join(_cells(cells, places, cut=cut)).rstrip()


def _cells(cells: Sequence[str], places: Sequence[Place], *, cut: bool) -> Iterator[str]:
    for place in places:
        text = cells[place.index]
        yield padded(shortened(text, place.width) if cut else text, place.width, right=place.right)
