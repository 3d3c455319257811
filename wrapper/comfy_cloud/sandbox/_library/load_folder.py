"""A folder of files as a library, in the way ComfyUI sees its own folders."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from .load_fields import made_id
from .model import AssetRow, TagCase, normalised_tag

# What browsers show without running anything: an SVG may hold a script.
_PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp"}

# What Python's own table lacks, or has in some versions only.
_MIME_TYPES = {
    ".avif": "image/avif",
    ".flac": "audio/flac",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".heic": "image/heic",
    ".mkv": "video/x-matroska",
    ".opus": "audio/opus",
    ".safetensors": "application/safetensors",
    ".webp": "image/webp",
    ".yaml": "application/yaml",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KNOWN = mimetypes.MimeTypes()  # the same on every machine, since it reads none of their files


class FolderError(ValueError):
    """The folder cannot be loaded; the message says why and fits behind its name."""


def folder_assets(folder: Path, case: TagCase = "folded") -> tuple[tuple[AssetRow, ...], dict[str, Path]]:
    """Every file below `folder` as an asset, and the pictures among them by their `preview_path`.

    Tags are the names of the folders above the file, normalised, as ComfyUI tags what it finds: the file
    `models/loras/SDXL/a.safetensors` has the tags `loras`, `models` and `sdxl` (observed on ComfyUI 0.27). A file has
    its size and its modification time, no hash, and an id made of its path. Hidden files and folders are passed over,
    and folders that are links.

    Raises OSError when the folder or something in it cannot be read, FolderError when it has no files.
    """
    assets: list[AssetRow] = []
    previews: dict[str, Path] = {}
    for path in _files(folder):
        asset = _asset(path, PurePosixPath(_text(path.relative_to(folder).as_posix())), case)
        assets.append(asset)
        if asset.preview_path is not None:
            previews[asset.preview_path] = path
    if not assets:
        raise FolderError("there are no files in this folder")
    return tuple(assets), previews


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, in an order that no file system decides."""
    for parent, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file():
                yield path


def _fail(error: OSError) -> None:
    raise error


def _asset(path: Path, place: PurePosixPath, case: TagCase) -> AssetRow:
    stat = path.stat()
    when = _EPOCH + timedelta(microseconds=stat.st_mtime_ns // 1000)
    written = when.isoformat(timespec="microseconds").replace("+00:00", "Z")
    mime = _MIME_TYPES.get(place.suffix.lower()) or _KNOWN.guess_type(place.name)[0]
    return AssetRow(
        id=made_id(str(place)),
        name=place.name,
        size=stat.st_size,
        created_at=written,
        updated_at=written,
        last_access_time=written,
        mime_type=mime,
        tags=tuple(sorted({tag for part in place.parts[:-1] if (tag := normalised_tag(part, case))})),
        user_metadata={"filename": str(_below_root(place))},
        preview_path=_preview_path(place) if mime in _PICTURES else None,
    )


def _below_root(place: PurePosixPath) -> PurePosixPath:
    """A path without the folders that ComfyUI keeps files of a kind in: `input`, `output`, `models/loras`."""
    roots = {"input": 1, "output": 1, "temp": 1, "models": 2}.get(_root(place), 0)
    return PurePosixPath(*place.parts[min(roots, len(place.parts) - 1) :])


def _root(place: PurePosixPath) -> str:
    """The first folder of a path; nothing for a file that is in none."""
    return str(place).split("/", 1)[0] if len(place.parts) > 1 else ""


def _preview_path(place: PurePosixPath) -> str:
    """Where ComfyUI serves a picture: `/api/view` with the type, the file name and the folder below the type's."""
    root = _root(place)
    kind = root if root in {"input", "temp"} else "output"
    inside = _below_root(place)
    # A picture among the models keeps its whole path, so that no two share one.
    parent = place.parent if root == "models" else inside.parent
    subfolder = "" if str(parent) == "." else f"&subfolder={quote(str(parent), safe='')}"
    return f"/api/view?type={kind}&filename={quote(inside.name, safe='')}{subfolder}"


def _text(path: str) -> str:
    """A path as text: bytes that are not UTF-8, which file names may hold, become replacement characters."""
    return os.fsencode(path).decode("utf-8", "replace")
