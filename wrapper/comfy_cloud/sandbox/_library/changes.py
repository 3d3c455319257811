"""Changes of a library while it runs: what each does to an asset, and the history they make. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, cast
from uuid import UUID

from comfy_cloud.sandbox._errors import AssetError

from .model import ACCOUNT, PUBLIC, AssetRow, TagCase, normalised_tag

Kind: TypeAlias = Literal["add", "delete", "rename", "retag", "change"]

_LARGEST = (1 << 63) - 1
_HASH = re.compile(r"blake3:[a-f0-9]{64}")
_TIMES = ("created_at", "updated_at", "last_access_time")
_TEXTS = ("name", "mime_type", "preview_path", "display_name")
_OBJECTS = ("user_metadata", "metadata")
_FIXED = ("id", "created_at")
# A real server notes an access without calling it an update.
_NOT_AN_UPDATE = frozenset(("updated_at", "last_access_time"))
_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its number, counted from 1, what it was, and the asset before and after it.

    `before` is None for an asset that was added, `after` for one that was deleted. When nothing came of it, such as
    a name that was the same already, both are equal.
    """

    sequence: int
    kind: Kind
    id: str
    before: AssetRow | None
    after: AssetRow | None


def clock(base: str, sequence: int) -> str:
    """The time of a change: the library's clock stands still but for one millisecond with each change."""
    return instant(datetime.fromisoformat(base) + sequence * _STEP)


def made(fields: Mapping[str, object], sequence: int, now: str, case: TagCase) -> AssetRow:
    """A new asset from some of its fields; what is not said is what a fresh upload has.

    Its id, unless one is given, comes from the number of the change. Times that are not given are `now`.

    Raises AssetError.
    """
    defaults: dict[str, object] = {"id": _fresh_id(sequence), "name": f"asset {sequence}", "size": 0}
    created = fields.get("created_at", now)
    times = {"created_at": created, "updated_at": created, "last_access_time": created}
    return checked({**defaults, **times, **fields}, case)


def edited(before: AssetRow, fields: Mapping[str, object], now: str, case: TagCase) -> AssetRow:
    """The asset with other values of some fields.

    `updated_at` becomes `now` when a field really changes, except when that is only `last_access_time`;
    `created_at` never changes (observed on ComfyUI 0.27), nor does the id.

    Raises AssetError.
    """
    for name in _FIXED:
        if name in fields:
            raise AssetError(f"{name}: it never changes; delete the asset and add another.")
    after = checked({**before._asdict(), **fields}, case)
    different = {name for name in AssetRow._fields if getattr(before, name) != getattr(after, name)}
    if "updated_at" in fields or not different - _NOT_AN_UPDATE:
        return after
    return after._replace(updated_at=now)


def retagged(tags: Iterable[str], add: Iterable[str], remove: Iterable[str], case: TagCase) -> tuple[str, ...]:
    """`tags` with some more and some less; what is in both is removed. Raises AssetError."""
    gone = set(_tags(remove, case))
    return tuple(sorted({*tags, *_tags(add, case)} - gone))


def state_at(now: Iterable[AssetRow], later: Iterable[Change]) -> list[AssetRow]:
    """The assets before the changes `later`, which led to `now`, oldest first. In the order of ids."""
    assets = {asset.id: asset for asset in now}
    for change in reversed(list(later)):
        if change.before is None:
            assets.pop(change.id, None)
        else:
            assets[change.id] = change.before
    return sorted(assets.values())


def checked(fields: Mapping[str, object], case: TagCase = "folded") -> AssetRow:
    """An asset from its fields, each normalised as it is stored.

    Raises AssetError, which names the field, for one that is missing, unknown or not acceptable.
    """
    unknown = sorted(fields.keys() - set(AssetRow._fields))
    if unknown:
        raise AssetError(f"{unknown[0]}: an asset has no such field; it has {', '.join(AssetRow._fields)}.")
    values = {name: _value(name, value, case) for name, value in fields.items()}
    try:
        return AssetRow(**values)  # type: ignore[arg-type]  # each value was checked by its name
    except TypeError:
        missing = next(name for name in AssetRow._fields if name not in fields)
        raise AssetError(f"{missing}: an asset needs one.") from None


def instant(value: object, name: str = "created_at") -> str:
    """A time as it is stored: from a datetime or an RFC 3339 text; one without an offset is UTC.

    Raises AssetError.
    """
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        aware = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise AssetError(f"{name}: {value!r} is not a time, such as 2026-07-01T12:00:00Z.") from None
    return aware.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _value(name: str, value: object, case: TagCase) -> object:  # noqa: PLR0911 - one line for each kind of field
    if value is None and name not in {"id", "name", "created_at", "updated_at", "tags", "owner"}:
        return False if name == "is_immutable" else None
    if name in _TIMES:
        return instant(value, name)
    if name == "tags":
        return _tags(value, case)
    if name in _OBJECTS:
        return _object(name, value)
    if name == "size":
        return _size(value)
    if name in {"id", "preview_id", "prompt_id"}:
        return _uuid(name, value)
    if name == "asset_hash" and not (isinstance(value, str) and _HASH.fullmatch(value)):
        raise AssetError("asset_hash: it is blake3: and 64 hexadecimal digits in lower case.")
    if name == "owner" and value not in {ACCOUNT, PUBLIC}:
        raise AssetError(f"owner: it is {ACCOUNT!r} or {PUBLIC!r}, not {value!r}.")
    if name == "is_immutable" and not isinstance(value, bool):
        raise AssetError(f"is_immutable: it is True or False, not {value!r}.")
    return _text(name, value) if name in _TEXTS else value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not _is_text(value):
        raise AssetError(f"{name}: it is text, not {value!r}.")
    return value


def _is_text(value: str) -> bool:
    """Whether it can be sent at all: lone surrogates cannot."""
    return value.isascii() or value.encode("utf-8", "ignore").decode() == value


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise AssetError(f"size: it is a number of bytes from 0 to {_LARGEST}, or None, not {value!r}.")
    return value


def _uuid(name: str, value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise AssetError(f"{name}: {value!r} is not a UUID.") from None


def _tags(value: object, case: TagCase) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise AssetError(f"tags: they are a list of texts, not {value!r}.")
    tags = {normalised_tag(_text("tags", tag), case) for tag in cast("Iterable[object]", value)}
    return tuple(sorted(tags - {""}))


def _object(name: str, value: object) -> object:
    try:
        if isinstance(value, Mapping):
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
            return cast("object", value)
    except (TypeError, ValueError, RecursionError):
        pass
    raise AssetError(f"{name}: it is an object of what JSON can hold, not {value!r:.60}.")


def _fresh_id(sequence: int) -> str:
    digest = hashlib.sha256(f"comfy-cloud sandbox asset {sequence}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))
