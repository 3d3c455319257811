"""The previews of a gallery: whose are in it, who is asked for them, and what stands where one is not."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from comfy_cloud import AuthenticationError, ComfyCloud
from comfy_cloud.cli import exporting, gallery
from comfy_cloud.cli.gallery.previews import PATIENCE, PREVIEW_BYTES, with_previews
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.testing import InstantClock
from tests.cli.exports import Stopped, beside, client, on_full_disk, stopping
from tests.cli.reading import Gallery
from tests.wrapper.callers import KEY
from tests.wrapper.raw_server import ASSET, Asked, RawServer, Step, answer, raw_server

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff" + bytes(100)
GIF = b"GIF89a<script>alert(1)</script>"
WEBP = b"RIFF\0\0\0\0WEBPVP8 "
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def listing(previews: Sequence[str | None]) -> Step:
    """A step that lists an asset for each of these addresses."""
    assets = [
        {**ASSET, "id": f"00000000-0000-4000-8000-{number:012}", "preview_url": url}
        for number, url in enumerate(previews)
    ]
    return answer(json.dumps({"assets": assets, "total": len(assets), "has_more": False}).encode())


def by_path(previews: Sequence[str | None], contents: dict[str, Step]) -> Step:
    """A step that answers by where it is asked; what is not known is a 404."""

    def step(connection: Any, asked: Asked, server: RawServer) -> Any:
        listed = asked.target.startswith("/api/assets")
        chosen = listing(previews) if listed else contents.get(asked.target, answer(b"", 404))
        return chosen(connection, asked, server)

    return step


def image(content: bytes, kind: str = "image/png") -> Step:
    """A step that sends this."""
    return answer(content, Content_Type=kind)


def made(url: str) -> tuple[gallery.Written, Gallery]:
    """The gallery of what a server has."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gallery.html"
        with ComfyCloud(base_url=url, api_key=KEY, clock=InstantClock()) as comfy:
            done = gallery.write(comfy.assets, path)
        return done, Gallery(path.read_bytes().decode())


def reasons(page: Gallery) -> list[str]:
    """What stands in the place of each preview that is not there."""
    return [one.text for one in page.elements if "why" in one.classes]


def test_previews_are_in_the_page_as_they_came() -> None:
    """PNG, JPEG, GIF and WebP, by their first bytes and whatever the server calls them, in the assets' order."""
    contents = {"/1": image(PNG, "text/html"), "/2": image(JPEG), "/3": image(GIF, "image/svg+xml"), "/4": image(WEBP)}
    with raw_server(by_path(["/1", None, "/2", "/3", "/4"], contents)) as server:
        done, page = made(server.url)
    assert (5, 4, 0) == (done.items, done.previews, done.skipped)
    assert [PNG, None, JPEG, GIF, WEBP] == page.pictures()
    kinds = [(one.attributes["src"] or "").partition(";")[0] for one in page.named("img")]
    assert ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"] == kinds


def test_what_is_no_picture_is_left_out_and_counted() -> None:
    """SVG can hold scripts; HTML is a login page; what is too large is not read to its end."""
    large = image(PNG + bytes(PREVIEW_BYTES))
    contents = {"/svg": image(SVG, "image/svg+xml"), "/html": image(b"<html>"), "/large": large, "/empty": image(b"")}
    with raw_server(by_path(["/svg", "/html", "/empty", "/large", "/gone", "ftp://127.0.0.1/x"], contents)) as server:
        done, page = made(server.url)
    assert (6, 0, 6) == (done.items, done.previews, done.skipped)
    no_picture, lost = "The preview is no picture that is shown here.", "The preview could not be fetched."
    assert [*[no_picture] * 3, "The preview is larger than 1 MB.", lost, lost] == reasons(page)
    assert "onload" not in page.text


def test_the_key_goes_to_its_own_server_alone_and_never_into_the_page() -> None:
    """Neither do the addresses of previews, which may be signed."""
    with raw_server(image(PNG)) as other:
        with raw_server(by_path([f"{other.url}/1?signature=secret", "/2"], {"/2": image(PNG)})) as server:
            done, page = made(server.url)
    assert 2 == done.previews
    assert [False] == ["x-api-key" in asked.headers for asked in other.asked]
    assert {KEY} == {asked.headers["x-api-key"] for asked in server.asked}
    assert [] == [text for text in (KEY, "signature", server.url, other.url) if text in page.text]


def test_without_previews_nothing_is_asked_but_the_listing() -> None:
    """And nothing counts as left out."""
    with raw_server(by_path(["/1", "/2"], {})) as server, tempfile.TemporaryDirectory() as folder:
        with ComfyCloud(base_url=server.url, api_key=KEY) as comfy:
            done = gallery.write(comfy.assets, Path(folder) / "gallery.html", previews=False)
    assert (2, 0, 0, 1) == (done.items, done.previews, done.skipped, len(server.asked))


