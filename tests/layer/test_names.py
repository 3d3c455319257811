"""Every name of a spec can be used, and none hides what generated code needs."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Answer, Server

ODD = {
    "to_dict": "to_dict_property",
    "class": "class_",
    "from_dict": "from_dict_property",
    "replace": "replace_property",
    "unreadable": "unreadable_property",
    "additional_properties": "additional_properties_property",
    "over": "over_property",
    "adopt": "adopt_property",
    "property": "property_",
    "self": "self_",
    "None": "none",
    "$ref": "ref",
    "1st": "field_1st",
    "with space": "with_space",
    "_private": "field_private",
    "__class__": "field_class_",
}
PLAIN = ["keys", "d", "field_dict", "t", "rt", "kinds", "unset", "field", "foo_bar", "FooBar"]


@pytest.fixture
def call(packages: dict[str, Package], server: Server, way: str) -> Caller:
    """Calls the operations of names.yaml, whose tag is a keyword."""
    return Caller(packages["names"], "import_", server.url, way)


@pytest.mark.parametrize(
    ("operation", "path"),
    [("foo_bar", "/one"), ("foo_bar_2", "/two"), ("get_three", "/three"), ("class_", "/four")],
)
def test_operations_with_one_name_or_none_can_all_be_called(
    call: Caller, server: Server, operation: str, path: str
) -> None:
    """The first keeps the name; a number tells the others."""
    call.detailed(operation)
    assert server.last.target == path


def test_arguments_called_like_the_functions_own_go_under_another_name(call: Caller, server: Server) -> None:
    """On the wire each has its own name."""
    given = {"body_query": "b", "client_query": "c", "url_query": "u", "class_": "k", "foo_bar": "1", "foo_bar_2": "2"}
    members = call.package.models.Members(to_dict_property="x", class_="y")
    server.answer = Answer(200, b'{"to_dict":"x","class":"y"}', "application/json")
    answer = call.parsed("send_arguments", "me", "a", id_query="q", **given, rt="r", models="m", t="t", body=members)
    assert server.last.target == (
        "/arguments/me/a?id=q&body=b&client=c&url=u&class=k&foo_bar=1&fooBar=2&rt=r&models=m&t=t"
    )
    assert answer == members


def test_properties_called_like_members_of_models_keep_their_name_on_the_wire(packages: dict[str, Package]) -> None:
    """In Python they have another, and the model's own members still work."""
    source = {name: f"value of {name}" for name in [*ODD, *PLAIN]}
    model = packages["names"].models.Members.from_dict(source)
    assert {name: getattr(model, python) for name, python in ODD.items()} == {name: source[name] for name in ODD}
    assert [getattr(model, name) for name in PLAIN] == [source[name] for name in PLAIN]
    assert (model.to_dict(), dict(model.unreadable), dict(model.additional_properties)) == (source, {}, {})
    assert model.replace(class_="new", over_property="o").to_dict() == {**source, "class": "new", "over": "o"}


def test_properties_called_like_modules_do_not_hide_them(packages: dict[str, Package]) -> None:
    """`uuid`, `datetime`, `models` and `items` are names of this API like any others."""
    models = packages["names"].models
    identity, at = "0c1c2e4e-7d65-4d6a-9a2c-2f3b8c0d1e2f", "2026-01-01T00:00:00Z"
    source = {"to_dict": "", "class": "", "uuid": identity, "dt": at, "datetime": at, "items": ["a"], "models": {}}
    model = models.Members.from_dict(source)
    assert (model.uuid, model.dt, model.items) == (UUID(identity), model.datetime_, ["a"])
    assert model.models == models.Model()


def test_schemas_called_like_what_generated_code_uses_are_models(call: Caller, server: Server) -> None:
    """Also beside the package's own Response, File, Client and Unset."""
    identity = "0c1c2e4e-7d65-4d6a-9a2c-2f3b8c0d1e2f"
    names = ["model", "response", "any", "file", "client", "operation"]
    source = {
        **{name: {"id": name} for name in names},
        "uuid": {"id": identity},
        "unset": "UNSET",
        "mapping": {"k": {"id": identity}},
        "datetime": {"at": "2026-01-01T00:00:00Z"},
    }
    server.answer = Answer(200, json.dumps(source).encode(), "application/json")
    types = call.parsed("get_types")
    assert types.to_dict() == source
    assert [getattr(types, f"{name}_" if name == "any" else name).id for name in names] == names
    assert (types.uuid.id, types.mapping["k"].id, types.datetime_.at.year) == (UUID(identity), UUID(identity), 2026)
    assert types.unset is call.package.models.Unset.UNSET_2


def test_schemas_with_one_name_in_python_are_different_classes(packages: dict[str, Package]) -> None:
    """The first keeps the name; a number tells the others, whose titles do not count."""
    models = packages["names"].models
    types = models.Types.from_dict({"foo": {"one": 1}, "bar": {"two": 2}, "titled": {"three": 3}, "other_uuid": {}})
    assert (types.foo, types.bar) == (models.FooBar(one=1), models.FooBar2(two=2))
    assert (types.titled, types.other_uuid) == (models.FooBar3(three=3), models.Uuid2())
