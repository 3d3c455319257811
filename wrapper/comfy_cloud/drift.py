"""What the servers sent that the published document of the API does not know. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from comfy_cloud_api.types import DriftEntry

_HEADINGS: Final = ("operation", "where", "what", "count", "example")


@dataclass(frozen=True)
class DriftReport:
    """How a server's answers differed from the published document, as counted by one client up to one moment.

    False where there was no difference. Compared are names, types and nulls, values of enums, the formats of UUIDs,
    dates and times, required properties, and statuses; patterns and lengths of texts are not. What this library knows
    of a server beyond the document, such as a property that ComfyUI adds, is a difference too.

    It holds counts, names and shapes, and nothing that a user could have written.

    Attributes:
        entries: By operation, place and kind of difference.
    """

    entries: tuple[DriftEntry, ...]

    def __iter__(self) -> Iterator[DriftEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __str__(self) -> str:
        if not self.entries:
            return "No drift: every answer was as the published document says."
        rows = [_HEADINGS, *(_cells(entry) for entry in self.entries)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(_line(row, widths) for row in rows)

    def to_dicts(self) -> list[dict[str, str | int]]:
        """The entries as plain values, for JSON or a table: operation, where, what, count, example."""
        return [{**dataclasses.asdict(entry), "what": str(entry.what)} for entry in self.entries]

    def _repr_html_(self) -> str:
        from comfy_cloud._html import drift_html  # noqa: PLC0415 - only notebooks need it

        return drift_html(_HEADINGS, [_cells(entry) for entry in self.entries], str(self))


def _cells(entry: DriftEntry) -> tuple[str, ...]:
    return (entry.operation, entry.where, str(entry.what), f"{entry.count:,}", entry.example)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Counts, the last but one, stand to the right."""
    padded = [
        cell.rjust(width) if heading == "count" else cell.ljust(width)
        for heading, cell, width in zip(_HEADINGS, cells, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()


__all__ = ["DriftEntry", "DriftReport"]