def test_a_host_that_gives_no_previews_is_not_asked_for_ever() -> None:
    """After some failures in a row the rest is left out; what was asked for ahead is all that still goes out."""
    with raw_server(by_path([f"/{number}" for number in range(100)], {})) as server:
        done, page = made(server.url)
    assert (100, 0, 100) == (done.items, done.previews, done.skipped)
    assert PATIENCE <= len(server.asked) - 1 <= PATIENCE + 17
    assert {"The preview could not be fetched."} == set(reasons(page))


def test_previews_have_room_for_so_many_bytes() -> None:
    """What comes after is left out; no asset holds its preview any longer than it is needed."""
    with raw_server(by_path(["/1"] * 30, {"/1": image(PNG)})) as server:
        with ComfyCloud(base_url=server.url, api_key=KEY) as comfy:
            with closing(with_previews(comfy.assets, room_bytes=3 * len(PNG) + 1)) as pairs:
                taken = list(pairs)
    assert [True] * 3 + [False] * 27 == [bool(preview.content) for _, preview in taken]
    assert {"", "Left out, as the page has many previews."} == {preview.why for _, preview in taken}
    assert [None] * 30 == [asset.fetched_preview for asset, _ in taken]
    assert len(server.asked) < 31


def test_a_gallery_replaces_a_file_when_it_is_complete(tmp_path: Path) -> None:
    """Until then the old one stays, and whatever stops it leaves nothing beside."""
    path, told = tmp_path / "gallery.html", list[tuple[int, int | None]]()
    path.write_bytes(b"before")

    def tell(items: int, total: int | None) -> None:
        told.append((items, total))
        assert b"before" == path.read_bytes()

    with Sandbox.seeded(5) as box, client(box) as comfy:
        with pytest.raises(Stopped):
            gallery.write(comfy.assets, path, on_progress=stopping(3))
        assert (b"before", {}) == (path.read_bytes(), beside(path))
        with ComfyCloud(base_url="http://127.0.0.1", api_key="wrong", transport=box.transport()) as stranger:
            with pytest.raises(AuthenticationError):
                gallery.write(stranger.assets, path)
        assert (b"before", {}) == (path.read_bytes(), beside(path))
        gallery.write(comfy.assets, path, on_progress=tell)
    assert ([(number, 5) for number in range(1, 6)], {}) == (told, beside(path))
    assert 5 == len(Gallery(path.read_bytes().decode()).cards())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not bound the size of files")
@pytest.mark.parametrize("most", [0, 20_000, 45_000])
def test_a_full_disk_is_told(most: int, tmp_path: Path) -> None:
    """Before the first card, among the cards, or when the page is put together; what had the name is left alone."""
    path = tmp_path / "gallery.html"
    path.write_bytes(b"before")
    with Sandbox.seeded(50) as box:
        told = on_full_disk(box, "gallery.write(query, path, previews=False)", path, most)
    assert f"{path} cannot be written (file too large); free some space and run it again." == told
    assert (b"before", {}) == (path.read_bytes(), beside(path))


def test_what_a_killed_run_left_is_in_nobody_s_way(tmp_path: Path) -> None:
    """It is written over, and none of it is in the page."""
    path = tmp_path / "gallery.html"
    (tmp_path / "gallery.html.new").write_bytes(b"left" * 100_000)
    with Sandbox.seeded(1) as box, client(box) as comfy:
        gallery.write(comfy.assets, path)
    assert (True, {}) == (b"leftleft" not in path.read_bytes(), beside(path))


def test_two_galleries_of_one_name_do_not_meet(tmp_path: Path) -> None:
    """The second is refused, in words."""
    path, refused = tmp_path / "gallery.html", list[str]()
    with Sandbox.seeded(1) as box, client(box) as comfy:

        def again(*_: object) -> None:
            with pytest.raises(exporting.BusyError) as caught:
                gallery.write(comfy.assets, path)
            refused.append(str(caught.value))

        gallery.write(comfy.assets, path, on_progress=again)
    assert [f"{path} is being written by somebody else; wait for that, or choose a name."] == refused


def test_where_no_file_can_be_it_says_so_before_anything_is_asked(tmp_path: Path) -> None:
    """As an export does."""
    with Sandbox.seeded(1) as box, client(box) as comfy:
        for path in (tmp_path, tmp_path / "missing" / "gallery.html", Path("/dev/null")):
            with pytest.raises(exporting.OutputError):
                gallery.write(comfy.assets, path)
        assert 0 == len(box.requests)
