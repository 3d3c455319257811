"""What flags say, as filters."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud import FilterError, created_at, metadata, mime_type, size
from comfy_cloud.cli import reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", dt.timedelta(days=7)),
        ("2W", dt.timedelta(weeks=2)),
        ("1d12h30m5s", dt.timedelta(days=1, hours=12, minutes=30, seconds=5)),
        ("0s", dt.timedelta(0)),
        ("2026-01-31", dt.datetime(2026, 1, 31, tzinfo=dt.UTC)),
        ("2026-01-31T12:00", dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)),
        ("2026-01-31T12:00Z", dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)),
        ("2026-01-31T12:00+02:00", dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)),
    ],
)
def test_since_takes_durations_dates_and_times(text: str, expected: dt.datetime | dt.timedelta) -> None:
    """A duration reaches back from now; what has no zone is in UTC."""
    assert repr(created_at >= expected) == repr(reading.since("--since", created_at, text))


def test_until_includes_a_date_to_its_end_and_excludes_a_time() -> None:
    """So `--since a --until b` and `--since b` are neighbours where b is a time, and a day is `--since d --until d`."""
    day = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    assert repr(created_at < day) == repr(reading.until("--until", created_at, "2026-01-31"))
    assert repr(created_at < day) == repr(reading.until("--until", created_at, "2026-02-01T00:00"))


@pytest.mark.parametrize("text", ["", "d", "7", "7 days", "-7d", "1h1d", "yesterday", "2026-02-30", "9999999999d"])
def test_what_is_no_time_is_refused_with_what_is(text: str) -> None:
    """The flag, what it takes, and what was given."""
    with pytest.raises(FilterError, match=r"^--since takes a duration .* not ") as refused:
        reading.since("--since", created_at, text)
    assert repr(text) in str(refused.value)


def test_the_last_day_there_is_has_no_end() -> None:
    """Python's calendar ends with it, so it is refused in words."""
    with pytest.raises(FilterError, match="--until takes"):
        reading.until("--until", created_at, "9999-12-31")


@given(st.text())
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    """It is a time, or a FilterError that says what is one."""
    with suppress(FilterError):
        assert repr(reading.since("--since", created_at, text)).startswith("created_at >= datetime.")


@pytest.mark.parametrize(
    ("text", "expected"), [("5MB", 5_000_000), ("5 MiB", 5 * 2**20), ("1.5kB", 1500), ("500", 500), ("0", 0)]
)
def test_sizes_are_the_librarys_and_bare_numbers_are_bytes(text: str, expected: int) -> None:
    """One grammar of sizes for Python and the shell."""
    assert [repr(size >= expected), repr(size <= expected)] == [
        repr(reading.at_least(text)),
        repr(reading.at_most(text)),
    ]


@pytest.mark.parametrize("text", ["", "MB", "-5", "5XB", "5 apples", "1e3"])
def test_what_is_no_size_is_refused(text: str) -> None:
    """In the library's words."""
    with pytest.raises(FilterError, match="size takes a whole number of bytes"):
        reading.at_least(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seed=42", metadata["seed"] == 42),
        ("cfg=7.5", metadata["cfg"] == 7.5),
        ("model=flux", metadata["model"] == "flux"),
        ('seed="42"', metadata["seed"] == "42"),
        ("upscaled=true", metadata["upscaled"] == True),  # noqa: E712 - makes a filter
        ("seed=null", metadata["seed"].is_missing()),
        ("seed=[1,2]", metadata["seed"].in_([1, 2])),
        ('size={"w":1}', metadata["size"] == {"w": 1}),
        ("note=a=b", metadata["note"] == "a=b"),
        ("note=", metadata["note"] == ""),
        ("note=NaN", metadata["note"] == "NaN"),
        ("note={broken", metadata["note"] == "{broken"),
    ],
)
def test_metadata_is_json_where_it_is_json_and_else_text(text: str, expected: object) -> None:
    """Quotes make a text of what would be a number."""
    assert [repr(expected)] == [repr(found) for found in reading.meta([text])]


def test_metadata_without_a_value_is_refused() -> None:
    """With an example."""
    with pytest.raises(FilterError, match="--meta takes key=value, such as seed=42, not 'seed'"):
        reading.meta(["seed"])


def test_media_types_are_exact_or_of_a_kind() -> None:
    """Several are any of them; none is no filter."""
    assert () == reading.media_types([])
    (found,) = reading.media_types(["image/*", "video/mp4"])
    assert repr(mime_type.startswith("image/") | (mime_type == "video/mp4")) == repr(found)


def test_every_sort_order_is_read_back() -> None:
    """What completion offers is taken, and means what it says."""
    assert list(reading.SORTS) == [
        f"{'-' if found.descending else ''}{found.field}" for found in map(reading.order, reading.SORTS)
    ]


@pytest.mark.parametrize("text", ["", "-", "--name", "created", "id"])
def test_what_listings_do_not_sort_by_is_refused(text: str) -> None:
    """With what they do sort by."""
    with pytest.raises(FilterError, match="--sort takes name, created_at"):
        reading.order(text)
