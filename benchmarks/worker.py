"""Measure one thing once, in a process of its own, and print it as JSON. `benchmarks/run.py` starts these."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import psutil
from contestants import Canned, Contestant, contestant, reader
from pages import PAGE, Library

KEPT: Final = 100_000
LISTED: Final = 100_000
DECODED: Final = 20_000
WARM_UP_S: Final = 0.3
MEASURED_S: Final = 0.7
LATENCY_MS: Final = 50
SCALES: Final = (1_000, 10_000, 100_000, 1_000_000)
STARTS: Final = 5
PROGRAMS: Final = {
    "httpx": "import httpx; httpx.Client()",
    "ours": "from comfy_cloud import ComfyCloud; ComfyCloud(api_key='x')",
    "forty": "from comfy_cloud import ComfyCloud; ComfyCloud(api_key='x')",
    "stock": "from stock_client import AuthenticatedClient; AuthenticatedClient('https://a.example', 'x')",
}
Figures = dict[str, float]


def seconds(work: Callable[[], object]) -> float:
    """The time of the least disturbed call, after a warm-up; the rounds in `run.py` are where medians are taken."""
    until = time.perf_counter() + WARM_UP_S
    while time.perf_counter() < until:
        work()
    taken: list[float] = []
    until = time.perf_counter() + MEASURED_S
    while time.perf_counter() < until or len(taken) < 5:  # noqa: PLR2004 - fewer tell nothing
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def drop(items: Iterable[Any]) -> None:
    """Iterate to the end, and keep nothing."""
    deque(items, maxlen=0)


def once(work: Callable[[], object], name: str) -> Figures:
    """The time that one call takes, and how much of it the processor was at work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {name: time.perf_counter() - wall, f"{name}, CPU": time.process_time() - cpu}


def decode(who: str, kind: str, folder: Path, _: str) -> Figures:
    """From bytes to what iteration yields, without what httpx takes to hand the bytes over; and all fields read."""
    library, read = Library(folder, kind), reader(who)

    def opened(name: str) -> Contestant:
        return contestant(name)("http://127.0.0.1:1", Canned(library, DECODED))

    def everything() -> None:
        for asset in client.items():
            read(asset)

    with opened("bytes") as client:
        delivery = seconds(lambda: drop(client.items()))
    with opened(who) as client:
        return {
            "decode": seconds(lambda: drop(client.items())) - delivery,
            "read": seconds(everything) - delivery,
        }


def keep(who: str, kind: str, folder: Path, _: str) -> Figures:
    """100,000 assets, all kept, with the garbage collector as it is."""
    library = Library(folder, kind)
    library.load()
    with contestant(who)("http://127.0.0.1:1", Canned(library, KEPT)) as client:
        client.first()
        gc.collect()
        before = psutil.Process().memory_info().rss
        kept: list[Any] = []
        figures = once(lambda: kept.append(client.keep()), "keep")
        gc.collect()
        grown = psutil.Process().memory_info().rss - before
    assert len(kept[0]) == KEPT
    return {**figures, "memory": float(grown)}


def listing(who: str, kind: str, _: Path, server: str) -> Figures:
    """100,000 assets over loopback, dropped and kept."""
    return _listed(who, f"{server}/{kind}/{LISTED}/0", 1, "")


def latency(who: str, kind: str, _: Path, server: str) -> Figures:
    """The same where each answer takes 50 ms, with eight requests under way."""
    who, _, alone = who.partition(" ")
    return _listed(who, f"{server}/{kind}/{LISTED}/{LATENCY_MS}", 1 if alone else 8, " at 50 ms")


def _listed(who: str, base_url: str, ahead: int, where: str) -> Figures:
    with contestant(who)(base_url, ahead=ahead) as client:
        client.call()
        gc.collect()
        dropped = once(lambda: drop(client.items()), f"dropped{where}")
        if where and ahead == 1:
            return dropped  # one at a time, keeping adds nothing to the waits
        gc.collect()
        kept: list[Any] = []
        figures = once(lambda: kept.append(client.keep()), f"kept{where}")
    assert len(kept[0]) == LISTED
    return {**dropped, **figures}


def first(who: str, kind: str, _: Path, server: str) -> Figures:
    """The first asset of a page of 500."""
    with contestant(who)(f"{server}/{kind}/{LISTED}/0") as client:
        return {"first": seconds(client.first)}


def call(who: str, kind: str, _: Path, server: str) -> Figures:
    """One small call."""
    with contestant(who)(f"{server}/{kind}/{LISTED}/0") as client:
        return {"call": seconds(client.call)}


def scale(who: str, kind: str, folder: Path, _: str) -> Figures:
    """A list of some length, dropped and kept: the times per asset, and how the process grows."""
    who, _, length = who.partition(" ")
    count, process, library = int(length), psutil.Process(), Library(folder, kind)
    library.load()
    with contestant(who)("http://127.0.0.1:1", Canned(library, count)) as client:
        client.call()
        client.first()
        gc.collect()
        before = process.memory_info().rss
        times = SCALES[-1] // count  # so that as many assets are listed in all, and none is luckier than others
        dropped = once(lambda: [drop(client.items()) for _ in range(times)], "dropped")
        growth = process.memory_info().rss - before
        gc.collect()
        before = process.memory_info().rss
        kept: list[Any] = []
        taken = once(lambda: kept.append(client.keep()), "kept")
        memory = process.memory_info().rss - before
    assert len(kept[0]) == count
    each = {name: value / (count * times) for name, value in dropped.items()}
    return {**each, "kept": taken["kept"] / count, "memory": memory / count, "growth": float(max(1, growth))}


def long(who: str, kind: str, folder: Path, _: str) -> Figures:
    """What the processor works per asset of a long list, and of short ones before and after it."""
    library = Library(folder, kind)
    library.load()

    def worked(count: int, assets: int) -> float:
        with contestant(who)("http://127.0.0.1:1", Canned(library, count)) as client:
            client.first()
            taken = once(lambda: [drop(client.items()) for _ in range(assets // count)], "")
        return taken[", CPU"] / assets

    before, whole, after = (worked(*asked) for asked in ((SCALES[1], SCALES[2]), SCALES[-1:] * 2, SCALES[1:3]))
    return {"long": whole, "short": (before + after) / 2}


def start(who: str, _: str, folder: Path, __: str) -> Figures:
    """Start Python, import and make a client; without click, which httpx imports where it finds it."""
    program = f"import sys; sys.modules['click'] = None\n{PROGRAMS[who]}"
    path = [str(folder / "forty"), os.environ["PYTHONPATH"]] if who == "forty" else [os.environ["PYTHONPATH"]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": ""}

    def run() -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, env=environment)
        return time.perf_counter() - began

    run()
    return {"start": min(run() for _ in range(STARTS))}


def profile(_: str, kind: str, folder: Path, __: str) -> Figures:
    """Where the time of a page goes, in seconds, and what orjson takes to parse it."""
    import orjson
    from stages import stages

    library = Library(folder, kind)
    body = b"".join(library.page(0, PAGE, DECODED))
    return {"orjson": seconds(lambda: orjson.loads(body)), **stages(library)}


MEASURES: Final = {
    measure.__name__: measure for measure in (profile, decode, keep, listing, latency, first, call, scale, long, start)
}


if __name__ == "__main__":
    what, who, kind, folder, server = sys.argv[1:]
    print(json.dumps(MEASURES[what](who, kind, Path(folder), server)))
