"""The landing page."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox._library.model import AssetRow
from comfy_cloud.sandbox._serving.log import LoggedRequest
from comfy_cloud.sandbox._site.page import Choice, Shown, page_html
from comfy_cloud.sandbox._site.page_text import sized

WITHOUT_END = {"meta", "link", "input", "img"}
ALLOWED = WITHOUT_END | {
    *("html", "head", "title", "style", "body", "a", "header", "div", "h1", "h2", "h3", "em", "p", "b", "i", "nav"),
    *("section", "dl", "dt", "dd", "code", "figure", "figcaption", "pre", "aside", "form", "label", "select", "option"),
    *("button", "main", "ul", "li", "span", "bdi", "time", "table", "thead", "tbody", "tr", "th", "td"),
}


class Page(HTMLParser):
    """What is on a page: its text, its elements, and everything that points somewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()
        assert [] == self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, which must be one that the page is made of."""
        assert tag in ALLOWED
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src", "action"}:
                self.links.append(value or "")
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every element ends where it should."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Note a text that is shown."""
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """Everything that is shown."""
        return " ".join(self.texts)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Enough assets for a second page."""
    sandbox = Sandbox.seeded(60)
    yield sandbox
    sandbox.close()


@pytest.fixture
def http(box: Sandbox) -> Iterator[httpx.Client]:
    """A browser, as far as it matters."""
    with httpx.Client(transport=box.transport(), base_url="http://127.0.0.1:8188") as client:
        yield client


def shown(asset: AssetRow, tag: str = "", text: str = "") -> Shown:
    """A page on which everything that comes from somewhere else says the same."""
    return Shown(
        url="http://127.0.0.1:8188",
        key=text,
        dialect=text,
        sequence=1,
        choice=Choice((tag,), text),
        assets=[asset],
        total=1,
        library_total=1,
        tags=[(tag, 1)],
        all_tags=1,
        requests=[LoggedRequest(1, 0.0, "GET", text, (("q", text),), (), faults=(text,))],
        faults=[text],
    )


MARKUP = ["<script>", "</style>", "<!--", "-->", "&lt;", "'", '"', ">", "javascript:", "onload=", "\n", "]]>"]
hostile = st.text() | st.lists(st.sampled_from(MARKUP)).map("".join)


@settings(max_examples=60)
@given(hostile, hostile)
def test_whatever_names_and_tags_say_is_only_text(name: str, other: str) -> None:
    """No element, no attribute and no address comes from them."""
    asset = AssetRow("id", name, 1, "2026", "2026", mime_type=other, tags=(other,), preview_path=other or None)
    page = Page(page_html(shown(asset, other, other)))
    assert [] == [link for link in page.links if not link.startswith(("/", "#"))]
    assert [] == [link for link in page.links if link.startswith("//")]


def test_a_name_is_shown_with_signs_for_what_is_not_seen() -> None:
    """Line ends, tabs and what turns the direction of writing would be lost or mislead."""
    page = Page(page_html(shown(AssetRow("id", "a\nb\t<i>\u202egpj.exe", 1, "2026", "2026"))))
    assert "a␊b␉<i>\ufffdgpj.exe" in page.texts


def test_the_page_says_how_to_reach_the_api(http: httpx.Client) -> None:
    """URL, key and dialect, and lines to copy; without a key where none is needed."""
    page = Page(http.get("/").text)
    assert "curl 'http://127.0.0.1:8188/api/assets?limit=10' \\\n  -H 'X-API-Key: sandbox-key'\n" in page.texts
    assert {"http://127.0.0.1:8188", "sandbox-key", "cloud"} <= set(page.texts)
    with Sandbox.seeded(1, dialect="comfyui") as open_box:
        keyless = Page(httpx.get(open_box.url).text)
        assert f"curl '{open_box.url}/api/assets?limit=10'\n" in keyless.texts
    assert "sandbox-key" not in keyless.text


def test_the_python_on_the_page_works(box: Sandbox) -> None:
    """It is run as it stands there."""
    with box:
        page = Page(httpx.get(box.url).text)
        (code,) = [text for text in page.texts if text.startswith("from comfy_cloud")]
        said: list[tuple[object, ...]] = []
        exec(code, {"print": lambda *what: said.append(what)})
    assert 10 == len(said)


def test_the_page_allows_nothing_but_itself(http: httpx.Client) -> None:
    """No script, nothing from elsewhere, in nobody's frame; it is not kept, since it shows the key."""
    headers = http.get("/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert ("'none'", "'self'", "'none'") == (policy["default-src"], policy["img-src"], policy["frame-ancestors"])
    assert policy["style-src"].startswith("'sha256-")
    assert "script-src" not in policy
    assert ("nosniff", "no-store") == (headers["X-Content-Type-Options"], headers["Cache-Control"])


def test_every_picture_on_the_page_is_there(http: httpx.Client) -> None:
    """Also of assets that the API has no preview of, and without the key."""
    page = Page(http.get("/").text)
    sources = {attributes["src"] for tag, attributes in page.tags if tag == "img"}
    icons = {attributes["href"] for tag, attributes in page.tags if tag == "link"}
    assert len(sources) > 10
    answers = [http.get(str(source)) for source in sources | icons]
    assert {(200, "image/png")} == {(one.status_code, one.headers["Content-Type"]) for one in answers}


def test_the_pages_together_show_the_whole_library(box: Sandbox, http: httpx.Client) -> None:
    """The links to the next page lead through it; past the end there is a way back."""
    found: list[str] = []
    path: str | None = "/?sort=name"
    while path:
        page = Page(http.get(path).text)
        found += [link for link in page.links if link.startswith("/_sandbox/assets/")]
        path = next((str(a["href"]) for tag, a in page.tags if tag == "a" and a.get("rel") == "next"), None)
    expected = [f"/_sandbox/assets/{identity}" for (identity,) in box.sql("SELECT id FROM assets ORDER BY name, id")]
    assert expected == list(dict.fromkeys(found))
    beyond = Page(http.get("/?page=99").text)
    assert "/?page=2" in beyond.links


def test_tags_lead_to_what_has_them(box: Sandbox, http: httpx.Client) -> None:
    """Each link shows as many assets as it says; tags that no query of the API could name, too."""
    box.add(name="x", tags=["a,b", "c&d=e#f+g"])
    page = Page(http.get("/").text)
    counts = dict(box.sql("SELECT tag, COUNT(*) FROM asset_tags GROUP BY tag"))
    links = {link for link in page.links if link.startswith("/?tag=")}
    assert set(counts) == {parse_qs(urlsplit(link).query)["tag"][0] for link in links}
    for link in links:
        (tag,) = parse_qs(urlsplit(link).query)["tag"]
        assert f"{counts[tag]} asset{'' if counts[tag] == 1 else 's'}" in Page(http.get(link).text).texts


def test_a_search_is_kept_while_tags_are_chosen(http: httpx.Client) -> None:
    """The form carries the tags, the tags carry the search, and each can be taken away."""
    page = Page(http.get("/?tag=output&q=a&sort=name").text)
    hidden = [a["value"] for tag, a in page.tags if tag == "input" and a.get("type") == "hidden"]
    assert ["output"] == hidden
    assert {"/?q=a&sort=name", "/?tag=output&sort=name", "/?tag=output&tag=draft&q=a&sort=name"} <= set(page.links)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", f"page={'9' * 4000}", "sort=nothing", "tag=", "q=%00"]
)
def test_a_query_that_makes_no_sense_is_as_if_it_were_not_there(http: httpx.Client, query: str) -> None:
    """A page is for people, who may edit its address."""
    assert "60 assets" in Page(http.get(f"/?{query}").text).text


