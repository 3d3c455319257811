"""`python -m comparison typescript FOLDER`, `stock FOLDER`, or `table`. Exit code: 0 as listed, 1 a surprise."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from comfy_cloud.conformance import Result, Verdict, check, load
from comparison.clients import CLIENTS
from comparison.defects import FAMILIES, listed, surprises, unseen
from comparison.tables import PAGE, page


def main(argv: Sequence[str] | None = None) -> int:
    """Make a client and compare it with its list of defects, or write the tables of the page."""
    parser = argparse.ArgumentParser(prog="python -m comparison", description="Put other clients to the vectors.")
    parser.add_argument("client", choices=["typescript", "stock", "table"])
    parser.add_argument("folder", nargs="?", type=Path, help="where the client is made")
    given = parser.parse_args(argv)
    if given.client == "table":
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if given.folder is None:
        parser.error("say in which folder the client is made")
    return compare(given.client, given.folder.resolve())


def compare(client: str, folder: Path) -> int:
    """Make a client, run the vectors, and print what is not as listed."""
    results, defects = checked(client, folder), listed(client)
    sys.stdout.write("".join(f"{line}\n" for line in counted(results)))
    wrong = [*surprises(results, defects), *unseen(defects.defects, folder)]
    sys.stdout.write("".join(f"{sentence}\n" for sentence in wrong))
    sys.stdout.write("" if wrong else f"As listed in comparison/{client}/defects.json.\n")
    return 1 if wrong else 0


def checked(client: str, folder: Path) -> list[Result]:
    """Make a client in a folder, and put it to the families that it is compared by."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = [case for case in load() if case.family in FAMILIES]
    return list(check(CLIENTS[client](folder), cases))


def counted(results: Sequence[Result]) -> list[str]:
    """A line for each family."""
    families = dict.fromkeys(result.case.family for result in results)
    return [
        f"{family}: {sum(r.verdict is Verdict.PASS for r in results if r.case.family == family)} of "
        f"{sum(r.case.family == family for r in results)} pass"
        for family in families
    ]


if __name__ == "__main__":
    sys.exit(main())
