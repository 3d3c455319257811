"""The library is what the vectors say: blocking and awaiting, wrapper and generated layer."""

from __future__ import annotations

from collections import Counter

import pytest

from comfy_cloud.conformance import Verdict, load
from comfy_cloud.conformance._checking import IN_MEMORY
from comfy_cloud.conformance._judging import task_of, world_of
from tests.conformance.ours import SETUPS, answered, results
from tests.conformance.test_vectors import validator

NOT_OF_THE_GENERATED_LAYER = {"filters", "pagination", "retries", "redirects"}


@pytest.mark.parametrize("way", ["blocking", "awaiting"])
def test_the_wrapper_passes_every_case(way: str) -> None:
    """All of them; it supports all of them."""
    found = results(way, "comfy_cloud")
    assert [] == [(one.case.id, one.actual, one.why) for one in found if one.verdict is not Verdict.PASS]
    assert len(load()) == len(found)


@pytest.mark.parametrize("way", ["blocking", "awaiting"])
def test_the_generated_layer_passes_what_it_has_rules_for(way: str) -> None:
    """All requests, all that it decodes, and where the key goes; it says of the rest that it is the wrapper's."""
    found = results(way, "comfy_cloud_api")
    others = {Verdict.FAIL, Verdict.BROKEN}
    assert [] == [(one.case.id, one.actual, one.why) for one in found if one.verdict in others]
    families = Counter(one.case.family for one in found if one.verdict is Verdict.PASS)
    assert len(load("requests")) == families["requests"]
    assert families["responses"] > 60
    assert families["keys"] > 20
    assert set() == set(families) & NOT_OF_THE_GENERATED_LAYER


@pytest.mark.parametrize(("way", "layer"), SETUPS)
def test_tasks_and_answers_are_as_their_schemas_say(way: str, layer: str) -> None:
    """What is written to a runner, and what one prints."""
    for case in load():
        task = task_of(case, IN_MEMORY, "http://127.0.0.1:9001")
        assert [] == list(validator("task.json").iter_errors(task))
        said = answered(task, world_of(case, IN_MEMORY), way=way, layer=layer)
        assert [] == list(validator("answer.json").iter_errors(said)), (case.id, said)


def test_what_the_reference_does_beside_is_told_as_it_is() -> None:
    """How many requests a listing takes: not compared by the check, so looked at here."""
    told = {case.id: case.informative["requests"] for case in load("pagination")}
    made = {}
    for case in load("pagination"):
        world = world_of(case, IN_MEMORY)
        answered(task_of(case, IN_MEMORY, ""), world, way="blocking", layer="comfy_cloud")
        made[case.id] = len(world.asked)
    assert told == made


def test_a_task_holds_nothing_of_what_is_expected() -> None:
    """Neither the expectation nor the script."""
    for case in load():
        task = task_of(case, IN_MEMORY, "http://127.0.0.1:9001")
        assert {"protocol", "id", "family", "rules", "input"} == set(task) - {"gateway"}
        assert set(case.input) | {"base_url", "api_key"} == set(task["input"])
