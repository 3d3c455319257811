"""One process, one broken module: import the library with it, put the library to the vectors, and tell.

Nothing is written anywhere. The module's broken source is compiled in memory and takes the place of the installed one
when it is imported, so that no file of the checkout or of the installation is touched, and no trial sees another's.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FrameType, ModuleType
from typing import Any, Final

from mutation.scope import Scope

CONFORMANCE: Final = "comfy_cloud.conformance"
BY_REQUESTS: Final = "requests"
"""What is told where all cases pass, with other requests than the vectors' `informative` has; a test compares them."""


class Instead(MetaPathFinder):
    """Finds a module's broken source in place of what is installed."""

    def __init__(self, module: str, text: str) -> None:
        self._module, self._text = module, text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `MetaPathFinder`."""
        if fullname != self._module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin, self._text)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the interface's
        """Compiled now; what is cached is the installed source's."""
        return compile(self._text, self.path, "exec", dont_inherit=True)


def seen_by(module: str, text: str, scope: Scope) -> str:
    """What of the vectors sees that a module's text is this one: a case, an exception; empty for nothing."""
    sys.meta_path.insert(0, Instead(module, text))
    try:
        return _first_failure(scope)
    except BaseException as error:  # noqa: BLE001 - whatever a broken library raises, it is seen
        return f"{type(error).__name__}"


def _first_failure(scope: Scope) -> str:
    conformance, runner = (importlib.import_module(name) for name in (CONFORMANCE, f"{CONFORMANCE}.runner"))
    others = False
    for family in scope.families:
        for layer in scope.layers:
            made: dict[str, int] = {}
            answer = partial(_answered, runner, layer, made)
            for result in conformance.check_in_memory(answer, conformance.load(family)):
                if result.verdict.value in ("fail", "broken"):
                    return f"{result.case.id}"
                told = (result.case.informative or {}).get("requests")
                others = others or (told is not None and told != made[result.case.id])
    return BY_REQUESTS if others else ""


def _answered(runner: Any, layer: str, made: dict[str, int], task: Any, world: Any) -> Any:  # noqa: ANN401 - modules of the broken library
    answer = runner.answer(task, runner.Setup("blocking", layer, runner.transports(world, "blocking")))
    made[task["id"]] = len(world.asked)
    return answer


def reached(module: str, path: str, scope: Scope) -> set[int]:
    """The lines of a module that the vectors run, those of its import included.

    Raises:
        RuntimeError: a case fails although nothing is broken, so that no trial would tell anything.
    """
    lines: set[int] = set()

    def traced(frame: FrameType, _event: str, _argument: object) -> Any:  # noqa: ANN401 - a trace function
        if frame.f_code.co_filename != path:
            return None
        lines.add(frame.f_lineno)
        return traced

    sys.settrace(traced)
    try:
        failure = _first_failure(scope)
    finally:
        sys.settrace(None)
    if failure:
        raise RuntimeError(f"{failure} fails although {module} is not broken; mend that first.")
    return lines
