"""The library, the faults and the log over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox._serving.exchange import Asked
from comfy_cloud.sandbox._site.guard import is_loopback, refusal
from comfy_cloud.sandbox._site.previews import preview_png

KEY = "the-key"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """A small library, not listening."""
    sandbox = Sandbox.seeded(40, key=KEY)
    yield sandbox
    sandbox.close()


@pytest.fixture
def http(box: Sandbox) -> Iterator[httpx.Client]:
    """A client without the key, as curl is."""
    with httpx.Client(transport=box.transport(), base_url="http://127.0.0.1:8188") as client:
        yield client


def ask(http: httpx.Client, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and body of an answer below `/_sandbox/`."""
    response = http.request(method, f"/_sandbox/{path}", json=body)
    return response.status_code, response.json()


@pytest.mark.parametrize("field", ["self", "fields", "asset_id"])
def test_a_field_that_no_asset_has_is_refused_by_its_name(http: httpx.Client, field: str) -> None:
    """Whatever it is called, also what Python calls its own parameters."""
    status, said = ask(http, "POST", "assets", {field: 1})
    assert (400, "BAD_REQUEST", f"{field}: an asset has no such field") == (
        *(status, said["code"]),
        said["message"].partition(";")[0],
    )


@pytest.mark.parametrize(
    ("method", "path", "host"),
    [
        *(("GET", "/", "localhost"), ("POST", "/", "localhost"), ("GET", "/", "elsewhere.example")),
        *(("GET", "/_sandbox/icon.png", "localhost"), ("GET", "/_sandbox/none", "localhost")),
        *(("GET", "/api/none", "localhost"), ("GET", "/api/view", "localhost")),
    ],
)
def test_answers_without_the_library_say_which_change_they_saw_too(
    box: Sandbox, http: httpx.Client, method: str, path: str, host: str
) -> None:
    """Also one that has nothing to do with the library, and a refusal."""
    box.add(name="new")
    assert "1" == http.request(method, path, headers={"Host": host}).headers["X-Sandbox-Sequence"]


def test_an_asset_lives_and_dies_over_http(box: Sandbox, http: httpx.Client) -> None:
    """Each change answers with its number and the asset before and after it, and the API shows it at once."""
    status, added = ask(http, "POST", "assets", {"name": "a.png", "tags": ["B", "c"], "size": 5})
    identity = added["id"]
    assert (201, 1, "add", None, ["b", "c"]) == (
        *(status, added["sequence"], added["kind"], added["before"]),
        added["after"]["tags"],
    )
    _, renamed = ask(http, "POST", f"assets/{identity}/rename", {"name": "b.png"})
    _, retagged = ask(http, "POST", f"assets/{identity}/retag", {"add": ["d"], "remove": ["b"]})
    _, changed = ask(http, "PATCH", f"assets/{identity}", {"size": 6})
    assert ["a.png", "b.png"] == [renamed["before"]["name"], renamed["after"]["name"]]
    assert ["c", "d"] == retagged["after"]["tags"]
    assert (200, changed["after"]) == ask(http, "GET", f"assets/{identity}")
    listed = http.get("/api/assets?name_contains=b.png&include_tags=d", headers={"X-API-Key": KEY}).json()
    assert [(identity, 6)] == [(asset["id"], asset["size"]) for asset in listed["assets"]]
    _, deleted = ask(http, "DELETE", f"assets/{identity}")
    assert (5, None) == (deleted["sequence"], deleted["after"])
    assert 404 == ask(http, "GET", f"assets/{identity}")[0]
    assert "ASSET_NOT_FOUND" == ask(http, "DELETE", f"assets/{identity}")[1]["code"]
    _, history = ask(http, "GET", "changes?since=2")
    assert [retagged, changed, deleted] == history["changes"]
    assert 5 == box.sequence


def test_faults_are_turned_on_and_off_over_http(http: httpx.Client) -> None:
    """By their texts; the sandbox's own pages have no faults themselves."""
    assert (201, {"faults": ["503*1", "html@2"]}) == ask(http, "POST", "faults", {"faults": "503*1; html@2"})
    assert 503 == http.get("/api/tags", headers={"X-API-Key": KEY}).status_code
    assert (200, {"faults": ["503*1", "html@2"]}) == ask(http, "GET", "faults")
    assert (200, {"faults": []}) == ask(http, "DELETE", "faults")
    status, error = ask(http, "POST", "faults", {"faults": "slow"})
    assert (400, "BAD_REQUEST", "Column 1, at 'slow'") == (status, error["code"], error["message"][:19])


