"""Galleries: what is on the page, and what can never be."""

from __future__ import annotations

import html
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comfy_cloud import Asset
from comfy_cloud.cli import gallery
from comfy_cloud.cli.gallery.cards import Preview, card, whole
from comfy_cloud.cli.gallery.page import MOST_FACETS, Contents, frame
from comfy_cloud.sandbox import Sandbox
from tests.cli.exports import client
from tests.cli.reading import Gallery, hash_of
from tests.wrapper.raw_server import ASSET

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "</style><script>alert(2)</script>",
    "<!--",
    "<!--cards-->",
    "-->]]><![CDATA[<svg/onload=alert(3)>",
    "\" autofocus onfocus='alert(4)",
    "&lt;b&gt; &#60;i&#62;",
    "$title ${cards} {0} %s",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "a\0b\x1b[31m\r\n\t\x85\u2028\ufeff",
    "javascript:alert(5)",
    "\N{FAMILY} Z\u0351\u0352algo 日本語",
)


def written(box: Sandbox, **options: Any) -> Gallery:
    """The gallery of a whole library."""
    with client(box) as comfy, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gallery.html"
        gallery.write(comfy.assets, path, **options)
        return Gallery(path.read_bytes().decode())


def made(title: str, assets: list[dict[str, Any]]) -> Gallery:
    """The gallery of assets as a server might send them, whatever that is."""
    contents, cards = Contents(), list[str]()
    for fields in assets:
        asset = Asset.from_dict({**ASSET, **fields})
        cards.append(card(len(cards) + 1, asset, contents.add(asset), Preview()))
    before, after = frame(title, contents)
    return Gallery(before + "".join(cards) + after)


@pytest.fixture(scope="module")
def page() -> Gallery:
    """The gallery of a library with names of every kind."""
    with Sandbox.seeded(120) as box:
        for name in HOSTILE:
            box.add(name=name, tags=[name, "output"], mime_type=name, size=1)
        return written(box, title=HOSTILE[0])


def test_only_what_was_made_here_runs(page: Gallery) -> None:
    """The policy lets through the one script and the one style sheet, by their hashes, and pictures in the page."""
    (script,), (style,) = page.named("script"), page.named("style")
    assert {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": hash_of(style.text),
        "script-src": hash_of(script.text),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    } == page.policy()


def test_the_policy_comes_before_all_that_it_is_for(page: Gallery) -> None:
    """Browsers hold what stands before it to nothing."""
    names = [one.name for one in page.elements]
    assert ["html", "head", "meta", "meta"] == names[:4]
    assert "Content-Security-Policy" == page.elements[3].attributes["http-equiv"]


def test_nothing_is_asked_of_any_host(page: Gallery) -> None:
    """Addresses are pictures in the page or places on it; neither the script nor the style sheet names one."""
    loading = {"src", "href", "srcset", "action", "formaction", "poster", "data", "background", "ping", "xlink:href"}
    found = [value or "" for one in page.elements for name, value in one.attributes.items() if name in loading]
    assert [] == [value for value in found if not re.match(r"data:(image/(png|jpeg|gif|webp);base64,|,$)|#", value)]
    assert [] == [
        one.name for one in page.elements if one.name in {"iframe", "object", "embed", "base", "video", "audio"}
    ]
    (script,), (style,) = page.named("script"), page.named("style")
    assert [] == re.findall(r"https?:|//[a-z]|url\(|@import|@font-face", style.text)
    forbidden = r"https?:|fetch\(|XMLHttp|WebSocket|EventSource|sendBeacon|import\(|eval\(|Function\(|[iI]nnerHTML|"
    assert [] == re.findall(
        forbidden + r"outerHTML|insertAdjacentHTML|document\.write|setAttribute|\.src\b", script.text
    )


def test_no_attribute_runs_or_styles(page: Gallery) -> None:
    """Every attribute is one that the templates have."""
    names = {name for one in page.elements for name in one.attributes}
    assert set() == {name for name in names if name.startswith("on") or name == "style"}


def test_script_and_style_end_where_they_end(page: Gallery) -> None:
    """Neither holds what a browser would take for an end or a comment."""
    for one in (*page.named("script"), *page.named("style")):
        assert [] == re.findall(r"</|<!--|\]\]>", one.text)
        assert "\r" not in one.text


def test_no_invisible_character_is_on_the_page(page: Gallery) -> None:
    """Control and direction characters are written out, so that no name can hide or turn what is around it."""
    assert set() == {char for char in page.text if not char.isprintable()} - {"\n"}


def shown(text: str) -> str:
    """What people see of a text."""
    return html.unescape(whole(text)) if text.strip() else "no name"


TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.text("<>&\"'/!-= \n\0scriptonerror", min_size=1, max_size=60),
)


