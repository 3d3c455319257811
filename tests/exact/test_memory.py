"""A listing takes the same memory however long it is."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from comfy_cloud import ComfyCloud
from tests.exact.canned import Canned

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, resource, sys
from pathlib import Path
from comfy_cloud import ComfyCloud
from tests.exact.canned import Canned

def peak():
    status = Path("/proc/self/status")
    if status.exists():  # where there is one, as the other figure begins with the parent's
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

size, prefetch, keep = map(int, sys.argv[1:])
kept = []
with ComfyCloud(transport=Canned(size), api_key="key") as comfy:
    for count, asset in enumerate(comfy.assets.prefetch(prefetch), 1):
        if keep:
            kept.append(asset)
        if count == 10_000:
            before = peak()
print(json.dumps({"count": count, "growth": peak() - before}))
"""


def growth(size: int, prefetch: int, *, keep: bool = False) -> tuple[int, int]:
    """How many assets a process iterated, and by how many bytes its largest size grew after the first 10,000.

    With `keep` it keeps all of them.
    """
    path = os.pathsep.join([str(ROOT), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size), str(prefetch), str(int(keep))],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    return told["count"], told["growth"]


@pytest.mark.parametrize("prefetch", [1, 4])
def test_what_a_listing_holds_does_not_grow(prefetch: int) -> None:
    """Between the 6,000th and the 24,000th asset, by less than a tenth of a page of 500."""
    held = []
    tracemalloc.start()
    try:
        with ComfyCloud(transport=Canned(24_001), api_key="key") as comfy:
            for count, _ in enumerate(comfy.assets.prefetch(prefetch), 1):
                if count in (6_001, 24_001):
                    gc.collect()
                    held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert count == 24_001
    assert held[1] - held[0] < 50_000


def test_a_process_that_lists_50_000_assets_stays_as_large_as_it_is() -> None:
    """Within 5 MB of what it is after 10,000."""
    count, grown = growth(50_000, 1)
    assert count == 50_000
    assert grown < 5_000_000


def test_a_process_that_keeps_its_assets_grows() -> None:
    """So that can be told."""
    assert growth(50_000, 1, keep=True)[1] > 20_000_000


@pytest.mark.soak
@pytest.mark.parametrize("prefetch", [1, 8, 32])
def test_a_process_that_lists_a_million_assets_grows_by_less_than_20_mb(prefetch: int) -> None:
    """After the first 10,000."""
    count, grown = growth(1_000_000, prefetch)
    print(f"prefetch {prefetch}: {grown / 1e6:.1f} MB")  # noqa: T201 - the figure is the point
    assert count == 1_000_000
    assert grown < 20_000_000
