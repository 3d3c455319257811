"""Asking a service without any way in: for tests of what is answered, and not of how it comes and goes."""

import json
from typing import Any
from urllib.parse import urlencode

from comfy_cloud.sandbox import AssetRow, Dialect
from comfy_cloud.sandbox._api.service import Service
from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._serving.exchange import Answer, Asked

KEY = "sandbox-key"
INSTANT = "2026-01-01T00:00:00.000000Z"


def asset(number: int = 0, name: str = "", **more: Any) -> AssetRow:
    """An asset of which only what matters is said."""
    identity = f"00000000-0000-4000-8000-{number:012}"
    return AssetRow(identity, name, **{"size": 0, "created_at": INSTANT, "updated_at": INSTANT, **more})


def ask(service: Service, path: str, method: str = "GET", key: str | None = KEY, **query: Any) -> Answer:
    """The answer to a request; a list is a repeated parameter."""
    pairs = [
        (name, str(one)) for name, value in query.items() for one in (value if isinstance(value, list) else [value])
    ]
    headers = () if key is None else (("x-api-key", key),)
    target = f"{path}?{urlencode(pairs)}" if pairs else path
    return service.answer(Asked(method, path, tuple(pairs), headers, b"", "http://sandbox", target))


def body(service: Service, path: str = "/api/assets", **query: Any) -> Any:
    """The body of a 200."""
    answer = ask(service, path, **query)
    assert 200 == answer.status, answer.body
    return json.loads(answer.body)


def numbers(service: Service, **query: Any) -> list[int]:
    """The numbers of the assets of a page, in its order."""
    return [int(one["id"][-12:]) for one in body(service, **query)["assets"]]


def served(*assets: AssetRow, dialect: Dialect, tags: tuple[str, ...] = ()) -> Service:
    """A service of a library of its own, which whoever asked for it closes."""
    return Service(Library(assets, tags, tag_case=dialect.tag_case), KEY, dialect)
