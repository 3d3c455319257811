"""Parameters on the wire, held against OpenAPI's own table and against decoders that share no code with them."""

from __future__ import annotations

import contextlib
import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from pipeline.runtime.bounds import Bounds, Wire
from pipeline.runtime.errors import ParameterError
from pipeline.runtime.parameters import (
    Parameter,
    check_bounds,
    encode_cookies,
    encode_headers,
    encode_path,
    encode_query,
)

BLUE = "blue"
COLOURS: Wire = ["blue", "black", "brown"]
RGB: Wire = {"R": 100, "G": 200, "B": 150}


def parameter(location: str, style: str, *, explode: bool = False, **more: Any) -> Parameter:
    """The parameter `color`, which Python calls `colour`."""
    return Parameter("color", "colour", location, style, explode, **more)  # type: ignore[arg-type]


def query(style: str, value: Wire, *, explode: bool = False, **more: Any) -> str:
    """The query for one value."""
    return encode_query([(parameter("query", style, explode=explode, **more), value)])


def path(style: str, value: Wire, *, explode: bool = False) -> str:
    """What takes the place of the braces."""
    return encode_path("/x/{color}", [(parameter("path", style, explode=explode), value)]).removeprefix("/x/")


def header(value: Wire, *, explode: bool = False, **more: Any) -> str:
    """The header's value."""
    return encode_headers([(parameter("header", "simple", explode=explode, **more), value)])["color"]


def cookie(value: Wire, *, explode: bool = False, **more: Any) -> str:
    """The Cookie header."""
    return encode_cookies([(parameter("cookie", "form", explode=explode, **more), value)])


