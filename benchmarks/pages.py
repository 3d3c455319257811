"""Pages of 500 assets as servers send them: the same bytes in every run."""

from __future__ import annotations

import json
import random
from typing import Any, Final

PAGE: Final = 500
KINDS: Final = ("rich", "lean", "rich, drifted", "lean, drifted")
"""Rich: every declared property, about 960 bytes an asset. Lean: about 350. Drifted: one undeclared property more."""


def page(kind: str, number: int = 0) -> bytes:
    """A listAssets body of one kind; pages of different numbers share tags and types, as assets of one account do."""
    dice = random.Random(f"{kind}/{number}")  # noqa: S311 - made-up data
    assets = [_asset(dice, kind.startswith("rich"), number * PAGE + index) for index in range(PAGE)]
    if "drifted" in kind:
        for index, asset in enumerate(assets):
            asset["colour"] = f"drifted {index}"  # which no document declares
    return json.dumps({"assets": assets, "total": 100_000, "has_more": True}, separators=(",", ":")).encode()


def _asset(dice: random.Random, rich: bool, number: int) -> dict[str, Any]:  # noqa: FBT001 - private
    moment = f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}T{dice.randrange(24):02}:00:00.123456Z"
    asset: dict[str, Any] = {
        "id": _uuid(dice),
        "name": f"2026-03 spring campaign/portraits/ComfyUI_{number:06}_.png",
        "asset_hash": f"blake3:{dice.getrandbits(256):064x}",
        "size": dice.randrange(10**8),
        "mime_type": dice.choice(["image/png", "image/jpeg", "video/mp4"]),
        "tags": dice.sample(["output", "input", "portrait", "final", "draft", "upscaled"], 3 if rich else 1),
        "created_at": moment,
        "updated_at": moment,
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
    return asset


def _uuid(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
