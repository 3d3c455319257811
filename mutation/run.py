"""Break the modules, one change at a time, and put each to the vectors."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from mutation.pool import ENDLESS, each
from mutation.results import Outcome, Survivor, Unreached
from mutation.scope import MODULES
from mutation.source import Change, Source
from mutation.trial import BY_REQUESTS, CONFORMANCE, reached, seen_by

WORKERS: Final = 2
_OURS: Final = ("comfy_cloud", "mutation")
_SAME: Final = "same"


def source(module: str) -> Source:
    """The installed source of a module, without importing it."""
    package, _, rest = module.partition(".")
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    path = Path(spec.submodule_search_locations[0], *rest.split(".")).with_suffix(".py")
    return Source(module, str(path), path.read_text(encoding="utf-8"))


def prepare() -> None:
    """Import all that the library imports, and nothing of the library: so each trial imports only that."""
    ((_, names),) = each(_imported, [f"{CONFORMANCE}.runner"], 1)
    for name in names:
        importlib.import_module(name)


def cases() -> int:
    """How many vectors there are."""
    ((_, count),) = each(lambda name: len(importlib.import_module(name).load()), [CONFORMANCE], 1)
    return int(count)


def version_of_the_library() -> str:
    """Its own, without importing it here."""
    ((_, found),) = each(lambda name: str(importlib.import_module(name).__version__), ["comfy_cloud"], 1)
    return str(found)


def _imported(name: str) -> list[str]:
    importlib.import_module(name)
    others = [found for found in sys.modules if not found.startswith((*_OURS, "__m"))]
    return [found for found in others if getattr(sys.modules[found], "__spec__", None) is not None]


def outcome(module: str, before: Outcome | None = None) -> Outcome:
    """What becomes of a module; with an outcome of the same source, of what no vector saw then."""
    text = source(module)
    digest = hashlib.sha256(text.text.encode()).hexdigest()
    earlier = before if before is not None and before.sha256 == digest else None
    again = {(one.operator, one.occurrence) for one in (*earlier.survivors, *earlier.unreached)} if earlier else None
    lines = _reached(text)
    wanted = [one for one in text.changes if again is None or one[:2] in again]
    there = [one for one in wanted if lines.intersection(text.statement(one.line))]
    seen = Counter({"seen": earlier.seen, ENDLESS: earlier.endless}) if earlier else Counter[str]()
    survivors = list(_tried(text, there, seen))
    return Outcome(
        sha256=digest,
        seen=seen["seen"],
        endless=seen[ENDLESS],
        survivors=tuple(sorted(survivors, key=lambda one: (one.line, one.operator, one.occurrence))),
        unreached=tuple(
            Unreached(*one, text.place(one.line), text.line(one.line)) for one in wanted if one not in there
        ),
    )


def _reached(text: Source) -> set[int]:
    ((_, lines),) = each(lambda one: sorted(reached(one.module, one.path, MODULES[one.module])), [text], 1)
    if lines == ENDLESS:
        raise RuntimeError(f"The vectors of {text.module} fail although nothing is broken; mend that first.")
    return set(lines)


def _tried(text: Source, changes: list[Change], seen: Counter[str]) -> Iterator[Survivor]:
    def trial(change: Change) -> tuple[str, str, str]:
        broken = text.broken(change)
        try:
            same = text.means_the_same(broken)
        except SyntaxError:
            same = True
        return (*text.shown(broken), _SAME if same else seen_by(text.module, broken, MODULES[text.module]))

    for change, told in each(trial, changes, WORKERS):
        if told == ENDLESS:
            seen.update(("seen", ENDLESS))
        elif told[2] in ("", BY_REQUESTS):
            yield Survivor(*change, text.place(change.line), told[0], told[1], bool(told[2]))
        elif told[2] != _SAME:
            seen["seen"] += 1


def outcomes(modules: list[str], before: Mapping[str, Outcome]) -> Iterator[tuple[str, Outcome]]:
    """What becomes of each module."""
    prepare()
    for module in modules:
        yield module, outcome(module, before.get(module))
