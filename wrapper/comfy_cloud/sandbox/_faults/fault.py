"""What a fault is: an effect, and when it has it. Frozen values with a text form. Pure."""

from __future__ import annotations

import json
import re
from abc import ABC
from collections.abc import Iterator, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, cast

from comfy_cloud.sandbox._serving.exchange import Answer, Asked, Pairs

from .kinds import FaultError, HeaderValue, Kind, Share, Text, Whole, Word

if TYPE_CHECKING:
    from comfy_cloud.sandbox._library.filters import SqlValue
    from comfy_cloud.sandbox._serving.delivery import Delivery

T = TypeVar("T")

BARE = re.compile(r"[A-Za-z0-9_./+±-]+")
"""A value that needs no quotes in the text of a fault."""

MAX_COUNT = 10**9
OPERATIONS = {"listAssets": "/api/assets", "listTags": "/api/tags"}
"""The operations a fault can be limited to, by the names the spec gives them, and their paths."""


def part(kind: Kind, default: T) -> T:
    """A dataclass field of this kind, which is left out of the text while it has its default."""
    return field(default=default, metadata={"kind": kind})


def kind_of(declared: Field[object]) -> Kind:
    """The kind a field was declared with by `part`."""
    kind = declared.metadata["kind"]
    assert isinstance(kind, Kind)
    return kind


@dataclass(frozen=True, slots=True)
class Checked:
    """A dataclass whose fields were declared by `part`: what is not acceptable is refused when it is made."""

    def __post_init__(self) -> None:
        for declared, value in given(self):
            kind_of(declared).check(declared.name, value)


def given(value: Checked) -> Iterator[tuple[Field[object], object]]:
    """The fields of a dataclass that do not have their defaults, with their values."""
    for declared in fields(value):
        if (actual := getattr(value, declared.name)) != declared.default or type(actual) is not type(declared.default):
            yield declared, actual


class Changeable(Protocol):
    """What a fault does to a library, which `Sandbox` can; see there."""

    def add(self, *, name: str, tags: Sequence[str], size: int) -> object:
        """Add an asset that is created now, which makes it the newest."""

    def delete(self, asset_id: str, /) -> object:
        """Delete an asset."""

    def rename(self, asset_id: str, name: str, /) -> object:
        """Give an asset another name."""

    def retag(self, asset_id: str, /, *, add: Sequence[str]) -> object:
        """Give an asset more tags."""

    def sql(self, query: str, params: Sequence[SqlValue] = ()) -> list[tuple[SqlValue, ...]]:
        """Look at the library."""
        ...


@dataclass(frozen=True, slots=True)
class Effect(Checked, ABC):
    """What a fault does to one request. Subclasses say it in the one or two of these steps that it is about.

    The steps run in this order; of several faults that fire at once, each step of one sees what the same step of the
    one before it made. `name` is what the effect is called in text; its first field may follow after a `=`.
    """

    name: ClassVar[str]

    def wait(self, dice: Random) -> float:  # noqa: ARG002 - for subclasses
        """How many seconds to wait before the request is looked at."""
        return 0.0

    def change(self, library: Changeable, dice: Random) -> None:
        """Change the library before the request is answered."""

    def ask(self, asked: Asked) -> Asked:
        """The request as the service gets to see it."""
        return asked

    def instead(self, asked: Asked) -> Answer | None:  # noqa: ARG002 - for subclasses
        """An answer that keeps the service from being asked."""
        return None

    def answer(self, answer: Answer, asked: Asked, last: Answer | None) -> Answer:  # noqa: ARG002 - for subclasses
        """The answer as it is sent; `last` is the one before it to the same path."""
        return answer

    def deliver(self, delivery: Delivery) -> Delivery:
        """How the answer goes out."""
        return delivery


