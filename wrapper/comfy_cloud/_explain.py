"""What a query costs and promises, before it is run. Pure."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import reduce
from typing import Final

from comfy_cloud._filtering.expressions import Expression
from comfy_cloud._filtering.verify import verifies
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud_api.api.asset import list_assets

OVERLAP: Final = 1
"""How many assets of a page the next one repeats, where the library stands still."""
_SOME_INSTANT: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # whether a listing ends early does not depend on it


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a query asks of the server, what is done here, and what to expect. As text, one line for each.

    Attributes:
        request: The first request's method and target.
        server: What the server filters by, as code; empty where it lists everything.
        local: What is filtered by here, as code; empty where nothing is.
        order: What the server sorts by, as code; assets with equal values follow by id.
        stops_early: Whether the listing ends before the last page once nothing further can match.
        verified: Whether what comes back is checked against the tags and the name that were asked for.
        page_size: How many assets a request asks for.
        requests: The least and the most requests to expect while the library stands still and no attempt fails;
            None where the number of assets that match on the server is not known.
        exact: Whether each asset that matches throughout is listed exactly once, whatever else changes meanwhile.
        notes: What else to know, a sentence each.
    """

    request: str
    server: str
    local: str
    order: str
    stops_early: bool
    verified: bool
    page_size: int
    requests: tuple[int, int] | None
    exact: bool
    notes: tuple[str, ...]

    def __str__(self) -> str:
        early = ", and ends early once nothing further can match" if self.stops_early else ""
        lines = {
            "request": self.request,
            "server": self.server or "everything",
            "order": f"{self.order}, then by id",
            "here": f"{self.local}{early}" if self.local else "nothing",
            "verified": "yes" if self.verified else "no",
            "requests": _range(self.requests, self.page_size),
            "exact": "yes" if self.exact else "no",
        }
        return "\n".join([*(f"{label + ':':10}{text}" for label, text in lines.items()), *self.notes])


def explain(spec: AssetQuerySpec, total: int | None = None) -> Explanation:
    """What this query does.

    Args:
        spec: The query.
        total: How many assets match on the server, as a page says; None where nobody has asked.
    """
    operation = list_assets.OPERATION
    page_size = spec.page_size if spec.limit is None or spec.filter else min(spec.page_size, max(1, spec.limit))
    target = operation.request({**spec.parameters(), "limit": page_size, "offset": 0}).target
    return Explanation(
        request=f"{operation.method} {target}",
        server=repr(reduce(Expression.__and__, spec.where)) if spec.where else "",
        local="" if spec.local is None else repr(spec.local),
        order=repr(spec.order),
        stops_early=spec.early_stop(_SOME_INSTANT) is not None,
        verified=spec.verify and verifies(spec.server),
        page_size=page_size,
        requests=_requests(spec, total),
        exact=spec.order.field == "created_at",
        notes=tuple(_notes(spec)),
    )


def expected_requests(spec: AssetQuerySpec, total: int) -> tuple[int, int]:
    """The least and the most requests that a walk takes, given how many assets match on the server."""
    if spec.limit == 0:
        return 0, 0
    wanted = total if spec.limit is None else min(spec.limit, total)
    least = 1 if spec.early_stop(_SOME_INSTANT) else _pages(wanted, spec.page_size)
    return least, _pages(total if spec.filter else wanted, spec.page_size)


def _pages(count: int, page_size: int) -> int:
    return 1 + max(0, math.ceil((count - page_size) / max(1, page_size - OVERLAP)))


def _notes(spec: AssetQuerySpec) -> list[str]:
    field, asked = spec.order.field, spec.server
    after = "missed" if spec.unique else "missed or repeated, and unique=True removes repeats"
    told = {
        f"Sorted by {field}, an asset whose {field} changes meanwhile may be {after}.": field != "created_at",
        "How Cloud sorts names is not known; where that leaves a doubt, Page.exact is False.": field == "name",
        "What the server lists is moved here to be filtered, by count() as well.": bool(spec.filter),
        "Tags are not verified on assets that come without tags.": spec.verify
        and bool(asked.required or asked.excluded),
        "Metadata is not verified: servers that do not know metadata_filter ignore it.": bool(asked.metadata),
        "Nothing is verified: servers ignore filters they do not know.": not spec.verify and verifies(asked),
    }
    return [note for note, applies in told.items() if applies]


def _requests(spec: AssetQuerySpec, total: int | None) -> tuple[int, int] | None:
    """Where nobody has asked how many match, a limit bounds the requests, unless something is filtered here."""
    if total is not None:
        return expected_requests(spec, total)
    if spec.limit is None or spec.filter:
        return None
    least, most = expected_requests(spec, spec.limit)
    return min(1, least), most


def _range(requests: tuple[int, int] | None, page_size: int) -> str:
    if requests is None:
        each = max(1, page_size - OVERLAP)
        return f"one for each {each:,} assets that match on the server; explain(total) says how many that are"
    least, most = requests
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
