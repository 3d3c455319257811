"""A client made from flags and the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from comfy_cloud import ComfyCloud, RetryEvent, RetryPolicy
from comfy_cloud._http.events import LOG_VARIABLE
from comfy_cloud._settings import DEFAULT_TIMEOUT_S, FROM_ENVIRONMENT, ApiKey
from comfy_cloud.cli.exits import FlagError
from comfy_cloud.cli.flags import Connection
from comfy_cloud.cli.terminal import note


class _Hasty(ComfyCloud):
    """A client that Ctrl-C does not wait for: the process ends, and what is under way with it."""

    def __exit__(self, *raised: object) -> None:
        if not any(isinstance(each, KeyboardInterrupt) for each in raised):
            super().__exit__(*raised)


def opened(
    given: Connection,
    *,
    api_key: ApiKey = FROM_ENVIRONMENT,
    attempts: int | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> ComfyCloud:
    """A client, to be closed; nothing is sent yet.

    Args:
        given: The flags.
        api_key: What the key's file holds, if that was read before.
        attempts: How often a call is tried where no flag says so; None for the client's own.
        timeout_s: The longest wait for a read or write, in seconds, where no flag says so.

    Raises:
        ConfigurationError: the flags or the environment name no server, or none that takes the key.
        FlagError: the key's file holds none, or cannot be read.
    """
    if given.debug:
        os.environ.setdefault(LOG_VARIABLE, "debug")
    if given.api_key_file is not None and api_key is FROM_ENVIRONMENT:
        api_key = key_of(given.api_key_file)
    tries = attempts if given.attempts is None else given.attempts
    return _Hasty(
        api_key=api_key,
        base_url=given.base_url,
        timeout_s=timeout_s if given.timeout is None else given.timeout,
        retry=None if tries is None else RetryPolicy(attempts=tries),
        allow_http=given.allow_http,
        on_retry=_tell,
    )


def planned() -> ComfyCloud:
    """A client for queries that are looked at and not run: it has no key, and its server is not asked."""
    return ComfyCloud(api_key=None, base_url="http://127.0.0.1")


def key_of(file: Path) -> str:
    """The key that a file holds, or standard input where the file is `-`.

    Raises:
        FlagError: it holds none, or cannot be read.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FlagError(f"The file of the key cannot be read: {error.strerror}: {str(file)!r}.") from None
    except UnicodeDecodeError:
        text = ""
    if not text.strip():
        raise FlagError(f"The file {str(file)!r} holds no key; write the key into it, and nothing else.")
    return text.strip()


def _tell(event: RetryEvent) -> None:
    """On a terminal, say what is waited for."""
    note(f"Trying again in {event.wait_s:.1f} s: {event.why}.", only_on_terminal=True)
