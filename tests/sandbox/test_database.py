"""Libraries in files, and libraries in forked processes."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comfy_cloud.sandbox import DatabaseError, Sandbox
from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._library.seed import seeded_assets
from comfy_cloud.sandbox._library.seeded import seeded_library
from tests.sandbox.answers import body


def test_a_library_in_a_file_goes_on_where_it_was(tmp_path: Path) -> None:
    """With its assets, its history, and its clock; what was to be seeded is not made again."""
    file = tmp_path / "library.db"
    with Sandbox.seeded(20, database=file) as first:
        assets = first.assets()
        change = first.add(name="mine", user_metadata={"k": 1})
    with Sandbox.open(file) as second:
        assert ([change], 1, assets) == (second.changes(), second.sequence, second.assets(at=0))
        assert [change.id] == second.matching(metadata_filter='{"k": 1}')
        assert 2 == second.rename(change.id, "yours").sequence
    with Sandbox.seeded(500, seed=1, database=file) as third:
        assert (21, 2) == (len(third.assets()), third.sequence)
    assert [file] == list(tmp_path.iterdir())


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    """Empty, by default."""
    with Sandbox.open(tmp_path / "new.db") as box:
        assert [] == box.assets()
    assert (tmp_path / "new.db").exists()


def test_two_processes_may_use_one_file(tmp_path: Path) -> None:
    """Here two connections: what one changes the other sees, in what it counts as well."""
    with Sandbox.seeded(10, database=tmp_path / "both.db") as one, Sandbox.open(tmp_path / "both.db") as other:
        assert 10 == body(other.service)["total"]
        one.add(name="new")
        assert (11, 1) == (body(other.service)["total"], other.sequence)


def make_text(file: Path) -> None:
    """No database at all."""
    file.write_text("This is not a database, and it is long enough to be read as one." * 20)


def make_foreign(file: Path) -> None:
    """A database of another program."""
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE t (c)")
    db.close()


def make_newer(file: Path) -> None:
    """A library of a version that is to come."""
    Sandbox.open(file).close()
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 7")
    db.close()


def make_hollow(file: Path) -> None:
    """A database that says it is a library, but has no place for assets."""
    Sandbox.open(file).close()
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE assets")
    db.close()


def make_damaged(file: Path) -> None:
    """A library that something has cut a piece out of."""
    Sandbox.seeded(200, database=file).close()
    content = file.read_bytes()
    file.write_bytes(content[:20_000] + bytes(20_000) + content[40_000:])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_text, "file is not a database"),
        (make_foreign, "it is not a database of the sandbox"),
        (make_newer, "it is of version 7, and this sandbox reads version 1"),
        (make_hollow, "it is damaged"),
        (make_damaged, "it is damaged"),
        (Path.mkdir, "unable to open database file"),
    ],
)
def test_a_file_that_is_no_library_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Any], message: str
) -> None:
    """It says why, and is not touched."""
    file = tmp_path / "library.db"
    make(file)
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(DatabaseError) as caught:
        Sandbox.open(file)
    expected = f"The database library.db cannot be used: {message}; choose another file, or delete it."
    assert expected == str(caught.value)
    assert before == (file.read_bytes() if file.is_file() else None)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_only_be_read_can_be_read(tmp_path: Path) -> None:
    """What would change it is an error that names it."""
    file = tmp_path / "library.db"
    Sandbox.seeded(3, database=file).close()
    file.chmod(0o400)
    with Sandbox.open(file) as box:
        assert 3 == body(box.service)["total"]
        with pytest.raises(DatabaseError, match=r"library\.db cannot be used: attempt to write a readonly database"):
            box.add()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Folders are not made."""
    with pytest.raises(DatabaseError, match="unable to open database file"):
        Sandbox.open(tmp_path / "no" / "library.db")


def test_two_assets_with_one_id_are_refused() -> None:
    """Of a library that is loaded as of one that runs."""
    with pytest.raises(ValueError, match=r"^id: two of the assets have the same\.$"):
        Library([*seeded_assets(1), *seeded_assets(1)])


def test_the_same_library_twice_in_a_process_is_two_libraries() -> None:
    """The second is a copy made in no time, and what is changed in one does not show in the other."""
    one, two = seeded_library(50, 3), seeded_library(50, 3)
    expected = one.assets()
    one.delete(expected[0].id)
    two.add({"name": "x"})
    three = seeded_library(50, 3)
    assert ([*expected], 49, 51) == (three.assets(), len(one.assets()), len(two.assets()))
    assert sorted(seeded_assets(50, 3)) == three.assets()
    for library in (one, two, three):
        library.close()


def in_a_fork(act: Callable[[], bool]) -> bool:
    """Whether `act` is true in a forked process."""
    child = os.fork()
    if not child:
        try:
            os._exit(0 if act() else 1)
        except BaseException:  # noqa: BLE001 - it must not return into the tests
            os._exit(2)
    return os.waitpid(child, 0)[1] == 0


needs_fork = pytest.mark.skipif(
    not hasattr(os, "fork") or sys.version_info >= (3, 12), reason="with threads, forking warns from Python 3.12 on"
)


@needs_fork
def test_a_forked_process_has_a_copy_of_a_library_in_memory() -> None:
    """What it changes, the parent does not see, and both go on."""
    box = Sandbox.seeded(10)
    gone = box.assets()[0].id
    assert in_a_fork(lambda: box.delete(gone).sequence == 1 and body(box.service)["total"] == 9)
    assert (10, 0) == (body(box.service)["total"], box.sequence)
    box.close()


@needs_fork
def test_a_forked_process_shares_a_library_in_a_file(tmp_path: Path) -> None:
    """What it changes, the parent sees, and its end closes nothing of the parent's."""
    box = Sandbox.seeded(10, database=tmp_path / "library.db")

    def act() -> bool:
        box.add(name="from the child")
        box.close()
        return True

    assert in_a_fork(act)
    assert (11, 1, 2) == (body(box.service)["total"], box.sequence, box.add(name="from the parent").sequence)
    box.close()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"include_tags": "output"},
        {"include_tags": "output", "exclude_tags": "final,draft", "sort": "name"},
        {"name_contains": "o", "sort": "size"},
        {"metadata_filter": '{"source": null}', "sort": "updated_at"},
        {"metadata_filter": '{"seed": 42}', "name_contains": "png"},
        {"include_tags": "a,b"},
        {"include_public": "false", "order": "asc"},
    ],
)
def test_pages_of_a_large_library_join_up(large: Sandbox, query: dict[str, str]) -> None:
    """However a page is found, along an index or among few: the pages are the listing, and the total is its length."""
    expected = large.matching(**query)
    pages = [body(large.service, **query, limit=500, offset=offset) for offset in range(0, len(expected) + 1, 500)]
    assert expected == [one["id"] for page in pages for one in page["assets"]]
    assert {len(expected)} == {page["total"] for page in pages}


@pytest.fixture(scope="module")
def large() -> Iterator[Sandbox]:
    """A library that is large enough for indexes."""
    box = Sandbox.seeded(6000)
    yield box
    box.close()


def test_what_is_counted_is_counted_again_after_a_change(large: Sandbox) -> None:
    """Also in a large library, where counting is dear."""
    query = {"include_tags": "output", "limit": 1}
    before = body(large.service, **query)["total"]
    one = large.add(tags=["output"]).id
    assert before + 1 == body(large.service, **query)["total"]
    large.retag(one, remove=["output"])
    assert before == body(large.service, **query)["total"]
    large.delete(one)
