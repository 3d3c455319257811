"""What an editor shows: pyright's language server is asked as an editor asks it. Run by `nox -s typing`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """\
from comfy_cloud import AsyncComfyCloud, ComfyCloud, created_at, metadata, name, size, tag
from comfy_cloud.sandbox import Sandbox

comfy = ComfyCloud()
aio = AsyncComfyCloud()
query = comfy.assets.where(tag("output"), name.contains("portrait"))
page = next(query.pages())
for asset in query.order_by(created_at.desc()).filter(size > 5, metadata["seed"] == 1):
    print(asset.size)
entries = comfy.tags.list()
later = aio.assets.limit(5)
counted = later.count()
box = Sandbox.seeded(10)
"""
"""Where the cursor stands is said by a piece of it, whose last name it is on."""


class Editor:
    """An editor with one open file, which is on no disk."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "pyright.langserver", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._last = 0
        self._uri = (ROOT / "tests" / "typing" / "opened.py").as_uri()

    def __enter__(self) -> Self:
        folder = {"uri": ROOT.as_uri(), "name": "project"}
        shown = {"hover": {"contentFormat": ["plaintext"]}}
        capabilities = {"textDocument": shown, "workspace": {"configuration": True, "workspaceFolders": True}}
        self.ask("initialize", processId=None, capabilities=capabilities, workspaceFolders=[folder])
        self._send(method="initialized", params={})
        self.write(PROGRAM)
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("shutdown")
        self._send(method="exit")
        self._server.communicate()

    def write(self, text: str) -> None:
        """Open the file with this text."""
        document = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})

    def change(self, text: str) -> None:
        """Give the file another text."""
        document = {"uri": self._uri, "version": 2}
        self._send(
            method="textDocument/didChange", params={"textDocument": document, "contentChanges": [{"text": text}]}
        )

    def hover(self, piece: str) -> str:
        """What is shown where the cursor is on the last letter of this piece of the program."""
        shown = self._at("textDocument/hover", PROGRAM, PROGRAM.index(piece) + len(piece) - 1)
        return str(shown["contents"]["value"]).replace("\r\n", "\n")

    def completions(self, start: str) -> set[str]:
        """What is offered, private names aside, after this line at the end of the program."""
        text = PROGRAM + start
        self.change(text)
        offered = self._at("textDocument/completion", text, len(text))
        self.change(PROGRAM)
        return {item["label"] for item in offered["items"] if not item["label"].startswith("_")}

    def ask(self, method: str, **params: object) -> Any:
        """Send a request and read until its answer, answering what the server asks meanwhile."""
        self._last += 1
        self._send(id=self._last, method=method, params=params)
        while True:
            message = self._read()
            if "method" not in message and message.get("id") == self._last:
                assert "error" not in message, message
                return message["result"]
            if "method" in message and "id" in message:
                settings: list[dict[str, str]] = [{} for _ in message.get("params", {}).get("items", [])]
                self._send(id=message["id"], result=settings or None)

    def _at(self, method: str, text: str, offset: int) -> Any:
        before = text[:offset].split("\n")
        position = {"line": len(before) - 1, "character": len(before[-1])}
        return self.ask(method, textDocument={"uri": self._uri}, position=position)

    def _send(self, **message: object) -> None:
        assert self._server.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        length = 0
        while line := self._server.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert length, "the language server ended"
        return dict(json.loads(self._server.stdout.read(length)))


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """One language server for all tests."""
    with Editor() as opened:
        yield opened


SHOWN = {
    "comfy.assets": (
        "(property) assets: AssetQuery",
        "All assets of the account; narrow it with `where`, sort it with `order_by`, and iterate it.",
    ),
    "assets.where": (
        (
            "(method) def where(*filters: Expression, tags: str | Iterable[str] = (), "
            "not_tags: str | Iterable[str] = (), name_contains: str | None = None, "
            "metadata: Mapping[str, object] | None = None, verify: bool | None = None) -> AssetQuery"
        ),
        "Only assets that match all of these; the server does the filtering.",
    ),
    "query.order_by": (
        "(method) def order_by(order: Order | Field, *, unique: bool | None = None) -> AssetQuery",
        "Sort, by `created_at.desc()` unless this is called; assets with equal values follow by id.",
    ),
    "query.pages": ("(method) def pages() -> Iterator[Page[Asset]]", "The same listing, a page at a time."),
    "page": ("(variable) page: Page[Asset]", ""),
    "name.contains": (
        "(method) def contains(text: str) -> Expression",
        "Assets whose name contains `text`; `%`, `_` and `*` stand for themselves.",
    ),
    "created_at.desc": ("(method) def desc() -> Order", "Largest, or newest, first."),
    "asset.size": ("(property) size: int | None", "Size of the asset in bytes. None where absent."),
    "tags.list": (
        (
            '(method) def list(*, prefix: str | None = None, order: TagOrder = "name_asc", include_zero: bool = False, '
            "include_public: bool = True, limit: int | None = None) -> TagListing"
        ),
        "All tags, walking the pages by name, an order in which nothing moves.",
    ),
    "aio": ("(variable) aio: AsyncComfyCloud", ""),
    "later.count": (
        "(method) def count() -> CoroutineType[Any, Any, int]",
        "See `AssetQuery.count`.",
    ),
}
"""By where the cursor is: the signature, on one line, and the first line of the docstring."""

OFFERED = {
    "comfy.": "api assets close drift_report raw_responses request stats tags with_options",
    "aio.": "aclose api assets drift_report raw_responses request stats tags with_options",
    "query.": (
        "count deadline exists explain filter first ids include_public limit on_page one order_by page_size pages "
        "prefetch resume to_dicts to_list to_polars where"
    ),
    "page.": "doubt exact has_more items length token token_after total unreadable",
    "name.": "asc contains desc field in_ matches startswith",
    "created_at.": "asc desc field",
}
"""By what is written: all that is offered next."""


@pytest.mark.parametrize("piece", SHOWN)
def test_hovering_shows_the_type_and_what_it_is(editor: Editor, piece: str) -> None:
    """Arguments by their names, results by types that can be imported, and one sentence that says what it does."""
    signature, _, text = editor.hover(piece).partition("\n\n")
    one_line = " ".join(signature.split()).replace("( ", "(").replace(" )", ")")
    assert SHOWN[piece] == (one_line, text.partition("\n")[0])


@pytest.mark.parametrize("start", OFFERED)
def test_completion_offers_all_there_is_and_nothing_else(editor: Editor, start: str) -> None:
    """What is offered is the public surface: a new name appears here, and a helper does not."""
    assert OFFERED[start].split() == sorted(editor.completions(start))


def test_an_asset_offers_its_properties(editor: Editor) -> None:
    """Those of the API, with their types, and those of the wrapper."""
    offered = editor.completions("page.items[0].")
    assert {"id", "name", "size", "tags", "user_metadata", "created_at", "human_size", "preview"} <= offered
