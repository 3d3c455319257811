"""Decoding: a fast path and a tolerant one that say the same."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud_api._runtime import codec, learning
from comfy_cloud_api._runtime.codec import UnreadableElementWarning, decode_json
from comfy_cloud_api._runtime.composites import Anything, ListOf, Nested, OneOf
from comfy_cloud_api._runtime.formats import DateTime
from comfy_cloud_api._runtime.kinds import Bool, Int, Kind, Number, Str, Unreadable
from comfy_cloud_api._runtime.learning import MAX_LEARNED
from comfy_cloud_api.api.asset import list_assets
from comfy_cloud_api.models import Asset, ListAssetsResponse, ListAssetsSort
from comfy_cloud_api.types import UNSET
from pipeline.generate import OUR_CLIENT, client_document
from tests.runtime.lessons import forget
from tests.runtime.strategies import JSON, valid
from tests.runtime.test_models import MINIMAL, exact

SPEC = client_document(OUR_CLIENT)
PAGE: Kind[ListAssetsResponse] = Nested(lambda: ListAssetsResponse)
PAGES = valid(SPEC, {"$ref": "#/components/schemas/ListAssetsResponse"})


@pytest.fixture(autouse=True)
def warned_before() -> Iterator[None]:
    """Warnings are said once, and lessons last; these tests do not mind what came before."""
    forget()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnreadableElementWarning)
        yield


def page(*assets: object, **more: object) -> bytes:
    """A page's body."""
    return json.dumps({"assets": assets, "total": len(assets), "has_more": False, **more}).encode()


def path_taken(content: bytes) -> str:
    """Whether the fast path reads a body now."""
    try:
        codec._fast(PAGE, content, None)
    except codec._REFUSALS:
        return "tolerant"
    return "fast"


@given(PAGES)
def test_every_valid_body_is_read_as_it_is(source: dict[str, Any]) -> None:
    """Whichever path it takes, and the second time as the first."""
    content = json.dumps(source).encode()
    for _ in range(2):
        read = decode_json(PAGE, content)
        assert exact(read.to_dict()) == exact(source)
        assert read == ListAssetsResponse.from_dict(source)
        assert isinstance(read, ListAssetsResponse)


@st.composite
def drifted(draw: st.DrawFn) -> Any:
    """A valid page in which some places hold something else, or nothing."""
    source = draw(PAGES)
    for _ in range(draw(st.integers(0, 4))):
        node: Any = source
        while isinstance(node, dict | list) and node:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = draw(st.sampled_from(keys))
            if not isinstance(node[key], dict | list) or draw(st.booleans()):
                if draw(st.booleans()):
                    node[key] = draw(JSON)
                elif isinstance(node, dict):
                    del node[key]
                break
            node = node[key]
    return source


@given(drifted())
def test_both_paths_say_the_same_of_any_body(source: Any) -> None:
    """Or both refuse it; nothing that came is lost."""
    try:
        expected = ListAssetsResponse.adopt(source)
    except Unreadable:
        with pytest.raises(Unreadable):
            decode_json(PAGE, json.dumps(source).encode())
        return
    read = decode_json(PAGE, json.dumps(source).encode())
    assert exact(read.to_dict()) == exact(source) == exact(expected.to_dict())
    assert exact(dict(read.unreadable)) == exact(dict(expected.unreadable))
    assert [asset.to_dict() for asset in read.assets] == [asset.to_dict() for asset in expected.assets]
    for asset in read.assets:
        required = SPEC["components"]["schemas"]["Asset"]["required"]
        assert [name for name in required if getattr(asset, name) is None] == []