# The "Style Examples" of OpenAPI 3.0.4, 3.1.1 and 3.1.2: style, explode, string, array, object; None where n/a.
QUERY_TABLE = [
    ("form", False, "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("form", True, "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("spaceDelimited", False, None, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    ("pipeDelimited", False, None, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("deepObject", True, None, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
]
PATH_TABLE = [
    ("matrix", False, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("matrix", True, ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
]


@pytest.mark.parametrize(("style", "explode", "string", "array", "members"), QUERY_TABLE)
def test_a_query_is_what_the_specification_tabulates(
    style: str, explode: bool, string: str | None, array: str | None, members: str
) -> None:
    """Each row of the table, byte for byte; what it calls n/a is refused."""
    for expected, value in ((string, BLUE), (array, COLOURS), (members, RGB)):
        if expected is None:
            with pytest.raises(ParameterError, match="colour cannot be sent"):
                query(style, value, explode=explode)
        else:
            assert expected == query(style, value, explode=explode)


@pytest.mark.parametrize(("style", "explode", "string", "array", "members"), PATH_TABLE)
def test_a_path_is_what_the_specification_tabulates(
    style: str, explode: bool, string: str, array: str, members: str
) -> None:
    """Each row of the table, byte for byte."""
    assert (string, array, members) == tuple(path(style, value, explode=explode) for value in (BLUE, COLOURS, RGB))


def test_a_header_is_what_the_specification_tabulates() -> None:
    """Simple is the only style of headers."""
    rows = [("blue", "blue,black,brown", "R,100,G,200,B,150"), ("blue", "blue,black,brown", "R=100,G=200,B=150")]
    for explode, expected in zip((False, True), rows, strict=True):
        assert expected == tuple(header(value, explode=explode) for value in (BLUE, COLOURS, RGB))


def test_a_cookie_is_what_the_specification_tabulates() -> None:
    """Exploded cookies are separated by "; ": the table's "&" is never right in a cookie (3.1.2, appendix D)."""
    assert ("color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150") == tuple(
        map(cookie, (BLUE, COLOURS, RGB))
    )
    assert "color=blue; color=black; color=brown" == cookie(COLOURS, explode=True)
    assert "R=100; G=200; B=150" == cookie(RGB, explode=True)


@pytest.mark.parametrize("style", ["spaceDelimited", "pipeDelimited"])
def test_an_exploded_delimited_array_repeats_its_name(style: str) -> None:
    """`explode` is defined to make separate parameters, and then nothing is left to delimit."""
    assert "color=blue&color=black&color=brown" == query(style, COLOURS, explode=True)


def test_deep_objects_are_written_without_explode_too() -> None:
    """The only meaning of deepObject is the exploded one."""
    assert "color%5BR%5D=1" == query("deepObject", {"R": 1})


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("color=true,false", [True, False]),
        ("color=5,0.5,-3", [5.0, 0.5, -3]),
        ("color=a%2Cb,%26%2B%25%20~", ["a,b", "&+% ~"]),
    ],
)
def test_primitives_are_written_as_json_writes_them(expected: str, value: Wire) -> None:
    """Whole numbers have no fraction, booleans are lower case, and a comma inside an item is encoded."""
    assert expected == query("form", value)


def test_reserved_characters_stay_where_the_document_allows_them() -> None:
    """All but those that would end, split or change the query."""
    assert "color=:/?%23%5B%5D@!$%26'()*%2B,;=%25" == query("form", ":/?#[]@!$&'()*+,;=%", allow_reserved=True)
    assert "color=a/b,c%2Cd" == query("form", ["a/b", "c,d"], allow_reserved=True)
    assert "a%3D=b=c" == query("form", {"a=": "b=c"}, explode=True, allow_reserved=True)


def test_nothing_is_sent_for_nothing() -> None:
    """None, an empty array or object, and an object's None are no values; an empty string is one."""
    nothing: list[Wire] = [None, [], {}, {"R": None}]
    for empty in nothing:
        assert "" == query("form", empty) == query("form", empty, explode=True) == cookie(empty)
        assert {} == encode_headers([(parameter("header", "simple"), empty)])
        with pytest.raises(ParameterError, match=r"colour .* required"):
            query("form", empty, required=True)
        with pytest.raises(ParameterError, match=r"colour .* required"):
            path("simple", empty)
    assert "color=" == query("form", "") == query("form", [""]) == cookie("")
    assert "G=1" == query("form", {"R": None, "G": 1}, explode=True)
    assert "color=%5B%5D" == query("form", [], as_json=True)


def test_a_parameter_declared_with_json_is_sent_as_json() -> None:
    """Percent-encoded in queries, paths and cookies; in ASCII, unescaped, in headers."""
    value: Wire = {"a": ["é", 1]}
    assert "color=%7B%22a%22%3A%5B%22%C3%A9%22%2C1%5D%7D" == query("form", value, as_json=True)
    assert '{"a":["\\u00e9",1]}' == header(value, as_json=True)
    assert value == json.loads(unquote(cookie(value, as_json=True).partition("=")[2]))
    text = encode_path("/{color}", [(parameter("path", "simple", as_json=True), value)])
    assert value == json.loads(unquote(text[1:]))


def test_several_parameters_are_joined() -> None:
    """In the order they are given."""
    other = Parameter("a b", "a_b", "query", "form", explode=True)
    assert "color=1&a%20b=2" == encode_query([(parameter("query", "form"), 1), (other, 2)])


def test_an_exploded_member_does_not_pass_for_another_parameter() -> None:
    """Its name would be the other's, so that a server could not tell them apart."""
    limit = Parameter("limit", "limit", "query", "form", explode=True)
    with pytest.raises(ParameterError, match="name of another parameter"):
        encode_query([(limit, 1), (parameter("query", "form", explode=True), {"limit": 2})])


@pytest.mark.parametrize(
    ("style", "explode", "value", "item"),
    [
        ("spaceDelimited", False, ["a", "b c"], "b c"),
        ("spaceDelimited", False, {"b c": 1}, "b c"),
        ("pipeDelimited", False, ["a", "b|c"], "b|c"),
        ("deepObject", True, {"a[b": 1}, "a[b"),
        ("deepObject", True, {"": 1}, ""),
        ("deepObject", True, {"a": [1]}, [1]),
        ("form", False, ["a", ["b"]], ["b"]),
        ("form", False, ["a", None], None),
        ("form", True, {"a": {"b": 1}}, {"b": 1}),
        ("form", False, "\ud800", "\ud800"),
        ("form", False, float("nan"), float("nan")),
        ("form", False, float("-inf"), float("-inf")),
    ],
)
def test_what_a_query_cannot_carry_is_refused(style: str, explode: bool, value: Wire, item: Wire) -> None:
    """The message names the parameter and the item."""
    with pytest.raises(ParameterError, match=re.escape(f"colour cannot be sent with {item!r}: ")):
        query(style, value, explode=explode)


@pytest.mark.parametrize("value", [10**5000, [10**5000], {"a": 10**5000}], ids=["alone", "item", "member"])
def test_integers_too_long_to_write_are_refused(value: Wire) -> None:
    """Python writes 4,300 digits; the message holds none of them."""
    with pytest.raises(ParameterError):
        query("form", value)
    with pytest.raises(ParameterError, match="too long to show"):
        query("form", value, as_json=True)


@pytest.mark.parametrize(
    "value", ["é", "€", "a\r\nX: b", "a\n", "\x00", "\t", " a", "a ", ["a", "b,c"], ["a", ""], {"a,b": 1}, ["\x7f"]]
)
def test_what_a_header_cannot_carry_is_refused(value: Wire) -> None:
    """Headers have no escapes, and servers trim them and do not agree on other alphabets."""
    with pytest.raises(ParameterError, match="colour cannot be sent"):
        header(value)


def test_a_header_that_is_no_list_may_hold_commas() -> None:
    """Nobody splits a string; an exploded member's name must not hold the sign that ends it."""
    assert 'W/"a, b"' == header('W/"a, b"')
    with pytest.raises(ParameterError, match="separates"):
        header({"a=b": 1}, explode=True)


@pytest.mark.parametrize("value", ["a;b", "a b", "a,b", 'a"b', "a\\b", "a%41", "é", "\n", ["a,b"]])
def test_what_a_cookie_cannot_carry_is_refused(value: Wire) -> None:
    """Only what reads alike to servers that decode cookies and servers that do not."""
    with pytest.raises(ParameterError, match="colour cannot be sent"):
        cookie(value)


def test_a_cookies_name_is_a_token() -> None:
    """An exploded member's name cannot begin another cookie."""
    assert "a-b=c=/+" == cookie({"a-b": "c=/+"}, explode=True)
    with pytest.raises(ParameterError, match="a cookie's name"):
        cookie({"a; b": 1}, explode=True)


@pytest.mark.parametrize(
    ("style", "explode", "value"),
    [
        ("simple", False, ""),
        ("simple", False, "."),
        ("simple", False, ".."),
        ("simple", False, [".."]),
        ("label", False, ""),
        ("label", False, "."),
        ("label", True, ["", ""]),
        ("label", True, ["a.b"]),
        ("label", True, {"a": 1.5}),
        ("simple", False, [["a"]]),
    ],
)
def test_what_a_path_cannot_carry_is_refused(style: str, explode: bool, value: Wire) -> None:
    """URL normalisation takes "." and ".." away, and a dot inside a label is read as its end."""
    with pytest.raises(ParameterError, match="colour cannot be sent"):
        path(style, value, explode=explode)


def test_paths_keep_what_is_in_a_value() -> None:
    """A slash, a percent sign, braces and dots among other characters are the value's own."""
    assert "a%2Fb%25%20%7Bcolor%7D...%3F%23" == path("simple", "a/b% {color}...?#")
    assert "a.b,c" == path("label", ["a.b", "c"])[1:]
    assert ";color" == path("matrix", "")
    two = [(Parameter(name, name, "path", "simple", explode=False), ".") for name in "ab"]
    with pytest.raises(ParameterError, match=r"segment '\.\.'"):
        encode_path("/{a}{b}", two)


@pytest.mark.parametrize("template", ["/x", "/{color}/{other}", "/{color}/{", "/{color}/}", "/{Color}"])
def test_a_template_has_the_names_of_the_values(template: str) -> None:
    """A brace that stays, or a value that has no place, is an error and no request."""
    with pytest.raises(ParameterError, match="needs"):
        encode_path(template, [(parameter("path", "simple"), "a")])


ALL = st.text(st.characters(exclude_categories=["Cs"]))
WIRE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(WIRE, st.sampled_from(QUERY_TABLE), st.booleans())
def test_no_value_leads_to_any_other_error(value: Wire, row: tuple[str, ...], explode: bool) -> None:
    """Whatever JSON can hold is either sent or refused with ParameterError, in every place."""
    for send in (
        lambda: query(row[0], value, explode=explode),
        lambda: query("form", value, as_json=True),
        lambda: query("form", value, explode=explode, allow_reserved=True),
        *(lambda style=style: path(style, value, explode=explode) for style in ("simple", "label", "matrix")),
        lambda: encode_headers([(parameter("header", "simple", explode=explode), value)]),
        lambda: cookie(value, explode=explode),
        lambda: check_bounds(parameter("query", "form", bounds=Bounds(0, 1, pattern="^a", unique_items=True)), value),
    ):
        with contextlib.suppress(ParameterError):
            send()


@given(ALL | st.lists(ALL, min_size=1), st.booleans())
def test_httpx_sends_a_query_and_a_path_as_they_are(value: Wire, explode: bool) -> None:
    """Nothing is encoded twice or taken back: the bytes are those that were made here."""
    assume(value not in ("", ".", "..", [""], ["."], [".."]))
    target = f"/x/{path('simple', value)}?{query('form', value, explode=explode)}"
    assert target.encode() == httpx.URL(f"http://api.test{target}").raw_path


# --- openapi-core reads it back ---

NAMES = st.text(st.sampled_from("abcXYZ019_"), min_size=1)


@cache
def reader(location: str, style: str, explode: bool, kind: str) -> OpenAPI:
    """openapi-core for a document with this one parameter."""
    strings = {"type": "string"}
    schema = {"type": kind, "items": strings} if kind == "array" else {"type": kind, "additionalProperties": strings}
    declared = {"name": "color", "in": location, "style": style, "explode": explode, "required": True, "schema": schema}
    operation = {"parameters": [declared], "responses": {"200": {"description": "ok"}}}
    paths = {"/x/{color}" if location == "path" else "/x": {"get": operation}}
    return OpenAPI.from_dict({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})


def read_back(location: str, style: str, explode: bool, value: Wire) -> Any:
    """What openapi-core unmarshals from a request that werkzeug has parsed."""
    given_values = [(parameter(location, style, explode=explode), value)]
    builder = EnvironBuilder(
        path=encode_path("/x/{color}", given_values) if location == "path" else "/x",
        query_string=encode_query(given_values) if location == "query" else "",
        headers=list(encode_headers(given_values).items()) if location == "header" else [],
    )
    request = WerkzeugOpenAPIRequest(Request(builder.get_environ()))
    unmarshalled = reader(location, style, explode, "array" if isinstance(value, list) else "object").unmarshal_request(
        request
    )
    assert [] == unmarshalled.errors
    return getattr(unmarshalled.parameters, location)["color"]


@given(st.lists(ALL, min_size=1))
def test_openapi_core_reads_repeated_names_back(value: list[Wire]) -> None:
    """Any text survives in an exploded form array."""
    assert value == read_back("query", "form", True, value)


# openapi-core splits what the framework has percent-decoded, against RFC 6570; so an item that holds the comma, which
# does survive, is left to the decoder below. Its spaceDelimited looks for a literal "%20" in decoded text and its
# exploded form objects for the parameter's own name: it can read neither, and label and matrix only from templates
# that OpenAPI does not have.
@pytest.mark.parametrize(("style", "separator"), [("form", ","), ("pipeDelimited", "|")])
@pytest.mark.parametrize("shape", ["array", "object"])
@given(data=st.data())
def test_openapi_core_reads_delimited_values_back(style: str, separator: str, shape: str, data: st.DataObject) -> None:
    """Arrays and objects, of texts without the delimiter."""
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=separator))
    value: Any = data.draw(
        st.lists(texts, min_size=1) if shape == "array" else st.dictionaries(texts, texts, min_size=1)
    )
    assert value == read_back("query", style, False, value)


@given(st.dictionaries(NAMES, ALL, min_size=1))
def test_openapi_core_reads_deep_objects_back(value: dict[str, Wire]) -> None:
    """Any text survives as a member; openapi-core reads names of letters, digits and _ only."""
    assert value == read_back("query", "deepObject", True, value)


# Beside the delimiters, what openapi-core takes for URL syntax in a path that is decoded already.
PLAIN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=",=/?#;[]"), min_size=1)


