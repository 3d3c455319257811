"""What a query asks of the server: an immutable value, and its request parameters. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comfy_cloud.errors import FilterError
from comfy_cloud.filters import Expression, Field, HasTag, NameContains, Order
from comfy_cloud.pagination import largest_page
from comfy_cloud_api.api.asset import list_assets

MAX_PAGE_SIZE: Final = largest_page(list_assets.OPERATION)


@dataclass(frozen=True, slots=True)
class AssetQuerySpec:
    """Which assets, in which order, how many in all (`limit`) and how many a request (`page_size`)."""

    filters: tuple[Expression, ...] = ()
    order: Order = Order("created_at", descending=True)  # noqa: RUF009 - frozen, so sharing it is safe
    limit: int | None = None
    page_size: int = MAX_PAGE_SIZE
    include_public: bool = True

    def parameters(self) -> dict[str, object]:
        """The parameters of listAssets that select and order, paging aside; equal queries give equal ones."""
        tags = [item for item in self.filters if isinstance(item, HasTag)]
        names = [item.text for item in self.filters if isinstance(item, NameContains)]
        chosen: dict[str, object] = {
            "include_tags": sorted({item.tag for item in tags if not item.negated}),
            "exclude_tags": sorted({item.tag for item in tags if item.negated}),
            "name_contains": names[0] if names else None,
        }
        return {key: value for key, value in chosen.items() if value} | {
            "sort": self.order.field,
            "order": "desc" if self.order.descending else "asc",
            "include_public": self.include_public,
        }


def with_filters(known: Sequence[Expression], added: Sequence[Expression]) -> tuple[Expression, ...]:
    """All filters together, if the API can express them.

    Raises:
        FilterError: it cannot, and a server would answer something else without saying so.
    """
    for item in added:
        _check(item)
    together = (*known, *added)
    required = {item.tag for item in together if isinstance(item, HasTag) and not item.negated}
    excluded = {item.tag for item in together if isinstance(item, HasTag) and item.negated}
    if both := required & excluded:
        raise FilterError(f"tag({min(both)!r}) is both required and excluded, so nothing can match; drop one.")
    names = {item for item in together if isinstance(item, NameContains)}
    if len(names) > 1:
        raise FilterError("The API searches names for one text only; use one name.contains(...).")
    return together


def _check(item: Expression) -> None:
    match item:
        case HasTag(text):
            if not isinstance(text, str) or not text.strip():
                raise FilterError(f"tag({text!r}) names no tag; give its text.")
            if "," in text:
                raise FilterError(f"tag({text!r}) contains a comma, and the API cannot ask for such a tag.")
        case NameContains(text):
            if not isinstance(text, str) or not text or "\0" in text:
                raise FilterError(f"name.contains({text!r}) needs a text that is not empty and has no NUL.")
        case _:
            raise FilterError(f"where() takes filters such as tag('x') or name.contains('y'), not {item!r}.")


def checked_order(order: Order | Field) -> Order:
    """A bare field sorts upwards.

    Raises:
        FilterError: it is no field that listings sort by.
    """
    if isinstance(order, Field):
        return order.asc()
    if isinstance(order, Order):
        return order
    raise FilterError(f"order_by() takes a field such as created_at.desc() or name, not {order!r}.")


def checked_count(what: str, value: int, low: int, high: int | None = None) -> int:
    """A whole number within bounds.

    Raises:
        FilterError: naming the parameter, the bound and the value.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
        bound = f"from {low} to {high}" if high is not None else f"of at least {low}"
        raise FilterError(f"{what} takes a whole number {bound}, not {value!r}.")
    return value
