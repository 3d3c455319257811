"""`spec_diff OLD NEW`: what changed between two OpenAPI documents for users of the Python package."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.document import Document, parse_document, read_document, read_text, validate_document
from pipeline.errors import PipelineError
from pipeline.spec_diff.compare import compare_documents
from pipeline.spec_diff.model import Severity
from pipeline.spec_diff.report import Report, as_json, as_markdown, as_text
from pipeline.spec_diff.versions import version_bump

ROOT: Final = Path(__file__).resolve().parents[2]
SPEC: Final = Path("openapi/openapi-cloud.yaml")
VERSION: Final = Path("wrapper/comfy_cloud/_version.py")
_PACKAGE: Final = "comfy_cloud_api"

EXIT_CODES: Final = {None: 0, Severity.COSMETIC: 10, Severity.ADDITIVE: 11, Severity.BREAKING: 12}
_EPILOG: Final = (
    "Exit codes: 0 the documents say the same; 10 cosmetic (docstrings at most); 11 additive (programs stay as they "
    "are); 12 breaking (a program may have to change); 2 refused. The keys of --json: pipeline/spec_diff/report.py."
)
_FORMATS: Final = {"text": as_text, "json": as_json, "markdown": as_markdown}


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print and return the exit code that says the class.

    Raises:
        PipelineError: a document or the version cannot be read.
    """
    parser = argparse.ArgumentParser(prog="spec_diff", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser, which may be a subcommand's, the arguments of this command."""
    parser.epilog = _EPILOG
    parser.add_argument("old", nargs="?", type=Path, help="the old document (default: the one last committed)")
    parser.add_argument("new", nargs="?", type=Path, help=f"the new document (default: {SPEC} as it is now)")
    parser.add_argument("--package", default=_PACKAGE, help="what the generated package is called")
    parser.add_argument("--version", help=f"the version released last (default: the one in {VERSION})")
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--json", dest="format", action="store_const", const="json", help="print JSON")
    formats.add_argument("--markdown", dest="format", action="store_const", const="markdown", help="print Markdown")
    parser.set_defaults(format="text", root=ROOT)


def run(options: argparse.Namespace) -> int:
    """Do what parsed arguments ask for; see `main`."""
    root: Path = options.root
    old = _committed(root) if options.old is None else read_document(options.old)
    new = read_document(options.new or root / SPEC)
    report = _report(old, new, options.package, options.version or current_version(root))
    sys.stdout.write(_FORMATS[options.format](report))
    return EXIT_CODES[report.worst]


def report_since_commit(root: Path) -> Report:
    """What changed in the vendored document since the last commit.

    Raises:
        PipelineError: a document or the version cannot be read.
    """
    return _report(_committed(root), read_document(root / SPEC), _PACKAGE, current_version(root))


def _report(old: Document, new: Document, package: str, version: str) -> Report:
    changes = compare_documents(old, new, package)
    worst = max((change.severity for change in changes), default=None)
    return Report(changes, version_bump(version, worst))


def _committed(root: Path) -> Document:
    """The document as the last commit has it."""
    name = f"{SPEC} of the last commit"
    try:
        shown = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "show", f"HEAD:./{SPEC.as_posix()}"],  # noqa: S607 - whichever git the maintainer uses
            cwd=root,
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise PipelineError(f"git is not installed, so {name} cannot be read; name both documents.") from error
    except subprocess.CalledProcessError as error:
        raise PipelineError(f"git has no {name}; name both documents.") from error
    try:
        document = parse_document(shown.stdout.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise PipelineError(f"{name} is not UTF-8 text; name both documents.") from error
    validate_document(document, name)
    return document


def current_version(root: Path) -> str:
    """The version that a source tree states.

    Raises:
        PipelineError: it states none.
    """
    found = re.search(r'__version__ = "([^"]*)"', read_text(root / VERSION))
    if not found:
        raise PipelineError(f"{VERSION} states no version; give one with --version.")
    return found[1]
