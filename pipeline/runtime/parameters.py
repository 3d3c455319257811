"""Parameters on the wire: `style` and `explode` as OpenAPI 3.0.4 and 3.1.2 tabulate them, and the bounds of values.

One rule decides every case the table leaves open: the server must read back exactly what was meant. Delimiters are
literal and what stands between them is percent-encoded, so a text that contains the delimiter survives; where a style
cannot carry it (headers and cookies have no escapes, `|` and space are encoded delimiters), it is refused.

*Nothing is sent* for `None`, `[]`, `{}` and an object's `None` members, which RFC 6570 calls undefined; a required
parameter of which nothing would be sent is refused, and so is a `None` inside an array, since leaving it out would
move the others. An empty string is a value and is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, unquote

from msgspec import Struct

from .bounds import Bounds, Wire, check_value, shown
from .errors import ParameterError

Location: TypeAlias = Literal["query", "path", "header", "cookie"]
Style: TypeAlias = Literal["form", "simple", "label", "matrix", "spaceDelimited", "pipeDelimited", "deepObject"]
Escape: TypeAlias = "Callable[[Parameter, str], str]"
"""Makes a text fit where it goes, or raises ParameterError."""

# RFC 3986's reserved characters, less those that end or split a query (# & +) or must not stand in one ([ ]). `%` is
# not passed on either, as RFC 6570 would a triplet: "100%25" has to arrive as it was written.
_RESERVED: Final = ":/?@!$'()*,;="
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9_.~-]*")
# RFC 6265's cookie-octets but `%`, which some servers decode and others do not: what both read alike.
_COOKIE_VALUE: Final = re.compile(r"[!#$&-+\--:<-\[\]-~]*")
_TOKEN: Final = re.compile(r"[!#$&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"([!-~]([ -~]*[!-~])?)?")


class Parameter(Struct, frozen=True):
    """A parameter as the document declares it.

    Attributes:
        name: Its name on the wire.
        argument: Its name in Python, used in messages.
        location: Where it is sent.
        style: How arrays and objects are written.
        explode: Whether each item or member stands by itself.
        required: Whether sending nothing is refused; a path parameter always has to be there.
        allow_reserved: Whether a query's value keeps its `:/?@!$'()*,;=`.
        as_json: Whether it is declared with `content: application/json`, so that JSON text is sent.
        bounds: What its schema allows.
    """

    name: str
    argument: str
    location: Location
    style: Style
    explode: bool
    required: bool = False
    allow_reserved: bool = False
    as_json: bool = False
    bounds: Bounds = Bounds()


def encode_query(values: Iterable[tuple[Parameter, Wire]]) -> str:
    """The query without its `?`, such as `a=1&b=x,y`; empty if nothing is sent.

    Raises:
        ParameterError: A value cannot be sent so that it is read back, or an exploded object has a member whose name
            is another parameter's.
    """
    given = list(values)
    taken = {parameter.name for parameter, _ in given}
    sent: list[str] = []
    for parameter, value in present(given):
        if isinstance(value, dict) and parameter.explode and parameter.style != "deepObject" and not parameter.as_json:
            if (taken - {parameter.name}) & value.keys():
                raise refusal(parameter, value, "a member has the name of another parameter")
            taken |= value.keys()
        sent += [
            f"{name}={text}" for name, text in named_pairs(parameter, value, _percent, _query_escape(parameter, value))
        ]
    return "&".join(sent)


def encode_path(template: str, values: Iterable[tuple[Parameter, Wire]]) -> str:
    """The template, such as `/api/a/{id}`, filled in; `/` and `%` in a value become `%2F` and `%25`.

    Raises:
        ParameterError: A value is `None` or cannot be read back; a segment would be empty, `.` or `..`, which URL
            normalisation takes away; the template and the values do not have the same names.
    """
    given = {parameter.name: (parameter, value) for parameter, value in values}
    if not given and not {"{", "}"} & set(template):
        return template
    texts = {name: _path_text(parameter, value) for name, (parameter, value) in given.items()}
    names = set(re.findall(r"\{([^{}]*)\}", template))
    if names != texts.keys() or re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", template)):
        raise ParameterError(f"The path {template} needs {sorted(names)}, but {sorted(texts)} is given.")
    # Values hold no "/", so the segments before and after correspond.
    path = re.sub(r"\{([^{}]*)\}", lambda found: texts[found[1]], template)
    for before, after in zip(template.split("/"), path.split("/"), strict=True):
        if "{" in before and after in {"", ".", ".."}:
            parameter, value = given[before.partition("{")[2].partition("}")[0]]
            raise refusal(parameter, value, f"the path segment {after!r} does not survive in a URL")
    return path


def encode_headers(values: Iterable[tuple[Parameter, Wire]]) -> dict[str, str]:
    """Header values by name. Nothing is escaped, as OpenAPI demands, but JSON, which is written in ASCII.

    Raises:
        ParameterError: A value holds what a header cannot carry, or what would be read as two items.
    """
    # Only ASCII is accepted: servers read other bytes as Latin-1 or as UTF-8, and httpx would not send them.
    return {
        parameter.name: json_text(parameter.argument, value, ascii_only=True)
        if parameter.as_json
        else _delimited(parameter, value, _header_escape, ",")
        for parameter, value in present(values)
    }


def encode_cookies(values: Iterable[tuple[Parameter, Wire]]) -> str:
    """The `Cookie` header, such as `a=1; b=x,y`; empty if nothing is sent.

    Text and not a mapping, since an exploded array repeats its name: cookies are separated by `; `, never by the `&`
    of RFC 6570 (OpenAPI 3.1.2, appendix D). Nothing is escaped but JSON: many servers do not decode cookies.

    Raises:
        ParameterError: A name or a value has a character that cookies cannot carry.
    """
    pairs: list[tuple[str, str]] = []
    for parameter, value in present(values):
        escape = _percent if parameter.as_json else _cookie_escape
        pairs += named_pairs(parameter, value, _cookie_name, escape)
    return "; ".join(f"{name}={text}" for name, text in pairs)


def named_pairs(parameter: Parameter, value: Wire, escape_name: Escape, escape: Escape) -> list[tuple[str, str]]:
    """The (name, value) pairs of the styles that name their values, for queries, cookies and forms; escaped.

    Raises:
        ParameterError: No style defines the value, or it cannot be read back.
    """
    name = escape_name(parameter, parameter.name)
    if parameter.as_json:
        return [(name, escape(parameter, json_text(parameter.argument, value)))]
    if parameter.style == "deepObject":
        return _deep_pairs(parameter, value, escape_name, escape)
    if not isinstance(value, (list, dict)):
        if parameter.style != "form":
            raise refusal(parameter, value, f"the style {parameter.style} is defined for arrays and objects only")
        return [(name, escape(parameter, _text(parameter, value)))]
    # The table leaves an exploded spaceDelimited or pipeDelimited open; `explode` itself is defined to make separate
    # parameters of the items, and then no delimiter is left.
    if not parameter.explode:
        delimiters = {"spaceDelimited": " ", "pipeDelimited": "|"}
        # Neither may stand in a URI; OpenAPI 3.0.3 shows them as they are, 3.0.4 and 3.1.1 as %20 and %7C.
        delimiter = escape(parameter, delimiters[parameter.style]) if parameter.style in delimiters else ","
        return [(name, _delimited(parameter, value, escape, delimiter))]
    if isinstance(value, list):
        return [(name, escape(parameter, _text(parameter, item))) for item in value]
    return [(escape_name(parameter, key), escape(parameter, _text(parameter, member))) for key, member in value.items()]


def json_text(argument: str, value: Wire, *, ascii_only: bool = False) -> str:
    """Compact JSON, in Unicode unless it has to be ASCII.

    Raises:
        ParameterError: NaN, an infinity, a lone surrogate, an integer or a nesting too big to write.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
        return json.dumps(value, separators=(",", ":")) if ascii_only else text
    except (TypeError, ValueError, RecursionError) as error:
        raise ParameterError(f"{argument} is {shown(value)}, which cannot be written as JSON.") from error


def check_bounds(parameter: Parameter, value: Wire) -> None:
    """Nothing, if the schema allows the value; `None` is no value and has no bounds.

    Raises:
        ParameterError: The message names parameter, bound and value: "limit is 501, but at most 500 is allowed."
    """
    check_value(parameter.argument, value, parameter.bounds)


def refusal(parameter: Parameter, value: Wire, reason: str) -> ParameterError:
    """The error for a value that cannot be sent."""
    return ParameterError(f"{parameter.argument} cannot be sent with {shown(value)}: {reason}.")


def present(values: Iterable[tuple[Parameter, Wire]]) -> Iterator[tuple[Parameter, Wire]]:
    """The values that are sent, objects without their `None` members; ParameterError if a required one is not."""
    for parameter, value in values:
        sent: Wire = value
        if not parameter.as_json and isinstance(value, dict):
            sent = {key: member for key, member in value.items() if member is not None}
        if sent is not None and (parameter.as_json or sent not in ([], {})):
            yield parameter, sent
        elif parameter.required or parameter.location == "path":
            raise refusal(parameter, value, "it is required, and nothing would be sent for this")


def _text(parameter: Parameter, value: Wire) -> str:
    """A primitive as text: 5.0 is 5, True is true."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (int, float)):
        raise refusal(parameter, value, f"the style {parameter.style} defines no arrays, objects or nulls in others")
    try:
        return str(int(value) if value == int(value) else value)
    except (ValueError, OverflowError) as error:  # NaN or more digits than Python writes; an infinity
        raise refusal(parameter, value, "no decimal number can be written for it") from error


def _deep_pairs(parameter: Parameter, value: Wire, escape_name: Escape, escape: Escape) -> list[tuple[str, str]]:
    """`name[key]` for each member; `explode` is not asked, as only true is defined and most documents leave it out."""
    if not isinstance(value, dict):
        raise refusal(parameter, value, "the style deepObject is defined for objects only")
    for key in value:
        # An empty key would be read as an array, a bracket as another level.
        if not key or "[" in key or "]" in key:
            raise refusal(parameter, key, "the style deepObject has no names that are empty or hold brackets")
    return [
        (escape_name(parameter, f"{parameter.name}[{key}]"), escape(parameter, _text(parameter, member)))
        for key, member in value.items()
    ]


def _units(parameter: Parameter, value: Wire, escape: Escape, delimiter: str) -> list[str]:
    """What the delimiter stands between: items, `key=value` members if exploded, else keys and values in turn."""

    def unit(text: str, *separators: str) -> str:
        escaped = escape(parameter, text)
        for separator in separators:
            if separator in escaped:
                raise refusal(parameter, text, f"it contains {unquote(separator)!r}, which separates the items")
        return escaped

    if isinstance(value, list):
        return [unit(_text(parameter, item), delimiter) for item in value]
    if not isinstance(value, dict):
        return [escape(parameter, _text(parameter, value))]
    members = [(key, _text(parameter, member)) for key, member in value.items()]
    if parameter.explode:
        return [f"{unit(key, delimiter, '=')}={unit(text, delimiter)}" for key, text in members]
    return [unit(text, delimiter) for member in members for text in member]


def _delimited(parameter: Parameter, value: Wire, escape: Escape, delimiter: str) -> str:
    units = _units(parameter, value, escape, delimiter)
    if parameter.location == "header" and isinstance(value, (list, dict)) and "" in units:
        raise refusal(parameter, value, "readers of headers skip empty items")
    return delimiter.join(units)


def _path_text(parameter: Parameter, value: Wire) -> str:
    """What stands for the parameter's braces; `undefined` values have no form that a path can carry."""
    ((_, sent),) = present([(parameter, value)])
    style = "simple" if parameter.as_json else parameter.style
    if parameter.as_json:
        text = _percent(parameter, json_text(parameter.argument, sent))
    elif style == "matrix":
        text = _matrix_text(parameter, sent)
    else:
        # OpenAPI before 3.0.4 showed dots for both labels; RFC 6570 and the later tables have commas here.
        delimiter = "." if style == "label" and parameter.explode else ","
        text = _delimited(parameter, sent, _percent, delimiter)
    if not text:
        raise refusal(parameter, value, "a path cannot carry an empty value")
    return f".{text}" if style == "label" else text


def _matrix_text(parameter: Parameter, value: Wire) -> str:
    name = _percent(parameter, parameter.name)
    if not parameter.explode or not isinstance(value, (list, dict)):
        members = [f"{name}={_delimited(parameter, value, _percent, ',')}"]
    elif isinstance(value, list):
        members = [f"{name}={unit}" for unit in _units(parameter, value, _percent, ";")]
    else:
        members = _units(parameter, value, _percent, ";")
    # RFC 6570 writes a name whose value is empty without "=".
    return "".join(f";{member.removesuffix('=')}" for member in members)


def _percent(parameter: Parameter, text: str, safe: str = "") -> str:
    """Percent-encoded UTF-8; RFC 3986's unreserved characters are kept, a space is %20."""
    if _UNRESERVED.fullmatch(text):  # as most texts are, such as names and numbers
        return text
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError as error:
        raise refusal(parameter, text, "it holds half of a surrogate pair, which UTF-8 cannot express") from error


def _query_escape(parameter: Parameter, value: Wire) -> Escape:
    """Percent-encoding as `allow_reserved` says; the comma is encoded where commas separate items."""
    if not parameter.allow_reserved or parameter.as_json:
        return _percent
    separated = isinstance(value, (list, dict)) and not parameter.explode
    safe = _RESERVED.replace(",", "") if separated else _RESERVED
    return lambda owner, text: _percent(owner, text, safe)


def _only(allowed: re.Pattern[str], reason: str) -> Escape:
    """Texts of these characters, unchanged; others are refused."""

    def escape(parameter: Parameter, text: str) -> str:
        if not allowed.fullmatch(text):
            raise refusal(parameter, text, reason)
        return text

    return escape


_header_escape: Final = _only(_HEADER_VALUE, "headers carry printable ASCII that does not begin or end with a space")
_cookie_name: Final = _only(_TOKEN, "a cookie's name is made of letters, digits and !#$&'*+-.^_`|~")
_cookie_escape: Final = _only(_COOKIE_VALUE, "cookies carry ASCII without spaces, quotes, commas, semicolons, \\ and %")