@dataclass(frozen=True, slots=True)
class When(Checked):
    """Which requests a fault is for, and how often it fires among them.

    Requests outside /api/ are never meant. `path` is a pattern (`*` is any run of characters, `?` any character,
    `[ab]` one of these), `offset` is the query's, 0 when it has none. Requests that match are counted from 1; the
    fault fires from the `first` to the `last` of them, each time with the probability `chance`, at most `times` times.
    """

    path: str = part(Text(), "*")
    operation: str = part(Word(*OPERATIONS), "")
    method: str = part(HeaderValue(), "")
    offset: int | None = part(Whole(0, MAX_COUNT), None)
    first: int = part(Whole(1, MAX_COUNT), 1)
    last: int | None = part(Whole(1, MAX_COUNT), None)
    times: int | None = part(Whole(1, MAX_COUNT), None)
    chance: float = part(Share(), 1.0)

    def __post_init__(self) -> None:
        # By its class, because a dataclass with slots is a new class that a bare super() does not know.
        Checked.__post_init__(self)
        if self.last is not None and self.last < self.first:
            raise FaultError(f"last must not be before first, but {self.last} is before {self.first}.")

    def matches(self, asked: Asked) -> bool:
        """Whether the request is one that counts."""
        return (
            asked.path.startswith("/api/")
            and fnmatchcase(asked.path, self.path)
            and (not self.operation or (asked.method, asked.path) == ("GET", OPERATIONS[self.operation]))
            and (not self.method or asked.method == self.method)
            and (self.offset is None or dict(asked.query).get("offset", "0") == str(self.offset))
        )

    def fires(self, count: int, fired: int, draw: float) -> bool:
        """Whether it fires for the `count`-th that matches, having fired `fired` times; `draw` is in [0, 1)."""
        within = self.first <= count and (self.last is None or count <= self.last)
        return within and (self.times is None or fired < self.times) and draw < self.chance


_ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and when: every time, unless the methods narrow it. A frozen value.

    Its methods make a new one; `str()` of it is its text, which `--faults` and `Faults.add` understand:

        status(503, retry_after=1).times(2)      503(retry_after=1)*2
        reset().chance(0.1)                      reset:10%
        latency(0.05, jitter=0.02)               latency=50ms±20ms
        stall().nth(3).on(path="/api/tags")      stall@3[path=/api/tags]
    """

    effect: Effect
    when: When = _ALWAYS

    def times(self, n: int) -> Fault:
        """Fire at most `n` times in all. Raises FaultError unless `n` is at least 1."""
        return replace(self, when=replace(self.when, times=n))

    def nth(self, n: int, last: int | None = None) -> Fault:
        """Fire only for the `n`-th matching request, counted from 1, or for those from the `n`-th to the `last`-th.

        Raises FaultError unless 1 <= n <= last.
        """
        return replace(self, when=replace(self.when, first=n, last=n if last is None else last))

    def since(self, n: int) -> Fault:
        """Fire for the `n`-th matching request, counted from 1, and all after it. Raises FaultError unless n >= 1."""
        return replace(self, when=replace(self.when, first=n, last=None))

    def chance(self, probability: float) -> Fault:
        """Fire with this probability, above 0 and at most 1, by the dice of the `Faults` it is added to.

        Raises FaultError outside these bounds.
        """
        return replace(self, when=replace(self.when, chance=probability))

    def on(
        self,
        *,
        path: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        offset: int | None = None,
    ) -> Fault:
        """Count only requests that fit all of these; what is left out stays as it was.

        Args:
            path: A pattern for the decoded path, as in `/api/*`. Paths outside /api/ are never met by faults.
            operation: `listAssets` or `listTags`, the spec's names.
            method: As in `GET`.
            offset: The query's `offset`; a query without one has 0.

        Raises:
            FaultError: For an operation that does not exist, or a value that is not acceptable.
        """
        chosen = {"path": path, "operation": operation, "method": method, "offset": offset}
        when = replace(self.when, **{name: value for name, value in chosen.items() if value is not None})  # type: ignore[arg-type]  # each has its field's type
        return replace(self, when=when)

    def __str__(self) -> str:
        return _effect_text(self.effect) + _when_text(self.when)


def _effect_text(effect: Effect) -> str:
    main = fields(effect)[0].name if fields(effect) else None
    title, options = effect.name, list[str]()
    for declared, value in given(effect):
        if declared.name == main:
            written = _quoted(kind_of(declared).write(value))
            # A status is so common that its number is its name.
            title = written if effect.name == "status" else f"{title}={written}"
        else:
            options += _option(declared, value)
    return f"{title}({', '.join(options)})" if options else title


def _option(declared: Field[object], value: object) -> Iterator[str]:
    if value is True:
        yield declared.name
    elif declared.name == "header":
        for pair in cast("Pairs", value):
            yield f"{declared.name}={_quoted(': '.join(pair))}"
    else:
        yield f"{declared.name}={_quoted(kind_of(declared).write(value))}"


def _when_text(when: When) -> str:
    first, last = when.first, when.last
    counts = "" if (first, last) == (1, None) else f"@{first}" if first == last else f"@{first}-{last or ''}"
    times = "" if when.times is None else f"*{when.times}"
    chance = "" if when.chance == 1 else f":{Share().write(when.chance)}%"
    narrowing = {"path", "operation", "method", "offset"}
    options = [text for one, value in given(when) if one.name in narrowing for text in _option(one, value)]
    return f"{counts}{times}{chance}" + (f"[{', '.join(options)}]" if options else "")


def _quoted(text: str) -> str:
    return text if BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
