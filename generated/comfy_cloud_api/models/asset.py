# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import datetime as _dt
import typing as _t
import uuid as _uuid

from .. import _runtime as _rt
from .. import models as _models
from .._runtime import UNSET as _UNSET

_ID: _t.Final[_rt.Kind[_uuid.UUID]] = _rt.Uuid()
_NAME: _t.Final[_rt.Kind[str]] = _rt.Str()
_SIZE: _t.Final[_rt.Kind[int]] = _rt.Int()
_CREATED_AT: _t.Final[_rt.Kind[_dt.datetime]] = _rt.DateTime()
_UPDATED_AT: _t.Final[_rt.Kind[_dt.datetime]] = _rt.DateTime()
_ASSET_HASH: _t.Final[_rt.Kind[str]] = _rt.Str()
_MIME_TYPE: _t.Final[_rt.Kind[str]] = _rt.Str()
_TAGS: _t.Final[_rt.Kind[list[str]]] = _rt.ListOf(_rt.Str())
_USER_METADATA: _t.Final[_rt.Kind[_models.AssetUserMetadata]] = _rt.Nested(lambda: _models.AssetUserMetadata)
_PREVIEW_URL: _t.Final[_rt.Kind[str]] = _rt.Str()
_PREVIEW_ID: _t.Final[_rt.Kind[_uuid.UUID | None]] = _rt.OneOf(_rt.Uuid(), _rt.Null())
_PROMPT_ID: _t.Final[_rt.Kind[_uuid.UUID | None]] = _rt.OneOf(_rt.Uuid(), _rt.Null())
_LAST_ACCESS_TIME: _t.Final[_rt.Kind[_dt.datetime]] = _rt.DateTime()
_IS_IMMUTABLE: _t.Final[_rt.Kind[bool]] = _rt.Bool()


