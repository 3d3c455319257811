"""Texts on a terminal."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from comfy_cloud.cli.showing import padded, shortened, visible, when

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
JOINERS = {"\u200c", "\u200d"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("exe\u202egnp.txt", r"exe\u202egnp.txt"),
        ("\u2066isolated\u2069", r"\u2066isolated\u2069"),
        ("half \ud800", r"half \ud800"),
        ("Screenshot 3\u202fPM", "Screenshot 3 PM"),
        ("日本語 café 👩\u200d👧 می\u200cشد", "日本語 café 👩\u200d👧 می\u200cشد"),
    ],
)
def test_a_name_cannot_do_anything_to_the_terminal(text: str, expected: str) -> None:
    """Controls are written as escapes; scripts and emoji stay what they are, with the joiners they need."""
    assert expected == visible(text)


@given(st.text(st.characters()))
def test_nothing_that_is_shown_is_a_control_or_a_direction(text: str) -> None:
    """Whatever the text: no control, format, surrogate, private or line-ending character but the two joiners."""
    assert set() == {unicodedata.category(char) for char in visible(text) if char not in JOINERS} & {
        *("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    }


@given(st.text(st.characters(exclude_categories=["C"])), st.integers(1, 40))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    """In cells, of which wide characters take two; a text that fits stays as it is."""
    cut = shortened(text, width)
    assert cell_len(cut) <= width
    assert cut.endswith("…") if cell_len(text) > width else cut == text
    assert cell_len(padded(cut, width)) == width


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (dt.timedelta(seconds=59), "just now"),
        (dt.timedelta(minutes=5), "5 min ago"),
        (dt.timedelta(hours=23, minutes=59), "23 h ago"),
        (dt.timedelta(days=6, hours=23), "6 d ago"),
        (dt.timedelta(days=7), "2026-06-24 12:00"),
        (dt.timedelta(minutes=-1), "2026-07-01 12:01"),
    ],
)
def test_times_are_told_as_people_do(ago: dt.timedelta, expected: str) -> None:
    """How long ago within a week, else date and minute; also where the server's clock is ahead."""
    assert expected == when(NOW - ago, NOW)
