"""One asset: what the server sent, held once, with what makes it pleasant to use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

import msgspec

from comfy_cloud._flow import succeeded
from comfy_cloud.errors import ConfigurationError, FilterError
from comfy_cloud_api import models
from comfy_cloud_api.types import RawResponse

PREVIEW_BYTES: Final = 2_000_000
"""The largest preview that is fetched unless more is allowed: servers may send the whole file, of gigabytes."""

keep: Final = msgspec.structs.force_setattr
"""Sets a field of an asset that is not the server's; for what listed it."""

# What the properties below are read with, as `super()` would take half of their time.
_read_tags: Final[Callable[[Any], list[str] | None]] = models.Asset.__kinds__["tags"].read_optional
_read_metadata: Final[Callable[[Any], models.AssetUserMetadata | None]] = models.Asset.__kinds__[
    "user_metadata"
].read_optional
_NO_METADATA: Final = models.AssetUserMetadata()

_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_NAME_LENGTH: Final = 60  # characters of a name in a repr


class Source(Protocol):
    """Where an asset came from. `base_url` makes its relative addresses absolute."""

    @property
    def base_url(self) -> str:
        """Scheme, host, and a path prefix if there is one."""
        ...

    def fetch(self, url: str, max_bytes: int) -> RawResponse:
        """The content at an address, with the client's rules for keys, redirects and retries."""
        ...

    async def afetch(self, url: str, max_bytes: int) -> RawResponse:
        """`fetch`, awaiting."""
        ...


class AssetBase(models.Asset, frozen=True, eq=False):
    """What assets of both clients have. Equal, and of the same hash, where their ids are.

    The properties are those of the API: absent ones read as None, `tags` and `user_metadata` as empty, times as aware
    datetimes in UTC. What the server sent beyond them is in `additional_properties`, what is not of the documented type
    in `unreadable`. Pickles hold all of it, but not the client: an asset that was unpickled cannot fetch its preview.
    """

    _source_: Any = msgspec.field(default=None, name="(source)")  # a Source; msgspec must not look at its type
    _preview_: Any = msgspec.field(default=None, name="(preview)")  # what was fetched: bytes

    @property
    def tags(self) -> list[str]:
        """Its tags, in the server's order; empty where the answer has none."""
        return _read_tags(self._tags) or []

    @property
    def sent_tags(self) -> list[str] | None:
        """Its tags as they came: None where the answer has none, so that nothing is known of them."""
        return _read_tags(self._tags)

    @property
    def user_metadata(self) -> models.AssetUserMetadata:
        """What users and workflows noted about it: a mapping that holds any JSON; empty where the answer has none."""
        read = _read_metadata(self._user_metadata)
        return _NO_METADATA if read is None else read

    @property
    def preview_url(self) -> str | None:
        """Where its preview is, absolute; servers may send it relative to themselves (observed on ComfyUI 0.27)."""
        sent = self._preview_url
        if type(sent) is not str:
            return None
        if not sent or sent.startswith("https://") or self._source_ is None:
            return sent
        return absolute(sent, self._source_.base_url)

    @property
    def human_size(self) -> str:
        """Its size for people, such as `4.2 MB` (1 MB = 1,000,000 bytes); `unknown size` where it has none."""
        return "unknown size" if self.size is None else human_size(self.size)

    @property
    def fetched_preview(self) -> bytes | None:
        """The preview, if `preview()` was called before; nothing is fetched."""
        preview: bytes | None = self._preview_
        return preview

    def __eq__(self, other: object) -> bool:
        return self._id == other._id if isinstance(other, AssetBase) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._id)

    def __repr__(self) -> str:
        name = self.name if len(self.name) <= _NAME_LENGTH else f"{self.name[:_NAME_LENGTH]}…"
        kind = self.mime_type or "unknown type"
        return f"Asset({name!r}, {self.human_size}, {kind!r}, created {self.created_at:%Y-%m-%d %H:%M}, id={self._id})"

    def _repr_html_(self) -> str:
        from comfy_cloud._html import asset_html  # noqa: PLC0415 - only notebooks need it

        return asset_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        _, (kind, sent) = super().__reduce__()
        return _restored, (kind, sent, self._source_ and self._source_.base_url)

    def _reachable(self) -> tuple[Source, str] | None:
        """Where the preview can be had, or None where there is none."""
        if not (url := self.preview_url):
            return None
        if not isinstance(self._source_, _Nowhere | None):
            return self._source_, url
        raise ConfigurationError(
            f"{self!r} was not listed by a client here, so it cannot fetch its preview; list it again."
        )


