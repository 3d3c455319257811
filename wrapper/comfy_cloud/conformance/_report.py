"""What became of the cases, for people and for programs. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from comfy_cloud.conformance._judging import Result, Verdict
from comfy_cloud.conformance._vectors import FAMILIES, Family, load, rules
from comfy_cloud.conformance._worlds import Json, is_list, is_object

_SHOWN: Final = 600  # characters of a value
_REASONS: Final = 5  # why cases are not supported, the most frequent ones
_NOTHING: Final = object()
_INSIDE: Final = re.compile(r"\w[.\[]")  # a place that is not seen at a glance


def as_text(results: Sequence[Result]) -> str:
    """A line for each family, why cases are not supported, and each failure with what was expected and what was done.

    It may hold characters that not every terminal can show, and halves of surrogate pairs.
    """
    lines = [f"{'family':12}{'pass':>7}{'fail':>7}{'broken':>8}{'unsupported':>13}"]
    lines += [_counted(family, results) for family in FAMILIES if any(one.case.family == family for one in results)]
    lines += _reasons(Counter(result.why for result in results if result.verdict is Verdict.UNSUPPORTED))
    for result in results:
        if result.verdict in (Verdict.FAIL, Verdict.BROKEN):
            lines += ["", *_failure(result)]
    return "\n".join(lines)


def as_json(results: Sequence[Result]) -> str:
    """The same as JSON, in ASCII: counts by family, and each case that did not pass."""
    counts = {family: _counts(family, results) for family in FAMILIES}
    others = [_row(result) for result in results if result.verdict is not Verdict.PASS]
    whole = {"families": {family: each for family, each in counts.items() if any(each.values())}, "not_passed": others}
    return json.dumps(whole, indent=2)


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


def _reasons(counted: Counter[str]) -> list[str]:
    rest = len(counted) - _REASONS
    lines = [f"not supported, {count}: {why}" for why, count in counted.most_common(_REASONS)]
    return ["", *lines, *([f"and {rest} other reasons; --json has them"] if rest > 0 else [])] if lines else []


def _failure(result: Result) -> list[str]:
    case = result.case
    head = [
        f"{result.verdict.value.upper()} {case.id}: {case.description}",
        f"  rules:    {', '.join(case.rules)}",
        f"  input:    {_shown(case.input)}",
    ]
    if result.verdict is Verdict.BROKEN:
        return [*head, f"  The runner {result.why}."]
    place, wanted, found = _difference(case.expect, result.actual, "")
    return [
        *head,
        f"  expected: {_shown(case.expect)}",
        f"  actual:   {_shown(result.actual)}",
        *([f"  differs:  {place} is {_named(found)}, not {_named(wanted)}"] if _INSIDE.search(place) else []),
    ]


def _difference(wanted: Json, found: Json, place: str) -> tuple[str, Json, Json]:
    """Where two values that are not equal differ first, and what is there; `_NOTHING` where one of them ends."""
    if is_object(wanted) and is_object(found):
        names = [*wanted, *(name for name in found if name not in wanted)]
        pairs = [(f"{place}.{name}", wanted.get(name, _NOTHING), found.get(name, _NOTHING)) for name in names]
    elif is_list(wanted) and is_list(found):
        both = zip_longest(wanted, found, fillvalue=_NOTHING)
        pairs = [(f"{place}[{at}]", one, other) for at, (one, other) in enumerate(both)]
    else:
        return place.removeprefix("."), wanted, found
    return next((_difference(one, other, at) for at, one, other in pairs if one != other), (place, wanted, found))


def _named(value: Json) -> str:
    return "nothing" if value is _NOTHING else _shown(value)


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _row(result: Result) -> Json:
    case, row = result.case, {"id": result.case.id, "verdict": result.verdict.value}
    if result.why:
        return {**row, "why": result.why}
    told = {"description": case.description, "rules": case.rules, "input": case.input}
    return {**row, **told, "expected": case.expect, "actual": result.actual}
