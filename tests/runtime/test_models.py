"""One object per JSON object: what came is kept, and read with its types."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud_api import UNSET, models
from comfy_cloud_api._runtime.formats import Date
from comfy_cloud_api._runtime.kinds import Binary, Int
from comfy_cloud_api._runtime.models import FreeForm, wire_names
from comfy_cloud_api.errors import ModelError, ParameterError
from comfy_cloud_api.models import Asset, AssetUserMetadata, ErrorResponse, ListAssetsResponse
from pipeline.generate import OUR_CLIENT, client_document
from tests.runtime.strategies import JSON, valid

SPEC = client_document(OUR_CLIENT)
SCHEMAS: dict[str, Any] = SPEC["components"]["schemas"]
ANY_MODEL = st.sampled_from(sorted(SCHEMAS)).flatmap(
    lambda name: st.tuples(st.just(getattr(models, name)), valid(SPEC, SCHEMAS[name]))
)
ID = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
MINIMAL: dict[str, Any] = {
    "id": ID,
    "name": "a.png",
    "size": 1,
    "created_at": "2026-01-02T03:04:05.123456789Z",
    "updated_at": "2026-01-02T03:04:05",
}


def exact(value: object) -> str:
    """JSON text, which tells 1 from 1.0 and from true."""
    return json.dumps(value, sort_keys=True)


@given(ANY_MODEL)
def test_what_came_is_what_goes_out(drawn: tuple[Any, dict[str, Any]]) -> None:
    """to_dict(from_dict(x)) == x for every valid x: nanoseconds, `Z`, nulls and unknown properties included."""
    model, source = drawn
    assert exact(model.from_dict(source).to_dict()) == exact(source)


@given(ANY_MODEL)
def test_models_are_values(drawn: tuple[Any, dict[str, Any]]) -> None:
    """Equal, hashed alike, picklable and copyable, and independent of what they were made of."""
    model, source = drawn
    one, other = model.from_dict(source), model.from_dict(copy.deepcopy(source))
    assert one == other
    assert hash(one) == hash(other)
    assert [pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)] == [one, one, one]
    before = exact(one.to_dict())
    source.clear()
    one.to_dict().clear()
    assert exact(one.to_dict()) == before


@given(ANY_MODEL)
def test_every_property_of_a_valid_object_can_be_read(drawn: tuple[Any, dict[str, Any]]) -> None:
    """None exactly where it is absent or null, and nothing is unreadable."""
    model, source = drawn
    made = model.from_dict(source)
    names = {field[1:]: name for field, name in wire_names(model).items()}
    nones = {name for own, name in names.items() if getattr(made, own) is None}
    assert nones == {name for name in names.values() if source.get(name) is None}
    assert made.unreadable == {}
    assert made.additional_properties == {key: source[key] for key in source if key not in names.values()}


def test_values_are_read_with_their_types() -> None:
    """UUIDs, aware datetimes in UTC, and the text of what was sent beneath them."""
    asset = Asset.from_dict({**MINIMAL, "preview_id": None, "tags": ["a"], "user_metadata": {"seed": 42}})
    assert asset.id == UUID(ID)
    assert asset.created_at == dt.datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=dt.UTC)
    assert asset.updated_at == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert (asset.preview_id, asset.prompt_id, asset.tags) == (None, None, ["a"])
    assert asset.to_dict()["created_at"] == MINIMAL["created_at"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-01T00:00:00", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("2026-01-01T02:00:00+02:00", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("2026-01-01 00:00:00.5Z", dt.datetime(2026, 1, 1, 0, 0, 0, 500000, tzinfo=dt.UTC)),
        ("2026-01-01t00:00:00z", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),  # RFC 3339, 5.6, allows lower case
    ],
)
def test_every_datetime_is_aware_and_in_utc(text: str, expected: dt.datetime) -> None:
    """A time without offset is UTC, as ComfyUI 0.27 sends it."""
    read = Asset.from_dict({**MINIMAL, "created_at": text}).created_at
    assert (read, read.tzinfo) == (expected, dt.UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preview_id", "no uuid"),
        ("preview_id", 7),
        ("last_access_time", "yesterday"),
        ("last_access_time", "2026-01-01"),
        ("last_access_time", "0001-01-01T00:00:00+05:00"),
        ("mime_type", ["image/png"]),
        ("tags", "a,b"),
        ("tags", ["a", 1]),
        ("user_metadata", "x"),
        ("is_immutable", "true"),
        ("is_immutable", 1),
    ],
)
def test_an_unreadable_optional_value_reads_as_absent_and_is_kept(name: str, value: object) -> None:
    """It stands in `unreadable`, and goes out again as it came."""
    asset = Asset.from_dict({**MINIMAL, name: value})
    assert getattr(asset, name) is None
    assert asset.unreadable == {name: value}
    assert asset.to_dict() == {**MINIMAL, name: value}


def test_null_reads_as_absent_also_where_it_is_not_allowed() -> None:
    """Servers send it; it is neither an error nor unreadable."""
    asset = Asset.from_dict({**MINIMAL, "mime_type": None, "tags": None})
    assert (asset.mime_type, asset.tags, asset.unreadable) == (None, None, {})
    assert asset.to_dict() == {**MINIMAL, "mime_type": None, "tags": None}


@pytest.mark.parametrize("name", SCHEMAS["Asset"]["required"])
@pytest.mark.parametrize("value", [None, UNSET, [], {}])
def test_an_object_without_a_required_property_is_no_model(name: str, value: object) -> None:
    """One typed error that names the property."""
    source = {key: MINIMAL[key] for key in MINIMAL if key != name} | ({} if value is UNSET else {name: value})
    with pytest.raises(ModelError, match=f"This is no Asset: its property '{name}'"):
        Asset.from_dict(source)


def test_a_whole_number_may_come_with_a_point() -> None:
    """JSON does not tell 5.0 from 5; it reads as an int and goes out as it came."""
    asset = Asset.from_dict({**MINIMAL, "size": 5.0})
    assert (asset.size, type(asset.size)) == (5, int)
    assert exact(asset.to_dict()["size"]) == "5.0"


def test_numbers_keep_every_digit() -> None:
    """Beyond 64 bits too."""
    source = {**MINIMAL, "size": 2**70, "user_metadata": {"seed": -(2**80)}}
    assert Asset.from_dict(source).to_dict() == source


def test_models_are_made_from_python_values() -> None:
    """Each is written as the API wants it; a text in the right format is accepted."""
    moment = dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    asset = Asset(
        id=UUID(ID),
        name="a",
        size=1,
        created_at=moment,
        updated_at="2026-01-01T00:00:00Z",
        preview_id=None,
        user_metadata={"seed": 1},
        additional_properties={"hash": "x"},
    )
    assert asset.to_dict() == {
        "id": ID,
        "name": "a",
        "size": 1,
        "created_at": "2026-01-01T12:00:00+02:00",
        "updated_at": "2026-01-01T00:00:00Z",
        "preview_id": None,
        "user_metadata": {"seed": 1},
        "hash": "x",
    }
    assert asset == Asset.from_dict(asset.to_dict())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("id", "no uuid", "'no uuid' is not a UUID"),
        ("size", "1", "'1' is not a whole number"),
        ("size", True, "True is not a whole number"),
        ("created_at", dt.datetime(2026, 1, 1), "is not an aware datetime"),  # noqa: DTZ001 - the point
        ("tags", "a,b", "'a,b' is not a list"),
        ("tags", [1], "1 is not a string"),
        ("user_metadata", {"a": object()}, "is not a value that JSON can hold"),
        ("user_metadata", {"a": float("nan")}, "is not a finite number"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: Any, words: str) -> None:
    """When the model is made, and when it is changed."""
    good: dict[str, Any] = dict(MINIMAL)
    for attempt in (lambda: Asset(**{**good, name: value}), lambda: Asset.from_dict(MINIMAL).replace(**{name: value})):
        with pytest.raises(ParameterError, match=words):
            attempt()


def test_unknown_and_missing_properties_are_refused_by_name() -> None:
    """A typing error of Python's kind, as for any call."""
    good: dict[str, Any] = dict(MINIMAL)
    with pytest.raises(TypeError, match="Asset has no property 'hash'"):
        Asset(**good, hash="x")  # type: ignore[call-arg] # the point
    with pytest.raises(TypeError, match="Asset needs its property 'created_at'"):
        Asset(name="a")  # type: ignore[call-arg] # the point
    with pytest.raises(TypeError, match="Asset needs its property 'name'"):
        Asset.from_dict(MINIMAL).replace(name=UNSET)


