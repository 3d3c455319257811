"""An asset as people meet it: absent is None or empty, times are aware, addresses absolute, equality by id."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import json
import pickle
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud.asset import Asset, AssetBase, AsyncAsset, absolute, human_size
from comfy_cloud.errors import ConfigurationError
from comfy_cloud_api.api.asset import list_assets

SENT: dict[str, Any] = {
    "id": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    "name": "portrait.png",
    "created_at": "2026-01-02T03:04:05",
    "updated_at": "2026-01-02T03:04:05.5Z",
}


class Place:
    """Where assets come from, without a network: what was asked for is kept."""

    def __init__(self, base_url: str = "https://cloud.example") -> None:
        self.base_url = base_url


def read(kind: type[AssetBase] = Asset, base_url: str | None = "https://cloud.example", **more: object) -> Any:
    """An asset out of a listing's answer."""
    body = {"assets": [{**SENT, **more}], "total": 1, "has_more": False}
    (asset,) = list_assets.OPERATION.reading(kind).read(httpx.Response(200, json=body)).parsed.assets
    if base_url is not None:
        msgspec.structs.force_setattr(asset, "_source_", Place(base_url))
    return asset


def fetched(asset: Asset | AsyncAsset) -> bytes | None:
    """Its preview, sync or async."""
    return asset.preview() if isinstance(asset, Asset) else asyncio.run(asset.preview())


def test_what_is_absent_reads_as_none_or_empty() -> None:
    """No sentinel: a loop over the tags, or a look into the metadata, needs no check before it."""
    asset = read()
    assert (asset.size, asset.mime_type, asset.preview_url, asset.last_access_time) == (None, None, None, None)
    assert (asset.tags, dict(asset.user_metadata)) == ([], {})


def test_times_are_aware_and_in_utc_also_where_the_server_sends_them_naive() -> None:
    """Comparing them with each other never raises."""
    asset = read()
    assert asset.created_at == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert asset.updated_at - asset.created_at == dt.timedelta(milliseconds=500)


def test_fields_that_the_spec_does_not_know_are_reachable() -> None:
    """Nothing the server sent is thrown away."""
    asset = read(colour="red", size="large")
    assert asset.additional_properties == {"colour": "red"}
    assert asset.unreadable == {"size": "large"}


def test_a_repr_is_one_short_line() -> None:
    """Whatever the name holds."""
    assert repr(read(size=4_239_999, mime_type="image/png")) == (
        "Asset('portrait.png', 4.2 MB, 'image/png', created 2026-01-02 03:04, id=6f9619ff-8b86-4011-b42d-00c04fc964ff)"
    )
    long = repr(read(name="line\nend" * 200))
    assert len(long) < 250
    assert "\n" not in long


@pytest.mark.parametrize("kind", [Asset, AsyncAsset])
def test_assets_are_equal_by_id(kind: type[AssetBase]) -> None:
    """The same asset seen at two moments is one member of a set."""
    one, renamed, other = read(kind), read(kind, name="b"), read(kind, id="00000000-8b86-4011-b42d-00c04fc964ff")
    assert one == renamed
    assert len({one, renamed, other}) == 2
    assert one != SENT["id"]


@pytest.mark.parametrize("kind", [Asset, AsyncAsset])
def test_a_pickled_asset_holds_all_that_was_sent_and_says_why_it_cannot_fetch(kind: type[AssetBase]) -> None:
    """It keeps its addresses absolute, and leaves the client, and so the key, behind."""
    asset = read(kind, preview_url="/api/view?a=1", colour="red")
    back = pickle.loads(pickle.dumps(asset))
    assert (type(back), back, back.to_dict()) == (kind, asset, asset.to_dict())
    assert back.preview_url == "https://cloud.example/api/view?a=1"
    with pytest.raises(ConfigurationError, match="not listed by a client here"):
        fetched(back)


def test_copies_still_know_where_they_came_from() -> None:
    """So their addresses stay absolute."""
    asset = read(preview_url="/a")
    assert [made.preview_url for made in (copy.copy(asset), copy.deepcopy(asset), asset.replace(name="b"))] == [
        "https://cloud.example/a"
    ] * 3


@pytest.mark.parametrize(
    ("sent", "base_url", "url"),
    [
        ("/api/view?filename=a&type=output", "http://127.0.0.1:8188", "http://127.0.0.1:8188/api/view?filename=a&type=output"),
        ("api/view", "http://h/prefix", "http://h/prefix/api/view"),
        ("/api/view", "http://h/prefix/", "http://h/prefix/api/view"),
        ("/prefix/api/view", "http://h/prefix", "http://h/prefix/api/view"),
        ("/prefixed", "http://h/prefix", "http://h/prefix/prefixed"),
        ("https://storage.example/a?sig=1%2F2", "http://h", "https://storage.example/a?sig=1%2F2"),
        ("//storage.example/a", "https://h/prefix", "https://storage.example/a"),
    ],
)  # fmt: skip
def test_a_preview_url_is_absolute(sent: str, base_url: str, url: str) -> None:
    """Relative ones are the server's own, also behind a proxy that adds a prefix."""
    assert absolute(sent, base_url) == url
    assert read(base_url=base_url, preview_url=sent).preview_url == url


@pytest.mark.parametrize(
    ("size", "text"),
    [
        *((0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1500, "1.5 kB"), (99_960, "99.9 kB"), (999_999, "999 kB")),
        *((1_000_000, "1 MB"), (6_938_000_000, "6.9 GB"), (10**21, "1000 EB")),
    ],
)
def test_a_size_has_a_form_for_people(size: int, text: str) -> None:
    """In powers of 1,000, and never rounded up to something that is not there."""
    assert human_size(size) == text


@given(st.integers(min_value=0, max_value=10**20))
def test_a_size_for_people_is_short_and_close(size: int) -> None:
    """At most nine characters, and at most a tenth too small."""
    text = human_size(size)
    number, unit = text.split()
    value = float(number) * 1000 ** ["B", "kB", "MB", "GB", "TB", "PB", "EB"].index(unit)
    assert len(text) <= 9
    assert value <= size * (1 + 1e-9)
    assert value >= size * 0.9


def test_an_asset_without_preview_has_none_to_fetch() -> None:
    """None, and nothing is asked for."""
    assert read().preview() is None
    assert json.dumps(read().to_dict()) == json.dumps(SENT)