def test_requests_and_faults_are_shown(box: Sandbox, http: httpx.Client) -> None:
    """The newest first, with status and what went wrong; the page's own requests are not among them."""
    box.faults.add("503(retry_after=1)*1")
    for offset in range(2):
        http.get(f"/api/assets?offset={offset}", headers={"X-API-Key": box.key})
    texts = Page(http.get("/").text).texts
    at = texts.index("GET /api/assets?offset=1")
    assert ("200", True) == (texts[at + 1], texts.index("GET /api/assets?offset=0") > at)
    assert ("503", 2) == (texts[texts.index("GET /api/assets?offset=0") + 1], texts.count("503(retry_after=1)*1"))


def test_an_empty_library_says_so() -> None:
    """And nothing is broken about it."""
    box = Sandbox.seeded(0)
    with httpx.Client(transport=box.transport(), base_url="http://localhost") as client:
        text = Page(client.get("/").text).text
    box.close()
    assert ("This library has no assets." in text, "Nobody has asked the API yet." in text) == (True, True)


def test_only_reading_is_for_the_page(http: httpx.Client) -> None:
    """It has nothing to send to; HEAD is answered as GET is, without the body."""
    assert (405, 200, b"") == (http.post("/").status_code, (head := http.head("/")).status_code, head.content)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        *((None, "not on disk"), (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB")),
        *((1_250_000, "1.2 MB"), (2**63 - 1, "9.2 EB")),
    ],
)
def test_sizes_are_shown_as_people_say_them(size: int | None, expected: str) -> None:
    """In powers of a thousand, as disks are sold."""
    assert expected == sized(size)
