"""The overlay, the document and the page are what the schemas of the overlay's own words say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from comfy_cloud.conformance import folder
from comfy_cloud.retries import RetryPolicy
from pipeline.document import read_document
from pipeline.overlay import overlaid, read_overlay

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "vocabulary.md").read_text(encoding="utf-8")
OVERLAY = read_overlay(ROOT / "openapi" / "overlay.yaml")
VENDORED = read_document(ROOT / "openapi" / "openapi-cloud.yaml")
DOCUMENT = overlaid(VENDORED, OVERLAY["actions"])
WORDS = ["x-pagination", "x-retry", "x-idempotent", "x-unpublished", "x-relaxed"]
PAGING = {"items": "assets", "offset": "offset"}
RETRYING = {"transient_statuses": [503]}


@cache
def schema(word: str) -> dict[str, Any]:
    """The schema of an extension."""
    found: dict[str, Any] = json.loads((folder() / "vocabulary" / f"{word}.json").read_text(encoding="utf-8"))
    return found


def fits(word: str, value: object) -> bool:
    """Whether a value is as the schema of its extension says."""
    return Draft202012Validator(schema(word)).is_valid(value)


def extensions(node: Any, where: str = "") -> Iterator[tuple[str, str, Any]]:
    """All extensions of a document: where, which, and what."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if str(key).startswith("x-"):
            yield where, key, child
        yield from extensions(child, f"{where}/{key}")


def example(word: str) -> Any:
    """How the document uses an extension; the longest, where it does several times."""
    return max((value for _, key, value in extensions(DOCUMENT) if key == word), key=lambda value: len(str(value)))


@pytest.mark.parametrize("word", WORDS)
def test_a_schema_is_one_and_explains_itself(word: str) -> None:
    """Of draft 2020-12, under the name of its file, with words for itself and each field."""
    Draft202012Validator.check_schema(schema(word))
    assert (f"{word}.json", word) == (schema(word)["$id"], schema(word)["title"])
    fields = schema(word).get("properties", {}).values()
    assert all(part["description"].endswith(".") for part in [schema(word), *fields])


def test_the_document_uses_its_words_as_their_schemas_say() -> None:
    """With the overlay applied; every extension has a schema, and each schema is used."""
    found = list(extensions(DOCUMENT))
    assert [] == [(where, word) for where, word, value in found if word not in WORDS or not fits(word, value)]
    assert set(WORDS) == {word for _, word, _ in found}


def test_the_overlay_uses_its_words_as_their_schemas_say() -> None:
    """Each action by itself, before anything is merged; the two marks are not written by hand."""
    found = [item for action in OVERLAY["actions"] for item in extensions(action.get("update"))]
    assert [] == [(where, word) for where, word, value in found if not fits(word, value)]
    assert {"x-pagination", "x-retry", "x-idempotent"} == {word for _, word, _ in found}


def test_the_published_document_has_no_words_of_ours() -> None:
    """A later one that had would have to be told from the overlay's."""
    assert [] == [word for _, word, _ in extensions(VENDORED) if word in WORDS]


@pytest.mark.parametrize("word", WORDS)
def test_extensions_stand_where_they_are_said_to(word: str) -> None:
    """At operations, at the root, or at object schemas."""
    places = {"x-pagination": "/paths//api/", "x-idempotent": "/paths//api/", "x-retry": ""}
    wheres = [where for where, key, _ in extensions(DOCUMENT) if key == word]
    assert all(where.startswith(places.get(word, "/components/schemas/")) for where in wheres)
    assert word != "x-retry" or [""] == wheres


def test_statuses_with_conditions_are_transient_ones() -> None:
    """What a schema cannot say: two of the lists choose from the first."""
    retry = DOCUMENT["x-retry"]
    assert set(retry["retry_after_statuses"]) <= set(retry["transient_statuses"])
    assert set(retry["unprocessed_statuses"]) <= set(retry["transient_statuses"])
    assert set() == set(retry["transient_codes"]) & set(retry["permanent_codes"])


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("x-pagination", {"items": "assets"}),
        ("x-pagination", {"offset": "offset"}),
        ("x-pagination", {**PAGING, "page": "page"}),
        ("x-pagination", {**PAGING, "limit": ""}),
        ("x-pagination", {**PAGING, "total": 3}),
        ("x-pagination", {**PAGING, "cursor": "after"}),
        ("x-pagination", {**PAGING, "next_cursor": "next_cursor"}),
        ("x-retry", {}),
        ("x-retry", {"transient_statuses": [200]}),
        ("x-retry", {"transient_statuses": ["503"]}),
        ("x-retry", {"transient_statuses": ["5XX"]}),
        ("x-retry", {"transient_statuses": [503, 503]}),
        ("x-retry", {**RETRYING, "permanent_codes": [""]}),
        ("x-retry", {**RETRYING, "subscription_words": ["Inactive"]}),
        ("x-retry", {**RETRYING, "attempts": 6}),
        ("x-idempotent", "yes"),
        ("x-idempotent", None),
        ("x-unpublished", []),
        ("x-relaxed", "size"),
        ("x-relaxed", ["size", "size"]),
    ],
)
def test_a_schema_refuses_what_it_does_not_say(word: str, value: object) -> None:
    """Were it to take anything, the tests above could not fail."""
    assert fits("x-pagination", PAGING)
    assert fits("x-retry", RETRYING)
    assert not fits(word, value)


