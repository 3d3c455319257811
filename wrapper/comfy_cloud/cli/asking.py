"""Flags as queries: which filters the server gets and which are applied here. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from comfy_cloud import filters as by
from comfy_cloud.assets import AssetQuery
from comfy_cloud.cli import flags, reading
from comfy_cloud.cli.exits import FlagError
from comfy_cloud.cli.formats import Format
from comfy_cloud.filters import Expression

FileFormat: TypeAlias = Literal["csv", "ndjson"]

_ENDINGS: Final[Mapping[str, FileFormat]] = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}


def narrowed(query: AssetQuery, given: flags.Filters) -> AssetQuery:
    """The query with these filters: what the API can express goes to the server, by the rule of `where`.

    Raises:
        FilterError: a value is none, or the API cannot express what only the server is asked for.
    """
    asked, here = _asked(given), _here(given)
    public = query if given.public else query.include_public(False)
    if given.here:
        return public.filter(*asked, *here)
    return public.where(*asked, verify=given.verify).filter(*here)


def ordered(query: AssetQuery, given: flags.Order) -> AssetQuery:
    """The query in this order, and asked for in this way.

    Raises:
        FilterError: a value is none.
    """
    order = reading.order(given.sort)
    return (
        query.order_by(order, unique=given.unique)
        .page_size(given.page_size)
        .prefetch(given.prefetch)
        .limit(given.limit)
    )


def chosen(given: flags.Output) -> Format:
    """The one format that was asked for; a table where none was.

    Raises:
        FlagError: several were.
    """
    wanted = [name for name in ("json", "ndjson", "csv") if getattr(given, name)]
    if len(wanted) > 1:
        raise FlagError(f"{' and '.join(f'--{name}' for name in wanted)} are formats; choose one.")
    return "json" if given.json else "ndjson" if given.ndjson else "csv" if given.csv else "table"


def _asked(given: flags.Filters) -> tuple[Expression, ...]:
    return (
        *map(by.tag, given.tag or ()),
        *(~by.tag(text) for text in given.not_tag or ()),
        *map(by.name.contains, given.name_contains or ()),
        *reading.meta(given.meta or ()),
    )


def _here(given: flags.Filters) -> tuple[Expression, ...]:
    single = (
        given.min_size is not None and reading.at_least(given.min_size),
        given.max_size is not None and reading.at_most(given.max_size),
        given.since is not None and reading.since("--since", by.created_at, given.since),
        given.until is not None and reading.until("--until", by.created_at, given.until),
        given.updated_since is not None and reading.since("--updated-since", by.updated_at, given.updated_since),
        given.updated_until is not None and reading.until("--updated-until", by.updated_at, given.updated_until),
        given.name_matches is not None and by.name.matches(given.name_matches),
    )
    several = (
        *reading.media_types(given.mime_type or ()),
        *reading.hashes(given.hash or ()),
        *reading.prompts(given.prompt_id or ()),
    )
    return (*(found for found in single if isinstance(found, Expression)), *several)


def format_of(file: Path, given: FileFormat | None) -> FileFormat:
    """The format of a file to write: the one given, else by its name.

    Raises:
        FlagError: its name says none.
    """
    found: FileFormat | None = given or _ENDINGS.get(file.suffix.lower())
    if found is None:
        raise FlagError(f"{file.name!r} ends in neither .csv nor .ndjson; say which with --format.")
    return found
