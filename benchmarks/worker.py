"""Measure one thing once, in a process of its own, and print it as JSON. `benchmarks/run.py` starts these."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson
import psutil

FIELDS: Final = (
    *("id", "name", "size", "created_at", "updated_at", "asset_hash", "mime_type", "tags", "user_metadata"),
    *("preview_url", "preview_id", "prompt_id", "last_access_time", "is_immutable"),
)
WARM_UP_S: Final = 0.3
MEASURED_S: Final = 0.7


def decoder(contestant: str) -> Callable[[bytes], Any]:
    """What turns a page's bytes into assets that iteration yields."""
    if contestant == "orjson":
        return lambda content: orjson.loads(content)["assets"]
    if contestant == "ours":
        from comfy_cloud_api._runtime.codec import decode_json
        from comfy_cloud_api.api.asset import list_assets

        kind = list_assets.OPERATION.replies["200"].json
        assert kind is not None
        return lambda content: decode_json(kind, content).assets
    model = importlib.import_module("stock_client.models").ListAssetsResponse
    return lambda content: model.from_dict(json.loads(content)).assets


def reader(contestant: str) -> Callable[[Any], None]:
    """What reads every field of an asset, as a person would write it."""
    if contestant == "orjson":
        return lambda asset: [asset.get(name) for name in FIELDS] and None
    body = "; ".join(f"asset.{name}" for name in FIELDS)
    space: dict[str, Any] = {}
    exec(f"def read(asset):\n    {body}", space)  # noqa: S102 - attribute look-ups without getattr's cost
    read: Callable[[Any], None] = space["read"]
    return read


def seconds(work: Callable[[], object]) -> float:
    """The time of the least disturbed call, after a warm-up; the rounds in `run.py` are where medians are taken."""
    until = time.perf_counter() + WARM_UP_S
    while time.perf_counter() < until:
        work()
    taken: list[float] = []
    until = time.perf_counter() + MEASURED_S
    while time.perf_counter() < until or len(taken) < 5:  # noqa: PLR2004
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def decode(contestant: str, pages: Path) -> dict[str, float]:
    """One page: decoded, and decoded with every field of every asset read."""
    with pages.open("rb") as file:
        content = file.readline()
    load, read = decoder(contestant), reader(contestant)
    load(content)

    def everything() -> None:
        for asset in load(content):
            read(asset)

    return {"decode": seconds(lambda: load(content)), "read": seconds(everything)}


def keep(contestant: str, pages: Path) -> dict[str, float]:
    """100,000 assets from distinct pages, all kept, with the garbage collector as it is."""
    load = decoder(contestant)
    contents = pages.read_bytes().splitlines()
    load(contents[0])
    gc.collect()
    before = psutil.Process().memory_info().rss
    start = time.perf_counter()
    kept = [asset for content in contents for asset in load(content)]
    taken = time.perf_counter() - start
    gc.collect()
    grown = psutil.Process().memory_info().rss - before
    assert len(kept) == len(contents) * len(load(contents[0]))
    return {"keep": taken, "memory": float(grown)}


if __name__ == "__main__":
    what, contestant, pages = sys.argv[1:]
    print(json.dumps({"decode": decode, "keep": keep}[what](contestant, Path(pages))))