def test_a_model_is_changed_by_making_another() -> None:
    """What nobody changed stays as it came."""
    asset = Asset.from_dict({**MINIMAL, "tags": ["a"], "hash": "x"})
    changed = asset.replace(name="b", tags=UNSET)
    assert changed.to_dict() == {**MINIMAL, "name": "b", "hash": "x"}
    assert asset.to_dict() == {**MINIMAL, "tags": ["a"], "hash": "x"}
    with pytest.raises(AttributeError):
        asset.name = "c"  # type: ignore[misc] # the point


def test_lists_that_are_read_belong_to_the_reader() -> None:
    """Changing one changes no model."""
    asset = Asset.from_dict({**MINIMAL, "tags": ["a"]})
    tags = asset.tags
    assert tags is not None
    tags.append("b")
    assert asset.tags == ["a"]


def test_free_form_objects_are_mappings() -> None:
    """len, iteration, in, get, keys, items, dict(); equal and hashed by what they hold; not changed."""
    metadata = Asset.from_dict({**MINIMAL, "user_metadata": {"seed": 42, "cfg": None}}).user_metadata
    assert metadata is not None
    assert isinstance(metadata, Mapping)
    assert dict(metadata) == {"seed": 42, "cfg": None}
    assert (len(metadata), list(metadata), "seed" in metadata) == (2, ["seed", "cfg"], True)
    assert (metadata["seed"], metadata.get("steps", 20)) == (42, 20)
    assert metadata == AssetUserMetadata({"seed": 42}, cfg=None)
    assert hash(metadata) == hash(AssetUserMetadata(seed=42, cfg=None))
    with pytest.raises(AttributeError, match="cannot be changed"):
        metadata.seed = 1


