"""Objects read as their schemas say, and write what came."""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Answer, Server

ID = "0c1c2e4e-7d65-4d6a-9a2c-2f3b8c0d1e2f"
ZOO = {
    "order": "ASC",
    "level": -3,
    "mixed": True,
    "maybe": None,
    "note": None,
    "animal": {"bark": True},
    "size": "large",
    "fixed": "always",
    "free": {"a": {"b": [1]}},
    "counts": {"x": 1},
    "cats": {"tom": {"name": "Tom", "lives": 9}},
    "anything": [1, "a", None],
    "bare": [{"a": 1}, 2],
    "grid": [[1, 2.5], []],
    "day": "2026-01-02",
    "at": "2026-01-02T03:04:05.123456789Z",
    "id": ID,
    "closed": {"a": "b"},
}


@pytest.fixture
def read(packages: dict[str, Package], server: Server, way: str) -> Caller:
    """Calls the operations of schemas.yaml."""
    return Caller(packages["schemas"], "read", server.url, way)


def test_an_object_of_every_kind_reads_and_writes_back(read: Caller, server: Server) -> None:
    """What is sent back is what came, byte for byte of meaning."""
    server.answer = Answer(200, json.dumps(ZOO).encode(), "application/json")
    zoo, models = read.parsed("get_zoo"), read.package.models
    assert zoo.to_dict() == ZOO
    assert (zoo.order, zoo.level) == (models.Order.ASC_2, models.Level.VALUE_NEGATIVE_3)
    assert (zoo.mixed, zoo.maybe, zoo.note, zoo.size) == (True, None, None, "large")
    assert zoo.animal == models.Dog(bark=True)
    assert (zoo.fixed, dict(zoo.free), zoo.counts["x"]) == ("always", {"a": {"b": [1]}}, 1)
    assert zoo.cats["tom"] == models.Cat(name="Tom", lives=9)
    assert (zoo.anything, zoo.bare, zoo.grid) == ([1, "a", None], [{"a": 1}, 2], [[1, 2.5], []])
    assert (zoo.day, zoo.id) == (dt.date(2026, 1, 2), UUID(ID))
    assert zoo.at == dt.datetime(2026, 1, 2, 3, 4, 5, 123456, dt.UTC)
    assert zoo.closed.a == "b"
    server.answer = Answer(204)
    read.detailed("put_zoo", body=zoo)
    assert json.loads(server.received[-1].content) == ZOO


def test_a_reference_with_words_beside_it_is_what_it_refers_to(packages: dict[str, Package]) -> None:
    """`allOf` of one, which is how OpenAPI 3.0 describes a reference, or makes it nullable."""
    models = packages["schemas"].models
    source = {"order": "asc", "described": "ASC", "noted": "desc", "nullable_ref": None, "nullable_cat": None}
    zoo = models.Zoo.from_dict(source)
    assert (zoo.described, zoo.noted, zoo.nullable_ref) == (models.Order.ASC_2, models.Order.DESC, None)
    assert (zoo.to_dict(), dict(zoo.unreadable)) == (source, {})
    changed = zoo.replace(nullable_ref="asc", nullable_cat=models.Cat(name="Tom", lives=9))
    assert (changed.nullable_ref is models.Order.ASC, changed.nullable_cat.lives) == (True, 9)


def test_a_model_is_made_of_pythons_types(packages: dict[str, Package]) -> None:
    """Models, plain values for enums, mappings for models."""
    models = packages["schemas"].models
    zoo = models.Zoo(
        order="desc",
        level=1,
        mixed="auto",
        maybe="a",
        animal=models.Cat(name="Tom", lives=9),
        size=3,
        free={"a": 1},
        cats={"tom": {"name": "Tom", "lives": 9}},
        day=dt.date(2026, 1, 2),
        at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        id=UUID(ID),
        closed={"a": "b"},
    )
    assert zoo.to_dict() == {
        "order": "desc",
        "level": 1,
        "mixed": "auto",
        "maybe": "a",
        "animal": {"name": "Tom", "lives": 9},
        "size": 3,
        "free": {"a": 1},
        "cats": {"tom": {"name": "Tom", "lives": 9}},
        "day": "2026-01-02",
        "at": "2026-01-02T00:00:00Z",
        "id": ID,
        "closed": {"a": "b"},
    }


def test_a_mapping_is_accepted_for_the_one_of_several_models_that_it_fits(packages: dict[str, Package]) -> None:
    """Not for the first alone."""
    models = packages["schemas"].models
    assert models.Zoo(order="asc", animal={"bark": True}).animal == models.Dog(bark=True)


@pytest.mark.parametrize(
    ("name", "value"), [("order", 5), ("level", "1"), ("size", [1]), ("id", "no"), ("at", "no"), ("grid", [["a"]])]
)
def test_values_of_another_type_are_refused_by_name(packages: dict[str, Package], name: str, value: object) -> None:
    """Before anything is sent."""
    package = packages["schemas"]
    with pytest.raises(package.errors.ParameterError):
        package.models.Zoo(**{"order": "asc", name: value})


def test_a_tree_reads_to_any_depth(read: Caller, server: Server) -> None:
    """A model inside itself, in an array and alone."""
    tree = {"label": "leaf"}
    for number in range(50):
        tree = {"label": str(number), "children": [tree, {"label": "other"}], "parent": {"label": "p"}}
    server.answer = Answer(200, json.dumps(tree).encode(), "application/json")
    root = read.parsed("get_tree")
    assert root.to_dict() == tree
    assert (root.label, root.parent.label, len(root.children)) == ("49", "p", 2)
    assert root.children[0].children[0].label == "47"


@pytest.mark.parametrize(("name", "value"), [("order", "random"), ("order", "ASC"), ("level", 7), ("level", -3)])
def test_enums_accept_known_and_unknown_plain_values(read: Caller, server: Server, name: str, value: object) -> None:
    """As parameters and in answers: an enum of the spec is no list of what the server may say next year."""
    server.answer = Answer(200, json.dumps({"order": "asc", name: value}).encode(), "application/json")
    zoo = read.parsed("get_zoo", **{name: value})
    assert server.last.target == f"/zoo?{name}={value}"
    assert getattr(zoo, name) == value
