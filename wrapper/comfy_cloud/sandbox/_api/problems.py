"""What can be wrong with a query, as errors that the service turns into answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from comfy_cloud.sandbox._library.model import Json


class ProblemError(ValueError):
    """One value is not acceptable: a sentence without its point, its kind, and what the sentence speaks of."""

    def __init__(self, kind: str, message: str, **context: Json) -> None:
        super().__init__(message)
        self.kind = kind
        self.context = context


class BadQueryError(ValueError):
    """Some parameters are not acceptable: a 400 with `code`. `problems` are pairs of a parameter and what is wrong."""

    def __init__(self, problems: Sequence[tuple[str, ProblemError]], code: str = "INVALID_QUERY") -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems = problems
        self.code = code


class IndigestibleError(Exception):
    """The observed server fails on this with a 500 that says nothing; the message is a sentence without its point."""
