"""What the template of an operation's module needs: the facts of the raw document as Python code. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from pipeline import expressions
from pipeline.document import Document, resolved
from pipeline.normalise import (
    OperationPlace,
    ParameterPlace,
    body_aliases,
    body_form,
    is_json,
    parameter_schema,
)
from pipeline.security import Auth, is_secured

_STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
# in OpenAPI -> in our Bounds
_BOUNDS: Final = {
    "minimum": "minimum",
    "maximum": "maximum",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
    "pattern": "pattern",
    "uniqueItems": "unique_items",
}
# Exclusive bounds are numbers in 3.1, and turn minimum and maximum exclusive in 3.0.
_EXCLUSIVE: Final = {
    "exclusiveMinimum": ("minimum", "exclusive_minimum"),
    "exclusiveMaximum": ("maximum", "exclusive_maximum"),
}


_IDEMPOTENT_METHODS: Final = frozenset({"get", "head", "put", "delete", "options", "trace"})  # RFC 9110, 9.2.2
_PAGINATION_NAMES: Final = ("offset", "limit", "cursor", "items", "total", "has_more", "next_cursor")
_RETRY_NAMES: Final = (
    "transient_statuses",
    "retry_after_statuses",
    "unprocessed_statuses",
    "transient_codes",
    "permanent_codes",
    "subscription_words",
)


class ArgumentCode(NamedTuple):
    """One argument of the generated functions."""

    name: str
    annotation: str
    default: str
    positional: bool
    expression: str
    doc: str

    @property
    def declaration(self) -> str:
        """As it stands in a signature."""
        if not self.default:
            return f"{self.name}: {self.annotation}"
        unset = " | _rt_.Unset" if "_rt_.Unset" not in self.annotation else ""
        return f"{self.name}: {self.annotation}{unset} = {self.default}"


class OperationCode(NamedTuple):
    """One operation, ready to be written."""

    id: str
    method: str
    path: str
    pointer: str
    arguments: tuple[ArgumentCode, ...]
    body: ArgumentCode | None
    bodies: tuple[str, ...]
    replies: tuple[tuple[str, str], ...]
    returns: str
    has_plain: bool
    secured: bool
    deprecated: bool
    body_required: bool
    metadata: tuple[tuple[str, str], ...]
    docs: str


def operation_code(document: Document, endpoint: Endpoint, place: OperationPlace, auth: Auth | None) -> OperationCode:
    """The code of an operation: `endpoint` says what its schemas become, `place` what goes over the wire."""
    props = {prop.name.get_untrusted_value(): prop for prop in endpoint.query_parameters}
    replies = [_reply(endpoint, status, reply) for status, reply in place.replies.items()]
    returns = expressions.union(annotation for _, _, annotation in replies) or "None"
    silent = returns == "None" and (len(replies) != 1 or place.key.method == "head")
    body = _body_argument(endpoint, place)
    arguments = [_argument(document, props[item.alias], item) for item in place.parameters]
    return OperationCode(
        id=place.data.get("operationId", place.alias),
        method=place.key.method.upper(),
        path=place.key.path,
        pointer=place.pointer,
        arguments=tuple(sorted(arguments, key=lambda item: (not item.positional, bool(item.default)))),
        body=body,
        bodies=tuple(_bodies(endpoint, place)),
        replies=tuple((status, expression) for status, expression, _ in replies),
        returns=returns,
        has_plain=not silent and place.key.method != "head",
        secured=is_secured(document, place.data, auth),
        deprecated=bool(place.data.get("deprecated")),
        body_required=bool(place.body.get("required")),
        metadata=tuple(_metadata(document, place)),
        docs="\n\n".join(_docs(place)),
    )


def _metadata(document: Document, place: OperationPlace) -> Iterator[tuple[str, str]]:
    """What overlays say of an operation beyond OpenAPI, as arguments of `Operation`."""
    yield "idempotent", repr(bool(place.data.get("x-idempotent", place.key.method in _IDEMPOTENT_METHODS)))
    if pagination := place.data.get("x-pagination"):
        names = ", ".join(f"{name}={wire!r}" for name, wire in pagination.items() if name in _PAGINATION_NAMES)
        yield "pagination", f"_rt_.Pagination({names})"
    if retry := place.data.get("x-retry", document.get("x-retry")):
        yield "retry", retry_code(retry)


def retry_code(retry: Mapping[str, Any]) -> str:
    """The code of an `x-retry` object."""
    sets = ", ".join(f"{name}=frozenset({sorted(retry[name])!r})" for name in _RETRY_NAMES if retry.get(name))
    return f"_rt_.Retry({sets})"


def _docs(place: OperationPlace) -> Iterator[str]:
    summary, description = place.data.get("summary"), place.data.get("description")
    if summary:
        yield str(summary).strip()
    if description and description != summary:
        yield str(description).strip()
    if place.data.get("deprecated"):
        yield "Deprecated by the API."
    yield f"{place.key}, at {place.pointer} of the API's document."


def _argument(document: Document, prop: PropertyProtocol, place: ParameterPlace) -> ArgumentCode:
    where, style = place.data["in"], place.data.get("style") or _STYLES[place.data["in"]]
    schema = resolved(document, parameter_schema(place.data))
    facts = {
        "name": place.data["name"],
        "argument": str(prop.python_name),
        "location": where,
        "style": style,
        "explode": place.data.get("explode", style in ("form", "deepObject")),
        "required": prop.required,
        "allow_reserved": place.data.get("allowReserved", False),
        "as_json": "content" in place.data,
    }
    code = ", ".join(f"{name}={value!r}" for name, value in facts.items() if value is not False)
    code += "" if facts["explode"] else ", explode=False"
    if bounds := bounds_code(document, schema):
        code += f", bounds={bounds}"
    annotation = expressions.takes(prop)
    return ArgumentCode(
        name=str(prop.python_name),
        annotation=annotation,
        default=expressions.default(prop),
        positional=where == "path",
        expression=f"_rt_.Argument(_rt_.Parameter({code}), {expressions.kind(prop)})",
        doc=_parameter_doc(place, schema, prop),
    )


def bounds_code(document: Document, schema: Mapping[str, Any]) -> str:
    """The bounds that a schema puts on values, as code; empty where it puts none."""
    found: dict[str, Any] = {ours: schema[theirs] for theirs, ours in _BOUNDS.items() if schema.get(theirs) is not None}
    if found.get("unique_items") is False:
        del found["unique_items"]
    for keyword, (plain, exclusive) in _EXCLUSIVE.items():
        limit = schema.get(keyword)
        if limit is True and plain in found:
            found[exclusive] = found.pop(plain)
        elif isinstance(limit, int | float) and not isinstance(limit, bool):
            found[exclusive] = limit
    code = ", ".join(f"{name}={value!r}" for name, value in found.items())
    items = schema.get("items")
    if isinstance(items, dict) and (inner := bounds_code(document, resolved(document, items))):
        code += f"{', ' if code else ''}items={inner}"
    return f"_rt_.Bounds({code})" if code else ""


def _parameter_doc(place: ParameterPlace, schema: Mapping[str, Any], prop: PropertyProtocol) -> str:
    facts = [*_range(schema)]
    if schema.get("enum"):
        facts.append("one of " + ", ".join(str(value) for value in schema["enum"] if value is not None))
    if prop.required:
        facts.append("required")
    elif "default" in schema:
        facts.append(f"{_shown(schema['default'])} unless given")
    if place.data.get("deprecated"):
        facts.append("deprecated")
    text = str(place.data.get("description") or "").strip()
    text = text if not text or text.endswith((".", "!", "?")) else f"{text}."
    return f"{text} {'; '.join(facts).capitalize()}.".strip() if facts else text


def _range(schema: Mapping[str, Any]) -> Iterator[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        yield f"from {low} to {high}"
    elif low is not None or high is not None:
        yield f"at least {low}" if low is not None else f"at most {high}"
    if schema.get("format"):
        yield f"format {schema['format']}"
    for keyword, words in (("maxLength", "at most {} characters"), ("maxItems", "at most {} items")):
        if schema.get(keyword) is not None:
            yield words.format(schema[keyword])


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body_argument(endpoint: Endpoint, place: OperationPlace) -> ArgumentCode | None:
    content = place.body.get("content", {})
    if not content:
        return None
    parts = [expressions.takes(body.prop) for body in endpoint.bodies]
    if any(body_form(media_type) == "raw" for media_type in content):
        parts.append("_rt_.Payload | _rt_.File")
    default = "" if place.body.get("required") else "_rt_.UNSET"
    doc = str(place.body.get("description") or "").strip()
    sent = f"Sent as {' or '.join(content)}."
    return ArgumentCode("body", expressions.union(parts), default, False, "", f"{doc} {sent}".strip())


def _bodies(endpoint: Endpoint, place: OperationPlace) -> Iterator[str]:
    """The content types in the document's order, but JSON first: it says most clearly what it does not take."""
    parsed = {body.content_type.get_untrusted_value(): body for body in endpoint.bodies}
    content = place.body.get("content", {})
    aliases = body_aliases(content)
    for media_type, media in sorted(content.items(), key=lambda item: body_form(item[0]) == "raw"):
        form = body_form(media_type)
        kind = "_rt_.Anything()" if form == "raw" else expressions.kind(parsed[aliases[media_type]].prop)
        encodings = _encodings(media.get("encoding", {}))
        yield f"_rt_.Body({media_type!r}, {form!r}, {kind}{encodings})"


