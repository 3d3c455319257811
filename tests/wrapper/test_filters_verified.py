"""What comes back is checked against what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud._filtering.folding import ascii_folded, loosely_folded
from comfy_cloud._filtering.server_filter import ServerFilter, server_filter
from comfy_cloud._filtering.verify import contradiction, failing, verifies
from comfy_cloud.filters import Expression, metadata, name, tag
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud.sandbox._library.model import AssetRow
from tests.wrapper.drawn_filters import ASKED_TAGS, LIBRARIES, TEXTS, asset, found_by_sql, received


@pytest.mark.parametrize(
    ("asked", "sent", "told"),
    [
        (tag("a"), {"tags": ["b"]}, "lacks the tag 'a', which was required"),
        (tag("a"), {"tags": []}, "lacks the tag 'a', which was required"),
        (tag("a") & tag("b"), {"tags": ["a"]}, "lacks the tag 'b', which was required"),
        (tag("a"), {"tags": ["b", "a"]}, None),
        (tag("A"), {"tags": ["a"]}, None),
        (tag("a"), {"tags": ["A"]}, None),
        (tag(" straße "), {"tags": ["STRASSE"]}, None),
        (tag("caf\u00e9"), {"tags": ["cafe\u0301"]}, None),
        (tag("a"), {"tags": ...}, None),
        (~tag("a"), {"tags": ...}, None),
        (~tag("a"), {"tags": ["a", "b"]}, "has the tag 'a', which was excluded"),
        (~tag(" a"), {"tags": ["a"]}, "has the tag 'a', which was excluded"),
        (~tag("a"), {"tags": ["b"]}, None),
        (~tag("a"), {"tags": ["A"]}, None),
        (name.contains("cat"), {"name": "dog.png"}, "has a name without 'cat', which was asked for"),
        (name.contains("a_b"), {"name": "axb.png"}, "has a name without 'a_b', which was asked for"),
        (name.contains("CAT"), {"name": "a cat"}, None),
        (name.contains("été"), {"name": "L'ÉTÉ"}, None),
        (name.contains("istanbul"), {"name": "İstanbul"}, None),
        (name.contains("ISTANBUL"), {"name": "\u0131stanbul"}, None),
        (metadata["k"] == 1, {"user_metadata": {"k": 2}}, None),
    ],
)
def test_an_asset_that_contradicts_is_found(asked: Expression, sent: dict[str, Any], told: str | None) -> None:
    """Where servers may fold or not, it has the benefit of the doubt; what cannot be checked passes."""
    condition, came = server_filter([asked]), asset(**sent)
    assert told == contradiction(condition, came)
    assert ([] if told is None else [came]) == failing(condition, [came])


def test_only_the_failing_ones_are_returned_in_order() -> None:
    """The others may be handed out."""
    came = [asset(tags=tags, name=str(place)) for place, tags in enumerate((["a"], ["b"], ["a", "b"], []))]
    assert [came[1], came[3]] == failing(server_filter([tag("a")]), came)


def test_there_is_something_to_verify_only_for_tags_and_names() -> None:
    """Metadata is not: an answer need not carry all that a server filters by."""
    conditions: list[Expression] = [tag("a"), ~tag("a"), name.contains("a"), metadata["k"] == 1]
    assert [True, True, True, False] == [verifies(server_filter([one])) for one in conditions]
    assert not verifies(server_filter([]))


NARROWING = st.lists(
    st.builds(tag, ASKED_TAGS)
    | st.builds(lambda text: ~tag(text), ASKED_TAGS)
    | st.builds(name.contains, TEXTS.filter(bool)),
    min_size=1,
    max_size=1,
)


@settings(max_examples=100)
@given(LIBRARIES, NARROWING)
def test_a_server_that_filters_is_never_accused(library: tuple[AssetRow, ...], asked: list[Expression]) -> None:
    """What the sandbox finds passes."""
    spec = AssetQuerySpec().narrowed(*asked)
    found = found_by_sql(spec, library)
    assert [] == failing(spec.server, [received(row) for row in library if row.id in found])


FOUND_TAGS = ASKED_TAGS | ASKED_TAGS.map(lambda text: text.strip().lower())
ODD_TAGS = st.lists(FOUND_TAGS | st.sampled_from([None, 5, {}, ["x"]])) | st.sampled_from([..., None, "x", {"x": 1}, 5])


@given(
    st.lists(st.lists(FOUND_TAGS) | ODD_TAGS, max_size=3),
    st.lists(ASKED_TAGS, unique=True),
    st.lists(ASKED_TAGS, unique=True, max_size=1),
    st.sampled_from([None, "", "A", "b"]),
)
def test_a_page_is_judged_as_each_of_its_assets(
    tags: list[Any], required: list[str], excluded: list[str], text: str | None
) -> None:
    """However many tags are asked for, and whatever stands in their place."""
    asked = ServerFilter(tuple(required), tuple(excluded), text)
    came = [asset(tags=each, name="a") for each in tags]
    assert [each for each in came if contradiction(asked, each)] == failing(asked, came)


ODD = "aAiIsSkK \u0130\u0131\u00df\u1e9e\u017f\u212a\u0307\u0301\u00e9\u00c9\u03c3\u03c2\u03a3\u0149\u01c5\ufb01\ud55c"
LETTERS = st.text(st.sampled_from(ODD) | st.characters(codec="utf-8"), max_size=4)


@pytest.mark.parametrize("fold", [str, ascii_folded, str.lower, str.casefold, str.upper])
@given(LETTERS, LETTERS, LETTERS)
def test_a_name_that_contains_the_text_however_folded_passes(
    fold: Callable[[str], str], before: str, after: str, text: str
) -> None:
    """Whichever way of ignoring case a server has."""
    whole = fold(before) + fold(text) + fold(after)
    assert loosely_folded(text) in loosely_folded(whole)
