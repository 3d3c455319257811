"""The library put to the vectors, in memory."""

from __future__ import annotations

from functools import partial
from typing import Any

from comfy_cloud.conformance import Case, Result, check_in_memory, load
from comfy_cloud.conformance.runner import Setup, answer, transports

SETUPS = [(way, layer) for way in ("blocking", "awaiting") for layer in ("comfy_cloud", "comfy_cloud_api")]


def answered(task: Any, world: Any, *, way: Any, layer: Any) -> Any:
    """What one face of the library does with a task."""
    return answer(task, Setup(way, layer, transports(world, way)))


def results(way: str = "blocking", layer: str = "comfy_cloud", cases: tuple[Case, ...] | None = None) -> list[Result]:
    """What becomes of the cases, of all unless they are given."""
    return list(check_in_memory(partial(answered, way=way, layer=layer), load() if cases is None else cases))