@given(st.dictionaries(st.text(), JSON))
def test_free_form_objects_keep_everything(source: dict[str, Any]) -> None:
    """Any JSON object."""
    assert exact(AssetUserMetadata.from_dict(source).to_dict()) == exact(source)
    assert exact(dict(AssetUserMetadata.from_dict(source))) == exact(source)


def test_models_of_different_classes_are_never_equal() -> None:
    """Even when they hold the same."""
    assert AssetUserMetadata.from_dict({"code": "a", "message": "b"}) != ErrorResponse(code="a", message="b")
    assert ErrorResponse(code="a", message="b") != {"code": "a", "message": "b"}


def test_a_repr_is_one_short_line() -> None:
    """However much the object holds."""
    asset = Asset.from_dict({**MINIMAL, "name": "x" * 5000, "user_metadata": {"a\n": ["y"] * 1000}})
    assert len(repr(asset)) < 500
    assert "\n" not in repr(asset)
    assert repr(ErrorResponse(code="a", message="b")) == "ErrorResponse(code='a', message='b')"


def test_a_bad_element_is_kept_aside() -> None:
    """The others are not lost, and it goes out again where it stood."""
    source = {"assets": [MINIMAL, {"id": ID}, None, {**MINIMAL, "name": None}], "total": 4, "has_more": False}
    page = ListAssetsResponse.from_dict(source)
    assert [asset.to_dict() for asset in page.assets] == [MINIMAL]
    assert page.unreadable == {"assets": source["assets"][1:]}  # type: ignore[index] # a list
    assert page.to_dict() == source


def test_a_date_is_not_taken_from_a_datetime() -> None:
    """Its time of day would be lost, or written where the API wants none."""
    kind = Date()
    assert (kind.write(dt.date(2026, 1, 1)), kind.write("2026-01-01")) == ("2026-01-01", "2026-01-01")
    with pytest.raises(ParameterError, match="is not a date"):
        kind.write(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_a_typed_free_form_object_is_a_mapping_of_what_can_be_read() -> None:
    """The rest is kept, and stands in `unreadable`."""

    class Counts(FreeForm[int]):
        """Numbers by name."""

        __values__ = Int()

    counts = Counts.from_dict({"a": 1, "b": "x", "c": 2})
    assert (dict(counts), len(counts), counts.unreadable) == ({"a": 1, "c": 2}, 2, {"b": "x"})
    assert counts.to_dict() == {"a": 1, "b": "x", "c": 2}
    with pytest.raises(ParameterError, match="'x' is not a whole number"):
        Counts.written({"a": "x"})


@pytest.mark.parametrize("value", [5, None, [1], {"a": 1}])
def test_a_file_is_bytes_text_or_something_to_read(value: object) -> None:
    """Said where it is given, not where it is sent."""
    with pytest.raises(ParameterError, match="is not a file, bytes or a text"):
        Binary().write(value)
