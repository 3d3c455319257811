"""What is measured of whom, and the rows of the table: each figure as a multiple of another in the same round. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import truediv
from typing import Final, TypeAlias

from pages import KINDS
from stages import STAGES
from worker import LISTED, SCALES

Samples: TypeAlias = dict[tuple[str, str, str, str], list[float]]
"""(measure, figure, kind, contestant) -> one value a round."""

COLUMNS: Final = ("ours", "stock", "json", "orjson", "pydantic")
PLAIN: Final = KINDS[:2]

MEASURES: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "profile": (PLAIN, ("ours",)),
    "decode": (KINDS, COLUMNS),
    "keep": (KINDS, COLUMNS),
    "listing": (PLAIN, ("bytes", *COLUMNS)),
    "latency": (PLAIN, ("ours", "ours alone", "stock alone", "json", "orjson", "pydantic")),
    "first": (PLAIN, COLUMNS),
    "call": (("lean",), COLUMNS),
    "scale": (("lean",), tuple(f"{who} {count}" for count in SCALES for who in ("ours", "orjson"))),
    "long": (("lean",), ("ours",)),
    "start": (("-",), ("httpx", "ours", "forty", "stock")),
}
"""By measure of `worker.py`: the kinds of pages, and the contestants."""


@dataclass(frozen=True)
class Row:
    """One figure of every contestant.

    Attributes:
        measure: What measures it.
        figure: Its name there.
        words: Its name in the table.
        targets: By kind of page, the first word of it; as the table shows it.
        base: The figure and the contestant that it is divided by; None where it is shown as it is.
        shown: Whose figures stand in which columns, where a contestant goes by another name than its column.
        scale: What figures that are no ratios are multiplied by.
    """

    measure: str
    figure: str
    words: str
    targets: Mapping[str, str]
    base: tuple[str, str] | None
    shown: Mapping[str, str]
    scale: float = 1


def _row(  # noqa: PLR0913 - what a row is made of
    measure: str,
    figure: str,
    words: str,
    rich: str,
    lean: str | None = None,
    *,
    base: tuple[str, str] | None = ("", "orjson"),
    shown: Mapping[str, str] | None = None,
    scale: float = 1,
) -> Row:
    base = base and (base[0] or figure, base[1])
    whose = {name: name for name in COLUMNS} if shown is None else shown
    return Row(measure, figure, words, {"rich": rich, "lean": lean or rich, "-": rich}, base, whose, scale)


_AHEAD: Final = {"ours": "ours", "stock": "stock alone", "json": "json", "orjson": "orjson", "pydantic": "pydantic"}
ROWS: Final = (
    _row("decode", "decode", "page bytes → what iteration yields", "≤ 1.6"),
    _row("decode", "read", "the same, and every field read", "≤ 3.5", "≤ 5", base=("decode", "orjson")),
    _row("listing", "dropped", "list 100,000 over loopback, dropped", "≤ 1.3"),
    _row("listing", "kept", "the same, kept", "≤ 1.45"),
    _row("latency", "dropped at 50 ms", "at 50 ms, eight in flight, dropped", "≤ 1.25", shown=_AHEAD),
    _row("latency", "kept at 50 ms", "the same, kept", "≤ 1.4", shown=_AHEAD),
    _row(
        "latency",
        "dropped at 50 ms",
        "our own one at a time ÷ eight",
        "≥ 5",
        base=("dropped at 50 ms", "ours"),
        shown={"ours": "ours alone"},
    ),
    _row("first", "first", "first asset of a page of 500", "≤ 1.3"),
    _row("keep", "keep", "keep 100,000: time", "≤ 1.3"),
    _row("keep", "memory", "keep 100,000: memory", "≤ 0.75"),
    _row(
        "long",
        "long",
        "CPU per asset of 1,000,000 ÷ of 10,000",
        "≤ 1.1",
        base=("short", "ours"),
        shown={"ours": "ours"},
    ),
    _row(
        "scale",
        "growth",
        "growth by 1,000,000, MB",
        "≤ 20",
        base=None,
        shown={"ours": f"ours {SCALES[-1]}", "orjson": f"orjson {SCALES[-1]}"},
        scale=1e-6,
    ),
    _row("start", "start", "import and client", "≤ 1.3", base=("", "httpx"), shown={"ours": "ours", "stock": "stock"}),
    _row(
        "start",
        "start",
        "the same with forty operations ÷ ours",
        "≤ 1.1",
        base=("", "ours"),
        shown={"ours": "forty"},
    ),
    _row("call", "call", "one small call", "≤ 1.2"),
)


def table(samples: Samples) -> str:
    """The rows of what was measured, as Markdown; medians over the rounds."""
    lines = [f"| what | page | target | {' | '.join(COLUMNS)} |", "|---|---|--:|" + "--:|" * len(COLUMNS)]
    for row in ROWS:
        for kind in MEASURES[row.measure][0]:
            cells = [_cell(samples, row, kind, row.shown.get(column)) for column in COLUMNS]
            if any(cells):
                target = row.targets[kind.partition(",")[0]]
                lines.append(f"| {row.words} | {kind} | {target} | {' | '.join(cell or '-' for cell in cells)} |")
    return "\n".join(lines)


def _cell(samples: Samples, row: Row, kind: str, contestant: str | None) -> str:
    values = samples.get((row.measure, row.figure, kind, contestant or ""), [])
    bases = (
        samples.get((row.measure, row.base[0], kind, row.base[1]), []) if row.base else [1 / row.scale] * len(values)
    )
    if not values or not bases:
        return ""
    return f"{statistics.median(value / base for value, base in zip(values, bases, strict=True)):.2f}"


_MOVES: Final = (
    ("dropped, CPU", "CPU per asset, dropped, µs", None, 1e6),
    ("dropped", "time, dropped, ÷ orjson", "orjson", 1.0),
    ("kept", "time, kept, ÷ orjson", "orjson", 1.0),
    ("memory", "memory, kept, ÷ orjson", "orjson", 1.0),
    ("growth", "growth, dropped, MB", None, 1e-6),
)
"""How figures move with the length of a list: figure, words, what it is divided by, and its unit."""


def scales(samples: Samples) -> str:
    """Our figures by the length of the list, as Markdown."""
    (kind, *_), whose = MEASURES["scale"]
    if not all(samples.get(("scale", "kept", kind, who)) for who in whose):
        return ""
    lines = [f"\n| assets listed ({kind}) | {' | '.join(f'{count:,}' for count in SCALES)} |"]
    lines.append(f"|---|{'--:|' * len(SCALES)}")
    for figure, words, base, unit in _MOVES:
        cells: list[str] = []
        for count in SCALES:
            values = samples["scale", figure, kind, f"ours {count}"]
            bases = samples["scale", figure, kind, f"{base} {count}"] if base else [1 / unit] * len(values)
            cells.append(f"{statistics.median(map(truediv, values, bases)):.2f}")
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def profiles(samples: Samples) -> str:
    """Where the time of a page goes, in shares of parsing it with orjson, as Markdown."""
    kinds, (who,) = MEASURES["profile"]
    if not all(samples.get(("profile", "orjson", kind, who)) for kind in kinds):
        return ""
    lines = [f"\n| a page, ÷ orjson.loads | {' | '.join(STAGES)} |", f"|---|{'--:|' * len(STAGES)}"]
    for kind in kinds:
        bases = samples["profile", "orjson", kind, who]
        shares = [statistics.median(map(truediv, samples["profile", stage, kind, who], bases)) for stage in STAGES]
        lines.append(f"| {kind} | {' | '.join(f'{share:.2f}' for share in shares)} |")
    return "\n".join(lines) + "\n"


def longest(measures: Sequence[str]) -> int:
    """How many assets a library needs for these."""
    return SCALES[-1] if {"scale", "long"} & set(measures) else LISTED
