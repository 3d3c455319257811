"""How filters name what assets carry in their metadata. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from comfy_cloud._filtering.expressions import NULL, Expression, MetadataComparison, MetadataIs, Not
from comfy_cloud._filtering.values import checked_json, checked_number, checked_text, checked_values


class MetadataField:
    """The value at one key of the assets' metadata. There are no paths: a dot in a key is a dot.

    Seen as servers do (observed on ComfyUI 0.27): `1` equals `1.0`, but neither `True` nor `"1"`; an object equals
    one with the same JSON text, so the order of its keys matters; a value equals a stored list that has it among its
    elements. Absent, null, `[]` and a list of nulls are missing.
    """

    __slots__ = ("_key",)

    def __init__(self, key: str) -> None:
        self._key = key

    def __eq__(self, value: object) -> Expression:  # type: ignore[override] # makes a filter, as is the point
        """Assets with this value; `None` is a missing one."""
        return MetadataIs(self._key, (self._json(value),))

    def __ne__(self, value: object) -> Expression:  # type: ignore[override] # the same
        """Assets that have a value here, and not this one."""
        text = self._json(value)
        return Not(self.is_missing()) if text == NULL else MetadataComparison(self._key, "!=", text)

    def __lt__(self, value: float) -> Expression:
        """Assets with a number here that is less; also `<=`, `>` and `>=`. In a stored list, any of its numbers."""
        return MetadataComparison(self._key, "<", checked_number(repr(self), value))

    def __le__(self, value: float) -> Expression:
        return MetadataComparison(self._key, "<=", checked_number(repr(self), value))

    def __gt__(self, value: float) -> Expression:
        return MetadataComparison(self._key, ">", checked_number(repr(self), value))

    def __ge__(self, value: float) -> Expression:
        return MetadataComparison(self._key, ">=", checked_number(repr(self), value))

    def in_(self, values: Iterable[object]) -> Expression:
        """Assets with one of these values; `None` among them is a missing one."""
        return MetadataIs(self._key, checked_values(f"{self!r}.in_", values, checked_json))

    def is_missing(self) -> Expression:
        """Assets with nothing at this key."""
        return MetadataIs(self._key, (NULL,))

    def _json(self, value: object) -> str:
        return checked_json(repr(self), value)

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"metadata[{self._key!r}]"


class Metadata:
    """The assets' metadata: `user_metadata`, and beneath it what the server found out, where it says so."""

    __slots__ = ()

    def __getitem__(self, key: str) -> MetadataField:
        return MetadataField(checked_text("metadata[...]", key, empty=True))

    def __repr__(self) -> str:
        return "metadata"

    def __reduce__(self) -> str:
        return "metadata"


metadata: Final = Metadata()
