"""What is printed of the cases helps whoever writes a runner."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from comfy_cloud.conformance import Case, Result, Verdict, load, main
from comfy_cloud.conformance._report import as_json, as_text
from tests.conformance import runners

CASE = load("requests")[0]


def with_expectation(expect: Any, actual: Any) -> Result:
    """A case that failed."""
    case = Case(CASE.id, CASE.description, CASE.rules, CASE.source, CASE.input, expect)
    return Result(case, Verdict.FAIL, actual)


@pytest.mark.parametrize(
    ("expect", "actual", "line"),
    [
        ({"items": [1, 2, 3]}, {"items": [1, 3, 3]}, "items[1] is 3, not 2"),
        ({"items": [1, 2]}, {"items": [1]}, "items[1] is nothing, not 2"),
        ({"items": [1]}, {"items": [1, 2]}, "items[1] is 2, not nothing"),
        ({"value": {"a": [{"b": 1}]}}, {"value": {"a": [{"b": None}]}}, "value.a[0].b is null, not 1"),
        ({"value": {"a": 1}}, {"value": {"a": 1, "c": 2}}, "value.c is 2, not nothing"),
    ],
)
def test_a_failure_says_where_it_differs_first(expect: Any, actual: Any, line: str) -> None:
    """A listing of a thousand items is too long to be compared by eye."""
    assert f"  differs:  {line}" == as_text([with_expectation(expect, actual)]).splitlines()[-1]


@pytest.mark.parametrize("actual", [{"query": "b"}, {"sent": None}])
def test_what_differs_at_the_top_is_seen_without_a_word(actual: Any) -> None:
    """It stands one below the other."""
    assert "differs" not in as_text([with_expectation({"query": "a"}, actual)])


def test_a_failure_says_what_was_asked_for() -> None:
    """And by which rules, so that nobody looks it up."""
    told = as_text([Result(CASE, Verdict.FAIL, {})])
    assert f"  rules:    {', '.join(CASE.rules)}\n  input:    {json.dumps(CASE.input)}\n" in told
    (row,) = json.loads(as_json([Result(CASE, Verdict.FAIL, {})]))["not_passed"]
    assert (list(CASE.rules), CASE.input) == (row["rules"], row["input"])


def test_why_cases_are_not_supported_is_told_by_frequency() -> None:
    """The five most frequent reasons, and how many others there are."""
    reasons = [str(number) for number in range(7) for _ in range(10 - number)]
    told = as_text([Result(CASE, Verdict.UNSUPPORTED, why=reason) for reason in reasons]).splitlines()
    assert [f"not supported, {10 - number}: {number}" for number in range(5)] == told[3:8]
    assert ["and 2 other reasons; --json has them"] == told[8:]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_what_a_terminal_cannot_show_is_escaped(
    encoding: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters that its encoding lacks, and halves of surrogate pairs."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", printed)
    odd = runners.command(runners.LOOP + "print(json.dumps({'refused': '\\u65e5\\ud800'}), flush=True)")
    assert 1 == main(["--runner", odd, "--case", "filters/comma-in-tag", *arguments])
    printed.seek(0)
    assert "\\ud800" in printed.read()