@settings(max_examples=1000)
@given(st.data())
def test_any_bytes_are_read_or_unreadable(data: st.DataObject) -> None:
    """No other exception, whatever a server or the network made of a body."""
    content = bytearray(page(MINIMAL, {**MINIMAL, "tags": ["é"], "user_metadata": {"a": [1, {"b": None}]}}))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 30))
        content[place : place + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"null", b"}", b'"', b"1e999"])
        )
    try:
        read = decode_json(PAGE, bytes(content))
    except Unreadable:
        return
    assert isinstance(read, ListAssetsResponse)
    read.to_dict()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"<html>", "it is no JSON"),
        (b'{"assets": [', "it is no JSON"),
        (b"[]", "[] is no object"),
        (b"null", "None is no object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"assets": [], "total": 0}', "its property 'has_more' is missing"),
        (b'{"assets": {}, "total": 0, "has_more": false}', "its property 'assets' is {}"),
        (b"\xff\xfe", "it is no JSON"),
        (b'{"assets": [], "total": NaN, "has_more": false}', "it is no JSON"),
    ],
)
def test_a_body_that_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    """In a few words, for the error that carries them."""
    with pytest.raises(Unreadable) as caught:
        decode_json(PAGE, content)
    assert reason in str(caught.value)


@pytest.mark.parametrize("content", [page(MINIMAL), page(), page({**MINIMAL, "preview_id": None, "tags": ["a"]})])
def test_a_body_as_the_spec_has_it_takes_the_fast_path(content: bytes) -> None:
    """Otherwise its speed would be an accident."""
    assert path_taken(content) == "fast"


def test_undeclared_properties_are_learned_and_take_the_fast_path_again() -> None:
    """They stand in additional_properties from the first body on."""
    content = page({**MINIMAL, "learned_here": {"a": 1}}, MINIMAL, next_thing="x")
    for _ in range(2):
        read = decode_json(PAGE, content)
        assert read.additional_properties == {"next_thing": "x"}
        assert [asset.additional_properties for asset in read.assets] == [{"learned_here": {"a": 1}}, {}]
    assert path_taken(content) == "fast"


def test_a_server_cannot_make_the_memory_grow() -> None:
    """Beyond a bound, undeclared properties are kept without being learned."""
    for number in range(3 * MAX_LEARNED):
        read = decode_json(PAGE, page({**MINIMAL, f"unbounded_{number}": number}))
        assert read.assets[0].additional_properties == {f"unbounded_{number}": number}
    assert len(learning.known_names(Asset)) <= MAX_LEARNED


@pytest.mark.parametrize(
    "name", ["", "a b", "é", 'quo"te', "back\\slash", "\x00", "line\nend", "(undeclared)", "_id", "id "]
)
def test_any_name_may_be_undeclared(name: str) -> None:
    """Names that no class could have, or that ours has, are kept all the same, from body to body."""
    for value in (1, {"a": 1}, None):
        for _ in range(2):
            read = decode_json(PAGE, page({**MINIMAL, name: value}))
            assert read.assets[0].additional_properties == {name: value}
            assert read.assets[0].to_dict() == {**MINIMAL, name: value}


def test_many_threads_may_learn_at_once() -> None:
    """Each reads its own body exactly."""

    def read(number: int) -> bool:
        source = {**MINIMAL, f"threaded_{number % 7}": number, "name": str(number)}
        return decode_json(PAGE, page(source)).assets[0].to_dict() == source

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(read, range(400))) == [True] * 400


def test_one_bad_element_in_five_hundred_loses_no_other() -> None:
    """It is kept aside and counted, and warned of once."""
    codec._warned.clear()
    good = [{**MINIMAL, "name": str(number)} for number in range(499)]
    content = page(*good[:250], {"id": "x"}, *good[250:])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        pages = [decode_json(PAGE, content) for _ in range(3)]
    assert [asset.name for asset in pages[0].assets] == [asset["name"] for asset in good]
    assert pages[0].unreadable == {"assets": [{"id": "x"}]}
    assert [str(item.message).partition(" lack")[0] for item in said] == [
        "1 of 500 elements of ListAssetsResponse.assets"
    ]


@pytest.mark.parametrize("wire", [[{}], [{"a": 1}, 5], [], 5, None])
def test_metadata_that_is_no_object_loses_no_element(wire: object) -> None:
    """It is unreadable as a whole, and nothing is warned of, on the tolerant path either."""
    codec._warned.clear()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        decode_json(PAGE, page({**MINIMAL, "user_metadata": wire}, 5))
    assert [] == [str(item.message) for item in said]


