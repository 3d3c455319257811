"""One asset of a gallery as HTML, in which whatever the server sent is only text. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from comfy_cloud._html import image_type, visible
from comfy_cloud.asset import AssetBase

_LONGEST_TEXT: Final = 1000  # characters of a name or a tag that are shown
_STEP: Final = 100  # `visible` shortens what is longer
_KINDS: Final = frozenset({"image", "video", "audio", "model", "text"})
_MODELS: Final = frozenset({".safetensors", ".ckpt", ".pt", ".pth", ".gguf", ".bin", ".onnx"})


class Preview(Struct, frozen=True):
    """What is shown of an asset's content.

    Attributes:
        kind: The media type of a picture; empty where there is none.
        content: The picture.
        why: Why one that there is is not shown; empty where it is, and where there is none.
    """

    kind: str = ""
    content: bytes = b""
    why: str = ""


def judged(content: bytes) -> Preview:
    """What is at the address of a preview, if it is a PNG, JPEG, GIF or WebP by its first bytes.

    What the server calls it does not matter: SVG, which can hold scripts, is text and never shown.
    """
    kind = image_type(content)
    return Preview(kind, content) if kind else Preview(why="The preview is no picture that is shown here.")


def card(number: int, asset: AssetBase, tags: Sequence[tuple[int, str]], preview: Preview) -> str:
    """An asset as an element of the list.

    Args:
        number: Its place in the list, from 1.
        asset: The asset.
        tags: Its tags, each with its number in this gallery.
        preview: What is shown of its content.
    """
    size = "" if asset.size is None else str(asset.size)
    chips = "".join(f'<li data-t="{at}"><bdi>{whole(tag)}</bdi></li>' for at, tag in tags)
    return (
        f'<li id="a{number}" class="card"><div class="picture">{_picture(asset, preview)}</div>'
        f'<h3><a href="#a{number}">{_name(asset)}</a></h3>'
        f'<p class="facts"><data value="{size}">{asset.human_size}</data> · {_time(asset.created_at)}</p>'
        + (f'<ul class="tags" aria-label="Tags">{chips}</ul>' if chips else "")
        + f"{_facts(asset)}</li>\n"
    )


def whole(text: str) -> str:
    """A text as HTML that shows what is in it, control and direction characters too, up to 1,000 characters."""
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
    return "".join(visible(cut[start : start + _STEP]) for start in range(0, len(cut), _STEP))


def instant(time: datetime) -> str:
    """A time for people, to the minute, in UTC."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"


def _name(asset: AssetBase) -> str:
    return f"<bdi>{whole(asset.name)}</bdi>" if asset.name.strip() else "<i>no name</i>"


def _time(time: datetime) -> str:
    return f'<time datetime="{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}">{instant(time)}</time>'


def _facts(asset: AssetBase) -> str:
    """What the card has no room for; a program shows it when the card is opened, and without it, it is on the card."""
    size = "" if asset.size is None else f"{asset.size:,} byte{'' if asset.size == 1 else 's'}"
    facts = (
        ("Type", f"<span data-type>{whole(asset.mime_type)}</span>" if asset.mime_type else ""),
        ("Size", size),
        ("Created", f"{instant(asset.created_at)} UTC"),
        ("Changed", f"{instant(asset.updated_at)} UTC"),
        ("Hash", whole(asset.asset_hash or "")),
        ("Id", str(asset.id)),
    )
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in facts if value)}</dl>"


def _picture(asset: AssetBase, preview: Preview) -> str:
    if preview.kind:
        data = base64.b64encode(preview.content).decode()
        return f'<img alt="" loading="lazy" decoding="async" src="data:{preview.kind};base64,{data}">'
    why = f'<span class="why">{preview.why}</span>' if preview.why else ""
    return f'<span class="tile {_kind(asset)}">{_label(asset)}</span>{why}'


def _kind(asset: AssetBase) -> str:
    kind = (asset.mime_type or "").partition("/")[0].lower()
    if _ending(asset) in _MODELS:
        return "model"
    return kind if kind in _KINDS else "other"


def _label(asset: AssetBase) -> str:
    named = _ending(asset)[1:13].upper() or (asset.mime_type or "").rpartition("/")[2][:12]
    return visible(named) or "?"


def _ending(asset: AssetBase) -> str:
    return PurePosixPath(asset.name.replace("\0", "")).suffix.lower()


__all__ = ["Preview", "card", "instant", "judged", "whole"]
