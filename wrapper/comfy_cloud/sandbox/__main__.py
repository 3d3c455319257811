# ruff: noqa: T201 - a command line prints.
"""`python -m comfy_cloud.sandbox`: a sandbox for programs in any language, until Ctrl-C."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import signal
import sys
from typing import NoReturn

from . import DEFAULT_KEY, SandboxError
from ._library.made import made
from ._serving.log import LOGGER
from ._site.guard import is_loopback

_USAGE_ERROR = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say one sentence, without the usage that argparse puts in front of it."""
        self.exit(_USAGE_ERROR, f"{message[:1].upper()}{message[1:]}.\n")


class _Whole:
    """An argparse type: an integer within bounds, both included."""

    def __init__(self, low: int, high: float = float("inf")) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not an integer") from None
        if not self._low <= value <= self._high:
            upper = "or more" if self._high == float("inf") else f"to {self._high}"
            raise argparse.ArgumentTypeError(f"must be {self._low} {upper}, not {value}")
        return value


def _parser(program: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=program,
        description="A local Comfy Cloud, until Ctrl-C. Its URL, in a browser, shows the library.",
        epilog="Faults are described in comfy_cloud.sandbox.faults, features in comfy_cloud.sandbox.Dialect.",
        allow_abbrev=False,
    )
    _add_library(parser)
    _add_server(parser)
    _add_behaviour(parser)
    return parser


def _add_library(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("library")
    either = group.add_mutually_exclusive_group()
    either.add_argument("--assets", type=_Whole(0), default=2000, metavar="N", help="make so many (default 2000)")
    either.add_argument("--load", metavar="PATH", help="load a .json, .ndjson or .csv file, or a folder of files")
    group.add_argument("--seed", type=int, default=0, metavar="N", help="which made-up library (default 0)")
    group.add_argument("--database", metavar="FILE", help="keep the library in this SQLite file; what it has stays")


def _add_server(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("server")
    group.add_argument("--port", type=_Whole(0, 65535), default=8188, help="default 8188; 0 is any free one")
    group.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1, this machine only")
    group.add_argument("--key", default=DEFAULT_KEY, help=f"what clients must send (default {DEFAULT_KEY})")
    group.add_argument("--log", action="store_true", help="write a line for each request to standard error")


def _add_behaviour(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("behaviour")
    group.add_argument("--dialect", default="cloud", metavar="NAME", help="cloud (default) or comfyui")
    group.add_argument(
        *("--feature", "--features"),
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="features",
        help="change one feature of the dialect, such as cursors=on; may be given again",
    )
    group.add_argument(
        *("--faults", "--fault"),
        action="append",
        default=[],
        metavar="FAULTS",
        help="what goes wrong, such as '503*2; reset:10%%; latency=50ms'; may be given again",
    )
    group.add_argument("--fault-seed", type=int, default=0, metavar="N", help="the dice of the faults (default 0)")


def main(arguments: list[str] | None = None, *, program: str = "python -m comfy_cloud.sandbox") -> int:
    """Serve until Ctrl-C or SIGTERM, then return 0. What cannot be done is 2 and one sentence on standard error.

    `program` is what it is called in its help.
    """
    options = _parser(program).parse_args(arguments)
    # SIGINT too: a shell script that starts this in the background has it ignored, and could not end it.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        return _serve(options)
    except KeyboardInterrupt:
        return 0
    except (SandboxError, ValueError, ImportError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(_cannot_listen(options.host, options.port, error), file=sys.stderr)
    return _USAGE_ERROR


def _serve(options: argparse.Namespace) -> int:
    settings = {name: value for name, value in vars(options).items() if name != "log"}
    _show_log(requests=options.log)
    with made(**settings) as sandbox:
        if not is_loopback(options.host):
            print(f"Warning: {options.host} can be reached from other machines.", file=sys.stderr)
        print(f"URL: {sandbox.url}", f"Key: {sandbox.key}", sep="\n", flush=True)
        sandbox.wait()
    return 0


def _show_log(*, requests: bool) -> None:
    """Write to standard error what the sandbox fails on, and perhaps the requests."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logging.getLogger("comfy_cloud.sandbox").addHandler(handler)
    if requests:
        LOGGER.setLevel(logging.INFO)


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken: choose another with --port, or 0 for any free one."
    # In the system's words, without those of Python; names that cannot be resolved have numbers of their own.
    said = os.strerror(error.errno) if error.errno is not None and error.errno > 0 else error.strerror
    return f"Cannot listen on {host} port {port}: {said or error}."


if __name__ == "__main__":
    sys.exit(main())
