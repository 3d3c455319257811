"""The two operations over a real socket, compared with the spec's schemas and with SQL over the library."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from comfy_cloud.sandbox import Sandbox

UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"


def closed(required: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object that has nothing but these properties."""
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": required.split()}


ASSET = closed(
    "id name size created_at updated_at",
    {
        "id": {"type": "string", "pattern": UUID},
        "name": {"type": "string"},
        "asset_hash": {"type": "string", "pattern": "^blake3:[a-f0-9]{64}$"},
        "size": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "mime_type": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "user_metadata": {"type": "object"},
        "preview_url": {"type": "string", "pattern": r"^http://127\.0\.0\.1:\d+/"},
        "preview_id": {"type": ["string", "null"], "pattern": UUID},
        "prompt_id": {"type": ["string", "null"], "pattern": UUID},
        "created_at": {"type": "string", "pattern": TIME},
        "updated_at": {"type": "string", "pattern": TIME},
        "last_access_time": {"type": "string", "pattern": TIME},
        "is_immutable": {"type": "boolean"},
    },
)
PAGE = {"total": {"type": "integer"}, "has_more": {"type": "boolean"}}
ASSETS = closed("assets total has_more", {**PAGE, "assets": {"type": "array", "items": ASSET}})
TAG = closed("name count", {"name": {"type": "string"}, "count": {"type": "integer"}})
TAGS = closed("tags total has_more", {**PAGE, "tags": {"type": "array", "items": TAG}})
ERROR = closed("code message", {"code": {"type": "string"}, "message": {"type": "string"}})


def all_pages(ask: Any, path: str, **query: Any) -> list[dict[str, Any]]:
    """All bodies of a walk by offset."""
    bodies, offset = [], 0
    while True:
        bodies.append(ask(path, offset=offset, **query))
        offset += len(bodies[-1]["assets"])
        if not bodies[-1]["has_more"]:
            return bodies


def test_every_asset_fits_the_schema_of_the_spec(ask: Any) -> None:
    """No field is missing, malformed or undeclared, and every field the spec has occurs."""
    seen: set[str] = set()
    for body in all_pages(ask, "/api/assets", limit=500):
        Draft202012Validator(ASSETS).validate(body)
        seen.update(name for one in body["assets"] for name in one)
    assert set(ASSET["properties"]) == seen


def test_times_are_aware() -> None:
    """What a time means does not depend on where it is read."""
    with Sandbox.seeded(1) as sandbox:
        (one,) = httpx.get(f"{sandbox.url}/api/assets", headers={"X-API-Key": sandbox.key}).json()["assets"]
    assert all(datetime.fromisoformat(one[name]).utcoffset() is not None for name in ("created_at", "updated_at"))


