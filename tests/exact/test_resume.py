"""A listing that was left goes on where it was, in another client, from any of its tokens."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud import (
    AsyncComfyCloud,
    ComfyCloud,
    FilterError,
    NotFoundError,
    created_at,
    name,
    size,
    tag,
)
from comfy_cloud.sandbox import Sandbox, faults
from comfy_cloud.testing import InstantClock
from tests.exact.meddling import TAG, Moment, fields_at, ident_of
from tests.exact.test_guarantee import CHANGES, QUICK
from tests.exact.walks import Way, walk

Narrow = Callable[[Any], Any]

QUERIES: dict[str, Narrow] = {
    "everything": lambda assets: assets,
    "by name, upwards": lambda assets: assets.order_by(name),
    "by size, ties and all": lambda assets: assets.order_by(size.desc()),
    "filtered here": lambda assets: assets.filter(size > 3),
    "filtered there": lambda assets: assets.where(tag(TAG)),
    "limited": lambda assets: assets.limit(17),
    "filtered and limited": lambda assets: assets.filter(~(size == 5)).limit(11),
    "ahead": lambda assets: assets.prefetch(4),
}


def library(**options: Any) -> Sandbox:
    """30 assets at 8 places, so that most share their sort keys with others."""
    box = Sandbox.seeded(0, **options)
    for number in range(30):
        box.add(**fields_at(number * 7 % 8, ident_of(number)))
    return box


def comfy_of(box: Sandbox) -> ComfyCloud:
    """A new client, as another process has."""
    return ComfyCloud(transport=box.transport(), base_url="http://127.0.0.1", api_key=box.key, clock=InstantClock())


def listed(box: Sandbox, narrow: Narrow, token: str | None = None) -> list[str]:
    """The ids of a query, from a token on."""
    with comfy_of(box) as comfy:
        return [str(asset.id) for asset in narrow(comfy.assets).page_size(4).resume(token)]


def item_tokens(box: Sandbox, narrow: Narrow) -> list[str]:
    """The token after each item."""
    with comfy_of(box) as comfy:
        items = iter(narrow(comfy.assets).page_size(4))
        return [items.token for _ in items]


@pytest.mark.parametrize("dialect", ["cloud", "comfyui"])
@pytest.mark.parametrize("what", QUERIES)
def test_a_listing_goes_on_after_any_item(what: str, dialect: str) -> None:
    """What came before and what comes after are the whole."""
    with closing(library(dialect=dialect)) as box:
        whole = listed(box, QUERIES[what])
        tokens = item_tokens(box, QUERIES[what])
        assert [[*whole[:count], *listed(box, QUERIES[what], token)] for count, token in enumerate(tokens, 1)] == [
            whole for _ in whole
        ]
    assert len(whole) > 10


def test_an_awaited_listing_goes_on_after_any_item_too() -> None:
    """Also from a blocking one's token: they are the same."""

    async def main(box: Sandbox) -> list[tuple[str, list[str]]]:
        async with AsyncComfyCloud(
            transport=box.async_transport(), base_url="http://127.0.0.1", api_key=box.key
        ) as comfy:
            query = comfy.assets.page_size(4)
            items = aiter(query)
            tokens = [items.token async for _ in items]
            return [(token, [str(asset.id) async for asset in query.resume(token)]) for token in tokens]

    with closing(library()) as box:
        whole = listed(box, QUERIES["everything"])
        tokens = item_tokens(box, QUERIES["everything"])
        assert asyncio.run(main(box)) == [(token, whole[count:]) for count, token in enumerate(tokens, 1)]


def test_a_listing_goes_on_after_any_page() -> None:
    """Each page has its token, and so has a page that is told of before it is handed out."""
    told: list[str] = []
    with closing(library()) as box, comfy_of(box) as comfy:
        whole = listed(box, QUERIES["everything"])
        pages = list(comfy.assets.page_size(4).on_page(lambda page: told.append(page.token)).pages())
        counts = [sum(len(page.items) for page in pages[: number + 1]) for number in range(len(pages))]
        assert told == [page.token for page in pages]
        assert [listed(box, QUERIES["everything"], token) for token in told] == [whole[count:] for count in counts]


UNREADABLE = {ident_of(5), ident_of(21)}  # both share their sort keys with two others


class Spoiling(httpx.BaseTransport):
    """A server that sends some assets without their ids: they cannot be read."""

    def __init__(self, box: Sandbox) -> None:
        self._inner = box.transport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The sandbox's answer, spoilt."""
        answer = self._inner.handle_request(request)
        body = json.loads(answer.read())
        for asset in body["assets"]:
            if asset["id"] in UNREADABLE:
                del asset["id"]
        return httpx.Response(200, json=body)


@pytest.mark.filterwarnings("ignore::comfy_cloud_api.types.UnreadableElementWarning")
def test_what_cannot_be_read_is_in_nobody_s_way() -> None:
    """Among items with one sort key, some of which cannot be read, a listing goes on after any that can."""
    with closing(library()) as box:

        def rest(token: str | None) -> tuple[list[str], list[str]]:
            with ComfyCloud(transport=Spoiling(box), base_url="http://127.0.0.1", api_key=box.key) as comfy:
                items = iter(comfy.assets.page_size(4).resume(token))
                found = [(str(asset.id), items.token) for asset in items]
                return [ident for ident, _ in found], [last for _, last in found]

        whole, tokens = rest(None)
        assert len(whole) == 28
        assert [[*whole[:count], *rest(token)[0]] for count, token in enumerate(tokens, 1)] == [whole for _ in whole]


