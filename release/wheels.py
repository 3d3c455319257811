"""Whether two wheels hold the same files: `python -m release.wheels ONE OTHER`."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile


def differences(one: Path, other: Path) -> list[str]:
    """The files that only one wheel has, or that differ, each with what is wrong."""
    here, there = contents(one), contents(other)
    missing = [f"{name} is in {one.name} only" for name in sorted(here.keys() - there.keys())]
    extra = [f"{name} is not in {one.name}" for name in sorted(there.keys() - here.keys())]
    return missing + extra + [f"{name} differs" for name in sorted(here) if here[name] != there.get(name, here[name])]


def contents(wheel: Path) -> dict[str, bytes]:
    """A wheel's files, by name."""
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(found) or "The wheels hold the same files, byte for byte.")
    sys.exit(1 if found else 0)
