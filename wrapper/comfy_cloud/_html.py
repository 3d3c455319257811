"""HTML for notebooks: nothing in it is requested from anywhere, and every value is escaped.

Styles are inline, as notebooks drop others, and colours come from the page around, dark or light.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from comfy_cloud.asset import AssetBase

SHOWN_ITEMS: Final = 50
"""How many assets of a page are shown."""
EMBEDDED_BYTES: Final = 4_000_000
"""How many bytes of previews one repr may hold, in all; notebooks are saved with what they show."""

_SHOWN_CHARACTERS: Final = 120
_SHOWN_TAGS: Final = 12
_SHOWN_TAGS_OF_ROW: Final = 4
_SHOWN_KEYS: Final = 8
_FONT: Final = "font-family:system-ui,sans-serif;font-size:13px;line-height:1.5"
_QUIET: Final = "opacity:.65"
_RULE: Final = "1px solid rgba(127,127,127,.3)"
_CELL: Final = f"text-align:left;vertical-align:middle;padding:5px 12px 5px 0;border:0;border-bottom:{_RULE}"
_CHIP: Final = (
    "display:inline-block;padding:0 7px;margin:1px 4px 1px 0;border-radius:9px;background:rgba(127,127,127,.18)"
)
_FRAME: Final = "border-radius:4px;object-fit:cover;background:rgba(127,127,127,.15)"


class Shown(Protocol):
    """What of a page is shown."""

    @property
    def items(self) -> Sequence[object]:
        """Its assets, or whatever it lists."""
        ...

    @property
    def total(self) -> int:
        """How many there are in all."""
        ...

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        ...

    @property
    def exact(self) -> bool:
        """Whether the listing up to here is proved to hold every item once."""
        ...


def visible(text: str) -> str:
    """A text as HTML that shows what is in it: markup, control and direction characters as themselves, shortened."""
    cut = text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)
    return html.escape(shown)


def image_type(content: bytes) -> str | None:
    """The media type of a PNG, JPEG, GIF or WebP image, by its first bytes; None for anything else."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    marks = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif"}
    return next((f"image/{kind}" for mark, kind in marks.items() if content.startswith(mark)), None)


class _Previews:
    """Embeds previews that were fetched before, as long as there is room."""

    def __init__(self) -> None:
        self._room = EMBEDDED_BYTES

    def embedded(self, asset: AssetBase, size_px: int) -> str:
        """An image, or nothing."""
        content = asset.fetched_preview or b""
        kind = image_type(content)
        if kind is None or len(content) > self._room:
            return ""
        self._room -= len(content)
        data = base64.b64encode(content).decode()
        return f'<img alt="" style="{_FRAME};width:{size_px}px;height:{size_px}px" src="data:{kind};base64,{data}">'


def page_html(page: Shown) -> str:
    """A page as a table of its first items."""
    from comfy_cloud.asset import AssetBase  # noqa: PLC0415 - which imports this module's users

    shown = page.items[:SHOWN_ITEMS]
    assets = [item for item in shown if isinstance(item, AssetBase)]
    headings, rows = _of_assets(assets) if assets else (["item"], [[visible(repr(item))] for item in shown])
    rest = len(page.items) - len(shown)
    below = f'<div style="{_QUIET};padding-top:6px">and {rest:,} more on this page</div>' if rest else ""
    return f'<div style="{_FONT}">{_summary(page)}{_table(headings, rows) if rows else ""}{below}</div>'


def _of_assets(assets: Sequence[AssetBase]) -> tuple[list[str], list[list[str]]]:
    previews = _Previews()
    images = [previews.embedded(asset, 40) for asset in assets]
    headings, rows = ["name", "size", "type", "created (UTC)", "tags"], [_asset_cells(asset) for asset in assets]
    if not any(images):
        return headings, rows
    return ["", *headings], [[image, *row] for image, row in zip(images, rows, strict=True)]


