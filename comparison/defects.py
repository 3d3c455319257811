"""What is wrong with a client that another generator made, by the cases that it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from comfy_cloud.conformance import Result, Verdict

FAMILIES: Final = ("requests", "responses")
"""The families that a client is compared by which was generated from a document, and nothing else."""


class Defect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a generator does, for which cases fail.

    Attributes:
        defect: What it does, in a sentence.
        file: Where that is seen, among the generated files.
        line: A line of that file, without the space around it.
        cases: The ids of the cases that fail for it.
    """

    defect: str
    file: str
    line: str
    cases: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of defects.

    Attributes:
        defects: All that explain a failure.
    """

    defects: tuple[Defect, ...]

    @property
    def cases(self) -> list[str]:
        """The ids of all cases that fail."""
        return [case for defect in self.defects for case in defect.cases]


def listed(client: str) -> Listed:
    """The defects of a client, by the name of its folder."""
    path = Path(__file__).parent / client / "defects.json"
    return msgspec.json.decode(path.read_bytes(), type=Listed)


def surprises(results: Iterable[Result], defects: Listed) -> Iterator[str]:
    """Where what was seen is not what is listed, in sentences; nothing where the list is right."""
    expected, seen = set(defects.cases), set[str]()
    for result in results:
        seen.add(result.case.id)
        failed = result.verdict is not Verdict.PASS
        if failed and result.case.id not in expected:
            told = result.why or f"expected {result.case.expect}, actual {result.actual}"
            yield f"{result.case.id} is not listed, and does not pass ({result.verdict.value}): {told:.600}"
        if not failed and result.case.id in expected:
            yield f"{result.case.id} is listed, and passes; take it from the list."
    for case in sorted(expected - seen):
        yield f"{case} is listed, and there is no such case; take it from the list."


def unseen(defects: Sequence[Defect], folder: Path) -> Iterator[str]:
    """The defects whose line the generator no longer writes, in sentences."""
    for defect in defects:
        path = folder / defect.file
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        if defect.line not in map(str.strip, lines):
            yield f"{defect.file} has no line `{defect.line}`; look again at: {defect.defect}"
