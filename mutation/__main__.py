"""`python -m mutation [--module NAME] [--again] [--report]`: see docs/reference/mutation.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mutation.results import FOLDER, Results, load, save
from mutation.run import outcomes
from mutation.scope import MODULES

RESULTS = FOLDER / "results.json"


def main() -> int:
    """Run what is asked for, and keep what comes of it."""
    arguments = _arguments()
    os.nice(19)
    kept = load(RESULTS).modules if RESULTS.exists() else {}
    begun = time.monotonic()
    for name, outcome in outcomes(arguments.module or list(MODULES), kept if arguments.again else {}):
        kept[name] = outcome
        tried = outcome.seen + len(outcome.survivors)
        print(f"{name:45}{outcome.seen:6} of {tried:4} seen, {len(outcome.unreached):4} not reached", flush=True)
        save(_results({known: kept[known] for known in MODULES if known in kept}), RESULTS)
    print(f"{time.monotonic() - begun:.0f} s")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("--module", action="append", choices=list(MODULES), help="only this one; may be repeated")
    parser.add_argument("--again", action="store_true", help="only the changes that no vector saw the last time")
    return parser.parse_args()


def _results(modules: dict[str, object]) -> Results:
    folder = Path("conformance/vectors")
    return Results(
        date=datetime.now(UTC).date().isoformat(),
        version="", python=sys.version.split()[0], cosmic_ray=version("cosmic-ray"), cases=0, modules=modules)


if __name__ == "__main__":
    sys.exit(main())
