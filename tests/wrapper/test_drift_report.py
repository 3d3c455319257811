"""What a client can say of the servers it met."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from comfy_cloud.drift import DriftEntry, DriftReport
from comfy_cloud.sandbox import Sandbox
from comfy_cloud_api.api.asset import list_assets, list_tags
from comfy_cloud_api.types import Drift, Operation
from tests.runtime.lessons import forget
from tests.runtime.test_drift import COMFYUI

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