def test_a_token_is_short_and_printable_and_holds_no_key() -> None:
    """So it can be kept in a file, a log line or a URL."""
    with closing(library()) as box:
        for narrow in QUERIES.values():
            for token in item_tokens(box, narrow):
                assert len(token) < 1000
                assert token.isascii()
                assert token.isprintable()
                assert not set(token) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
                assert box.key.encode() not in urlsafe_b64decode(token.partition(".")[2] + "===")


def test_a_token_of_another_query_or_order_is_refused_in_words() -> None:
    """Before anything is asked of the server; what only bounds or paces the listing may change."""
    with closing(library()) as box, comfy_of(box) as comfy:
        token = item_tokens(box, QUERIES["everything"])[3]
        asked = len(box.requests)
        others = {
            "of another query": comfy.assets.where(tag("other")),
            "of another query;": comfy.assets.filter(size > 1),
            "in the order created_at.desc()": comfy.assets.order_by(created_at),
            "in the order size.asc()": comfy.assets.order_by(size),
            "of another query; ": comfy.assets.include_public(False),
        }
        for words, query in others.items():
            with pytest.raises(FilterError) as caught:
                list(query.resume(token))
            assert words.strip() in str(caught.value)
        assert len(box.requests) == asked
        rest = listed(box, QUERIES["everything"], token)
        assert [str(asset.id) for asset in comfy.assets.page_size(9).prefetch(3).resume(token)] == rest


def test_a_damaged_token_is_refused() -> None:
    """Whichever character is another one or missing, and however much of it is cut off."""
    with closing(library()) as box, comfy_of(box) as comfy:
        token = item_tokens(box, QUERIES["everything"])[5]
        damaged = [
            token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :] for index in range(len(token))
        ]
        damaged += [token[:length] for length in range(1, len(token))]
        asked = len(box.requests)
        for text in damaged:
            with pytest.raises(FilterError, match="resume token"):
                list(comfy.assets.resume(text))
        assert len(box.requests) == asked


def test_first_exists_and_one_are_of_what_is_left() -> None:
    """Behind a token, like every other way to ask; also where a limit counts what came before it."""
    with closing(library()) as box, comfy_of(box) as comfy:
        whole = listed(box, QUERIES["everything"])
        tokens = item_tokens(box, QUERIES["everything"])
        for count, token in enumerate(tokens, 1):
            rest = comfy.assets.page_size(4).resume(token)
            first = rest.first()
            assert (None if first is None else str(first.id)) == (whole[count:] or [None])[0]
            assert rest.exists() == bool(whole[count:])
            assert rest.limit(count).exists() is False
        assert str(comfy.assets.resume(tokens[-2]).one().id) == whole[-1]


def test_an_iterator_that_goes_on_has_the_token_it_was_given_until_it_has_another() -> None:
    """So that one who writes it down after each attempt never starts from the beginning."""
    with closing(library()) as box, comfy_of(box) as comfy:
        token = item_tokens(box, QUERIES["everything"])[-1]
        items = iter(comfy.assets.resume(token))
        assert items.token == token
        assert list(items) == []
        assert items.token == token
        assert iter(comfy.assets).token == ""


def test_an_error_leaves_a_token_behind_it() -> None:
    """The iterator's, of what came before."""
    with closing(library()) as box, comfy_of(box) as comfy:
        whole = listed(box, QUERIES["everything"])
        box.faults.add(faults.status(404).nth(4))
        items, seen = iter(comfy.assets.page_size(4)), []
        with pytest.raises(NotFoundError):
            seen.extend(str(asset.id) for asset in items)
        seen = whole[: len(whole) - len(listed(box, QUERIES["everything"], items.token))]
        assert len(seen) == 10


def interrupted(cuts: list[int]) -> Callable[..., None]:
    """A way to walk that is left after so many items, and then goes on in a query of its own, again and again."""

    def by(comfy: Any, query: Any, take: Callable[[Any], object]) -> None:
        left, token, more = iter(cuts), None, True
        with comfy:
            while more:
                items, more = iter(query.resume(token)), False
                stop = next(left, 10**9)
                for number, asset in enumerate(items, 1):
                    take(SimpleNamespace(items=[asset], exact=True))
                    if number == stop:
                        token, more = items.token, True
                        break

    return by


WAYS = st.builds(
    Way,
    sort=st.sampled_from(["created_at", "size", "updated_at"]),
    descending=st.booleans(),
    page_size=st.integers(1, 7),
    prefetch=st.sampled_from([1, 8]),
    dialect=st.sampled_from(["cloud", "comfyui"]),
    tagged=st.booleans(),
)


@settings(max_examples=60, suppress_health_check=QUICK)
@given(
    way=WAYS,
    places=st.one_of(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 10**6), max_size=40)),
    plan=st.lists(st.lists(CHANGES, max_size=2), max_size=15),
    cuts=st.lists(st.integers(1, 12), max_size=8),
)
def test_a_listing_that_is_taken_up_again_and_again_is_exact(
    way: Way, places: list[int], plan: list[Moment], cuts: list[int]
) -> None:
    """Whatever changes meanwhile, the pieces are the whole: the guarantee, across tokens."""
    assert walk(way, places, plan, by=interrupted(cuts)) == []