def _summary(page: Shown) -> str:
    facts = [
        f"<b>{len(page.items):,}</b> of {page.total:,} item{'' if page.total == 1 else 's'}",
        "more follow" if page.has_more else "the last page",
        "exact" if page.exact else "not proved to be exact",
    ]
    return f'<div style="padding-bottom:4px">{" · ".join(facts)}</div>'


def _asset_cells(asset: AssetBase) -> list[str]:
    created = f"{asset.created_at:%Y-%m-%d %H:%M}"
    size = f'<span style="white-space:nowrap">{html.escape(asset.human_size)}</span>'
    kind = visible(asset.mime_type or "unknown type")
    moment = f'<span style="white-space:nowrap">{created}</span>'
    name, tags = _wrapped(_name(asset)), _wrapped(_chips(asset.tags, _SHOWN_TAGS_OF_ROW))
    return [name, size, kind, moment, tags]


def _wrapped(cell: str) -> str:
    """A cell that breaks long words rather than pushing the others out of sight."""
    return f'<div style="overflow-wrap:anywhere;min-width:10em">{cell}</div>'


def _name(asset: AssetBase) -> str:
    return visible(asset.name) or f'<span style="{_QUIET}">(empty name)</span>'


def _chips(tags: Sequence[str], most: int = _SHOWN_TAGS) -> str:
    chips = "".join(f'<span style="{_CHIP}">{visible(tag)}</span>' for tag in tags[:most])
    rest = len(tags) - most
    return f'{chips}<span style="{_QUIET}">and {rest:,} more</span>' if rest > 0 else chips


def asset_html(asset: AssetBase) -> str:
    """An asset as a card: its preview, if that was fetched, and what is known of it."""
    facts = {
        "size": html.escape(asset.human_size),
        "type": visible(asset.mime_type or "unknown type"),
        "created": f"{asset.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "tags": _chips(asset.tags),
        "metadata": _keys(asset),
        "id": f"<code>{asset.id}</code>",
    }
    cells = [
        f'<div style="{_QUIET}">{name}</div><div style="overflow-wrap:anywhere">{value}</div>'
        for name, value in facts.items()
        if value
    ]
    title = f'<div style="font-weight:600;padding-bottom:4px;overflow-wrap:anywhere">{_name(asset)}</div>'
    grid = f'<div style="display:grid;grid-template-columns:max-content 1fr;gap:1px 14px">{"".join(cells)}</div>'
    image = _Previews().embedded(asset, 128)
    side = f'<div style="flex:none">{image}</div>' if image else ""
    style = f"{_FONT};display:flex;gap:14px;align-items:flex-start;max-width:720px"
    return f'<div style="{style}">{side}<div style="min-width:0">{title}{grid}</div></div>'


def _keys(asset: AssetBase) -> str:
    """The names of what was noted about it: values may be whole workflows."""
    keys = list(asset.user_metadata)
    shown = ", ".join(visible(key) for key in keys[:_SHOWN_KEYS])
    rest = len(keys) - _SHOWN_KEYS
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def drift_html(headings: Sequence[str], rows: Sequence[Sequence[str]], said: str) -> str:
    """A drift report as a table; `said` is what stands there without rows."""
    cells = [[visible(cell) for cell in row] for row in rows]
    return f'<div style="{_FONT}">{_table(headings, cells) if rows else visible(said)}</div>'


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    head = "".join(f'<th style="{_CELL};{_QUIET};font-weight:500">{heading}</th>' for heading in headings)
    body = "".join(_table_row(row) for row in rows)
    style = "border-collapse:collapse;border:0;margin:0"
    return f'<table style="{style}"><thead><tr style="background:none">{head}</tr></thead><tbody>{body}</tbody></table>'


def _table_row(cells: Sequence[str]) -> str:
    inside = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f'<tr style="background:none">{inside}</tr>'


__all__ = ["asset_html", "drift_html", "page_html"]