def rows(word: str) -> list[str]:
    """The rows of an extension's table, as the schema and the document have them."""
    fields = schema(word).get("properties")
    if fields is None:
        return [row(word, schema(word), example(word))]
    return [row(name, {**resolved(word, field), **field}, example(word)[name]) for name, field in fields.items()]


def resolved(word: str, field: dict[str, Any]) -> dict[str, Any]:
    """What the schema of a field refers to."""
    found: dict[str, Any] = schema(word)["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else {}
    return found


def row(name: str, field: dict[str, Any], shown: object) -> str:
    """A row: field, type, meaning, what it means where it is left away, and an example."""
    kind = f"array of {field['items']['type']}s" if field["type"] == "array" else field["type"]
    return f"| `{name}` | {kind} | {field['description']} | {left_away(name, field)} | `{json.dumps(shown)}` |"


def left_away(name: str, field: dict[str, Any]) -> str:
    """What it means that a field, or an extension, is not there."""
    if name in schema("x-pagination")["required"] + schema("x-retry")["required"]:
        return "not allowed"
    if "default" in field:
        return f"`{json.dumps(field['default'])}`"
    return {"x-idempotent": "the method says", "x-unpublished": "none", "x-relaxed": "none"}.get(name, "there is none")


@pytest.mark.parametrize("word", WORDS)
def test_the_page_tells_every_field_as_its_schema_does(word: str) -> None:
    """Type, meaning, default, and an example from the overlay."""
    assert [] == [line for line in rows(word) if line not in PAGE.splitlines()]


@pytest.mark.parametrize("word", ["x-pagination", "x-retry", "x-idempotent"])
def test_the_page_s_example_is_the_overlay_s(word: str) -> None:
    """As a whole, in YAML."""
    blocks = [YAML(typ="safe").load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
    assert {word: example(word)} in blocks


def test_the_page_maps_every_field() -> None:
    """To each of three vocabularies, if only to say that there is nothing."""
    mapped = re.findall(
        r"^\| `([\w-]+)` \| .+ \| .+ \| .+ \|$", PAGE.split("## In other vocabularies")[1], re.MULTILINE
    )
    fields = [field for word in WORDS[:2] for field in [word, *schema(word)["properties"]]]
    assert [*fields, "x-idempotent"] == mapped


def test_the_page_s_mappings_name_what_exists() -> None:
    """Parameters of listAssets, properties of its answer, and the overlay's own statuses."""
    operation = DOCUMENT["paths"]["/api/assets"]["get"]
    parameters = {parameter["name"] for parameter in operation["parameters"]}
    properties = set(DOCUMENT["components"]["schemas"]["ListAssetsResponse"]["properties"])
    assert set() < set(re.findall(r"\$request\.(\w+)", PAGE)) <= parameters
    assert set() < set(re.findall(r"name: (\w+), in: parameters", PAGE)) <= parameters
    assert set() < set(re.findall(r"\$(?:response)?\.(\w+)", PAGE)) <= properties
    codes = re.search(r"statusCodes: (\[.*\])", PAGE)
    assert codes
    assert DOCUMENT["x-retry"]["transient_statuses"] == [int(code) for code in json.loads(codes[1])]


def test_the_page_s_policy_is_this_library_s() -> None:
    """In milliseconds, for a vocabulary that keeps the policy in the document."""
    policy = RetryPolicy()
    (told,) = re.findall(r"initialInterval: (\d+), maxInterval: (\d+), maxElapsedTime: (\d+), exponent: 2\}", PAGE)
    assert policy.deadline_s is not None
    expected = (policy.base_wait_s, policy.max_wait_s, policy.deadline_s)
    assert [1000 * seconds for seconds in expected] == list(map(float, told))
    assert policy.longest_wait_s(2) == 2 * policy.longest_wait_s(1)
    assert "500, 20000, 120000 and 2" in PAGE
