"""Bring a published spec into `openapi/`: from its pages, or from one whole file, here or on the web."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.document import Document, operations, parse_document, read_text, validate_document
from pipeline.errors import PipelineError
from pipeline.fetch import fetch
from pipeline.pages import Page, Superseded, assemble

SPEC_NAME: Final = "openapi-cloud.yaml"

_SOURCE: Final = """\
# Where {spec} comes from

Written by `nox -s vendor`; a test compares the sha256 with the file.

| | |
|---|---|
| origin | {origin} |
| vendored | {day} |
| version | OpenAPI {openapi}, {title} {version} |
| operations | {operations} |
| sha256 | `{sha256}` |
{inputs}
## To update it

- From pages: save them, unchanged, in `pages/`, list them newest first in `pages/index.yaml`, run `nox -s vendor`.
- From a whole file: `nox -s vendor -- path/to/{spec}`. It is copied byte for byte.
- From the web: `nox -s vendor -- --fetch https://.../{spec}`.

Then `nox -s generate`. A spec that is not valid, is cut off, or lost operations we have is refused; where operations
really went away, add `--allow-removals`.
"""


class Vendored(NamedTuple):
    """What `vendor` did."""

    operations: int
    changed: bool
    superseded: tuple[Superseded, ...]


class _Candidate(NamedTuple):
    text: str
    name: str
    origin: str
    inputs: Sequence[Page] = ()
    superseded: tuple[Superseded, ...] = ()


def vendor_pages(folder: Path, *, allow_removals: bool = False) -> Vendored:
    """Assemble `folder/pages` into `folder/openapi-cloud.yaml` and record it in SOURCE.md.

    Raises:
        PipelineError: see `pipeline.pages.assemble`; nothing is written then.
    """
    index = parse_document(read_text(folder / "pages" / "index.yaml"), "index.yaml")
    listed = [str(name) for name in index.get("newest_first") or []]
    present = sorted(path.name for path in (folder / "pages").glob("*.md"))
    if sorted(listed) != present:
        odd = ", ".join(sorted(set(listed) ^ set(present))) or "a page twice"
        raise PipelineError(f"pages/index.yaml and the folder disagree on {odd}; list each page once, newest first.")
    pages = [Page(name, read_text(folder / "pages" / name)) for name in listed]
    assembly = assemble(pages)
    origin = f"{len(pages)} published pages, {index.get('origin', 'origin not stated')}"
    candidate = _Candidate(assembly.text, SPEC_NAME, origin, pages, assembly.superseded)
    return _install(candidate, folder, allow_removals=allow_removals)


def vendor_file(spec: Path, folder: Path, *, origin: str | None = None, allow_removals: bool = False) -> Vendored:
    """Take a whole spec file as it is, byte for byte; `origin` is what SOURCE.md says instead of the file's name.

    Raises:
        PipelineError: it is not valid, is cut off, or lost operations and `allow_removals` is false.
    """
    text = read_text(spec)
    if not text.endswith("\n") and not text.rstrip().endswith("}"):
        raise PipelineError(f"{spec.name} does not end with a line end, so it seems cut off; fetch it again.")
    candidate = _Candidate(text, spec.name, origin or f"the file {spec.name}")
    return _install(candidate, folder, allow_removals=allow_removals)


def vendor_url(url: str, folder: Path, *, allow_removals: bool = False) -> Vendored:
    """Download a whole spec and take it as it is, byte for byte; SOURCE.md says from where.

    Raises:
        PipelineError: see `pipeline.fetch.fetch` and `vendor_file`; nothing is written then.
    """
    with tempfile.TemporaryDirectory(prefix="comfy-cloud-vendor-") as scratch:
        spec = fetch(url, Path(scratch))
        origin = f"<{url.replace('|', '%7C')}>"  # it stands in a table
        return vendor_file(spec, folder, origin=origin, allow_removals=allow_removals)


def _install(candidate: _Candidate, folder: Path, *, allow_removals: bool) -> Vendored:
    document = parse_document(candidate.text, candidate.name)
    validate_document(document, candidate.name)
    target = folder / SPEC_NAME
    old_text = read_text(target) if target.exists() else ""
    changed = candidate.text != old_text
    if changed and old_text.startswith(candidate.text):
        raise PipelineError(f"{candidate.name} is the beginning of the spec we have, so it is cut off; fetch it again.")
    if old_text and not allow_removals:
        _refuse_removals(parse_document(old_text, SPEC_NAME), document, candidate.name)
    count = sum(1 for _ in operations(document))
    if changed or not (folder / "SOURCE.md").exists():
        _write(target, candidate.text)
        _write(folder / "SOURCE.md", describe_source(candidate, document, datetime.now(UTC).date()))
    return Vendored(count, changed, candidate.superseded)


def _refuse_removals(old: Document, new: Document, name: str) -> None:
    kept = {key for key, _ in operations(new)}
    lost = [str(key) for key, _ in operations(old) if key not in kept]
    if lost:
        raise PipelineError(f"{name} lost {', '.join(lost)}; if that is meant, add --allow-removals.")


def describe_source(candidate: _Candidate, document: Document, day: date) -> str:
    """The text of SOURCE.md."""
    inputs = ""
    if candidate.inputs:
        rows = "\n".join(f"| `pages/{page.name}` | `{sha256(page.text)}` |" for page in candidate.inputs)
        inputs = f"\n| page, newest first | sha256 |\n|---|---|\n{rows}\n"
    if candidate.superseded:
        notes = "\n".join(f"- `{note.pointer}`: {note.newer} over {note.older}" for note in candidate.superseded)
        inputs += f"\nWhere pages word the same thing differently, the newer was kept:\n\n{notes}\n"
    return _SOURCE.format(
        spec=SPEC_NAME,
        origin=candidate.origin,
        day=day.isoformat(),
        openapi=document["openapi"],
        title=document["info"]["title"],
        version=document["info"]["version"],
        operations=sum(1 for _ in operations(document)),
        sha256=sha256(candidate.text),
        inputs=inputs,
    )


def sha256(text: str) -> str:
    """The sha256 of the text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that an interruption leaves the old one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(text.encode())
    temporary.replace(path)
