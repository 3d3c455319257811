"""What the command prints: text, Markdown, JSON, and the changelog entry in each of them.

The JSON is one object with the keys

- `format`: 1, and higher when a key is taken away or means something else;
- `class`: the worst class: `none`, `cosmetic`, `additive` or `breaking`;
- `counts`: how many changes there are, by class;
- `version`: `current`, `bump` (`none`, `patch`, `minor`, `major`), `next`, and `from_1_0`, the bump from 1.0 on;
- `changelog`: sections of a changelog entry, as Markdown; empty where users notice nothing;
- `changes`: objects with `class`, `rule` (a stable name), `pointer` (in the new document, or in the old one where it
  is gone), `sentence`, `python` (may be empty), `operations` and `roles` (sorted lists), and, where there is one,
  `before` and `after`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pipeline.document import show_pointer
from pipeline.spec_diff.model import ABSENT, Change, Severity
from pipeline.spec_diff.versions import Bump

FORMAT: Final = 1
_SECTIONS: Final = ("Added", "Changed", "Deprecated", "Removed")
_WORST_FIRST: Final = tuple(sorted(Severity, reverse=True))


class Report(NamedTuple):
    """The changes, worst first, and the version they ask for."""

    changes: Sequence[Change]
    bump: Bump

    @property
    def worst(self) -> Severity | None:
        """The class of the whole; None where nothing changed."""
        return max((change.severity for change in self.changes), default=None)


def as_text(report: Report) -> str:
    """For a terminal."""
    lines = [_headline(report)]
    for severity in _WORST_FIRST:
        chosen = [change for change in report.changes if change.severity is severity]
        lines += ["", f"{severity.label} ({len(chosen)})"] if chosen else []
        for change in chosen:
            lines += [f"  {change.sentence}", *(f"      {line}" for line in _whereabouts(change))]
    lines += ["", version_words(report.bump)]
    if entry := changelog_entry(report.changes):
        lines += ["", "Changelog entry:", "", entry.rstrip("\n")]
    return "\n".join(lines) + "\n"


def as_markdown(report: Report) -> str:
    """For a pull request."""
    lines = [f"**{_headline(report)}** {version_words(report.bump)}"]
    for severity in _WORST_FIRST:
        chosen = [change for change in report.changes if change.severity is severity]
        lines += ["", f"## {severity.label.capitalize()}", ""] if chosen else []
        for change in chosen:
            where = "; ".join(f"`{line}`" for line in _whereabouts(change))
            lines.append(f"- {_escaped(change.sentence)} ({where})")
    if entry := changelog_entry(report.changes):
        lines += ["", "## Changelog entry", "", "````markdown", entry.rstrip("\n"), "````"]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """For programs; the keys are in this module's docstring."""
    counts = {severity.label: _count(report, severity) for severity in _WORST_FIRST}
    bump = report.bump
    told: dict[str, Any] = {
        "format": FORMAT,
        "class": report.worst.label if report.worst else "none",
        "counts": counts,
        "version": {"current": bump.current, "bump": bump.part, "next": bump.next, "from_1_0": bump.from_1_0},
        "changelog": changelog_entry(report.changes),
        "changes": [_change(change) for change in report.changes],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def changelog_entry(changes: Sequence[Change]) -> str:
    """Sections after Keep a Changelog, to paste under a version; breaking changes come first and say so."""
    lines: list[str] = []
    for section in _SECTIONS:
        entries = list(dict.fromkeys(_entries(changes, section)))
        lines += ["", f"### {section}", "", *entries] if entries else []
    return "\n".join(lines[1:]) + "\n" if lines else ""


def _entries(changes: Sequence[Change], section: str) -> Iterator[str]:
    for change in changes:
        if change.severity is not Severity.COSMETIC and _section(change) == section:
            mark = "**Breaking:** " if change.severity is Severity.BREAKING else ""
            python = f" (`{change.python}`)" if change.python else ""
            yield f"- {mark}{_escaped(change.sentence.removesuffix('.'))}{python}."
    reworded = sum(change.severity is Severity.COSMETIC for change in changes)
    if section == "Changed" and reworded:
        places = "one place that changes" if reworded == 1 else f"{reworded} places that change"
        yield f"- The API's document differs in {places} nothing but docstrings."


def _section(change: Change) -> str:
    if change.rule == "deprecated":
        return "Deprecated"
    kinds = {"added": "Added", "removed": "Removed", "documented": "Added", "undocumented": "Removed"}
    about_things = not change.rule.startswith(("security-added", "security-removed", "pattern", "enum-added"))
    return kinds.get(change.rule.rpartition("-")[2], "Changed") if about_things else "Changed"


def _headline(report: Report) -> str:
    if report.worst is None:
        return "The documents say the same: no change."
    counts = ", ".join(f"{count} {each.label}" for each in _WORST_FIRST if (count := _count(report, each)))
    return f"For users of the Python package, the change is {report.worst.label}: {counts}."


def _count(report: Report, severity: Severity) -> int:
    return sum(change.severity is severity for change in report.changes)


def version_words(bump: Bump) -> str:
    """The version to release, in a sentence."""
    if bump.part == "none":
        return f"Version {bump.current} can stay."
    return f"Version {bump.current} becomes {bump.next} ({bump.part}); from 1.0 on it would be {bump.from_1_0}."


def _whereabouts(change: Change) -> Iterator[str]:
    yield f"at {show_pointer(change.pointer)}"
    if change.python:
        yield f"in Python {change.python}"
    if operations := _operations(change):
        yield f"reaches {', '.join(operations)}"


def _operations(change: Change) -> list[str]:
    return sorted({str(use.operation) for use in change.uses})


def _escaped(sentence: str) -> str:
    """Keep values of the document from being read as Markdown or HTML; what stands in backticks already is."""
    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        return "".join(map(_plain, sentence))
    return "`".join("".join(map(_plain, piece)) if at % 2 == 0 else piece for at, piece in enumerate(pieces))


def _plain(char: str) -> str:
    return f"\\{char}" if char in "*_<[`" else char


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {
        "class": change.severity.label,
        "rule": change.rule,
        "pointer": show_pointer(change.pointer),
        "sentence": change.sentence,
        "python": change.python,
        "operations": _operations(change),
        "roles": sorted({use.role.value for use in change.uses}),
    }
    given = {"before": change.before, "after": change.after}
    return told | {name: value for name, value in given.items() if value is not ABSENT}
