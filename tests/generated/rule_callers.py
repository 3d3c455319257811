"""Who may call: the key is sent where it is asked for and nowhere else, and deprecated operations warn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tests.generated.judging import guarded
from tests.generated.operations import Operation, Spec
from tests.generated.package import FUNCTIONS, Package
from tests.generated.schemas import NoRuleError
from tests.generated.wire import TOKEN, Wire, module_of, python_arguments, wire_calls


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each call of somebody with a key that is not as the document says."""
    wire = Wire(package, keyed=True)
    for operation in spec.operations:
        module = module_of(operation, package)
        if module is not None:
            yield from guarded(_of_call, spec, operation, module, wire)


def _of_call(spec: Spec, operation: Operation, module: Any, wire: Wire) -> Iterator[str]:
    arguments = python_arguments(operation, wire_calls(operation, required_only=True)[0], wire.package)
    for name in FUNCTIONS:
        try:
            wire.call(getattr(module, name), arguments, httpx.Response(299))
        except wire.package.errors.ApiError:
            pass  # what the answer is read as is judged elsewhere
        except TypeError as error:
            yield f"{operation.place}: {name} cannot be called: {error}"
        if wire.request is None:
            yield f"{operation.place}: {name} sends nothing"
            continue
        if operation.deprecated != (wire.warned != []):
            yield f"{operation.place}: {name} warns {wire.warned}"
        yield from _of_key(spec, operation, wire.request)


def _of_key(spec: Spec, operation: Operation, request: httpx.Request) -> Iterator[str]:
    if operation.secured and spec.security_scheme is not None:
        location, name, value = _key(spec.security_scheme)
        cookies = dict(pair.split("=", 1) for pair in request.headers.get("cookie", "").split("; ") if pair)
        sent = {"header": request.headers, "query": request.url.params, "cookie": cookies}[location].get(name)
        if sent != value:
            yield f"{operation.place}: the {location} {name} is {sent!r}, and not the key"
    elif TOKEN in f"{request.url}{request.headers.multi_items()}":
        yield f"{operation.place}: the key is sent, and not asked for"


def _key(scheme: Mapping[str, Any]) -> tuple[str, str, str]:
    """Where a key is sent: location, name and value."""
    if scheme["type"] == "apiKey":
        return scheme["in"], scheme["name"], TOKEN
    if scheme["type"] in {"oauth2", "openIdConnect"} or scheme.get("scheme", "").lower() == "bearer":
        return "header", "Authorization", f"Bearer {TOKEN}"
    raise NoRuleError(("components", "securitySchemes"), f"security of the type {scheme['type']}")
