"""A sandbox from settings as a command line or a marker gives them: texts and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from comfy_cloud.sandbox._api.dialects import dialect as dialect_of
from comfy_cloud.sandbox._sandbox import DEFAULT_KEY, Sandbox


def made(  # noqa: PLR0913 - settings, by name
    *,
    assets: int = 2000,
    seed: int = 0,
    load: str | PathLike[str] | None = None,
    database: str | PathLike[str] | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    key: str = DEFAULT_KEY,
    dialect: str = "cloud",
    features: Sequence[str] = (),
    faults: str | Sequence[str] = (),
    fault_seed: int = 0,
) -> Sandbox:
    """A sandbox that is not started: `assets` made-up ones, or those of the file or folder `load`.

    `features` are texts such as `cursors=off`, `faults` is one text or several. For the rest, and for what is raised,
    see `Sandbox.seeded` and `Sandbox.load`.
    """
    spoken = dialect_of(dialect, features)
    texts = faults if isinstance(faults, str) else "; ".join(text for text in faults if text.strip())
    if load is None:
        return Sandbox.seeded(
            assets,
            seed,
            host=host,
            port=port,
            key=key,
            dialect=spoken,
            faults=texts,
            fault_seed=fault_seed,
            database=database,
        )
    return Sandbox.load(
        load, host=host, port=port, key=key, dialect=spoken, faults=texts, fault_seed=fault_seed, database=database
    )
