"""Checks of the models, and of UNSET."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import pickle
from typing import Any

from tests.layer.faults import fault
from tests.layer.stock import Layer


def item(layer: Layer, **more: Any) -> Any:
    """A model of what a server sent."""
    return layer.models.Item.from_dict({"id": "a", **more})


@fault("'sculpture' is not a valid ItemKind", ValueError)
def unknown_enum_values_survive(layer: Layer) -> None:
    """Equal to their string, with their text in the repr, written back as they came."""
    model = item(layer, kind="sculpture")
    assert (model.kind == "sculpture", "sculpture" in repr(model.kind)) == (True, True)
    assert model.to_dict() == {"id": "a", "kind": "sculpture"}


@fault("'str' object has no attribute 'value'", AttributeError)
def plain_strings_are_accepted_for_enums_of_models(layer: Layer) -> None:
    """As they are for those of parameters."""
    assert layer.models.Item(id="a", kind="picture").to_dict() == {"id": "a", "kind": "picture"}


@fault("fromisoformat|must be str|NoneType|expected string", TypeError)
def null_reads_as_absent_where_the_spec_forgot_it(layer: Layer) -> None:
    """For an optional property that is not nullable, and it is written back as null."""
    model = item(layer, created_at=None)
    assert (model.created_at, model.to_dict()) == (None, {"id": "a", "created_at": None})


@fault("123456\\+00:00")
def nanoseconds_round_trip(layer: Layer) -> None:
    """Every digit."""
    written = item(layer, created_at="2026-01-02T03:04:05.123456789+00:00").to_dict()["created_at"]
    assert written == "2026-01-02T03:04:05.123456789+00:00", written


@fault("00:00:00\\+00:00")
def a_z_stays_a_z(layer: Layer) -> None:
    """Though +00:00 is the same."""
    written = item(layer, created_at="2026-01-02T00:00:00Z").to_dict()["created_at"]
    assert written == "2026-01-02T00:00:00Z", written


@fault("None")
def times_without_an_offset_are_aware(layer: Layer) -> None:
    """They are UTC."""
    read = item(layer, created_at="2026-01-02T00:00:00").created_at
    assert read.tzinfo is not None, read.tzinfo
    assert read == dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@fault("0", KeyError)
def free_form_objects_become_a_dict(layer: Layer) -> None:
    """`dict()` of one is what the server sent."""
    assert dict(item(layer, user_metadata={"a": 1}).user_metadata) == {"a": 1}


@fault("has no len")
def free_form_objects_are_mappings(layer: Layer) -> None:
    """With len, iteration, get and membership."""
    meta = item(layer, user_metadata={"a": 1}).user_metadata
    lacks = [name for name in ("__len__", "__iter__", "get", "__contains__") if not hasattr(meta, name)]
    assert "__len__" not in lacks, "it has no len"
    assert (len(meta), list(meta), meta.get("b"), "a" in meta, lacks) == (1, ["a"], None, True, [])


@fault("unhashable type: 'Item'", TypeError)
def models_are_hashable_and_comparable(layer: Layer) -> None:
    """Equal ones are one in a set."""
    assert len({item(layer, tags=["x"]), item(layer, tags=["x"])}) == 1


@fault("it was changed")
def models_are_immutable(layer: Layer) -> None:
    """Nothing can be assigned."""
    model = item(layer)
    with contextlib.suppress(AttributeError):
        model.id = "b"
    assert model.id == "a", "it was changed"


@fault("\\['x', 'y'\\]")
def models_do_not_alias_what_they_are_made_of(layer: Layer) -> None:
    """Nor hand out what they hold."""
    tags, meta = ["x"], {"deep": [1]}
    model = item(layer, tags=tags, user_metadata=meta)
    tags.append("y")
    meta["deep"].append(2)
    assert model.tags == ["x"], model.tags
    model.to_dict()["tags"].append("z")
    assert (model.tags, model.user_metadata["deep"]) == (["x"], [1])


@fault("copy.copy makes another")
def unset_survives_copy(layer: Layer) -> None:
    """There is one UNSET."""
    assert copy.copy(layer.unset) is layer.unset, "copy.copy makes another"


@fault("copy.deepcopy makes another")
def unset_survives_deepcopy(layer: Layer) -> None:
    """There is one UNSET."""
    assert copy.deepcopy(layer.unset) is layer.unset, "copy.deepcopy makes another"


@fault("pickle makes another")
def unset_survives_pickle(layer: Layer) -> None:
    """There is one UNSET."""
    assert pickle.loads(pickle.dumps(layer.unset)) is layer.unset, "pickle makes another"


@fault("object at 0x")
def unset_has_a_short_repr(layer: Layer) -> None:
    """Its name; and it is falsy."""
    assert repr(layer.unset) == "UNSET", repr(layer.unset)
    assert not layer.unset


@fault("Unset object")
def a_deep_copy_sends_what_its_original_sends(layer: Layer) -> None:
    """And nothing that nobody set."""
    model = layer.models.Item(id="a")
    assert copy.deepcopy(model).to_dict() == {"id": "a"}, copy.deepcopy(model).to_dict()
