"""Which texts servers take for the same. Pure.

Observed on ComfyUI 0.27: tags are trimmed and lower-cased by Unicode's rules; names are searched with the case of
ASCII letters ignored, and nothing else.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Final

_ASCII_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_REMEMBERED: Final = 4096  # tags; an account has few, each on many assets


@lru_cache(maxsize=_REMEMBERED)
def folded_tag(text: str) -> str:
    """A tag as servers keep it."""
    return text.strip().lower()


def ascii_folded(text: str) -> str:
    """A text as names are searched: only A to Z are folded."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def loosely_folded(text: str) -> str:
    """A text without case, accents, and differences of form and width.

    Two texts that any server takes for equal are equal so: by ASCII's rules, Unicode's lower case or case folding, a
    database's collation, composed or not. What contains another, however folded, contains it so.
    """
    if text.isascii():
        return text.lower()
    # Upper case first, as only that brings the dotless i and the long s to their plain letters.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper().casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
