"""The main job against a sandbox: count, filter, list, sort, walk every page, show the tags.

Needs the `sandbox` extra and rich. Each count is compared with what SQL says about the sandbox's library.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import unicodedata
from collections.abc import Iterable

from rich.console import Console
from rich.filesize import decimal
from rich.table import Column, Table
from rich.text import Text

from comfy_cloud import ApiError, Asset, AssetQuery, AsyncComfyCloud, ComfyCloud, created_at, name, size, tag
from comfy_cloud.sandbox import Sandbox

console = Console()


def main() -> int:
    """Run the demo. Exit codes: 0 all counts agree, 1 one does not, 2 the server cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=2000, help="how many assets the sandbox has (default 2000)")
    parser.add_argument("--base-url", help="another server to list, instead of a sandbox")
    options = parser.parse_args()
    try:
        if options.base_url is not None:
            with ComfyCloud(base_url=options.base_url) as comfy:
                show_listing("The newest assets", comfy.assets.limit(8))
            return 0
        with Sandbox.seeded(options.assets) as box, ComfyCloud(base_url=box.url, api_key=box.key) as comfy:
            console.print(f"A sandbox with {options.assets:,} assets at {box.url}\n")
            return tour(box, comfy)
    except (ApiError, ValueError) as error:
        console.print(str(error), style="red", markup=False)
        return 2


def tour(box: Sandbox, comfy: ComfyCloud) -> int:
    """Everything the README promises, on one screen or two."""
    agree = show_counts(box, comfy)
    drafts = comfy.assets.where(tag("output"), ~tag("final"))
    show_listing("The newest outputs that are not final", drafts.order_by(created_at.desc()).limit(8))
    show_listing("The largest assets with “portrait” in their name", portraits(comfy).order_by(size.desc()).limit(8))
    agree &= show_walk(box, comfy)
    show_tags(comfy)
    console.print("Every count equals what SQL says." if agree else "[red]A count differs from what SQL says.[/red]")
    return 0 if agree else 1


def portraits(comfy: ComfyCloud) -> AssetQuery:
    """Assets with a word in their name."""
    return comfy.assets.where(name.contains("portrait"))


def show_counts(box: Sandbox, comfy: ComfyCloud) -> bool:
    """Count by filter, beside what SQL says about the same library."""
    tagged = "number IN (SELECT asset FROM asset_tags WHERE tag = '{}')"
    queries: list[tuple[str, AssetQuery, str]] = [
        ("all assets", comfy.assets, "1"),
        ("my own", comfy.assets.include_public(False), "owner = 'account'"),
        ('tag("output")', comfy.assets.where(tag("output")), tagged.format("output")),
        (
            'tag("output"), ~tag("final")',
            comfy.assets.where(tag("output"), ~tag("final")),
            f"{tagged.format('output')} AND NOT {tagged.format('final')}",
        ),
        ('name.contains("portrait")', portraits(comfy), "instr(lower(name), 'portrait')"),
    ]
    table = Table("where(…)", right("count()"), right("SQL"), title="Counted by the server")
    agree = True
    for label, query, condition in queries:
        counted = query.count()
        ((found,),) = box.sql(f"SELECT count(*) FROM assets WHERE {condition}")  # noqa: S608 - constants above
        expected = int(str(found))
        agree &= counted == expected
        table.add_row(label, f"{counted:,}", f"{expected:,}", style=None if counted == expected else "red")
    console.print(table, "")
    return agree


def show_walk(box: Sandbox, comfy: ComfyCloud) -> bool:
    """Walk every page, sync and async, and compare the ids with the library's."""
    ids = [str(asset.id) for asset in comfy.assets.order_by(created_at.asc())]
    requests = sum(1 for _ in comfy.assets.pages())
    also = asyncio.run(walk_async(box))
    expected = sorted(str(row[0]) for row in box.sql("SELECT id FROM assets"))
    console.print(f"Walked {len(ids):,} assets in {requests} requests, and {len(also):,} with AsyncComfyCloud.\n")
    return sorted(ids) == expected == sorted(also)


async def walk_async(box: Sandbox) -> list[str]:
    """The same walk, awaiting."""
    async with AsyncComfyCloud(base_url=box.url, api_key=box.key) as comfy:
        return [str(asset.id) async for asset in comfy.assets]


def show_listing(title: str, assets: Iterable[Asset]) -> None:
    """A table of assets."""
    table = Table("name", right("size"), "created (UTC)", "tags", title=title, expand=False)
    for asset in assets:
        tags = ", ".join(asset.tags or [])
        table.add_row(
            cell(asset.name),
            "?" if asset.size is None else decimal(asset.size),
            f"{asset.created_at:%Y-%m-%d %H:%M}",
            cell(tags),
        )
    console.print(table, "")


def show_tags(comfy: ComfyCloud) -> None:
    """The most used tags."""
    table = Table("tag", right("assets"), title="The most used tags")
    for entry in comfy.tags.list(order="count_desc", limit=8):
        table.add_row(cell(entry.name), f"{entry.count:,}")
    console.print(table, "")


def cell(text: str, width: int = 40) -> Text:
    """Somebody else's text, on one line and without control characters."""
    printable = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in text)
    short = Text(printable)
    short.truncate(width, overflow="ellipsis")
    return short


def right(header: str) -> Column:
    """A column of numbers."""
    return Column(header, justify="right")


if __name__ == "__main__":
    sys.exit(main())
