"""Write a client package from a spec, the same bytes wherever and by whomever it is run.

openapi-python-client is called as a library in a scratch folder; what it writes gets its header, `py.typed` and
formatting there, and only a finished package replaces the old one.
"""

from __future__ import annotations

import contextlib
import io
import keyword
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import openapi_python_client
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from pipeline import formatting
from pipeline.coverage import missing, unwritten
from pipeline.degrade import degrade
from pipeline.document import Document, check_self_contained, read_self_contained
from pipeline.errors import PipelineError
from pipeline.normalise import normalise
from pipeline.overlay import overlaid, read_overlay
from pipeline.plain_schemas import Note
from pipeline.references import plain_references
from pipeline.shapes import shaped
from pipeline.template_data import reserve_names, separate_modules, template_globals

_ROOT: Final = Path(__file__).resolve().parent.parent
_RUNTIME: Final = Path(__file__).resolve().parent / "runtime"
_SCRATCH: Final = "comfy-cloud-generate-"


class Client(NamedTuple):
    """A client to generate: from which spec and overlay, with which settings and templates, to which package folder."""

    spec: Path
    settings: Path
    templates: Path
    output: Path
    overlay: Path | None = None


OUR_CLIENT: Final = Client(
    spec=_ROOT / "openapi" / "openapi-cloud.yaml",
    settings=_ROOT / "openapi" / "generator.yaml",
    templates=_ROOT / "openapi" / "templates",
    output=_ROOT / "generated" / "comfy_cloud_api",
    overlay=_ROOT / "openapi" / "overlay.yaml",
)


_MARK: Final = "# generated, do not edit\n# made by: nox -s generate"


class Rendered(NamedTuple):
    """A package's files by relative path, what was changed or left out for the generator's sake, what is missing."""

    files: Mapping[str, bytes]
    notes: tuple[Note, ...]
    missing: tuple[Note, ...]


def header(client: Client = OUR_CLIENT) -> str:
    """What stands at the top of every generated file: nothing that another machine would say otherwise."""
    generator = f"openapi-python-client {openapi_python_client.__version__}"
    spec = client.spec.name if client.spec.name.isprintable() else "another spec"
    given = "" if client.spec == OUR_CLIENT.spec else f" -- --spec {spec} --output {client.output.name}"
    return f"{_MARK}{given} ({generator})\n"


def check_output(folder: Path) -> None:
    """Refuse a folder that is not ours to replace, or cannot be a package.

    Raises:
        PipelineError: its name is no package's, or it is there and was not generated.
    """
    if not folder.name.isidentifier() or keyword.iskeyword(folder.name):
        raise PipelineError(
            f"{folder.name or folder} is no name of a Python package; name the output folder otherwise."
        )
    if not folder.exists() and not folder.is_symlink():
        return
    try:
        begins = (folder / "__init__.py").read_bytes()[: len(_MARK)]
    except OSError:
        begins = b""
    if folder.is_symlink() or begins != _MARK.encode():
        raise PipelineError(f"{folder} is there and was not generated; name a folder that is new, or was.")


def generate(client: Client) -> int:
    """Write the client's package, replacing the folder that is there; returns the number of files.

    Raises:
        PipelineError: the spec is refused, or the generator could not express all of it. The old output stays.
    """
    return write(client, render(client))


def generate_nearest(client: Client) -> Rendered:
    """Write the package that is nearest to what a spec says, to a folder that is new or was generated.

    Raises:
        PipelineError: the spec or the folder is refused; nothing is written.
    """
    check_output(client.output)
    rendered = render_nearest(client)
    try:
        write(client, rendered.files)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise PipelineError(f"{client.output} cannot be written ({reason}); check the path.") from error
    return rendered


def write(client: Client, files: Mapping[str, bytes]) -> int:
    """Put a package's files in the place of the folder that is there; returns their number."""
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=_made(client.output.parent)) as scratch:
        fresh = Path(scratch) / "fresh"
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if client.output.exists():
            client.output.rename(Path(scratch) / "old")
        fresh.rename(client.output)
    return len(files)


def compare(client: Client) -> list[str]:
    """Generate elsewhere and say, one line a file, how the committed output differs."""
    expected, actual = render(client), _read_tree(client.output)
    lines = [f"missing: {name}" for name in sorted(expected.keys() - actual.keys())]
    lines += [f"not generated: {name}" for name in sorted(actual.keys() - expected.keys())]
    lines += [f"differs: {name}" for name in sorted(expected.keys() & actual.keys()) if expected[name] != actual[name]]
    return lines


def client_document(client: Client) -> Document:
    """What the client is generated from: the spec, with its overlay applied."""
    document = read_self_contained(client.spec)
    return overlaid(document, read_overlay(client.overlay)["actions"]) if client.overlay else document


def render(client: Client, document: Document | None = None) -> Mapping[str, bytes]:
    """The package as its files' contents by relative path; `document` stands in for the client's own.

    Raises:
        PipelineError: the spec is refused, or the generator could not express all of it.
    """
    rendered = render_nearest(client, document, strict=True)
    return rendered.files


def render_nearest(client: Client, document: Document | None = None, *, strict: bool = False) -> Rendered:
    """The package that is nearest to what the spec says, and where it differs.

    Raises:
        PipelineError: the spec is refused, or, if `strict`, differs anywhere.
    """
    document = document or client_document(client)
    check_self_contained(document, client.spec.name)
    sound, faults = shaped(document)
    plain = plain_references(sound)
    normalised = normalise(plain)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH) as scratch:
        package = Path(scratch) / client.output.name
        config = _config(client, package)
        degraded = degrade(normalised, config)
        lacking = missing(sound, normalised, degraded.parsed)
        if strict and (differences := [*faults, *degraded.notes, *lacking]):
            told = "; ".join(map(str, differences))
            raise PipelineError(f"The generator cannot express all of {client.spec.name}: {told}")
        _build(client, package, degraded.parsed.data, template_globals(plain, normalised))
        notes = (*faults, *unwritten(sound), *normalised.notes, *degraded.notes)
        return Rendered(_read_tree(package), tuple(dict.fromkeys(notes)), tuple(lacking))


def _build(client: Client, package: Path, data: GeneratorData, code: Mapping[str, Any]) -> None:
    config = _config(client, package)
    reserve_names(data, config)
    separate_modules(data)
    project = Project(openapi=data, config=config, custom_template_path=client.templates)
    project.env.globals.update(code)
    with contextlib.redirect_stdout(io.StringIO()):
        errors = project.build()
    operations = project.env.get_template("operations.py.jinja").render()
    (package / "operations.py").write_text(operations, encoding="utf-8")
    if errors:
        raise PipelineError(_explain(errors, client.spec.name))
    _finish(client, package)


def _config(client: Client, package: Path) -> Config:
    return Config.from_sources(
        ConfigFile.load_from_path(client.settings),
        meta_type=MetaType.NONE,
        document_source=client.spec,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )


def _finish(client: Client, package: Path) -> None:
    (package / "py.typed").touch()
    shutil.copytree(_RUNTIME, package / "_runtime", ignore=shutil.ignore_patterns("__pycache__"))
    formatting.tidy(package)
    for path in sorted(package.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_bytes((header(client) + ("\n" if text else "") + text).encode())


def _explain(errors: Sequence[GeneratorError], spec: str) -> str:
    reasons = "; ".join(" ".join(f"{error.header}: {error.detail or ''}".split()) for error in errors)
    return f"The generator cannot express all of {spec}: {reasons}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _read_tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder; what Python caches there when the package is imported is not part of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
