"""What the filters match: rule by rule, and against an evaluation in Python that shares nothing with the SQL."""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud.sandbox._filters import ListAssets, ListTags
from comfy_cloud.sandbox._library import Library
from comfy_cloud.sandbox._model import AssetRow
from comfy_cloud.sandbox._parameters import read_request

INSTANT = "2026-01-01T00:00:00.000000Z"


def asset(number: int = 0, name: str = "", **more: Any) -> AssetRow:
    """An asset of which only what matters is said."""
    identity = f"00000000-0000-4000-8000-{number:012}"
    return AssetRow(identity, name, **{"size": 0, "created_at": INSTANT, "updated_at": INSTANT, **more})


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
TAGS = st.sampled_from(["output", "final", "été", "a,b", "100%", "x"])
NAMES = st.text("aAéÉ%_*ß ", max_size=4)
LIBRARIES = st.lists(
    st.tuples(NAMES, st.sets(TAGS), METADATA | st.none(), st.sampled_from(["account", "public"])), max_size=8
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


@settings(max_examples=150, deadline=None)
@given(
    library=LIBRARIES,
    include=st.lists(TAGS, max_size=2),
    exclude=st.lists(TAGS, max_size=2),
    needle=NAMES,
    metadata_filter=METADATA,
    public=st.booleans(),
)
def test_sql_agrees_with_python(  # noqa: PLR0913, PLR0917 - one for each filter
    library: list[tuple[str, set[str], dict[str, Any] | None, Any]],
    include: list[str],
    exclude: list[str],
    needle: str,
    metadata_filter: dict[str, Any],
    public: bool,
) -> None:
    """For any library and any query, the database finds what a reader of the rules would."""
    asked = {tag for text in include for tag in text.split(",")}
    refused = {tag for text in exclude for tag in text.split(",")}
    expected = [
        number
        for number, (name, tags, metadata, owner) in enumerate(library)
        if asked <= tags
        and not refused & tags
        and ascii_lower(needle) in ascii_lower(name)
        and all(holds(metadata or {}, key, wanted) for key, wanted in metadata_filter.items())
        and (public or owner == "account")
    ]
    rows = [
        asset(number, name, tags=tuple(sorted(tags)), user_metadata=metadata, owner=owner)
        for number, (name, tags, metadata, owner) in enumerate(library)
    ]
    assert expected == found(
        rows,
        include_tags=",".join(include),
        exclude_tags=",".join(exclude),
        name_contains=needle,
        metadata_filter=json.dumps(metadata_filter),
        include_public=json.dumps(public),
    )
