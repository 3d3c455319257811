"""Counting what servers send beyond the published document."""

from __future__ import annotations

import contextlib
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import httpx
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comfy_cloud_api._runtime import codec
from comfy_cloud_api._runtime.codec import decode_json
from comfy_cloud_api._runtime.composites import Anything, ListOf, Nested, OneOf
from comfy_cloud_api._runtime.deviations import Deviant, Deviation, Findings
from comfy_cloud_api._runtime.drift import MAX_ENTRIES, Drift, DriftEntry
from comfy_cloud_api._runtime.formats import DateTime, Uuid
from comfy_cloud_api._runtime.kinds import Bool, Enumerated, Int, Kind, Null, Str, Unreadable
from comfy_cloud_api._runtime.learning import known_names
from comfy_cloud_api._runtime.models import FreeForm, Model
from comfy_cloud_api._runtime.operations import Operation, Reply
from comfy_cloud_api._runtime.values import OpenStrEnum
from comfy_cloud_api.api.asset import list_assets
from comfy_cloud_api.errors import ResponseError
from comfy_cloud_api.models import Asset, ListAssetsResponse
from comfy_cloud_api.types import UNSET
from pipeline.document import read_document
from tests.runtime.lessons import forget
from tests.runtime.reference import deviations
from tests.runtime.strategies import JSON, TEXT, valid
from tests.runtime.test_codec import drifted, page, path_taken

pytestmark = pytest.mark.filterwarnings("ignore::comfy_cloud_api._runtime.codec.UnreadableElementWarning")

PUBLISHED = read_document(Path(__file__).parents[2] / "openapi" / "openapi-cloud.yaml")
PAGE: Kind[ListAssetsResponse] = Nested(lambda: ListAssetsResponse)
CLOUD = {
    "id": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    "name": "a.png",
    "size": 1,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05.5Z",
}
COMFYUI = {
    **CLOUD,
    "created_at": "2026-01-02T03:04:05",
    "updated_at": "2026-01-02T03:04:05.500000",
    "hash": "blake3:00",
    "metadata": {},
    "job_id": None,
    "size": None,
}


class Colour(OpenStrEnum):
    """Two colours."""

    RED = "red"
    BLUE = "blue"


class Counts(FreeForm[int]):
    """Numbers by any name."""

    __slots__ = ()
    __values__: ClassVar[Kind[Any]] = Int()


class Leaf(Model, frozen=True):
    """With every kind of property that listings have none of."""

    _key: Any = msgspec.field(name="key")
    _colour: Any = msgspec.field(default=UNSET, name="colour")
    _colours: Any = msgspec.field(default=UNSET, name="colours")
    _counts: Any = msgspec.field(default=UNSET, name="counts")
    _either: Any = msgspec.field(default=UNSET, name="either")
    _flag: Any = msgspec.field(default=UNSET, name="flag")
    _leaves: Any = msgspec.field(default=UNSET, name="leaves")
    _times: Any = msgspec.field(default=UNSET, name="times")
    __kinds__: ClassVar[Mapping[str, Kind[Any]]] = {
        "key": Uuid(),
        "colour": Enumerated(lambda: Colour),
        "colours": ListOf(Enumerated(lambda: Colour)),
        "counts": Nested(lambda: Counts),
        "either": OneOf(Nested(lambda: Leaf), Bool()),
        "flag": OneOf(Bool(), Null()),
        "leaves": ListOf(Nested(lambda: Leaf)),
        "times": ListOf(DateTime()),
    }


class Crown(Model, frozen=True):
    """Holds leaves where nothing requires them."""

    _leaves: Any = msgspec.field(default=UNSET, name="leaves")
    _anything: Any = msgspec.field(default=UNSET, name="anything")
    __kinds__: ClassVar[Mapping[str, Kind[Any]]] = {"leaves": ListOf(Nested(lambda: Leaf)), "anything": Anything()}


class Wood(Model, frozen=True):
    """Holds a crown, and so its leaves."""

    _crown: Any = msgspec.field(default=UNSET, name="crown")
    __kinds__: ClassVar[Mapping[str, Kind[Any]]] = {"crown": Nested(lambda: Crown)}


