"""How queries become requests."""

import json
from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from comfy_cloud.sandbox import CLOUD, COMFYUI
from comfy_cloud.sandbox._api.bodies import query_error_body
from comfy_cloud.sandbox._api.parameters import read_request
from comfy_cloud.sandbox._api.problems import BadQueryError, IndigestibleError
from comfy_cloud.sandbox._library.filters import ListAssets, ListTags


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
        (ListAssets, "include_public", "True", "include_public: Input should be a valid boolean"),
        (ListTags, "prefix", "", "prefix: String should have at least 1 character"),
        (ListTags, "prefix", " \t", "prefix: String should have at least 1 character"),
        (ListAssets, "metadata_filter", "{", "metadata_filter: Value error, metadata_filter must be JSON"),
        (ListAssets, "metadata_filter", "", "metadata_filter: Value error, metadata_filter must be JSON"),
        (ListAssets, "metadata_filter", '{"a": NaN}', "metadata_filter: Value error, metadata_filter must be JSON"),
        (
            ListAssets,
            "metadata_filter",
            '{"a":' * 100_000,
            "metadata_filter: Value error, metadata_filter must be JSON",
        ),
        (ListAssets, "metadata_filter", "[]", "metadata_filter: Value error, metadata_filter must be a JSON object"),
        (ListAssets, "metadata_filter", "null", "metadata_filter: Value error, metadata_filter must be a JSON object"),
    ],
)
def test_what_is_not_acceptable_is_refused_by_name(
    request_type: type[ListAssets | ListTags], name: str, text: str, message: str
) -> None:
    """A wrong value is never clamped or guessed: it is refused, and the sentence says which parameter it is."""
    with pytest.raises(BadQueryError) as caught:
        read_request(request_type, {name: [text]})
    assert message == str(caught.value)[: len(message)]


def test_bounds_are_included() -> None:
    """The least and the greatest value of the spec are fine."""
    assert [1, 500] == [read_request(ListAssets, {"limit": [text]}).limit for text in ("1", "500")]


def test_an_offset_may_be_larger_than_a_machine_counts() -> None:
    """The spec sets no upper bound; leading zeros count for nothing."""
    offsets = ["0" * 5000 + "7", str(1 << 63), "9" * 5000]
    expected = [7, 1 << 63, 10**4300]
    assert expected == [read_request(ListAssets, {"offset": [text]}).offset for text in offsets]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("offset", str(1 << 63)),
        ("include_tags", ",".join(map(str, range(991)))),
        ("exclude_tags", ",".join(map(str, range(991)))),
        ("metadata_filter", '{"a": "\\ud800"}'),
    ],
)
def test_what_the_real_server_cannot_digest_is_no_mere_mistake(name: str, text: str) -> None:
    """It has passed every check of the query there, and fails behind it."""
    with pytest.raises(IndigestibleError):
        read_request(ListAssets, {name: [text]}, COMFYUI)


def test_the_most_the_real_server_can_digest_is_fine() -> None:
    """One tag less, and the largest offset there is."""
    query = {"offset": [str((1 << 63) - 1)], "include_tags": [",".join(map(str, range(990)))]}
    asked = read_request(ListAssets, query, COMFYUI)
    assert ((1 << 63) - 1, 990) == (asked.offset, len(asked.include_tags))


def test_tags_are_joined_by_commas_or_repeated_or_both() -> None:
    """All ways mean the same; tags are trimmed and lower-cased, empty ones and repeats are dropped."""
    query = {"include_tags": [" Output,ÉTÉ ", "", ",,final", "OUTPUT"]}
    assert ("output", "été", "final") == read_request(ListAssets, query).include_tags


def test_a_parameter_the_spec_does_not_have_is_ignored() -> None:
    """Also when it is nearly one that exists."""
    assert ListAssets() == read_request(ListAssets, {"Limit": ["0"], "after": ["x"], "include_tags[]": ["a"]})


