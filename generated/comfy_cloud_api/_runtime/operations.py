# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""An operation of the API as data: how its arguments become a request, and how its answers are read. Pure."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self, TypeAlias, cast

import httpx
from msgspec import UNSET, Struct
from msgspec import field as member
from msgspec.structs import replace

from .bodies import (
    EncodedBody,
    Encoding,
    form_body,
    json_body,
    multipart_body,
    raw_body,
)
from .bounds import shown
from .codec import decode_json
from .deviations import Deviation, Findings
from .drift import Drift
from .errors import DecodeError, ModelError, ParameterError, UnexpectedStatus
from .kinds import Kind, Unreadable, Wire, copied
from .models import Model
from .parameters import (
    Parameter,
    check_bounds,
    encode_cookies,
    encode_headers,
    encode_path,
    encode_query,
)
from .subclasses import Exchange
from .values import File, Payload, Response

OPERATION_EXTENSION: Final = "openapi_operation"
"""The key in a request's httpx extensions under which its `Operation` travels, for transports and hooks."""

ANSWER_EXTENSION: Final = "openapi_answer"
"""The key in a response's httpx extensions under which a transport leaves what `Operation.read` made of it, so that an
answer whose body was tried before it counted as a success is not decoded twice."""

BodyForm: TypeAlias = Literal["json", "form", "multipart", "raw"]


class Argument(Struct, frozen=True):
    """A parameter, and the kind of its values."""

    parameter: Parameter
    kind: Kind[Any]


class Body(Struct, frozen=True):
    """One of the content types in which an operation takes its body."""

    content_type: str
    form: BodyForm
    kind: Kind[Any]
    encodings: Mapping[str, Encoding] = member(default_factory=dict[str, Encoding])


class Reply(Struct, frozen=True):
    """What the API documents for one status: JSON of a kind, text, bytes, or nothing at all."""

    json: Kind[Any] | None = None
    text: bool = False
    binary: bool = False


class Pagination(Struct, frozen=True):
    """How a listing is paged: the wire names of its parameters and of its answer's properties, where they exist."""

    offset: str | None = None
    limit: str | None = None
    cursor: str | None = None
    items: str | None = None
    total: str | None = None
    has_more: str | None = None
    next_cursor: str | None = None


class Retry(Struct, frozen=True):
    """Which failures another attempt can mend.

    Attributes:
        transient_statuses: Worth another attempt, if the operation is idempotent.
        retry_after_statuses: Those of them that are, only if the answer says when to come back.
        unprocessed_statuses: Those that say that nothing was done, so that any operation may be sent again.
        transient_codes: Error codes that are worth another attempt although the answer does not say when to come back.
        permanent_codes: Error codes that make an attempt useless whatever the status.
        subscription_words: Words of the code or message, in lower case, that together tell an inactive subscription.
    """

    transient_statuses: frozenset[int] = frozenset()
    retry_after_statuses: frozenset[int] = frozenset()
    unprocessed_statuses: frozenset[int] = frozenset()
    transient_codes: frozenset[str] = frozenset()
    permanent_codes: frozenset[str] = frozenset()
    subscription_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is ready to be sent, but for the server's address and the key."""

    operation: Operation
    target: str
    headers: Mapping[str, str]
    body: EncodedBody | None = field(repr=False)


