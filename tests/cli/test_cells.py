"""The cells of a CSV."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud import Asset
from comfy_cloud._tables import to_dicts
from comfy_cloud.cli.cells import columns, row, safe

SENT = {
    "id": "00000000-0000-4000-8000-000000000001",
    "name": '=HYPERLINK("http://x")',
    "size": 5,
    "tags": ["a,b", "c"],
    "user_metadata": {"seed": 42, "text": "café\n"},
    "created_at": "2026-01-02T03:04:05.5Z",
    "updated_at": "2026-01-02T03:04:05",
    "is_immutable": False,
}


def test_the_columns_are_the_keys_of_to_dicts() -> None:
    """All of them, in the same order, so that a CSV and a data frame have the same columns."""
    assert tuple(to_dicts([Asset.from_dict(SENT)])[0]) == columns()


def test_a_row_holds_each_value_as_text() -> None:
    """Times in UTC, lists and mappings as JSON, what is missing as nothing."""
    cells = dict(zip(columns(), row(Asset.from_dict(SENT)), strict=True))
    expected = dict.fromkeys(columns(), "") | {
        "id": SENT["id"],
        "name": '\'=HYPERLINK("http://x")',
        "size": "5",
        "tags": '["a,b","c"]',
        "user_metadata": '{"seed":42,"text":"café\\n"}',
        "created_at": "2026-01-02T03:04:05.500000Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "is_immutable": "false",
    }
    assert expected == cells


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\0=", "\ufeff=", "\uff1d", "\uff0b", "'"]
)
def test_a_cell_that_would_compute_becomes_text(start: str) -> None:
    """An apostrophe in front says so to every spreadsheet."""
    assert f"'{start}1+1" == safe(f"{start}1+1")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_cell_computes_and_every_text_comes_back(text: str) -> None:
    """Less the apostrophe in front, where there is one; through a file, too."""
    cell = safe(text)
    assert cell == "" or cell.lstrip()[:1] not in {"=", "+", "-", "@"}
    assert text == cell.removeprefix("'")
    file = io.StringIO(newline="")
    csv.writer(file).writerow([cell, "end"])
    file.seek(0)
    assert [[cell, "end"]] == list(csv.reader(file))


def test_half_of_a_surrogate_pair_can_be_written() -> None:
    """No encoding of a file can hold one."""
    assert "a\ufffdb" == safe("a\ud800b")