@pytest.mark.parametrize("location", ["path", "header"])
@given(st.lists(PLAIN, min_size=1) | st.dictionaries(PLAIN, PLAIN, min_size=1), st.booleans())
def test_openapi_core_reads_simple_values_back(location: str, value: Wire, explode: bool) -> None:
    """Arrays and objects in a path and in a header."""
    assume(value not in (["."], [".."]))
    assert value == read_back(location, "simple", explode, value)


# --- a decoder written from RFC 6570 reads back what openapi-core cannot: it splits first and decodes after ---


def decoded(raw: str, delimiter: str, *, pairs: bool, explode: bool) -> Any:
    """An array's items, or an object's members, from their delimited text."""
    parts = raw.split(delimiter)
    if not pairs:
        return [unquote(part) for part in parts]
    members = [part.partition("=")[::2] for part in parts] if explode else zip(parts[::2], parts[1::2], strict=True)
    return {unquote(key): unquote(text) for key, text in members}


SENT = st.lists(ALL, min_size=1) | st.dictionaries(ALL, ALL, min_size=1)


@given(SENT)
def test_a_comma_inside_an_item_survives(value: Wire) -> None:
    """Form without explode carries every text, in arrays and in objects."""
    raw = query("form", value).removeprefix("color=")
    assert value == decoded(raw, ",", pairs=isinstance(value, dict), explode=False)