@pytest.mark.parametrize("field", ["id", "created_at"])
def test_a_required_value_that_cannot_be_read_puts_its_element_aside(field: str) -> None:
    """Text that is no UUID, or no time, is found when the body is read, not when somebody looks at it."""
    bad = {**MINIMAL, field: "nonsense"}
    read = decode_json(PAGE, page(MINIMAL, bad))
    assert (len(read.assets), read.unreadable) == (1, {"assets": [bad]})


def test_a_list_at_the_root_is_read_the_same_way() -> None:
    """Bad elements are left out of it too."""
    kind: Kind[list[Asset]] = ListOf(Nested(lambda: Asset))
    assert [asset.to_dict() for asset in decode_json(kind, json.dumps([MINIMAL, {}]).encode())] == [MINIMAL]


def test_a_union_of_a_text_and_an_object_makes_the_object_s_model() -> None:
    """The kinds before it refuse it, and do not keep it as it came."""
    union: Kind[str | Asset] = OneOf(Str(), Nested(lambda: Asset))
    read = decode_json(ListOf(union), json.dumps(["a text", MINIMAL]).encode())
    assert ["a text", Asset.from_dict(MINIMAL)] == read
    assert isinstance(union.adopt(MINIMAL), Asset)


@pytest.mark.parametrize("kind", [Anything(), Str(), Int(), Bool(), Number()])
def test_what_is_absent_or_null_reads_as_none(kind: Kind[Any]) -> None:
    """Also where anything could be read."""
    assert [None, None] == [kind.read_optional(UNSET), kind.read_optional(None)]


@pytest.mark.parametrize(("kind", "value"), [(Bool(), True), (Number(), 5), (Number(), 2.5), (Int(), 5), (Str(), "a")])
def test_a_plain_value_is_read_and_written_as_itself(kind: Kind[Any], value: object) -> None:
    """A number may be whole, and keeps its digits."""
    assert exact([value, value]) == exact([kind.read(value), kind.write(value)])


def test_a_member_of_an_enum_goes_out_as_its_text_where_a_text_belongs() -> None:
    """And as nothing but a text."""
    assert (str, "name") == (type(Str().write(ListAssetsSort.NAME)), Str().write(ListAssetsSort.NAME))


@pytest.mark.parametrize("text", ["20260102T03", "20260102T0304", "2026-01-02T03", "2026-01-02 03:00"])
def test_a_time_may_be_as_short_as_iso_8601_has_it(text: str) -> None:
    """But no date alone is one."""
    assert (2026, 1, 2, 3) == DateTime().read(text).timetuple()[:4]
    assert not DateTime().reads(text.replace(" ", "T").partition("T")[0])


def test_enumerated_and_plain_values_go_out_as_themselves() -> None:
    """What the operation's own reply declares is what decodes."""
    reply = list_assets.OPERATION.replies["200"].json
    assert reply is not None
    assert decode_json(reply, page(MINIMAL)) == decode_json(PAGE, page(MINIMAL))


def test_half_of_a_surrogate_pair_loses_no_other_element() -> None:
    """JSON can name it, and servers in Python do where a file's name has no known encoding."""
    assets = [{**MINIMAL, "name": name} for name in ("a\udce9", "b")]
    assert [one.to_dict() for one in decode_json(PAGE, page(*assets)).assets] == assets


@pytest.mark.parametrize("field", ["id", "created_at", "updated_at", "last_access_time", "preview_id"])
def test_half_of_a_surrogate_pair_is_no_id_and_no_time(field: str) -> None:
    """It is unreadable like any other text that is neither."""
    bad = "2026-01-01T00:00:00\ud800Z" if field.endswith(("_at", "_time")) else "\ud800" * 36
    read = decode_json(PAGE, page(MINIMAL, {**MINIMAL, field: bad}))
    required = field in MINIMAL
    assert len(read.assets) == (1 if required else 2)
    assert (read.unreadable if required else read.assets[1].unreadable) == (
        {"assets": [{**MINIMAL, field: bad}]} if required else {field: bad}
    )