@settings(max_examples=150)
@given(name=TEXTS, tag=TEXTS, kind=TEXTS, digest=TEXTS, title=TEXTS)
@example(name=" ", tag=" ", kind=" ", digest=" ", title="")
@example(name="<b>" * 5000, tag="&" * 5000, kind="'" * 5000, digest='"' * 5000, title=">" * 5000)
def test_whatever_the_server_sent_is_only_text(name: str, tag: str, kind: str, digest: str, title: str) -> None:
    """The elements are those of a page with harmless names, and the texts are what was sent."""
    page = made(title, [{"name": name, "tags": [tag], "mime_type": kind, "asset_hash": digest}])
    harmless = made("title", [{"name": "name", "tags": ["tag"], "mime_type": "kind", "asset_hash": "hash"}])
    marks = [[(one.name, *one.attributes) for one in each.elements] for each in (harmless, page)]
    if not name.strip():
        marks[1] = [("bdi",) if mark == ("i",) else mark for mark in marks[1]]
    assert marks[0] == marks[1]
    assert [] == page.comments
    (shown_card,) = page.cards()
    texts = {one.text for one in page.inside(shown_card)}
    assert set() == {shown(name), html.unescape(whole(tag)), html.unescape(whole(kind))} - texts
    assert {html.unescape(whole(tag)): 1} == page.facets()


def test_every_asset_is_there_without_a_script() -> None:
    """With its name, size, times, tags and id, in the order of the query."""
    with Sandbox.seeded(150) as box, client(box) as comfy:
        page, assets = written(box), list(comfy.assets)
    expected = [
        (shown(asset.name), asset.human_size, f"{asset.created_at:%Y-%m-%d %H:%M}", asset.tags, str(asset.id))
        for asset in assets
    ]
    found = []
    for one in page.cards():
        inside = page.inside(one)
        texts = {part.name: part.text for part in inside}
        tags = [part.text for part in inside if "data-t" in part.attributes]
        found.append((texts["h3"], texts["data"], texts["time"], tags, texts["dd"]))
    assert [(*rest, [shown(tag) for tag in tags], ident) for *rest, tags, ident in expected] == found


def test_tags_can_be_chosen_with_how_many_have_them() -> None:
    """Most used first; the number that a tag is chosen by is that of the tag on the cards."""
    with Sandbox.seeded(150) as box, client(box) as comfy:
        page, times = written(box), Counter(tag for asset in comfy.assets for tag in asset.tags)
    assert dict(sorted(times.items(), key=lambda one: (-one[1], one[0]))) == page.facets()
    assert sorted(page.facets().values(), reverse=True) == list(page.facets().values())
    numbers = {one.attributes["data-t"]: one.text for one in page.elements if "data-t" in one.attributes}
    values = [one.attributes["value"] for one in page.named("input") if one.attributes.get("type") == "checkbox"]
    assert list(page.facets()) == [numbers[value] for value in values]


def test_of_very_many_tags_the_most_used_can_be_chosen() -> None:
    """The others are counted, and can be searched for; a tag that an asset has twice counts once."""
    assets = [{"tags": [f"tag {number:03}", "all", "all"]} for number in range(150)]
    page = made("title", assets)
    assert (MOST_FACETS, 150) == (len(page.facets()), page.facets()["all"])
    assert any("and 51 tags more, less used: search for them" == one.text for one in page.named("p"))


@pytest.mark.parametrize(("size", "counted"), [(0, "0 assets"), (1, "1 asset"), (3, "3 assets")])
def test_a_gallery_says_how_much_is_in_it(size: int, counted: str) -> None:
    """Also when that is nothing."""
    with Sandbox.seeded(size) as box:
        page = written(box)
    (count,) = [one for one in page.named("h2") if one.attributes.get("id") == "count"]
    assert (counted, size) == (count.text, len(page.cards()))
    assert (size == 0) == any("No asset matches" in one.text for one in page.named("p"))


@pytest.mark.parametrize(("given", "expected"), [(None, "Comfy Cloud assets"), ("<b>", "<b>"), ("", "")])
def test_a_gallery_has_a_title(given: str | None, expected: str) -> None:
    """In the tab of the browser and at the top."""
    with Sandbox.seeded(0) as box:
        page = written(box, title=given)
    assert [expected] * 2 == [one.text for one in (*page.named("title"), *page.named("h1"))]


def test_everything_that_is_used_has_a_name() -> None:
    """What can be focused is named for those who do not see it, and what is referred to is there."""
    with Sandbox.seeded(5) as box:
        page = written(box)
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    referring = ("for", "aria-labelledby", "aria-describedby")
    referred = [one.attributes[name] for one in page.elements for name in referring if name in one.attributes]
    links = [(one.attributes["href"] or "").removeprefix("#") for one in page.named("a")]
    assert set() == {*referred, *links} - set(ids)
    labelled = {one.attributes.get("for") for one in page.named("label")}
    for one in page.elements:
        if one.name in {"input", "select"}:
            assert one.attributes.get("id") in labelled or "label" in [other.name for other in one.around]
        if one.name in {"button", "a"}:
            assert one.text.strip()
        if one.name in {"nav", "dialog"}:
            assert one.attributes["aria-labelledby"]
