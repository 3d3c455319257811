"""What the servers of a case answer, and what they were asked. Pure: over sockets or in memory, it is the same.

Addresses stand for what is only known when servers are started: `{server}` is where the runner's client points,
`{other}` another origin on this machine, and `{closed}` an address at which nothing listens.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain, repeat
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

Json: TypeAlias = Any
"""What `json.loads` makes of a vector; its schema says what that is."""

SERVER: Final = "{server}"
OTHER: Final = "{other}"
CLOSED: Final = "{closed}"
PLACES: Final = (SERVER, OTHER, CLOSED)


class Asked(NamedTuple):
    """A request as it arrived.

    Attributes:
        method: In capitals.
        origin: Scheme, host and port, or a place such as `{server}`.
        target: Path and query, byte for byte.
        headers: By name in lower case.
    """

    method: str
    origin: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target's query, as it was sent."""
        return self.target.partition("?")[2]


class Answer(NamedTuple):
    """What goes back: a status, headers in order, and the bytes of a body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Trouble(Enum):
    """What goes back instead of an answer."""

    RESET = "reset"
    """The connection breaks before anything was answered."""
    CUT = "cut"
    """The connection breaks in the middle of a body."""
    STALL = "stall"
    """Nothing comes until the client gives up."""


class EndlessError(Exception):
    """A client asks for ever; no case needs so many requests."""

    MOST: Final = 1000


def remember(asked: Asked, before: list[Asked]) -> None:
    """Add a request to those before.

    Raises:
        EndlessError: there are too many.
    """
    before.append(asked)
    if len(before) > EndlessError.MOST:
        raise EndlessError


class World(Protocol):
    """The servers of one case."""

    asked: list[Asked]

    def answer(self, asked: Asked) -> Answer | Trouble:
        """What a request is answered; it is remembered in `asked`.

        Raises:
            EndlessError: there were too many.
        """
        ...


class Script:
    """Answers in the order in which requests come; the last one stands for all that follow.

    Args:
        outcomes: As the vectors have them: see `$defs/outcome` in `schemas/common.json`.
    """

    def __init__(self, outcomes: Iterable[Json]) -> None:
        self.asked: list[Asked] = []
        self._outcomes: Iterator[Json] = _unfolded(list(outcomes))

    def answer(self, asked: Asked) -> Answer | Trouble:
        """See `World`."""
        remember(asked, self.asked)
        return outcome(next(self._outcomes))


def _unfolded(outcomes: list[Json]) -> Iterator[Json]:
    each = chain.from_iterable(repeat(item, item.get("times", 1)) for item in outcomes)
    return chain(each, repeat(outcomes[-1]))


def outcome(said: Json) -> Answer | Trouble:
    """An outcome of a vector, as what goes back."""
    if "trouble" in said:
        return Trouble(said["trouble"])
    headers, body = dict(said.get("headers", {})), b""
    if "json" in said:
        headers = {"Content-Type": "application/json", **headers}
        body = json.dumps(said["json"], ensure_ascii=False, separators=(",", ":")).encode()
    elif "text" in said:
        body = said["text"].encode()
    elif "base64" in said:
        body = base64.b64decode(said["base64"])
    return Answer(said["status"], tuple(headers.items()), body)


def is_object(value: Json) -> bool:
    """Whether JSON is an object; the members of one that is stay of any type."""
    return isinstance(value, dict)


def is_list(value: Json) -> bool:
    """Whether JSON is a list; the elements of one that is stay of any type."""
    return isinstance(value, list)


def placed(value: Json, places: Mapping[str, str]) -> Json:
    """The same value, in whose texts the places have become addresses."""
    if isinstance(value, str):
        for place, address in places.items():
            value = value.replace(place, address)
        return value
    if is_list(value):
        return [placed(item, places) for item in value]
    if is_object(value):
        return {key: placed(item, places) for key, item in value.items()}
    return value
