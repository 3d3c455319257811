"""One request and one answer, as values: what stands between a library and the ways in (a socket, in process)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Pairs: TypeAlias = tuple[tuple[str, str], ...]

SEQUENCE_HEADER = "X-Sandbox-Sequence"
"""The header of every answer that says which change of the library was the last one the answer saw."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, whatever way it came in.

    `path` and `query` are percent-decoded, `query` in order and with repeated keys; the names of `headers` are in
    lower case. `base_url` is where it arrived: scheme, host and port, or nothing. `target` is the path and the query
    as they were sent, whose length servers limit.
    """

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    base_url: str = ""
    target: str = ""

    def header(self, name: str) -> str:
        """The values of a header, joined as HTTP says; "" when it was not sent. `name` is in lower case."""
        return ", ".join(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, complete. `sequence` is the number of the last change of the library that it saw."""

    status: int
    headers: Pairs
    body: bytes
    sequence: int = 0
