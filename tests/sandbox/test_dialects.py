"""How servers differ: each feature by itself, and the two dialects as a whole."""

import dataclasses
import json
import pickle
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud.sandbox import CLOUD, COMFYUI, Dialect, DialectError, Sandbox
from comfy_cloud.sandbox._api.cursors import CURSOR_SORTS
from comfy_cloud.sandbox._api.dialects import dialect
from comfy_cloud.sandbox._api.service import Service
from tests.sandbox.answers import ask, asset, body, numbers, served

RICH = asset(
    1,
    "é.png",
    asset_hash=f"blake3:{'0' * 64}",
    mime_type="image/png",
    tags=("a",),
    user_metadata={"big": 2**70, "é": None},
    preview_path="/api/view?type=output&filename=x.png",
    prompt_id="00000000-0000-4000-8000-00000000000a",
    last_access_time="2026-01-01T00:00:00.123456Z",
    metadata={"kind": "image"},
    display_name="é",
)
POOR = asset(0, "poor", size=None)


@pytest.fixture
def rich() -> Iterator[Any]:
    """`rich(dialect)` serves an asset that has everything and one that has nothing."""
    opened: list[Service] = []

    def _rich(spoken: Dialect) -> Service:
        opened.append(served(RICH, POOR, asset(2, owner="public"), dialect=spoken, tags=("unused",)))
        return opened[-1]

    yield _rich
    for service in opened:
        service.library.close()


def first(service: Service, **query: Any) -> Any:
    """The rich asset, as it is sent."""
    return body(service, include_tags="a", **query)["assets"][0]


def status(service: Service, **query: Any) -> int:
    """The status of a listing."""
    return ask(service, "/api/assets", **query).status


def test_the_cloud_sends_what_the_spec_declares(rich: Any) -> None:
    """Compact UTF-8, aware times, absolute previews, nulls where they are allowed."""
    answer = ask(rich(CLOUD), "/api/assets", include_tags="a")
    expected = (
        '{"assets":[{"id":"00000000-0000-4000-8000-000000000001","name":"é.png",'
        f'"asset_hash":"blake3:{"0" * 64}","size":0,"mime_type":"image/png","tags":["a"],'
        '"preview_url":"http://sandbox/api/view?type=output&filename=x.png","preview_id":null,'
        '"user_metadata":{"big":1180591620717411303424,"é":null},"is_immutable":false,'
        '"prompt_id":"00000000-0000-4000-8000-00000000000a","created_at":"2026-01-01T00:00:00.000000Z",'
        '"updated_at":"2026-01-01T00:00:00.000000Z","last_access_time":"2026-01-01T00:00:00.123456Z"}],'
        '"total":1,"has_more":false}'
    )
    assert expected == answer.body.decode()


def test_a_local_server_sends_more_and_less(rich: Any) -> None:
    """Spaced ASCII, naive times, relative previews, fields of its own, no nulls."""
    answer = ask(rich(COMFYUI), "/api/assets", key=None, include_tags="a")
    expected = (
        '{"assets": [{"id": "00000000-0000-4000-8000-000000000001", "name": "\\u00e9.png", '
        f'"hash": "blake3:{"0" * 64}", "display_name": "\\u00e9", "asset_hash": "blake3:{"0" * 64}", "size": 0, '
        '"mime_type": "image/png", "tags": ["a"], "preview_url": "/api/view?type=output&filename=x.png", '
        '"user_metadata": {"big": 1180591620717411303424, "\\u00e9": null}, "is_immutable": false, '
        '"metadata": {"kind": "image"}, "job_id": "00000000-0000-4000-8000-00000000000a", '
        '"prompt_id": "00000000-0000-4000-8000-00000000000a", "created_at": "2026-01-01T00:00:00", '
        '"updated_at": "2026-01-01T00:00:00", "last_access_time": "2026-01-01T00:00:00.123456"}], '
        '"total": 1, "has_more": false}'
    )
    assert expected == answer.body.decode()


def test_a_key_is_needed_or_not(rich: Any) -> None:
    """Without it a local server answers, also when a wrong one is sent."""
    for spoken, expected in ((CLOUD, 401), (COMFYUI, 200), (COMFYUI.but(key=True), 401)):
        assert [expected, expected] == [ask(rich(spoken), "/api/assets", key=key).status for key in (None, "wrong")]
    refused = ask(rich(COMFYUI.but(key=True)), "/api/assets", key=None)
    assert {"error": {"code": "UNAUTHORIZED", "message": "No API key: send one in X-API-Key.", "details": {}}} == (
        json.loads(refused.body)
    )


