"""What a client sees of each fault, over a real socket and in process alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox import faults as f
from tests.sandbox.ways import WAYS, Get, way_in

BOMB = f.gzip_bomb(100_000)
ASSETS = "/api/assets?limit=30&sort=name&order=asc"


@pytest.fixture(scope="module")
def broken() -> Iterator[Sandbox]:
    """A sandbox with cursors, started; each test turns its faults on for itself."""
    with Sandbox.seeded(80, dialect="comfyui", key="k") as sandbox:
        yield sandbox


@pytest.fixture(params=WAYS)
def get(broken: Sandbox, request: pytest.FixtureRequest) -> Iterator[Get]:
    """Each way in."""
    with way_in(broken, request.param) as way:
        yield way


def seen(get: Get, target: str = ASSETS, **options: Any) -> tuple[int, str, Any]:
    """Status, media type and body, decoded where it is JSON."""
    response = get(target, **options)
    kind = response.headers.get("content-type", "")
    return response.status_code, kind, response.json() if kind.startswith("application/json") else response.text


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (f.reset(), httpx.ReadError, "reset by peer"),
        (f.reset(0), httpx.ReadError, "reset by peer"),
        (f.reset(5000), httpx.ReadError, "reset by peer"),
        (f.hang_up(), httpx.RemoteProtocolError, "^Server disconnected without sending a response.$"),
        (f.truncate(0), httpx.RemoteProtocolError, r"body \(received 0 bytes, expected "),
        (f.truncate(100), httpx.RemoteProtocolError, r"body \(received 100 bytes, expected "),
        (f.truncate(), httpx.RemoteProtocolError, "peer closed connection without sending complete message body"),
        (f.corrupt_gzip(), httpx.DecodingError, "invalid block type"),
    ],
    ids=str,
)
def test_a_connection_that_breaks_is_the_error_that_httpx_has_for_it(
    broken: Sandbox, get: Get, fault: f.Fault, error: type[Exception], message: str
) -> None:
    """The same class with the same words, whichever way in; the next request is answered."""
    with broken.faults.add(fault) as added, pytest.raises(error, match=message):
        get(ASSETS)
    assert 1 == added.fired
    assert 200 == get(ASSETS).status_code


@pytest.mark.parametrize("fault", [f.stall(), f.stall(0), f.stall(100), f.wrong_length(5), f.latency(3600)], ids=str)
def test_silence_ends_with_the_client_s_read_timeout(broken: Sandbox, get: Get, fault: f.Fault) -> None:
    """Before the answer and in the middle of it."""
    with broken.faults.add(fault), pytest.raises(httpx.ReadTimeout):
        get(ASSETS, timeout=0.15)


@pytest.mark.parametrize(
    ("shape", "kind", "body"),
    [
        ("spec", "application/json", {"code": "A", "message": "B"}),
        ("nested", "application/json", {"error": {"code": "A", "message": "B", "details": {}}}),
        ("flat", "application/json", {"error_code": "A", "message": "B", "details": {}}),
        ("bare", "application/json", {"error": "B"}),
        ("text", "text/plain; charset=utf-8", "520 B"),
        ("empty", "", ""),
    ],
)
def test_every_shape_of_an_error_can_be_had(broken: Sandbox, get: Get, shape: Any, kind: str, body: Any) -> None:
    """With any status, also one that no registry knows."""
    with broken.faults.add(f.status(520, shape=shape, code="A", message="B")):
        assert (520, kind, body) == seen(get)


def test_a_status_has_the_headers_that_are_wanted(broken: Sandbox, get: Get) -> None:
    """Retry-After in seconds or as a date, a body of one's own, and the number of the change it saw."""
    with broken.faults.add(f.status(429, retry_after=1.5, headers={"X-A": "b", "content-type": "x/y"}, body="é")):
        response = get(ASSETS)
    wanted = {name: response.headers[name] for name in ("retry-after", "x-a", "content-type", "content-length")}
    assert {"retry-after": "1.5", "x-a": "b", "content-type": "x/y", "content-length": "2"} == wanted
    assert ("é".encode(), str(broken.sequence)) == (response.content, response.headers["x-sandbox-sequence"])


def test_a_status_without_a_body_has_none(broken: Sandbox, get: Get) -> None:
    """204 and 304 carry no body in HTTP, whatever is asked for."""
    for status in (204, 304):
        with broken.faults.add(f.status(status, body="x")):
            assert (status, b"") == (get(ASSETS).status_code, get(ASSETS).content)


