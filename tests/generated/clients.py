"""Clients generated for a test from a spec of its own, imported from where they were written."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from pipeline.generate import OUR_CLIENT, Client, render
from tests.generated.package import Package


def generated_from(spec: Path, folder: Path, name: str) -> Package:
    """A package `name` below a folder, generated from a spec with our settings and templates."""
    client = Client(spec, OUR_CLIENT.settings, OUR_CLIENT.templates, folder / name)
    for path, content in render(client).items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_bytes(content)
    start = folder / name / "__init__.py"
    found = importlib.util.spec_from_file_location(name, start, submodule_search_locations=[str(folder / name)])
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return Package(module)


def forget(name: str) -> None:
    """Undo the import of a package."""
    for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[module]
