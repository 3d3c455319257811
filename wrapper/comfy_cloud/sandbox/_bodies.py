"""The bodies of the cloud dialect: what the spec's schemas say, nothing more. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ._model import PUBLIC, AssetRow, Json


def asset_body(asset: AssetRow, base_url: str | None) -> dict[str, Json]:
    """The spec's `Asset`. What the library has no value for is absent, except where the spec allows null.

    `prompt_id` and `preview_id` are null on the account's own assets and absent on public ones, so that a client
    meets both. `base_url` makes `preview_url` absolute; without it there is none.
    """
    body: dict[str, Json] = {
        "id": asset.id,
        "name": asset.name,
        "size": asset.size,
        "tags": asset.tags,
        "created_at": asset.created_at,
        "updated_at": asset.updated_at,
        "is_immutable": asset.is_immutable,
    }
    maybe_absent: dict[str, Json] = {
        "asset_hash": asset.asset_hash,
        "mime_type": asset.mime_type,
        "user_metadata": asset.user_metadata,
        "last_access_time": asset.last_access_time,
    }
    if base_url is not None and asset.preview_path is not None:
        maybe_absent["preview_url"] = base_url + asset.preview_path
    body.update((name, value) for name, value in maybe_absent.items() if value is not None)
    maybe_null = {"prompt_id": asset.prompt_id, "preview_id": asset.preview_id}
    body.update((name, value) for name, value in maybe_null.items() if value is not None or asset.owner != PUBLIC)
    return body


def assets_body(assets: Sequence[AssetRow], total: int, offset: int, base_url: str | None) -> dict[str, Json]:
    """The spec's `ListAssetsResponse`."""
    items = [asset_body(asset, base_url) for asset in assets]
    return {"assets": items, "total": total, "has_more": _has_more(items, total, offset)}


def tags_body(tags: Sequence[tuple[str, int]], total: int, offset: int) -> dict[str, Json]:
    """The spec's `ListTagsResponse`."""
    items: list[Json] = [{"name": name, "count": count} for name, count in tags]
    return {"tags": items, "total": total, "has_more": _has_more(items, total, offset)}


def error_body(code: str, message: str) -> dict[str, Json]:
    """The spec's `ErrorResponse`."""
    return {"code": code, "message": message}


def encoded(body: Mapping[str, Json]) -> bytes:
    """A body as JSON in UTF-8, without blanks."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _has_more(page: Sequence[object], total: int, offset: int) -> bool:
    # Observed on ComfyUI 0.27; past the end this is false, because offset is then at least total.
    return offset + len(page) < total
