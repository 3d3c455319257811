# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Requests of operations that the API's document does not have. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from msgspec import UNSET

from .composites import Anything
from .errors import ParameterError
from .operations import Argument, Body, Operation, Request, Retry
from .parameters import Parameter

IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
"""RFC 9110, 9.2.2."""

_METHODS: Final = IDEMPOTENT_METHODS | {"POST", "PATCH"}
_UNQUOTED: Final = "/%:@!$&'()*+,;=?~"


def unlisted(method: str, path: str = "", *, secured: bool = True, retry: Retry | None = None) -> Operation:
    """An operation of which nothing is known but its method; that says whether it is idempotent.

    Args:
        method: An HTTP method.
        path: Its path, for people to read.
        secured: Whether its requests carry the client's key.
        retry: Which failures are transient.
    """
    method = method.upper()
    return Operation(
        id=f"{method} {path}".strip(),
        method=method,
        path=path,
        secured=secured,
        retry=retry,
        idempotent=method in IDEMPOTENT_METHODS,
    )


def unlisted_request(
    method: str, path: str, params: Mapping[str, object] | None, json: object = UNSET, *, retry: Retry | None = None
) -> Request:
    """A request of an operation that the document does not have.

    Args:
        method: An HTTP method.
        path: From the base URL on, beginning with one slash; what is not allowed in a URL is encoded, `%` is not.
        params: The query, added to the path's own if it has one; None is left out, and a list repeats its name.
        json: The body; UNSET for none.
        retry: Which failures are transient.

    Raises:
        ParameterError: the method is unknown, the path does not lead from the base URL, or a value cannot be sent.
    """
    if method.upper() not in _METHODS:
        raise ParameterError(f"The method {method!r} is none of {', '.join(sorted(_METHODS))}.")
    segments = path.partition("?")[0].split("/")
    if (
        not path.startswith("/")
        or path.startswith("//")
        or not path.isprintable()
        or "#" in path
        or {".", ".."} & set(segments)
    ):
        raise ParameterError(f"The path {path!r} does not lead from the base URL; give one like '/api/assets'.")
    operation = unlisted(method, "/".join(segments), retry=retry)
    sent = _Sender(operation, params or {}).request(json)
    query = sent.target.partition("?")[2]
    joined = f"{'&' if '?' in path else '?'}{query}" if query else ""
    return Request(operation, quote(path, safe=_UNQUOTED) + joined, sent.headers, sent.body)


class _Sender:
    """The operation with the parameters that this one request has, which encodes them as any other."""

    def __init__(self, operation: Operation, params: Mapping[str, object]) -> None:
        self._params = {f"p{number}": value for number, value in enumerate(params.values())}
        arguments = {
            argument: Argument(
                Parameter(name=name, argument=name, location="query", style="form", explode=True), Anything()
            )
            for argument, name in zip(self._params, params, strict=True)
        }
        bodies = (Body("application/json", "json", Anything()),)
        self._operation = Operation(operation.id, operation.method, "/", arguments, bodies)

    def request(self, json: object) -> Request:
        return self._operation.request(self._params, json)


__all__ = ["IDEMPOTENT_METHODS", "unlisted", "unlisted_request"]
