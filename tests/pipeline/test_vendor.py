"""How published pages become one spec, and which specs are refused."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.__main__ import main
from pipeline.document import operations, parse_document, read_document, show_pointer, walk
from pipeline.errors import PipelineError
from pipeline.fetch import fetch
from pipeline.pages import Page, assemble, differences, embedded_document
from pipeline.vendor import sha256, vendor_file, vendor_pages

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / "openapi"
SPEC = OPENAPI / "openapi-cloud.yaml"
FROM_PAGES = "| `pages/" in (OPENAPI / "SOURCE.md").read_text(encoding="utf-8")

# Two pages as they were once published, so that these rules do not depend on what is vendored now.
PAGES = Path(__file__).parent / "pages"
ASSETS = Page("list-user-assets.md", (PAGES / "list-user-assets.md").read_text(encoding="utf-8"))
TAGS = Page("list-all-tags.md", (PAGES / "list-all-tags.md").read_text(encoding="utf-8"))
ASSEMBLED = assemble([ASSETS, TAGS]).text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What was vendored from the two pages, to work in."""
    shutil.copytree(PAGES, tmp_path / "openapi" / "pages")
    vendor_pages(tmp_path / "openapi")
    return tmp_path / "openapi"


def edited(page: Page, old: str, new: str) -> Page:
    """The page with one thing changed."""
    assert old in page.text, old
    return page._replace(text=page.text.replace(old, new, 1))


def plain(page: Page) -> dict[str, Any]:
    """What a page embeds, cut out and read by other means than the pipeline's."""
    (body,) = re.findall(r"^````yaml [^\n]*\n(.*?)^````$", page.text, flags=re.MULTILINE | re.DOTALL)
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(body)
    return loaded


def test_source_md_records_the_sha256_of_the_spec() -> None:
    """Whoever edits the vendored spec by hand is found out."""
    source = (OPENAPI / "SOURCE.md").read_text(encoding="utf-8")
    assert f"`{sha256(SPEC.read_bytes().decode())}`" in source
    for page in (OPENAPI / "pages").glob("*.md") if FROM_PAGES else ():
        assert f"| `pages/{page.name}` | `{sha256(page.read_bytes().decode())}` |" in source


@pytest.mark.skipif(not FROM_PAGES, reason="the spec was vendored as a whole, not from pages")
def test_vendoring_again_changes_nothing(tmp_path: Path) -> None:
    """The committed spec is what the committed pages assemble to, byte for byte, and its date stays."""
    folder = Path(shutil.copytree(OPENAPI, tmp_path / "openapi"))
    before = {name: (folder / name).read_bytes() for name in ("openapi-cloud.yaml", "SOURCE.md")}
    assert vendor_pages(folder).changed is False
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_the_spec_has_every_operation_and_schema_of_the_pages_and_no_more() -> None:
    """Both operations; every schema; the shared parts once."""
    document = parse_document(ASSEMBLED, "spec")
    assert [str(key) for key, _ in operations(document)] == ["GET /api/assets", "GET /api/tags"]
    for section in ("schemas", "securitySchemes"):
        expected = {**plain(TAGS)["components"][section], **plain(ASSETS)["components"][section]}
        assert document["components"][section] == expected
    assert document["paths"] == {**plain(ASSETS)["paths"], **plain(TAGS)["paths"]}
    assert {key: value for key, value in document.items() if key not in ("paths", "components")} == {
        key: value for key, value in plain(ASSETS).items() if key not in ("paths", "components")
    }


def test_every_line_of_the_spec_stands_on_a_page() -> None:
    """The wording is unchanged, and so is how it is folded."""
    lines = set((ASSETS.text + "\n" + TAGS.text).split("\n"))
    assert [line for line in ASSEMBLED.split("\n") if line not in lines] == []


