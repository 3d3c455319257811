"""One asset as somebody wrote it down, made into one of the library. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from comfy_cloud.sandbox._errors import AssetError

from .changes import checked
from .model import ACCOUNT, PUBLIC, AssetRow, Json, TagCase

Record: TypeAlias = Mapping[str, Json]

NOWHEN = "2026-01-01T00:00:00.000000Z"
"""When an asset was made whose record has no `created_at`: a fixed instant, so that loading twice is the same."""

KNOWN_FIELDS = (
    *("id", "name", "size", "created_at", "updated_at", "last_access_time", "asset_hash", "mime_type", "tags"),
    *("user_metadata", "preview_url", "preview_id", "prompt_id", "is_immutable", "metadata", "display_name", "public"),
)
"""What a record can say about an asset."""

_NAMESPACE = UUID("6f6d1f0e-5f0b-5d0c-9a52-0a4d4bb6b7a1")
_OTHER_NAMES = {"hash": "asset_hash", "job_id": "prompt_id"}  # observed on ComfyUI 0.27, beside or instead of ours


def made_id(*what: object) -> str:
    """The id of an asset that has none: always the same for the same `what`."""
    return str(uuid5(_NAMESPACE, ascii(what)))


def asset_row(record: Record, position: int, case: TagCase = "folded") -> AssetRow:
    """The asset of a record in the form of the spec's `Asset`, of which only `name` is required.

    A field that is absent or null has the value a server would give: the id is made of `position` and the name, the
    size is 0 (a size that is null stays so: the file is not on disk), the times are those of `created_at` or 1 January
    2026. ComfyUI's `hash` and `job_id` count as `asset_hash` and `prompt_id`; `"public": true` makes an asset
    everybody's. Fields that nothing is known of are ignored, so that what any server answered can be loaded.

    Raises AssetError for the first field that is not acceptable.
    """
    named = {_OTHER_NAMES.get(name, name): value for name, value in record.items() if value is not None}
    given = {name: named[name] for name in KNOWN_FIELDS if name in named}
    public = given.pop("public", False)
    if not isinstance(public, bool):
        raise AssetError(f"public: it is true or false, not {public!r}.")
    preview = given.pop("preview_url", None)
    created = given.get("created_at", NOWHEN)
    updated = given.get("updated_at", created)
    defaults: dict[str, object] = {
        "id": made_id(position, given.get("name")),
        "size": None if "size" in record else 0,
        "created_at": created,
        "updated_at": updated,
        "last_access_time": updated,
        "preview_path": None if preview is None else _preview_path(preview),
        "owner": PUBLIC if public else ACCOUNT,
        "is_immutable": public,
    }
    return checked({**defaults, **given}, case)


def _preview_path(url: Json) -> str | None:
    """The path of a preview that the sandbox can serve; that of another server's storage is left out."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return None
    return f"{parts.path}?{parts.query}" if parts.path == "/api/view" and parts.query else None
