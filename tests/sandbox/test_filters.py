"""What the filters match: rule by rule, and against an evaluation in Python that shares nothing with the SQL."""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud.sandbox import CLOUD, AssetRow
from comfy_cloud.sandbox._api.parameters import read_request
from comfy_cloud.sandbox._library.changes import checked
from comfy_cloud.sandbox._library.filters import ListAssets, ListTags
from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._library.model import normalised_tag
from tests.sandbox.answers import INSTANT, asset, body, served


def found(assets: Iterable[AssetRow], **query: str) -> list[int]:
    """The numbers of the assets that a query finds, in ascending order."""
    with closing(Library(assets)) as library:
        asked = read_request(ListAssets, {"limit": ["500"], **{name: [text] for name, text in query.items()}})
        page = library.list_assets(asked)
    assert page.total == len(page.assets)
    return sorted(int(one.id[-12:]) for one in page.assets)


def matches(stored: Any, wanted: Any) -> bool:
    """Whether an asset with user_metadata {"k": stored} matches {"k": wanted}."""
    return found([asset(user_metadata={"k": stored})], metadata_filter=json.dumps({"k": wanted})) == [0]


@pytest.mark.parametrize(
    ("stored", "wanted", "expected"),
    [
        (1, 1.0, True),
        (1, True, False),
        (True, 1, False),
        (1, "1", False),
        (2**53, 2**53 + 1, True),  # numbers compare as floats
        (10**400, 10**401, True),  # both are beyond what a float can hold
        ("A", "a", False),
        ([1, "x"], "x", True),
        ([1, {"a": 1}], 1, True),
        ([1, 2], [2, 3], True),
        ([1, 2], [[1, 2]], False),
        ([[1]], [[1]], False),
        ([[1]], [[[1]]], False),
        (5, [], True),
        (None, None, True),
        ([], None, True),
        ([None], None, True),
        ([None, 1], None, False),
        ({}, None, False),
        ("", None, False),
        (0, None, False),
        (1, [None, 1], True),
        (None, [1, None], True),
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ({"a": 1}, {"a": 1.0}, False),
        ({"a": "é"}, {"a": "é"}, True),
        ([{"a": 1}], {"a": 1}, True),
    ],
)
def test_metadata_values_compare_as_observed(stored: Any, wanted: Any, expected: bool) -> None:
    """A row a rule: what is stored, what is asked for, and whether it matches."""
    assert expected == matches(stored, wanted)


def test_null_matches_an_absent_key_and_absent_metadata() -> None:
    """Null asks for nothing to be there."""
    library = [asset(0, user_metadata={"other": 1}), asset(1, user_metadata=None), asset(2, user_metadata={"k": 0})]
    assert [0, 1] == found(library, metadata_filter='{"k": null}')


def test_the_servers_own_metadata_are_found_under_the_users() -> None:
    """A key that both have is the user's, also when that says null."""
    library = [
        asset(0, metadata={"k": 1}),
        asset(1, metadata={"k": 1}, user_metadata={"k": 2}),
        asset(2, metadata={"k": 1}, user_metadata={"k": None}),
        asset(3, metadata={"k": 2}, user_metadata={"other": 1}),
    ]
    expected = {"1": [0], "2": [1, 3], "null": [2]}
    assert expected == {wanted: found(library, metadata_filter=f'{{"k": {wanted}}}') for wanted in expected}


def test_a_dot_in_a_metadata_key_is_a_dot() -> None:
    """There are no paths into nested objects."""
    library = [asset(0, user_metadata={"a": {"b": 1}}), asset(1, user_metadata={"a.b": 1})]
    assert [1] == found(library, metadata_filter='{"a.b": 1}')


def test_thousands_of_conditions_are_answered() -> None:
    """No number of keys or tags that fits into a request is too deep or too long for the database."""
    library = [asset(0, tags=("a",))]
    assert [0] == found(library, metadata_filter=json.dumps({str(key): None for key in range(5000)}))
    assert [0] == found(library, metadata_filter=json.dumps({"a": [None, *range(5000)]}))
    assert [] == found(library, include_tags=",".join(map(str, range(990))))
    assert [0] == found(library, exclude_tags=",".join(map(str, range(990))))


