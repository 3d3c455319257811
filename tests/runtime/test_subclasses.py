"""Packages on top add methods to the models, without a second object for each."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any, ClassVar

import httpx
import msgspec
import pytest

from comfy_cloud_api._runtime.composites import Anything, ListOf, Nested, OneOf
from comfy_cloud_api._runtime.kinds import Kind, Null, Str
from comfy_cloud_api._runtime.models import Model
from comfy_cloud_api._runtime.operations import Operation, Reply
from comfy_cloud_api.api.asset import list_assets, list_tags
from comfy_cloud_api.models import Asset, ListAssetsResponse
from comfy_cloud_api.types import UNSET
from tests.runtime.test_models import MINIMAL


class OurAsset(Asset, frozen=True):
    """An asset with a method, and a field that is no property."""

    _origin_: Any = msgspec.field(default=None, name="(origin)")

    def shouted(self) -> str:
        """A method of ours."""
        return self.name.upper()


class Leaf(Model, frozen=True):
    """A model below another."""

    _text: Any = msgspec.field(default=UNSET, name="text")
    __kinds__: ClassVar[Mapping[str, Kind[Any]]] = {"text": Str()}


class Tree(Model, frozen=True):
    """A model that refers to itself and to another, in every way there is."""

    _leaves: Any = msgspec.field(default=UNSET, name="leaves")
    _maybe: Any = msgspec.field(default=UNSET, name="maybe")
    _left: Any = msgspec.field(default=UNSET, name="left")
    __kinds__: ClassVar[Mapping[str, Kind[Any]]] = {
        "leaves": ListOf(Nested(lambda: Leaf)),
        "maybe": OneOf(Nested(lambda: Leaf), Null()),
        "left": Nested(lambda: Tree),
    }


class OurLeaf(Leaf, frozen=True):
    """A leaf of ours."""


def answer(body: object) -> httpx.Response:
    """A successful answer."""
    return httpx.Response(200, json=body)


def listed(*assets: object) -> list[Any]:
    """What the operation makes of a page, when it reads our subclass."""
    body = {"assets": assets, "total": len(assets), "has_more": False}
    parsed = list_assets.OPERATION.reading(OurAsset).read(answer(body)).parsed
    assert isinstance(parsed, ListAssetsResponse)
    return parsed.assets


def test_an_answer_holds_the_subclass_where_the_spec_has_the_model() -> None:
    """It is the same object, with more methods."""
    assert [(isinstance(asset, OurAsset), asset.shouted()) for asset in listed(MINIMAL, MINIMAL)] == [
        (True, "A.PNG")
    ] * 2


def test_the_operation_itself_stays_as_it_was() -> None:
    """Who does not ask for the subclass does not get it."""
    list_assets.OPERATION.reading(OurAsset)
    body = {"assets": [MINIMAL], "total": 1, "has_more": False}
    assert not isinstance(list_assets.OPERATION.read(answer(body)).parsed.assets[0], OurAsset)


def test_an_operation_without_the_model_reads_as_before() -> None:
    """Its kinds are the very same objects."""
    assert list_tags.OPERATION.reading(OurAsset).replies == list_tags.OPERATION.replies


@pytest.mark.parametrize("sent", [5, None, {"a": 1}])
def test_a_server_cannot_set_a_field_of_ours(sent: object) -> None:
    """Whatever it sends under that name is an undeclared property, again and again."""
    for _ in range(3):
        (asset,) = listed({**MINIMAL, "(origin)": sent})
        assert (asset._origin_, asset.additional_properties) == (None, {"(origin)": sent})


def test_a_field_of_ours_is_no_property() -> None:
    """It is not sent, not compared, and carried to copies."""
    (asset,) = listed({**MINIMAL, "new": 1})
    msgspec.structs.force_setattr(asset, "_origin_", mark := object())
    assert asset.to_dict() == {**MINIMAL, "new": 1}
    assert asset == OurAsset.from_dict({**MINIMAL, "new": 1})
    copies = (copy.copy(asset), copy.deepcopy(asset), asset.replace(name="b"))
    assert [made._origin_ for made in copies] == [mark] * 3


@pytest.mark.parametrize(
    "kind", [Nested(lambda: Tree), ListOf(Nested(lambda: Tree)), OneOf(Nested(lambda: Tree), Null())]
)
def test_the_subclass_is_found_however_deep(kind: Kind[Any]) -> None:
    """In lists, unions, and models that refer to themselves."""
    tree = {"leaves": [{"text": "a"}], "maybe": {"text": "b"}}
    body = [tree] if isinstance(kind, ListOf) else tree
    operation = Operation("grow", "GET", "/", replies={"200": Reply(json=kind)}).reading(OurLeaf)
    parsed = operation.read(answer(body)).parsed
    (read,) = parsed if isinstance(parsed, list) else (parsed,)
    assert [isinstance(leaf, OurLeaf) for leaf in (*read._leaves, read._maybe)] == [True, True]
    assert json.dumps(read.to_dict()) == json.dumps(tree)


def test_a_kind_without_models_is_left_alone() -> None:
    """Free JSON has nothing to exchange."""
    operation = Operation("any", "GET", "/", replies={"200": Reply(json=Anything()), "204": Reply()})
    assert operation.reading(OurLeaf).replies == operation.replies