@pytest.mark.parametrize(
    ("query", "cloud", "local"),
    [
        ({"offset": 1 << 63}, 200, 500),
        ({"metadata_filter": '{"a": "\\ud800"}'}, 400, 500),
        ({"include_tags": ",".join(map(str, range(991)))}, 400, 500),
        ({"name_contains": "x" * 8190}, 400, 400),
    ],
)
def test_what_a_local_server_cannot_digest_the_cloud_answers_as_declared(
    rich: Any, query: dict[str, Any], cloud: int, local: int
) -> None:
    """Text on the one side, and on the other a status and a body of the spec."""
    answers = [ask(rich(spoken), "/api/assets", **query) for spoken in (CLOUD, COMFYUI)]
    assert [cloud, local] == [answer.status for answer in answers]
    kinds = [dict(answer.headers)["Content-Type"] for answer in answers]
    assert ["application/json", "text/plain; charset=utf-8"] == kinds
    if cloud == 400:
        assert {"code", "message"} == set(json.loads(answers[0].body))


def test_paths_and_methods_that_do_not_exist_are_refused(rich: Any) -> None:
    """In the words of the dialect; a single asset is only there where the operation exists."""
    for spoken, missing in (
        (CLOUD, b'{"code":"NOT_FOUND","message":"Not Found: GET /x"}'),
        (COMFYUI, b"404: Not Found"),
    ):
        assert (404, missing) == (ask(rich(spoken), "/x").status, ask(rich(spoken), "/x").body)
        refused = ask(rich(spoken), "/api/tags", method="DELETE")
        assert (405, "GET, HEAD") == (refused.status, dict(refused.headers)["Allow"])
    path = f"/api/assets/{RICH.id}"
    assert [404, 200] == [ask(rich(spoken), path).status for spoken in (CLOUD, COMFYUI)]
    assert first(rich(COMFYUI)) == body(rich(COMFYUI), path.upper().replace("/API/ASSETS", "/api/assets"))


def test_times_are_sent_with_less_precision_than_they_are_sorted_by(rich: Any) -> None:
    """Naive ones drop a fraction that is zero."""
    expected = {
        ("seconds", "aware"): ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("milliseconds", "aware"): ("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.123Z"),
        ("milliseconds", "naive"): ("2026-01-01T00:00:00", "2026-01-01T00:00:00.123"),
        ("seconds", "naive"): ("2026-01-01T00:00:00", "2026-01-01T00:00:00"),
    }
    for (precision, times), sent in expected.items():
        one = first(rich(CLOUD.but(precision=precision, times=times)))
        assert sent == (one["created_at"], one["last_access_time"])
    near = [asset(number, last_access_time=f"2026-01-01T00:00:00.00000{9 - number}Z") for number in range(5)]
    service = served(*near, dialect=CLOUD.but(precision="seconds"))
    assert [4, 3, 2, 1, 0] == numbers(service, sort="last_access_time", order="asc")
    service.library.close()


def test_what_an_asset_does_not_have_is_null_or_absent(rich: Any) -> None:
    """Null only where the spec allows it; a size that is not known is always absent."""
    for nulls, expected in (("sent", {"preview_id", "prompt_id"}), ("absent", set())):
        (poor,) = (one for one in body(rich(CLOUD.but(nulls=nulls)))["assets"] if one["name"] == "poor")
        assert expected == {name for name, value in poor.items() if value is None}
        assert "size" not in poor


def test_public_assets_are_left_out_only_where_that_is_understood(rich: Any) -> None:
    """A parameter that is not known is ignored, whatever it says."""
    assert [2, 3] == [body(rich(spoken), include_public="false")["total"] for spoken in (CLOUD, COMFYUI)]
    assert [400, 200] == [status(rich(spoken), include_public="perhaps") for spoken in (CLOUD, COMFYUI)]


def test_unused_tags_are_listed_by_default_or_not(rich: Any) -> None:
    """The default is the dialect's; said aloud, it is the same everywhere."""
    for spoken, expected in ((CLOUD, 1), (COMFYUI, 2), (COMFYUI.but(include_zero=False), 1)):
        service = rich(spoken)
        totals = [body(service, "/api/tags", **query)["total"] for query in ({}, {"include_zero": "true"})]
        assert [expected, 2] == totals


