"""Which credential a client sends, and with which operations. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.document import Document, operations, resolved


class Auth(NamedTuple):
    """How the API wants its key: the scheme's name, the code for where and what, and in words."""

    scheme: str
    name: str
    location: str
    value: str
    told: str


def chosen_auth(document: Document) -> Auth | None:
    """The first scheme that the document requires, or else declares, whose credential is one text.

    A client sends one credential. Operations that want another are sent without it; their caller gives its header.
    """
    schemes: Mapping[str, Document] = document.get("components", {}).get("securitySchemes", {})
    named = [*_required(document.get("security", []))]
    for _, operation in operations(document):
        named += _required(operation.get("security", []))
    candidates = (_auth(name, resolved(document, schemes[name])) for name in [*named, *schemes] if name in schemes)
    return next((auth for auth in candidates if auth), None)


def is_secured(document: Document, operation: Mapping[str, Any], auth: Auth | None) -> bool:
    """Whether requests of an operation carry the client's credential."""
    wanted = set(_required(operation.get("security", document.get("security", []))))
    return auth is not None and auth.scheme in wanted


def _required(requirements: list[Mapping[str, Any]]) -> Iterator[str]:
    for requirement in requirements:
        yield from requirement


def _auth(scheme: str, data: Mapping[str, Any]) -> Auth | None:
    """A scheme whose credential is one text; the others need a flow of their own."""
    if data.get("type") == "apiKey":
        where = {"header": "the header", "query": "the query parameter", "cookie": "the cookie"}[data["in"]]
        return Auth(scheme, repr(data["name"]), repr(data["in"]), "token", f"in {where} {data['name']}")
    if data.get("type") in ("oauth2", "openIdConnect") or str(data.get("scheme")).lower() == "bearer":
        return Auth(scheme, "'Authorization'", "'header'", 'f"Bearer {token}"', "as a bearer token")
    return None
