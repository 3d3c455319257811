"""What a runner is given of a case, and whether what it did is what is expected. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from urllib.parse import quote

from msgspec import Struct, ValidationError, convert

from comfy_cloud.conformance._library import Library, number_of
from comfy_cloud.conformance._vectors import Case, Family
from comfy_cloud.conformance._worlds import PLACES, SERVER, Asked, Json, Script, World, is_list, is_object, placed

PROTOCOL: Final = 1
KEY: Final = "conformance-key-0123456789"
"""What clients of the cases that do not say another one authenticate with; no server's key."""

FILTERS: Final = ("include_tags", "exclude_tags", "name_contains", "metadata_filter")
SAID: Final = ("include_public",)
"""What is compared of the rest of a query, where a case expects it."""
_EMPTY_PAGES: Final = {"listAssets": "assets", "listTags": "tags"}
_DIGITS: Final = 6  # of a wait in seconds
_INSTANT: Final = "instant"
_MILLISECOND: Final = timedelta(milliseconds=1)
_LISTS: Final = ("items", "waits", "results", "told")
"""Members of answers for which null is as good as an empty list, as some languages print theirs."""


class Verdict(Enum):
    """What became of a case."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNSUPPORTED = "unsupported"
    BROKEN = "broken"


class Result(Struct, frozen=True):
    """What became of a case.

    Attributes:
        case: The case.
        verdict: What became of it.
        actual: What the runner did, in the shape of what was expected.
        why: Why the runner does not support it, or how it broke; else empty.
    """

    case: Case
    verdict: Verdict
    actual: Json = None
    why: str = ""


class _Said(Struct):
    """The types of what runners print; which members a family has, its observer knows."""

    refused: str | None = None
    value: Json = None
    error: dict[str, Json] | None = None
    items: list[Json] | None = None
    end: str | None = None
    exact: bool | None = None
    waits: list[float] | None = None
    results: list[str] | None = None
    result: str | None = None
    told: list[Json] | None = None


def world_of(case: Case, places: Mapping[str, str]) -> World:
    """The servers of a case. Where it has no script, they answer an empty listing."""
    script = placed(case.script, places)
    if case.family == "pagination":
        return Library(script, case.input.get("operation", "listAssets"))
    items = _EMPTY_PAGES.get(case.input.get("operation", ""), "assets")
    return Script(script or [{"status": 200, "json": {items: [], "total": 0, "has_more": False}}])


def needs_gateway(case: Case) -> bool:
    """Whether its addresses are on other machines, so that a runner has to send its requests to the gateway."""
    return not case.input.get("base_url", SERVER).startswith(PLACES)


def task_of(case: Case, places: Mapping[str, str], gateway: str) -> Json:
    """What a runner is given: nothing of what is expected."""
    given = placed({"base_url": SERVER, "api_key": KEY, **case.input}, places)
    task = {"protocol": PROTOCOL, "id": case.id, "family": case.family, "rules": list(case.rules), "input": given}
    return {**task, "gateway": gateway} if needs_gateway(case) else task


def judged(case: Case, answer: Json, asked: Sequence[Asked], places: Mapping[str, str]) -> Result:
    """Whether what the runner did, by what it says and by what it asked, is what is expected."""
    answer = placed(answer, {address: place for place, address in places.items()})
    if not is_object(answer):
        return Result(case, Verdict.BROKEN, why=f"answered with no object, but {answer!r:.100}")
    if "unsupported" in answer:
        return Result(case, Verdict.UNSUPPORTED, why=str(answer["unsupported"]))
    try:
        convert(answer, _Said)
    except ValidationError as error:
        return Result(case, Verdict.BROKEN, why=f"answered other than schemas/answer.json says: {error}")
    answer = {name: said for name, said in answer.items() if said is not None or name not in _LISTS}
    actual = _OBSERVERS[case.family](case, answer, asked)
    return Result(case, Verdict.PASS if actual == case.expect else Verdict.FAIL, actual)


def _request(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    if not asked or "refused" in case.expect:
        return _refusal(case, answer, asked)
    sent, expected = asked[0], case.expect
    seen = {
        "method": sent.method,
        "path": sent.path,
        "query": sent.query,
        "headers": {name: sent.headers.get(name) for name in expected["headers"]},
        "absent": [name for name in expected["absent"] if name not in sent.headers],
    }
    return seen if len(asked) == 1 else {**seen, "requests": len(asked)}


def _filter(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    if not asked or "refused" in case.expect:
        return _refusal(case, answer, asked)
    sent = [part.partition("=") for part in asked[0].query.split("&")]
    seen = {"query": "&".join("".join(part) for part in sent if part[0] in FILTERS)}
    return seen | {name: value for name, _, value in sent if name in SAID and name in case.expect}


def _refusal(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    """A runner that cannot tell why it refuses says null, and is compared by that it refuses."""
    if asked:
        return {"sent": asked[0].target}
    if "refused" not in answer:
        return {"sent": None, "answer": answer}
    reason = answer["refused"]
    return {"refused": case.expect.get("refused") if reason is None else reason}


def _response(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    del asked
    said = {name: answer[name] for name in ("value", "error") if answer.get(name) is not None}
    return _alike(case.expect, said) if said.keys() == case.expect.keys() else said


def _alike(expected: Json, actual: Json) -> Json:
    """The actual value, without what is not compared: members that are not expected; null is as good as absent."""
    if is_object(expected) and set(expected) == {_INSTANT}:
        return expected if _are_one_instant(expected[_INSTANT], actual) else actual
    if is_object(expected) and is_object(actual):
        return {key: _alike(value, actual.get(key)) for key, value in expected.items()}
    if is_list(expected) and is_list(actual) and len(expected) == len(actual):
        return [_alike(one, other) for one, other in zip(expected, actual, strict=True)]
    kinds: set[object] = {type(expected), type(actual)}
    if len(kinds) == 1 or kinds == {int, float} or actual != expected:
        return actual
    return {"of the type": type(actual).__name__, "value": actual}  # True equals 1 in Python, and not in JSON


def _are_one_instant(expected: str, actual: Json) -> bool:
    """To the millisecond, which is all that some languages know; a time without offset is no instant."""
    try:
        there = datetime.fromisoformat(actual.upper())  # RFC 3339 allows T and Z in lower case, and Python does not
    except (AttributeError, ValueError):
        return False
    return there.tzinfo is not None and abs(there - datetime.fromisoformat(expected)) < _MILLISECOND


def _walk(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    """Items that were not there all the time may be listed, once; and `any` of them, whose key changed, at will.

    Whether the client calls it exact is compared where it says so at all.
    """
    del asked
    free = case.expect.get("any", [])
    reported = [item for item in map(number_of, map(str, answer.get("items", ()))) if item not in free]
    may = case.expect.get("may", [])
    seen: Json = {"items": [item for item in reported if item not in may], "end": answer.get("end"), "any": free}
    seen["exact"] = case.expect.get("exact") if answer.get("exact") is None else answer["exact"]
    if case.expect.get("in_any_order") and sorted(seen["items"], key=str) == sorted(case.expect["items"], key=str):
        seen |= {"items": case.expect["items"], "in_any_order": True}
    if "may" in case.expect:
        twice = sorted({item for item in reported if item in may and reported.count(item) > 1}, key=str)
        seen["may"] = {"came twice": twice} if twice else may
    return {name: value for name, value in seen.items() if name in case.expect}


def _retry(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    waits = [round(float(wait), _DIGITS) for wait in answer.get("waits", ())]
    seen = {"waits": waits, "attempts": len(asked), "results": answer.get("results")}
    return {name: seen[name] for name in case.expect if name in seen}


def _route(case: Case, answer: Json, asked: Sequence[Asked]) -> Json:
    if "refused" in case.expect:
        return _refusal(case, answer, asked)
    key: str = case.input.get("api_key", KEY) or ""
    seen: Json = {
        "requests": [_stop(expected, sent, key) for expected, sent in _pairs(case.expect.get("requests", []), asked)],
        "result": answer.get("result"),
        "told_key": any(_shows(str(text), key) for text in answer.get("told", ())),
    }
    return {name: value for name, value in seen.items() if name in case.expect}


def _shows(text: str, key: str) -> bool:
    """Whether the key stands there, as it is or percent-encoded."""
    return any(form in text for form in (key, quote(key), quote(key, safe="")))


def _pairs(expected: Sequence[Json], asked: Sequence[Asked]) -> list[tuple[Json, Asked]]:
    usual = {"method": None, "url": None, "key": None}
    return [(expected[at] if at < len(expected) else usual, sent) for at, sent in enumerate(asked)]


def _stop(expected: Json, sent: Asked, key: str) -> Json:
    others = [sent.target, *(value for name, value in sent.headers.items() if name != "x-api-key")]
    stray = bool(key) and any(key in text for text in others)
    whole = "?" in (expected.get("url") or "?")  # a query that is not expected is not compared
    seen = {
        "method": sent.method,
        "url": f"{sent.origin}{sent.target if whole else sent.path}",
        "key": "elsewhere" if stray else sent.headers.get("x-api-key") == key if key else "x-api-key" in sent.headers,
        "absent": [name for name in expected.get("absent", ()) if name not in sent.headers],
        "headers": {name: sent.headers.get(name) for name in expected.get("headers", ())},
    }
    return {name: seen[name] for name in expected}


_OBSERVERS: Final[Mapping[Family, Callable[[Case, Json, Sequence[Asked]], Json]]] = {
    "requests": _request,
    "responses": _response,
    "filters": _filter,
    "pagination": _walk,
    "retries": _retry,
    "redirects": _route,
    "keys": _route,
}