def test_a_metadata_filter_can_be_ignored_or_refused(rich: Any) -> None:
    """Twice is ignored, unless it is refused; a newer server refuses it at all."""
    twice = {"metadata_filter": ['{"no": 1}', '{"no": 1}']}
    assert [3, 3] == [body(rich(spoken), **twice)["total"] for spoken in (CLOUD, COMFYUI)]
    assert 400 == status(rich(CLOUD.but(repeated_metadata_filter="refused")), **twice)
    for spoken in (CLOUD, COMFYUI):
        answer = ask(rich(spoken.but(metadata_filter="refused")), "/api/assets", metadata_filter="{}")
        said = json.loads(answer.body)
        assert (400, "UNSUPPORTED_PARAM") == (answer.status, said.get("error", said)["code"])
    assert [400, 200] == [status(rich(spoken), metadata_filter=" ") for spoken in (CLOUD, COMFYUI)]


def test_repeated_tags_can_be_refused(rich: Any) -> None:
    """As by a server that is strict about the spec's form."""
    repeated = {"include_tags": ["a", "A"]}
    assert [200, 400] == [status(rich(spoken), **repeated) for spoken in (CLOUD, CLOUD.but(repeated_tags="refused"))]
    assert 200 == status(rich(CLOUD.but(repeated_tags="refused")), include_tags="a,b")


def test_the_case_of_tags_is_folded_or_kept() -> None:
    """In filters, in prefixes, and of what is added."""
    for spoken, expected in ((CLOUD, ["a", "b"]), (CLOUD.but(tag_case="kept"), ["A", "b"])):
        with Sandbox.seeded(0, dialect=spoken) as box:
            box.add(tags=[" A ", "b"])
            tags = body(box.service, "/api/tags", order="name_asc")["tags"]
            assert expected == [one["name"] for one in tags]
            found = {text: body(box.service, include_tags=text)["total"] for text in ("A", "a", "B")}
            assert {"A": 1, "a": int(expected[0] == "a"), "B": int(expected[0] == "a")} == found
            assert 1 == body(box.service, "/api/tags", prefix="A")["total"]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("ties", ["same", "reversed", "none"])
def test_ties_are_broken_as_the_dialect_says(ties: Any, order: str) -> None:
    """With the sort, against it, or in an order that is no order of ids; always the same at each request."""
    ids = ["00000003-0000-4000-8000-000000000001", "00000002-0000-4000-8000-000000000003"]
    ids.append("00000001-0000-4000-8000-000000000002")
    service = served(*(asset()._replace(id=one) for one in ids), dialect=CLOUD.but(ties=ties))
    by_id, by_end = sorted(ids), [ids[0], ids[2], ids[1]]
    expected = by_end if ties == "none" else by_id if (ties == "same") == (order == "asc") else by_id[::-1]
    assert expected == [one["id"] for one in body(service, order=order)["assets"]]
    service.library.close()


@pytest.mark.parametrize("ties", ["same", "reversed", "none"])
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", CURSOR_SORTS)
def test_a_walk_by_cursor_is_the_listing(sort: str, order: str, ties: Any) -> None:
    """Page after page joins up, each page but the last has a cursor, and the offset plays no part."""
    box = Sandbox.seeded(150, dialect=COMFYUI.but(ties=ties))
    walked: list[str] = []
    query: dict[str, Any] = {"sort": sort, "order": order, "limit": 20}
    page = body(box.service, **query)
    while "next_cursor" in page:
        assert (150, True) == (page["total"], page["has_more"])
        walked += [one["id"] for one in page["assets"]]
        page = body(box.service, **query, after=page["next_cursor"], offset=7)
    walked += [one["id"] for one in page["assets"]]
    assert not page["has_more"]
    assert walked == box.matching(sort=sort, order=order)
    box.close()


def test_a_cursor_survives_what_happens_around_it() -> None:
    """Sorted by `created_at`: what is added before it or deleted, even the asset it was made of, moves nothing."""
    box = Sandbox.seeded(100, dialect=COMFYUI)
    page = body(box.service, limit=50)
    expected = box.matching()[50:]
    for one in page["assets"][::2] + page["assets"][-1:]:
        if one["id"] in {asset.id for asset in box.assets()}:
            box.delete(one["id"])
    box.add(name="newer")
    assert expected == [one["id"] for one in body(box.service, limit=500, after=page["next_cursor"])["assets"]]
    box.close()


