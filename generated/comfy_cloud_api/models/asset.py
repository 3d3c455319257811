# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import datetime as _dt_
import typing as _t_
import uuid as _uuid_

from .. import _runtime as _rt_
from .. import models as _models_
from .._runtime import UNSET as _unset_

_ID: _t_.Final[_rt_.Kind[_uuid_.UUID]] = _rt_.Uuid()
_NAME: _t_.Final[_rt_.Kind[str]] = _rt_.Str()
_CREATED_AT: _t_.Final[_rt_.Kind[_dt_.datetime]] = _rt_.DateTime()
_UPDATED_AT: _t_.Final[_rt_.Kind[_dt_.datetime]] = _rt_.DateTime()
_ASSET_HASH: _t_.Final[_rt_.Kind[str]] = _rt_.Str()
_SIZE: _t_.Final[_rt_.Kind[int]] = _rt_.Int()
_MIME_TYPE: _t_.Final[_rt_.Kind[str]] = _rt_.Str()
_TAGS: _t_.Final[_rt_.Kind[list[str]]] = _rt_.ListOf(_rt_.Str())
_USER_METADATA: _t_.Final[_rt_.Kind[_models_.AssetUserMetadata]] = _rt_.Nested(lambda: _models_.AssetUserMetadata)
_PREVIEW_URL: _t_.Final[_rt_.Kind[str]] = _rt_.Str()
_PREVIEW_ID: _t_.Final[_rt_.Kind[_uuid_.UUID | None]] = _rt_.OneOf(_rt_.Uuid(), _rt_.Null())
_PROMPT_ID: _t_.Final[_rt_.Kind[_uuid_.UUID | None]] = _rt_.OneOf(_rt_.Uuid(), _rt_.Null())
_LAST_ACCESS_TIME: _t_.Final[_rt_.Kind[_dt_.datetime]] = _rt_.DateTime()
_IS_IMMUTABLE: _t_.Final[_rt_.Kind[bool]] = _rt_.Bool()
_HASH_: _t_.Final[_rt_.Kind[str | None]] = _rt_.OneOf(_rt_.Str(), _rt_.Null())
_METADATA: _t_.Final[_rt_.Kind[_models_.AssetMetadata]] = _rt_.Nested(lambda: _models_.AssetMetadata)
_JOB_ID: _t_.Final[_rt_.Kind[str | None]] = _rt_.OneOf(_rt_.Str(), _rt_.Null())
_DISPLAY_NAME: _t_.Final[_rt_.Kind[str | None]] = _rt_.OneOf(_rt_.Str(), _rt_.Null())


_kinds_: _t_.Final[_t_.Mapping[str, _rt_.Kind[_t_.Any]]] = {
    "id": _ID,
    "name": _NAME,
    "created_at": _CREATED_AT,
    "updated_at": _UPDATED_AT,
    "asset_hash": _ASSET_HASH,
    "size": _SIZE,
    "mime_type": _MIME_TYPE,
    "tags": _TAGS,
    "user_metadata": _USER_METADATA,
    "preview_url": _PREVIEW_URL,
    "preview_id": _PREVIEW_ID,
    "prompt_id": _PROMPT_ID,
    "last_access_time": _LAST_ACCESS_TIME,
    "is_immutable": _IS_IMMUTABLE,
    "hash_": _HASH_,
    "metadata": _METADATA,
    "job_id": _JOB_ID,
    "display_name": _DISPLAY_NAME,
}


