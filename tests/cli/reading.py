"""A gallery as it is read by a program that is no browser: its elements, and the text that stands in them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from html.parser import HTMLParser

_EMPTY = frozenset({"meta", "link", "input", "img"})


@dataclass
class Element:
    """An element.

    Attributes:
        name: What it is.
        attributes: Its attributes.
        around: The elements that it is in, from the outermost.
        text: What stands in it, and in elements within it.
    """

    name: str
    attributes: dict[str, str | None]
    around: tuple[Element, ...]
    text: str = ""

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return (self.attributes.get("class") or "").split()


class Gallery(HTMLParser):
    """A page.

    Attributes:
        text: Of the file.
        elements: In the order of their beginnings.
        comments: Whatever is neither an element nor text.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.elements: list[Element] = []
        self.comments: list[str] = []
        self._open: list[Element] = []
        self.feed(self.text)
        self.close()
        assert [] == self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        element = Element(tag, dict(attrs), tuple(self._open))
        self.elements.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and it is the one that began last."""
        assert tag == self._open.pop().name

    def handle_data(self, data: str) -> None:
        """A text."""
        for element in self._open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        """A comment."""
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        """Whatever else begins with `<!`."""
        self.comments.append(data)

    def named(self, name: str) -> list[Element]:
        """The elements of this name."""
        return [one for one in self.elements if one.name == name]

    def cards(self) -> list[Element]:
        """The assets."""
        return [one for one in self.elements if "card" in one.classes]

    def inside(self, around: Element) -> list[Element]:
        """The elements within an element."""
        return [one for one in self.elements if any(other is around for other in one.around)]

    def facets(self) -> dict[str, int]:
        """The tags that can be chosen, and how many assets are said to have each."""
        (facets,) = [one for one in self.elements if one.attributes.get("id") == "facets"]
        labels = [one for one in self.inside(facets) if one.name == "label"]
        parts = [[two.text for two in self.inside(one) if two.name in {"bdi", "span"}] for one in labels]
        return {tag: int(times.replace(",", "")) for tag, times in parts}

    def pictures(self) -> list[bytes | None]:
        """The embedded previews, by asset; None where there is none."""
        found: list[bytes | None] = []
        for card in self.cards():
            sources = [one.attributes["src"] or "" for one in self.inside(card) if one.name == "img"]
            found.append(base64.b64decode(sources[0].partition(";base64,")[2]) if sources else None)
        return found

    def policy(self) -> dict[str, str]:
        """Its Content-Security-Policy, by directive."""
        (meta,) = [one for one in self.named("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
        parts = (meta.attributes["content"] or "").split("; ")
        return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def hash_of(text: str) -> str:
    """What a Content-Security-Policy calls a script or a style sheet."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
