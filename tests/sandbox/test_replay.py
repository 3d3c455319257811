"""The recorded answers of a real server: on an equal library, the same request gets the same answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from comfy_cloud.sandbox import COMFYUI, AssetRow
from comfy_cloud.sandbox._api.service import Service
from comfy_cloud.sandbox._library.changes import checked
from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._serving.exchange import Answer, Asked

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "fixtures/comfyui-responses.json").read_text())
BY_NAME = {one["name"]: one for one in RECORDED}

# What the bodies do not show is made up so that the numbers come out: 609 assets, of which 230 are inputs, 220 outputs,
# 159 models, 80 portraits, 79 LoRAs, 19 of `metatest`, and 44 tags in all.
OLD = "2026-11-21T21:30:00"
LAST_OF_NAME = "model_zzz.safetensors"


def recorded_assets() -> dict[str, AssetRow]:
    """The assets that the recorded bodies show."""
    assets = {}
    for one in RECORDED:
        for body in json.loads(one["body"]).get("assets", ()) if one["status"] == 200 else ():
            fields = {name: value for name, value in body.items() if name not in {"hash", "preview_url"}}
            assets[body["id"]] = checked({**fields, "preview_path": body.get("preview_url")})
    return assets


def equal_library() -> Library:
    """A library in which the recorded requests find what they found."""
    assets = recorded_assets()
    wanted = {"input": 230, "output": 220, "models": 159, "portraits": 80, "loras": 79, "metatest": 19}
    left = {tag: count - sum(tag in one.tags for one in assets.values()) for tag, count in wanted.items()}
    kinds = {
        ("input", "portraits"): left["portraits"],
        ("input",): left["input"] - left["portraits"],
        ("metatest", "output"): left["metatest"],
        ("output",): left["output"] - left["metatest"],
        ("loras", "models"): left["loras"],
        ("models",): left["models"] - left["loras"],
    }
    number = 0
    for tags, count in kinds.items():
        for _ in range(count):
            identity = f"00000000-0000-4000-8000-{number:012}"
            times = dict.fromkeys(("created_at", "updated_at", "last_access_time"), OLD)
            assets[identity] = checked({"id": identity, "name": LAST_OF_NAME, "size": 1, "tags": tags, **times})
            number += 1
    used = {tag for one in assets.values() for tag in one.tags}
    return Library(assets.values(), [f"unused {number}" for number in range(44 - len(used))])


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The sandbox in the place of the recorded server."""
    library = equal_library()
    yield Service(library, "unused", COMFYUI)
    library.close()


def ask(service: Service, recorded: dict[str, Any]) -> Answer:
    """The sandbox's answer to a recorded request."""
    method, target = recorded["request"].split(" ")
    path, _, query = target.partition("?")
    return service.answer(Asked(method, path, tuple(parse_qsl(query, keep_blank_values=True)), target=target))


def test_the_equal_library_has_as_many_assets_as_the_real_one() -> None:
    """Else totals would agree by accident."""
    library = equal_library()
    try:
        assert 609 == len(library.assets())
    finally:
        library.close()


@pytest.mark.parametrize("name", BY_NAME)
def test_a_recorded_request_gets_the_recorded_answer(service: Service, name: str) -> None:
    """Status, content type and every byte of the body: keys, ids and their order, totals, cursors, messages."""
    recorded = BY_NAME[name]
    answer = ask(service, recorded)
    expected = (recorded["status"], recorded["headers"]["Content-Type"], recorded["body"])
    assert expected == (answer.status, dict(answer.headers)["Content-Type"], answer.body.decode())


def test_a_recorded_cursor_leads_on(service: Service) -> None:
    """What a real server sent as `next_cursor` is understood as `after`, and the pages join up."""
    recorded = BY_NAME["list_uploads"]
    first = json.loads(recorded["body"])
    further = {**recorded, "request": f"{recorded['request']}&after={first['next_cursor']}"}
    both = {**recorded, "request": recorded["request"].replace("limit=3", "limit=6")}
    rest, whole = (json.loads(ask(service, one).body) for one in (further, both))
    assert whole["assets"] == first["assets"] + rest["assets"]
    assert (19, True) == (rest["total"], rest["has_more"])
