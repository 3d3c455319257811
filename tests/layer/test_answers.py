"""Answers are read as the spec says for their status and content type, and nothing else is made of them."""

from __future__ import annotations

import datetime as dt
import inspect
import json

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Answer, Server

PIXEL = b"\x89PNG\r\n\x1a\n\xff"
FAULT = b'{"message":"no"}'
JSON = "application/json"
CALLER_FILE = inspect.getfile(Caller)


@pytest.fixture
def ask(packages: dict[str, Package], server: Server, way: str) -> Caller:
    """Calls the operations of answers.yaml."""
    return Caller(packages["answers"], "get", server.url, way, token="k")


@pytest.mark.parametrize(
    ("operation", "arguments", "content_type"),
    [("get_picture", ["a"], "image/png"), ("get_picture", ["a"], "image/webp"), ("get_blob", [], "")],
)
def test_binary_answers_are_bytes(
    ask: Caller, server: Server, operation: str, arguments: list[str], content_type: str
) -> None:
    """Images and raw bytes, whichever of the declared types they come as."""
    server.answer = Answer(200, PIXEL, content_type)
    assert ask.parsed(operation, *arguments) == PIXEL


def test_a_documented_error_of_a_binary_operation_is_still_json(ask: Caller, server: Server) -> None:
    """The status decides, not the operation."""
    server.answer = Answer(404, FAULT, JSON)
    answer = ask.detailed("get_picture", "a")
    assert (answer.status_code, answer.parsed) == (404, ask.package.models.Fault(message="no"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(400, FAULT, JSON), {"message": "no"}),
        (Answer(400, b'{"title":"t"}', "application/problem+json; charset=utf-8"), {"title": "t"}),
        (Answer(400, b"no \xc3\xbc", "text/plain; charset=utf-8"), "no ü"),
        (Answer(500, b"no", "text/plain"), "no"),
        (Answer(200, b'{"id":"a"}', JSON), {"id": "a"}),
    ],
)
def test_text_stands_beside_json(ask: Caller, server: Server, answer: Answer, expected: object) -> None:
    """The answer's content type says which of the documented forms it has."""
    server.answer = answer
    parsed = ask.parsed("get_mixed")
    assert (parsed if isinstance(parsed, str) else parsed.to_dict()) == expected


def test_csv_is_text(ask: Caller, server: Server) -> None:
    """Decoded as its charset says."""
    server.answer = Answer(200, "ü,1".encode("latin-1"), "text/csv; charset=iso-8859-1")
    assert ask.parsed("get_csv") == "ü,1"


def test_no_content_parses_to_none(ask: Caller, server: Server) -> None:
    """204."""
    answer = ask.detailed("delete_thing", "a")
    assert (answer.status_code, answer.parsed, answer.content) == (204, None, b"")
    assert (server.last.method, server.received) == ("DELETE", [])


def test_a_redirect_is_handed_over_and_not_followed(ask: Caller, server: Server) -> None:
    """One request, and where it points to stands in the answer's headers."""
    server.answer = Answer(302, headers=(("Location", f"{server.url}/elsewhere"),))
    answer = ask.detailed("get_moved")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{server.url}/elsewhere")
    assert server.last.target == "/moved"


@pytest.mark.parametrize("status", [200, 404, 401])
def test_head_says_its_status_and_has_no_body_to_read(ask: Caller, server: Server, status: int) -> None:
    """Though 404 and 401 are documented with JSON, an answer to HEAD carries none."""
    server.answer = Answer(status, FAULT, JSON)
    answer = ask.detailed("head_thing", "a")
    assert (answer.status_code, answer.parsed) == (status, None)
    assert server.last.method == "HEAD"


def test_head_has_no_short_form(ask: Caller) -> None:
    """`sync` would return None for 200 and 404 alike, so there is none."""
    module = ask.package.module("api.get.head_thing")
    assert [hasattr(module, name) for name in ("sync", "asyncio", "sync_detailed")] == [False, False, True]


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [(200, b'{"id":"a"}', "Thing"), (299, b'{"id":"a"}', "Thing"), (404, FAULT, "Fault"), (520, FAULT, "Fault")],
)
def test_ranges_and_defaults_document_every_status_in_them(
    ask: Caller, server: Server, status: int, content: bytes, expected: str
) -> None:
    """2XX is any of them; default is whatever is left, unknown to HTTP or not."""
    server.answer = Answer(status, content, JSON)
    answer = ask.detailed("get_ranges")
    assert (answer.status_code, type(answer.parsed).__name__) == (status, expected)


def test_unquoted_statuses_are_statuses(ask: Caller, server: Server) -> None:
    """YAML reads them as numbers."""
    for status, content in ((200, b'{"id":"a"}'), (404, FAULT)):
        server.answer = Answer(status, content, JSON)
        assert ask.parsed("get_unquoted").to_dict() == json.loads(content)


@pytest.mark.parametrize("status", [201, 418, 499, 520])
def test_an_undocumented_status_is_an_error_that_says_so(ask: Caller, server: Server, status: int) -> None:
    """Never None; also where HTTP has no name for it."""
    server.answer = Answer(status, b"<html>", "text/html")
    with pytest.raises(ask.package.errors.UnexpectedStatus, match=f"answered {status}.*text/html.*'<html>'") as caught:
        ask.detailed("get_mixed")
    assert caught.value.status == status


@pytest.mark.parametrize("content", [b"<html>", b"", b"[1]", b'{"size":1}', b'{"id":"a"', b"null", b"\xff"])
def test_a_body_that_is_not_as_documented_is_one_typed_error(ask: Caller, server: Server, content: bytes) -> None:
    """With status, content type and how it begins."""
    server.answer = Answer(200, content, JSON)
    with pytest.raises(ask.package.errors.DecodeError) as caught:
        ask.detailed("get_mixed")
    shown = caught.value
    assert (shown.status, shown.content_type, shown.excerpt) == (200, JSON, content.decode(errors="replace"))


def test_an_array_can_be_the_root(ask: Caller, server: Server) -> None:
    """Its elements are models."""
    server.answer = Answer(200, b'[{"id":"a"},{"id":"b","size":2}]', JSON)
    parsed = ask.parsed("get_array")
    assert [(thing.id, thing.size) for thing in parsed] == [("a", None), ("b", 2)]


def test_an_object_without_a_name_gets_one_of_its_operation(ask: Caller, server: Server) -> None:
    """And so do the objects in it."""
    server.answer = Answer(200, b'{"count":2,"first":{"at":"2026-01-01T00:00:00Z"}}', JSON)
    parsed = ask.parsed("get_inline")
    assert (parsed.count, parsed.first.at) == (2, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_an_object_of_any_properties_is_a_mapping(ask: Caller, server: Server) -> None:
    """At the root, too."""
    server.answer = Answer(200, b'{"a":[1,{"b":null}]}', JSON)
    assert dict(ask.parsed("get_free")) == {"a": [1, {"b": None}]}


def test_a_deprecated_operation_works_and_warns(ask: Caller, server: Server) -> None:
    """At the line that calls it, as Python shows deprecations for the user's own code alone."""
    with pytest.warns(DeprecationWarning, match="getOld is deprecated") as caught:
        ask.detailed("get_old")
    assert server.last.target == "/old"
    assert [warning.filename for warning in caught] == [CALLER_FILE]
