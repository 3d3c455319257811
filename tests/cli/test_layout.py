"""Tables in a width."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from comfy_cloud.cli.layout import Column, Place, fitted, line

COLUMNS = (Column("name", 10, 0), Column("size", 6, 1, right=True), Column("tags", 8, 2))
ROWS = [["a-long-name-of-a-file.png", "12 kB", "one, two, three"]]
texts = st.text(st.characters(exclude_categories=["C"]), max_size=60)


def shown(width: int | None) -> list[str]:
    """The table of the rows above."""
    places = fitted(COLUMNS, ROWS, width)
    return [line(row, places, cut=width is not None) for row in ([column.heading for column in COLUMNS], *ROWS)]


def test_everything_is_shown_where_there_is_room() -> None:
    """Columns are as wide as their cells; numbers stand to the right."""
    expected = [
        "name                        size  tags",
        "a-long-name-of-a-file.png  12 kB  one, two, three",
    ]
    assert [expected, expected] == [shown(None), shown(100)]


def test_columns_are_shortened_and_then_left_out() -> None:
    """The one of the highest rank first; a column that is too narrow to be of use is not shown."""
    assert ["name              size  tags", "a-long-name-of…  12 kB  one, two, t…"] == shown(36)
    assert [["name", "size"], ["name"]] == [shown(width)[0].split() for width in (20, 12)]


@given(st.lists(st.tuples(texts, texts, texts), max_size=5), st.integers(1, 120))
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[str, str, str]], width: int) -> None:
    """Whatever stands in the cells, and however narrow it is."""
    places = fitted(COLUMNS, rows, width)
    assert places
    for row in ([column.heading for column in COLUMNS], *rows):
        assert cell_len(line(row, places, cut=True)) <= width


def test_later_rows_are_cut_to_the_widths_of_the_first() -> None:
    """So that a table can begin before all of it has come; where nothing is cut, they push the rest aside."""
    places = [Place(0, 4, right=False), Place(1, 3, right=True)]
    assert ["abc…    1", "abcdef    1"] == [line(["abcdef", "1"], places, cut=cut) for cut in (True, False)]