@pytest.mark.parametrize(
    ("name", "needle", "expected"),
    [
        ("a_b%c*", "_B%", True),
        ("axb", "a_b", False),
        ("axb", "a%", False),
        ("axb", "*", False),
        ("ÉTÉ.png", "été", False),
        ("ÉTÉ.png", "É.PNG", True),
        ("a b", " ", True),
        ("ab", " ab", False),
        ("", "", True),
        ("one\nline", "E\nL", True),
        ("back\\slash", "\\S", True),
        ("anything", "x\0y", True),
    ],
)
def test_names_are_searched_as_observed(name: str, needle: str, expected: bool) -> None:
    """Wildcards are literal, only ASCII is folded, nothing is trimmed, and a NUL matches everything."""
    assert expected == (found([asset(0, name)], name_contains=needle) == [0])


def test_a_tag_with_a_comma_cannot_be_named() -> None:
    """A comma always separates tags, so `a,b` asks for `a` and `b`, neither of which the asset has."""
    library = [asset(0, tags=("a,b",)), asset(1, tags=("a", "b"))]
    assert [1] == found(library, include_tags="a,b")


def test_the_same_tag_in_both_lists_matches_nothing() -> None:
    """Having a tag and not having it is not an error, only impossible."""
    assert [] == found([asset(0, tags=("a",)), asset(1)], include_tags="a", exclude_tags="a")


def test_ties_are_broken_by_id_in_the_direction_of_the_sort() -> None:
    """Assets with equal sort keys are in ascending order of id, or descending with `order=desc`."""
    with closing(Library(asset(number) for number in (2, 0, 1))) as library:
        for order, expected in (("asc", "012"), ("desc", "210")):
            page = library.list_assets(read_request(ListAssets, {"sort": ["size"], "order": [order]}))
            assert expected == "".join(one.id[-1] for one in page.assets)


def test_tags_are_listed_by_prefix_with_literal_wildcards() -> None:
    """`%` and `_` stand for themselves, and the prefix is normalised as tags are."""
    with closing(Library([asset(0, tags=("a_b", "axb", "a%", "été"))])) as library:
        for prefix, expected in ((" A_", ["a_b"]), ("a%", ["a%"]), ("ÉT", ["été"]), ("x", [])):
            page = library.list_tags(read_request(ListTags, {"prefix": [prefix]}))
            assert expected == [name for name, _ in page.tags]


def test_unused_tags_are_listed_only_on_request() -> None:
    """With `include_public=false` a tag that only public assets use counts as unused."""
    rows = [asset(0, tags=("mine",)), asset(1, tags=("mine", "theirs"), owner="public")]
    with closing(Library(rows, ["nobody"])) as library:
        for query, expected in (
            ({}, [("mine", 2), ("theirs", 1)]),
            ({"include_zero": ["true"]}, [("mine", 2), ("theirs", 1), ("nobody", 0)]),
            ({"include_public": ["false"]}, [("mine", 1)]),
            ({"include_public": ["false"], "include_zero": ["true"]}, [("mine", 1), ("nobody", 0), ("theirs", 0)]),
            ({"include_zero": ["true"], "order": ["name_asc"], "limit": ["1"], "offset": ["1"]}, [("nobody", 0)]),
        ):
            assert expected == library.list_tags(read_request(ListTags, query)).tags


# The second opinion: what a query means, in Python.

SCALARS = st.sampled_from([None, True, False, 0, -0.0, 1, 1.0, "1", "", "a", 2**53, 2**53 + 1, 2**70, 0.1])
OBJECTS = st.sampled_from([{}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1.0, "b": 2}, {"x": [1]}])
VALUES = SCALARS | OBJECTS | st.lists(SCALARS | OBJECTS | st.lists(SCALARS, max_size=2), max_size=3)
METADATA = st.dictionaries(st.sampled_from(["a", "b", "a.b", "é", '"']), VALUES, max_size=3)
TAGS = st.sampled_from(["output", "Output", "été", "a,b", "A", "b", "100%"])
NAMES = st.text("aAéÉ%_*ß ", max_size=4)


class Stored(NamedTuple):
    """What a drawn asset has; its number is its place in the library, and so is its id."""

    name: str
    size: int | None
    tags: frozenset[str]
    user_metadata: dict[str, Any] | None
    metadata: dict[str, Any] | None
    owner: Any


class Asked(NamedTuple):
    """A drawn query."""

    include: list[str]
    exclude: list[str]
    needle: str
    metadata_filter: dict[str, Any]
    public: bool
    sort: str
    order: str
    limit: int
    offset: int


