"""How the clients are made that are compared with ours: each in its own folder, of the document and the overlay."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from pipeline.document import read_document
from pipeline.overlay import overlaid, read_overlay

_HERE: Final = Path(__file__).parent
_INPUT: Final = _HERE.parent / "openapi"
_DOCUMENT: Final = "openapi.json"


def write_document(folder: Path) -> Path:
    """Write the published document, with the overlay applied, as JSON; its path."""
    actions = read_overlay(_INPUT / "overlay.yaml")["actions"]
    document = overlaid(read_document(_INPUT / "openapi-cloud.yaml"), actions)
    path = folder / _DOCUMENT
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def typescript(folder: Path) -> list[str]:
    """Make the TypeScript client by @hey-api/openapi-ts, check its types, and give its runner's command.

    Args:
        folder: Where to; what an earlier run left there is replaced.

    Raises:
        FileNotFoundError: there is no npm.
        subprocess.CalledProcessError: a step failed, and said why.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("There is no npm; install Node.js 20.19 or later.")
    for made in ("client", "built"):
        shutil.rmtree(folder / made, ignore_errors=True)
    shutil.copytree(_HERE / "typescript", folder, dirs_exist_ok=True)
    write_document(folder)
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--engine-strict", "--no-audit", "--no-fund"], cwd=folder, check=True
    )
    subprocess.run([npm, "run", "build"], cwd=folder, check=True)
    return ["node", str(folder / "built" / "runner.js")]


def stock(folder: Path) -> list[str]:
    """Make the Python client by openapi-python-client as it is, and give its runner's command."""
    package = folder / "stock"
    shutil.rmtree(package, ignore_errors=True)
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),  # formatting changes nothing, and would depend on what is on PATH
        meta_type=MetaType.NONE,
        document_source=write_document(folder),
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    with contextlib.redirect_stdout(io.StringIO()):
        generate(config=config)
    return [sys.executable, str(_HERE / "stock" / "runner.py"), str(folder)]


CLIENTS: Final[Mapping[str, Callable[[Path], list[str]]]] = {"typescript": typescript, "stock": stock}
