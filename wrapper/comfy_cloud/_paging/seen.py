"""Which ids were handed out, at 16 bytes each. Pure."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

_UUID_BYTES: Final = 16


class Seen:
    """A set of ids that only grows."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def copy(self) -> Seen:
        """Another one, that knows the same."""
        twin = Seen()
        twin._known = set(self._known)
        return twin

    def new(self, ids: Sequence[str], which: Sequence[int]) -> list[int]:
        """The indexes of the ids that are not in here."""
        return [index for index in which if _small(ids[index]) not in self._known]

    def add(self, ids: Iterable[str]) -> None:
        """From now on these are in here."""
        self._known.update(map(_small, ids))


def _small(ident: str) -> bytes:
    """A UUID's bytes, or a digest of another id."""
    try:
        raw = binascii.unhexlify(ident.replace("-", ""))
    except ValueError:
        raw = b""
    if len(raw) == _UUID_BYTES:
        return raw
    return hashlib.blake2b(ident.encode(errors="surrogatepass"), digest_size=_UUID_BYTES).digest()
