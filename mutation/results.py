"""What became of the changes, as it is kept in `results.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from msgspec import Struct, convert, to_builtins

FOLDER: Final = Path(__file__).parent


class Survivor(Struct, frozen=True):
    """A change that no vector sees.

    Attributes:
        operator: The operator's index.
        occurrence: Which of its places it is.
        line: Where.
        place: In which function or class; empty for the module's own level.
        before: The lines before, as one.
        after: The lines after.
        by_requests: Whether the cases, that all pass, were seen to take another number of requests.
    """

    operator: int
    occurrence: int
    line: int
    place: str
    before: str
    after: str
    by_requests: bool = False


class Unreached(Struct, frozen=True):
    """A change to what no vector runs; the attributes are those of a survivor, but that `before` is the line itself."""

    operator: int
    occurrence: int
    line: int
    place: str
    before: str = ""


class Outcome(Struct, frozen=True):
    """What became of a module.

    Attributes:
        sha256: Of its source.
        seen: How many changes a vector saw.
        endless: How many of these as the library went on for ever.
        survivors: Those that none saw.
        unreached: Those to code that no vector runs.
    """

    sha256: str
    seen: int
    endless: int
    survivors: tuple[Survivor, ...]
    unreached: tuple[Unreached, ...]


class Results(Struct, frozen=True):
    """What became of all modules.

    Attributes:
        date: When, as YYYY-MM-DD.
        version: Of the library.
        python: The Python that ran it.
        cosmic_ray: The version of cosmic-ray.
        cases: How many vectors there were.
        modules: By name.
    """

    date: str
    version: str
    python: str
    cosmic_ray: str
    cases: int
    modules: dict[str, Outcome]


def load(path: Path) -> Results:
    """What was kept."""
    return convert(json.loads(path.read_text(encoding="utf-8")), Results)


def save(results: Results, path: Path) -> None:
    """Keep it: one line for each change, so that differences can be read."""
    whole = to_builtins(results)
    lines = [f' "{name}": {json.dumps(value)}' for name, value in whole.items() if name != "modules"]
    lines.append(
        ' "modules": {\n' + ",\n".join(f'  "{name}": {_module(each)}' for name, each in whole["modules"].items())
    )
    path.write_text("{\n" + ",\n".join(lines) + "\n }\n}\n", encoding="utf-8")


def _module(outcome: dict[str, object]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {_value(value)}" for name, value in outcome.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        return "[" + ",".join(f"\n   {json.dumps(item, ensure_ascii=False)}" for item in value) + "]"
    return json.dumps(value)
