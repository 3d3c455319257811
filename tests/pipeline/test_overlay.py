"""What we know beyond the spec: each action has its reason, adds or relaxes, and accounts for what it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comfy_cloud_api.operations import OPERATIONS
from pipeline.document import Document, operations, parse_document, read_document, validate_document
from pipeline.errors import PipelineError
from pipeline.generate import OUR_CLIENT, client_document, render
from pipeline.overlay import overlaid, read_overlay
from pipeline.spec_diff import Severity, compare_documents

OPENAPI = Path(__file__).parents[2] / "openapi"
VENDORED: Document = read_document(OPENAPI / "openapi-cloud.yaml")
ACTIONS: list[Document] = read_overlay(OPENAPI / "overlay.yaml")["actions"]


def lines(files: dict[str, bytes]) -> set[tuple[str, str]]:
    """Every line of every file."""
    return {(name, line) for name, content in files.items() for line in content.decode().splitlines()}


def reordered(line: str) -> str:
    """A line as it is whatever else stands on it: names in a list move when one is added."""
    return line.strip().rstrip(",")


def test_the_spec_with_its_overlay_is_a_valid_spec() -> None:
    """For every tool that reads it."""
    validate_document(client_document(OUR_CLIENT), "the overlaid spec")


def test_the_overlay_adds_or_relaxes_and_never_tightens() -> None:
    """What it breaks for readers is what a client must tolerate: values that may be absent or null."""
    tightened = [
        (change.rule, change.sentence)
        for change in compare_documents(VENDORED, client_document(OUR_CLIENT))
        if change.severity is Severity.BREAKING and not _only_relaxes(change.sentence)
    ]
    assert tightened == []


def _only_relaxes(sentence: str) -> bool:
    return "is optional, was required" in sentence or "nullable" in sentence or "null" in sentence


def test_every_difference_is_traced_to_one_action() -> None:
    """Each line that the committed client has and the spec alone would not, or the reverse, is one action's doing."""
    alone = lines(dict(render(OUR_CLIENT, VENDORED)))
    complete = lines(dict(render(OUR_CLIENT)))
    accounted: set[tuple[str, str]] = set()
    for number, action in enumerate(ACTIONS):
        if action.get("remove"):
            continue  # the first half of the pair that replaces a list
        first = ACTIONS[number - 1]
        pair = [first, action] if first.get("remove") else [action]
        document = overlaid(VENDORED, pair)
        assert document != VENDORED
        accounted |= lines(dict(render(OUR_CLIENT, document))) ^ alone
    unexplained = (complete ^ alone) - accounted
    together = {(name, reordered(line)) for name, line in accounted | alone}
    assert {item for item in unexplained if (item[0], reordered(item[1])) not in together} == set()


def test_the_metadata_of_every_operation_is_at_hand() -> None:
    """By operation id: method, path, idempotency, paging and retries."""
    assert sorted(OPERATIONS) == sorted(data["operationId"] for _, data in operations(VENDORED))
    for key, data in operations(client_document(OUR_CLIENT)):
        operation = OPERATIONS[data["operationId"]]
        assert (operation.method, operation.path, operation.idempotent) == (key.method.upper(), key.path, True)
        assert operation.pagination is not None
        assert operation.retry is not None
        paging: dict[str, Any] = data["x-pagination"]
        assert {name: getattr(operation.pagination, name) for name in paging} == paging
    retry = OPERATIONS["listAssets"].retry
    assert retry is not None
    assert {408, 429, 503, 524} <= retry.transient_statuses
    assert "SERVICE_DISABLED" in retry.permanent_codes


def test_paging_metadata_names_what_exists() -> None:
    """Parameters of the operation, and properties of its answer."""
    document = client_document(OUR_CLIENT)
    for _, data in operations(document):
        paging: dict[str, str] = data["x-pagination"]
        parameters = {item["name"] for item in data["parameters"]}
        schema = data["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        properties = set(document["components"]["schemas"][schema]["properties"])
        assert {paging[name] for name in ("offset", "limit", "cursor") if name in paging} <= parameters
        assert {paging[name] for name in ("items", "total", "has_more", "next_cursor") if name in paging} <= properties


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("actions: []", "states no `overlay: 1.0.0`"),
        ("overlay: 1.0.0", "has no actions"),
        ("overlay: 1.0.0\nactions: [{target: $.a}]", "needs either `update`, or `remove: true`"),
        ("overlay: 1.0.0\nactions: [{update: {}}]", "an action has a target"),
        ("overlay: 1.0.0\nactions: [{target: $.a, update: {}}]", "say in its description why"),
        ("overlay: 1.0.0\nactions: [{target: $.a, description: d, update: {}, remove: true}]", "needs either"),
        ("overlay: 1.0.0\nactions: [{target: $.a, description: d, upd: {}}]", "an action has a target"),
    ],
)
def test_an_overlay_that_does_not_say_what_and_why_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """By file and action."""
    (tmp_path / "overlay.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError, match=r"overlay\.yaml") as caught:
        read_overlay(tmp_path / "overlay.yaml")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("target", "words"),
    [("$.paths['/api/nothing']", "leads nowhere"), ("$[", "is no JSONPath"), ("", "is no JSONPath")],
)
def test_an_action_that_does_nothing_is_refused(target: str, words: str) -> None:
    """Otherwise it would be lost in silence when the spec changes."""
    with pytest.raises(PipelineError, match=words):
        overlaid(VENDORED, [{"target": target, "description": "d", "update": {}}])


def test_applying_an_overlay_leaves_the_document_alone() -> None:
    """It returns another."""
    before = parse_document((OPENAPI / "openapi-cloud.yaml").read_text(encoding="utf-8"), "the spec")
    overlaid(VENDORED, ACTIONS)
    assert before == VENDORED
