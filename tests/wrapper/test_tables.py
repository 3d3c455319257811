"""Assets as rows and as data frames: the same columns whatever the server sends."""

from __future__ import annotations

import copy
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from comfy_cloud._tables import to_dicts, to_polars
from comfy_cloud.asset import Asset, AssetBase, AsyncAsset
from comfy_cloud_api._runtime.models import wire_names
from pipeline.document import read_document
from tests.runtime.strategies import valid
from tests.wrapper.test_asset import SENT, read

PUBLISHED = read_document(Path(__file__).parents[2] / "openapi" / "openapi-cloud.yaml")
RICH: dict[str, Any] = {
    **SENT,
    "id": "6F9619FF-8B86-4011-B42D-00C04FC964FF",
    "size": 2**62,
    "tags": ["output", "ä"],
    "user_metadata": {"seed": 2**100, "nested": {"a": [None]}, "é": "é"},
    "metadata": {"width": 1},
    "preview_id": "00000000-8b86-4011-b42d-00c04fc964ff",
    "preview_url": "/api/view?a=1",
    "last_access_time": "2026-01-02T04:04:05+01:00",
    "is_immutable": False,
}


def test_the_keys_are_the_names_of_the_document_in_its_order() -> None:
    """With those that only the overlay declares behind; so a new property in the spec is missed here first."""
    keys = list(to_dicts([read()])[0])
    published = list(PUBLISHED["components"]["schemas"]["Asset"]["properties"])
    assert keys[: len(published)] == published
    assert sorted(keys) == sorted(wire_names(Asset).values())


@pytest.mark.parametrize("kind", [Asset, AsyncAsset])
def test_a_row_holds_plain_values(kind: type[AssetBase]) -> None:
    """Aware times in UTC, ids as text in the usual spelling, absolute addresses, every digit of a seed."""
    (row,) = to_dicts([read(kind, **RICH)])
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert row == {
        **RICH,
        "id": SENT["id"],
        "preview_url": "https://cloud.example/api/view?a=1",
        "created_at": moment,
        "updated_at": moment.replace(microsecond=500000),
        "last_access_time": moment,
        **dict.fromkeys(("asset_hash", "mime_type", "prompt_id", "hash", "job_id", "display_name")),
    }
    assert {type(row[key]) for key in ("id", "preview_id")} == {str}


def test_what_is_absent_null_or_unreadable_has_its_key_all_the_same() -> None:
    """Lists and dicts are empty, everything else is None."""
    (row,) = to_dicts([read(size="large", tags=[5], preview_id=None)])
    given = {"id", "name", "created_at", "updated_at"}
    assert {key: value for key, value in row.items() if key not in given} == {
        **dict.fromkeys(row.keys() - given),
        "tags": [],
        "user_metadata": {},
    }


def test_rows_belong_to_the_caller() -> None:
    """Changing one changes no asset."""
    asset = read(**RICH)
    before = copy.deepcopy(asset.to_dict())
    (row,) = to_dicts([asset])
    row["tags"].clear()
    row["user_metadata"]["nested"]["a"].clear()
    row["metadata"].clear()
    assert asset.to_dict() == before


def test_the_schema_of_a_data_frame_is_stable() -> None:
    """The same for none, for assets with everything, and for assets with nothing; so frames can be joined."""
    schema = {
        **dict.fromkeys(to_dicts([read()])[0], pl.String),
        "size": pl.Int64,
        "tags": pl.List(pl.String),
        "is_immutable": pl.Boolean,
        **dict.fromkeys(("created_at", "updated_at", "last_access_time"), pl.Datetime("us", "UTC")),
    }
    frames = [to_polars(assets) for assets in ([], [read()], [read(**RICH)])]
    assert [dict(frame.schema) for frame in frames] == [schema] * 3
    assert [frame.height for frame in frames] == [0, 1, 1]
    assert pl.concat(frames).height == 2


def test_a_data_frame_holds_what_the_rows_hold() -> None:
    """Metadata as JSON text, in which no digit is lost."""
    assets = [read(**RICH), read()]
    frame = to_polars(iter(assets)).to_dicts()
    for row, expected in zip(frame, to_dicts(assets), strict=True):
        row["user_metadata"] = json.loads(row["user_metadata"])
        row["metadata"] = row["metadata"] and json.loads(row["metadata"])
        assert row == expected
    assert '"é": "é"' in to_polars(assets)["user_metadata"][0]


@pytest.mark.parametrize("size", [2**63, -(2**63) - 1, 2**70])
def test_a_size_beyond_64_bits_is_null(size: int) -> None:
    """One absurd answer does not lose the frame; the rows keep it."""
    assert to_polars([read(size=size)])["size"].to_list() == [None]
    assert to_dicts([read(size=size)])[0]["size"] == size


@given(valid(PUBLISHED, {"$ref": "#/components/schemas/Asset"}))
def test_every_valid_asset_fits(sent: dict[str, Any]) -> None:
    """Whatever its metadata holds."""
    asset = Asset.from_dict(sent)
    frame = to_polars([asset])
    assert frame.schema == to_polars([]).schema
    assert json.loads(frame["user_metadata"][0]) == to_dicts([asset])[0]["user_metadata"]


def test_without_polars_one_sentence_says_what_to_install() -> None:
    """Everything else works without it."""
    program = (
        "import sys; sys.modules['polars'] = None\n"
        "from comfy_cloud._tables import to_dicts, to_polars\n"
        "assert to_dicts([]) == []\n"
        "try:\n    to_polars([])\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "to_polars() needs polars: pip install 'comfy-cloud[polars]'.\n"