@given(st.dictionaries(ALL, ALL, min_size=1))
def test_exploded_form_objects_are_read_back(value: dict[str, Wire]) -> None:
    """A member is a parameter of its own."""
    assert value == decoded(query("form", value, explode=True), "&", pairs=True, explode=True)


@given(SENT, st.sampled_from([("spaceDelimited", "%20", " "), ("pipeDelimited", "%7C", "|")]))
def test_encoded_delimiters_are_read_back_or_refused(value: Any, style: tuple[str, str, str]) -> None:
    """Refused exactly where a text holds the delimiter."""
    name, delimiter, character = style
    if any(character in text for text in [*value, *(value.values() if isinstance(value, dict) else [])]):
        with pytest.raises(ParameterError, match="separates"):
            query(name, value)
    else:
        raw = query(name, value).removeprefix("color=")
        assert value == decoded(raw, delimiter, pairs=isinstance(value, dict), explode=False)


@given(SENT, st.booleans(), st.sampled_from(["simple", "label", "matrix"]))
def test_paths_are_read_back_or_refused(value: Wire, explode: bool, style: str) -> None:
    """A path that is made can be read; one that cannot be read is not made."""
    try:
        raw = path(style, value, explode=explode)
    except ParameterError:
        assume(False)
    pairs = isinstance(value, dict)
    if style != "matrix":
        raw, delimiter = (raw[1:], "." if explode else ",") if style == "label" else (raw, ",")
        assert value == decoded(raw, delimiter, pairs=pairs, explode=explode)
    elif explode and not pairs:
        assert value == [unquote(part.partition("=")[2]) for part in raw[1:].split(";")]
    else:
        raw = raw[1:] if explode else raw.removeprefix(";color").removeprefix("=")
        assert value == decoded(raw, ";" if explode else ",", pairs=pairs, explode=explode)