def test_a_page_of_a_proxy_is_html(broken: Sandbox, get: Get) -> None:
    """With a status that says so, or as a login wall with 200."""
    with broken.faults.add("502(shape=html)*1; html"):
        answers = [seen(get) for _ in range(2)]
    assert [(502, True), (200, True)] == [(status, text.startswith("<")) for status, _, text in answers]


def test_a_redirect_says_where(broken: Sandbox, get: Get) -> None:
    """To a URL, or in a loop to what was asked for."""
    with broken.faults.add(f.redirect("https://a.example/x?y=1", status=307).times(1), f.redirect()):
        answers = [get(ASSETS) for _ in range(2)]
    expected = [(307, "https://a.example/x?y=1"), (302, ASSETS)]
    assert expected == [(one.status_code, one.headers["location"]) for one in answers]


def test_a_redirect_to_itself_never_ends(broken: Sandbox) -> None:
    """A client that follows redirects gives up."""
    with broken.faults.add("redirect"), httpx.Client(transport=broken.transport(), follow_redirects=True) as client:
        with pytest.raises(httpx.TooManyRedirects):
            client.get("http://sandbox.test" + ASSETS)


def test_a_length_that_is_too_small_cuts_the_body(broken: Sandbox, get: Get) -> None:
    """The client sees a body that is complete, but shorter."""
    whole = get(ASSETS).content
    with broken.faults.add(f.wrong_length(-7).times(1)):
        assert whole[:-7] == get(ASSETS).content


@pytest.mark.parametrize("fault", [f.drip(700, every=0.001), BOMB, f.latency(0.01, jitter=0.01)], ids=str)
def test_what_is_slow_or_large_still_arrives(broken: Sandbox, get: Get, fault: f.Fault) -> None:
    """The body is the right one in the end."""
    expected = get(ASSETS).json()
    with broken.faults.add(fault):
        response = get(ASSETS)
    assert expected == response.json()
    if fault == BOMB:
        assert len(response.content) > 100_000 > broken.requests[-1].bytes * 10


def test_broken_json_is_complete_for_http(broken: Sandbox, get: Get) -> None:
    """Only reading it fails."""
    with broken.faults.add("broken_json"):
        response = get(ASSETS)
    with pytest.raises(json.JSONDecodeError):
        response.json()


def edited(broken: Sandbox, get: Get, fault: str, target: str = ASSETS) -> tuple[Any, Any]:
    """The body of an answer without a fault, and with it."""
    right = get(target).json()
    with broken.faults.add(fault):
        return right, get(target).json()


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("has_more", {"has_more": False}),
        ("has_more=true", {"has_more": True}),
        ("total=0", {"total": 0}),
        ("total(by=-3)", {"total": 77}),
        ("total(by=-300)", {"total": 0}),
        ("empty_page", {"assets": []}),
        ("null=total", {"total": None}),
        ("malformed=assets", {"assets": {}}),
        ("malformed=has_more", {"has_more": "perhaps"}),
    ],
)
def test_a_page_lies_about_itself(broken: Sandbox, get: Get, fault: str, change: dict[str, Any]) -> None:
    """In one field; the others tell the truth."""
    right, wrong = edited(broken, get, fault)
    assert {**right, **change} == wrong


def test_a_field_of_the_page_or_of_its_items_can_be_missing(broken: Sandbox, get: Get) -> None:
    """Of the page when the page has it, else of all items or of one."""
    right, wrong = edited(broken, get, "missing=total; missing=name; missing=id(item=1)")
    del right["total"]
    for item in right["assets"]:
        del item["name"]
    del right["assets"][1]["id"]
    assert right == wrong


@pytest.mark.parametrize(
    ("field", "value"),
    [("created_at", "yesterday"), ("size", "many"), ("name", 12345), ("tags", {}), ("user_metadata", []), ("new", [])],
)
def test_a_malformed_field_has_another_type(broken: Sandbox, get: Get, field: str, value: Any) -> None:
    """A time is a text that is none."""
    _, wrong = edited(broken, get, f"malformed={field}(item=0)", "/api/assets?limit=80&sort=created_at")
    _, empty = edited(broken, get, f"null={field}(item=0)")
    assert (value, None) == (wrong["assets"][0][field], empty["assets"][0][field])


def test_unknown_fields_are_in_the_page_and_in_its_items(broken: Sandbox, get: Get) -> None:
    """What is known stays as it is."""
    right, wrong = edited(broken, get, "unknown_fields")
    for one in (wrong, *wrong["assets"]):
        assert "a field of a newer server" == one.pop("x_new")
        del one["x_flags"]
    assert right == wrong


def test_items_of_tags_can_be_spoiled_too(broken: Sandbox, get: Get) -> None:
    """The same words work for both listings."""
    right, wrong = edited(broken, get, "null=count", "/api/tags")
    assert {None} == {one.pop("count") for one in wrong["tags"]}
    assert [one["name"] for one in right["tags"]] == [one["name"] for one in wrong["tags"]]


