"""The families `redirects` and `keys`: which requests a call makes, and where the key goes."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Generator
from contextlib import contextmanager

from comfy_cloud import ApiError, ConfigurationError
from comfy_cloud.conformance._worlds import Json
from comfy_cloud.conformance.runner._calls import MODULES
from comfy_cloud.conformance.runner._errors import kind
from comfy_cloud.conformance.runner._setup import Either, Setup, members, settled
from comfy_cloud.conformance.runner._tries import called


async def routed(task: Json, setup: Setup) -> Json:
    """Make the call; the host sees where it went. Whatever was said meanwhile is told, so that the host can look."""
    told: list[str] = []
    with _logged(told):
        try:
            result = await (_generated if setup.layer == "comfy_cloud_api" else _called)(task, setup, told)
        except ConfigurationError as error:
            told += _said(error)
            return {"refused": "configuration", "told": told}
        except ApiError as error:
            told += _said(error)
            result = kind(error)
    return {"result": result, "told": told}


async def _called(task: Json, setup: Setup, told: list[str]) -> str:
    given = task["input"]
    async with setup.client(task, **members(given, "allow_http", "headers")) as comfy:
        told.append(repr(comfy))
        if given.get("preview"):
            asset = await settled(comfy.assets.first())
            await settled(asset.preview())
        else:
            await called(comfy, given)
    return "success"


async def _generated(task: Json, setup: Setup, told: list[str]) -> str:
    async with setup.generated(task, follow_redirects=True) as api:
        told.append(repr(api))
        module: Either = MODULES[task["input"]["operation"]]
        call = module.asyncio_detailed if setup.way == "awaiting" else module.sync_detailed
        await settled(call(client=api))
    return "success"


def _said(error: ApiError) -> list[str]:
    return [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]


@contextmanager
def _logged(told: list[str]) -> Generator[None]:
    """Within the block, what the library logs is kept, and added at the end."""
    logger, stream = logging.getLogger("comfy_cloud"), io.StringIO()
    handler, level = logging.StreamHandler(stream), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        told.append(stream.getvalue())