# --- bounds ---


@pytest.mark.parametrize(
    ("message", "bounds", "value"),
    [
        ("colour is 501, but at most 500 is allowed.", Bounds(maximum=500), 501),
        ("colour is 0, but at least 1 is allowed.", Bounds(minimum=1), 0),
        ("colour is 1, but only more than 1 is allowed.", Bounds(exclusive_minimum=1), 1),
        ("colour is 2.0, but only less than 2 is allowed.", Bounds(exclusive_maximum=2), 2.0),
        ("colour is 0.35, but only multiples of 0.1 are allowed.", Bounds(multiple_of=0.1), 0.35),
        ("colour is nan, but at most 1 is allowed.", Bounds(maximum=1), float("nan")),
        ("colour is inf, but only multiples of 2 are allowed.", Bounds(multiple_of=2), float("inf")),
        ("colour is '' (0 characters), but at least 1 are needed.", Bounds(min_length=1), ""),
        ("colour is 'abc' (3 characters), but at most 2 are allowed.", Bounds(max_length=2), "abc"),
        ("colour is 'é', but it has to match the pattern ^\\w$.", Bounds(pattern=r"^\w$"), "é"),
        ("colour is [] (0 items), but at least 1 are needed.", Bounds(min_items=1), []),
        ("colour is [1, 2] (2 items), but at most 1 are allowed.", Bounds(max_items=1), [1, 2]),
        ("colour is [1, 1.0], but all its items have to be different.", Bounds(unique_items=True), [1, 1.0]),
        ("colour[1] is 'b', but it has to match the pattern a.", Bounds(items=Bounds(pattern="a")), ["a", "b"]),
    ],
)
def test_a_value_out_of_bounds_is_named_with_its_bound(message: str, bounds: Bounds, value: Wire) -> None:
    """The message names parameter, bound and value."""
    with pytest.raises(ParameterError) as caught:
        check_bounds(parameter("query", "form", bounds=bounds), value)
    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("bounds", "value"),
    [
        (Bounds(maximum=0), None),
        (Bounds(maximum=0), True),
        (Bounds(maximum=0), "5"),
        (Bounds(1, 500), 500),
        (Bounds(multiple_of=0.1), 0.3),
        (Bounds(multiple_of=3), 3 * 10**40),
        (Bounds(max_length=1), "😀"),
        (Bounds(pattern=r"^\p{L}$"), "5"),
        (Bounds(pattern="b"), "abc"),
        (Bounds(unique_items=True), [1, True, "1", {"a": 1}, {"a": True}, [1], [True]]),
        (Bounds(min_items=1), {}),
    ],
)
def test_a_value_within_bounds_passes(bounds: Bounds, value: Wire) -> None:
    """Keywords concern their own types, and a pattern that Python cannot read is left to the server."""
    check_bounds(parameter("query", "form", bounds=bounds), value)


def test_a_long_value_is_shortened_in_messages() -> None:
    """A message is for people."""
    with pytest.raises(ParameterError) as caught:
        check_bounds(parameter("query", "form", bounds=Bounds(max_length=512)), "a" * 100_000)
    assert len(str(caught.value)) < 200
    assert "100000 characters" in str(caught.value)