def test_the_newer_page_wins_in_prose_and_the_command_says_so(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """The two pages word one description differently."""
    pointer = "#/components/securitySchemes/ApiKeyAuth/description"
    assert main(["vendor", "--into", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{pointer}: list-all-tags.md words it differently from list-user-assets.md; kept the newer",
        "Unchanged: 2 operations.",
    ]
    text = read_document(folder / "openapi-cloud.yaml")["components"]["securitySchemes"]["ApiKeyAuth"]["description"]
    assert "platform.comfy.org/profile/api-keys" in text


def test_which_page_is_newer_is_the_order_they_are_given_in() -> None:
    """Not their names, and not chance."""
    (note,) = assemble([TAGS, ASSETS]).superseded
    assert (note.newer, note.older) == ("list-all-tags.md", "list-user-assets.md")


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("openapi: 3.0.3", "openapi: 3.0.2", "#/openapi"),
        ("version: 1.0.0", "version: 1.0.1", "#/info/version"),
        (
            "        code:\n          type: string",
            "        code:\n          type: integer",
            "ErrorResponse/properties/code",
        ),
        ("        - code\n", "", "#/components/schemas/ErrorResponse/required"),
        ("name: X-API-Key", "name: X-Key", "#/components/securitySchemes/ApiKeyAuth/name"),
        ("servers:\n", "x-extra: 1\nservers:\n", "#/x-extra"),
        ("security:\n  - ApiKeyAuth: []\n", "", "#/security"),
    ],
)
def test_pages_that_contradict_each_other_in_structure_are_both_named(old: str, new: str, pointer: str) -> None:
    """Neither can be trusted then, whichever is newer."""
    for pages in ([ASSETS, edited(TAGS, old, new)], [edited(TAGS, old, new), ASSETS]):
        with pytest.raises(PipelineError) as caught:
            assemble(pages)
        for words in ("list-all-tags.md", "list-user-assets.md", pointer):
            assert words in str(caught.value)


def test_a_tag_that_only_one_page_lists_is_added() -> None:
    """Each page contributes to the collections: paths, components and tags."""
    extra = edited(TAGS, "tags:\n  - name: workflow", "tags:\n  - name: brand-new\n  - name: workflow")
    names = [tag["name"] for tag in parse_document(assemble([ASSETS, extra]).text, "x")["tags"]]
    assert names[-1] == "brand-new"
    assert len(names) == len(set(names)) == 9


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\n````", "\n", "is cut off"),
        ("````yaml", "```yaml", "needs exactly one line"),
        ("get /api/tags", "post /api/tags", "announces POST /api/tags but embeds GET /api/tags"),
        ("get /api/tags", "get /api/tagz", "announces GET /api/tagz but embeds GET /api/tags"),
        ("    get:\n", "    gets:\n", "but embeds none"),
        ("paths:\n", "paths: [\n", "no YAML"),
    ],
)
def test_a_damaged_page_is_refused_by_name(old: str, new: str, words: str) -> None:
    """Half a download is no page."""
    text = TAGS.text
    damaged = text[: text.rindex("\n````")] if old == "\n````" else edited(TAGS, old, new).text
    with pytest.raises(PipelineError, match=re.escape(words)) as caught:
        embedded_document(Page("list-all-tags.md", damaged))
    assert "list-all-tags.md" in str(caught.value)


def test_a_page_that_the_index_does_not_list_is_refused(folder: Path) -> None:
    """Otherwise nobody would know whether it is the newer one."""
    (folder / "pages" / "get-job.md").write_text("x", encoding="utf-8")
    with pytest.raises(PipelineError, match=r"disagree on get-job\.md"):
        vendor_pages(folder)


def test_prose_is_told_from_data_and_from_properties_of_that_name() -> None:
    """A property named description, or one in an example, is read by programs."""
    for place, expected in [
        (("info", "description"), True),
        (("components", "schemas", "A", "properties", "description", "type"), False),
        (("components", "schemas", "A", "example", "description"), False),
        (("x-thing", "summary"), False),
    ]:
        first: Any = "one"
        second: Any = "two"
        for part in reversed(place):
            first, second = {part: first}, {part: second}
        assert list(differences(first, second)) == [(place, expected)]