def test_a_parameter_given_twice_is_refused() -> None:
    """Which of two limits is meant cannot be known."""
    with pytest.raises(BadQueryError, match=r"^limit: Input should be a valid integer$"):
        read_request(ListAssets, {"limit": ["1", "1"]})


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """In the order of declaration, not of the query."""
    with pytest.raises(BadQueryError) as caught:
        read_request(ListAssets, {"order": ["up"], "limit": ["0"]})
    assert ["limit", "order"] == [name for name, _ in caught.value.problems]


def test_a_repeated_metadata_filter_is_ignored() -> None:
    """Observed on the real server, which then answers with everything."""
    assert ListAssets() == read_request(ListAssets, {"metadata_filter": ['{"a": 1}', '{"a": 1}']})


# The second opinion: pydantic, which the observed server reads its queries with. Names and bounds are the spec's.


class _Assets(BaseModel):
    name_contains: str | None = None
    limit: int = Field(20, ge=1, le=500)
    offset: int = Field(0, ge=0)
    sort: Literal["name", "created_at", "updated_at", "size", "last_access_time"] = "created_at"
    order: Literal["asc", "desc"] = "desc"


class _Tags(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)
    prefix: str | None = Field(None, min_length=1, max_length=256)
    limit: int = Field(100, ge=1, le=1000)
    order: Literal["count_desc", "name_asc"] = "count_desc"
    include_zero: bool = True


NUMBERS = st.from_regex(r"[ \t]?[+-]?[0-9_]{0,4}(\.0{0,2})?[ \n]?", fullmatch=True) | st.integers().map(str)
WORDS = st.sampled_from(
    ["", "asc", "name", "name_asc", "true", "TRUE", "oN", "t", "2", " yes", "f", "\u212a", "x" * 257]
)
VALUES = st.lists(NUMBERS | WORDS | st.text(max_size=3), min_size=1, max_size=2)


@given(
    model=st.sampled_from([_Assets, _Tags]),
    query=st.dictionaries(
        st.sampled_from(["name_contains", "prefix", "limit", "offset", "sort", "order", "include_zero"]), VALUES
    ),
)
@example(model=_Assets, query={"limit": ["1" * 4301]})
@example(model=_Assets, query={"limit": [f"{'0' * 4301}7"]})
@example(model=_Tags, query={"include_zero": ["yes"], "limit": ["1_0.0"], "prefix": [f" {'x' * 256} "]})
def test_a_local_server_reads_a_query_as_pydantic_does(
    model: type[_Assets | _Tags], query: dict[str, list[str]]
) -> None:
    """The same values are fine, and about the others it says the same, to the letter."""
    request = ListAssets if model is _Assets else ListTags
    query = {name: values for name, values in query.items() if name in model.model_fields}
    given_as = {name: values if values[1:] else values[0] for name, values in query.items()}
    assert verdict(lambda: model.model_validate(given_as), query) == verdict(
        lambda: read_request(request, query, COMFYUI), query
    )


def verdict(read: Callable[[], object], query: dict[str, list[str]]) -> Any:
    """The values that were read, or the reports of what is wrong, but for the version in their links."""
    try:
        asked = read()
    except ValidationError as error:
        reports = json.loads(error.json())
    except BadQueryError as error:
        body: Any = query_error_body(COMFYUI, error, query)
        reports = body["error"]["details"]["errors"]
    else:
        # pydantic knows nothing of how tags are normalised.
        return {name: str(getattr(asked, name)).lower() for name in query}
    return [{**one, "url": None} for one in reports]


def test_the_spec_reads_integers_and_booleans_as_it_writes_them() -> None:
    """What pydantic makes of other texts is not promised."""
    for query in ({"limit": ["+5"]}, {"limit": ["5.0"]}, {"limit": [" 5"]}, {"include_public": ["yes"]}):
        with pytest.raises(BadQueryError):
            read_request(ListAssets, query, CLOUD)
