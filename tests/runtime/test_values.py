"""UNSET, open enums, and the small values that functions take and return."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud_api import UNSET
from comfy_cloud_api._runtime.kinds import Enumerated
from comfy_cloud_api._runtime.values import OpenIntEnum
from comfy_cloud_api.models import ListAssetsSort
from comfy_cloud_api.types import Unset


class Level(OpenIntEnum):
    """An enum of integers."""

    LOW = 1
    HIGH = 9


def test_unset_is_one_object_however_it_is_copied() -> None:
    """So that a copied model sends what the original did."""
    copies = [copy.copy(UNSET), copy.deepcopy(UNSET), pickle.loads(pickle.dumps(UNSET)), copy.deepcopy([UNSET])[0]]
    assert [one is UNSET for one in copies] == [True] * 4


def test_unset_is_falsy_and_short() -> None:
    """It stands for what was not given."""
    assert (bool(UNSET), repr(UNSET), isinstance(UNSET, Unset)) == (False, "UNSET", True)


def test_a_known_value_is_its_member() -> None:
    """By identity, as with any enum."""
    assert ListAssetsSort("name") is ListAssetsSort.NAME
    assert Level(9) is Level.HIGH
    assert repr(ListAssetsSort.NAME) == "<ListAssetsSort.NAME: 'name'>"


@given(st.text())
def test_an_unknown_text_survives(text: str) -> None:
    """It equals its text, hashes alike, prints as it, and round-trips through copy and pickle."""
    value: Any = ListAssetsSort(text)
    assert value == text
    assert hash(value) == hash(text)
    assert (str(value), value.value, f"{value}") == (text, text, text)
    assert [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))] == [text] * 3
    assert repr(text) in repr(value)
    assert isinstance(value, ListAssetsSort)


@given(st.integers())
def test_an_unknown_number_survives(number: int) -> None:
    """The same for integers."""
    value: Any = Level(number)
    assert (value, int(value), pickle.loads(pickle.dumps(value)), copy.deepcopy(value)) == (number,) * 4
    assert isinstance(value, Level)


def test_unknown_members_are_not_kept() -> None:
    """So a server cannot fill the memory, nor an unknown value be listed."""
    ListAssetsSort("brand_new")
    assert [str(member) for member in ListAssetsSort] == [
        "created_at",
        "last_access_time",
        "name",
        "size",
        "updated_at",
    ]


@pytest.mark.parametrize(("enum", "value"), [(ListAssetsSort, 1), (ListAssetsSort, None), (Level, "1"), (Level, True)])
def test_a_value_of_another_type_is_no_member(enum: Any, value: object) -> None:
    """Open means unknown values, not other types."""
    kind: Any = Enumerated(lambda: enum)
    assert kind.read_optional(value) is None