LIBRARIES = st.lists(
    st.builds(
        Stored,
        name=NAMES,
        size=st.sampled_from([0, 1, 2, 2**63 - 1]),
        tags=st.frozensets(TAGS, max_size=4),
        user_metadata=METADATA | st.none(),
        metadata=METADATA | st.none(),
        owner=st.sampled_from(["account", "public"]),
    ),
    max_size=8,
)
QUERIES = st.builds(
    Asked,
    include=st.lists(TAGS, max_size=2),
    exclude=st.lists(TAGS, max_size=2),
    needle=NAMES,
    metadata_filter=METADATA,
    public=st.booleans(),
    sort=st.sampled_from(["name", "size", "created_at"]),
    order=st.sampled_from(["asc", "desc"]),
    limit=st.integers(1, 9),
    offset=st.integers(0, 9),
)


def same(stored: Any, wanted: Any) -> bool:
    """Whether two values that are not lists are equal to the server."""
    if isinstance(stored, dict) and isinstance(wanted, dict):
        return json.dumps(stored) == json.dumps(wanted)
    if isinstance(stored, bool) or isinstance(wanted, bool):
        return stored is wanted
    if isinstance(stored, int | float) and isinstance(wanted, int | float):
        return float(stored) == float(wanted)
    return type(stored) is type(wanted) and bool(stored == wanted)


def holds(metadata: Mapping[str, Any], key: str, wanted: Any) -> bool:
    """Whether one key of a metadata filter is fulfilled."""
    if isinstance(wanted, list):
        return not wanted or any(holds(metadata, key, one) for one in wanted if not isinstance(one, list))
    stored = metadata.get(key)
    elements = [one for one in (stored if isinstance(stored, list) else [stored]) if one is not None]
    return not elements if wanted is None else any(same(one, wanted) for one in elements)


def ascii_lower(text: str) -> str:
    """Lower case for A to Z only."""
    return text.encode().lower().decode()


def finds(asked: Asked, one: Stored, case: Any) -> bool:
    """Whether an asset matches a query, as a reader of the rules would say."""
    tags = {normalised_tag(tag, case) for tag in one.tags}
    wanted, refused = (
        {normalised_tag(tag, case) for text in texts for tag in text.split(",")}
        for texts in (asked.include, asked.exclude)
    )
    seen = {**(one.metadata or {}), **(one.user_metadata or {})}
    return (
        wanted <= tags
        and not refused & tags
        and ascii_lower(asked.needle) in ascii_lower(one.name)
        and all(holds(seen, key, value) for key, value in asked.metadata_filter.items())
        and (asked.public or one.owner == "account")
    )


def ordered(asked: Asked, library: list[Stored], matching: list[int]) -> list[int]:
    """The numbers in the order of a query: ties by id, in the sort's direction."""
    keys: dict[int, Any] = {number: getattr(library[number], asked.sort, 0) for number in matching}
    return sorted(matching, key=lambda number: (keys[number], number), reverse=asked.order == "desc")


@settings(max_examples=200)
@given(library=LIBRARIES, asked=QUERIES, case=st.sampled_from(["folded", "kept"]))
def test_sql_agrees_with_python(library: list[Stored], asked: Asked, case: Any) -> None:
    """For any library and any query, the database finds what a reader of the rules would, and in that order."""
    rows = [
        checked({"id": asset(number).id, "created_at": INSTANT, "updated_at": INSTANT, **one._asdict()}, case)
        for number, one in enumerate(library)
    ]
    expected = ordered(asked, library, [number for number, one in enumerate(library) if finds(asked, one, case)])
    service = served(*rows, dialect=CLOUD.but(tag_case=case))
    try:
        page = body(
            service,
            include_tags=asked.include,
            exclude_tags=asked.exclude,
            name_contains=asked.needle,
            metadata_filter=json.dumps(asked.metadata_filter),
            include_public=json.dumps(asked.public),
            sort=asked.sort,
            order=asked.order,
            limit=asked.limit,
            offset=asked.offset,
        )
    finally:
        service.library.close()
    window = expected[asked.offset : asked.offset + asked.limit]
    assert (window, len(expected)) == ([int(one["id"][-12:]) for one in page["assets"]], page["total"])
    assert page["has_more"] == (asked.offset + len(window) < len(expected))
