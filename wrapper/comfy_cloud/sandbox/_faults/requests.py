"""Faults before the answer: a parameter that is not seen, a library that changes between pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar

from comfy_cloud.sandbox._serving.exchange import Asked

from .fault import Changeable, Effect, part
from .kinds import Kind, Text, Whole, Word

HOWS = ("add", "delete", "rename", "retag")
PLACES = ("newest", "oldest", "random")
_MAX_CHANGES = 10_000


@dataclass(frozen=True, slots=True)
class Ignore(Effect):
    """A query parameter that the server does not know, and so ignores in silence: `ignore=include_tags`."""

    name: ClassVar[str] = "ignore"
    parameter: str = part(Text(), "")

    def ask(self, asked: Asked) -> Asked:
        """The request without the parameter."""
        return replace(asked, query=tuple(pair for pair in asked.query if pair[0] != self.parameter))


@dataclass(frozen=True, slots=True)
class Mutate(Effect):
    """Changes of the library right before the request is answered: a page later it is another library.

    `at` says which of the account's assets, by `created_at`; what is added is always the newest.
    """

    name: ClassVar[str] = "mutate"
    how: str = part(Word(*HOWS), "add")
    count: int = part(Whole(1, _MAX_CHANGES), 1)
    at: str = part(Word(*PLACES), "newest")

    def change(self, library: Changeable, dice: Random) -> None:
        """As many single changes, each with its own number; fewer when the library runs out of assets."""
        for _ in range(self.count):
            self._once(library, dice)

    def _once(self, library: Changeable, dice: Random) -> None:
        word = f"{dice.getrandbits(32):08x}"
        if self.how == "add":
            library.add(name=f"added_{word}.png", tags=["output", "added"], size=dice.randrange(1, 10_000_000))
            return
        chosen = _pick(library, self.at, dice)
        if chosen is None:
            return
        if self.how == "delete":
            library.delete(chosen)
        elif self.how == "rename":
            library.rename(chosen, f"renamed_{word}.png")
        else:
            library.retag(chosen, add=[f"retagged-{word}"])


class _Callable(Kind):
    """A function. There is no text for one."""

    says = "a function that takes the sandbox; a change that can be written as text is mutate"

    def read(self, text: str) -> object:
        """Never: code is not text."""
        raise ValueError(text)

    def write(self, value: object) -> str:
        """Its name, for logs and pages; it does not read back."""
        return str(getattr(value, "__qualname__", type(value).__qualname__))

    def accepts(self, value: object) -> bool:
        """Anything that can be called."""
        return callable(value)


def _nothing(_: Changeable) -> None:
    """Change nothing."""


@dataclass(frozen=True, slots=True)
class Call(Effect):
    """A function of the caller's that changes the library. The one fault that has no text."""

    name: ClassVar[str] = "call"
    function: Callable[[Changeable], object] = part(_Callable(), _nothing)  # noqa: RUF009 - a field

    def change(self, library: Changeable, dice: Random) -> None:  # noqa: ARG002 - the interface
        """Whatever the function does."""
        self.function(library)


_ORDERS = {"newest": "created_at DESC, id DESC", "oldest": "created_at, id", "random": "id"}


def _pick(library: Changeable, at: str, dice: Random) -> str | None:
    """The id of one of the account's assets, or nothing when there is none."""
    mine = "FROM assets WHERE owner = 'account'"
    ((count,),) = library.sql(f"SELECT COUNT(*) {mine}")
    place = int(dice.random() * int(str(count))) if at == "random" else 0
    found = library.sql(f"SELECT id {mine} ORDER BY {_ORDERS[at]} LIMIT 1 OFFSET ?", (place,))
    return str(found[0][0]) if found else None
