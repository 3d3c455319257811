"""A whole listing through a network that fails three times in ten, and bodies with random damage. Over real sockets."""

from __future__ import annotations

import json
import pickle
import random
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from comfy_cloud import ApiError, AsyncComfyCloud, ComfyCloud, RetryPolicy
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.testing import InstantClock
from comfy_cloud_api.types import UnreadableElementWarning
from tests.wrapper.callers import KEY, WAYS, result
from tests.wrapper.raw_server import PAGE, Asked, RawServer, answer, raw_server, reset

ASSETS = 20_000
DENSE = RetryPolicy(attempts=10)


def ids(comfy: Any) -> Any:
    """List all; their ids, or what awaits to them."""
    if isinstance(comfy, AsyncComfyCloud):

        async def awaiting() -> list[str]:
            return [str(asset.id) async for asset in comfy.assets]

        return awaiting()
    return [str(asset.id) for asset in comfy.assets]


@contextmanager
def faulty(target: str, chance: float, seed: int) -> Iterator[RawServer]:
    """A proxy that breaks so many of its answers, in one of nine ways."""
    dice, lock = random.Random(seed), threading.Lock()
    upstream = httpx.Client(base_url=target)

    def step(connection: socket.socket, asked: Asked, server: RawServer) -> None:
        with lock:
            fault = dice.randrange(9) if dice.random() < chance else None
        answered = upstream.get(asked.target, headers={"X-API-Key": asked.headers["x-api-key"]})
        body = answered.content
        faults = [
            reset(),
            reset(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12"),
            answer(body[: len(body) // 2]),
            answer(body, length=len(body) + 1),
            answer(body, Content_Encoding="gzip"),
            answer(b"", 503, Retry_After="1"),
            answer(b"busy", 500),
            answer(b"", 429, Retry_After="0"),
            answer(b"<html>", 502, Content_Type="text/html"),
        ]
        return (answer(body, answered.status_code) if fault is None else faults[fault])(connection, asked, server)

    with upstream, raw_server(step) as server:
        yield server


@pytest.fixture(scope="module")
def library() -> Iterator[Sandbox]:
    """20,000 assets."""
    with Sandbox.seeded(ASSETS) as box:
        yield box


@pytest.mark.parametrize("way", WAYS)
def test_a_listing_is_complete_and_exact_though_three_in_ten_requests_fail(library: Sandbox, way: str) -> None:
    """Every asset once, in order, with ten attempts for each request."""
    expected = [row[0] for row in library.sql("SELECT id FROM assets ORDER BY created_at DESC, id DESC")]
    with faulty(library.url, 0.3, seed=6) as proxy:
        found = result(way, proxy.url, ids, api_key=library.key, retry=DENSE)
    assert ASSETS == len(expected)
    assert expected == found
    assert len(proxy.asked) > ASSETS // 500


def mutated(body: bytes, dice: random.Random) -> bytes:
    """The body with some bytes changed, taken away, doubled or put in."""
    data = bytearray(body)
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0:
                data[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                del data[place : place + dice.randint(1, 20)]
            case 2:
                data[place:place] = dice.choice(
                    [b"null", b'"', b"{", b"]", b"1e999", b"-", b"\\ud800", b"\0", b"9" * 30]
                )
            case 3:
                data[place:place] = data[place : place + dice.randint(1, 40)]
            case _:
                data[place : place + 8] = data[: dice.randint(0, 8)]
    return bytes(data)


def error_of_a_page(comfy: ComfyCloud) -> ApiError | None:
    """What asking for one page raises, if it is one of ours."""
    try:
        next(comfy.assets.limit(1).pages(), None)
    except ApiError as error:
        return error
    return None


def check_mutations(count: int, seed: int) -> None:
    """Each damaged body is read or is one of our errors, which is a sentence and can be pickled."""
    dice = random.Random(seed)
    refused = json.dumps({"error": {"code": "A", "message": "b", "details": {"c": [1, None]}}}).encode()
    bodies: list[bytes] = []

    def handle(_: httpx.Request) -> httpx.Response:
        status, body = dice.choice([(200, PAGE), (200, PAGE), (400, refused), (503, refused)])
        bodies.append(mutated(body, dice))
        return httpx.Response(status, content=bodies[-1], headers={"Content-Type": "application/json"})

    options: dict[str, Any] = {"api_key": KEY, "clock": InstantClock(), "retry": RetryPolicy(attempts=2)}
    outcomes = {"read": 0, "refused": 0}
    with ComfyCloud(transport=httpx.MockTransport(handle), **options) as comfy, warnings.catch_warnings():
        warnings.simplefilter("ignore", UnreadableElementWarning)
        for _ in range(count):
            error = error_of_a_page(comfy)
            outcomes["refused" if error else "read"] += 1
            assert "\n" not in str(error), bodies[-1]
            assert str(error) == str(pickle.loads(pickle.dumps(error)))
    assert min(outcomes.values()) > count // 20


def test_a_thousand_damaged_bodies_raise_only_our_errors() -> None:
    """Whatever the bytes, of successes and of errors."""
    check_mutations(1000, seed=1)


@pytest.mark.soak
def test_a_million_damaged_bodies_raise_only_our_errors() -> None:
    """The same, for an hour or so."""
    check_mutations(1_000_000, seed=2)