def _encodings(encoding: Mapping[str, Mapping[str, Any]]) -> str:
    if not encoding:
        return ""
    names = {"contentType": "content_type", "style": "style", "explode": "explode", "allowReserved": "allow_reserved"}
    parts = []
    for name, facts in encoding.items():
        given = ", ".join(f"{ours}={facts[theirs]!r}" for theirs, ours in names.items() if theirs in facts)
        parts.append(f"{name!r}: _rt_.Encoding({given})")
    return ", {" + ", ".join(parts) + "}"


def _reply(endpoint: Endpoint, status: str, reply: Mapping[str, Any]) -> tuple[str, str, str]:
    """Status, code and annotation of one documented answer."""
    content = reply.get("content", {})
    parts, annotations = [], []
    if any(is_json(media_type) for media_type in content):
        prop = next(item.prop for item in endpoint.responses if item.status_code.pattern == status)
        parts.append(f"json={expressions.kind(prop)}")
        annotations.append(expressions.reads_as(prop))
    for wanted, name, annotation in ((True, "text", "str"), (False, "binary", "bytes")):
        if any(media_type.startswith("text/") is wanted for media_type in content if not is_json(media_type)):
            parts.append(f"{name}=True")
            annotations.append(annotation)
    return status, f"_rt_.Reply({', '.join(parts)})", expressions.union(annotations) or "None"
