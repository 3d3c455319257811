"""What a client can say of the servers it met."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from comfy_cloud import AsyncComfyCloud, ComfyCloud
from comfy_cloud.drift import DriftEntry, DriftReport
from comfy_cloud.sandbox import Sandbox
from comfy_cloud_api.api.asset import list_assets, list_tags
from comfy_cloud_api.types import Drift, Operation
from tests.runtime.lessons import forget
from tests.runtime.test_drift import COMFYUI
from tests.wrapper.callers import WAYS, result
from tests.wrapper.raw_server import answer, raw_server

COUNTED = Drift()
for number in range(2):
    body = {"assets": [COMFYUI] * 600, "total": 1200, "has_more": number == 0, "next_cursor": "abc<b>"}
    list_assets.OPERATION.read(httpx.Response(200, json=body), drift=COUNTED)
REPORT = DriftReport(COUNTED.entries())


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A server that answers as the published document says."""
    with Sandbox.seeded(1200) as sandbox:
        yield sandbox


def asked(box: Sandbox, drift: Drift, operation: Operation, **arguments: object) -> int:
    """Ask over real HTTP and read the answer; the status."""
    request = operation.request(arguments)
    response = httpx.request(request.operation.method, box.url + request.target, headers={"X-API-Key": box.key})
    operation.read(response, drift=drift)
    return response.status_code


def test_the_sandbox_has_no_drift(box: Sandbox) -> None:
    """It is the published document, whatever it is asked for, errors included."""
    forget()
    drift = Drift()
    for offset in (0, 500, 1000, 1500):
        assert asked(box, drift, list_assets.OPERATION, limit=500, offset=offset) == 200
    assert asked(box, drift, list_assets.OPERATION, include_public=False, sort="last_access_time") == 200
    assert asked(box, drift, list_assets.OPERATION, metadata_filter="[]") == 400
    assert asked(box, drift, list_tags.OPERATION, include_zero=True) == 200
    assert asked(box, drift, list_tags.OPERATION, prefix=" ") == 400
    report = DriftReport(drift.entries())
    assert (list(report), bool(report)) == ([], False)
    assert str(report) == "No drift: every answer was as the published document says."


def test_a_report_is_a_readable_table() -> None:
    """One line for each difference."""
    assert str(REPORT).splitlines() == [
        "operation   where                           what                 count  example",
        "listAssets  Asset.created_at                time without offset  1,200  string(19)",
        "listAssets  Asset.hash                      undeclared property  1,200  string(9)",
        "listAssets  Asset.job_id                    undeclared property  1,200  null",
        "listAssets  Asset.metadata                  undeclared property  1,200  object with 0 keys",
        "listAssets  Asset.size                      null                 1,200  null",
        "listAssets  Asset.updated_at                time without offset  1,200  string(26)",
        "listAssets  ListAssetsResponse.next_cursor  undeclared property      2  string(6)",
    ]


def test_a_report_is_an_immutable_collection_of_entries() -> None:
    """To loop over, count, compare, or test for being empty."""
    first = next(iter(REPORT))
    assert isinstance(first, DriftEntry)
    assert (len(REPORT), bool(REPORT), first.where, first.count) == (7, True, "Asset.created_at", 1200)
    assert DriftReport(tuple(REPORT)) == REPORT
    with pytest.raises(AttributeError):
        REPORT.entries = ()  # type: ignore[misc]


def test_a_report_is_data_for_json() -> None:
    """Every entry as plain values."""
    assert json.loads(json.dumps(REPORT.to_dicts()))[0] == {
        "operation": "listAssets",
        "where": "Asset.created_at",
        "what": "time without offset",
        "count": 1200,
        "example": "string(19)",
    }


def test_a_report_in_a_notebook_is_escaped() -> None:
    """A server may call its properties anything."""
    drift = Drift()
    sent = {"assets": [], "total": 0, "has_more": False, "<script>alert(1)</script>": 1}
    list_assets.OPERATION.read(httpx.Response(200, json=sent), drift=drift)
    shown = DriftReport(drift.entries())._repr_html_()
    assert ("&lt;script&gt;" in shown, "<script" in shown) == (True, False)
    assert "No drift" in DriftReport(())._repr_html_()


def test_a_client_counts_the_drift_of_its_own_answers(box: Sandbox) -> None:
    """None against the published document; against ComfyUI what that adds; derived clients count together."""
    forget()
    with ComfyCloud(base_url=box.url, api_key=box.key) as comfy:
        assert 1200 == len(comfy.with_options(timeout_s=9).assets.to_list())
        assert comfy.tags.list().to_list()
        assert [] == list(comfy.drift_report())
    with Sandbox.seeded(20, dialect="comfyui") as other, ComfyCloud(base_url=other.url, api_key=None) as comfy:
        comfy.with_options(timeout_s=9).assets.to_list()
        assert {"listAssets"} == {entry.operation for entry in comfy.drift_report()}
        assert "time without offset" in str(comfy.drift_report())


@pytest.mark.parametrize("way", WAYS)
def test_a_status_that_the_document_lacks_is_drift(way: str) -> None:
    """As often as it came, retries included."""
    seen: list[tuple[str, str, int]] = []

    def ask(comfy: Any) -> Any:
        def told() -> None:
            seen.extend(
                (entry.operation, entry.where, entry.count) for entry in comfy.drift_report() if "status" in entry.where
            )

        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> None:
                await comfy.assets.count()
                told()

            return awaiting()
        comfy.assets.count()
        return told()

    with raw_server(answer(b"", 503), answer(b"", 502), answer(b"", 503), answer()) as server:
        result(way, server.url, ask)
    assert [("listAssets", "status 502", 1), ("listAssets", "status 503", 2)] == sorted(seen)
