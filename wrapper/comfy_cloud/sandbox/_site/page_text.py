"""Values as people read them, made safe to stand in HTML. Pure."""

from __future__ import annotations

from html import escape

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
_THOUSAND = 1000
# Line ends and other characters that are not seen, as the signs that stand for them; what turns the direction of
# the text around it, as U+FFFD.
_VISIBLE = {
    **{code: 0x2400 + code for code in range(32)},
    0x7F: 0x2421,
    **dict.fromkeys((0x85, 0x2028, 0x2029), 0x2424),
    **dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}


def visible(text: str) -> str:
    """Text to stand between tags, with signs for what would not be seen."""
    return escape(text.translate(_VISIBLE))


def counted(number: int, what: str) -> str:
    """A number of things: `1 tag`, `2,000 tags`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def sized(size: int | None) -> str:
    """A size in bytes as people say it, in powers of a thousand."""
    if size is None:
        return "not on disk"
    value, unit = float(size), 0
    while value >= _THOUSAND and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else counted(size, "byte")


def shortened(text: str, length: int) -> str:
    """The start of a text, with an ellipsis where it goes on."""
    return text if len(text) <= length else f"{text[: length - 1]}…"
