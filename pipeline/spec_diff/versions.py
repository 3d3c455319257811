"""Which version a change asks for, after Semantic Versioning."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.errors import PipelineError
from pipeline.spec_diff.model import Severity

_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
# While a project is 0.y.z, its minor number says what the major one says later.
_BEFORE_1_0: Final = {Severity.BREAKING: "minor", Severity.ADDITIVE: "patch", Severity.COSMETIC: "patch"}
_FROM_1_0: Final = {Severity.BREAKING: "major", Severity.ADDITIVE: "minor", Severity.COSMETIC: "patch"}


class Bump(NamedTuple):
    """What a release with these changes has to be called.

    Attributes:
        current: The version that is out.
        part: Which number goes up: major, minor, patch, or none.
        next: The version to release.
        from_1_0: Which number would go up in a project that has reached 1.0.
    """

    current: str
    part: str
    next: str
    from_1_0: str


def version_bump(current: str, worst: Severity | None) -> Bump:
    """The bump that the worst change asks for; None is no change.

    Raises:
        PipelineError: `current` is not three numbers.
    """
    if not (found := _VERSION.fullmatch(current)):
        raise PipelineError(f"The version {current} is not of the form 1.2.3; give the one that was released last.")
    if worst is None:
        return Bump(current, "none", current, "none")
    major, minor, patch = map(int, found.groups())
    part = (_FROM_1_0 if major else _BEFORE_1_0)[worst]
    following = {
        "major": f"{major + 1}.0.0",
        "minor": f"{major}.{minor + 1}.0",
        "patch": f"{major}.{minor}.{patch + 1}",
    }
    return Bump(current, part, following[part], _FROM_1_0[worst])
