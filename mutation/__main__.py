"""`python -m mutation [--module NAME] [--again] [--report]`: see docs/reference/mutation.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from mutation.report import PAGE, reasons, unexplained, with_report
from mutation.results import FOLDER, Outcome, Results, load, save
from mutation.run import cases, outcomes, version_of_the_library
from mutation.scope import MODULES

RESULTS: Final = FOLDER / "results.json"
REASONS: Final = FOLDER / "reasons.toml"


def main() -> int:
    """Run what is asked for, and write the page; 1 where a change survives for no reason that is written down."""
    arguments = _arguments()
    if not arguments.report:
        _run(arguments.module or list(MODULES), again=arguments.again)
    return _report(load(RESULTS))


def _run(modules: list[str], *, again: bool) -> None:
    os.nice(19)
    kept = dict(load(RESULTS).modules) if RESULTS.exists() else {}
    begun = time.monotonic()
    for name, outcome in outcomes(modules, kept if again else {}):
        kept[name] = outcome
        tried = outcome.seen + len(outcome.survivors)
        print(f"{name:45}{outcome.seen:6} of {tried:4} seen, {len(outcome.unreached):4} not reached", flush=True)
        save(_results({known: kept[known] for known in MODULES if known in kept}), RESULTS)
    print(f"{time.monotonic() - begun:.0f} s")


def _report(results: Results) -> int:
    known = reasons(REASONS)
    PAGE.write_text(with_report(PAGE.read_text(encoding="utf-8"), results, known), encoding="utf-8")
    for module, one in unexplained(results, known):
        print(f"{module}:{one.line}: survives, and {REASONS.name} has no reason for it")
    return int(bool(unexplained(results, known)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("--module", action="append", choices=list(MODULES), help="only this one; may be repeated")
    parser.add_argument("--again", action="store_true", help="only the changes that no vector saw the last time")
    parser.add_argument("--report", action="store_true", help="run nothing, and write the page from what is kept")
    return parser.parse_args()


def _results(modules: dict[str, Outcome]) -> Results:
    return Results(
        date=datetime.now(UTC).date().isoformat(),
        version=version_of_the_library(),
        python=".".join(map(str, sys.version_info[:3])),
        cosmic_ray=version("cosmic-ray"),
        cases=cases(),
        modules=modules,
    )


if __name__ == "__main__":
    sys.exit(main())
