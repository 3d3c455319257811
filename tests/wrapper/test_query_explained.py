"""What a query says about itself before it is run."""

from __future__ import annotations

import datetime as dt

import pytest

from comfy_cloud._explain import expected_requests, explain
from comfy_cloud.filters import created_at, metadata, name, size, tag
from comfy_cloud.query import AssetQuerySpec

EVERYTHING = AssetQuerySpec()
WEEK = dt.timedelta(days=7)


def test_an_explanation_says_what_is_asked_and_what_is_done_here() -> None:
    """As text, one line for each."""
    spec = EVERYTHING.narrowed(tag("output"), metadata["seed"] == 42).filtered(size > "5 MB", created_at > WEEK)
    asked = "include_tags=output&metadata_filter=%7B%22seed%22%3A42%7D&sort=created_at&order=desc&include_public=true"
    here = "(size > 5000000) & (created_at > datetime.timedelta(days=7))"
    assert [
        f"request:  GET /api/assets?{asked}&limit=500&offset=0",
        "server:   tag('output') & (metadata['seed'] == 42)",
        "order:    created_at.desc(), then by id",
        f"here:     {here}, and ends early once nothing further can match",
        "verified: yes",
        "requests: 1 to 3",
        "exact:    yes",
        "What the server lists is moved here to be filtered, by count() as well.",
        "Tags are not verified on assets that come without tags.",
        "Metadata is not verified: servers that do not know metadata_filter ignore it.",
    ] == str(explain(spec, 1200)).splitlines()


def test_an_explanation_of_everything_is_short() -> None:
    """Nothing is done here, and the number of requests is unknown before the server was asked."""
    assert [
        "request:  GET /api/assets?sort=created_at&order=desc&include_public=true&limit=500&offset=0",
        "server:   everything",
        "order:    created_at.desc(), then by id",
        "here:     nothing",
        "verified: no",
        "requests: one for each 499 assets that match on the server; explain(total) says how many that are",
        "exact:    yes",
    ] == str(explain(EVERYTHING)).splitlines()


def test_an_explanation_says_why_a_listing_is_not_exact() -> None:
    """Assets whose sort key changes meanwhile move."""
    told, distinct = explain(EVERYTHING.ordered(size)), explain(EVERYTHING.ordered(size).distinct(unique=True))
    may = "Sorted by size, an asset whose size changes meanwhile may be missed"
    assert (False, (f"{may} or repeated, and unique=True removes repeats.",)) == (told.exact, told.notes)
    assert (False, (f"{may}.",)) == (distinct.exact, distinct.notes)


def test_an_explanation_says_that_the_order_of_names_is_not_known() -> None:
    """On Cloud; so a listing by name may come to doubt itself."""
    assert "How Cloud sorts names is not known" in explain(EVERYTHING.ordered(name)).notes[1]


def test_an_explanation_says_that_nothing_is_verified() -> None:
    """Where that was asked for, and there was something to verify."""
    told = explain(EVERYTHING.narrowed(tag("a")).checked(verify=False))
    assert [False, ("Nothing is verified: servers ignore filters they do not know.",)] == [told.verified, told.notes]


@pytest.mark.parametrize(
    ("spec", "total", "expected"),
    [
        (EVERYTHING, 0, (1, 1)),
        (EVERYTHING, 500, (1, 1)),
        (EVERYTHING, 501, (2, 2)),
        (EVERYTHING, 999, (2, 2)),
        (EVERYTHING, 1000, (3, 3)),
        (EVERYTHING.paged(1), 3, (3, 3)),
        (EVERYTHING.limited(0), 9999, (0, 0)),
        (EVERYTHING.limited(10), 9999, (1, 1)),
        (EVERYTHING.filtered(size > 5), 9999, (21, 21)),
        (EVERYTHING.filtered(size > 5).limited(10), 9999, (1, 21)),
        (EVERYTHING.filtered(created_at > WEEK), 9999, (1, 21)),
    ],
)
def test_the_number_of_requests_is_told(spec: AssetQuerySpec, total: int, expected: tuple[int, int]) -> None:
    """Where each page repeats the last asset of the one before."""
    assert expected == expected_requests(spec, total)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (AssetQuerySpec(), None),
        (AssetQuerySpec().limited(0), (0, 0)),
        (AssetQuerySpec().limited(500), (1, 1)),
        (AssetQuerySpec().limited(1000), (1, 3)),
        (AssetQuerySpec().limited(1000).filtered(size > 1), None),
    ],
)
def test_a_limit_bounds_the_requests_before_anybody_has_asked(
    spec: AssetQuerySpec, expected: tuple[int, int] | None
) -> None:
    """Unless what is filtered here decides how many are needed."""
    assert explain(spec).requests == expected