class Asset(AssetBase, frozen=True, eq=False):
    """An asset of a `ComfyCloud`; see `AssetBase`."""

    __doc__ = AssetBase.__doc__

    def preview(self, max_bytes: int = PREVIEW_BYTES) -> bytes | None:
        """Fetch its preview, an image as a rule, once; None where it has none.

        The key goes with it to the client's server alone, and redirects are followed by the client's rules.

        Args:
            max_bytes: The largest answer that is read, in bytes.

        Raises:
            ResponseTooLargeError: the preview is larger.
            ConfigurationError: the asset was not listed by a client of this process.
            ApiError: it cannot be fetched.
        """
        if self._preview_ is None and (where := self._reachable()):
            source, url = where
            keep(self, "_preview_", succeeded(source.fetch(url, checked_bytes(max_bytes))).content)
        return self.fetched_preview


class AsyncAsset(AssetBase, frozen=True, eq=False):
    """An asset of an `AsyncComfyCloud`; see `Asset`."""

    async def preview(self, max_bytes: int = PREVIEW_BYTES) -> bytes | None:
        """See `Asset.preview`."""
        if self._preview_ is None and (where := self._reachable()):
            source, url = where
            keep(self, "_preview_", succeeded(await source.afetch(url, checked_bytes(max_bytes))).content)
        return self.fetched_preview


class _Nowhere:
    """The source of an asset that was unpickled: an address without a client."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url


def _restored(kind: type[AssetBase], sent: dict[str, Any], base_url: str | None) -> AssetBase:
    asset = kind.from_dict(sent)
    if base_url is not None:
        keep(asset, "_source_", _Nowhere(base_url))
    return asset


def checked_bytes(max_bytes: int) -> int:
    """A bound on the length of a body.

    Raises:
        FilterError: it is no whole number of at least 1.
    """
    if not isinstance(max_bytes, int) or isinstance(max_bytes, bool) or max_bytes < 1:
        raise FilterError(f"max_bytes takes a whole number of at least 1, not {max_bytes!r}.")
    return max_bytes


def absolute(url: str, base_url: str) -> str:
    """An address as the server sent it, made absolute.

    A path is the server's own; where the base URL has a path prefix and the address has not, a proxy stands between,
    and the prefix is put in front.
    """
    if url.startswith(("https://", "http://")):  # as most are, and taking them apart takes a while
        return url
    base = urlsplit(base_url)
    prefix = base.path.rstrip("/")
    if url.startswith("/") and not url.startswith("//"):
        if prefix and not url.startswith(f"{prefix}/"):
            url = prefix + url
        if "/." not in url:  # else there are dots to resolve
            return f"{base.scheme}://{base.netloc}{url}"
    try:
        return urljoin(f"{base_url.rstrip('/')}/", url)
    except ValueError:  # it is no address, such as "http://["; to look at an asset is no reason to fail
        return url


def human_size(size: int) -> str:
    """A number of bytes for people, in powers of 1,000, with up to three digits: `999 B`, `1 kB`, `4.2 MB`."""
    if size < 1000:  # noqa: PLR2004 - the step between units
        return f"{size} B"
    power = min((len(str(size)) - 1) // 3, len(_UNITS) - 1)
    return f"{_three_digits(size / 1000**power)} {_UNITS[power]}"


def _three_digits(number: float) -> str:
    """Truncated, so that 999,999 bytes are 999 kB and not 1000."""
    whole = int(number)
    tenths = int(number * 10) % 10
    return f"{whole}.{tenths}" if whole < 100 and tenths else str(whole)  # noqa: PLR2004 - two digits leave room
