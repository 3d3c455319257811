"""What the API can express of a filter, exactly, and the refusal of the rest. Pure.

The API joins its conditions with AND: tags that are required, tags that are excluded, one text in the name, and for
each key of the metadata one value or any of several.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from comfy_cloud._filtering.expressions import And, Expression, MetadataIs, Not, Or, Searched, Tag
from comfy_cloud._filtering.folding import ascii_folded, folded_tag
from comfy_cloud._filtering.values import shown
from comfy_cloud.errors import FilterError
from comfy_cloud_api.api.asset import list_assets

MAX_TAGS: Final = 900
"""How many tags a query may name; about 990 make ComfyUI 0.27 answer with a 500 (observed)."""
MAX_REQUEST_LINE: Final = 8000
"""Bytes of a request's first line; about 8,190 are refused by ComfyUI 0.27 (observed), and its base URL adds some."""

_WIDEST: Final = {
    "sort": "last_access_time",
    "order": "desc",
    "include_public": False,
    "limit": 500,
    "offset": 10**9,
}
"""The longest that the rest of a request gets."""
_LONGEST_TOLD: Final = 120  # characters
_ADVICE: Final = "use filter(...) for it, which evaluates here what the server sends"


@dataclass(frozen=True, slots=True)
class ServerFilter:
    """Conditions as the API has them, sorted, so that equal ones give equal requests.

    Attributes:
        required: Tags that an asset has to have, as they were written.
        excluded: Tags that it must not have.
        name_contains: A text in its name.
        metadata: Keys, each with the JSON texts of the values of which one has to be there.
    """

    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    name_contains: str | None = None
    metadata: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def parameters(self) -> dict[str, object]:
        """The parameters of listAssets that ask for this; those that would ask for nothing are left out."""
        chosen: dict[str, object] = {
            "include_tags": list(self.required),
            "exclude_tags": list(self.excluded),
            "name_contains": self.name_contains,
            "metadata_filter": self._metadata_json(),
        }
        return {key: value for key, value in chosen.items() if value}

    def _metadata_json(self) -> str:
        """Put together by hand, as the values are JSON texts already, whose objects keep the order of their keys."""
        keys = (json.dumps(key, ensure_ascii=False) for key, _ in self.metadata)
        texts = (values[0] if len(values) == 1 else f"[{','.join(values)}]" for _, values in self.metadata)
        members = (f"{key}:{text}" for key, text in zip(keys, texts, strict=True))
        return f"{{{','.join(members)}}}" if self.metadata else ""


def server_filter(expressions: Iterable[Expression]) -> ServerFilter:
    """All expressions together, as the API expresses them.

    `A & B` is two conditions; `~(tag("a") | tag("b"))` is two excluded tags; `|` between values at one metadata key
    is any of them.

    Raises:
        FilterError: the API cannot express this, and a server would answer something else without saying so; the
            message names the alternative.
    """
    conditions = list(chain.from_iterable(map(_conditions, expressions)))
    tags = [_sendable(item) for item in conditions if isinstance(item, Tag)]
    barred = [_sendable(item.part) for item in conditions if isinstance(item, Not) and isinstance(item.part, Tag)]
    found = ServerFilter(
        required=tuple(sorted(set(tags))),
        excluded=tuple(sorted(set(barred))),
        name_contains=_one_name([item.text for item in conditions if isinstance(item, Searched)]),
        metadata=tuple(sorted(_by_key(item for item in conditions if isinstance(item, MetadataIs)).items())),
    )
    _check_tags(found)
    _check_length(found)
    return found


def _conditions(expression: Expression) -> Iterator[Expression]:
    """The conditions that an expression joins with AND: tags, their negations, a name that contains, metadata."""
    match expression:
        case And(parts):
            yield from chain.from_iterable(map(_conditions, parts))
        case Not(Or(parts)):
            yield from chain.from_iterable(_conditions(~part) for part in parts)
        case Or(parts):
            yield from _alternatives(expression, parts)
        case Tag() | Not(Tag()) | MetadataIs() | Searched(test="contains"):
            yield expression
        case Expression():
            raise FilterError(f"The API cannot ask for {_told(expression)}; {_ADVICE}.")
        case _:
            raise FilterError(f"where() takes filters such as tag('x') or name.contains('y'), not {shown(expression)}.")


def _alternatives(whole: Expression, parts: tuple[Expression, ...]) -> Iterator[Expression]:
    """The API knows alternatives only between the values at one key of the metadata."""
    distinct = list(dict.fromkeys(parts))
    if len(distinct) == 1:
        yield from _conditions(distinct[0])
        return
    values = [part for part in distinct if isinstance(part, MetadataIs)]
    if len(values) < len(distinct) or len({part.key for part in values}) > 1:
        raise FilterError(
            f"The API cannot ask for {_told(whole)}, as it knows `|` only between values at one metadata key; "
            f"{_ADVICE}, or ask in several queries."
        )
    yield MetadataIs(values[0].key, tuple(dict.fromkeys(chain.from_iterable(part.values for part in values))))


def _sendable(tag: Expression) -> str:
    assert isinstance(tag, Tag)
    if "," in tag.text:
        raise FilterError(f"The API cannot ask for {_told(tag)}, as commas separate its tags; {_ADVICE}.")
    return tag.text


def _one_name(texts: list[str]) -> str | None:
    """The one text; those that differ in the case of ASCII letters only ask for the same."""
    if len({ascii_folded(text) for text in texts}) > 1:
        first, second = sorted(set(texts))[:2]
        raise FilterError(
            f"The API searches names for one text only, and these are several, {shown(first)} and {shown(second)}; "
            "keep one in where(...) and put name.contains(...) of the others in filter(...)."
        )
    return min(texts, default=None)


def _by_key(items: Iterable[MetadataIs]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        values = tuple(sorted(set(item.values)))
        if found.setdefault(item.key, values) != values:
            raise FilterError(
                f"The API takes one condition for a metadata key, and metadata[{shown(item.key)}] has two; "
                "keep one in where(...) and put the other in filter(...)."
            )
    return found


def _check_tags(found: ServerFilter) -> None:
    """Servers fold tags, so that `A` and `a` are the same one."""
    excluded = {folded_tag(tag) for tag in found.excluded}
    if both := [tag for tag in found.required if folded_tag(tag) in excluded]:
        raise FilterError(f"tag({shown(both[0])}) is both required and excluded, so nothing can match; drop one.")
    if (count := len(found.required) + len(found.excluded)) > MAX_TAGS:
        raise FilterError(
            f"A query names at most {MAX_TAGS} tags, which is about what servers can take, not {count}; "
            "put the others in filter(...)."
        )


def _check_length(found: ServerFilter) -> None:
    length = request_line_length(found)
    if length > MAX_REQUEST_LINE:
        raise FilterError(
            f"where() takes what fits into a request line of {MAX_REQUEST_LINE:,} bytes, which is about what servers "
            f"can take, not {length:,}; put a part of it in filter(...)."
        )


def request_line_length(found: ServerFilter) -> int:
    """How many bytes the first line of a request for this takes at most, as it is encoded."""
    operation = list_assets.OPERATION
    target = operation.request({**found.parameters(), **_WIDEST}).target
    return len(f"{operation.method} {target} HTTP/1.1\r\n".encode())


def _told(expression: Expression) -> str:
    """For a message: long expressions are cut."""
    text = repr(expression)
    return text if len(text) <= _LONGEST_TOLD else f"{text[:_LONGEST_TOLD]}..."
