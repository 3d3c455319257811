"""The page docs/reference/mutation.md, from the results and the reasons. Pure."""

from __future__ import annotations

import os.path
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, convert

from mutation.results import Outcome, Results, Survivor, Unreached
from mutation.scope import MODULES

BEGIN: Final = "<!-- printed by `python -m mutation --report` -->"
_CONTEXT: Final = 24  # characters around a change
_UNEXPLAINED: Final = "**not explained**"


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why changes survive.

    Attributes:
        module: Where they are.
        kind: `same` where nothing that the library does depends on it, `outside` where it does, and the vectors cannot
            or need not show it.
        why: In words.
        place: The function or class, or the beginning of its name; left away, all.
        before: What the lines before contain; left away, anything.
        after: What the lines after contain.
    """

    module: str
    kind: Literal["same", "outside"]
    why: str
    place: str = ""
    before: str = ""
    after: str = ""

    def holds(self, module: str, one: Survivor | Unreached) -> bool:
        """Whether it is about this change. One that names lines is not about code that no vector runs."""
        if module != self.module or not one.place.startswith(self.place):
            return False
        if isinstance(one, Unreached):
            return not (self.before or self.after)
        return self.before in one.before and self.after in one.after


def reasons(path: Path) -> list[Reason]:
    """Those that are written down."""
    return convert(tomllib.loads(path.read_text(encoding="utf-8"))["reason"], list[Reason])


def reason_of(module: str, one: Survivor | Unreached, known: Sequence[Reason]) -> Reason | None:
    """The first that is about a change."""
    return next((reason for reason in known if reason.holds(module, one)), None)


def unexplained(results: Results, known: Sequence[Reason]) -> list[tuple[str, Survivor | Unreached]]:
    """Changes that no vector sees, for no reason that is written down."""
    return [
        (module, one)
        for module, outcome in results.modules.items()
        for one in _of_concern(module, outcome)
        if reason_of(module, one, known) is None
    ]


def _of_concern(module: str, outcome: Outcome) -> Iterable[Survivor | Unreached]:
    return (*outcome.survivors, *(outcome.unreached if MODULES[module].whole else ()))


def page(results: Results, known: Sequence[Reason]) -> str:
    """The generated part of the page."""
    head = (
        f"Version {results.version}, {results.date}, {results.cases} cases, Python {results.python}, "
        f"cosmic-ray {results.cosmic_ray}."
    )
    parts = [BEGIN, head, "\n".join(_table(results, known)), "## What survived"]
    for module, outcome in results.modules.items():
        parts += [part for part in (f"### {module}", *_survivors(module, outcome, known)) if part]
    return "\n\n".join(parts) + "\n"


def _table(results: Results, known: Sequence[Reason]) -> Iterator[str]:
    yield "| module | changes | seen | survived | of these the same | score | not reached |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    totals = Counter[str]()
    for module, outcome in results.modules.items():
        counts = _counts(module, outcome, known)
        totals.update(counts)
        yield _row(f"`{module}`", counts)
    yield _row("**all**", totals)


def _counts(module: str, outcome: Outcome, known: Sequence[Reason]) -> Counter[str]:
    found = [reason_of(module, one, known) for one in outcome.survivors]
    same = sum(reason is not None and reason.kind == "same" for reason in found)
    return Counter(seen=outcome.seen, survived=len(found), same=same, unreached=len(outcome.unreached))


def _row(name: str, counts: Counter[str]) -> str:
    tried = counts["seen"] + counts["survived"]
    score = f"{100 * counts['seen'] / (tried - counts['same']):.1f} %" if tried > counts["same"] else ""
    cells = (name, tried, counts["seen"], counts["survived"], counts["same"], score, counts["unreached"])
    return f"| {' | '.join(map(str, cells))} |"


def _survivors(module: str, outcome: Outcome, known: Sequence[Reason]) -> Iterator[str]:
    rows = [
        f"| {one.line} | {_change(one)} | {_why(module, one, known)} |" for one in outcome.survivors
    ]
    yield "\n".join(["| line | change | why no case sees it |", "|---:|---|---|", *rows]) if rows else "None."
    if MODULES[module].whole and outcome.unreached:
        yield "Not reached: " + "; ".join(_places(module, outcome, known)) + "."


def _places(module: str, outcome: Outcome, known: Sequence[Reason]) -> Iterator[str]:
    found = Counter((one.place, _why(module, one, known)) for one in outcome.unreached)
    for (place, why), count in found.items():
        yield f"`{place}` ({count}; {why.rstrip('.')})"


def _why(module: str, one: Survivor | Unreached, known: Sequence[Reason]) -> str:
    reason = reason_of(module, one, known)
    if reason is None:
        return _UNEXPLAINED
    return f"{'The same: ' if reason.kind == 'same' else ''}{reason.why}"


def _change(one: Survivor) -> str:
    """What differs, with a little of what stands around."""
    before, after = one.before, one.after
    head = len(os.path.commonprefix([before, after]))
    tail = len(os.path.commonprefix([before[head:][::-1], after[head:][::-1]]))
    return f"{_excerpt(before, head, len(before) - tail)} → {_excerpt(after, head, len(after) - tail)}"


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    shown = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}".replace("|", "\\|")
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown}{fence}"
