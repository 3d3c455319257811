"""What notebooks show: escaped, without a request, and with previews only where they were fetched before."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud._html import EMBEDDED_BYTES, SHOWN_ITEMS, image_type, page_html
from comfy_cloud.asset import Asset
from tests.wrapper.test_asset import SENT, read

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TAGS = {"div", "span", "b", "code", "img", "table", "thead", "tbody", "tr", "th", "td"}


@dataclass
class SomePage:
    """What of a page is shown."""

    items: tuple[Asset, ...]
    total: int = 1
    has_more: bool = False
    exact: bool = True


class Reader(HTMLParser):
    """Reads HTML as a browser does: its elements, their attributes, its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.elements.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}
        self.open += [] if tag == "img" else [tag]

    def handle_endtag(self, tag: str) -> None:
        """Elements close in the order they were opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text += data


def previewed(content: bytes | None, **more: Any) -> Asset:
    """An asset whose preview was fetched before."""
    asset: Asset = read(**more)
    msgspec.structs.force_setattr(asset, "_preview_", content)
    return asset


def both(asset: Asset) -> list[Reader]:
    """The asset alone, and in a page."""
    return [Reader(asset._repr_html_()), Reader(page_html(SomePage((asset,))))]


@given(
    st.text(min_size=1, max_size=200)
    | st.sampled_from(["<script>alert(1)</script>", "'\"><img src=x onerror=y>", "</td>", "&lt;"]),
    st.text(max_size=20),
    st.lists(st.text(max_size=20), max_size=20),
)
def test_every_value_is_escaped(name: str, mime_type: str, tags: list[str]) -> None:
    """Nothing that a user or server wrote becomes an element or an attribute."""
    plain = both(read(tags=["a"] * len(tags), mime_type="b", user_metadata={"c": 1}))
    for reader, expected in zip(both(read(name=name, mime_type=mime_type, tags=tags, user_metadata={name: 1})), plain,
                                strict=True):  # fmt: skip
        assert reader.open == []
        assert reader.elements == expected.elements <= TAGS
        assert {key for key, _ in reader.attributes} <= {"style"}
        assert reader.attributes == expected.attributes
        assert reader.text.isprintable()


def test_control_and_direction_characters_are_shown_as_themselves() -> None:
    """So a name cannot look like another."""
    for reader in both(read(name="a\n\x00\x1b[31m\u202egnp.exe")):
        assert "a\\n\\x00\\x1b[31m\\u202egnp.exe" in reader.text


def test_long_names_and_many_tags_are_cut() -> None:
    """A repr is to be looked at."""
    card, row = both(read(name="n" * 10_000, tags=[f"tag{index}" for index in range(1000)]))
    assert [len(reader.text) < 500 for reader in (card, row)] == [True, True]
    assert ("and 988 more" in card.text, "and 996 more" in row.text) == (True, True)


def test_a_preview_is_shown_only_if_it_was_fetched_before() -> None:
    """The asset's source is never asked: this one has no way to answer."""
    unfetched = read(preview_url="https://cloud.example/a.png")
    assert [reader.elements & {"img"} for reader in both(unfetched)] == [set(), set()]
    for reader in both(previewed(PNG)):
        assert ("src", f"data:image/png;base64,{base64.b64encode(PNG).decode()}") in reader.attributes


def test_nothing_is_loaded_from_anywhere() -> None:
    """There is no address but those that hold the image itself."""
    shown = previewed(PNG, preview_url="https://cloud.example/a.png", name="https://b.example")._repr_html_()
    assert re.findall(r"(?:src|href|url)\W+(.{5})", shown) == ["data:"]
    assert "cloud.example" not in shown


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_only_images_are_embedded(content: bytes, kind: str | None) -> None:
    """By their first bytes, whatever the server called them; an SVG can hold programs."""
    assert image_type(content) == kind
    assert [bool(reader.elements & {"img"}) for reader in both(previewed(content))] == [kind is not None] * 2


def test_a_notebook_stays_small() -> None:
    """Previews are embedded up to a bound, and items shown up to a number."""
    large = previewed(PNG + b"\0" * (EMBEDDED_BYTES // 3))
    shown = page_html(SomePage((large,) * 500, total=12_345, has_more=True, exact=False))
    assert (shown.count("<img"), shown.count("<tr"), "and 450 more on this page" in shown) == (2, SHOWN_ITEMS + 1, True)
    assert Reader(shown).text.startswith("500 of 12,345 items · more follow · not proved to be exact")


def test_an_empty_page_says_so() -> None:
    """Without a table."""
    assert Reader(page_html(SomePage((), total=0))).text == "0 of 0 items · the last page · exact"


def test_an_empty_name_is_shown_as_such() -> None:
    """So that its row is not mistaken for a gap."""
    assert ["(empty name)" in reader.text for reader in both(read(name=""))] == [True, True]


def test_an_asset_with_nothing_but_its_names_has_a_card() -> None:
    """Absent values have no row, or a word."""
    assert Reader(Asset.from_dict(SENT)._repr_html_()).text == (
        "portrait.pngsizeunknown sizetypeunknown typecreated2026-01-02 03:04:05 UTCid"
        "6f9619ff-8b86-4011-b42d-00c04fc964ff"
    )
