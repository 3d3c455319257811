"""The same specs through plain openapi-python-client, and what the checks need to call either package alike."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Final

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from pipeline.document import operations, read_document
from tests.layer.packages import SPECS
from tests.layer.server import Answer, Server

KEY: Final = "s3cret-key"


def write_stock_package(spec: str, folder: Path) -> None:
    """What the generator writes without our pipeline; nothing at all where it refuses or raises."""
    settings = ConfigFile(post_hooks=[])  # formatting changes no fault, and would depend on what is on PATH
    config = Config.from_sources(
        settings,
        meta_type=MetaType.NONE,
        document_source=SPECS / f"{spec}.yaml",
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder / f"stock_{spec}",
    )
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(ValueError):
        generate(config=config)


@dataclass(frozen=True)
class Layer:
    """A generated package of shelf.yaml and a server that it talks to."""

    folder: Path
    server: Server

    prefix: ClassVar[str] = "layer"
    key_options: ClassVar[Mapping[str, Any]] = {}

    @property
    def name(self) -> str:
        """The package's name."""
        return f"{self.prefix}_shelf"

    def module(self, path: str) -> ModuleType:
        """A module of the package; importing it may raise, which is a fault as well."""
        return importlib.import_module(f"{self.name}.{path}")

    def operation(self, name: str) -> ModuleType:
        """The module of an operation."""
        return self.module(f"api.shelf.{name}")

    @property
    def models(self) -> Any:
        """The package's models."""
        return self.module("models")

    @property
    def unset(self) -> Any:
        """The package's UNSET."""
        return self.module("types").UNSET

    def bare_client(self, **options: Any) -> Any:
        """A client as the package makes it of an address and a key."""
        return self.module("client").AuthenticatedClient(base_url=self.server.url, token=KEY, **options)

    def client(self, **options: Any) -> Any:
        """A client that sends the key as the spec wants it, told so where the package does not know it."""
        return self.bare_client(**self.key_options, **options)

    def call(self, operation: str, *args: object, answer: Answer | None = None, **kwargs: object) -> Any:
        """The whole answer of an operation to what the server is told to answer."""
        self.server.answer = answer or Answer()
        with self.client() as client:
            return self.operation(operation).sync_detailed(*args, client=client, **kwargs)

    def missing_operations(self, spec: str) -> list[str]:
        """The operations of a spec that have no module, or one that cannot be imported."""
        count, missing = 0, []
        for path in sorted((self.folder / f"{self.prefix}_{spec}" / "api").glob("*/*.py")):
            if path.name == "__init__.py":
                continue
            count += 1
            try:
                importlib.import_module(f"{self.prefix}_{spec}.api.{path.parent.name}.{path.stem}")
            except (ImportError, NameError, SyntaxError):
                missing.append(path.stem)
        wanted = sum(1 for _ in operations(read_document(SPECS / f"{spec}.yaml")))
        return missing + ["?"] * (wanted - count)


class StockLayer(Layer):
    """Stock output, with what its user would have to tell it."""

    prefix = "stock"
    key_options: ClassVar[Mapping[str, Any]] = {"prefix": "", "auth_header_name": "X-Key"}
