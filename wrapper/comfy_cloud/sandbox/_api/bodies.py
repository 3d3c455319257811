"""The bodies of answers, in every dialect: what the spec's schemas say, and what was observed beyond it. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from comfy_cloud.sandbox._library.model import PUBLIC, AssetRow
from comfy_cloud.sandbox._library.tables import Row

from .dialects import CLOUD, Dialect
from .problems import BadQueryError

Body: TypeAlias = dict[str, object]
"""What msgspec and json can write."""

_COLUMN = {name: place for place, name in enumerate(AssetRow._fields)}
_EMPTY: Mapping[str, object] = {}
_DIGITS = {"microseconds": 26, "milliseconds": 23, "seconds": 19}  # how much of a stored time is sent
_PYDANTIC = "https://errors.pydantic.dev/2.14/v/"  # the recorded server's version


def asset_body(row: Row, dialect: Dialect = CLOUD, base_url: str = "") -> Body:
    """The spec's `Asset`, from a row of the library. The fields are in the order of the observed server.

    What the library has no value for is absent. Where nulls are sent, `prompt_id` and `preview_id` are null on the
    account's own assets and absent on public ones, so that a client meets both. `base_url` makes `preview_url`
    absolute; where it should be, there is none without.
    """
    start, (fixed, own, display) = row[:14], row[14:]
    identity, name, size, created, updated, accessed, digest, mime, tags, user, path, preview, prompt, owner = start
    moment = _moment(dialect)
    body: Body = {"id": identity, "name": name}
    if dialect.extras:
        body.update(hash=digest, display_name=display)
    body.update(asset_hash=digest, size=size, mime_type=mime, tags=_json(tags))
    body["preview_url"] = _preview_url(path, dialect, base_url)
    body["preview_id"] = preview
    body["user_metadata"] = _json(user if user is not None or not dialect.extras else "{}")
    body["is_immutable"] = bool(fixed)
    if dialect.extras:
        body.update(metadata=_json(own), job_id=prompt)
    body.update(prompt_id=prompt, created_at=moment(created), updated_at=moment(updated))
    body["last_access_time"] = moment(accessed)
    kept = _NULLABLE if dialect.nulls == "sent" and owner != PUBLIC else ()
    return {key: value for key, value in body.items() if value is not None or key in kept}


def assets_body(items: Sequence[Body], total: int, has_more: bool, cursor: str | None) -> Body:  # noqa: FBT001 - a field
    """The spec's `ListAssetsResponse`; `next_cursor` is only there when there is one (observed)."""
    body: Body = {"assets": items, "total": total, "has_more": has_more}
    return body if cursor is None else {**body, "next_cursor": cursor}


def tags_body(tags: Sequence[tuple[str, int]], total: int, offset: int) -> Body:
    """The spec's `ListTagsResponse`."""
    items = [{"name": name, "count": count} for name, count in tags]
    return {"tags": items, "total": total, "has_more": offset + len(items) < total}


def error_body(dialect: Dialect, code: str, message: str, details: Mapping[str, object] = _EMPTY) -> Body:
    """The spec's `ErrorResponse`, or the envelope that was observed."""
    if dialect.errors == "nested":
        return {"error": {"code": code, "message": message, "details": details}}
    return {"code": code, "message": message}


def query_error_body(dialect: Dialect, error: BadQueryError, query: Mapping[str, Sequence[str]]) -> Body:
    """What is wrong with a query: in one sentence, or one by one as pydantic reports it (observed)."""
    if dialect.errors == "flat" or error.code != "INVALID_QUERY":
        return error_body(dialect, error.code, f"{error}.")
    reports: list[Body] = []
    for name, problem in error.problems:
        given = list(query[name])
        report: Body = {"type": problem.kind, "loc": [name], "msg": str(problem)}
        report["input"] = given[0] if len(given) == 1 else given
        if problem.context:
            report["ctx"] = problem.context
        reports.append({**report, "url": _PYDANTIC + problem.kind})
    return error_body(dialect, error.code, "Validation failed.", {"errors": reports})


def encoded(body: Body, dialect: Dialect = CLOUD) -> bytes:
    """A body as JSON: compact in UTF-8, or as Python's json writes it."""
    compact = _ENCODER.encode(body)
    return json.dumps(json.loads(compact)).encode() if dialect.spaced else compact


def _json(text: object) -> object:
    """JSON that is stored as text goes into the body as it is."""
    return None if text is None else msgspec.Raw(str(text))


def _moment(dialect: Dialect) -> Callable[[object], str | None]:
    """How a stored time is sent."""
    digits, aware = _DIGITS[dialect.precision], dialect.times == "aware"

    def moment(stored: object) -> str | None:
        if stored is None:
            return None
        text = str(stored)[:digits]
        return f"{text}Z" if aware else text.removesuffix(_NO_FRACTION[: digits - len("2026-01-01T00:00:00")] or "?")

    return moment


def _preview_url(path: object, dialect: Dialect, base_url: str) -> str | None:
    if path is None:
        return None
    if dialect.previews == "relative":
        return str(path)
    return f"{base_url}{path}" if base_url else None


_NO_FRACTION = ".000000"
_ENCODER = msgspec.json.Encoder()
_NULLABLE = frozenset(("prompt_id", "preview_id"))
