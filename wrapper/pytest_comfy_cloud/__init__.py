"""A pytest plugin: the fixture `comfy_sandbox` is a local Comfy Cloud, fresh for each test.

    def test_my_program(comfy_sandbox):
        with ComfyCloud(base_url=comfy_sandbox.url, api_key=comfy_sandbox.key) as comfy:
            assert comfy.assets.count() == 200

    @pytest.mark.comfy_sandbox(assets=2000, dialect="comfyui", faults="503*2")
    def test_that_it_tries_again(comfy_sandbox): ...

It needs `pip install 'comfy-cloud[sandbox]'`. It is a package of its own, and not a module of `comfy_cloud`, so that
pytest, which imports every installed plugin, imports neither `comfy_cloud` nor an HTTP library until a test asks for
the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from comfy_cloud.sandbox import Sandbox

__all__ = ["comfy_sandbox"]

_ASSETS = 200
_OPTIONS = ("assets", "seed", "load", "key", "dialect", "features", "faults", "fault_seed")
_MARKER = f"comfy_sandbox({', '.join(f'{name}=...' for name in _OPTIONS)}): what the fixture comfy_sandbox serves"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, for `--strict-markers` and `pytest --markers`."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def comfy_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A `comfy_cloud.sandbox.Sandbox` of 200 made-up assets, listening on loopback, closed after the test.

    The marker `comfy_sandbox` changes it; what is marked nearer to the test wins. `assets` and `seed` say how many
    and which; `load` is a file or folder to load instead; `key` is what clients must send; `dialect` and `features`
    (such as `["cursors=off"]`) are how it speaks; `faults` is a text as `--faults` takes it, drawn with `fault_seed`.
    """
    options = _options(request.node)
    from comfy_cloud.sandbox import SandboxError  # noqa: PLC0415 - not before a test asks for it
    from comfy_cloud.sandbox._library.made import made  # noqa: PLC0415 - the same

    try:
        sandbox = made(**options)
    except (SandboxError, ValueError) as error:
        pytest.fail(f"The marker comfy_sandbox: {error}", pytrace=False)
    with sandbox:
        yield sandbox


def _options(item: pytest.Item) -> dict[str, Any]:  # values are checked where a sandbox is made of them
    options: dict[str, Any] = {"assets": _ASSETS}
    for marker in reversed(list(item.iter_markers("comfy_sandbox"))):
        unknown = sorted(set(marker.kwargs) - set(_OPTIONS))
        if marker.args or unknown:
            what = f"no {unknown[0]}" if unknown else "nothing without a name"
            pytest.fail(f"The marker comfy_sandbox takes {what}; it takes {', '.join(_OPTIONS)}.", pytrace=False)
        options.update(marker.kwargs)
    return options
