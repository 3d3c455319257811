"""The command: `python -m comfy_cloud.conformance --runner ./my-runner`."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from typing import Final

from comfy_cloud.conformance._checking import check
from comfy_cloud.conformance._judging import Result, Verdict
from comfy_cloud.conformance._program import LONGEST_CASE_S
from comfy_cloud.conformance._report import as_json, as_text, rules_as_markdown
from comfy_cloud.conformance._vectors import FAMILIES, Case, folder, load

PASSED: Final = 0
FAILED: Final = 1
MISUSED: Final = 2
_PROGRAM: Final = "python -m comfy_cloud.conformance"
_REFERENCE: Final = "the reference"


def main(argv: Sequence[str] | None = None, *, program: str = _PROGRAM) -> int:
    """Check a runner, and print what passed and what failed.

    Args:
        argv: The arguments; None for those of the process.
        program: What help calls the command.

    Returns:
        0 where every case passed or is not supported, 1 where one failed or the runner broke, 2 where the arguments
        name no case.
    """
    given = _parser(program).parse_args(argv)
    if given.folder or given.rules:
        sys.stdout.write(f"{folder() if given.folder else rules_as_markdown()}\n")
        return PASSED
    cases = _chosen(given.family, given.case)
    if not cases:
        sys.stderr.write("No case has this id; --rules lists them.\n")
        return MISUSED
    command = shlex.split(given.runner) if given.runner else _own()
    results: list[Result] = list(check(command, cases, given.limit))
    sys.stdout.write(f"{as_json(results) if given.json else _printable(as_text(results))}\n")
    bad = any(result.verdict in (Verdict.FAIL, Verdict.BROKEN) for result in results)
    return FAILED if bad else PASSED


def _printable(text: str) -> str:
    """A text without what the terminal's encoding has no characters for, such as halves of surrogate pairs."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _chosen(families: Sequence[str], ids: Sequence[str]) -> list[Case]:
    return [case for case in load() if (not families or case.family in families) and (not ids or case.id in ids)]


def _own() -> list[str]:
    return [sys.executable, "-m", "comfy_cloud.conformance.runner"]


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Check that a client of the Comfy Cloud API, in any language, behaves as the reference does.",
        epilog="Exit code: 0 all passed or unsupported, 1 a case failed or the runner broke, 2 wrong arguments.",
    )
    parser.add_argument("--runner", help=f"the program to check, with its arguments; left away, {_REFERENCE} itself")
    parser.add_argument("--family", action="append", default=[], choices=FAMILIES, help="only this one; repeatable")
    parser.add_argument("--case", action="append", default=[], metavar="ID", help="only this case; repeatable")
    parser.add_argument("--limit", type=_seconds, default=LONGEST_CASE_S, help="seconds for a case (%(default)g)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--folder", action="store_true", help="print where the vectors and their README are")
    parser.add_argument("--rules", action="store_true", help="print the rules, and the cases that show them")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("it needs to be more than 0 seconds")
    return seconds
