"""Servers that ignore a filter answer with everything: none of what was not asked for is ever handed out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from comfy_cloud import FilterIgnoredError, name, tag
from comfy_cloud.sandbox import Sandbox, faults
from tests.exact.ways import WAYS, outcome, seen

CONDITIONS: dict[str, Any] = {
    "include_tags": tag("odd"),
    "exclude_tags": ~tag("even"),
    "name_contains": name.contains("ODD"),
}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """20 assets, every second of them odd, the newest one even."""
    sandbox = Sandbox.seeded(0)
    for number in range(1, 21):
        kind = "odd" if number % 2 else "even"
        sandbox.add(name=f"{kind} {number}", tags=[kind], size=number)
    yield sandbox
    sandbox.close()


def odd(box: Sandbox) -> list[str]:
    """What the conditions above are true of."""
    return box.matching(sort="created_at", order="desc", include_tags="odd")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("parameter", CONDITIONS)
def test_a_server_that_ignores_a_filter_is_found_out(box: Sandbox, parameter: str, way: str) -> None:
    """After one more look at the page; nothing of the page is handed out, and the error says what to do."""
    box.faults.add(faults.ignore(parameter))
    ids, error = seen(box, way, lambda assets: assets.where(CONDITIONS[parameter]).page_size(4))
    assert ids == []
    assert isinstance(error, FilterIgnoredError)
    assert "even 20" in str(error)
    assert "use filter(...) in place of where(...)" in str(error)
    assert len(box.requests) == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("parameter", CONDITIONS)
def test_a_count_is_not_taken_from_a_server_that_ignores_the_filter(box: Sandbox, parameter: str, way: str) -> None:
    """It would be the count of everything."""
    box.faults.add(faults.ignore(parameter))
    error = outcome(box, way, lambda comfy: comfy.assets.where(CONDITIONS[parameter]).count())
    assert isinstance(error, FilterIgnoredError)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 4])
@pytest.mark.parametrize("parameter", CONDITIONS)
def test_a_page_that_is_right_when_asked_for_again_is_taken(
    box: Sandbox, parameter: str, way: str, prefetch: int
) -> None:
    """As where a tag changed between the filter and the answer; the listing is whole, and no count is wrong."""
    condition, wrong = CONDITIONS[parameter], faults.ignore(parameter)
    with box.faults.add(wrong.nth(1), wrong.nth(4)):
        ids, error = seen(box, way, lambda assets: assets.where(condition).page_size(3).prefetch(prefetch))
    assert (ids, error) == (odd(box), None)
    with box.faults.add(wrong.times(1)):
        assert outcome(box, way, lambda comfy: comfy.assets.where(condition).count()) == 10


@pytest.mark.parametrize("way", WAYS)
def test_what_came_before_a_wrong_page_stands(box: Sandbox, way: str) -> None:
    """And can be gone on from once the server is mended."""
    box.faults.add(faults.ignore("include_tags").since(3))
    query = CONDITIONS["include_tags"]
    ids, error = seen(box, way, lambda assets: assets.where(query).page_size(3))
    assert ids == odd(box)[: len(ids)]
    assert len(ids) == 5
    assert isinstance(error, FilterIgnoredError)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("parameter", CONDITIONS)
def test_nothing_is_checked_where_that_is_not_wanted(box: Sandbox, parameter: str, way: str) -> None:
    """Then everything the server sends is taken, and counted."""
    box.faults.add(faults.ignore(parameter))
    condition = CONDITIONS[parameter]
    ids, error = seen(box, way, lambda assets: assets.where(condition, verify=False))
    assert (ids, error) == (box.matching(sort="created_at", order="desc"), None)
    assert outcome(box, way, lambda comfy: comfy.assets.where(condition, verify=False).count()) == 20


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("parameter", ["include_tags", "exclude_tags"])
def test_assets_that_come_without_tags_cannot_be_checked_for_them(box: Sandbox, parameter: str, way: str) -> None:
    """They pass, from a server that filters and from one that does not."""
    condition = CONDITIONS[parameter]
    box.faults.add(faults.missing("tags"))
    assert seen(box, way, lambda assets: assets.where(condition)) == (odd(box), None)
    box.faults.add(faults.ignore(parameter))
    assert seen(box, way, lambda assets: assets.where(condition)) == (
        box.matching(sort="created_at", order="desc"),
        None,
    )
