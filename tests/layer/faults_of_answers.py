"""Checks of how answers are read."""

from __future__ import annotations

import json
import warnings
from typing import Any

from tests.layer.faults import fault
from tests.layer.server import Answer
from tests.layer.stock import Layer

JSON = "application/json"


def raised(layer: Layer, answer: Answer, **options: Any) -> Exception | None:
    """What listing raises at this answer."""
    layer.server.answer = answer
    try:
        with layer.client(**options) as client:
            layer.operation("list_items").sync_detailed(client=client)
    except Exception as error:  # noqa: BLE001 - which one is what is checked
        return error
    return None


@fault("JSONDecodeError")
def a_body_that_is_no_json_is_a_typed_error(layer: Layer) -> None:
    """With status, content type and an excerpt."""
    error = raised(layer, Answer(200, b"<html>login", "text/html"))
    facts = [getattr(error, name, None) for name in ("status", "content_type", "excerpt")]
    assert facts == [200, "text/html", "<html>login"], type(error).__name__


@fault("nothing was raised")
def an_undocumented_status_is_not_silently_none(layer: Layer) -> None:
    """With a client as it comes."""
    error = raised(layer, Answer(418, b"{}", JSON))
    assert error is not None, "nothing was raised"
    assert getattr(error, "status", None) == 418


@fault("520 is not a valid HTTPStatus", ValueError)
def statuses_that_http_does_not_name_are_read(layer: Layer) -> None:
    """520 and 499, by a client that wants undocumented ones as they are."""
    with layer.client(raise_on_unexpected_status=False) as client:
        for status in (520, 499):
            layer.server.answer = Answer(status, b"{}", JSON)
            assert layer.operation("list_items").sync_detailed(client=client).status_code == status


@fault("None")
def images_are_bytes(layer: Layer) -> None:
    """`image/png`."""
    parsed = layer.call("get_picture", answer=Answer(200, b"\x89PNG", "image/png")).parsed
    assert parsed == b"\x89PNG", parsed


@fault("200 and 404 are both None")
def head_tells_a_thing_that_is_there_from_one_that_is_not(layer: Layer) -> None:
    """Whatever function there is."""
    module, values = layer.operation("head_item"), []
    with layer.client() as client:
        for status in (200, 404):
            layer.server.answer = Answer(status)
            read = module.sync if hasattr(module, "sync") else lambda *a, **k: module.sync_detailed(*a, **k).status_code
            values.append(read("a", client=client))
    assert values[0] != values[1], f"200 and 404 are both {values[0]}"


@fault("Expecting value", json.JSONDecodeError)
def head_survives_a_401(layer: Layer) -> None:
    """Which the spec documents with JSON, and which HEAD sends without a body."""
    assert layer.call("head_item", "a", answer=Answer(401, b"", JSON)).status_code == 401


@fault("'id'", KeyError)
def one_unreadable_element_does_not_lose_the_others(layer: Layer) -> None:
    """It is kept aside, and warned of."""
    rows = [{"id": str(number)} for number in range(500)]
    rows[7] = {"kind": "picture"}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        page = layer.call("list_items", answer=Answer(200, json.dumps({"rows": rows}).encode(), JSON)).parsed
    assert [row.id for row in page.rows] == [row["id"] for row in rows if "id" in row]
    assert dict(page.unreadable) == {"rows": [{"kind": "picture"}]}
    assert [str(warning.message)[:17] for warning in caught] == ["1 of 500 elements"]


@fault("\\['JSONDecodeError', 'UnexpectedStatus', 'KeyError'\\] have no root of their own")
def all_errors_have_one_root_in_the_package(layer: Layer) -> None:
    """An answer that cannot be read, an undocumented one, an argument that is refused, data that is no model."""
    failed = [raised(layer, Answer(200, b"<html>")), raised(layer, Answer(418), raise_on_unexpected_status=True)]
    for attempt in (lambda: layer.call("get_userdata", ".."), lambda: layer.models.Item.from_dict({})):
        try:
            attempt()
        except Exception as error:  # noqa: BLE001 - as above
            failed.append(error)
    ours = {item for item in vars(layer.module("errors")).values() if isinstance(item, type)}
    common = ours.intersection(*(type(error).__mro__ for error in failed))
    assert common, f"{[type(error).__name__ for error in failed]} have no root of their own"
    assert len(failed) == 4


@fault("its range is not told")
def the_documentation_tells_summary_and_range(layer: Layer) -> None:
    """Of each parameter."""
    told = layer.operation("list_items").sync.__doc__ or ""
    assert "List what is on the shelf" in told
    assert "500" in told, "its range is not told"
