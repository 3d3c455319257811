"""Which function answers the tasks of which family."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, TypeAlias

from comfy_cloud.conformance._judging import PROTOCOL
from comfy_cloud.conformance._worlds import Json
from comfy_cloud.conformance.runner._calls import request, response
from comfy_cloud.conformance.runner._filters import filtered
from comfy_cloud.conformance.runner._routes import routed
from comfy_cloud.conformance.runner._setup import Setup
from comfy_cloud.conformance.runner._tries import tried
from comfy_cloud.conformance.runner._walks import walked

Answering: TypeAlias = Callable[[Json, Setup], Coroutine[Any, Any, Json]]
_BY_FAMILY: Final[Mapping[str, Answering]] = {
    "requests": request,
    "responses": response,
    "filters": filtered,
    "pagination": walked,
    "retries": tried,
    "redirects": routed,
    "keys": routed,
}
_OF_BOTH_LAYERS: Final = frozenset({"requests", "responses", "keys"})
_OF_THE_WRAPPER: Final = frozenset(
    {
        *("preview-url-is-absolute", "status-decides-the-kind", "documented-error", "other-error-shapes"),
        *("undocumented-statuses", "retry-after-is-told", "subscription-is-not-rate"),
        *("no-key", "unusable-keys", "plain-http", "base-urls", "not-among-headers", "never-told", "not-in-a-target"),
        "previews",
    }
)
"""Rules that the generated layer does not have: it hands on documented errors as values, and does as it is told."""


def answer(task: Json, setup: Setup) -> Json:
    """What the library does with a task."""
    if task["protocol"] != PROTOCOL:
        return {"unsupported": f"this runner speaks protocol {PROTOCOL}"}
    if setup.layer == "comfy_cloud_api" and task["family"] not in _OF_BOTH_LAYERS:
        return {"unsupported": f"{task['family']} are the wrapper's"}
    if setup.layer == "comfy_cloud_api" and (rules := _OF_THE_WRAPPER.intersection(task["rules"])):
        return {"unsupported": f"{min(rules)} is the wrapper's"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a listing warns of is in its answer
        return setup.run(_BY_FAMILY[task["family"]](task, setup))
