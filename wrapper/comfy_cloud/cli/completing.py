"""What shells offer for the values of flags. Whatever goes wrong, they offer nothing."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import Final

import typer

from comfy_cloud.cli.reading import SORTS

MOST: Final = 50
"""How many tags are offered."""
PATIENCE_S: Final = 2.0
"""How long a shell waits for them, in seconds."""


def sort_orders(incomplete: str) -> list[str]:
    """What `--sort` takes."""
    return [sort for sort in SORTS if sort.startswith(incomplete)]


def tag_names(context: typer.Context, incomplete: str) -> list[str]:
    """Tags that begin like this, asked of the server: one request, and a short wait."""
    from comfy_cloud import ApiError, ComfyCloud, RetryPolicy  # noqa: PLC0415 - completing flags needs no client

    with suppress(ApiError):
        url = context.params.get("base_url")
        retry = RetryPolicy(attempts=1, deadline_s=PATIENCE_S)
        with ComfyCloud(base_url=url, timeout_s=PATIENCE_S, retry=retry) as comfy:
            tags = comfy.tags.list(prefix=incomplete.strip() or None, limit=MOST)
            return [tag.name for tag in islice(tags, MOST) if tag.name.isprintable()]
    return []