LEAF: Kind[Leaf] = Nested(lambda: Leaf)
CROWN: Kind[Crown] = Nested(lambda: Crown)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No test has learned anything for another."""
    forget()
    yield
    forget()


def counted(kind: Kind[Any], content: bytes) -> Counter[tuple[str, str]]:
    """What decoding finds, readable or not."""
    findings = Findings()
    with contextlib.suppress(Unreadable):
        decode_json(kind, content, findings)
    return Counter({(place, str(what)): count for (place, what), (count, _) in findings.found.items()})


def of_leaf(**properties: object) -> dict[tuple[str, str], int]:
    """What is found in a leaf, which is the same at each reading."""
    content = json.dumps({"key": CLOUD["id"], **properties}).encode()
    found = [dict(counted(LEAF, content)) for _ in range(3)]
    assert found == [found[0]] * 3
    return found[0]


@given(drifted() | JSON)
def test_drift_is_what_a_reader_with_the_document_would_find(source: Any) -> None:
    """Every time as the first, whichever path the body takes."""
    expected = deviations(PUBLISHED, "ListAssetsResponse", source)
    content = json.dumps(source).encode()
    assert [counted(PAGE, content) for _ in range(3)] == [expected] * 3


@given(valid(PUBLISHED, {"$ref": "#/components/schemas/ListAssetsResponse"}))
def test_a_valid_answer_has_no_drift_but_its_additions(source: Any) -> None:
    """Undeclared properties and times without offset, which RFC 3339 does not know, are all there can be."""
    kinds = {what for _, what in counted(PAGE, json.dumps(source).encode())}
    assert kinds - {"undeclared property", "time without offset"} == set()


def test_what_drifts_on_each_page_takes_the_fast_path_again() -> None:
    """After the first page of it, and is counted all the same."""
    content = page(COMFYUI, {**COMFYUI, "mime_type": 5, "colour": "red"}, next_cursor="abc")
    assert path_taken(content) == "tolerant"
    first, second = counted(PAGE, content), counted(PAGE, content)
    assert path_taken(content) == "fast"
    assert first == second == deviations(PUBLISHED, "ListAssetsResponse", json.loads(content))


def test_what_the_published_document_says_takes_the_fast_path_at_once() -> None:
    """So nothing has to be learned of Comfy Cloud."""
    content = page(CLOUD, {**CLOUD, "preview_id": None, "user_metadata": {"a": None}})
    assert path_taken(content) == "fast"
    assert counted(PAGE, content) == {}


def test_a_comfyui_page_is_told_from_a_cloud_page() -> None:
    """By what only the overlay declares, by nulls, and by its times."""
    assert counted(PAGE, page(COMFYUI, CLOUD, next_cursor="abc")) == {
        ("Asset.created_at", "time without offset"): 1,
        ("Asset.updated_at", "time without offset"): 1,
        ("Asset.hash", "undeclared property"): 1,
        ("Asset.metadata", "undeclared property"): 1,
        ("Asset.job_id", "undeclared property"): 1,
        ("Asset.size", "null"): 1,
        ("ListAssetsResponse.next_cursor", "undeclared property"): 1,
    }


def test_a_whole_number_with_a_point_is_no_drift_and_takes_the_fast_path() -> None:
    """JSON does not tell 5.0 from 5."""
    content = page({**CLOUD, "size": 5.0})
    assert [counted(PAGE, content), path_taken(content), counted(PAGE, content)] == [{}, "fast", {}]
    assert decode_json(PAGE, content).assets[0].to_dict()["size"] == 5.0


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"colour": "red", "flag": None, "counts": {"a": 1}, "either": True}, {}),
        ({"colour": "green"}, {("Leaf.colour", "unknown enum value"): 1}),
        ({"colour": 5}, {("Leaf.colour", "unreadable value"): 1}),
        ({"colours": ["red", "green", "grey"]}, {("Leaf.colours", "unknown enum value"): 2}),
        ({"colours": ["green", 5]}, {("Leaf.colours", "unreadable value"): 1}),
        ({"counts": {"a": "b", "c": None, "d": 5}}, {("Counts.*", "unreadable value"): 1, ("Counts.*", "null"): 1}),
        ({"counts": []}, {("Leaf.counts", "unreadable value"): 1}),
        ({"either": "no"}, {("Leaf.either", "unreadable value"): 1}),
        ({"either": None}, {("Leaf.either", "null"): 1}),
        ({"either": {"key": CLOUD["id"], "colour": "green", "x": 1}},
         {("Leaf.colour", "unknown enum value"): 1, ("Leaf.x", "undeclared property"): 1}),
        ({"flag": "no"}, {("Leaf.flag", "unreadable value"): 1}),
        ({"times": ["2026-01-01T00:00:00", "2026-01-01T00:00:00Z"]}, {("Leaf.times", "time without offset"): 1}),
        ({"leaves": [{"key": CLOUD["id"], "y": 1}, {}, 7, None]},
         {("Leaf.y", "undeclared property"): 1, ("Leaf.key", "missing property"): 1,
          ("Leaf.leaves[]", "unreadable value"): 1, ("Leaf.leaves[]", "null"): 1}),
        ({"leaves": {}}, {("Leaf.leaves", "unreadable value"): 1}),
    ],
)  # fmt: skip
def test_every_kind_of_property_is_looked_at(
    properties: dict[str, object], expected: dict[tuple[str, str], int]
) -> None:
    """In lists, unions, free objects and models inside themselves."""
    assert of_leaf(**properties) == expected


@pytest.mark.parametrize("bad", [{"key": "nonsense"}, {}])
@pytest.mark.parametrize("findings", [None, Findings()])
def test_counting_changes_nothing_that_is_read(bad: dict[str, str], findings: Findings | None) -> None:
    """An element whose required value cannot be read is put aside, counted or not, wherever it is."""
    body = {"leaves": [{"key": CLOUD["id"]}, bad], "anything": {"free": bad}}
    read = decode_json(CROWN, json.dumps(body).encode(), findings)
    assert (len(read._leaves), read.unreadable, read.to_dict()) == (2, {"leaves": [bad]}, body)


def texts_near_times() -> st.SearchStrategy[str]:
    """Times as servers write them, and texts that are nearly such."""
    parts = [
        st.sampled_from(["2026-01-31", "2026-02-30", "0001-01-01", "9999-12-31", "20260131", "2026-W01-1", "2026-1-3"]),
        st.sampled_from(["T", " ", "t", "", '","']),
        st.sampled_from(["00:00:00", "23:59:59", "24:00:00", "23:59:60", "000000", "00:00", "12", ""]),
        st.sampled_from(["", ".5", ".123456", ".1234567891", ",5", "."]),
        st.sampled_from(["", "Z", "z", "+00:00", "-08:00", "+14:00", "-00:00"])
        | st.sampled_from(["+0530", "+05:30:10", "+24:00", "\\u005a"]),
    ]  # fmt: skip
    return st.tuples(*parts).map("".join)


@given(st.lists(texts_near_times() | st.sampled_from(["2026-01-31T00:00:00Z", "2026-01-31T00:00:00"]), min_size=1))
@example(["0001-01-01T00:00:00+14:00"])
@example(["9999-12-31T23:59:59-08:00"])
def test_times_checked_together_are_what_they_are_one_by_one(texts: list[str]) -> None:
    """The quick check of a column says nothing that reading each does not."""
    assert _tallied(DateTime().deviations(texts)) == sum((_one_by_one(text) for text in texts), Counter())


def _one_by_one(text: str) -> Counter[Deviation]:
    if not DateTime().reads(text):
        return Counter([Deviation.UNREADABLE])
    found = deviations({"components": {"schemas": {"T": {"type": "string", "format": "date-time"}}}}, "T", text)
    return Counter([Deviation.NAIVE] if found else [])


def _tallied(found: Any) -> Counter[Deviation]:
    tally: Counter[Deviation] = Counter()
    deviant: Deviant
    for deviant in found:
        tally[deviant[0]] += deviant[1]
    return tally


@given(
    st.lists(
        st.uuids().map(str)
        | st.uuids().map(lambda value: value.hex)
        | st.uuids().map(lambda value: str(value).upper())
        | st.sampled_from(["", "6f9619ff-8b86-4011-b42d-00c04fc964f", "6f9619ff-8b86-4011-b42d-00c04fc964fé", "-" * 36])
        | st.tuples(st.uuids(), st.uuids()).map(lambda pair: f"{pair[0]},{pair[1]}"),
        min_size=1,
    )
)
def test_uuids_checked_together_are_what_they_are_one_by_one(texts: list[str]) -> None:
    """In any spelling, and beside texts that are none."""
    unreadable = [text for text in texts if not Uuid().reads(text)]
    assert _tallied(Uuid().deviations(texts)) == Counter({Deviation.UNREADABLE: len(unreadable)} if unreadable else {})


@pytest.mark.parametrize(
    ("leaves", "told"), [([{"key": str(UUID(int=1))}, {}], ["1 of 2 elements of Crown.leaves"]), (5, [])]
)
def test_elements_that_are_left_out_deep_inside_are_told_of(leaves: object, told: list[str]) -> None:
    """Of arrays in objects, in lists; what is no array loses none."""
    codec._warned.clear()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        decode_json(ListOf(Nested(lambda: Wood)), json.dumps([{"crown": {"leaves": leaves}}, 5]).encode())
    assert told == [str(item.message).partition(" lack")[0] for item in said]


@pytest.mark.parametrize("wire", [5, True, [], "\ud800" * 36])
def test_what_is_no_text_is_no_uuid_among_others(wire: object) -> None:
    """Nor is half of a surrogate pair, which cannot be looked at together with the others."""
    assert [(Deviation.UNREADABLE, 1, wire)] == list(Uuid().deviations([str(UUID(int=1)), wire]))


@pytest.mark.parametrize("others", [[], ["2026-01-31T00:00:00Z"]])
def test_the_first_time_without_offset_is_the_example(others: list[str]) -> None:
    """Where all are alike, and where they are not."""
    naive = ["2026-01-31T00:00:00", "2026-01-31T00:00:00.5"]
    assert [(Deviation.NAIVE, 2, naive[0])] == list(DateTime().deviations([*naive, *others]))


@given(st.uuids())
def test_a_uuid_may_come_without_dashes(value: UUID) -> None:
    """RFC 9562 writes them, and some programs do not."""
    assert [value, value] == [Uuid().read(value.hex), Uuid().read_optional(value.hex)]


def answered(drift: Drift, response: httpx.Response, *, strict: bool = True) -> None:
    """Read an answer of listAssets, whatever becomes of it."""
    with contextlib.suppress(ResponseError):
        list_assets.OPERATION.read(response, strict=strict, drift=drift)


@pytest.mark.parametrize(
    ("response", "entry"),
    [
        (httpx.Response(418, text="short"), ("status 418", Deviation.STATUS, 2, "5 bytes")),
        (httpx.Response(204), ("status 204", Deviation.STATUS, 2, "0 bytes")),
        (httpx.Response(200, html="<html>"), ("body", Deviation.BODY, 2, "6 bytes")),
        (httpx.Response(400, json=[]), ("body", Deviation.UNREADABLE, 2, "array of 0")),
        (httpx.Response(400, json={"code": "X", "message": 5}),
         ("ErrorResponse.message", Deviation.UNREADABLE, 2, "number")),
    ],
)  # fmt: skip
def test_answers_that_the_document_does_not_know_are_counted(response: httpx.Response, entry: tuple[Any, ...]) -> None:
    """Statuses, bodies that are no JSON, and errors of another shape; also where reading them raises."""
    drift = Drift()
    for strict in (True, False):
        answered(drift, response, strict=strict)
    assert drift.entries() == (DriftEntry("listAssets", *entry),)


def test_an_answer_as_documented_leaves_no_entry() -> None:
    """Nor does one that nobody counts."""
    drift = Drift()
    answered(drift, httpx.Response(200, content=page(CLOUD)))
    answered(drift, httpx.Response(400, json={"code": "INVALID_QUERY", "message": "m"}))
    assert (drift.entries(), repr(drift)) == ((), "Drift(0 entries)")


def test_many_threads_count_exactly() -> None:
    """No page is lost between them."""
    drift = Drift()
    content = page(*[{**CLOUD, "colour": "red"}] * 3)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: answered(drift, httpx.Response(200, content=content)), range(200)))
    assert drift.entries() == (DriftEntry("listAssets", "Asset.colour", Deviation.UNDECLARED, 600, "string(3)"),)


SECRET = "correct horse battery staple"


@given(st.sampled_from([*CLOUD, "preview_id", "tags", "user_metadata", "new"]), st.sampled_from([
    SECRET, [SECRET], {SECRET: SECRET}, [[SECRET]], [{"a": SECRET}]
]))  # fmt: skip
def test_no_value_that_came_is_kept(name: str, value: object) -> None:
    """Only its type and its size."""
    drift = Drift()
    for _ in range(2):
        answered(drift, httpx.Response(200, content=page({**CLOUD, name: value})))
    assert SECRET not in repr(drift.entries())


def test_an_enum_value_is_shown_shortened() -> None:
    """It is the server's word, and what one needs to know."""
    operation = Operation("grow", "GET", "/", replies={"200": Reply(json=LEAF)})
    drift = Drift()
    operation.read(httpx.Response(200, json={"key": CLOUD["id"], "colour": "g" * 100}), drift=drift)
    assert [(entry.what, len(entry.example) < 60, entry.example[:4]) for entry in drift.entries()] == [
        (Deviation.UNKNOWN, True, "'ggg")
    ]


def test_the_memory_of_drift_is_bounded() -> None:
    """Beyond a bound, places are counted together, whatever names a server invents."""
    drift = Drift()
    for number in range(20):
        sent = {**CLOUD, **{f"name {number} {index}\x1b": 1 for index in range(50)}}
        answered(drift, httpx.Response(200, content=page(sent)))
    entries = drift.entries()
    assert len(entries) == MAX_ENTRIES + 1
    assert sum(entry.count for entry in entries) == 1000
    assert [entry.where.isprintable() for entry in entries] == [True] * len(entries)
    assert known_names(Asset) == frozenset()


@given(TEXT)
def test_a_name_of_a_property_is_shown_on_one_line(name: str) -> None:
    """A server may call it anything."""
    drift = Drift()
    answered(drift, httpx.Response(200, content=page({**CLOUD, f"{name}\n": 1})))
    assert [entry.where.isprintable() for entry in drift.entries()] == [True]


def test_text_kinds_say_what_they_are_not() -> None:
    """A kind for which nothing can be checked together is checked one by one."""
    assert _tallied(Str().deviations(["a", 5, None])) == {Deviation.UNREADABLE: 1, Deviation.NULL: 1}
