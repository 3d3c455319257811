"""`python -m pipeline vendor|generate|spec_diff`: what the nox sessions of the same names run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.errors import PipelineError

ROOT: Final = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 a check failed, 2 refused."""
    parser = argparse.ArgumentParser(prog="pipeline", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_vendor(commands.add_parser("vendor", help="bring the published spec into openapi/"))
    _add_generate(commands.add_parser("generate", help="write generated/comfy_cloud_api from openapi/"))
    _add_spec_diff(commands.add_parser("spec_diff", help="say what changed between two specs, and what it breaks"))
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 2
    return code


def _add_vendor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", nargs="?", type=Path, help="a whole spec file (default: assemble openapi/pages)")
    parser.add_argument("--allow-removals", action="store_true", help="accept a spec that lost operations")
    parser.add_argument("--into", type=Path, default=ROOT / "openapi", help="the folder to write to")
    parser.set_defaults(run=_vendor)


def _vendor(options: argparse.Namespace) -> int:
    from pipeline.vendor import vendor_file, vendor_pages

    if options.spec is None:
        done = vendor_pages(options.into, allow_removals=options.allow_removals)
    else:
        done = vendor_file(options.spec, options.into, allow_removals=options.allow_removals)
    for note in done.superseded:
        print(note)
    print(f"{'Vendored' if done.changed else 'Unchanged:'} {done.operations} operations.")
    return 0


def _add_generate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the committed output differs")
    parser.set_defaults(run=_generate)


def _generate(options: argparse.Namespace) -> int:
    from pipeline.generate import OUR_CLIENT, compare, generate

    if not options.check:
        written = generate(OUR_CLIENT)
        print(f"Wrote {written} files to {OUR_CLIENT.output.relative_to(ROOT)}.")
        return 0
    differences = compare(OUR_CLIENT)
    for difference in differences:
        print(difference)
    if differences:
        print("The committed client is not what the spec generates; run: nox -s generate", file=sys.stderr)
        return 1
    print("The committed client is what the spec generates, byte for byte.")
    return 0


def _add_spec_diff(parser: argparse.ArgumentParser) -> None:
    from pipeline.spec_diff import command

    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


if __name__ == "__main__":
    sys.exit(main())
