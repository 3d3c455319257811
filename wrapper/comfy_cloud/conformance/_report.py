"""What became of the cases, for people and for programs. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from comfy_cloud.conformance._judging import Result, Verdict
from comfy_cloud.conformance._vectors import FAMILIES, Family, load, rules
from comfy_cloud.conformance._worlds import Json

_SHOWN: Final = 600  # characters of a value


def as_text(results: Sequence[Result]) -> str:
    """A line for each family, and each failure with what was expected and what was done."""
    lines = [f"{'family':12}{'pass':>7}{'fail':>7}{'broken':>8}{'unsupported':>13}"]
    lines += [_counted(family, results) for family in FAMILIES if any(one.case.family == family for one in results)]
    for result in results:
        if result.verdict in (Verdict.FAIL, Verdict.BROKEN):
            lines += ["", *_failure(result)]
    return "\n".join(lines)


def as_json(results: Sequence[Result]) -> str:
    """The same as JSON: counts by family, and each case that did not pass."""
    counts = {family: _counts(family, results) for family in FAMILIES}
    others = [_row(result) for result in results if result.verdict is not Verdict.PASS]
    whole = {"families": {family: each for family, each in counts.items() if any(each.values())}, "not_passed": others}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def rules_as_markdown() -> str:
    """A table of the rules for each family, each with the cases that show it."""
    return "\n\n".join(f"### {family}\n\n{_rules_of(family)}" for family in FAMILIES)


def _rules_of(family: Family) -> str:
    rows = ["| rule | cases |", "|---|---|"]
    for rule in (rule for rule in rules() if rule.family == family):
        names = [case.id.partition("/")[2] for case in load(family) if rule.id in case.rules]
        rows.append(f"| **{rule.id}**: {rule.text} | {', '.join(f'`{name}`' for name in names)} |")
    return "\n".join(rows)


def _counts(family: str, results: Sequence[Result]) -> dict[str, int]:
    found = Counter(result.verdict for result in results if result.case.family == family)
    return {verdict.value: found[verdict] for verdict in Verdict}


def _counted(family: str, results: Sequence[Result]) -> str:
    counts = _counts(family, results)
    return f"{family:12}{counts['pass']:7}{counts['fail']:7}{counts['broken']:8}{counts['unsupported']:13}"


def _failure(result: Result) -> list[str]:
    case = result.case
    head = [f"{result.verdict.value.upper()} {case.id}: {case.description}"]
    if result.verdict is Verdict.BROKEN:
        return [*head, f"  The runner {result.why}."]
    return [*head, f"  expected: {_shown(case.expect)}", f"  actual:   {_shown(result.actual)}"]


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _row(result: Result) -> Json:
    case, row = result.case, {"id": result.case.id, "verdict": result.verdict.value}
    if result.why:
        return {**row, "why": result.why}
    return {**row, "description": case.description, "expected": case.expect, "actual": result.actual}
