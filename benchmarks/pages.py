"""Assets as servers send them, in the order of a listing: the same bytes in every run, and any slice of them a page.

A *library* is a file that holds the JSON of assets, each followed by a comma, and an index of where they begin. So a
page from any offset is one slice of the file, and serving it costs next to nothing.
"""

from __future__ import annotations

import json
import mmap
import random
from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

PAGE: Final = 500
KINDS: Final = ("rich", "lean", "rich, drifted", "lean, drifted")
"""Rich: every declared property, about 960 bytes an asset. Lean: about 350. Drifted: one undeclared property more."""
TAG: Final = "output"
"""A tag that every asset has, so that listings can ask for it and what comes back is verified."""

_NEWEST: Final = datetime(2026, 12, 31, 23, 59, 59, 123456, UTC)


class Library:
    """The assets of one kind, newest first, as a mapped file; closed with the process.

    Args:
        folder: Where `write_library` wrote it.
        kind: Which one.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        assets, index = _files(folder, kind)
        with assets.open("rb") as file:
            self._assets: Final = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self._starts: Final = array("Q", index.read_bytes())

    def __len__(self) -> int:
        return len(self._starts) - 1

    def load(self) -> None:
        """Have the whole file in memory, so that reading it does not make the process grow."""
        sum(self._assets[::4096])

    def page(self, offset: int, limit: int, total: int) -> tuple[bytes, memoryview, bytes]:
        """The body of a listAssets answer of a library of `total` assets, in three parts."""
        end = min(offset + limit, total)
        start = min(offset, end)
        # The last asset's comma is left away.
        assets = self._assets[self._starts[start] : max(self._starts[start], self._starts[end] - 1)]
        tail = f'],"total":{total},"has_more":{"true" if end < total else "false"}}}'
        return b'{"assets":[', assets, tail.encode()


def write_library(folder: Path, kind: str, count: int) -> None:
    """Write a library of so many assets."""
    dice, starts, position = random.Random(kind), array("Q"), 0  # noqa: S311 - made-up data
    assets, index = _files(folder, kind)
    with assets.open("wb") as file:
        for number in range(count):
            text = json.dumps(_asset(dice, kind, number), separators=(",", ":")).encode()
            starts.append(position)
            position += file.write(text + b",")
    starts.append(position)
    index.write_bytes(starts.tobytes())


def _files(folder: Path, kind: str) -> tuple[Path, Path]:
    stem = kind.replace(", ", "-")
    return folder / f"{stem}.assets", folder / f"{stem}.index"


def _asset(dice: random.Random, kind: str, number: int) -> dict[str, Any]:
    moment = _text(_NEWEST - timedelta(seconds=number))
    updated = _text(_NEWEST - timedelta(seconds=number) + timedelta(microseconds=dice.randrange(10**4)))
    rich = kind.startswith("rich")
    asset: dict[str, Any] = {
        "id": _uuid(dice),
        "name": f"2026-03 spring campaign/portraits/ComfyUI_{number:06}_.png",
        "asset_hash": f"blake3:{dice.getrandbits(256):064x}",
        "size": dice.randrange(10**8),
        "mime_type": dice.choice(["image/png", "image/jpeg", "video/mp4"]),
        "tags": [TAG, *dice.sample(["input", "portrait", "final", "draft", "upscaled"], 2 if rich else 0)],
        "created_at": moment,
        "updated_at": updated,
    }
    if rich:
        asset |= {
            "user_metadata": {
                "seed": dice.getrandbits(48),
                "prompt": "a portrait of somebody who waits in the rain at a station, soft light, film grain, 85 mm, "
                "shallow depth of field, muted colours, photographed from below, through a wet window at dusk",
                "sampler": "euler",
                "cfg": 7.5,
                "steps": 20,
            },
            "preview_url": f"https://cloud.comfy.org/api/view?type=output&filename={dice.getrandbits(256):064x}.png",
            "preview_id": _uuid(dice),
            "prompt_id": _uuid(dice),
            "last_access_time": moment,
            "is_immutable": False,
        }
    if "drifted" in kind:
        asset["colour"] = f"drifted {number}"  # which no document declares
    return asset


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _uuid(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