def test_a_whole_file_is_taken_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    """Vendored means untouched, comments included."""
    text = "# a comment\n" + ASSEMBLED.replace("version: 1.0.0", "version: 1.1.0")
    (tmp_path / "new.yaml").write_bytes(text.encode())
    assert vendor_file(tmp_path / "new.yaml", folder).changed is True
    assert (folder / "openapi-cloud.yaml").read_bytes() == text.encode()
    assert f"`{sha256(text)}`" in (folder / "SOURCE.md").read_text(encoding="utf-8")
    assert "the file new.yaml" in (folder / "SOURCE.md").read_text(encoding="utf-8")


@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_no_beginning_of_our_spec_passes_for_a_spec(share: float, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Wherever a download stops, at a line's end or within one, it is noticed."""
    text = ASSEMBLED.encode()
    folder = tmp_path_factory.mktemp("cut")
    (folder / "openapi-cloud.yaml").write_bytes(text)
    (folder / "cut.yaml").write_bytes(text[: int(share * len(text))])
    with pytest.raises(PipelineError):
        vendor_file(folder / "cut.yaml", folder)


def test_a_new_spec_that_is_cut_off_is_refused(folder: Path, tmp_path: Path) -> None:
    """Also when it is not the beginning of the one we have: its last references lead nowhere."""
    text = ASSEMBLED.replace("version: 1.0.0", "version: 1.1.0")
    for marker in ("    ErrorResponse:\n", "  securitySchemes:\n"):
        (tmp_path / "cut.yaml").write_text(text[: text.index(marker)], encoding="utf-8")
        with pytest.raises(PipelineError):
            vendor_file(tmp_path / "cut.yaml", folder)


def test_lost_operations_are_named_and_need_a_flag(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A spec without operations we have is refused, and nothing is written, until that is said to be meant."""
    text = ASSEMBLED
    less = text[: text.index("  /api/tags:\n")] + text[text.index("components:\n") :]
    (tmp_path / "less.yaml").write_text(less, encoding="utf-8")
    arguments = ["vendor", str(tmp_path / "less.yaml"), "--into", str(folder)]
    assert main(arguments) == 2
    assert capsys.readouterr().err == "less.yaml lost GET /api/tags; if that is meant, add --allow-removals.\n"
    assert (folder / "openapi-cloud.yaml").read_bytes() == ASSEMBLED.encode()
    assert main([*arguments, "--allow-removals"]) == 0
    assert (folder / "openapi-cloud.yaml").read_text(encoding="utf-8") == less


def test_an_invalid_spec_leaves_the_old_one(folder: Path, tmp_path: Path) -> None:
    """Refused before anything is written, in one sentence that names the place."""
    text = ASSEMBLED.replace("in: query", "in: queue", 1)
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError, match=r"not valid OpenAPI 3\.0\.3, at #/paths/~1api~1assets/get/parameters/0"):
        vendor_file(tmp_path / "bad.yaml", folder)
    assert (folder / "openapi-cloud.yaml").read_bytes() == ASSEMBLED.encode()


def test_every_reference_of_the_spec_resolves() -> None:
    """The assembled document stands alone."""
    document = read_document(SPEC)
    pointers = {show_pointer(pointer) for pointer, _ in walk(document)}
    targets = {node["$ref"] for _, node in walk(document) if isinstance(node, dict) and "$ref" in node}
    assert targets - pointers == set()


class Web(BaseHTTPRequestHandler):
    """A few addresses that behave and many that do not."""

    protocol_version = "HTTP/1.1"
    done = Event()

    def do_GET(self) -> None:
        """Answer by path."""
        name = self.path.lstrip("/")
        if name in {"spec.yaml", "cut.yaml"}:
            body = ASSEMBLED.encode()
            size = len(body) + (1 if name == "cut.yaml" else 0)
            self._begin(200, ("Content-Length", str(size)))
            self.wfile.write(body)
        elif name == "page":
            self._begin(200)
            self.wfile.write(b"<html>no spec: {</html>\n")
        elif name == "moved":
            self._begin(302, ("Location", "/spec.yaml"), ("Content-Length", "0"))
        elif name == "for-ever":
            self._begin(302, ("Location", "/for-ever"), ("Content-Length", "0"))
        elif name == "away":
            self._begin(302, ("Location", "http://example.com/spec.yaml"), ("Content-Length", "0"))
        elif name == "silent":
            self._begin(200, ("Content-Length", "9"))
            self.done.wait()
        elif name == "endless":
            self._begin(200)
            while not self.done.is_set():
                self.wfile.write(b"# " * 500)
        else:
            self._begin(404, ("Content-Length", "0"))

    def _begin(self, status: int, *headers: tuple[str, str]) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class WebServer(ThreadingHTTPServer):
    """Whose clients hang up as they like."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    """The address of a small web server on loopback."""
    with WebServer(("127.0.0.1", 0), Web) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Web.done.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["spec.yaml", "moved"])
def test_a_fetched_spec_is_taken_byte_for_byte_and_its_address_recorded(
    name: str, web: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes the way of a file."""
    (folder / "openapi-cloud.yaml").write_bytes(ASSEMBLED.encode().replace(b"version: 1.0.0", b"version: 0.9.0"))
    assert main(["vendor", "--fetch", f"{web}/{name}", "--into", str(folder)]) == 0
    assert capsys.readouterr().out == "Vendored 2 operations.\n"
    assert (folder / "openapi-cloud.yaml").read_bytes() == ASSEMBLED.encode()
    assert f"| origin | <{web}/{name}> |" in (folder / "SOURCE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone", "answers with status 404; check the address."),
        ("page", "page is neither YAML nor JSON, or is cut off"),
        ("cut.yaml", "cannot be fetched (peer closed connection"),
        ("for-ever", "redirects more than 5 times"),
        ("away", "http://example.com/spec.yaml is not fetched: only https is"),
    ],
)
def test_what_cannot_be_fetched_is_refused_in_one_sentence(
    name: str, words: str, web: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With 2, and the old spec stays."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert main(["vendor", "--fetch", f"{web}/{name}", "--into", str(folder)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.com/spec.yaml", "is not fetched: only https is, and plain http from this machine."),
        ("http://127.0.0.1.example.com/", "is not fetched: only https is"),
        ("ftp://127.0.0.1/spec.yaml", "is not fetched: only https is"),
        ("file:///etc/passwd", "is not fetched: only https is"),
        ("openapi-cloud.yaml", "is not fetched: only https is"),
        ("https://", "is not fetched: only https is"),
        ("https://[::1/spec.yaml", "is no address"),
        ("https://me:secret@example.com/spec.yaml", "has a user or password in it"),
    ],
)
def test_only_https_is_fetched(url: str, words: str, tmp_path: Path) -> None:
    """What comes in the clear could be anybody's, except on this machine; and no password gets into SOURCE.md."""
    with pytest.raises(PipelineError) as caught:
        fetch(url, tmp_path)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_download_is_bounded_in_size(web: str, tmp_path: Path) -> None:
    """Also where the server does not say how much is coming."""
    with pytest.raises(PipelineError, match="sends more than 20,000 bytes"):
        fetch(f"{web}/endless", tmp_path, max_bytes=20_000)


@pytest.mark.parametrize("name", ["silent", "endless"])
def test_a_download_is_bounded_in_time(name: str, web: str, tmp_path: Path) -> None:
    """As a whole, so a server that keeps sending a little does not hold it up."""
    started = time.monotonic()
    with pytest.raises(PipelineError, match=r"did not send all of it within 0\.2 seconds"):
        fetch(f"{web}/{name}", tmp_path, max_bytes=10**12, max_seconds=0.2)
    assert time.monotonic() - started < 5


def test_a_file_and_an_address_are_not_taken_together(capsys: pytest.CaptureFixture[str]) -> None:
    """Which one was meant would be a guess."""
    with pytest.raises(SystemExit):
        main(["vendor", "some.yaml", "--fetch", "https://example.com/spec.yaml"])
    assert "not allowed with argument" in capsys.readouterr().err
