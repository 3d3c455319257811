"""`python -m pipeline COMMAND`: what the nox sessions run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.errors import PipelineError

ROOT: Final = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 a check failed, 2 refused, 3 generated with something missing."""
    parser = argparse.ArgumentParser(prog="pipeline", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_vendor(commands.add_parser("vendor", help="bring the published spec into openapi/"))
    _add_generate(commands.add_parser("generate", help="write generated/comfy_cloud_api from openapi/"))
    _add_spec_diff(commands.add_parser("spec_diff", help="say what changed between two specs, and what it breaks"))
    _add_api_diff(commands.add_parser("api_diff", help="say what of the public API broke since the last release"))
    changelog = commands.add_parser("changelog", help="tell a new spec in CHANGELOG.md, and say what to review")
    changelog.set_defaults(run=_changelog)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 2
    return code


def _add_vendor(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("spec", nargs="?", type=Path, help="a whole spec file (default: assemble openapi/pages)")
    source.add_argument("--fetch", metavar="URL", help="download a whole spec over https")
    parser.add_argument("--allow-removals", action="store_true", help="accept a spec that lost operations")
    parser.add_argument("--into", type=Path, default=ROOT / "openapi", help="the folder to write to")
    parser.set_defaults(run=_vendor)


def _vendor(options: argparse.Namespace) -> int:
    from pipeline.vendor import vendor_file, vendor_pages, vendor_url

    if options.fetch is not None:
        done = vendor_url(options.fetch, options.into, allow_removals=options.allow_removals)
    elif options.spec is not None:
        done = vendor_file(options.spec, options.into, allow_removals=options.allow_removals)
    else:
        done = vendor_pages(options.into, allow_removals=options.allow_removals)
    for note in done.superseded:
        print(note)
    print(f"{'Vendored' if done.changed else 'Unchanged:'} {done.operations} operations.")
    return 0


def _add_generate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the committed output differs")
    parser.add_argument("--spec", type=Path, help="another self-contained OpenAPI 3.0 or 3.1 document, in YAML or JSON")
    parser.add_argument("--output", type=Path, help="the package's folder, for --spec: its name is the package's")
    parser.add_argument("--overlay", type=Path, help="an OpenAPI Overlay 1.0 to apply to --spec first")
    parser.set_defaults(run=_generate)


def _generate(options: argparse.Namespace) -> int:
    from pipeline.generate import OUR_CLIENT, compare, generate

    if options.spec or options.output or options.overlay:
        return _generate_other(options)
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


def _generate_other(options: argparse.Namespace) -> int:
    """Another spec's package: one line for each construct that is put otherwise, or is missing."""
    from pipeline.generate import OUR_CLIENT, generate_nearest

    if not options.spec or not options.output or options.check:
        raise PipelineError("Another package needs --spec and --output, and takes no --check; give both.")
    client = OUR_CLIENT._replace(spec=options.spec, output=options.output.absolute(), overlay=options.overlay)
    rendered = generate_nearest(client)
    for note in (*rendered.notes, *rendered.missing):
        print(note)
    print(f"Wrote {len(rendered.files)} files to {options.output}.")
    if rendered.missing:
        print(f"{len(rendered.missing)} operations or schemas are missing from the output.", file=sys.stderr)
        return 3
    return 0


def _add_spec_diff(parser: argparse.ArgumentParser) -> None:
    from pipeline.spec_diff import command

    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


def _add_api_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", nargs="?", help="a git tag or commit to compare with (default: the last release)")
    parser.set_defaults(run=_api_diff)


def _api_diff(options: argparse.Namespace) -> int:
    from pipeline import api_diff

    return api_diff.run(ROOT, options.ref)


def _changelog(_: argparse.Namespace) -> int:
    from pipeline.update import record

    print(record(ROOT), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
