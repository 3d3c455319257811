"""What type checkers and editors make of errors: their attributes, and which is a kind of which. Checked, never run."""

from __future__ import annotations

from typing import assert_type

from comfy_cloud import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    ComfyCloud,
    ConfigurationError,
    DecodeError,
    FilterError,
    PaginationError,
    RateLimitError,
    ResponseTooLargeError,
    ResultError,
    StatusError,
    WalkDeadlineError,
)


def attributes(comfy: ComfyCloud) -> None:
    """What a handler or a bug report reads."""
    try:
        comfy.assets.count()
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.status, int)
    except StatusError as error:
        assert_type(error.code, str)
        assert_type(error.message, str)
        assert_type(error.details, object)
        assert_type(error.advice, str)
    except WalkDeadlineError as error:
        assert_type(error.token, str)
    except PaginationError as error:
        assert_type(error.token, str | None)
    except ResponseTooLargeError as error:
        assert_type(error.limit, str)
    except ApiError as error:
        assert_type(error.operation, str | None)
        assert_type(error.method, str | None)
        assert_type(error.url, str | None)
        assert_type(error.attempts, int | None)
        assert_type(error.elapsed_s, float | None)
        assert_type(error.request_id, str | None)


def kinds() -> None:
    """One tree, which meets Python's own errors where people look for them."""
    root: list[type[ApiError]] = [StatusError, ApiConnectionError, ResultError, DecodeError, ConfigurationError]
    status: type[StatusError] = AuthenticationError
    unreached: type[ApiConnectionError] = ApiTimeoutError
    late: type[ApiTimeoutError] = WalkDeadlineError
    values: list[type[ValueError]] = [ConfigurationError, FilterError]
    lookup: type[LookupError] = ResultError
    del root, status, unreached, late, values, lookup


def refused(error: ApiError) -> None:
    """Only what has a status has one."""
    error.status  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    wrong: type[StatusError] = ApiConnectionError  # type: ignore[assignment] # pyright: ignore[reportAssignmentType]
    del wrong
