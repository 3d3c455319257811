"""`comfy-cloud`, also as `python -m comfy_cloud.cli`: runs a command, and says in one sentence why it could not."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from importlib import import_module

_MISSING = "comfy-cloud needs typer and rich: pip install 'comfy-cloud[cli]'"
_USAGE = 2
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments say, and return its exit code; see `comfy_cloud.cli.exits` for those."""
    try:
        for needed in ("rich", "typer"):
            import_module(needed)
    except ImportError:
        sys.stderr.write(f"{_MISSING}\n")
        return _USAGE
    with warnings.catch_warnings():
        code = _flushed(_run(sys.argv[1:] if arguments is None else arguments))
    if code == _INTERRUPTED and arguments is None:
        os._exit(code)  # else Python would wait for the threads that fetch ahead, until their calls time out
    return code


def _run(arguments: list[str]) -> int:
    """Everything that ends a command comes by here."""
    try:
        from comfy_cloud.cli import running  # noqa: PLC0415 - needs the extra, and takes long enough for a Ctrl-C
    except KeyboardInterrupt:
        return _INTERRUPTED
    try:
        return running.run(arguments)
    except BaseException as error:  # noqa: BLE001 - each has its code and its sentence
        if "--debug" in arguments:
            traceback.print_exception(error)
        return running.ended(error)


def _flushed(code: int) -> int:
    """Python flushes at its end, and complains if that fails; so what cannot be written goes nowhere."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


if __name__ == "__main__":
    sys.exit(main())
