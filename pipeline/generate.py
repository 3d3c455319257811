"""Write a client package from a spec, the same bytes wherever and by whomever it is run.

openapi-python-client is called as a library in a scratch folder; what it writes gets its header, `py.typed` and
formatting there, and only a finished package replaces the old one.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import openapi_python_client
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from pipeline import formatting
from pipeline.document import Document, read_self_contained
from pipeline.errors import PipelineError
from pipeline.normalise import normalise
from pipeline.overlay import overlaid, read_overlay
from pipeline.template_data import reserve_names, template_globals

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


def header() -> str:
    """What stands at the top of every generated file."""
    generator = f"openapi-python-client {openapi_python_client.__version__}"
    return f"# generated, do not edit\n# made by: nox -s generate ({generator})\n"


def generate(client: Client) -> int:
    """Write the client's package, replacing the folder that is there; returns the number of files.

    Raises:
        PipelineError: the spec is refused, or the generator could not express all of it. The old output stays.
    """
    files = render(client)
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
    """The package as its files' contents by relative path; `document` stands in for the client's own."""
    document = document or client_document(client)
    normalised = normalise(document)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH) as scratch:
        package = Path(scratch) / client.output.name
        config = _config(client, package)
        data = _parsed(normalised.document, config, client.spec.name)
        reserve_names(data, config)
        project = Project(openapi=data, config=config, custom_template_path=client.templates)
        project.env.globals.update(template_globals(document, normalised))
        with contextlib.redirect_stdout(io.StringIO()):
            errors = project.build()
        operations = project.env.get_template("operations.py.jinja").render()
        (package / "operations.py").write_text(operations, encoding="utf-8")
        if errors:
            raise PipelineError(_explain(errors, client.spec.name))
        _finish(package)
        return _read_tree(package)


def _parsed(document: Document, config: Config, spec: str) -> GeneratorData:
    """The parser's data; what it could not express is refused here, before a template misses it."""
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        raise PipelineError(_explain([data], spec))
    collections = data.endpoint_collections_by_tag.values()
    if errors := [*data.errors, *(error for collection in collections for error in collection.parse_errors)]:
        raise PipelineError(_explain(errors, spec))
    return data


def _config(client: Client, package: Path) -> Config:
    return Config.from_sources(
        ConfigFile.load_from_path(client.settings),
        meta_type=MetaType.NONE,
        document_source=client.spec,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )


def _finish(package: Path) -> None:
    (package / "py.typed").touch()
    shutil.copytree(_RUNTIME, package / "_runtime", ignore=shutil.ignore_patterns("__pycache__"))
    formatting.tidy(package)
    for path in sorted(package.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_bytes((header() + ("\n" if text else "") + text).encode())


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
