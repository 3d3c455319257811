"""The page docs/reference/mutation.md, from the results and the reasons. Pure."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, convert

from mutation.results import FOLDER, Outcome, Results, Survivor, Unreached
from mutation.scope import MODULES

BEGIN: Final = "<!-- printed by `python -m mutation --report` -->"
PAGE: Final = FOLDER.parent / "docs" / "reference" / "mutation.md"
_CONTEXT: Final = 24  # characters around a change
_BY_REQUESTS: Final = "the same items, by another number of requests"
_UNEXPLAINED: Final = "**not explained**"


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why changes survive.

    Attributes:
        module: Where they are.
        kind: `same` where nothing that the library does depends on it, `outside` where it does, and the vectors cannot
            or need not show it. Where one could, there is to be one.
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
        """Whether it is about this change. One that names what lines become is not about code that no vector runs."""
        if module != self.module or not one.place.startswith(self.place):
            return False
        if isinstance(one, Unreached):
            return self.before in one.before and not self.after
        return self.before in one.before and self.after in one.after


def reasons(path: Path) -> list[Reason]:
    """Those that are written down."""
    return convert(tomllib.loads(path.read_text(encoding="utf-8"))["reason"], list[Reason])


def reason_of(module: str, one: Survivor | Unreached, known: Sequence[Reason]) -> Reason | None:
    """The first that is about a change; that other requests are made is one where there is no other."""
    found = next((reason for reason in known if reason.holds(module, one)), None)
    if isinstance(one, Survivor) and one.by_requests and found is None:
        return Reason(module, "outside", _BY_REQUESTS)
    return found


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


def with_report(text: str, results: Results, known: Sequence[Reason]) -> str:
    """A page whose part behind the mark is that of these results."""
    return text.partition(BEGIN)[0] + report(results, known)


def report(results: Results, known: Sequence[Reason]) -> str:
    """The part of the page that is printed."""
    head = (
        f"Version {results.version}, {results.date}, {results.cases} cases, Python {results.python}, "
        f"cosmic-ray {results.cosmic_ray}."
    )
    parts = [BEGIN, head, "\n".join(_table(results, known)), "## What survived"]
    for module, outcome in results.modules.items():
        parts += [part for part in (f"### {module}", *_survivors(module, outcome, known)) if part]
    return "\n\n".join(parts) + "\n"


def _table(results: Results, known: Sequence[Reason]) -> Iterator[str]:
    yield "| module | changes | seen | survived | the same | outside | by requests | no reason | score | not reached |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    totals = Counter[str]()
    for module, outcome in results.modules.items():
        counts = _counts(module, outcome, known)
        totals.update(counts)
        yield _row(f"`{module}`" if MODULES[module].whole else f"*`{module}`*", counts)
    yield _row("**all**", totals)


def _counts(module: str, outcome: Outcome, known: Sequence[Reason]) -> Counter[str]:
    found = [reason_of(module, one, known) for one in outcome.survivors]
    kinds = Counter("none" if reason is None else _kind(reason) for reason in found)
    return kinds + Counter(seen=outcome.seen, survived=len(found), unreached=len(outcome.unreached))


def _kind(reason: Reason) -> str:
    return "requests" if reason.why == _BY_REQUESTS else reason.kind


def _row(name: str, counts: Counter[str]) -> str:
    tried = counts["seen"] + counts["survived"]
    score = f"{100 * counts['seen'] / (tried - counts['same']):.1f} %" if tried > counts["same"] else ""
    told = (counts[key] for key in ("seen", "survived", "same", "outside", "requests", "none"))
    cells = (name, tried, *told, score, counts["unreached"])
    return f"| {' | '.join(map(str, cells))} |"


def _survivors(module: str, outcome: Outcome, known: Sequence[Reason]) -> Iterator[str]:
    rows = [f"| {one.line} | {_change(one)} | {_why(module, one, known)} |" for one in outcome.survivors]
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
    return ("the same: " if reason.kind == "same" else "") + reason.why


def _change(one: Survivor) -> str:
    """What differs, with a little of what stands around."""
    before, after = one.before, one.after
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    return f"{_excerpt(before, head, len(before) - tail)} → {_excerpt(after, head, len(after) - tail)}"


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    shown = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}".replace("|", "\\|")
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown}{fence}"