def test_the_log_is_read_and_forgotten_over_http(http: httpx.Client) -> None:
    """Only requests of the API are in it, without the key."""
    http.get("/api/tags?limit=1&limit=2", headers={"X-API-Key": KEY})
    http.get("/api/assets")
    _, log = ask(http, "GET", "requests")
    assert [(1, "/api/tags", 400), (2, "/api/assets", 401)] == [
        (one["number"], one["path"], one["status"]) for one in log["requests"]
    ]
    assert KEY not in json.dumps(log)
    assert [2] == [one["number"] for one in ask(http, "GET", "requests?since=1")[1]["requests"]]
    assert (200, {"requests": [], "dropped": 0}) == ask(http, "DELETE", "requests")


def test_the_state_says_what_there_is(box: Sandbox, http: httpx.Client) -> None:
    """One look for a script that waits for something."""
    box.add(name="one more", tags=["a"])
    box.faults.add("latency=1ms")
    _, state = ask(http, "GET", "state")
    tags = box.sql("SELECT COUNT(*) FROM tags")[0][0]
    assert ("http://127.0.0.1:8188", 1, 41, tags, 0) == tuple(
        state[name] for name in ("url", "sequence", "assets", "tags", "requests")
    )
    assert ("cloud", "off", ["latency=1ms"]) == (
        *(state["dialect"]["name"], state["dialect"]["features"]["cursors"]),
        state["faults"],
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "nothing", None, (404, "NOT_FOUND")),
        ("PUT", "state", None, (405, "METHOD_NOT_ALLOWED")),
        ("POST", "assets", [], (400, "BAD_REQUEST")),
        ("POST", "assets", {"nmae": "x"}, (400, "BAD_REQUEST")),
        ("POST", "assets", {"name": 5}, (400, "BAD_REQUEST")),
        ("POST", "assets/x/rename", {}, (400, "BAD_REQUEST")),
        ("POST", "assets/x/rename", {"name": "x"}, (404, "ASSET_NOT_FOUND")),
        ("POST", "assets/x/retag", {"add": "x"}, (400, "BAD_REQUEST")),
        ("POST", "assets/x/retag", {"and": ["x"]}, (400, "BAD_REQUEST")),
        ("POST", "faults", {"faults": 503}, (400, "BAD_REQUEST")),
        ("GET", "changes?since=-1", None, (400, "BAD_REQUEST")),
        ("GET", "preview/x", None, (404, "ASSET_NOT_FOUND")),
    ],
)
def test_what_cannot_be_done_is_an_error_of_the_spec_s_shape(
    http: httpx.Client, method: str, path: str, body: object, expected: tuple[int, str]
) -> None:
    """One sentence, and nothing has changed."""
    status, error = ask(http, method, path, body)
    assert (*expected, ["code", "message"]) == (status, error["code"], sorted(error))
    assert error["message"].endswith(".")
    assert 0 == ask(http, "GET", "state")[1]["sequence"]


def test_a_body_that_is_no_json_is_refused(http: httpx.Client) -> None:
    """Whatever its type says."""
    response = http.post("/_sandbox/assets", content=b"{")
    assert (400, "The body must be JSON.") == (response.status_code, response.json()["message"])


def test_every_answer_says_which_change_it_saw(http: httpx.Client) -> None:
    """As the API's answers do."""
    http.post("/_sandbox/assets", json={"name": "x"})
    seen = {http.get(path).headers["X-Sandbox-Sequence"] for path in ("/_sandbox/state", "/_sandbox/no", "/")}
    assert {"1"} == seen


def test_a_preview_is_there_where_the_api_says(box: Sandbox, http: httpx.Client) -> None:
    """At `preview_url`, for those with the key, whatever the order of its parameters; nothing else is there."""
    identity, path = box.sql("SELECT id, preview_path FROM assets WHERE preview_path IS NOT NULL LIMIT 1")[0]
    query = str(path).partition("?")[2]
    turned = "&".join(reversed(query.split("&")))
    key = {"X-API-Key": KEY}
    answers = [http.get(f"/api/view?{said}", headers=key) for said in (query, turned)]
    assert {(200, "image/png", preview_png(str(path)))} == {
        (one.status_code, one.headers["Content-Type"], one.content) for one in answers
    }
    assert answers[0].content == http.get(f"/_sandbox/preview/{identity}").content
    missing = ("filename=no.png", f"{query}&subfolder=x", "", "filename=..%2F..%2Fetc%2Fpasswd")
    assert {404} == {http.get(f"/api/view?{said}", headers=key).status_code for said in missing}
    assert 401 == http.get(str(path)).status_code