class Operation(Struct, frozen=True, eq=False):
    """One operation.

    Attributes:
        id: The spec's operationId.
        method: In capitals.
        path: The spec's path template.
        arguments: By Python name.
        bodies: In the spec's order; the first that takes the value is used.
        replies: By status: `"200"`, `"2XX"` or `"default"`.
        secured: Whether requests carry the client's key.
        deprecated: Whether the spec advises against it.
        body_required: Whether a request without body is refused.
        idempotent: Whether sending it twice has the effect of sending it once; by its method where nothing is known.
        pagination: How it is paged, if it is a listing.
        retry: Which failures are transient, where that is known.
    """

    id: str
    method: str
    path: str
    arguments: Mapping[str, Argument] = member(default_factory=dict[str, Argument])
    bodies: Sequence[Body] = ()
    replies: Mapping[str, Reply] = member(default_factory=dict[str, Reply])
    secured: bool = True
    deprecated: bool = False
    body_required: bool = False
    idempotent: bool = False
    pagination: Pagination | None = None
    retry: Retry | None = None

    def request(self, values: Mapping[str, object], body: object = UNSET) -> Request:
        """The request that these arguments, by Python name, and this body make. UNSET stands for "not given".

        Raises:
            ParameterError: one of them is not what the API allows; the message names it.
        """
        if self.deprecated:
            warnings.warn(f"{self.id} is deprecated by the API.", DeprecationWarning, stacklevel=4)
        located: dict[str, list[tuple[Parameter, Wire]]] = {"query": [], "path": [], "header": [], "cookie": []}
        for name, value in values.items():
            if value is not UNSET:
                parameter = self.arguments[name].parameter
                located[parameter.location].append((parameter, self._wire(name, value)))
        query = encode_query(located["query"])
        target = encode_path(self.path, located["path"]) + (f"?{query}" if query else "")
        headers = encode_headers(located["header"])
        if cookies := encode_cookies(located["cookie"]):
            headers["Cookie"] = cookies
        encoded = self._encoded(body)
        return Request(self, target, {**headers, **(encoded.headers if encoded else {})}, encoded)

    def _wire(self, name: str, value: object) -> Wire:
        argument = self.arguments[name]
        if value is None and not argument.parameter.required:
            return None
        try:
            wire = copied(argument.kind.write(value))
        except (ParameterError, ModelError) as error:
            raise ParameterError(f"{name}: {error}") from None
        check_bounds(argument.parameter, wire)
        return wire

    def _encoded(self, value: object) -> EncodedBody | None:
        if value is UNSET:
            if self.body_required:
                raise ParameterError(f"{self.id} needs a body.")
            return None
        refusal: ParameterError | None = None
        for body in self.bodies:
            try:
                return encode_body(body, value)
            except ParameterError as error:
                refusal = refusal or error
        raise refusal or ParameterError(f"{self.id} takes no body.")

    def reading(self, *models: type[Model]) -> Self:
        """The same operation, whose answers hold these subclasses of the spec's models in their place.

        So a package can add methods to what the spec declares without a second object for each. A subclass may have
        fields of its own; their names on the wire are then never taken from an answer.
        """
        exchange = Exchange(models)
        replies = {
            status: replace(reply, json=reply.json and exchange.kind(reply.json))
            for status, reply in self.replies.items()
        }
        return replace(self, replies=replies)

    def read(self, response: httpx.Response, *, strict: bool = True, drift: Drift | None = None) -> Response[Any]:
        """Read an answer whose body is complete.

        Args:
            response: The answer.
            strict: Raise for a status that the API does not document, instead of parsing it to None.
            drift: Where to count how the answer differs from the published document, also where this raises.

        Raises:
            UnexpectedStatus: see `strict`.
            DecodeError: the body is not what the API documents for this status.
        """
        # Taken away, as httpx's answers refer to themselves: what one holds lives until the garbage is collected.
        if isinstance(known := response.extensions.pop(ANSWER_EXTENSION, None), Response):
            return known
        findings = None if drift is None else Findings()
        try:
            return self._read(response, findings, strict=strict)
        finally:
            if drift is not None and findings is not None:
                drift.add(self.id, findings)

    def _read(self, response: httpx.Response, findings: Findings | None, *, strict: bool) -> Response[Any]:
        status, content = response.status_code, response.content
        reply = self.reply(status)
        if reply is None and findings is not None:
            findings.add(f"status {status}", Deviation.STATUS, 1, content)
        if reply is None and strict:
            raise UnexpectedStatus(status, response.headers.get("content-type", ""), content)
        parsed = self._parsed(reply or Reply(), response, findings)
        return Response(status, content, response.headers, parsed)

    def reply(self, status: int) -> Reply | None:
        """What the API documents for a status; the exact one before its range before the default."""
        for pattern in (str(status), f"{status // 100}XX", "default"):
            if pattern in self.replies:
                return self.replies[pattern]
        return None

    def _parsed(self, reply: Reply, response: httpx.Response, findings: Findings | None) -> object:
        bodiless = self.method == "HEAD" or response.status_code in (204, 205, 304)
        sent_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if bodiless or not (reply.json or reply.text or reply.binary):
            return None
        if reply.json is not None and (is_json(sent_type) or not (reply.text or reply.binary)):
            return self._decoded(reply.json, response, findings)
        return response.text if reply.text and (not reply.binary or sent_type.startswith("text/")) else response.content

    def _decoded(self, kind: Kind[Any], response: httpx.Response, findings: Findings | None) -> object:
        try:
            return decode_json(kind, response.content, findings)
        except Unreadable as error:
            sent_type = response.headers.get("content-type", "")
            if findings is not None and not findings.found:  # it is no JSON, so there are no places to name
                findings.add("body", Deviation.BODY, 1, response.content)
            reason = str(error) or "it is of another type"
            raise DecodeError(response.status_code, sent_type, response.content, reason) from None


def is_json(content_type: str) -> bool:
    """Whether a media type, in lower case and without parameters, is JSON."""
    return content_type == "application/json" or content_type.endswith("+json")


def encode_body(body: Body, value: object) -> EncodedBody:
    """Encode a body in one of its content types.

    Raises:
        ParameterError: the value is not what this content type takes.
    """
    if body.form == "raw":
        if not _is_content(value):
            raise ParameterError(f"body: {shown(value)} is no bytes, text, file or iterator of bytes.")
        return raw_body(cast("Payload | File", value), body.content_type)
    try:
        wire = body.kind.write(value)
    except (ParameterError, ModelError) as error:
        raise ParameterError(f"body: {error}") from None
    if body.form == "json":
        return json_body(copied(wire), body.content_type)
    fields = copied(wire)
    if not isinstance(fields, dict):
        raise ParameterError(f"body: {body.content_type} needs an object with properties.")
    return (form_body if body.form == "form" else multipart_body)(fields, body.encodings)


def _is_content(value: object) -> bool:
    """Whether this can be sent as it is; lists and mappings are data, unless all they hold is bytes."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, bytes) for item in cast("Sequence[object]", value))
    if isinstance(value, bytes | str | File | AsyncIterable) or hasattr(value, "read"):
        return True
    return isinstance(value, Iterable) and not isinstance(value, Mapping)


__all__ = [
    "ANSWER_EXTENSION",
    "OPERATION_EXTENSION",
    "Argument",
    "Body",
    "Operation",
    "Pagination",
    "Reply",
    "Request",
    "Retry",
]
