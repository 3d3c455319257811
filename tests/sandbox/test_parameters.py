"""How queries become requests."""

import pytest

from comfy_cloud.sandbox._filters import ListAssets, ListTags
from comfy_cloud.sandbox._parameters import BadParameterError, read_request


def test_an_empty_query_has_the_defaults_of_the_spec() -> None:
    """Every parameter is optional."""
    assert ListAssets(
        include_tags=(),
        exclude_tags=(),
        name_contains="",
        metadata_filter=None,
        limit=20,
        offset=0,
        sort="created_at",
        order="desc",
        include_public=True,
    ) == read_request(ListAssets, {})
    assert ListTags(
        prefix=None, limit=100, offset=0, order="count_desc", include_zero=False, include_public=True
    ) == read_request(ListTags, {})


@pytest.mark.parametrize(
    ("request_type", "name", "text", "message"),
    [
        (ListAssets, "limit", "0", "limit: Input should be greater than or equal to 1"),
        (ListAssets, "limit", "501", "limit: Input should be less than or equal to 500"),
        (ListTags, "limit", "1001", "limit: Input should be less than or equal to 1000"),
        (ListAssets, "limit", "", "limit: Input should be a valid integer"),
        (ListAssets, "limit", "20.0", "limit: Input should be a valid integer"),
        (ListAssets, "limit", "1_0", "limit: Input should be a valid integer"),
        (ListAssets, "limit", "٢", "limit: Input should be a valid integer"),
        (ListAssets, "offset", "-1", "offset: Input should be greater than or equal to 0"),
        (ListAssets, "offset", "-" + "9" * 5000, "offset: Input should be greater than or equal to 0"),
        (ListAssets, "sort", "Name", "sort: Input should be 'name', 'created_at', 'updated_at', 'size' or"),
        (ListAssets, "order", "", "order: Input should be 'asc' or 'desc'"),
        (ListTags, "order", "asc", "order: Input should be 'count_desc' or 'name_asc'"),
        (ListAssets, "include_public", "True", "include_public: Input should be 'true' or 'false'"),
        (ListTags, "prefix", "", "prefix: String should have at least 1 character"),
        (ListTags, "prefix", " \t", "prefix: String should have at least 1 character"),
        (ListAssets, "metadata_filter", "{", "metadata_filter: Input should be valid JSON"),
        (ListAssets, "metadata_filter", "", "metadata_filter: Input should be valid JSON"),
        (ListAssets, "metadata_filter", '{"a": NaN}', "metadata_filter: Input should be valid JSON"),
        (ListAssets, "metadata_filter", '{"a": "\\ud800"}', "metadata_filter: Input should be valid JSON"),
        (ListAssets, "metadata_filter", '{"a":' * 100_000, "metadata_filter: Input should be valid JSON"),
        (ListAssets, "metadata_filter", "[]", "metadata_filter: Input should be a JSON object"),
        (ListAssets, "metadata_filter", "null", "metadata_filter: Input should be a JSON object"),
    ],
)
def test_what_is_not_acceptable_is_refused_by_name(
    request_type: type[ListAssets | ListTags], name: str, text: str, message: str
) -> None:
    """A wrong value is never clamped or guessed: it is refused, and the sentence says which parameter it is."""
    with pytest.raises(BadParameterError) as caught:
        read_request(request_type, {name: [text]})
    assert message == str(caught.value)[: len(message)]


def test_bounds_are_included() -> None:
    """The least and the greatest value of the spec are fine."""
    assert [1, 500] == [read_request(ListAssets, {"limit": [text]}).limit for text in ("1", "500")]


def test_an_offset_may_have_any_number_of_digits() -> None:
    """The spec sets no upper bound, so the largest offsets saturate, and leading zeros count for nothing."""
    offsets = ["0" * 5000 + "7", "9" * 5000, str(1 << 63)]
    expected = [7, (1 << 63) - 1, (1 << 63) - 1]
    assert expected == [read_request(ListAssets, {"offset": [text]}).offset for text in offsets]


def test_tags_are_joined_by_commas_or_repeated_or_both() -> None:
    """All ways mean the same; tags are trimmed and lower-cased, empty ones and repeats are dropped."""
    query = {"include_tags": [" Output,ÉTÉ ", "", ",,final", "OUTPUT"]}
    assert ("output", "été", "final") == read_request(ListAssets, query).include_tags


def test_a_parameter_the_spec_does_not_have_is_ignored() -> None:
    """Also when it is nearly one that exists."""
    assert ListAssets() == read_request(ListAssets, {"Limit": ["0"], "after": ["x"], "include_tags[]": ["a"]})


def test_a_parameter_given_twice_is_refused() -> None:
    """Which of two limits is meant cannot be known."""
    with pytest.raises(BadParameterError, match=r"^limit: may be given only once$"):
        read_request(ListAssets, {"limit": ["1", "1"]})


def test_a_repeated_metadata_filter_is_ignored() -> None:
    """Observed on the real server, which then answers with everything."""
    assert ListAssets() == read_request(ListAssets, {"metadata_filter": ['{"a": 1}', '{"a": 1}']})