def test_pictures_of_a_folder_are_their_own_previews(tmp_path: Path) -> None:
    """The file itself is served, and only while it is there; a file that is no picture never is."""
    (tmp_path / "output" / "sub").mkdir(parents=True)
    file, text = tmp_path / "output" / "sub" / "a b.webp", tmp_path / "output" / "notes.txt"
    file.write_bytes(b"RIFF....WEBP")
    text.write_bytes(b"secret")
    box = Sandbox.load(tmp_path, key=KEY)
    with httpx.Client(transport=box.transport(), base_url="http://localhost", headers={"X-API-Key": KEY}) as client:
        (asset,) = client.get("/api/assets?name_contains=webp").json()["assets"]
        shown = client.get(asset["preview_url"])
        assert ("image/webp", b"RIFF....WEBP") == (shown.headers["Content-Type"], shown.content)
        assert 404 == client.get("/api/view?type=output&filename=notes.txt").status_code
        file.unlink()
        assert 404 == client.get(asset["preview_url"]).status_code
    box.close()


def asked(method: str = "GET", **headers: str) -> Asked:
    """A request for one of the sandbox's own pages."""
    return Asked(method, "/", headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()))


@pytest.mark.parametrize(
    ("request_", "listens_on", "status"),
    [
        (asked(host="127.0.0.1:8188"), "127.0.0.1", None),
        (asked(host="[::1]:8188"), "::1", None),
        (asked(host="localhost"), "127.0.0.1", None),
        (asked(host="box.localhost:1"), "localhost", None),
        (asked(), "127.0.0.1", None),
        (asked(host="rebound.example:8188"), "127.0.0.1", 403),
        (asked(host="localhost.example"), "127.0.0.1", 403),
        (asked(host="10.0.0.1"), "127.0.0.1", 403),
        (asked(host="rebound.example", x_api_key=KEY), "127.0.0.1", None),
        (asked("POST", host="127.0.0.1:8188"), "127.0.0.1", None),
        (asked("POST", host="127.0.0.1:8188", origin="http://127.0.0.1:8188"), "127.0.0.1", None),
        (asked("POST", host="127.0.0.1:8188", origin="http://127.0.0.1:3000"), "127.0.0.1", 403),
        (asked("POST", host="127.0.0.1:8188", origin="https://evil.example"), "127.0.0.1", 403),
        (asked("POST", host="127.0.0.1:8188", origin="null"), "127.0.0.1", 403),
        (asked("DELETE", host="127.0.0.1:8188", sec_fetch_site="cross-site"), "127.0.0.1", 403),
        (asked("DELETE", host="127.0.0.1:8188", sec_fetch_site="same-origin"), "127.0.0.1", None),
        (asked("DELETE", host="10.0.0.1", origin="https://evil.example", x_api_key=KEY), "0.0.0.0", 403),
        (asked(host="127.0.0.1"), "0.0.0.0", 401),
        (asked(host="127.0.0.1", x_api_key="no"), "0.0.0.0", 401),
        (asked(host="box.example", x_api_key=KEY), "0.0.0.0", None),
        (asked(host="box.example", authorization="Basic OnRoZS1rZXk="), "0.0.0.0", None),
        (asked(host="box.example", authorization="Basic !!"), "0.0.0.0", 401),
        (asked(host="box.example", authorization="Bearer the-key"), "0.0.0.0", 401),
    ],
)
def test_who_may_see_and_change_a_sandbox(request_: Asked, listens_on: str, status: int | None) -> None:
    """On loopback everybody but pages of other sites; beyond it only who has the key."""
    refused = refusal(request_, KEY, listens_on)
    assert status == (None if refused is None else refused.status)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *(("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("LOCALHOST.", True)),
        *(("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.example", False), ("", False)),
    ],
)
def test_what_is_loopback(host: str, *, expected: bool) -> None:
    """Names and addresses that can only be this machine."""
    assert expected == is_loopback(host)


def test_a_refused_request_changes_nothing(box: Sandbox, http: httpx.Client) -> None:
    """And says why in the spec's shape."""
    response = http.post("/_sandbox/assets", json={"name": "x"}, headers={"Origin": "https://evil.example"})
    assert (403, "FOREIGN_ORIGIN", 0) == (response.status_code, response.json()["code"], box.sequence)
