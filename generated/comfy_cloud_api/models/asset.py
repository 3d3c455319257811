# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.asset_user_metadata import AssetUserMetadata


T = TypeVar("T", bound="Asset")


@_attrs_define
class Asset:
    """
    Attributes:
        id (UUID): Unique identifier for the asset
        name (str): Name of the asset file
        size (int): Size of the asset in bytes
        created_at (datetime.datetime): Timestamp when the asset was created
        updated_at (datetime.datetime): Timestamp when the asset was last updated
        asset_hash (str | Unset): Blake3 hash of the asset content
        mime_type (str | Unset): MIME type of the asset
        tags (list[str] | Unset): Tags associated with the asset
        user_metadata (AssetUserMetadata | Unset): Custom user metadata for the asset
        preview_url (str | Unset): URL for asset preview/thumbnail
        preview_id (None | Unset | UUID): ID of the preview asset if available
        prompt_id (None | Unset | UUID): ID of the job/prompt that created this asset, if available
        last_access_time (datetime.datetime | Unset): Timestamp when the asset was last accessed
        is_immutable (bool | Unset): Whether this asset is immutable (cannot be modified or deleted)
    """

    id: UUID
    name: str
    size: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    asset_hash: str | Unset = UNSET
    mime_type: str | Unset = UNSET
    tags: list[str] | Unset = UNSET
    user_metadata: AssetUserMetadata | Unset = UNSET
    preview_url: str | Unset = UNSET
    preview_id: None | Unset | UUID = UNSET
    prompt_id: None | Unset | UUID = UNSET
    last_access_time: datetime.datetime | Unset = UNSET
    is_immutable: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        size = self.size

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        asset_hash = self.asset_hash

        mime_type = self.mime_type

        tags: list[str] | Unset = UNSET
        if not isinstance(self.tags, Unset):
            tags = self.tags

        user_metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.user_metadata, Unset):
            user_metadata = self.user_metadata.to_dict()

        preview_url = self.preview_url

        preview_id: None | str | Unset
        if isinstance(self.preview_id, Unset):
            preview_id = UNSET
        elif isinstance(self.preview_id, UUID):
            preview_id = str(self.preview_id)
        else:
            preview_id = self.preview_id

        prompt_id: None | str | Unset
        if isinstance(self.prompt_id, Unset):
            prompt_id = UNSET
        elif isinstance(self.prompt_id, UUID):
            prompt_id = str(self.prompt_id)
        else:
            prompt_id = self.prompt_id

        last_access_time: str | Unset = UNSET
        if not isinstance(self.last_access_time, Unset):
            last_access_time = self.last_access_time.isoformat()

        is_immutable = self.is_immutable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "size": size,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )
        if asset_hash is not UNSET:
            field_dict["asset_hash"] = asset_hash
        if mime_type is not UNSET:
            field_dict["mime_type"] = mime_type
        if tags is not UNSET:
            field_dict["tags"] = tags
        if user_metadata is not UNSET:
            field_dict["user_metadata"] = user_metadata
        if preview_url is not UNSET:
            field_dict["preview_url"] = preview_url
        if preview_id is not UNSET:
            field_dict["preview_id"] = preview_id
        if prompt_id is not UNSET:
            field_dict["prompt_id"] = prompt_id
        if last_access_time is not UNSET:
            field_dict["last_access_time"] = last_access_time
        if is_immutable is not UNSET:
            field_dict["is_immutable"] = is_immutable

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asset_user_metadata import AssetUserMetadata  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        name = d.pop("name")

        size = d.pop("size")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        asset_hash = d.pop("asset_hash", UNSET)

        mime_type = d.pop("mime_type", UNSET)

        tags = cast(list[str], d.pop("tags", UNSET))

        _user_metadata = d.pop("user_metadata", UNSET)
        user_metadata: AssetUserMetadata | Unset
        if isinstance(_user_metadata, Unset):
            user_metadata = UNSET
        else:
            user_metadata = AssetUserMetadata.from_dict(_user_metadata)

        preview_url = d.pop("preview_url", UNSET)

        def _parse_preview_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                preview_id_type_0 = UUID(data)

                return preview_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        preview_id = _parse_preview_id(d.pop("preview_id", UNSET))

        def _parse_prompt_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                prompt_id_type_0 = UUID(data)

                return prompt_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        prompt_id = _parse_prompt_id(d.pop("prompt_id", UNSET))

        _last_access_time = d.pop("last_access_time", UNSET)
        last_access_time: datetime.datetime | Unset
        if isinstance(_last_access_time, Unset):
            last_access_time = UNSET
        else:
            last_access_time = datetime.datetime.fromisoformat(_last_access_time)

        is_immutable = d.pop("is_immutable", UNSET)

        asset = cls(
            id=id,
            name=name,
            size=size,
            created_at=created_at,
            updated_at=updated_at,
            asset_hash=asset_hash,
            mime_type=mime_type,
            tags=tags,
            user_metadata=user_metadata,
            preview_url=preview_url,
            preview_id=preview_id,
            prompt_id=prompt_id,
            last_access_time=last_access_time,
            is_immutable=is_immutable,
        )

        asset.additional_properties = d
        return asset

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
