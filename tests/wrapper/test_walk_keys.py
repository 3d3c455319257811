"""Sort keys: times to the last digit, in whatever spelling, and what has no key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud._paging.ordering import NUMBERS, TAGS_BY_NAME, TEXTS, Key, asset_ordering, instant, instants
from comfy_cloud_api.models import Asset, TagInfo

OFFSETS = st.sampled_from(["", "Z", "z", "+00:00", "-00:00", "+02:00", "-11:30", "+14:00"])
MOMENTS = st.tuples(
    st.datetimes(timezones=st.just(dt.UTC))
    .map(lambda time: time.replace(microsecond=0, tzinfo=None))
    .filter(lambda time: 2 < time.year < 9998),
    st.sampled_from(["", ".0", ".1", ".10", ".100000001", ".100000002", ".1000000001", ".999999999", ".9"]),
    OFFSETS,
)


def text_of(moment: tuple[dt.datetime, str, str]) -> str:
    """As it goes over the wire."""
    time, fraction, offset = moment
    return f"{time.isoformat()}{fraction}{offset}"


def exact(moment: tuple[dt.datetime, str, str]) -> Decimal:
    """Seconds since 1970, to the last digit."""
    time, fraction, offset = moment
    zone = "+00:00" if offset in ("", "z") else offset
    return Decimal(int(dt.datetime.fromisoformat(f"{time.isoformat()}{zone}").timestamp())) + Decimal(fraction or 0)


@given(MOMENTS, MOMENTS)
def test_keys_of_times_compare_as_the_instants_do(
    one: tuple[dt.datetime, str, str], other: tuple[dt.datetime, str, str]
) -> None:
    """Whatever their digits and offsets: less, equal or greater to the last digit."""
    keys = str(instant(text_of(one))), str(instant(text_of(other)))
    assert ((exact(one) < exact(other)), (exact(one) == exact(other))) == (keys[0] < keys[1], keys[0] == keys[1])


@pytest.mark.parametrize("zero", [".0", ".000000"])
@pytest.mark.parametrize("end", ["", "Z"])
def test_a_fraction_of_zero_equals_none(zero: str, end: str) -> None:
    """Beside whole seconds it would look greater."""
    first, second = instants([f"2026-01-01T00:00:00{end}", f"2026-01-01T00:00:00{zero}{end}"])
    assert first == second


@given(st.lists(MOMENTS, min_size=1, max_size=6), st.sampled_from(["any", "one spelling", "one offset"]))
def test_many_times_compare_as_each_of_them_does(moments: list[tuple[dt.datetime, str, str]], alike: str) -> None:
    """The fast path agrees with parsing, in order and equality, wherever it is taken."""
    if alike != "any":
        moments = [(time, fraction, moments[0][2]) for time, fraction, _ in moments]
    if alike == "one spelling":
        moments = [(time, moments[0][1], offset) for time, _, offset in moments]
    assert_read_at_once_as_one_by_one([text_of(moment) for moment in moments])


@given(
    st.lists(st.from_regex(r"20260?-01?-01T?00:0?0:0[01](\.\d{0,2})?([Zz]|\+01:00)?\n?", fullmatch=True), min_size=1)
)
def test_what_is_nearly_a_time_is_read_as_each_of_it_is(texts: list[str]) -> None:
    """Too few digits or too many, a sign that is not there, a line end: what has no key alone has none among others."""
    assert_read_at_once_as_one_by_one(texts)


def assert_read_at_once_as_one_by_one(texts: list[str]) -> None:
    """That the keys are missing, less, equal and greater where those of the single texts are."""
    assert compared(list(map(instant, texts))) == compared(instants(texts))


def compared(keys: Sequence[Key]) -> list[tuple[bool, bool, bool]]:
    """Each with each; what is missing compares as some text that is no key."""
    return [(one is None, str(one) < str(other), str(one) == str(other)) for one in keys for other in keys]


@pytest.mark.parametrize("form", ["{}Z", "{}", "{}.123Z", "{}.123456789Z", "{}.120000"])
def test_times_of_one_spelling_are_compared_as_they_are(form: str) -> None:
    """What servers send is not parsed one by one."""
    texts = [form.format(f"2026-01-0{day}T00:00:00") for day in range(1, 9)]
    assert instants(texts) is texts


@pytest.mark.parametrize("page", [["{}"], ["{}", "2026-01-01T00:00:06Z"], ["{}", "2026-01-01T00:00:06.5Z"]])
@pytest.mark.parametrize("no_time", ["{}0:5Z", "{}00:05.Z", "{}00:05Z\n2026-01-01T00:00:05.5Z", "{}\u0660\u0660:05Z"])
def test_what_is_no_time_is_none_beside_others_either(no_time: str, page: list[str]) -> None:
    """Digits in other places or of other scripts, a fraction without any, two times in one text."""
    texts = [text.format(no_time.format("2026-01-01T00:")) for text in page]
    assert [instant(text) for text in texts] == instants(texts)
    assert instants(texts)[0] is None


@pytest.mark.parametrize("spelling", ["15:59:60-08:00", "23:59:60Z", "23:59:60", "23:59:60.000z"])
def test_a_leap_second_is_a_time_in_every_spelling(spelling: str) -> None:
    """The examples of RFC 3339, 5.8: after the second before it, and before the next day."""
    before, leap, after = instant("1990-12-31T23:59:59.9Z"), instant(f"1990-12-31T{spelling}"), "1991-01-01T00:00:00"
    assert sorted([leap, after, before], key=str) == [before, "1990-12-31T23:59:60", after]


@pytest.mark.parametrize("others", [None, 5, "", "yesterday", "\ud800"])
def test_times_among_others_are_read_one_by_one(others: object) -> None:
    """Whatever stands beside them."""
    assert instants(["2026-01-01T00:00:00.10Z", others]) == ["2026-01-01T00:00:00.1", None]


@pytest.mark.parametrize(
    "value", [None, "", "yesterday", "2026-01-01", "2026-13-01T00:00:00+02:00", 5, "0001-01-01T00:00:00+02:00"]
)
def test_what_is_no_time_has_no_key(value: object) -> None:
    """It is no error: the page is judged by what can be read."""
    assert instant(value) is None


def test_numbers_and_texts_are_their_own_keys() -> None:
    """True is no number, and nothing is no text."""
    assert [NUMBERS.read(value) for value in (0, 2**70, None, True, 1.5, "1")] == [0, 2**70, None, None, None, None]
    assert [TEXTS.read(value) for value in ("", "\U0001f600", None, 5)] == ["", "\U0001f600", None, None]


def test_orderings_read_what_came_over_the_wire() -> None:
    """Of an asset its nanoseconds and its id; of a tag its name, which is its id too."""
    time = "2026-01-01T00:00:00.123456789Z"
    ident = "00000000-0000-4000-8000-000000000001"
    asset = Asset.from_dict({"id": ident, "name": "n", "created_at": time, "updated_at": time})
    created = asset_ordering("created_at", descending=True)
    assert (created.value(asset), created.identity(asset), created.name) == (time, ident, "created_at.desc()")
    assert (created.descending, created.trusted) == (True, True)
    size = asset_ordering("size", descending=False)
    assert (size.keys.read(size.value(asset)), size.descending, size.trusted) == (None, False, True)
    assert not asset_ordering("name", descending=False).trusted
    tag = TagInfo.from_dict({"name": "output", "count": 3})
    assert (TAGS_BY_NAME.value(tag), TAGS_BY_NAME.identity(tag)) == ("output", "output")
