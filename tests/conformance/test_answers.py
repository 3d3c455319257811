"""What a runner answers is judged, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud.conformance import Case, Result, Verdict, load
from comfy_cloud.conformance._checking import IN_MEMORY
from comfy_cloud.conformance._judging import judged

NAMES = ["refused", "value", "error", "items", "end", "exact", "waits", "results", "result", "told"]


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the names that answers have, and others."""
    return st.dictionaries(st.sampled_from([*NAMES, "kind", "assets", "created_at"]) | st.text(), values)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | objects(inner)
)


def case(ident: str) -> Case:
    """A case by its id."""
    return next(one for one in load() if one.id == ident)


def answered(ident: str, answer: Any) -> Result:
    """What becomes of a case whose client sends nothing."""
    return judged(case(ident), answer, [], IN_MEMORY)


@given(st.sampled_from(load()), JSON | objects(JSON))
def test_any_json_is_judged(one: Case, answer: Any) -> None:
    """The check of the other cases does not end with it."""
    assert isinstance(judged(one, answer, [], IN_MEMORY).verdict, Verdict)


@given(st.sampled_from([one for one in load("pagination") if "in_any_order" in one.expect]), st.data())
def test_items_that_are_none_of_the_case_s_are_judged(one: Case, data: st.DataObject) -> None:
    """Ids of any form, numbers and texts among each other."""
    known = st.integers(0, 12).map(lambda number: f"00000000-0000-4000-8000-{number:012x}")
    items = data.draw(st.lists(known | st.text() | st.just("00000000-0000-4000-8000-zzzzzzzzzzzz")))
    assert judged(one, {"items": items, "end": "complete"}, [], IN_MEMORY).verdict in (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize(
    ("ident", "answer", "place"),
    [
        ("retries/success", {"waits": 5, "results": ["success"]}, "$.waits"),
        ("retries/success", {"waits": ["1"], "results": ["success"]}, "$.waits[0]"),
        ("pagination/ten-by-two", {"items": "abc", "end": "complete"}, "$.items"),
        ("pagination/ten-by-two", {"items": [], "end": "complete", "exact": "yes"}, "$.exact"),
        ("pagination/empty", {"items": [], "end": "complete", "exact": 1}, "$.exact"),
        ("responses/size-zero", {"error": "decode"}, "$.error"),
        ("filters/comma-in-tag", {"refused": True}, "$.refused"),
    ],
)
def test_an_answer_of_another_type_says_where(ident: str, answer: Any, place: str) -> None:
    """And which file has the types."""
    result = answered(ident, answer)
    assert (Verdict.BROKEN, True) == (result.verdict, result.why.endswith(f"- at `{place}`"))
    assert "schemas/answer.json" in result.why


def test_null_is_an_empty_list() -> None:
    """Some languages print theirs like that."""
    assert [] == answered("retries/success", {"waits": None, "results": ["success"]}).actual["waits"]
    assert Verdict.PASS is answered("pagination/empty", {"items": None, "end": "complete"}).verdict


@pytest.mark.parametrize("ident", ["pagination/empty", "pagination/unreadable-all"])
@pytest.mark.parametrize("said", [True, False])
def test_whether_a_listing_is_exact_is_compared(ident: str, said: bool) -> None:
    """Both claims can be wrong: proof where there is none, and doubt where there is none."""
    verdict = Verdict.PASS if case(ident).expect["exact"] is said else Verdict.FAIL
    assert verdict is answered(ident, {"items": [], "end": "complete", "exact": said}).verdict


@pytest.mark.parametrize("answer", [{}, {"exact": None}])
def test_a_client_that_does_not_say_whether_it_is_exact_is_not_compared_by_it(answer: dict[str, None]) -> None:
    """Most clients make no such claim."""
    unproved: dict[str, object] = {"items": [], "end": "complete", **answer}
    assert Verdict.PASS is answered("pagination/unreadable-all", unproved).verdict


def test_an_error_in_place_of_a_value_is_shown() -> None:
    """And the other way round: not only that what was expected is missing."""
    assert {"error": {"kind": "decode"}} == answered("responses/size-zero", {"error": {"kind": "decode"}}).actual
    assert {"value": {"total": 1}} == answered("responses/json-null", {"value": {"total": 1}, "error": None}).actual


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05z", "2026-01-02T05:04:05.000+02:00"])
def test_a_time_may_be_printed_in_any_spelling_of_rfc_3339(text: str) -> None:
    """With any offset."""
    assert Verdict.PASS is answered("responses/time-z", {"value": {"assets": [{"created_at": text}]}}).verdict


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05", "2026-01-02T03:04:05.001Z", "2026-01-02", "", None, 5, {}])
def test_a_text_that_is_another_instant_or_none_is_a_failure(text: object) -> None:
    """Without an offset it names none."""
    assert Verdict.FAIL is answered("responses/time-z", {"value": {"assets": [{"created_at": text}]}}).verdict
