"""What is left to do by hand after a new spec, prepared: the changelog's entry and what to review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.document import read_text
from pipeline.errors import PipelineError
from pipeline.git import git
from pipeline.spec_diff.command import report_since_commit
from pipeline.spec_diff.report import changelog_entry, version_words

UNRELEASED: Final = "## [Unreleased]"

_VERSION_HEADING: Final = re.compile(r"^## ", flags=re.MULTILINE)
_SECTION_HEADING: Final = re.compile(r"^### (.+?)\s*$", flags=re.MULTILINE)
_ORDER: Final = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")  # as Keep a Changelog has it
_QUESTIONS: Final = {
    "openapi": "is this the spec that was published, and does overlay.yaml still say only what the spec does not?",
    "generated": "are these the names and types that users expect? It is never edited, only generated.",
    "CHANGELOG.md": "word the new lines for users, each breaking one with the code before and after.",
}


def with_entry(changelog: str, entry: str) -> str:
    """The changelog with an entry's lines in the sections below `## [Unreleased]`.

    Sections that are there get the lines at their end, others are put in. What is there already is not repeated, so
    doing it twice is doing it once.

    Raises:
        PipelineError: the changelog has no such heading.
    """
    before, heading, rest = changelog.partition(f"{UNRELEASED}\n")
    if not heading or (before and not before.endswith("\n")):
        raise PipelineError(f"CHANGELOG.md has no line {UNRELEASED}; add it above the last version.")
    following = _VERSION_HEADING.search(rest)
    unreleased, after = (rest[: following.start()], rest[following.start() :]) if following else (rest, "")
    preface, sections = _sections(unreleased)
    added = _sections(entry)[1]
    if not added:
        return changelog
    for name, lines in added.items():
        sections[name] = _merged(sections.get(name, ""), lines)
    body = [f"### {name}\n\n{sections[name]}\n" for name in sorted(sections, key=_rank)]
    return "\n".join(filter(None, [before + heading, preface and f"{preface}\n", *body, after]))


def _sections(text: str) -> tuple[str, dict[str, str]]:
    """What stands above the first section, and the sections by name, without the empty lines around them."""
    preface, *parts = _SECTION_HEADING.split(text)
    return preface.strip(), dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


def _merged(there: str, lines: str) -> str:
    known = set(there.splitlines())
    return "\n".join(filter(None, [there, *(line for line in lines.splitlines() if line not in known)]))


def _rank(section: str) -> tuple[int, str]:
    return (_ORDER.index(section) if section in _ORDER else len(_ORDER), section)


def to_review(changed: Sequence[str]) -> list[str]:
    """Which of the changed files to read, in which order, and with which question, one line each."""
    lines = []
    for folder, question in _QUESTIONS.items():
        files = sum(path == folder or path.startswith(f"{folder}/") for path in changed)
        if files:
            lines.append(f"{folder} ({files} {'file' if files == 1 else 'files'}): {question}")
    return lines


def record(root: Path) -> str:
    """Insert into CHANGELOG.md what changed in the vendored document since the last commit; returns what to tell.

    Raises:
        PipelineError: git, a document or the changelog cannot be read; nothing is written then.
    """
    report = report_since_commit(root)
    path = root / "CHANGELOG.md"
    old = read_text(path)
    new = with_entry(old, changelog_entry(report.changes))
    if new != old:
        path.write_bytes(new.encode())
    entries = (
        git(root, "status", "--porcelain", "--untracked-files=all", "--no-renames", "-z", ".").decode().split("\0")
    )
    lines = to_review([entry[3:] for entry in entries])
    told = ["What to review, with `git diff`:", *(f"  {line}" for line in lines)] if lines else ["Nothing changed."]
    return "\n".join([*told, version_words(report.bump)]) + "\n"
