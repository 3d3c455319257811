"""Whether a tag may be released: `python -m release.tag v1.2.3`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def faults(tag: str, version: str, changelog: str) -> list[str]:
    """What keeps a tag from being released.

    Args:
        tag: The tag, such as `v1.2.3`.
        version: What `_version.py` says.
        changelog: The text of CHANGELOG.md.
    """
    wrong = [] if tag == f"v{version}" else [f"The tag is {tag}, but _version.py says {version}; make them one."]
    if not re.search(rf"^## \[{re.escape(version)}\]", changelog, re.MULTILINE):
        wrong.append(f"CHANGELOG.md has no section [{version}]; tell the users what changed.")
    return wrong


def stated_version() -> str:
    """The version in `_version.py`."""
    text = (ROOT / "wrapper" / "comfy_cloud" / "_version.py").read_text(encoding="utf-8")
    return str(re.findall(r'__version__ = "([^"]+)"', text)[0])


if __name__ == "__main__":
    found = faults(sys.argv[1], stated_version(), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    print("\n".join(found) or f"{sys.argv[1]} can be released.")
    sys.exit(1 if found else 0)
