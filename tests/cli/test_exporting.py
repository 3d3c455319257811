"""Exports of a listing: what is in the file, and what becomes of it when something is in the way."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from comfy_cloud import AuthenticationError, ComfyCloud, FilterError, size, tag
from comfy_cloud.cli import cells, exporting
from comfy_cloud.cli.exporting import disk
from comfy_cloud.sandbox import Sandbox
from tests.cli.exports import Stopped, beside, client, on_full_disk, states, stopping
from tests.wrapper.raw_server import ASSET, answer, raw_server

TIMES = ("created_at", "updated_at", "last_access_time")
ODD_NAMES = ["=1+1", "a\r\nb", 'quote "and", comma', "\u202egnp.exe", "\x1b[31mred", "\u2028", "\N{GRINNING FACE}", ""]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files, or moves none that is open")


def rows(path: Path) -> list[list[str]]:
    """What a reader of CSV gets."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def odd_box() -> Sandbox:
    """A library of names that break files."""
    box = Sandbox.seeded(0)
    for name in ODD_NAMES:
        box.add(name=name, tags=["output", "a,b"], user_metadata={"=k": [1, None, 2**70], "text": name})
    return box


def test_a_csv_has_a_row_of_headings_and_one_for_each_asset(tmp_path: Path) -> None:
    """Whatever stands in the names; lines end as RFC 4180 says."""
    path = tmp_path / "list.csv"
    with odd_box() as box, client(box) as comfy:
        done = exporting.export(comfy.assets, path, format="csv")
        expected = [list(cells.columns()), *map(cells.row, comfy.assets)]
    assert exporting.Exported(path, len(ODD_NAMES), 0, exact=True) == done
    assert expected == rows(path)
    assert path.read_bytes().endswith(b"\r\n")
    assert {} == beside(path)


