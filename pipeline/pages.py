"""Assemble one OpenAPI document from published pages that each embed one of its operations. Pure: text in, text out.

The pages repeat what the operations share. What they share stands once in the result. Where two pages differ in
prose the newer one wins, and the difference is reported; where they differ in anything a program reads, they cannot
both be right, and the assembly is refused.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.document import Document, OperationKey, Pointer, in_data, operations, parse_document, show_pointer
from pipeline.errors import PipelineError

FENCE: Final = "````"
_OPENING: Final = re.compile(r"````yaml (?P<document>\S+) (?P<method>[a-z]+) (?P<path>/\S*)")

PROSE: Final = frozenset({"description", "summary"})
# The collections that pages contribute to. Everything else is one thing that every page repeats.
_COLLECTIONS: Final = (("paths",), ("paths", "*"), ("components",), ("components", "*"))


class Page(NamedTuple):
    """A published page: its file's name and its text."""

    name: str
    text: str


class Superseded(NamedTuple):
    """Prose in which two pages differ: the newer page's words were kept."""

    pointer: str
    newer: str
    older: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.older} words it differently from {self.newer}; kept the newer"


class Assembly(NamedTuple):
    """The assembled document as YAML, and where pages differed in prose."""

    text: str
    superseded: tuple[Superseded, ...]


def assemble(pages: Sequence[Page]) -> Assembly:
    """Assemble the document that `pages`, newest first, embed.

    Raises:
        PipelineError: a page is cut off or embeds something other than the one operation it announces, or two pages
            contradict each other in structure; the message names them.
    """
    if not pages:
        raise PipelineError("There is no page to assemble; list the pages in index.yaml.")
    merger = _Merger()
    for page in pages:
        merger.add(page.name, embedded_document(page))
    text = _dump(merger.document)
    if parse_document(text, "the assembled document") != _plain(merger.document):
        raise PipelineError("The assembled YAML does not read back as what was assembled; report this as a bug.")
    return Assembly(text, tuple(merger.superseded))


def embedded_document(page: Page) -> Document:
    """The document that a page embeds, its scalars keeping the style they are written in."""
    lines = page.text.split("\n")
    openings = [index for index, line in enumerate(lines) if line.startswith(FENCE) and line != FENCE]
    if len(openings) != 1 or not (announced := _OPENING.fullmatch(lines[openings[0]])):
        raise PipelineError(
            f"{page.name} needs exactly one line of the form {FENCE}yaml <document> <method> <path>; "
            f"it has {len(openings)} opening lines."
        )
    start = openings[0] + 1
    if FENCE not in lines[start:]:
        raise PipelineError(f"{page.name} is cut off: the line {FENCE} that ends its document is missing.")
    body = "\n".join(lines[start : lines.index(FENCE, start)]) + "\n"
    document = _load_keeping_style(body, page.name)
    expected = OperationKey(announced["method"], announced["path"])
    found = [key for key, _ in operations(document)]
    if found != [expected]:
        has = ", ".join(map(str, found)) or "none"
        raise PipelineError(f"{page.name} announces {expected} but embeds {has}; fetch the page again.")
    return document


class _Merger:
    """Merges documents in the order they are added; the first to state a thing is the newest to do so."""

    def __init__(self) -> None:
        self.document: Document = {}
        self.superseded: list[Superseded] = []
        self._stated_by: dict[Pointer, str] = {}

    def add(self, page: str, document: Document) -> None:
        if not self.document:
            self.document = document
            self._stated_by[()] = page
        else:
            self._merge(self.document, document, (), page)

    def _merge(self, kept: Any, other: Any, pointer: Pointer, page: str) -> None:  # noqa: ANN401 - YAML values
        if pointer == ("tags",):
            kept, other = _by_name(kept), _by_name(other)
            self._merge_collection(kept, other, pointer, page)
            self.document["tags"][:] = kept.values()
        elif pointer == () or any(_matches(pointer, pattern) for pattern in _COLLECTIONS):
            self._merge_collection(kept, other, pointer, page)
        else:
            self._compare(kept, other, pointer, page)

    def _merge_collection(self, kept: Document, other: Document, pointer: Pointer, page: str) -> None:
        for key, value in other.items():
            place = (*pointer, key)
            if key in kept:
                self._merge(kept[key], value, place, page)
            elif pointer == ():
                self._contradiction(place, page)
            else:
                kept[key] = value
                self._stated_by[place] = page
        if pointer == () and (missing := [key for key in kept if key not in other]):
            self._contradiction((missing[0],), page)

    def _compare(self, kept: object, other: object, pointer: Pointer, page: str) -> None:
        for place, is_prose in differences(kept, other, pointer):
            if not is_prose:
                self._contradiction(place, page)
            self.superseded.append(Superseded(show_pointer(place), self._author(place), page))

    def _contradiction(self, place: Pointer, page: str) -> None:
        raise PipelineError(
            f"{self._author(place)} and {page} contradict each other at {show_pointer(place)}; "
            "fetch the older page again."
        )

    def _author(self, place: Pointer) -> str:
        return next(self._stated_by[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self._stated_by)


def differences(first: object, second: object, pointer: Pointer = ()) -> Iterator[tuple[Pointer, bool]]:
    """Every place where two documents differ, and whether what differs there is prose."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in [*first, *(key for key in second if key not in first)]:
            place = (*pointer, key)
            if key in first and key in second:
                yield from differences(first[key], second[key], place)
            else:
                yield place, is_prose(place, first.get(key, second.get(key)))
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for index, pair in enumerate(zip(first, second, strict=True)):
            yield from differences(*pair, (*pointer, str(index)))
    elif type(_plain(first)) is not type(_plain(second)) or first != second:
        yield pointer, is_prose(pointer, first) and is_prose(pointer, second)


def is_prose(pointer: Pointer, value: object) -> bool:
    """Whether a place holds words for a reader: a description or summary, not a property or datum of that name."""
    return isinstance(value, str) and pointer[-1:] != () and pointer[-1] in PROSE and not in_data(pointer[:-1])


def _matches(pointer: Pointer, pattern: tuple[str, ...]) -> bool:
    return len(pointer) == len(pattern) and all(
        want in ("*", part) for part, want in zip(pointer, pattern, strict=True)
    )


def _by_name(tags: Sequence[Document]) -> dict[str, Document]:
    return {tag["name"]: tag for tag in tags}


def _styled_yaml() -> YAML:
    yaml = YAML()  # the round-trip loader: the words stay folded and quoted as the page has them
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load_keeping_style(text: str, name: str) -> Document:
    try:
        document: Document = _styled_yaml().load(text)
    except YAMLError as error:
        raise PipelineError(f"{name} embeds what is no YAML: {' '.join(str(error).split())[:200]}.") from error
    if parse_document(text, name) != _plain(document):
        raise PipelineError(f"{name} embeds YAML that two readings disagree on; quote its keys and dates.")
    return document


def _dump(document: Document) -> str:
    stream = io.StringIO()
    _styled_yaml().dump(document, stream)
    return stream.getvalue()


def _plain(node: Any) -> Any:  # noqa: ANN401 - YAML values
    """The same data in plain Python types."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return copy.copy(node)
