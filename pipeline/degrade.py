"""Put the nearest thing it can express in the place of what the generator's parser cannot, and name each place."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from openapi_python_client.config import Config
from openapi_python_client.strings import ClassName

from pipeline.document import Document, Pointer, show_pointer
from pipeline.errors import PipelineError
from pipeline.flatten import flattened
from pipeline.normalise import Normalised
from pipeline.parsing import Complaint, InvalidError, Parsed, closure, parse
from pipeline.plain_schemas import Note, schemas_below

MAX_ROUNDS: Final = 200
_CLASH: Final = re.compile(r"duplicate models with name \"(\w+)\"|conflicting enums named (\w+)")

Reason: TypeAlias = Callable[[], str | None]
Mend: TypeAlias = Callable[[Pointer], list[str] | None]


class Degraded(NamedTuple):
    """What the parser made of a document in the end, and what had to be put otherwise for it."""

    parsed: Parsed
    notes: tuple[Note, ...]


def degrade(normalised: Normalised, config: Config) -> Degraded:
    """Parse a normalised document, changing it in place until the parser takes all of it.

    Raises:
        PipelineError: it never did, which is a bug of the pipeline.
    """
    mender = _Mender(normalised, config)
    complaints: tuple[Complaint, ...] = ()
    for _ in range(MAX_ROUNDS):
        try:
            parsed = parse(normalised.document, config)
        except InvalidError as error:
            mender.mend_faults(error)
            continue
        complaints = parsed.complaints
        causes = [item for item in complaints if not item.is_consequence] or complaints
        if not causes:
            return Degraded(parsed, tuple(dict.fromkeys(mender.notes)))
        for complaint in dict.fromkeys(causes):
            mender.mend(complaint)
    reasons = "; ".join(f"{show_pointer(place)}: {reason}" for place, reason in complaints[:3]) or "it is no OpenAPI"
    raise PipelineError(f"The generator cannot express the document: {reasons}.")


class _Mender:
    """Finds the part of a document that a complaint is about, and changes it."""

    def __init__(self, normalised: Normalised, config: Config) -> None:
        self.notes: list[Note] = []
        self._document = normalised.document
        self._places = normalised.operations
        self._config = config
        self._blanks: dict[tuple[int | str, ...], list[object]] = {}
        self._moved: dict[str, Pointer] = {}  # components that are no components in the document

    def mend_faults(self, error: InvalidError) -> None:
        """Take out what the parser's model of OpenAPI does not even read, or fill in what it misses."""
        for loc, message, kind in error.faults:
            pointer = self._located(loc)
            if kind == "missing" and isinstance(node := self._node(pointer), dict) and self._blank(loc) is not None:
                node[str(loc[-1])] = self._blanks[tuple(loc)].pop()
                self._tell((*pointer, str(loc[-1])), "is missing, and is taken for an empty one")
                continue
            while pointer and not isinstance(self._node(pointer[:-1]), dict):
                pointer = pointer[:-1]
            if not pointer:
                raise PipelineError(f"The document is no OpenAPI: {message}.")
            self._node(pointer[:-1]).pop(pointer[-1])
            self._tell(pointer, f"is not what OpenAPI has there ({message}), and is left out")

    def _blank(self, loc: tuple[int | str, ...]) -> object:
        """What stands in for something missing: a text, or where that does not do an object, or else nothing."""
        left = self._blanks.setdefault(loc, [{}, ""])
        return left[-1] if left else None

    def _located(self, loc: Sequence[int | str]) -> Pointer:
        """The pointer that a place in the parser's model stands for: it also names the variants of its unions."""
        pointer: Pointer = ()
        for part in loc:
            node = self._node(pointer)
            if (isinstance(node, dict) and part in node) or (isinstance(node, list) and isinstance(part, int)):
                pointer = (*pointer, str(part))
        return pointer

    def mend(self, complaint: Complaint) -> None:
        """Change the smallest part that makes the complaint go away, or turn into another."""
        place = complaint.place
        if len(place) < 3:  # noqa: PLR2004 - the parser does not say which component it is about
            raise PipelineError(f"The generator cannot express the document's schemas: {complaint.reason}.")
        reason = self._reason_alone(place)
        base = reason()
        if base is None:
            reason, base = (lambda: self._reason_of(place, self._document)), complaint.reason
            if self._mended_clash(place, complaint.reason, reason):
                return
        line = list(self._descent(place, reason, base))
        for mend in (self._without_default, self._members_hoisted, self._hoisted, self._flattened):
            for pointer in reversed(line):
                if self._tried(mend, pointer, reason, base):
                    return
        for pointer in reversed(line):
            if self._tried(self._anything(base), pointer, reason, base):
                return
        self._left_out(place, base)

    def _reason_alone(self, place: Pointer) -> Reason:
        """The complaint about a place in a document of nothing else than what it needs."""

        def reason() -> str | None:
            node = self._node(place)
            names = closure(self._document, node)
            components = self._document["components"]["schemas"]
            part: Document = {**self._document, "paths": {}}
            if place[0] == "paths":
                part["paths"] = {place[1]: self._document["paths"][place[1]]}
            else:
                names.add(place[2])
            part["components"] = {"schemas": {name: value for name, value in components.items() if name in names}}
            return self._reason_of(place, part)

        return reason

    def _reason_of(self, place: Pointer, document: Document) -> str | None:
        try:
            complaints = parse(document, self._config).complaints
        except InvalidError as error:
            return str(error.faults)
        return next((item.reason for item in complaints if item.place[:3] == place[:3]), None)

    def _descent(self, place: Pointer, reason: Reason, base: str) -> Iterator[Pointer]:
        """The place, and within it ever smaller schemas, as long as one of them is to blame."""
        while True:
            yield place
            suspects = list(schemas_below(self._node(place), place))
            if not suspects or not self._blamed(suspects, reason, base):
                return
            while len(suspects) > 1:
                half = suspects[: len(suspects) // 2]
                suspects = half if self._blamed(half, reason, base) else suspects[len(half) :]
            if not self._blamed(suspects, reason, base):
                return
            place = suspects[0]

    def _blamed(self, suspects: Sequence[Pointer], reason: Reason, base: str) -> bool:
        """Whether the complaint changes with all these schemas being any JSON."""
        before = [self._node(pointer) for pointer in suspects]
        for pointer in suspects:
            self._put(pointer, {})
        changed = reason() != base
        for pointer, node in zip(suspects, before, strict=True):
            self._put(pointer, node)
        return changed

    def _tried(self, mend: Mend, pointer: Pointer, reason: Reason, base: str) -> bool:
        """Mend, and undo it where it does not help."""
        if pointer[0] == "paths" and len(pointer) <= 3:  # noqa: PLR2004 - an operation is no schema
            return False
        before, components = copy.deepcopy(self._node(pointer)), dict(self._document["components"]["schemas"])
        told = mend(pointer)
        if told is not None and reason() != base:
            for words in told:
                self._tell(pointer, words)
            return True
        self._document["components"]["schemas"] = components
        self._put(pointer, before)
        return False

    def _without_default(self, pointer: Pointer) -> list[str] | None:
        if "default" not in self._node(pointer):
            return None
        self._put(pointer, {key: value for key, value in self._node(pointer).items() if key != "default"})
        return ["its default is no value of its type, and is left out"]

    def _flattened(self, pointer: Pointer) -> list[str] | None:
        if not self._node(pointer).get("allOf"):
            return None
        schema, told = flattened(self._document, self._node(pointer))
        self._put(pointer, schema)
        return told

    def _hoisted(self, pointer: Pointer) -> list[str] | None:
        """As a component of its own, since the parser puts those together only."""
        node = self._node(pointer)
        if "$ref" in node or pointer[:-1] == ("components", "schemas"):
            return None
        name = self._free_name(f"{self._owner(pointer)} {node.get('title') or _last_name(pointer)}")
        self._moved[name] = pointer
        self._document["components"]["schemas"][name] = {**node, "title": name}
        self._put(pointer, {"$ref": f"#/components/schemas/{name}"})
        return []

    def _members_hoisted(self, pointer: Pointer) -> list[str] | None:
        """All that a union is of, where several are to blame."""
        node = self._node(pointer)
        words = [word for word in ("anyOf", "oneOf") if word in node]
        self._put(pointer, {**node, **{word: list(node[word]) for word in words}})
        members = [(*pointer, word, str(index)) for word in words for index in range(len(node[word]))]
        moved = [self._hoisted(member) for member in members if self._node(member).keys() & {"allOf", "properties"}]
        return [] if any(told is not None for told in moved) else None

    def _anything(self, reason: str) -> Mend:
        def mend(pointer: Pointer) -> list[str] | None:
            self._put(pointer, {})
            return [f"cannot be expressed ({reason}), and is any JSON"]

        return mend

    def _mended_clash(self, place: Pointer, told: str, reason: Reason) -> bool:
        """Another title for what would be a class of a name that is taken."""
        found = _CLASH.search(told)
        if not found:
            return False
        taken = found.group(1) or found.group(2)
        suspects = [
            pointer
            for pointer in self._all_below(place)
            if taken.endswith(ClassName(self._node(pointer).get("title") or _last_name(pointer), ""))
        ]
        before = [copy.deepcopy(self._node(pointer)) for pointer in suspects]
        for pointer in suspects:
            stem = self._node(pointer).get("title") or _last_name(pointer)
            self._put(pointer, {**self._node(pointer), "title": self._free_name(f"{self._owner(pointer)} {stem}")})
        if suspects and reason() != told:
            for pointer in suspects:
                self._tell(pointer, f"is called {self._node(pointer)['title']}, as {taken} is taken")
            return True
        for pointer, node in zip(suspects, before, strict=True):
            self._put(pointer, node)
        return False

    def _all_below(self, place: Pointer) -> Iterator[Pointer]:
        for pointer in schemas_below(self._node(place), place):
            if "$ref" not in self._node(pointer):
                yield pointer
                yield from self._all_below(pointer)

    def _free_name(self, stem: str) -> str:
        components = self._document["components"]["schemas"]
        taken = {str(ClassName(schema.get("title") or name, "")) for name, schema in components.items()}
        name, number = str(ClassName(stem, "")), 1
        while (candidate := name if number == 1 else f"{name}{number}") in taken or candidate in components:
            number += 1
        return candidate

    def _owner(self, pointer: Pointer) -> str:
        """What a name for a part of a component, or of an operation, begins with."""
        return pointer[2] if pointer[0] == "components" else self._places[int(pointer[1].strip("/"))].alias

    def _left_out(self, place: Pointer, reason: str) -> None:
        if place[0] == "components":
            self._put(place, {})
            self._tell(place, f"cannot be expressed ({reason}), and is any JSON")
        else:
            self._tell(place, f"cannot be expressed ({reason}), and is left out")
            self._node(place[:-1]).pop(place[-1])

    def _tell(self, pointer: Pointer, words: str) -> None:
        self.notes.append(Note(self._shown(pointer), words))

    def _shown(self, pointer: Pointer) -> str:
        """The pointer in the document as its author wrote it."""
        while pointer[:2] == ("components", "schemas") and pointer[2:3] and pointer[2] in self._moved:
            pointer = (*self._moved[pointer[2]], *pointer[3:])
        if pointer[0] != "paths" or len(pointer) < 3:  # noqa: PLR2004 - only operations have been moved
            return show_pointer(pointer)
        place, rest = self._places[int(pointer[1].strip("/"))], pointer[3:]
        if rest[:1] == ("parameters",):
            return place.parameters[int(rest[1])].pointer + show_pointer(rest[2:])[1:]
        return place.pointer + show_pointer(rest)[1:]

    def _node(self, pointer: Pointer) -> Any:  # noqa: ANN401 - any node
        node: Any = self._document
        for part in pointer:
            node = node[int(part)] if isinstance(node, list) else node[part]
        return node

    def _put(self, pointer: Pointer, value: object) -> None:
        node = self._node(pointer[:-1])
        node[int(pointer[-1]) if isinstance(node, list) else pointer[-1]] = value


def _last_name(pointer: Pointer) -> str:
    """The last part of a pointer that is a name, such as a property's."""
    return next((part for part in reversed(pointer) if not part.isdigit() and part not in _WORDS), "part")


_WORDS: Final = frozenset({"allOf", "anyOf", "oneOf", "items", "schema", "properties", "additionalProperties"})