def test_an_error_has_no_fields_to_spoil(broken: Sandbox, get: Get) -> None:
    """It goes out as it is."""
    right, wrong = edited(broken, get, "null=total; has_more; empty_page", "/api/assets?limit=501")
    assert right == wrong


def test_a_cursor_that_repeats_leads_back_to_its_own_page(broken: Sandbox, get: Get) -> None:
    """The first page is right, the second says to ask for it again."""
    cursor = get(ASSETS).json()["next_cursor"]
    with broken.faults.add("repeat_cursor"):
        assert cursor == get(ASSETS).json()["next_cursor"]
        assert cursor == get(f"{ASSETS}&after={cursor}").json()["next_cursor"]


def test_a_page_can_come_twice(broken: Sandbox, get: Get) -> None:
    """Whatever is asked for, the answer is the one before."""
    first = get(ASSETS).content
    with broken.faults.add("repeat_page"):
        assert first == get(f"{ASSETS}&offset=30").content


def test_a_filter_can_be_ignored(broken: Sandbox, get: Get) -> None:
    """The unfiltered list comes with 200, as from a server that does not know the parameter."""
    with broken.faults.add("ignore=include_tags"):
        assert get(ASSETS).content == get(f"{ASSETS}&include_tags=nosuch").content


@pytest.mark.parametrize(("how", "by"), [("add", 2), ("delete", -2), ("rename", 0), ("retag", 0)])
@pytest.mark.parametrize("at", ["newest", "oldest", "random"])
def test_the_library_changes_between_pages(how: Any, by: int, at: Any) -> None:
    """By as many numbered changes, all of which the answer has seen."""
    sandbox = Sandbox.seeded(30)
    try:
        sandbox.faults.add(f.mutate(how, count=2, at=at).nth(2))
        with way_in(sandbox, "in process") as get:
            answers = [get(ASSETS) for _ in range(3)]
        assert ["0", "2", "2"] == [one.headers["x-sandbox-sequence"] for one in answers]
        assert [30, 30 + by, 30 + by] == [one.json()["total"] for one in answers]
        assert [how, how] == [one.kind for one in sandbox.changes()]
    finally:
        sandbox.close()


def test_an_empty_library_has_nothing_to_change() -> None:
    """Deleting more than there is empties it and goes on."""
    sandbox = Sandbox.seeded(3)
    try:
        sandbox.faults.add("mutate=delete(count=9); mutate=rename; mutate=retag(at=random)")
        with way_in(sandbox, "in process") as get:
            public = len(sandbox.sql("SELECT 1 FROM assets WHERE owner = 'public'"))
            assert public == get(ASSETS).json()["total"]
    finally:
        sandbox.close()


def test_a_function_can_change_the_library_between_pages(broken: Sandbox, get: Get) -> None:
    """It gets the sandbox, before the answer is made."""
    seen_by: list[Sandbox] = []
    with broken.faults.add(f.call(seen_by.append)):
        get(ASSETS)
    assert [broken] == seen_by


def test_a_failing_function_is_a_500_and_in_the_log(
    broken: Sandbox, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    """The client sees that it is the sandbox's fault, the traceback is in the log of the program."""
    with broken.faults.add(f.call(lambda _: 1 // 0)):
        assert (500, "INTERNAL_ERROR") == (get(ASSETS).status_code, get(ASSETS).json()["code"])
    assert {"comfy_cloud.sandbox"} == {record.name for record in caplog.records}
    assert "ZeroDivisionError" in caplog.text


def test_several_faults_of_one_request_add_up(broken: Sandbox, get: Get) -> None:
    """In the order they were added: here a body that lies, compressed, and cut off."""
    with broken.faults.add("503(body=x)", "gzip_bomb=1000", "truncate=10"):
        with pytest.raises(httpx.RemoteProtocolError, match="received 10 bytes"):
            get(ASSETS)
    assert ("503(body=x)", "gzip_bomb=1000", "truncate=10") == broken.requests[-1].faults


def test_head_has_no_body(broken: Sandbox) -> None:
    """Whatever is done to the body; what breaks the connection still does."""
    with httpx.Client(base_url=broken.url, trust_env=False) as client:
        for fault in ("drip=10(every=1ms)", "has_more", "wrong_length=-5"):
            with broken.faults.add(fault):
                assert (200, b"") == (client.head(ASSETS).status_code, client.head(ASSETS).content)
        with broken.faults.add("hang_up"), pytest.raises(httpx.RemoteProtocolError):
            client.head(ASSETS)
