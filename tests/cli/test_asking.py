"""Flags as queries."""

from pathlib import Path

import pytest

from comfy_cloud import AssetQuery, ComfyCloud, FilterError
from comfy_cloud.cli.asking import chosen, format_of, narrowed, ordered
from comfy_cloud.cli.exits import FlagError
from comfy_cloud.cli.flags import Filters, Order, Output


def code(query: AssetQuery) -> str:
    """The calls that make a query of one of all assets."""
    return repr(query).removeprefix("<AssetQuery ").removesuffix(">")


JOB = "00000000-0000-4000-8000-000000000000"
NARROWED = (
    ({}, "of all assets"),
    ({"tag": ["a", "b"], "not_tag": ["c"]}, "where(tag('a'), tag('b'), ~tag('c'))"),
    ({"name_contains": ["x"], "meta": ["seed=42"]}, "where(name.contains('x'), metadata['seed'] == 42)"),
    ({"min_size": "5MB", "max_size": "6MB"}, "filter(size >= 5000000, size <= 6000000)"),
    ({"since": "7d"}, "filter(created_at >= datetime.timedelta(days=7))"),
    ({"updated_until": "0s"}, "filter(updated_at < datetime.timedelta(0))"),
    ({"mime_type": ["image/png"]}, "filter(mime_type == 'image/png')"),
    ({"name_matches": "^a"}, "filter(name.matches('^a'))"),
    ({"hash": ["x", "y"], "prompt_id": [JOB]}, f"filter(asset_hash.in_(['x', 'y']), prompt_id == '{JOB}')"),
    ({"tag": ["a"], "min_size": "1"}, "where(tag('a')).filter(size >= 1)"),
    ({"tag": ["a,b"], "here": True}, "filter(tag('a,b'))"),
    ({"tag": ["a"], "verify": False}, "where(tag('a'), verify=False)"),
    ({"public": False}, "include_public(False)"),
)
"""Flags, and the Python that asks for the same."""


@pytest.mark.parametrize(("given", "expected"), NARROWED)
def test_flags_are_the_python_of_the_same_names(comfy: ComfyCloud, given: dict[str, object], expected: str) -> None:
    """What the API can express goes to the server; sizes, times, types and ids, which it cannot, are filtered here."""
    assert expected == code(narrowed(comfy.assets, Filters(**given)))  # type: ignore[arg-type] # as typer gives them


@pytest.mark.parametrize(
    "given", [{"tag": ["a,b"]}, {"name_contains": ["a", "b"]}, {"tag": [" "]}, {"min_size": "5 XB"}]
)
def test_what_cannot_be_asked_is_refused(comfy: ComfyCloud, given: dict[str, object]) -> None:
    """Nothing moves from the server to here in silence, as that may cost a thousand requests; --here says so."""
    with pytest.raises(FilterError):
        narrowed(comfy.assets, Filters(**given))  # type: ignore[arg-type] # as typer gives them


def test_order_and_bounds_are_the_querys(comfy: ComfyCloud) -> None:
    """The defaults are those of Python."""
    given = Order(sort="-size", unique=True, limit=7, page_size=50, prefetch=4)
    assert "order_by(size.desc(), unique=True).page_size(50).limit(7)" == code(ordered(comfy.assets, given))
    assert repr(comfy.assets) == repr(ordered(comfy.assets, Order()))


@pytest.mark.parametrize("given", [Order(limit=-1), Order(page_size=501), Order(prefetch=33), Order(sort="id")])
def test_bounds_are_checked_by_the_query(comfy: ComfyCloud, given: Order) -> None:
    """With its FilterError."""
    with pytest.raises(FilterError):
        ordered(comfy.assets, given)


def test_one_format_is_chosen() -> None:
    """A table unless one is said; two exclude each other."""
    given = [Output(), Output(json=True), Output(ndjson=True), Output(csv=True)]
    assert ["table", "json", "ndjson", "csv"] == [chosen(each) for each in given]
    with pytest.raises(FlagError, match="--json and --csv are formats; choose one"):
        chosen(Output(json=True, csv=True))


def test_a_files_name_says_its_format() -> None:
    """Unless a format is given."""
    files = [Path("a.csv"), Path("a.NDJSON"), Path("a.jsonl")]
    assert ["csv", "ndjson", "ndjson"] == [format_of(file, None) for file in files]
    assert "csv" == format_of(Path("a.ndjson"), "csv")
    with pytest.raises(FlagError, match=r"'a\.txt' ends in neither \.csv nor \.ndjson; say which with --format"):
        format_of(Path("a.txt"), None)
