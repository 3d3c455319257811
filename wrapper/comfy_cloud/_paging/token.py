"""Resume tokens: the place a walk has come to, as a short printable text. Pure.

A token names the order and holds a digest of the query, so that it continues this listing and no other. It holds no
key of the account; it does hold the sort key and the id of the last item handed out.
"""

from __future__ import annotations

import binascii
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

from msgspec import Struct

from comfy_cloud._paging.evidence import Lore
from comfy_cloud._paging.ordering import Key
from comfy_cloud.errors import FilterError

VERSION: Final = "cw1"
MAX_IDS: Final = 8
"""How many further ids of the frontier's sort key a token holds. Of more it holds none: the order of ids does."""
MAX_IDS_IN_DISORDER: Final = 64
"""The same, where the order of ids does not."""

_MAX_BYTES: Final = 1 << 20
_HOW: Final = "pass one as a page or a PaginationError gave it, or none to start at the beginning"


class Bookmark(Struct, frozen=True):
    """Where a walk is.

    Attributes:
        order: The name of its ordering.
        digest: Of its query, as the caller made it.
        key: The frontier's sort key.
        id: The frontier's id; None while nothing was handed out.
        passed: How many elements the server listed up to the frontier.
        handed_out: How many items were handed out.
        group: Ids handed out with the frontier's key.
        whole: Whether those are all of them.
        lore: What is known of the server's order.
        doubt: Why the listing up to here is not exact; empty where it is.
    """

    order: str
    digest: str
    key: Key = None
    id: str | None = None
    passed: int = 0
    handed_out: int = 0
    group: frozenset[str] = frozenset()
    whole: bool = True
    lore: Lore = Lore()
    doubt: str = ""

    @property
    def token(self) -> str:
        """The text of it: some 250 characters; more where a long name is the sort key, or many items share it."""
        group = sorted(self.group - {self.id})
        whole = self.whole and len(group) <= (MAX_IDS_IN_DISORDER if self.lore.disordered else MAX_IDS)
        group = group if whole else []
        lore = [0 if self.lore.supposed else self.lore.nulls, int(self.lore.foreign), int(self.lore.disordered)]
        place = [self.key, self.id, self.passed, self.handed_out, group, int(whole)]
        fields = [self.order, self.digest, *place, lore, self.doubt]
        data = zlib.compress(json.dumps(fields, separators=(",", ":")).encode(), 9)
        check = binascii.crc32(data).to_bytes(4, "big")
        return f"{VERSION}.{urlsafe_b64encode(check + data).decode().rstrip('=')}"


def read_token(token: str, order: str, digest: str) -> Bookmark:
    """The bookmark in a token.

    Raises:
        FilterError: it is no token of this version, or that of another query or another order.
    """
    if not isinstance(token, str):
        raise FilterError(f"A resume token is a text, not {type(token).__name__}; {_HOW}.")
    version, _, text = token.strip().partition(".")
    if version != VERSION:
        raise FilterError(f"This resume token is not of version {VERSION}, the only one known here; {_HOW}.")
    bookmark = _decoded(text)
    if bookmark.order != order:
        raise FilterError(
            f"This resume token is of a listing in the order {bookmark.order}, and this one is in the order {order}; "
            "resume with the order it was made with, or without a token."
        )
    if bookmark.digest != digest:
        raise FilterError(
            "This resume token is of another query; resume with the query it was made with, or without a token."
        )
    return bookmark


def _decoded(text: str) -> Bookmark:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        whole = int.from_bytes(raw[:4], "big") == binascii.crc32(raw[4:])
        data = zlib.decompressobj().decompress(raw[4:], _MAX_BYTES) if whole else b""
        fields: list[Any] = json.loads(data)
        order, digest, key, ident, passed, handed_out, group, complete, lore, doubt = fields
        known = frozenset(group if ident is None else [*group, ident])
        nulls, foreign, disordered = lore
        told = Lore(nulls, bool(foreign), bool(disordered))
        return Bookmark(order, digest, key, ident, passed, handed_out, known, bool(complete), told, doubt)
    except (ValueError, TypeError, zlib.error):
        raise FilterError(f"This resume token is damaged, or was cut off; {_HOW}.") from None