def test_a_line_of_ndjson_is_an_asset_as_a_dict(tmp_path: Path) -> None:
    """Every line is JSON by itself; numbers keep their digits, and times say that they are in UTC."""
    path = tmp_path / "list.ndjson"
    with odd_box() as box, client(box) as comfy:
        exporting.export(comfy.assets.page_size(3), path, format="ndjson")
        expected = comfy.assets.to_dicts()
    found = [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
    for row in found:
        assert {"Z"} == {row[name][-1] for name in TIMES}
        row.update({name: datetime.fromisoformat(row[name]) for name in TIMES})
    assert expected == found


@pytest.mark.parametrize(("kind", "expected"), [("csv", ",".join(cells.columns()).encode() + b"\r\n"), ("ndjson", b"")])
def test_no_assets_are_a_complete_file_too(kind: Any, expected: bytes, tmp_path: Path) -> None:
    """With its headings."""
    path = tmp_path / "list"
    with Sandbox.seeded(0) as box, client(box) as comfy:
        assert 0 == exporting.export(comfy.assets, path, format=kind).items
    assert (expected, {}) == (path.read_bytes(), beside(path))


def test_progress_is_told_after_each_page_that_is_written(tmp_path: Path) -> None:
    """With how many there will be: as the server counts, at most the limit, and not known where this side filters."""
    told: list[tuple[int, int | None]] = []

    def tell(items: int, total: int | None) -> None:
        told.append((items, total))

    with Sandbox.seeded(10) as box, client(box) as comfy:
        query = comfy.assets.page_size(5)
        for narrowed in (query, query.limit(7), query.filter(size >= 0).limit(2)):
            exporting.export(narrowed, tmp_path / "list", format="csv", on_progress=tell)
    assert [(5, 10), (9, 10), (10, 10), (5, 7), (7, 7), (2, None)] == told


def test_an_export_that_was_stopped_goes_on(tmp_path: Path) -> None:
    """Under a limit too, which counts what was written before; the file that had the name stays until the end."""
    path = tmp_path / "list.csv"
    with Sandbox.seeded(50) as box, client(box) as comfy:
        query = comfy.assets.page_size(10).limit(33)
        expected, _ = states(query, path, "csv")
        path.write_bytes(b"before")
        with pytest.raises(Stopped):
            exporting.export(query, path, format="csv", on_progress=stopping(15))
        assert (b"before", {"list.csv.part", "list.csv.resume"}) == (path.read_bytes(), beside(path).keys())
        done = exporting.export(query, path, format="csv")
    assert exporting.Exported(path, 33, 19, exact=True) == done
    assert (expected, {}) == (path.read_bytes(), beside(path))


def test_an_export_of_something_else_does_not_go_on_from_it(tmp_path: Path) -> None:
    """Another query, limit, format or server is refused, in words; what was written stays, until it is said aloud."""
    path = tmp_path / "list.csv"
    with Sandbox.seeded(50) as box, client(box) as comfy, client(box, "http://127.0.0.2") as other:
        query = comfy.assets.page_size(10)
        with pytest.raises(Stopped):
            exporting.export(query, path, format="csv", on_progress=stopping(15))
        kept = beside(path)
        others = (query.where(tag("output")), query.filter(size > 1), query.order_by(size), query.limit(40))
        for another, kind in (*((one, "csv") for one in others), (query, "ndjson"), (other.assets, "csv")):
            with pytest.raises(exporting.OtherExportError, match=r"of 19 assets; repeat that one .* \(--fresh\)\.$"):
                exporting.export(another, path, format=kind)  # type: ignore[arg-type] # one of the two
        assert (kept, False) == (beside(path), path.exists())
        assert 0 == exporting.export(others[0], path, format="ndjson", fresh=True).resumed_from
        assert len(path.read_bytes().splitlines()) == others[0].count()
    assert {} == beside(path)


def test_how_a_listing_is_fetched_does_not_make_it_another(tmp_path: Path) -> None:
    """It goes on with pages of another size, and several at once."""
    path = tmp_path / "list.csv"
    with Sandbox.seeded(50) as box, client(box) as comfy:
        expected, _ = states(comfy.assets, path, "csv")
        with pytest.raises(Stopped):
            exporting.export(comfy.assets.page_size(10), path, format="csv", on_progress=stopping(15))
        assert 19 == exporting.export(comfy.assets.page_size(7).prefetch(3), path, format="csv").resumed_from
    assert expected == path.read_bytes()


@pytest.mark.parametrize("there", [{".part": b"mine"}, {".resume": b"mine"}, {".resume": b'{"kind": "mine"}'}])
def test_files_that_no_export_left_are_kept(there: dict[str, bytes], tmp_path: Path) -> None:
    """Somebody else's file may have such a name."""
    path = tmp_path / "list"
    for ending, content in there.items():
        (tmp_path / f"list{ending}").write_bytes(content)
    with Sandbox.seeded(5) as box, client(box) as comfy:
        with pytest.raises(exporting.OtherExportError, match=r"--fresh"):
            exporting.export(comfy.assets, path, format="csv")
        assert there.items() <= {name.removeprefix("list"): data for name, data in beside(path).items()}.items()
        exporting.export(comfy.assets, path, format="csv", fresh=True)
    assert {} == beside(path)


@POSIX
def test_two_exports_to_one_file_do_not_meet(tmp_path: Path) -> None:
    """The second is refused, by whatever name it calls the file; the first is not disturbed."""
    path, link = tmp_path / "list.csv", tmp_path / "link"
    link.symlink_to(path)
    refused: list[str] = []
    with Sandbox.seeded(20) as box, client(box) as comfy:

        def again(*_: object) -> None:
            for fresh in (False, True):
                with pytest.raises(exporting.BusyError) as caught:
                    exporting.export(comfy.assets, link, format="csv", fresh=fresh)
                refused.append(str(caught.value))

        exporting.export(comfy.assets, path, format="csv", on_progress=again)
        assert [f"{path} is being written by somebody else; wait for that, or choose a name."] * 2 == refused
        assert 21 == len(rows(path))


def test_of_many_exports_to_one_file_each_is_whole_or_refused(tmp_path: Path) -> None:
    """Also where one begins while another gives its file the final name: nobody writes to a file that has it."""
    path = tmp_path / "list.csv"
    with Sandbox.seeded(5) as box, client(box) as comfy:
        expected, _ = states(comfy.assets, path, "csv")

        def again(_: int) -> set[object]:
            found: set[object] = set()
            for number in range(50):
                try:
                    exporting.export(comfy.assets, path, format="csv", fresh=number % 2 == 0)
                except exporting.BusyError:
                    found.add("refused")
                found.add(path.read_bytes())
            return found

        with ThreadPoolExecutor(4) as threads:
            found = set().union(*threads.map(again, range(4)))
    assert {expected} == found - {"refused"}
    assert {} == beside(path)


@POSIX
def test_a_file_that_got_its_final_name_is_not_the_part_file_any_more(tmp_path: Path) -> None:
    """Whoever opened it before knows by that, and opens another."""
    part, final = tmp_path / "list.part", tmp_path / "list"
    held = disk.opened_alone(part)
    assert disk._is_at(held, part)
    part.replace(final)
    assert not disk._is_at(held, part)
    other = disk.opened_alone(part)
    assert [False, True] == [disk._is_at(one, part) for one in (held, other)]
    os.close(held)
    os.close(other)


@POSIX
def test_what_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    """With the permissions that it has; the link stays."""
    path, link = tmp_path / "list.csv", tmp_path / "link"
    path.write_bytes(b"before")
    path.chmod(0o640)
    link.symlink_to(path)
    with Sandbox.seeded(5) as box, client(box) as comfy:
        exporting.export(comfy.assets, link, format="csv")
    assert (True, 6, 0o640) == (link.is_symlink(), len(rows(path)), stat.S_IMODE(path.stat().st_mode))


@POSIX
def test_where_no_file_can_be_it_says_so_before_anything_is_asked(tmp_path: Path) -> None:
    """In one sentence that says what to do; nothing is left behind."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "blocked.part").mkdir()
    os.mkfifo(tmp_path / "pipe.part")
    places = {
        tmp_path: "is a folder; give the name of a file.",
        Path("/dev/null"): "is a device or a pipe, which cannot be replaced by a file; choose another name.",
        tmp_path / "missing" / "list": "is not there; make it first, or choose another.",
        tmp_path / "file" / "list": "is not there; make it first, or choose another.",
        tmp_path / "blocked": "cannot be written (is a directory); choose a place where you may write.",
        tmp_path / "pipe": "cannot be written (it is no regular file); choose a place where you may write.",
        tmp_path / ("n" * 300): "cannot be written (file name too long); choose a place where you may write.",
    }
    before = set(tmp_path.iterdir())
    with Sandbox.seeded(5) as box, client(box) as comfy:
        for path, words in places.items():
            with pytest.raises(exporting.OutputError) as caught:
                exporting.export(comfy.assets, path, format="csv")
            assert str(caught.value).endswith(words)
        assert 0 == len(box.requests)
    assert before == set(tmp_path.iterdir())


def test_a_format_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """Types are not checked when programs run."""
    with Sandbox.seeded(0) as box, client(box) as comfy:
        with pytest.raises(FilterError, match="written as csv or ndjson, not as 'xlsx'"):
            exporting.export(comfy.assets, tmp_path / "list", format="xlsx")  # type: ignore[arg-type] # on purpose


def test_an_export_that_could_not_begin_leaves_nothing(tmp_path: Path) -> None:
    """Such as one with a wrong key; what was begun with the right one stays."""
    path = tmp_path / "list"
    with Sandbox.seeded(50) as box, client(box) as comfy:
        with ComfyCloud(base_url="http://127.0.0.1", api_key="wrong", transport=box.transport()) as stranger:
            with pytest.raises(AuthenticationError):
                exporting.export(stranger.assets, path, format="csv")
            assert (False, {}) == (path.exists(), beside(path))
            with pytest.raises(Stopped):
                exporting.export(comfy.assets.page_size(10), path, format="csv", on_progress=stopping(15))
            kept = beside(path)
            with pytest.raises(AuthenticationError):
                exporting.export(stranger.assets, path, format="csv")
            assert kept == beside(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not bound the size of files")
def test_a_full_disk_is_told_and_the_export_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """The kernel refuses a write in the middle of a page; what is under the final name is not touched."""
    path = tmp_path / "list.ndjson"
    with Sandbox.seeded(100) as box:
        with ComfyCloud(base_url=box.url, api_key=box.key) as comfy:
            expected, _ = states(comfy.assets, path, "ndjson")
            told = on_full_disk(box, "exporting.export(query, path, format='ndjson')", path, len(expected) // 2)
            assert f"{path} cannot be written (file too large); free some space and run it again." == told
            assert expected == path.read_bytes()
            path.unlink()
            assert 0 < exporting.export(comfy.assets, path, format="ndjson").resumed_from < 100
    assert (expected, {}) == (path.read_bytes(), beside(path))


@pytest.mark.parametrize(("kind", "name"), [("csv", b"a\xef\xbf\xbd"), ("ndjson", b'"a\\udce9"')])
def test_half_of_a_surrogate_pair_can_be_exported(kind: Any, name: bytes, tmp_path: Path) -> None:
    """JSON escapes it; a CSV, which has no escapes, has the sign for what is no character."""
    page = json.dumps({"assets": [{**ASSET, "name": "a\udce9"}], "total": 1, "has_more": False}).encode()
    with raw_server(answer(page)) as server, ComfyCloud(base_url=server.url, api_key="key") as comfy:
        exporting.export(comfy.assets, tmp_path / "file", format=kind)
    assert (tmp_path / "file").read_bytes().count(name) == 1
