"""The flow that walks a listing: asks for the pages that a `Walker` wants, and hands out what they add."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

from comfy_cloud._flow import Call, Emit, Flow, Step, answered, bounded
from comfy_cloud.errors import ApiError, ApiTimeoutError, CallDeadlineError, StatusError, WalkDeadlineError
from comfy_cloud.pagination import Ask, Page, Sent, Walker, paging
from comfy_cloud.query import WalkOptions
from comfy_cloud_api.types import Model, Operation

T = TypeVar("T")

_AS_USUAL: Final = WalkOptions()


class InexactListingWarning(UserWarning):
    """From here on a listing is not proved to hold every item exactly once; the text says why."""


def send(
    operation: Operation,
    arguments: Mapping[str, object],
    body_type: type[Model],
    wanted: Ask,
    ahead: Sequence[Ask] = (),
) -> Step[Sent[Any]]:
    """Ask for one page, by offset or by cursor. Its items are of the type that the operation's answer documents.

    Args:
        operation: A listing.
        arguments: What selects and orders.
        body_type: What its answer is read as.
        wanted: The page.
        ahead: The pages that will probably be wanted next.
    """
    names = paging(operation)

    def called(page: Ask, foretold: tuple[Call, ...] = ()) -> Call:
        place = {str(names.offset): page.offset} if page.cursor is None else {str(names.cursor): page.cursor}
        return Call(operation, {**arguments, **place, str(names.limit): page.length}, foretold)

    body, slowed = yield from answered(called(wanted, tuple(map(called, ahead))), body_type)
    items, total, has_more = (getattr(body, str(name)) for name in (names.items, names.total, names.has_more))
    cursor = getattr(body, names.next_cursor) if names.next_cursor else None
    lost = () if len(items) == len(getattr(body, f"_{names.items}")) else body.unreadable.get(str(names.items), ())
    return Sent(tuple(items), total, has_more, tuple(lost), cursor, slowed)


def walk_exactly(
    ask: Callable[[Ask, Sequence[Ask]], Step[Sent[T]]],
    walker: Walker[T],
    options: WalkOptions = _AS_USUAL,
    *,
    stop: Callable[[T], bool] | None = None,
    now: Callable[[], float] = lambda: 0.0,
) -> Flow[Page[T]]:
    """Emit what each page adds to a listing, by the rules of `pagination`.

    Pages that add nothing are not emitted, but for the one from which on the listing is not exact.

    Warns once, with InexactListingWarning, where the listing stops being exact.

    Args:
        ask: The step that asks for a page, given those that will probably be wanted next.
        walker: A walk at its beginning, or resumed.
        options: How many pages to ask for at once, how long it may take, and who is told.
        stop: Whether nothing that follows an item is wanted.
        now: The time, in seconds.

    Raises:
        PaginationError: the server's pages do not add up to a listing.
        WalkDeadlineError: it took too long.
    """
    window, warned, refused = options.prefetch, False, 0
    until = None if options.deadline_s is None else now() + options.deadline_s
    while (wanted := walker.ask) is not None:
        try:
            sent = yield from bounded(ask(wanted, walker.ahead(window - 1)), until, refused)
        except (ApiTimeoutError, StatusError) as error:
            _go_on_after(error, wanted, walker, options, late=isinstance(error, CallDeadlineError))
            continue
        window = max(1, window // 2) if sent.slowed else window
        page = walker.take(sent)
        doubtful = not warned and _warned_of(walker)
        warned = warned or doubtful
        if page is None:
            refused += 1  # what was asked for before may be refused too, for what has long been mended
            continue
        if options.on_page is not None:
            options.on_page(page)
        if page.items or page.unreadable or doubtful:
            yield Emit(page)
        if stop is not None and sent.items and stop(sent.items[-1]):
            return


def _go_on_after(error: ApiError, wanted: Ask, walker: Walker[Any], options: WalkOptions, *, late: bool) -> None:
    """Ask by offset where the server refuses its cursor; whatever else failed ends the walk."""
    if isinstance(error, StatusError) and wanted.cursor is not None and error.status == HTTPStatus.BAD_REQUEST:
        walker.refuse_cursor()
    elif late and options.deadline_s is not None:
        raise WalkDeadlineError(options.deadline_s, walker.token) from error
    else:
        raise error


def _warned_of(walker: Walker[Any]) -> bool:
    if walker.doubt:
        text = f"This listing may have missed or repeated items: {walker.doubt}; see Page.exact."
        warnings.warn(text, InexactListingWarning, stacklevel=3)
    return bool(walker.doubt)
