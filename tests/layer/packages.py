"""Client packages made of the specs beside this file, and one way to call their operations, sync or async."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pipeline.generate import OUR_CLIENT, render

SPECS: Final = Path(__file__).parent / "specs"
WAYS: Final = ("sync", "async")


@dataclass(frozen=True)
class Package:
    """A generated package."""

    name: str

    def module(self, path: str) -> ModuleType:
        """The module at a dotted path below the package."""
        return importlib.import_module(f"{self.name}.{path}")

    @property
    def models(self) -> Any:
        """Its models, by name."""
        return self.module("models")

    @property
    def errors(self) -> Any:
        """Its errors, by name."""
        return self.module("errors")

    @property
    def types(self) -> Any:
        """Its values, by name."""
        return self.module("types")


def write_package(spec: str, folder: Path) -> Package:
    """Generate the client of a spec, by its file's stem, below the folder."""
    package = Package(f"layer_{spec}")
    client = OUR_CLIENT._replace(spec=SPECS / f"{spec}.yaml", output=folder / package.name, overlay=None)
    for name, content in render(client).items():
        path = client.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return package


@dataclass(frozen=True)
class Caller:
    """Calls a package's operations at a server, in one of the two ways."""

    package: Package
    tag: str
    base_url: str
    way: str
    token: str = ""

    def detailed(self, operation: str, /, *args: object, **kwargs: object) -> Any:
        """The whole answer."""
        return self._call(operation, "_detailed", args, kwargs)

    def parsed(self, operation: str, /, *args: object, **kwargs: object) -> Any:
        """The answer's body."""
        return self._call(operation, "", args, kwargs)

    def _call(self, operation: str, suffix: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Any:
        module = self.package.module(f"api.{self.tag}.{operation}")
        if self.way == "sync":
            with self._client() as client:
                return getattr(module, f"sync{suffix}")(*args, client=client, **kwargs)
        return asyncio.run(self._awaited(getattr(module, f"asyncio{suffix}"), args, kwargs))

    async def _awaited(
        self, function: Callable[..., Awaitable[Any]], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> Any:
        async with self._client() as client:
            return await function(*args, client=client, **kwargs)

    def _client(self) -> Any:
        module = self.package.module("client")
        return module.AuthenticatedClient(self.base_url, self.token) if self.token else module.Client(self.base_url)