def test_there_is_no_cursor_where_there_is_none() -> None:
    """Not for `last_access_time`, not behind an asset without a size, not where cursors are off."""
    service = served(*(asset(number, size=None) for number in range(3)), dialect=COMFYUI)
    for query in ({"sort": "last_access_time"}, {"sort": "size"}):
        page = body(service, limit=2, **query)
        assert (True, False) == (page["has_more"], "next_cursor" in page)
    service.library.close()
    older = served(asset(0), asset(1), dialect=COMFYUI.but(cursors=False))
    page = body(older, limit=1, after="garbage")
    assert (True, False) == (page["has_more"], "next_cursor" in page)
    older.library.close()


def test_cursors_of_other_listings_and_nonsense_are_refused() -> None:
    """The empty one included; the code is the same for all."""
    box = Sandbox.seeded(30, dialect=COMFYUI)
    cursor = body(box.service, sort="name")["next_cursor"]
    nonsense = [
        "",
        "garbage",
        "é",
        "e30",
        "W10",
        "bnVsbA",
        "eyJzIjoibmFtZSIsInYiOiJcdWQ4MDAiLCJpZCI6IngifQ",
        "A" * 8000,
    ]
    queries: list[dict[str, Any]] = [{"after": text, "sort": "name"} for text in nonsense]
    queries += [{"after": cursor, "sort": sort} for sort in ("created_at", "updated_at", "size", "last_access_time")]
    queries += [{"after": cursor, "sort": "name", "order": "asc"}]
    for query in queries:
        answer = ask(box.service, "/api/assets", **query)
        assert (400, "INVALID_CURSOR") == (answer.status, json.loads(answer.body)["error"]["code"]), query
    assert 200 == ask(box.service, "/api/assets", after=cursor, sort="name").status
    box.close()


@pytest.fixture(scope="module")
def empty() -> Iterator[Service]:
    """A local server without assets."""
    service = served(dialect=COMFYUI)
    yield service
    service.library.close()


@given(text=st.text() | st.binary().map(lambda raw: raw.hex()) | st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_no_cursor_is_a_failure(empty: Service, text: str) -> None:
    """Whatever comes as `after` is either a place or a 400."""
    assert ask(empty, "/api/assets", after=text).status in {200, 400}


def test_every_feature_has_a_text_that_reads_back() -> None:
    """So a command line can say all that Python can."""
    hints = {name: hint for name, hint in get_type_hints(Dialect).items() if name != "name"}
    for name, hint in hints.items():
        for value in (False, True) if hint is bool else get_args(hint):
            spoken = COMFYUI.but(**{name: value})
            assert value == getattr(spoken, name)
            assert spoken == dialect("comfyui", [f"{key}={text}" for key, text in spoken.features().items()])
    assert set(hints) == set(CLOUD.features())


def test_the_two_dialects_differ_in_what_is_documented() -> None:
    """A dialect is a value: frozen, equal to its like, and it survives a pickle."""
    other = {name: getattr(COMFYUI, name) for name in COMFYUI.features()}
    assert COMFYUI == CLOUD.but(name="comfyui", **other) == pickle.loads(pickle.dumps(COMFYUI))
    with pytest.raises(dataclasses.FrozenInstanceError):
        CLOUD.key = False  # type: ignore[misc]


@pytest.mark.parametrize(
    ("named", "features", "message"),
    [
        ("local", [], "There is no dialect 'local': choose one of cloud, comfyui."),
        ("cloud", ["cursors"], "A feature is written name=value, such as cursors=off, not 'cursors'."),
        ("cloud", ["cursors=perhaps"], "The feature cursors is on or off, not 'perhaps'."),
        ("cloud", ["ties=odd"], "The feature ties is one of same, reversed, none, not 'odd'."),
        ("cloud", ["colour=red"], "A dialect has no feature 'colour': choose one of key, errors,"),
    ],
)
def test_what_a_dialect_does_not_have_is_refused_in_one_sentence(named: str, features: list[str], message: str) -> None:
    """With what there is instead."""
    with pytest.raises(DialectError) as caught:
        dialect(named, features)
    assert message == str(caught.value)[: len(message)]


def test_every_answer_says_which_change_it_saw() -> None:
    """In a header of its own, also when it is an error."""
    with Sandbox.seeded(3) as box:
        box.add(name="one")
        for path in ("/api/assets", "/api/tags", "/nowhere", "/api/assets?limit=0"):
            answer = ask(box.service, path.partition("?")[0], **({"limit": 0} if "?" in path else {}))
            assert ("1", 1) == (dict(answer.headers)["X-Sandbox-Sequence"], answer.sequence)
        assert "1" == dict(ask(box.service, "/api/tags", key=None).headers)["X-Sandbox-Sequence"]