@pytest.mark.parametrize("sort", ["name", "created_at", "updated_at", "size", "last_access_time"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_walk_finds_every_asset_once_and_in_order(sandbox: Sandbox, ask: Any, sort: str, order: str) -> None:
    """The pages together are the library in the order of (sort key, id), by code points for names."""
    bodies = all_pages(ask, "/api/assets", limit=487, sort=sort, order=order)
    walked = [(one[sort], one["id"]) for body in bodies for one in body["assets"]]
    assert sorted(sandbox.sql(f"SELECT {sort}, id FROM assets"), reverse=order == "desc") == walked
    assert {2000} == {body["total"] for body in bodies}


def test_the_first_page_has_the_defaults_of_the_spec(ask: Any) -> None:
    """Twenty assets, the newest first."""
    explicit = ask("/api/assets", limit=20, offset=0, sort="created_at", order="desc", include_public="true")
    assert explicit == ask("/api/assets")
    assert (20, 2000, True) == (len(explicit["assets"]), explicit["total"], explicit["has_more"])


def test_filters_count_what_sql_counts(sandbox: Sandbox, ask: Any) -> None:
    """The query of the documentation, asked both ways."""
    ((expected,),) = sandbox.sql(
        """SELECT COUNT(*) FROM assets AS a
           WHERE EXISTS (SELECT 1 FROM asset_tags WHERE asset = a.number AND tag = 'output')
             AND NOT EXISTS (SELECT 1 FROM asset_tags WHERE asset = a.number AND tag = 'final')
             AND name LIKE '%portrait%' AND json_extract(user_metadata, '$.seed') = 42""",
    )
    body = ask(
        "/api/assets",
        include_tags="output",
        exclude_tags="final",
        name_contains="Portrait",
        metadata_filter='{"seed": 42}',
    )
    assert expected == body["total"] > 0


def test_public_assets_are_included_unless_they_are_not_wanted(sandbox: Sandbox, ask: Any) -> None:
    """`include_public=false` leaves the account's own."""
    counted = dict(sandbox.sql("SELECT owner, COUNT(*) FROM assets GROUP BY owner"))
    assert counted["account"] == ask("/api/assets", include_public="false")["total"]
    assert counted["account"] + counted["public"] == ask("/api/assets", include_public="true")["total"]


@pytest.mark.parametrize("offset", [2000, 2001, 2**63, "9" * 5000])
def test_past_the_end_is_an_empty_page(ask: Any, offset: Any) -> None:
    """However far, it is a 200 and says that there is no more."""
    assert {"assets": [], "total": 2000, "has_more": False} == ask("/api/assets", offset=offset)


def test_joined_and_repeated_tags_are_the_same_query(ask: Any) -> None:
    """The spec joins by commas; repeated keys are understood as well."""
    joined = ask("/api/assets", include_tags="output,draft")
    assert joined == ask("/api/assets", include_tags=["Output", " draft "])
    assert all({"output", "draft"} <= set(one["tags"]) for one in joined["assets"])


def test_an_unknown_parameter_is_ignored(ask: Any) -> None:
    """It is answered with the unfiltered list, as real servers do."""
    assert ask("/api/assets") == ask("/api/assets", tags="output", after="x")


def test_tags_are_counted_as_sql_counts_them(sandbox: Sandbox, ask: Any) -> None:
    """The most used first, and equal counts by name."""
    body = ask("/api/tags", limit=1000)
    Draft202012Validator(TAGS).validate(body)
    expected = sandbox.sql("SELECT tag, COUNT(*) FROM asset_tags GROUP BY tag ORDER BY COUNT(*) DESC, tag")
    assert expected == [(one["name"], one["count"]) for one in body["tags"]]
    assert (len(expected), False) == (body["total"], body["has_more"])


def test_pages_of_tags_join_up(sandbox: Sandbox, ask: Any) -> None:
    """Two halves are the whole, with unused tags and without public assets."""
    query = {"include_zero": "true", "include_public": "false", "order": "name_asc", "limit": 20}
    first, second = ask("/api/tags", **query), ask("/api/tags", offset=20, **query)
    names = [one["name"] for body in (first, second) for one in body["tags"]]
    assert [name for (name,) in sandbox.sql("SELECT name FROM tags ORDER BY name")] == names
    assert (True, False) == (first["has_more"], second["has_more"])


@pytest.mark.parametrize("key", [None, "", "wrong", "sandbox-key2", "schlüssel"])
@pytest.mark.parametrize("path", ["/api/assets", "/api/tags", "/nowhere"])
def test_without_the_key_nothing_is_answered(sandbox: Sandbox, key: str | None, path: str) -> None:
    """It is a 401 in the shape of the spec, whatever the path."""
    headers = {} if key is None else {"X-API-Key": key.encode()}
    response = httpx.get(sandbox.url + path, headers=headers)
    assert (401, "UNAUTHORIZED") == (response.status_code, response.json()["code"])
    Draft202012Validator(ERROR).validate(response.json())


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/assets?limit=501", 400, "INVALID_QUERY"),
        ("GET", "/api/tags?prefix=", 400, "INVALID_QUERY"),
        ("GET", "/api/assets/00000000-0000-0000-0000-000000000000", 404, "NOT_FOUND"),
        ("GET", "/api/assets/", 404, "NOT_FOUND"),
        ("POST", "/api/assets", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/api/tags", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_every_error_has_the_shape_of_the_spec(
    http: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    """JSON with a code and a sentence, also where the spec does not mention the status."""
    response = http.request(method, path)
    assert (status, code, "application/json") == (
        response.status_code,
        response.json()["code"],
        response.headers["content-type"],
    )
    Draft202012Validator(ERROR).validate(response.json())
    assert ("allow" in response.headers) == (status == 405)


def test_a_bound_is_explained_as_the_real_server_does(http: httpx.Client) -> None:
    """The sentence names the parameter and the bound."""
    expected = {"code": "INVALID_QUERY", "message": "limit: Input should be less than or equal to 500."}
    assert expected == http.get("/api/assets?limit=501").json()
