# ruff: noqa: T201 - a command line prints.
"""`python -m comfy_cloud.sandbox`: a sandbox for programs in any language, until Ctrl-C."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
from typing import NoReturn

from . import DEFAULT_KEY, Sandbox

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


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m comfy_cloud.sandbox", description="A local Comfy Cloud, until Ctrl-C.")
    parser.add_argument("--assets", type=_Whole(0), default=2000, metavar="N", help="how many (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="which library of that size (default 0)")
    parser.add_argument("--port", type=_Whole(0, 65535), default=8188, help="default 8188; 0 is any free one")
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1, this machine only")
    parser.add_argument("--key", default=DEFAULT_KEY, help=f"what clients must send (default {DEFAULT_KEY})")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM, then return 0. A wrong argument or a taken port is 2 and one sentence."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _serve(options)
    except KeyboardInterrupt:
        return 0
    except (ValueError, ImportError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(_cannot_listen(options.host, options.port, error), file=sys.stderr)
    return _USAGE_ERROR


def _serve(options: argparse.Namespace) -> int:
    sandbox = Sandbox.seeded(options.assets, options.seed, host=options.host, port=options.port, key=options.key)
    with sandbox:
        print(f"URL: {sandbox.url}", f"Key: {sandbox.key}", sep="\n", flush=True)
        sandbox.wait()
    return 0


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken: choose another with --port, or 0 for any free one."
    return f"Cannot listen on {host} port {port}: {error.strerror or error}."


if __name__ == "__main__":
    sys.exit(main())
