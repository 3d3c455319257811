"""Faults of a listing's body: lies about the page, fields that are not as they should be. Pure."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias, cast

from comfy_cloud.sandbox._serving.exchange import Answer, Asked

from .fault import MAX_COUNT, Effect, part
from .kinds import Text, Whole, Word

Body: TypeAlias = dict[str, object]
_LISTS = ("assets", "tags")
_PAGE = frozenset((*_LISTS, "total", "has_more"))  # one of them tells a listing, also when others are gone


@dataclass(frozen=True, slots=True)
class _Edit(Effect):
    """Changes the body of a listing, and nothing else: other answers go out as they are."""

    def answer(self, answer: Answer, asked: Asked, last: Answer | None) -> Answer:  # noqa: ARG002 - the interface
        """The answer with its body edited."""
        body = _listing(answer)
        if body is None:
            return answer
        self.edit(body, asked)
        return replace(answer, body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    @abstractmethod
    def edit(self, body: Body, asked: Asked) -> None:
        """Change the body in place."""


@dataclass(frozen=True, slots=True)
class HasMore(_Edit):
    """A `has_more` that says what it is told to, by default the opposite of the truth."""

    name: ClassVar[str] = "has_more"
    says: str = part(Word("true", "false", "opposite"), "opposite")

    def edit(self, body: Body, asked: Asked) -> None:  # noqa: ARG002 - the interface
        """Only this field; the rest still tells the truth."""
        body["has_more"] = not body.get("has_more") if self.says == "opposite" else self.says == "true"


@dataclass(frozen=True, slots=True)
class Total(_Edit):
    """A `total` that is a given number, or wrong by a number; never below 0."""

    name: ClassVar[str] = "total"
    says: int | None = part(Whole(0, MAX_COUNT), None)
    by: int = part(Whole(-MAX_COUNT, MAX_COUNT), 0)

    def edit(self, body: Body, asked: Asked) -> None:  # noqa: ARG002 - the interface
        """Only this field; `has_more` still tells the truth."""
        truth = body["total"]
        assert isinstance(truth, int)
        body["total"] = max((truth if self.says is None else self.says) + self.by, 0)


@dataclass(frozen=True, slots=True)
class RepeatCursor(_Edit):
    """A `next_cursor` that is the one the page was asked for with, so that following it never ends."""

    name: ClassVar[str] = "repeat_cursor"

    def edit(self, body: Body, asked: Asked) -> None:
        """On pages that were asked for with a cursor."""
        if after := dict(asked.query).get("after"):
            body["next_cursor"] = after


@dataclass(frozen=True, slots=True)
class EmptyPage(_Edit):
    """A page without items, though `total` and `has_more` say that there are some."""

    name: ClassVar[str] = "empty_page"

    def edit(self, body: Body, asked: Asked) -> None:  # noqa: ARG002 - the interface
        """The list stays, empty."""
        body.update({name: [] for name in _LISTS if name in body})


@dataclass(frozen=True, slots=True)
class RepeatPage(Effect):
    """The answer before this one to the same path, once more; the first is as it should be."""

    name: ClassVar[str] = "repeat_page"

    def answer(self, answer: Answer, asked: Asked, last: Answer | None) -> Answer:  # noqa: ARG002 - the interface
        """The bytes that a client has had already."""
        return answer if last is None else last


@dataclass(frozen=True, slots=True)
class _FieldEdit(_Edit):
    """Changes one field: of the body where the body has it, else of its items, of one of them or all."""

    field: str = part(Text(), "")
    item: int | None = part(Whole(0, MAX_COUNT), None)

    def edit(self, body: Body, asked: Asked) -> None:  # noqa: ARG002 - the interface
        """Wherever the field is."""
        for holder in self._holders(body):
            self.spoil(holder)

    @abstractmethod
    def spoil(self, holder: Body) -> None:
        """Change the field in the object that has it, or would have it."""

    def _holders(self, body: Body) -> Iterator[Body]:
        if self.field in body and self.item is None:
            yield body
            return
        items = [one for name in _LISTS for one in _items(body.get(name))]
        yield from items if self.item is None else items[self.item : self.item + 1]


@dataclass(frozen=True, slots=True)
class Null(_FieldEdit):
    """A field that is null."""

    name: ClassVar[str] = "null"

    def spoil(self, holder: Body) -> None:
        """Also where it was absent."""
        holder[self.field] = None


@dataclass(frozen=True, slots=True)
class Missing(_FieldEdit):
    """A field that is absent."""

    name: ClassVar[str] = "missing"

    def spoil(self, holder: Body) -> None:
        """Where it is."""
        holder.pop(self.field, None)


@dataclass(frozen=True, slots=True)
class Malformed(_FieldEdit):
    """A field with a value of another type, or for a time with a text that is none."""

    name: ClassVar[str] = "malformed"

    def spoil(self, holder: Body) -> None:
        """Also where it was absent."""
        holder[self.field] = _other(self.field, holder.get(self.field))


@dataclass(frozen=True, slots=True)
class UnknownFields(_Edit):
    """Fields that no spec mentions, in the body and in each of its items."""

    name: ClassVar[str] = "unknown_fields"

    def edit(self, body: Body, asked: Asked) -> None:  # noqa: ARG002 - the interface
        """Of several types."""
        for holder in (body, *(one for name in _LISTS for one in _items(body.get(name)))):
            holder.update({"x_new": "a field of a newer server", "x_flags": [True, None, {"level": 3}]})


@dataclass(frozen=True, slots=True)
class BrokenJson(Effect):
    """A body that stops in the middle of its JSON, though its Content-Length is right."""

    name: ClassVar[str] = "broken_json"

    def answer(self, answer: Answer, asked: Asked, last: Answer | None) -> Answer:  # noqa: ARG002 - the interface
        """The first half."""
        return replace(answer, body=answer.body[: len(answer.body) // 2])


def _listing(answer: Answer) -> Body | None:
    """The body of a listing, or nothing where there is none to edit."""
    if answer.status != 200:  # noqa: PLR2004 - a status says what it is
        return None
    try:
        body = json.loads(answer.body)
    except ValueError:
        return None
    return cast("Body", body) if isinstance(body, dict) and not _PAGE.isdisjoint(cast("Body", body)) else None


def _items(value: object) -> Iterator[Body]:
    """The objects in a list; tags of an asset are texts and no items."""
    for one in cast("list[object]", value) if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield cast("Body", one)


def _other(field: str, value: object) -> object:
    if field.endswith(("_at", "_time")):
        return "yesterday"
    by_type: dict[type, object] = {str: 12345, int: "many", float: "many", bool: "perhaps", list: {}, dict: []}
    return by_type.get(type(value), [])
