"""Where the sentences stand that the vectors quote."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / "openapi"
DRAWING = re.compile(r"[#│├└─ \t\r\n]+")


@cache
def plain(text: str) -> str:
    """A text without line ends, comment signs and the lines of trees that are drawn, so that quotes may span lines."""
    return DRAWING.sub(" ", text).strip()


@cache
def spec() -> str:
    """The vendored document."""
    return plain((OPENAPI / "openapi-cloud.yaml").read_text(encoding="utf-8"))


@cache
def reference() -> str:
    """What the reference says of itself: its pages, its modules but for those of the vectors, and the overlay."""
    modules = [path for path in (ROOT / "wrapper" / "comfy_cloud").rglob("*.py") if "conformance" not in path.parts]
    counted = {"conformance.md", "comparison.md", "mutation.md"}  # which quote others, and no source
    pages = [path for path in (ROOT / "docs").rglob("*.md") if path.name not in counted]
    files = [*sorted(modules), *sorted(pages), ROOT / "README.md", OPENAPI / "overlay.yaml"]
    return " ".join(plain(path.read_text(encoding="utf-8")) for path in files)


@cache
def overlay() -> list[dict[str, Any]]:
    """The overlay's actions."""
    actions: list[dict[str, Any]] = YAML(typ="safe").load(OPENAPI / "overlay.yaml")["actions"]
    return actions


def stands(source: dict[str, str]) -> bool:
    """Whether a source is where it says; what standards say is told in our words."""
    match source:
        case {"spec": words}:
            return plain(words) in spec()
        case {"reference": words}:
            return plain(words) in reference()
        case {"overlay": target, "says": words}:
            return any(
                action["target"] == target and plain(words) in plain(action["description"]) for action in overlay()
            )
        case _:
            return bool(source["standard"] and source["says"])
