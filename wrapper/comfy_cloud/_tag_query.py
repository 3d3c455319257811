"""What a listing of tags asks of the server, and what is done here. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypeVar, cast

from comfy_cloud._filtering.values import checked_bool, checked_count, checked_needle, shown
from comfy_cloud.errors import FilterError
from comfy_cloud_api.models import ListTagsOrder

TagOrder: TypeAlias = Literal["name_asc", "count_desc"]


class TagLike(Protocol):
    """What sorting reads of a tag."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...


T = TypeVar("T", bound=TagLike)


@dataclass(frozen=True, slots=True)
class TagListSpec:
    """Which tags, in which order, how many in all; made by `checked_tag_list`.

    The server is always asked for them by name: counts change while pages are read, and names stay where they are.
    """

    prefix: str | None = None
    order: TagOrder = "name_asc"
    include_zero: bool = False
    include_public: bool = True
    limit: int | None = None

    def parameters(self) -> dict[str, object]:
        """The parameters of listTags that select and order, paging aside.

        `include_zero` is always there, as ComfyUI 0.27 takes it for true where it is not (observed).
        """
        asked: dict[str, object] = {
            "order": ListTagsOrder.NAME_ASC.value,
            "include_zero": self.include_zero,
            "include_public": self.include_public,
        }
        return asked if self.prefix is None else {**asked, "prefix": self.prefix}

    @property
    def sorts_here(self) -> bool:
        """Whether all tags have to be there before the first can be handed out."""
        return self.order == "count_desc"

    @property
    def walk_limit(self) -> int | None:
        """How many tags to walk; all of them, where those used most are wanted."""
        return None if self.sorts_here else self.limit

    def arranged(self, tags: Iterable[T]) -> list[T]:
        """The tags of the whole walk, in the order asked for and no more than the limit.

        Those used equally often are in the order of their names' code points.
        """
        listed = sorted(tags, key=lambda tag: (-tag.count, tag.name)) if self.sorts_here else list(tags)
        return listed[: self.limit]


def checked_tag_list(
    *,
    prefix: str | None = None,
    order: TagOrder = "name_asc",
    include_zero: bool = False,
    include_public: bool = True,
    limit: int | None = None,
) -> TagListSpec:
    """A listing of tags.

    Args:
        prefix: Only tags that begin with this; servers trim and lower-case it (observed on ComfyUI 0.27).
        order: By name, or most used first, which takes all tags into memory.
        include_zero: Also tags that no asset has.
        include_public: Also count assets shared by others.
        limit: At most this many in all, 0 or more.

    Raises:
        FilterError: a prefix that is blank or no text, an order that does not exist, a flag that is no bool, or a
            limit that is no whole number of at least 0.
    """
    if prefix is not None and not checked_needle("prefix", prefix).strip():
        raise FilterError(f"prefix is {prefix!r}, and the API refuses a blank one; leave it away for all tags.")
    known = [str(item) for item in ListTagsOrder]
    if order not in known:
        raise FilterError(f"order is {shown(order)}, but tags are sorted by {' or '.join(map(repr, known))}.")
    return TagListSpec(
        prefix=prefix,
        order=cast("TagOrder", str(order)),
        include_zero=checked_bool("include_zero", include_zero),
        include_public=checked_bool("include_public", include_public),
        limit=None if limit is None else checked_count("limit", limit, 0),
    )
