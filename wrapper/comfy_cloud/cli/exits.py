"""Which error ends the command with which code, in one table, and the sentence that it says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from comfy_cloud.cli.exporting.errors import OtherExportError
from comfy_cloud.cli.showing import visible
from comfy_cloud.errors import (
    ApiConnectionError,
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    FilterError,
    FilterIgnoredError,
    NotFoundError,
    PaginationError,
    ParameterError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ResponseError,
    ServerError,
    SubscriptionInactiveError,
)


class FlagError(ValueError):
    """Flags that do not go together, or a value that is none; the message is for people."""


class AssetMissingError(LookupError):
    """There is no asset with this id; the message is for people."""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a command ends.

    Attributes:
        code: What the shell is told.
        meaning: In words, for `--help`.
        errors: What ends it so.
    """

    code: int
    meaning: str
    errors: tuple[type[BaseException], ...] = ()


EXITS: Final = (
    Exit(0, "done, also where whoever reads the output stops early", (BrokenPipeError,)),
    Exit(1, "something else, such as a file that cannot be written"),
    Exit(
        2,
        "flags, filters or settings that cannot be used",
        (FlagError, OtherExportError, FilterError, ConfigurationError, ParameterError, BadRequestError),
    ),
    Exit(
        3,
        "the key is not accepted, may not do this, or its subscription is not active",
        (AuthenticationError, PermissionDeniedError, SubscriptionInactiveError),
    ),
    Exit(4, "there is no such thing", (NotFoundError, AssetMissingError)),
    Exit(
        5,
        "the server cannot be reached, takes too long, or fails",
        (ApiConnectionError, ServerError, RateLimitError, RedirectError),
    ),
    Exit(
        6,
        "the server's answers cannot be read or trusted",
        (ResponseError, FilterIgnoredError, PaginationError),
    ),
    Exit(130, "ended by Ctrl-C", (KeyboardInterrupt,)),
)
"""The first that names an error, or a class above it, says the code; whatever none names is 1."""

OTHER: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130


_FLAGS: Final = {
    "pass api_key=...": "use --api-key-file",
    "pass allow_http=True": "use --allow-http",
    "raise timeout_s": "raise --timeout",
    "use filter(...) for it": "use --here",
    "use filter(...) in place of where(...), or where(..., verify=False)": "use --here, or --no-verify",
}
"""What the library's advice is called here."""


def code_of(error: BaseException) -> int:
    """The exit code of an error."""
    return next((each.code for each in EXITS if isinstance(error, each.errors)), OTHER)


def sentence(error: BaseException) -> str:
    """What an error is told as: one line, without what could move a terminal's cursor. Empty where nothing is said.

    What a defect says may hold anything, so only its type is told.
    """
    match error:
        case KeyboardInterrupt() | BrokenPipeError():
            return ""
        case ApiError():
            return visible(_in_flags(str(error)))
        case FlagError() | AssetMissingError() | ImportError():
            return visible(str(error))
        case OSError(strerror=str(said)):
            where = f" {error.filename}" if error.filename else ""
            return visible(f"The system refuses{where}: {said}.")
        case _:
            return f"This is a defect ({type(error).__name__}); run it again with --debug, and report what it shows."


def _in_flags(text: str) -> str:
    for python, flag in _FLAGS.items():
        text = text.replace(python, flag)
    return text


def told() -> str:
    """The table, for `--help`."""
    return "\n".join(f"  {each.code:<4} {each.meaning}" for each in EXITS)