class Asset(_rt.Model, frozen=True):
    """An object of the API.

    Attributes:
        id: Unique identifier for the asset.
        name: Name of the asset file.
        size: Size of the asset in bytes.
        created_at: Timestamp when the asset was created.
        updated_at: Timestamp when the asset was last updated.
        asset_hash: Blake3 hash of the asset content. None where absent.
        mime_type: MIME type of the asset. None where absent.
        tags: Tags associated with the asset. None where absent.
        user_metadata: Custom user metadata for the asset. None where absent.
        preview_url: URL for asset preview/thumbnail. None where absent.
        preview_id: ID of the preview asset if available. None where absent.
        prompt_id: ID of the job/prompt that created this asset, if available. None where absent.
        last_access_time: Timestamp when the asset was last accessed. None where absent.
        is_immutable: Whether this asset is immutable (cannot be modified or deleted). None where absent.
    """

    _id: _t.Any = _rt.field(name="id")
    _name: str = _rt.field(name="name")
    _size: _t.Any = _rt.field(name="size")
    _created_at: _t.Any = _rt.field(name="created_at")
    _updated_at: _t.Any = _rt.field(name="updated_at")
    _asset_hash: _t.Any = _rt.field(default=_rt.UNSET, name="asset_hash")
    _mime_type: _t.Any = _rt.field(default=_rt.UNSET, name="mime_type")
    _tags: _t.Any = _rt.field(default=_rt.UNSET, name="tags")
    _user_metadata: _t.Any = _rt.field(default=_rt.UNSET, name="user_metadata")
    _preview_url: _t.Any = _rt.field(default=_rt.UNSET, name="preview_url")
    _preview_id: _t.Any = _rt.field(default=_rt.UNSET, name="preview_id")
    _prompt_id: _t.Any = _rt.field(default=_rt.UNSET, name="prompt_id")
    _last_access_time: _t.Any = _rt.field(default=_rt.UNSET, name="last_access_time")
    _is_immutable: _t.Any = _rt.field(default=_rt.UNSET, name="is_immutable")

    __kinds__ = {
        "id": _ID,
        "name": _NAME,
        "size": _SIZE,
        "created_at": _CREATED_AT,
        "updated_at": _UPDATED_AT,
        "asset_hash": _ASSET_HASH,
        "mime_type": _MIME_TYPE,
        "tags": _TAGS,
        "user_metadata": _USER_METADATA,
        "preview_url": _PREVIEW_URL,
        "preview_id": _PREVIEW_ID,
        "prompt_id": _PROMPT_ID,
        "last_access_time": _LAST_ACCESS_TIME,
        "is_immutable": _IS_IMMUTABLE,
    }

    if _t.TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: _uuid.UUID | str,
            name: str,
            size: int,
            created_at: _dt.datetime | str,
            updated_at: _dt.datetime | str,
            asset_hash: str | _rt.Unset = _rt.UNSET,
            mime_type: str | _rt.Unset = _rt.UNSET,
            tags: _t.Sequence[str] | _rt.Unset = _rt.UNSET,
            user_metadata: _models.AssetUserMetadata | _t.Mapping[str, _t.Any] | _rt.Unset = _rt.UNSET,
            preview_url: str | _rt.Unset = _rt.UNSET,
            preview_id: _uuid.UUID | str | None | _rt.Unset = _rt.UNSET,
            prompt_id: _uuid.UUID | str | None | _rt.Unset = _rt.UNSET,
            last_access_time: _dt.datetime | str | _rt.Unset = _rt.UNSET,
            is_immutable: bool | _rt.Unset = _rt.UNSET,
            additional_properties: _t.Mapping[str, _t.Any] | _rt.Unset = _rt.UNSET,
        ) -> None: ...

    @property
    def id(self) -> _uuid.UUID:
        """Unique identifier for the asset."""
        return _ID.read(self._id)

    @property
    def name(self) -> str:
        """Name of the asset file."""
        return self._name

    @property
    def size(self) -> int:
        """Size of the asset in bytes."""
        return _SIZE.read(self._size)

    @property
    def created_at(self) -> _dt.datetime:
        """Timestamp when the asset was created."""
        return _CREATED_AT.read(self._created_at)

    @property
    def updated_at(self) -> _dt.datetime:
        """Timestamp when the asset was last updated."""
        return _UPDATED_AT.read(self._updated_at)

    @property
    def asset_hash(self) -> str | None:
        """Blake3 hash of the asset content. None where absent."""
        value = self._asset_hash
        return None if value is _UNSET else _ASSET_HASH.read_optional(value)

    @property
    def mime_type(self) -> str | None:
        """MIME type of the asset. None where absent."""
        value = self._mime_type
        return None if value is _UNSET else _MIME_TYPE.read_optional(value)

    @property
    def tags(self) -> list[str] | None:
        """Tags associated with the asset. None where absent."""
        value = self._tags
        return None if value is _UNSET else _TAGS.read_optional(value)

    @property
    def user_metadata(self) -> _models.AssetUserMetadata | None:
        """Custom user metadata for the asset. None where absent."""
        value = self._user_metadata
        return None if value is _UNSET else _USER_METADATA.read_optional(value)

    @property
    def preview_url(self) -> str | None:
        """URL for asset preview/thumbnail. None where absent."""
        value = self._preview_url
        return None if value is _UNSET else _PREVIEW_URL.read_optional(value)

    @property
    def preview_id(self) -> _uuid.UUID | None:
        """ID of the preview asset if available. None where absent."""
        value = self._preview_id
        return None if value is _UNSET else _PREVIEW_ID.read_optional(value)

    @property
    def prompt_id(self) -> _uuid.UUID | None:
        """ID of the job/prompt that created this asset, if available. None where absent."""
        value = self._prompt_id
        return None if value is _UNSET else _PROMPT_ID.read_optional(value)

    @property
    def last_access_time(self) -> _dt.datetime | None:
        """Timestamp when the asset was last accessed. None where absent."""
        value = self._last_access_time
        return None if value is _UNSET else _LAST_ACCESS_TIME.read_optional(value)

    @property
    def is_immutable(self) -> bool | None:
        """Whether this asset is immutable (cannot be modified or deleted). None where absent."""
        value = self._is_immutable
        return None if value is _UNSET else _IS_IMMUTABLE.read_optional(value)
