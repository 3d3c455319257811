"""What the wheel asks for, as pyproject.toml says it, and the lowest versions of that.

`python -m release.requirements` prints it all, one a line; with `--lowest`, as pip constraints to the lowest versions.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

PYPROJECT: Final = Path(__file__).resolve().parent.parent / "pyproject.toml"


def required(project: dict[str, Any]) -> list[str]:
    """The requirements of the core and of every extra, each once, in the table `project` of a pyproject.toml."""
    extras: dict[str, list[str]] = project.get("optional-dependencies", {})
    found = [*project["dependencies"], *(one for extra in sorted(extras) for one in extras[extra])]
    return list(dict.fromkeys(found))


def lowest(requirement: str) -> str:
    """The constraint that allows a requirement's lowest version alone: `httpx>=0.27,<1` becomes `httpx==0.27`.

    Raises:
        ValueError: it has no lower bound, so nobody can say what it was tested with.
    """
    parsed = Requirement(requirement)
    bounds = [bound.version for bound in parsed.specifier if bound.operator in (">=", "==", "~=")]
    if len(bounds) != 1:
        raise ValueError(f"{requirement} has no single lower bound; give it one that the tests pass with.")
    return f"{parsed.name}=={bounds[0]}"


def main() -> int:
    """Print the requirements, or the constraints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lowest", action="store_true", help="as constraints to the lowest versions")
    options = parser.parse_args()
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    for requirement in required(project):
        print(lowest(requirement) if options.lowest else requirement)
    return 0


if __name__ == "__main__":
    sys.exit(main())
