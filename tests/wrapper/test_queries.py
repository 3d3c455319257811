"""What a query asks of the server, and what it refuses to ask."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import pickle
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud import AssetQuery, ComfyCloud, FilterError, created_at, name, size, tag
from comfy_cloud._filtering.server_filter import MAX_REQUEST_LINE, MAX_TAGS, request_line_length, server_filter
from comfy_cloud.filters import Expression, Order, last_access_time, metadata, mime_type
from comfy_cloud.query import AssetQuerySpec, shortcuts
from comfy_cloud_api.api.asset import list_assets
from tests.wrapper.drawn_filters import ANY, SHARED

EVERYTHING = AssetQuerySpec()
WEEK = dt.timedelta(days=7)


@pytest.fixture
def assets() -> AssetQuery:
    """A query that is never sent."""
    return ComfyCloud(api_key=None, base_url="http://127.0.0.1:9").assets


def target(spec: AssetQuerySpec) -> str:
    """The path and query of its first request."""
    return list_assets.OPERATION.request({**spec.parameters(), "limit": 500, "offset": 0}).target


def test_a_query_becomes_the_spec_s_parameters() -> None:
    """Tags that are required, tags that are excluded, a text in the name, metadata, the order, and public assets."""
    query = EVERYTHING.narrowed(tag("b"), ~tag("c"), name.contains("x"), metadata["k"] == 1).narrowed(tag("a"))
    assert {
        "include_tags": ["a", "b"],
        "exclude_tags": ["c"],
        "name_contains": "x",
        "metadata_filter": '{"k":1}',
        "sort": "size",
        "order": "desc",
        "include_public": True,
    } == query.ordered(size.desc()).parameters()


def test_the_newest_come_first_unless_told_otherwise() -> None:
    """The spec's default, said aloud, so that another server's default changes nothing."""
    assert {"sort": "created_at", "order": "desc", "include_public": True} == EVERYTHING.parameters()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (tag("a") & tag("b") & ~tag("c"), {"include_tags": ["a", "b"], "exclude_tags": ["c"]}),
        (~~tag("a"), {"include_tags": ["a"]}),
        (tag("a") & tag("a"), {"include_tags": ["a"]}),
        (tag("a") | tag("a"), {"include_tags": ["a"]}),
        (~(tag("b") | tag("a")), {"exclude_tags": ["a", "b"]}),
        (~(tag("b") | ~tag("a")), {"include_tags": ["a"], "exclude_tags": ["b"]}),
        (~(~tag("a") | ~metadata["k"].is_missing()), {"include_tags": ["a"], "metadata_filter": '{"k":null}'}),
        (name.contains("x") & name.contains("x"), {"name_contains": "x"}),
        (name.contains("x") & name.contains("X"), {"name_contains": "X"}),
        (metadata["k"] == "é", {"metadata_filter": '{"k":"é"}'}),
        (metadata["k"] == {"b": 1, "a": [1, None]}, {"metadata_filter": '{"k":{"b":1,"a":[1,null]}}'}),
        (metadata["k"].is_missing(), {"metadata_filter": '{"k":null}'}),
        (metadata["k"].in_([2, 1, None]), {"metadata_filter": '{"k":[1,2,null]}'}),
        ((metadata["k"] == 2) | (metadata["k"] == 1), {"metadata_filter": '{"k":[1,2]}'}),
        (metadata["k"].in_([2, 1]) & metadata["k"].in_([1, 2]), {"metadata_filter": '{"k":[1,2]}'}),
        ((metadata["b"] == 1) & (metadata["a"] == 2), {"metadata_filter": '{"a":2,"b":1}'}),
        (metadata['"'] == True, {"metadata_filter": '{"\\"":true}'}),  # noqa: E712 - the point
    ],
)
def test_what_the_api_expresses_exactly_is_asked_for(expression: Expression, expected: dict[str, object]) -> None:
    """However it is written."""
    assert expected == server_filter([expression]).parameters()


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (
            [tag("a") | tag("b")],
            r"cannot ask for tag\('a'\) \| tag\('b'\).*use filter\(...\).* or ask in several queries",
        ),
        ([~(tag("a") & tag("b"))], r"cannot ask for ~\(tag\('a'\) & tag\('b'\)\); use filter"),
        ([(metadata["a"] == 1) | (metadata["b"] == 1)], "only between values at one metadata key"),
        ([(metadata["a"] == 1) | tag("b")], "only between values at one metadata key"),
        ([tag("a,b")], "as commas separate its tags; use filter"),
        ([~tag("a,b")], "as commas separate its tags; use filter"),
        ([tag("a"), ~tag("a")], "both required and excluded, so nothing can match; drop one"),
        ([tag("a") & ~tag(" A")], "both required and excluded"),
        ([tag("A") & ~tag("a")], "both required and excluded"),
        ([name.contains("a"), name.contains("b")], "these are several, 'a' and 'b'; keep one"),
        ([~name.contains("a")], r"cannot ask for ~name.contains\('a'\); use filter"),
        ([name == "a"], "cannot ask for name == 'a'; use filter"),
        ([name.startswith("a")], "use filter"),
        ([size > 5], "cannot ask for size > 5; use filter"),
        ([~(tag("a") | (size > 5))], r"cannot ask for ~\(size > 5\); use filter"),
        ([mime_type.is_missing()], "use filter"),
        ([last_access_time.is_missing()], "use filter"),
        ([metadata["k"] != 1], "use filter"),
        ([~(metadata["k"] == 1)], "use filter"),
        ([metadata["k"] > 1], "use filter"),
        ([metadata["k"] == 1, metadata["k"] == 2], r"metadata\['k'\] has two; keep one in where"),
        (["a"], r"where\(\) takes filters such as tag\('x'\) or name.contains\('y'\), not 'a'"),
        ([tag("a") == "b"], "not False"),
        ([created_at], "not created_at"),
        (
            [tag(f"{number}") for number in range(MAX_TAGS + 1)],
            "at most 900 tags, .* not 901; put the others in filter",
        ),
        ([tag("x" * 9000)], "fits into a request line of 8,000 bytes"),
        ([metadata["k"] == "é" * 1400], "fits into a request line of 8,000 bytes"),
    ],
)
def test_what_the_api_cannot_express_is_refused_at_once(filters: list[Any], words: str) -> None:
    """Where it is written, not where it is iterated, and naming what to do instead."""
    with pytest.raises(FilterError, match=words):
        EVERYTHING.narrowed(*filters)


def test_the_refusal_is_in_the_caller_s_line(assets: AssetQuery) -> None:
    """The call to where() raises, before anything is iterated."""
    with pytest.raises(FilterError, match="use filter") as caught:
        assets.where(size > 5)
    assert [__file__, "where"] == [str(caught.traceback[0].path), caught.traceback[1].name]


def test_a_contradiction_is_found_across_calls() -> None:
    """However the query was put together."""
    with pytest.raises(FilterError, match="both required and excluded"):
        EVERYTHING.narrowed(tag("a")).narrowed(~tag("a"))


def test_a_request_line_is_counted_as_it_is_encoded() -> None:
    """Up to the very byte, and with all that paging and sorting can add."""
    fits = next(length for length in itertools.count(7000) if too_long(length + 1))
    spec = EVERYTHING.narrowed(tag("x" * fits)).ordered(last_access_time.desc()).with_public(False)
    paging = {"limit": 500, "offset": 10**9}
    line = f"GET {list_assets.OPERATION.request({**spec.parameters(), **paging}).target} HTTP/1.1\r\n"
    assert [MAX_REQUEST_LINE, MAX_REQUEST_LINE] == [len(line), request_line_length(spec.server)]


def too_long(length: int) -> bool:
    """Whether a tag of this length is refused."""
    try:
        EVERYTHING.narrowed(tag("x" * length))
    except FilterError:
        return True
    return False


@given(st.lists(SHARED, max_size=4), st.randoms(use_true_random=False))
def test_equal_queries_give_byte_equal_urls(expressions: list[Expression], dice: Any) -> None:
    """In whatever order, and how often, the conditions were given; and one digest."""
    try:
        first = EVERYTHING.narrowed(*expressions)
    except FilterError:
        return
    shuffled = [*expressions, *expressions]
    dice.shuffle(shuffled)
    second = EVERYTHING
    for expression in shuffled:
        second = second.narrowed(expression)
    assert (target(first), first.digest()) == (target(second), second.digest())


@given(st.lists(SHARED, max_size=3))
def test_the_server_reads_the_very_conditions(expressions: list[Expression]) -> None:
    """What is decoded from the URL are the parameters, and JSON is JSON."""
    try:
        spec = EVERYTHING.narrowed(*expressions)
    except FilterError:
        return
    read = {key: values[0] for key, values in parse_qs(target(spec).partition("?")[2], strict_parsing=True).items()}
    asked = spec.server
    assert [",".join(asked.required), ",".join(asked.excluded), asked.name_contains] == [
        read.get("include_tags", ""),
        read.get("exclude_tags", ""),
        read.get("name_contains"),
    ]
    values = {key: [json.loads(text) for text in texts] for key, texts in asked.metadata}
    assert {key: items[0] if len(items) == 1 else items for key, items in values.items()} == json.loads(
        read.get("metadata_filter", "{}")
    )


def test_a_query_is_never_changed(assets: AssetQuery) -> None:
    """Each method returns a new one."""
    before = assets._spec
    assets.where(tag("a"))
    assets.order_by(name)
    assets.limit(1)
    assets.page_size(1)
    assets.include_public(False)
    assert EVERYTHING == assets._spec == before


@given(st.lists(ANY, max_size=3))
def test_a_specification_is_a_value(filters: list[Expression]) -> None:
    """It compares, hashes and pickles."""
    spec = EVERYTHING.narrowed(tag("a"), metadata["k"] == {"b": 1}).filtered(*filters).limited(5)
    twin = pickle.loads(pickle.dumps(spec))
    assert (spec, hash(spec), spec.digest()) == (twin, hash(twin), twin.digest())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda spec: spec.limited(-1), "limit takes a whole number of at least 0, not -1"),
        (lambda spec: spec.limited(1.5), "not 1.5"),
        (lambda spec: spec.limited(True), "not True"),
        (lambda spec: spec.paged(0), "page_size takes a whole number from 1 to 500, not 0"),
        (lambda spec: spec.paged(501), "not 501"),
        (lambda spec: spec.ordered("created_at"), r"order_by\(\) takes a field such as created_at.desc\(\)"),
        (lambda spec: spec.ordered(mime_type), r"order_by\(\) takes a field .* not mime_type"),
        (lambda spec: spec.ordered(Order("colour")), "not colour.asc"),  # type: ignore[arg-type] # the point
        (lambda spec: spec.with_public("no"), "include_public takes True or False, not 'no'"),
        (lambda spec: spec.checked(verify=None), "verify takes True or False, not None"),
        (lambda spec: spec.distinct(unique=1), "unique takes True or False, not 1"),
        (lambda spec: spec.filtered("a"), r"filter\(\) takes filters such as size > 5 or tag\('x'\), not 'a'"),
        (lambda spec: spec.filtered(nested(5000)), r"given to filter\(\) is nested too deeply"),
        (lambda spec: spec.narrowed(nested(5000)), r"given to where\(\) is nested too deeply"),
    ],
)
def test_bad_arguments_are_refused_with_name_bound_and_value(make: Any, words: str) -> None:
    """At the call."""
    with pytest.raises(FilterError, match=words):
        make(EVERYTHING)


def nested(depth: int) -> Expression:
    """A filter that is one within another, so deep."""
    expression = tag("a")
    for number in range(depth):
        expression = ~(expression & tag(str(number)))
    return expression


def test_a_bare_field_sorts_upwards() -> None:
    """As sorted() does."""
    assert Order("created_at", descending=False) == EVERYTHING.ordered(created_at).order


def test_shortcuts_are_the_expressions_they_stand_for() -> None:
    """For the common case; a list is any of its values, and None is a missing one."""
    assert (
        tag("a"),
        tag("b"),
        ~tag("c"),
        name.contains("x"),
        metadata["k"] == 1,
        metadata["l"].in_([1, 2]),
        metadata["m"].is_missing(),
    ) == shortcuts(tags=["a", "b"], not_tags="c", name_contains="x", metadata={"k": 1, "l": [1, 2], "m": None})
    assert () == shortcuts() == shortcuts(tags=[], not_tags=(), metadata={})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tags": [" "]}, "tags takes a tag of at least one character that is no blank, not ' '"),
        ({"not_tags": 5}, "not_tags takes a list of values, not 5"),
        ({"tags": {"a": 1}}, "tags takes a list of values"),
        ({"tags": [5]}, "tags takes a text, not 5"),
        ({"name_contains": ""}, "name.contains takes a text of at least one character"),
        ({"metadata": [1]}, r"metadata takes a mapping of keys to values, not \[1\]"),
        ({"metadata": {"k": []}}, r"metadata\['k'\].in_ takes at least one value"),
        ({"metadata": {1: 2}}, "takes a text, not 1"),
    ],
)
def test_bad_shortcuts_are_refused_by_name(given: dict[str, Any], words: str) -> None:
    """With the bound and the value."""
    with pytest.raises(FilterError, match=words):
        shortcuts(**given)


def test_a_digest_tells_listings_apart_and_not_their_pace() -> None:
    """A resume token fits the listing that it came from, and no other."""
    spec = EVERYTHING.narrowed(tag("a")).filtered(size > 5, name == "b")
    same = [
        EVERYTHING.narrowed(tag("a")).filtered((name == "b") & (size > 5)),
        spec.limited(3),
        spec.paged(7),
        spec.checked(verify=False),
        spec.distinct(unique=True),
    ]
    others = [
        EVERYTHING,
        spec.narrowed(tag("b")),
        spec.filtered(size > 6),
        spec.ordered(created_at.asc()),
        spec.with_public(False),
        EVERYTHING.narrowed(tag("a")).filtered((size > 5) | (name == "b")),
    ]
    assert {spec.digest()} == {one.digest() for one in same}
    assert len(others) + 1 == len({spec.digest(), *(one.digest() for one in others)})


def test_a_digest_is_the_same_in_another_process() -> None:
    """Whatever seed its hashes have."""
    code = (
        "from comfy_cloud.query import AssetQuerySpec, shortcuts; from comfy_cloud.filters import size;"
        "spec = AssetQuerySpec().narrowed(*shortcuts(tags={'a', 'b', 'c'}, metadata={'k': {1, 2, 'x'}}));"
        "print(spec.filtered(size > 5).digest())"
    )
    paths = {"PYTHONPATH": ":".join(sys.path)}
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**paths, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = EVERYTHING.narrowed(*shortcuts(tags=["c", "b", "a"], metadata={"k": ["x", 2, 1]})).filtered(size > 5)
    assert {here.digest() + "\n"} == digests


def test_bad_arguments_of_tags_are_refused_by_the_client() -> None:
    """As soon as they are given."""
    tags = ComfyCloud(api_key=None, base_url="http://127.0.0.1:9").tags
    for arguments in ({"prefix": " "}, {"order": "size"}, {"limit": -1}):
        with pytest.raises(FilterError, match=r"prefix is|order is|limit takes"):
            tags.list(**arguments)  # type: ignore[arg-type] # the point


def test_a_query_prints_as_the_calls_that_make_it() -> None:
    """So that a log line, or a cell of a notebook, says which one it is."""
    spec = AssetQuerySpec()
    assert spec.as_code() == ""
    assert spec.checked(verify=False).as_code() == "where(verify=False)"
    narrowed = spec.narrowed(tag("a"), ~tag("b")).filtered(size > 3).ordered(size.desc()).distinct(unique=True)
    code = narrowed.with_public(False).paged(3).limited(2).as_code()
    assert code == (
        "where(tag('a'), ~tag('b')).filter(size > 3).order_by(size.desc(), unique=True).include_public(False)"
        ".page_size(3).limit(2)"
    )
