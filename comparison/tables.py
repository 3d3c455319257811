"""What docs/reference/comparison.md shows: counted from the lists of defects and the vectors, never typed by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from comfy_cloud.conformance import Result, Verdict, check_in_memory, load
from comfy_cloud.conformance.runner import Setup, answer, transports
from comparison.defects import FAMILIES, Listed, listed
from pipeline.pins import GENERATOR, exact_pins

_ROOT: Final = Path(__file__).parents[1]
PAGE: Final = _ROOT / "docs" / "reference" / "comparison.md"
_RESULTS: Final = "## Results"
_ALL: Final = ("requests", "responses", "filters", "pagination", "retries", "redirects", "keys")
_GENERATED: Final = ("comfy_cloud_api", "blocking")
_OURS: Final = [(layer, way) for layer in ("comfy_cloud", "comfy_cloud_api") for way in ("blocking", "awaiting")]


def page() -> str:
    """The page docs/reference/comparison.md as it is to be: its own words, and then the tables."""
    return PAGE.read_text(encoding="utf-8").partition(_RESULTS)[0] + f"{_RESULTS}\n\n{tables()}\n"


def tables() -> str:
    """The tables of the page, as Markdown."""
    ours = {face: _results(*face) for face in _OURS}
    others = {"typescript": _hey_api(), "stock": _stock()}
    rows = [_row(f"`{layer}`, {way}", _counted(results)) for (layer, way), results in ours.items()]
    rows += [_row(name, _without(listed(client))) for client, name in others.items()]
    generated = [result.case.id for result in ours[_GENERATED] if result.verdict is Verdict.PASS]
    lists = [line for client, name in others.items() for line in ["", f"### {name}", "", *_defects(listed(client))]]
    head = ["| client | " + " | ".join(_ALL) + " |", "|---" * (len(_ALL) + 1) + "|"]
    return "\n".join([*head, *rows, "", *_shared(generated, others), *lists])


def _shared(generated: Sequence[str], others: Mapping[str, str]) -> Iterator[str]:
    """Only what `comfy_cloud_api` answers for: the errors of statuses are the wrapper's, and would flatter it."""
    yield "| client | requests | responses that `comfy_cloud_api` reads itself |"
    yield "|---|---|---|"
    shared = {family: {case for case in generated if case.startswith(f"{family}/")} for family in FAMILIES}
    yield "| `comfy_cloud_api` | " + " | ".join(f"{len(cases)} of {len(cases)}" for cases in shared.values()) + " |"
    for client, name in others.items():
        failed = set(listed(client).cases)
        cells = [f"{len(cases - failed)} of {len(cases)}" for cases in shared.values()]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _results(layer: str, way: str) -> list[Result]:
    return list(check_in_memory(partial(_answered, layer=layer, way=way), load()))


def _answered(task: Any, world: Any, *, layer: Any, way: Any) -> Any:  # noqa: ANN401 - JSON, and the runner's words
    return answer(task, Setup(way, layer, transports(world, way)))


def _counted(results: Sequence[Result]) -> dict[str, str]:
    found = Counter((result.case.family, result.verdict) for result in results)
    cells = {}
    for family in _ALL:
        passed, unsupported = found[family, Verdict.PASS], found[family, Verdict.UNSUPPORTED]
        tried = sum(found[family, verdict] for verdict in Verdict) - unsupported
        cells[family] = f"{passed} of {tried}" + (f", {unsupported} not its own" if unsupported and tried else "")
        cells[family] = cells[family] if tried else "-"
    return cells


def _without(defects: Listed) -> dict[str, str]:
    failed = Counter(case.partition("/")[0] for case in defects.cases)
    sizes = {family: sum(1 for case in load() if case.family == family) for family in FAMILIES}
    return {family: f"{size - failed[family]} of {size}" for family, size in sizes.items()}


def _row(name: str, cells: dict[str, str]) -> str:
    return f"| {name} | " + " | ".join(cells.get(family, "-") for family in _ALL) + " |"


def _defects(defects: Listed) -> Iterator[str]:
    yield "| what it does | where that is seen | cases |"
    yield "|---|---|---|"
    for one in defects.defects:
        line = one.line.replace("|", "\\|")
        fence = "``" if "`" in line else "`"
        cases = ", ".join(f"`{case}`" for case in one.cases)
        yield f"| {one.defect} | {fence}{line}{fence} in `{one.file}` | {cases} |"


def _hey_api() -> str:
    package = json.loads((_ROOT / "comparison" / "typescript" / "package.json").read_text(encoding="utf-8"))
    return f"@hey-api/openapi-ts {package['devDependencies']['@hey-api/openapi-ts']}"


def _stock() -> str:
    pins = exact_pins((_ROOT / "pyproject.toml").read_text(encoding="utf-8"), "pipeline")
    return f"{GENERATOR} {pins[GENERATOR]}"
