"""What documents also do: constants, defaults of every type, odd texts and tags, unions with a discriminator."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Answer, Server

ONE = {
    "kind": "one",
    "version": 1,
    "maybe": None,
    "either": "text",
    "odd": 'a"b',
    "varnames": 2,
    "nullenum": None,
    "shape": {"shape": "square", "a": 2},
    "shapes": [{"shape": "circle", "r": 1.5}, {"shape": "square"}],
    "wrapped": {"shape": "circle"},
    "level": 4,
    "alias": {"kind": "one", "maybe": "m"},
    "foo-bar": "-",
    "foo.bar": ".",
    "ünïcode": "ü",
    "日本": "j",
    'quote"s': "q",
    "back\\slash": "b",
    "line\nend": "l",
}


@pytest.fixture
def odd(packages: dict[str, Package], server: Server, way: str) -> Caller:
    """Calls the operations of oddities.yaml."""
    return Caller(packages["oddities"], "other", server.url, way)


def test_defaults_of_the_spec_are_sent_unless_given(packages: dict[str, Package], server: Server, way: str) -> None:
    """Each written as a value of its type; UNSET leaves one out, so that the server's own default counts."""
    server.answer = Answer(200, b"[]", "application/json")
    caller = Caller(packages["oddities"], "two_words", server.url, way)
    caller.detailed("get_defaults_v2", kind="only", at=packages["oddities"].types.UNSET)
    assert sorted(parse_qsl(server.last.query, strict_parsing=True)) == [
        ("day", "2026-01-02"),
        ("flag", "true"),
        ("id", "0c1c2e4e-7d65-4d6a-9a2c-2f3b8c0d1e2f"),
        ("kind", "only"),
        ("level", "2"),
        ("number", "1.5"),
        ("text", 'a"b\\c\nd'),
    ]


@pytest.mark.parametrize("given", [{"kind": "other"}, {"kind": "only", "number": 0}, {"kind": None}])
def test_constants_and_exclusive_bounds_are_checked(
    packages: dict[str, Package], server: Server, way: str, given: dict[str, object]
) -> None:
    """As 3.1 writes them."""
    caller = Caller(packages["oddities"], "two_words", server.url, way)
    with pytest.raises(packages["oddities"].errors.ParameterError, match=r"^(kind|number)\b"):
        caller.detailed("get_defaults_v2", **given)
    assert server.received == []


def test_odd_names_and_texts_read_and_write_back(odd: Caller, server: Server) -> None:
    """Quotes, backslashes, line ends, other alphabets, and two names that are one in Python."""
    server.answer = Answer(200, json.dumps(ONE).encode(), "application/json")
    one, models = odd.parsed("get_one"), odd.package.models
    assert (one.to_dict(), dict(one.unreadable)) == (ONE, {})
    assert (one.foo_bar, one.foo_bar_2) == ("-", ".")
    assert dict(one.additional_properties) == {'quote"s': "q", "back\\slash": "b", "line\nend": "l"}
    assert (one.odd, one.varnames.name, one.nullenum, one.level) == ('a"b', "TWO", None, 4)
    assert (one.shape, one.wrapped) == (models.Square(shape="square", a=2), models.Circle(shape="circle"))
    assert [type(shape).__name__ for shape in one.shapes] == ["Circle", "Square"]
    assert (one.either, one.maybe, one.kind, one.version) == ("text", None, "one", 1)


def test_a_property_that_is_renamed_in_python_is_written_under_its_own_name(packages: dict[str, Package]) -> None:
    """In a model that people make, too."""
    one = packages["oddities"].models.One(kind="one", maybe="m", foo_bar="-", foo_bar_2=".")
    assert one.to_dict() == {"kind": "one", "maybe": "m", "foo-bar": "-", "foo.bar": "."}


def test_any_tag_or_none_and_any_method_can_be_called(packages: dict[str, Package], server: Server, way: str) -> None:
    """Tags that are no Python are made into some."""
    Caller(packages["oddities"], "tag1st", server.url, way).detailed("field_1options")
    assert server.last.method == "OPTIONS"
    Caller(packages["oddities"], "default", server.url, way).detailed("trace")
    assert server.last.method == "TRACE"


def test_documents_texts_are_in_the_docstrings_as_they_are(packages: dict[str, Package]) -> None:
    """Whatever quotes and backslashes they hold, nothing of them is run, and no warning comes of them."""
    module = packages["oddities"].module("api.two_words.get_defaults_v2")
    assert 'Says """ and \\n and \\' in str(module.sync.__doc__)
    assert 'Ends with a quote "' in str(packages["oddities"].models.One.__doc__)
