"""Those who are compared: each decodes pages, lists a server, gets a first asset and makes a small call its own way.

Nothing is imported that a contestant does not use, as each is measured in a process of its own.
"""

from __future__ import annotations

import importlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Self

import httpx
from pages import PAGE, TAG, Library

KEY: Final = "key"
Load = Callable[[bytes], Sequence[Any]]
FIELDS: Final = (
    *("id", "name", "size", "created_at", "updated_at", "asset_hash", "mime_type", "tags", "user_metadata"),
    *("preview_url", "preview_id", "prompt_id", "last_access_time", "is_immutable"),
)


def _orjson() -> Load:
    import orjson

    return lambda content: orjson.loads(content)["assets"]


def _json() -> Load:
    return lambda content: json.loads(content)["assets"]


def _pydantic() -> Load:
    from pydantic_models import ListAssetsResponse

    read = ListAssetsResponse.model_validate_json
    return lambda content: read(content).assets


def _stock() -> Load:
    model = importlib.import_module("stock_client.models").ListAssetsResponse
    return lambda content: model.from_dict(json.loads(content)).assets


def _bytes() -> Load:
    page = [None] * PAGE
    return lambda content: page if len(content) > len(page) else page[:0]  # for what httpx alone takes


LOADS: Final = {"bytes": _bytes, "orjson": _orjson, "json": _json, "pydantic": _pydantic, "stock": _stock}


class Contestant(ABC):
    """A client of one server, as a program holds it.

    Args:
        base_url: Of the server.
        transport: Of httpx, in place of a connection.
        ahead: How many requests may be under way at once.
    """

    @abstractmethod
    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None, ahead: int = 1) -> None: ...

    @abstractmethod
    def items(self) -> Iterable[Any]:
        """All assets, one after the other."""

    @abstractmethod
    def keep(self) -> list[Any]:
        """All assets in a list, as a program would make it."""

    @abstractmethod
    def first(self) -> object:
        """The first asset of a first page of 500."""

    @abstractmethod
    def call(self) -> object:
        """How many assets there are: one small call."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...


class Ours(Contestant):
    """The library through its public names; what comes is verified, and what deviates is counted."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None, ahead: int = 1) -> None:
        from comfy_cloud import ComfyCloud, tag

        self._client = ComfyCloud(api_key=KEY, base_url=base_url, transport=transport)
        self._query = self._client.assets.where(tag(TAG)).prefetch(ahead)

    def items(self) -> Iterable[Any]:
        """See `Contestant.items`."""
        return self._query

    def keep(self) -> list[Any]:
        """See `Contestant.keep`."""
        return self._query.to_list()

    def first(self) -> object:
        """See `Contestant.first`."""
        return next(iter(self._query))

    def call(self) -> object:
        """See `Contestant.call`."""
        return self._query.count()

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


class Raw(Contestant):
    """httpx and a parser, in a loop over offsets; with several under way, in threads."""

    load: Callable[[], Load]

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None, ahead: int = 1) -> None:
        self._client = httpx.Client(base_url=base_url, transport=transport, timeout=60, headers={"X-API-Key": KEY})
        self._load, self._ahead = type(self).load(), ahead

    def _get(self, offset: int, limit: int) -> bytes:
        wanted: dict[str, str | int] = {"include_tags": TAG, "limit": limit, "offset": offset}
        return self._client.get("/api/assets", params=wanted).raise_for_status().content

    def _page(self, offset: int) -> Sequence[Any]:
        return self._load(self._get(offset, PAGE))

    def _pages(self) -> Iterator[Sequence[Any]]:
        if self._ahead > 1:
            with ThreadPoolExecutor(self._ahead) as pool:
                yield from pool.map(self._page, range(0, self.call(), PAGE))
            return
        offset = 0
        while page := self._page(offset):
            yield page
            offset += len(page)
            if len(page) < PAGE:
                return

    def items(self) -> Iterable[Any]:
        """See `Contestant.items`."""
        for page in self._pages():
            yield from page

    def keep(self) -> list[Any]:
        """See `Contestant.keep`."""
        kept: list[Any] = []
        for page in self._pages():
            kept.extend(page)
        return kept

    def first(self) -> object:
        """See `Contestant.first`."""
        return self._page(0)[0]

    def call(self) -> int:
        """See `Contestant.call`."""
        total: int = json.loads(self._get(0, 1))["total"]
        return total

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


class Loop(Contestant):
    """The stock generated client, in an offset loop as people write it; one request at a time."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None, ahead: int = 1) -> None:
        assert ahead == 1
        stock, self._types = importlib.import_module("stock_client"), importlib.import_module("stock_client.types")
        self._list = importlib.import_module("stock_client.api.asset.list_assets").sync
        options = {} if transport is None else {"transport": transport}
        self._client = stock.AuthenticatedClient(
            base_url=base_url, token=KEY, auth_header_name="X-API-Key", prefix="", httpx_args=options
        )

    def _pages(self) -> Iterator[Sequence[Any]]:
        offset, more = 0, True
        while more:
            page = self._list(client=self._client, include_tags=[TAG], limit=PAGE, offset=offset)
            yield page.assets
            offset, more = offset + len(page.assets), page.has_more

    def items(self) -> Iterable[Any]:
        """See `Contestant.items`."""
        for page in self._pages():
            yield from page

    def keep(self) -> list[Any]:
        """See `Contestant.keep`."""
        return [asset for page in self._pages() for asset in page]

    def first(self) -> object:
        """See `Contestant.first`."""
        return next(self._pages())[0]

    def call(self) -> object:
        """See `Contestant.call`."""
        return self._list(client=self._client, include_tags=[TAG], limit=1).total

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.__exit__()


class Canned(httpx.BaseTransport):
    """Answers from a library in this process, so that there is no network.

    Args:
        library: Whose assets.
        total: How many of them.
    """

    def __init__(self, library: Library, total: int) -> None:
        self._library, self._total = library, total

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The page that is asked for."""
        asked = request.url.params
        parts = self._library.page(int(asked.get("offset", "0")), int(asked["limit"]), self._total)
        return httpx.Response(200, headers={"content-type": "application/json"}, content=b"".join(parts))


def contestant(name: str) -> type[Contestant]:
    """Who goes by a name."""
    if name in ("ours", "stock"):
        return Ours if name == "ours" else Loop
    return type("Raw", (Raw,), {"load": staticmethod(LOADS[name])})


def reader(name: str) -> Callable[[Any], None]:
    """What reads every field of an asset, as a person would write it."""
    if name in ("orjson", "json"):
        return lambda asset: [asset.get(field) for field in FIELDS] and None
    body = "; ".join(f"asset.{field}" for field in FIELDS)
    space: dict[str, Any] = {}
    exec(f"def read(asset):\n    {body}", space)  # noqa: S102 - attribute look-ups without getattr's cost
    read: Callable[[Any], None] = space["read"]
    return read
