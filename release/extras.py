"""What works in an environment that has these extras and no others: `python -I release/extras.py sandbox polars`.

Needs nothing but the installed wheel. Each extra that is there is used, each that is not says what to install, and the
core works either way.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

import comfy_cloud
import comfy_cloud_api
from comfy_cloud import AsyncComfyCloud, ComfyCloud, name, size
from comfy_cloud.sandbox import Sandbox

ASSETS: Final = 30
BASE_URL: Final = "http://127.0.0.1"
NEEDS_AN_EXTRA: Final = re.compile(r"\.cli\b|\._|\.__main__")
"""The command line, whose modules import what draws it; and what is private, which is imported where it is used."""


def use_core() -> None:
    """Import everything public; list, filter and count, sync and async, against a sandbox in the same process."""
    for package in (comfy_cloud, comfy_cloud_api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not NEEDS_AN_EXTRA.search(module.name):
                importlib.import_module(module.name)
    box = Sandbox.seeded(ASSETS)

    async def awaited() -> int:
        async with AsyncComfyCloud(base_url=BASE_URL, api_key=box.key, transport=box.async_transport()) as comfy:
            return len(await comfy.assets.to_list())

    with ComfyCloud(base_url=BASE_URL, api_key=box.key, transport=box.transport()) as comfy:
        assert comfy.assets.count() == len(comfy.assets.to_list()) == asyncio.run(awaited()) == ASSETS
        assert comfy.assets.where(name.contains("e")).filter(size > 0).to_dicts()
    box.close()


def use_polars() -> None:
    """A data frame of the library."""
    box = Sandbox.seeded(ASSETS)
    with ComfyCloud(base_url=BASE_URL, api_key=box.key, transport=box.transport()) as comfy:
        assert comfy.assets.to_polars().height == ASSETS
    box.close()


def use_sandbox() -> None:
    """The sandbox over HTTP."""
    with Sandbox.seeded(ASSETS) as box, ComfyCloud(base_url=box.url, api_key=box.key) as comfy:
        assert comfy.assets.count() == ASSETS


def use_cli() -> None:
    """The command line says its version."""
    done = subprocess.run(
        [sys.executable, "-m", "comfy_cloud.cli", "version"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ImportError(done.stderr)
    assert importlib.metadata.version("comfy-cloud") in done.stdout


USES: Final[Mapping[str, Callable[[], None]]] = {"cli": use_cli, "polars": use_polars, "sandbox": use_sandbox}
"""How each extra is used; without it, that is an ImportError that names it."""


def faults(installed: set[str]) -> list[str]:
    """What is wrong, given which extras are there."""
    declared = set(importlib.metadata.metadata("comfy-cloud").get_all("Provides-Extra") or ())
    wrong = [f"Nothing here uses the extra {extra}; add it to USES." for extra in sorted(declared - USES.keys())]
    use_core()
    said = (outcome(extra, installed=extra in installed) for extra in sorted(declared & USES.keys()))
    return [*wrong, *filter(None, said)]


def outcome(extra: str, *, installed: bool) -> str:
    """What is wrong with an extra, or nothing."""
    try:
        USES[extra]()
    except ImportError as error:
        if installed:
            return f"The extra {extra} is installed and does not work: {error}"
        advice = f"pip install 'comfy-cloud[{extra}]'"
        return "" if advice in str(error) else f"Without the extra {extra}, this says no {advice}: {error}"
    return "" if installed else f"The extra {extra} works without being installed, so it was not tried alone."


if __name__ == "__main__":
    found = faults(set(sys.argv[1:]))
    print("\n".join(found) or f"The core works, and so does what is installed: {' '.join(sys.argv[1:]) or 'no extra'}.")
    sys.exit(1 if found else 0)
