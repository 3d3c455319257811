"""What type checkers and editors make of filters and orders: what can be compared with what. Checked, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type
from uuid import UUID

from comfy_cloud import (
    Expression,
    asset_hash,
    created_at,
    last_access_time,
    metadata,
    mime_type,
    name,
    prompt_id,
    size,
    tag,
    updated_at,
)
from comfy_cloud.filters import Order

WHEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def comparisons() -> None:
    """Every comparison is a filter, `==` included, which elsewhere is a bool."""
    assert_type(tag("output"), Expression)
    assert_type(size == 5, Expression)
    assert_type(size != 5, Expression)
    assert_type(size > "5 MB", Expression)
    assert_type(size.is_missing(), Expression)
    assert_type(name.contains("portrait"), Expression)
    assert_type(name.startswith("a"), Expression)
    assert_type(name.matches("^a"), Expression)
    assert_type(name.in_(["a.png"]), Expression)
    assert_type(created_at > dt.timedelta(days=7), Expression)
    assert_type(updated_at <= WHEN, Expression)
    assert_type(last_access_time.is_missing(), Expression)
    assert_type(mime_type.startswith("image/"), Expression)
    assert_type(asset_hash == "blake3:0", Expression)
    assert_type(prompt_id.in_([UUID(int=0), "0"]), Expression)
    assert_type(metadata["seed"] == 42, Expression)
    assert_type(metadata["cfg"] >= 7.5, Expression)
    assert_type(metadata["sampler"].in_(["euler", None]), Expression)


def joined() -> None:
    """Filters join to filters."""
    assert_type(tag("a") & ~tag("b") | (size > 5), Expression)


def orders() -> None:
    """A field sorts by itself, or in either direction."""
    assert_type(created_at.desc(), Order)
    assert_type(name.asc(), Order)
    assert_type(size.desc().descending, bool)


def refused() -> None:
    """What no server could mean is refused while it is written."""
    size > 5.5  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    size > WHEN  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    created_at > "2026"  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    name > "a"  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    metadata["seed"] > "a"  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    metadata[5]  # type: ignore[index] # pyright: ignore[reportArgumentType]
    mime_type.contains("png")  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    mime_type.desc()  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    name.is_missing()  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    tag(5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    tag("a") & "b"  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
