"""The vectors are what their schemas say, and rest on sentences that stand where they say."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from comfy_cloud.conformance import folder, load, rules
from tests.conformance.sources import stands

FAMILIES = ["requests", "responses", "filters", "pagination", "retries", "redirects", "keys"]
FEWEST = 200


def read(name: str) -> Any:
    """A JSON file of the vectors."""
    return json.loads((folder() / name).read_text(encoding="utf-8"))


@cache
def schemas() -> dict[str, Any]:
    """The schemas, by the names of their files."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (folder() / "schemas").glob("*.json")}


@cache
def validator(name: str) -> Draft202012Validator:
    """What judges by a schema, which may refer to the others."""
    found = [(name, Resource.from_contents(schema)) for name, schema in schemas().items()]
    registry: Registry[Any] = Registry().with_resources(found)
    return Draft202012Validator(schemas()[name], registry=registry)


@pytest.mark.parametrize("name", [*FAMILIES, "common", "rules", "task", "answer"])
def test_a_schema_is_one(name: str) -> None:
    """Of draft 2020-12, under the name of its file."""
    schema = schemas()[f"{name}.json"]
    Draft202012Validator.check_schema(schema)
    assert ("https://json-schema.org/draft/2020-12/schema", f"{name}.json") == (schema["$schema"], schema["$id"])


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_as_its_schema_says(name: str) -> None:
    """Every case of it, and each names its schema."""
    vectors = read(f"vectors/{name}.json")
    assert [] == list(validator(f"{name}.json").iter_errors(vectors))
    assert f"../schemas/{name}.json" == vectors["$schema"]
    assert (folder() / "vectors" / vectors["$schema"]).is_file()


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("part", ["input", "expect", "source", "id"])
def test_a_schema_refuses_what_it_does_not_say(name: str, part: str) -> None:
    """Were it to take anything, the test above could not fail."""
    vectors = read(f"vectors/{name}.json")
    del vectors["cases"][1:]
    assert [] == list(validator(f"{name}.json").iter_errors(vectors))
    vectors["cases"][0][part] = {"source": [], "id": "elsewhere/x"}.get(part, {"unheard-of": 1})
    assert [] != list(validator(f"{name}.json").iter_errors(vectors))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("part", ["input", "expect"])
def test_a_schema_names_nothing_that_no_case_has(name: str, part: str) -> None:
    """Whoever writes a runner from it would provide for what never comes."""
    schema = schemas()[f"{name}.json"]["properties"]["cases"]["items"]["properties"][part]
    named = {key for one in (schema, *schema.get("oneOf", ())) for key in one.get("properties", ())}
    assert named == {key for case in read(f"vectors/{name}.json")["cases"] for key in case[part]}


def test_the_rules_are_as_their_schema_says() -> None:
    """And a rule without a source is none."""
    text = read("rules.json")
    assert [] == list(validator("rules.json").iter_errors(text))
    text["rules"][0]["source"] = []
    assert [] != list(validator("rules.json").iter_errors(text))


def test_there_are_enough_cases() -> None:
    """In all, and of each family."""
    assert FEWEST <= len(load())
    assert [] == [name for name in FAMILIES if len(load(name)) < 50]  # type: ignore[arg-type] # they are families
    assert len(load()) == len({case.id for case in load()})


def test_every_rule_has_a_case() -> None:
    """Of its own family, and every case shows a rule that there is."""
    known = {(rule.family, rule.id) for rule in rules()}
    shown = {(case.family, rule) for case in load() for rule in case.rules}
    assert known == shown
    assert len(known) == len(rules())


def test_no_two_cases_are_alike() -> None:
    """But for their names: one of them would show nothing."""
    found: dict[str, list[str]] = {}
    for case in load():
        found.setdefault(json.dumps([case.family, case.input, case.script]), []).append(case.id)
    assert [] == [alike for alike in found.values() if len(alike) > 1]


def test_a_case_rests_on_sentences_that_stand_there() -> None:
    """In the published document, the overlay, or what the library says of itself."""
    assert [] == [(case.id, source) for case in load() for source in case.source if not stands(source)]


def test_a_rule_rests_on_sentences_that_stand_there() -> None:
    """As its cases do."""
    assert [] == [(rule.id, source) for rule in rules() for source in rule.source if not stands(source)]


@pytest.mark.parametrize(
    "source",
    [
        {"spec": "Filter assets that have SOME of these tags"},
        {"reference": "A call is sent up to 7 times within 120 seconds."},
        {"overlay": "$.paths['/api/tags'].get", "says": "503 SERVICE_DISABLED is permanent"},
        {"overlay": "$.nowhere", "says": "503 SERVICE_DISABLED is permanent"},
    ],
)
def test_a_sentence_that_stands_nowhere_is_noticed(source: dict[str, str]) -> None:
    """Were any taken, the tests above could not fail."""
    assert not stands(source)