class Asset(_rt_.Model, frozen=True):
    """An object of the API.

    Attributes:
        id: Unique identifier for the asset.
        name: Name of the asset file.
        created_at: Timestamp when the asset was created.
        updated_at: Timestamp when the asset was last updated.
        asset_hash: Blake3 hash of the asset content. None where absent.
        size: Size of the asset in bytes. None where absent.
        mime_type: MIME type of the asset. None where absent.
        tags: Tags associated with the asset. None where absent.
        user_metadata: Custom user metadata for the asset. None where absent.
        preview_url: URL for asset preview/thumbnail. None where absent.
        preview_id: ID of the preview asset if available. None where absent.
        prompt_id: ID of the job/prompt that created this asset, if available. None where absent.
        last_access_time: Timestamp when the asset was last accessed. None where absent.
        is_immutable: Whether this asset is immutable (cannot be modified or deleted). None where absent.
        hash_: Hash of the asset content, as asset_hash. None where absent.
        metadata: What the server found out about the asset. None where absent.
        job_id: ID of the job that created this asset, if available. None where absent.
        display_name: Name of the asset for people. None where absent.
    """

    _id: _t_.Any = _rt_.field(name="id")
    _name: str = _rt_.field(name="name")
    _created_at: _t_.Any = _rt_.field(name="created_at")
    _updated_at: _t_.Any = _rt_.field(name="updated_at")
    _asset_hash: _t_.Any = _rt_.field(default=_rt_.UNSET, name="asset_hash")
    _size: _t_.Any = _rt_.field(default=_rt_.UNSET, name="size")
    _mime_type: _t_.Any = _rt_.field(default=_rt_.UNSET, name="mime_type")
    _tags: _t_.Any = _rt_.field(default=_rt_.UNSET, name="tags")
    _user_metadata: _t_.Any = _rt_.field(default=_rt_.UNSET, name="user_metadata")
    _preview_url: _t_.Any = _rt_.field(default=_rt_.UNSET, name="preview_url")
    _preview_id: _t_.Any = _rt_.field(default=_rt_.UNSET, name="preview_id")
    _prompt_id: _t_.Any = _rt_.field(default=_rt_.UNSET, name="prompt_id")
    _last_access_time: _t_.Any = _rt_.field(default=_rt_.UNSET, name="last_access_time")
    _is_immutable: _t_.Any = _rt_.field(default=_rt_.UNSET, name="is_immutable")
    _hash_: _t_.Any = _rt_.field(default=_rt_.UNSET, name="hash")
    _metadata: _t_.Any = _rt_.field(default=_rt_.UNSET, name="metadata")
    _job_id: _t_.Any = _rt_.field(default=_rt_.UNSET, name="job_id")
    _display_name: _t_.Any = _rt_.field(default=_rt_.UNSET, name="display_name")

    __kinds__ = _kinds_
    __unpublished__ = frozenset(
        {
            "display_name",
            "hash_",
            "job_id",
            "metadata",
        }
    )
    __relaxed__ = frozenset(
        {
            "size",
        }
    )

    if _t_.TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: _uuid_.UUID | str,
            name: str,
            created_at: _dt_.datetime | str,
            updated_at: _dt_.datetime | str,
            asset_hash: str | _rt_.Unset = _rt_.UNSET,
            size: int | _rt_.Unset = _rt_.UNSET,
            mime_type: str | _rt_.Unset = _rt_.UNSET,
            tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
            user_metadata: _models_.AssetUserMetadata | _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
            preview_url: str | _rt_.Unset = _rt_.UNSET,
            preview_id: _uuid_.UUID | str | None | _rt_.Unset = _rt_.UNSET,
            prompt_id: _uuid_.UUID | str | None | _rt_.Unset = _rt_.UNSET,
            last_access_time: _dt_.datetime | str | _rt_.Unset = _rt_.UNSET,
            is_immutable: bool | _rt_.Unset = _rt_.UNSET,
            hash_: str | None | _rt_.Unset = _rt_.UNSET,
            metadata: _models_.AssetMetadata | _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
            job_id: str | None | _rt_.Unset = _rt_.UNSET,
            display_name: str | None | _rt_.Unset = _rt_.UNSET,
            additional_properties: _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
        ) -> None: ...

    @property
    def id(self) -> _uuid_.UUID:
        """Unique identifier for the asset."""
        return _rt_.decode_uuid(f'"{self._id}"')

    @property
    def name(self) -> str:
        """Name of the asset file."""
        return self._name

    @property
    def created_at(self) -> _dt_.datetime:
        """Timestamp when the asset was created."""
        return _rt_.utc(self._created_at)

    @property
    def updated_at(self) -> _dt_.datetime:
        """Timestamp when the asset was last updated."""
        return _rt_.utc(self._updated_at)

    @property
    def asset_hash(self) -> str | None:
        """Blake3 hash of the asset content. None where absent."""
        value = self._asset_hash
        return value if type(value) is str else None

    @property
    def size(self) -> int | None:
        """Size of the asset in bytes. None where absent."""
        value = self._size
        return None if value is _unset_ else _SIZE.read_optional(value)

    @property
    def mime_type(self) -> str | None:
        """MIME type of the asset. None where absent."""
        value = self._mime_type
        return value if type(value) is str else None

    @property
    def tags(self) -> list[str] | None:
        """Tags associated with the asset. None where absent."""
        value = self._tags
        return None if value is _unset_ else _TAGS.read_optional(value)

    @property
    def user_metadata(self) -> _models_.AssetUserMetadata | None:
        """Custom user metadata for the asset. None where absent."""
        value = self._user_metadata
        return None if value is _unset_ else _USER_METADATA.read_optional(value)

    @property
    def preview_url(self) -> str | None:
        """URL for asset preview/thumbnail. None where absent."""
        value = self._preview_url
        return value if type(value) is str else None

    @property
    def preview_id(self) -> _uuid_.UUID | None:
        """ID of the preview asset if available. None where absent."""
        value = self._preview_id
        return None if value is _unset_ else _PREVIEW_ID.read_optional(value)

    @property
    def prompt_id(self) -> _uuid_.UUID | None:
        """ID of the job/prompt that created this asset, if available. None where absent."""
        value = self._prompt_id
        return None if value is _unset_ else _PROMPT_ID.read_optional(value)

    @property
    def last_access_time(self) -> _dt_.datetime | None:
        """Timestamp when the asset was last accessed. None where absent."""
        value = self._last_access_time
        return None if value is _unset_ else _LAST_ACCESS_TIME.read_optional(value)

    @property
    def is_immutable(self) -> bool | None:
        """Whether this asset is immutable (cannot be modified or deleted). None where absent."""
        value = self._is_immutable
        return value if type(value) is bool else None

    @property
    def hash_(self) -> str | None:
        """Hash of the asset content, as asset_hash. None where absent."""
        value = self._hash_
        return None if value is _unset_ else _HASH_.read_optional(value)

    @property
    def metadata(self) -> _models_.AssetMetadata | None:
        """What the server found out about the asset. None where absent."""
        value = self._metadata
        return None if value is _unset_ else _METADATA.read_optional(value)

    @property
    def job_id(self) -> str | None:
        """ID of the job that created this asset, if available. None where absent."""
        value = self._job_id
        return None if value is _unset_ else _JOB_ID.read_optional(value)

    @property
    def display_name(self) -> str | None:
        """Name of the asset for people. None where absent."""
        value = self._display_name
        return None if value is _unset_ else _DISPLAY_NAME.read_optional(value)
