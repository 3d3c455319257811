"""What the sandbox knows about one asset, before it is stored or sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Owner: TypeAlias = Literal["account", "public"]
TagCase: TypeAlias = Literal["folded", "kept"]

ACCOUNT: Owner = "account"
PUBLIC: Owner = "public"


class AssetRow(NamedTuple):
    """One asset of the library. `None` means that the server has nothing to say about the field.

    Sizes are bytes; an asset whose file is not on disk has none. Times are RFC 3339 in UTC with six digits of
    fraction and a `Z`, a fixed width, so that comparing the texts compares the instants. `metadata` is what the
    server found out itself; `preview_path` is path and query of a `preview_url`.
    """

    id: str
    name: str
    size: int | None
    created_at: str
    updated_at: str
    last_access_time: str | None = None
    asset_hash: str | None = None
    mime_type: str | None = None
    tags: tuple[str, ...] = ()
    user_metadata: Mapping[str, Json] | None = None
    preview_path: str | None = None
    preview_id: str | None = None
    prompt_id: str | None = None
    owner: Owner = ACCOUNT
    is_immutable: bool = False
    metadata: Mapping[str, Json] | None = None
    display_name: str | None = None


def normalised_tag(text: str, case: TagCase = "folded") -> str:
    """A tag as the server keeps it: trimmed, and lower-cased by Unicode rules (observed on ComfyUI 0.27).

    A coming server keeps the case.
    """
    return text.strip() if case == "kept" else text.strip().lower()


_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def folded_name(text: str) -> str:
    """A name as `name_contains` compares it: only A to Z are folded (observed on ComfyUI 0.27)."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)
