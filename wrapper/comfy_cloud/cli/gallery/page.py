"""The page around the cards of a gallery: made of the three files beside this module and of what there is to say. Pure.

Its Content-Security-Policy lets through the one style sheet and the one script that are in it, by their hashes, and
pictures that are in it, as `data:`. Nothing is asked of any host, and nothing that the server sent could be run, even
if it came to stand where it ought not to.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from datetime import datetime
from importlib.resources import files
from string import Template
from typing import Final

from comfy_cloud._version import __version__
from comfy_cloud.asset import AssetBase, human_size
from comfy_cloud.cli.gallery.cards import whole

MOST_FACETS: Final = 100
"""How many tags can be chosen; the rest can be searched for."""

_CARDS: Final = "<!--cards-->"


class Contents:
    """What there is to say of the assets of a gallery, gathered one after the other.

    Attributes:
        items: How many there are.
    """

    def __init__(self) -> None:
        self.items = 0
        self._bytes = 0
        self._numbers: dict[str, int] = {}
        self._times = Counter[str]()
        self._first: datetime | None = None
        self._last: datetime | None = None

    def add(self, asset: AssetBase) -> list[tuple[int, str]]:
        """One more asset; its tags, each with its number in this gallery."""
        tags = list(dict.fromkeys(asset.tags))
        self.items += 1
        self._bytes += asset.size or 0
        self._times.update(tags)
        self._first = min(self._first or asset.created_at, asset.created_at)
        self._last = max(self._last or asset.created_at, asset.created_at)
        return [(self._numbers.setdefault(tag, len(self._numbers)), tag) for tag in tags]

    def summary(self) -> str:
        """In a line: how large they are, of when, and how many tags they have."""
        if self._first is None or self._last is None:
            return "Nothing in it"
        days = sorted({f"{self._first:%Y-%m-%d}", f"{self._last:%Y-%m-%d}"})
        return f"{human_size(self._bytes)} · created {' to '.join(days)} (UTC) · {counted(len(self._times), 'tag')}"

    def facets(self) -> str:
        """The tags that most assets have, as elements of a list."""
        most = sorted(self._times.items(), key=lambda one: (-one[1], one[0]))[:MOST_FACETS]
        return "".join(
            f'<li><label><input type="checkbox" autocomplete="off" disabled value="{self._numbers[tag]}">'
            f"<bdi>{whole(tag)}</bdi> <span>{times:,}</span></label></li>"
            for tag, times in most
        )

    def rest(self) -> str:
        """What is said of the other tags, or of there being none."""
        more = len(self._times) - MOST_FACETS
        if more > 0:
            return f"<p>and {counted(more, 'tag')} more, less used: search for them</p>"
        return "" if self._times else "<p>No tags.</p>"


def frame(title: str, contents: Contents) -> tuple[str, str]:
    """What stands before the cards, and what behind them."""
    style, script = _text("gallery.css"), _text("gallery.js")
    page = Template(_text("page.html")).substitute(
        policy=policy(style, script),
        version=__version__,
        title=whole(title),
        style=style,
        script=script,
        summary=contents.summary(),
        facets=contents.facets(),
        rest=contents.rest(),
        counted=counted(contents.items, "asset"),
        cards=_CARDS,
        empty="" if contents.items else '<p class="empty">No asset matches what was asked for.</p>',
    )
    before, _, after = page.partition(_CARDS)
    return before, after


def policy(style: str, script: str) -> str:
    """A Content-Security-Policy that lets through this style sheet, this script, and pictures within the page."""
    return (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def counted(number: int, what: str) -> str:
    """A number of things: `1 tag`, `2,000 tags`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(name: str) -> str:
    """A file beside this module, with the line ends that a browser hashes."""
    return (files("comfy_cloud.cli.gallery") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


__all__ = ["MOST_FACETS", "Contents", "counted", "frame", "policy"]
