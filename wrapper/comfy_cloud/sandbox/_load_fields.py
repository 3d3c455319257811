"""One asset as somebody wrote it down, read into one of the library. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from ._model import ACCOUNT, PUBLIC, AssetRow, Json, normalised_tag

Record: TypeAlias = Mapping[str, Json]

NOWHEN = "2026-01-01T00:00:00.000000Z"
"""When an asset was made whose record has no `created_at`: a fixed instant, so that loading twice is the same."""

_NAMESPACE = UUID("6f6d1f0e-5f0b-5d0c-9a52-0a4d4bb6b7a1")
_HASH = re.compile(r"blake3:[a-f0-9]{64}")
_INT64 = range(-(1 << 63), 1 << 63)
_OTHER_NAMES = {"hash": "asset_hash", "job_id": "prompt_id"}  # observed on ComfyUI 0.27, beside or instead of ours


class FieldError(ValueError):
    """A field of a record is not acceptable; the message names it and fits behind the place where it stands."""


def made_id(*what: object) -> str:
    """The id of an asset that has none: always the same for the same `what`."""
    return str(uuid5(_NAMESPACE, "\n".join(map(str, what))))


def asset_row(record: Record, position: int) -> AssetRow:
    """The asset of a record in the form of the spec's `Asset`, of which only `name` is required.

    A field that is absent or null has the value a server would give: the id is made of `position` and the name, the
    size is 0 (a size that is null stays so: the file is not on disk), the times are those of `created_at` or 1 January
    2026. ComfyUI's `hash` and `job_id` count as `asset_hash` and `prompt_id`; `"public": true` makes an asset
    everybody's. Fields that nothing is known of are ignored, so that what any server answered can be loaded.

    Raises FieldError for the first field that is not acceptable.
    """
    given = {_OTHER_NAMES.get(name, name): value for name, value in record.items() if value is not None}
    values = {column: _read(name, read, given[name]) for name, (column, read) in _FIELDS.items() if name in given}
    if "name" not in values:
        raise FieldError("name is missing")
    public = _read("public", _boolean, given.get("public", False))
    created = values.get("created_at", NOWHEN)
    updated = values.get("updated_at", created)
    defaults = {
        "id": made_id(position, values["name"]),
        "size": None if "size" in record else 0,
        "created_at": created,
        "updated_at": updated,
        "last_access_time": updated,
        "owner": PUBLIC if public else ACCOUNT,
        "is_immutable": public,
    }
    known = {**_NOTHING._asdict(), **defaults, **values}
    return AssetRow._make(known[column] for column in AssetRow._fields)


def _read(name: str, read: Callable[[Json], object], value: Json) -> object:
    try:
        return read(value)
    except FieldError as error:
        raise FieldError(f"{name} {error}") from None


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise FieldError(f"must be text, not {_shown(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise FieldError("holds half of a surrogate pair, which is not text") from None
    return value


def _size(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0 or value not in _INT64:
        raise FieldError(f"must be a number of bytes, 0 or more, not {_shown(value)}")
    return value


def _boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise FieldError(f"must be true or false, not {_shown(value)}")
    return value


def _uuid(value: Json) -> str:
    try:
        return str(UUID(_text(value)))
    except ValueError:
        raise FieldError(f"must be a UUID, not {_shown(value)}; leave it out to have one made") from None


def _hash(value: Json) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise FieldError(f"must be blake3: and 64 hexadecimal digits, not {_shown(value)}")
    return value


def _instant(value: Json) -> str:
    """A time of RFC 3339, or of ComfyUI, which leaves out the offset and means UTC; microseconds, the rest cut off."""
    try:
        read = datetime.fromisoformat(_text(value))
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        plain = aware.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        raise FieldError(f"must be a time such as 2026-01-31T12:00:00Z, not {_shown(value)}") from None
    return plain.replace("+00:00", "Z")


def _tags(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise FieldError(f"must be a list of texts, not {_shown(value)}")
    return tuple(sorted(set(_normalised(value))))


def _normalised(tags: list[Json]) -> Iterator[str]:
    for item in tags:
        tag = normalised_tag(_text(item))
        if not tag:
            raise FieldError("has an empty one")
        yield tag


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise FieldError(f"must be a JSON object, not {_shown(value)}")
    return value


def _preview(value: Json) -> str | None:
    """The path of a preview that the sandbox can serve; that of another server's storage is left out."""
    url = urlsplit(_text(value))
    return f"{url.path}?{url.query}" if url.path == "/api/view" and url.query else None


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a sentence stays readable


_NOTHING = AssetRow(id="", name="", size=0, created_at=NOWHEN, updated_at=NOWHEN)
_FIELDS: Mapping[str, tuple[str, Callable[[Json], object]]] = {
    "id": ("id", _uuid),
    "name": ("name", _text),
    "size": ("size", _size),
    "created_at": ("created_at", _instant),
    "updated_at": ("updated_at", _instant),
    "last_access_time": ("last_access_time", _instant),
    "asset_hash": ("asset_hash", _hash),
    "mime_type": ("mime_type", _text),
    "tags": ("tags", _tags),
    "user_metadata": ("user_metadata", _object),
    "preview_url": ("preview_path", _preview),
    "preview_id": ("preview_id", _uuid),
    "prompt_id": ("prompt_id", _uuid),
    "is_immutable": ("is_immutable", _boolean),
    "metadata": ("metadata", _object),
    "display_name": ("display_name", _text),
}
KNOWN_FIELDS = (*_FIELDS, "public")
"""What a record can say about an asset."""
