"""The cursors of the comfyui dialect: a place in the order of a listing, as text. Pure.

Observed on ComfyUI 0.27: a cursor is base64url without padding of `{"s": sort, "v": value, "id": id, "o": order}`,
where the value is text: of a time, the microseconds since 1970. Which texts are refused, and how, is what its source
of July 2026 says.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from comfy_cloud.sandbox._library.model import AssetRow, Json

CURSOR_SORTS = ("created_at", "updated_at", "name", "size")
"""The sorts that have cursors; `last_access_time` has none (observed)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 18  # far beyond any time or size, and within what SQLite counts to


class Place(NamedTuple):
    """Where a page starts: after the asset with this sort key and id, in the order of the listing."""

    key: str | int
    id: str


class BadCursorError(ValueError):
    """The text is no cursor, or one of another listing; the message says why."""


def cursor_after(asset: AssetRow, sort: str, order: str) -> str | None:
    """The cursor of the page that follows `asset`; None where the sort has no cursors or the asset no sort key."""
    key = getattr(asset, sort)
    if sort not in CURSOR_SORTS or key is None:
        return None
    value = str(_microseconds(key)) if sort.endswith("_at") else str(key)
    text = json.dumps({"s": sort, "v": value, "id": asset.id, "o": order}, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def place_of(cursor: str, sort: str, order: str) -> Place:
    """The place that a cursor of this sort and order says.

    Raises BadCursorError for anything else, the empty text included (observed).
    """
    if sort not in CURSOR_SORTS:
        raise BadCursorError(f"cursor pagination is not supported for sort={sort!r}")
    said = _payload(cursor)
    texts = [value for value in (said.get("s"), said.get("v"), said.get("id")) if isinstance(value, str)]
    if len(texts) != len(Place._fields) + 1:
        raise BadCursorError("payload: missing or non-string s/v/id")
    its_sort, value, identity = texts
    if not identity:
        raise BadCursorError("missing id")
    if its_sort != sort:
        raise BadCursorError(f"cursor sort field {its_sort!r} does not match request sort {sort!r}")
    if said.get("o") != order:
        raise BadCursorError(f"cursor order {said.get('o')!r} does not match request order {order!r}")
    return Place(value if sort == "name" else _key(value, sort), identity)


def _payload(cursor: str) -> dict[str, Json]:
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise BadCursorError(f"encoding: {error}") from None
    try:
        said: Json = json.loads(raw)
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadCursorError(f"payload: {error}") from None
    if not isinstance(said, dict):
        raise BadCursorError("payload: expected object")
    return said


def _key(value: str, sort: str) -> str | int:
    try:
        number = int(value) if len(value) <= _MOST_DIGITS else None
        if number is not None:
            return number if sort == "size" else _instant(number)
    except ValueError as error:
        kind = "integer" if sort == "size" else "timestamp"
        raise BadCursorError(f"value is not a valid {kind}: {error}") from None
    except OverflowError:
        pass
    raise BadCursorError("value is out of representable range")


def _instant(microseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _microseconds(instant: str) -> int:
    return (datetime.fromisoformat(instant) - _EPOCH) // timedelta(microseconds=1)
