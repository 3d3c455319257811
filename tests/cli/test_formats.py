"""Pages as text."""

import csv
import datetime as dt
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud.cli.formats import Format, Screen, escaped, json_text, pieces
from comfy_cloud.cli.rows import ASSETS, TAGS
from comfy_cloud_api.models import TagInfo

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
pages_of_tags = st.lists(st.lists(st.builds(lambda name: TagInfo(name=name, count=3), names), max_size=4), max_size=4)


def screen(width: int | None = None, *, shown: bool = False) -> Screen:
    """A screen whose headings are in capitals."""
    return Screen(width=width, heading=str.upper, now=NOW, shown=shown)


def text(form: Format, pages: list[list[TagInfo]], **options: bool) -> str:
    """All pieces together."""
    return "".join(pieces(form, TAGS, pages, screen(**options)))  # type: ignore[arg-type] # width or shown


@given(pages_of_tags)
def test_json_is_one_document_however_the_pages_are_cut(pages: list[list[TagInfo]]) -> None:
    """Also for none, and for pages without anything."""
    expected = [{"name": tag.name, "count": tag.count} for page in pages for tag in page]
    assert expected == json.loads(text("json", pages))


@given(pages_of_tags)
def test_ndjson_is_an_object_a_line(pages: list[list[TagInfo]]) -> None:
    """Line breaks in names are escapes, so a line is an object, also for programs that know more line breaks."""
    lines = text("ndjson", pages).splitlines()
    assert [tag.name for page in pages for tag in page] == [json.loads(line)["name"] for line in lines]


@given(pages_of_tags)
def test_csv_is_read_back(pages: list[list[TagInfo]]) -> None:
    """With the headings first, lines that end as RFC 4180 says, and one apostrophe less where there is one."""
    written = text("csv", pages)
    heading, *rows = csv.reader(io.StringIO(written, newline=""))
    assert ["name", "count"] == heading
    assert written.startswith("name,count\r\n")
    assert [tag.name for page in pages for tag in page] == [row[0].removeprefix("'") for row in rows]


def test_a_page_is_a_piece() -> None:
    """So that output is there as pages arrive; nothing is asked for before what came is handed on."""
    asked = []

    def pages() -> object:
        for number in range(2):
            asked.append(number)
            yield [TagInfo(name=f"tag{number}", count=1)]

    for form in ("ndjson", "table"):
        asked.clear()
        piece = next(pieces(form, TAGS, pages(), screen()))  # type: ignore[arg-type] # a generator
        assert ([0], True) == (asked, "tag0" in piece)


def test_a_table_of_nothing_is_nothing() -> None:
    """Whoever counts lines counts none."""
    assert "" == text("table", [[], []])


def test_a_table_has_one_line_of_headings() -> None:
    """However many pages there are."""
    pages = [[TagInfo(name="b", count=1234)], [TagInfo(name="\x1b[2J", count=5)]]
    assert ["TAG  ASSETS", "b     1,234", "\\x1b[2J       5"] == text("table", pages).splitlines()


def test_csv_on_a_terminal_cannot_command_it() -> None:
    """In a file it is what the server sent."""
    pages = [[TagInfo(name="\x1b[2J", count=1)]]
    assert [True, False] == ["\x1b" in text("csv", pages, shown=shown) for shown in (False, True)]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_escapes_change_nothing_of_json_but_its_looks(value: object) -> None:
    """It is printable, and means the same."""
    written = json_text(value)
    assert (True, value) == (written.isprintable(), json.loads(written))


def test_what_a_terminal_might_obey_is_escaped_in_json() -> None:
    """C1 forms, DEL and direction marks, which JSON would leave as they are; scripts stay readable."""
    assert '"\\u009b\\u007f\\u202e\\u001b é日"' == escaped(json.dumps("\x9b\x7f\u202e\x1b é日", ensure_ascii=False))


def test_what_is_no_json_is_a_defect() -> None:
    """And not a text that looks like data."""
    with pytest.raises(TypeError, match="set is nothing that JSON holds"):
        json_text({1})


def test_each_kind_has_as_many_cells_as_columns() -> None:
    """Tables and CSVs are rectangles."""
    tag = TagInfo(name="a", count=1)
    assert len(TAGS.columns) == len(TAGS.cells(tag, NOW))
    assert len(TAGS.headings) == len(TAGS.row(tag))
    assert len(ASSETS.headings) == len(set(ASSETS.headings))
