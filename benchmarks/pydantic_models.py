"""The fields of an asset as pydantic v2 models, as somebody would write them from the document."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Asset(BaseModel):
    """An asset; what is not declared is kept."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    asset_hash: str | None = None
    size: int | None = None
    mime_type: str | None = None
    tags: list[str] | None = None
    user_metadata: dict[str, Any] | None = None
    preview_url: str | None = None
    preview_id: UUID | None = None
    prompt_id: UUID | None = None
    last_access_time: datetime | None = None
    is_immutable: bool | None = None


class ListAssetsResponse(BaseModel):
    """A page of assets."""

    assets: list[Asset]
    total: int
    has_more: bool
