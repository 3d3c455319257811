"""Report how an account uses its tags, as a Markdown table: how many assets have each, and when it was last given one.

COMFY_CLOUD_API_KEY=... python tag_report.py --prefix models > tags.md
"""

from __future__ import annotations

import argparse
import sys

from comfy_cloud import ApiError, ComfyCloud, FilterError, TagInfo, created_at, tag


def main() -> int:
    """Exit codes: 0 the report is printed, 1 the tags could not be listed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", help="only tags that begin with this")
    parser.add_argument("--limit", type=int, default=20, help="how many tags, the most used first (default 20)")
    options = parser.parse_args()
    try:
        with ComfyCloud() as comfy:
            total = comfy.assets.count()
            print("| tag | assets | share | newest asset |\n|---|---:|---:|---|")
            for entry in comfy.tags.list(prefix=options.prefix, order="count_desc", limit=options.limit):
                share = entry.count / total if total else 0
                print(f"| {cell(entry.name)} | {entry.count:,} | {share:.0%} | {newest(comfy, entry)} |")
    except ApiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def newest(comfy: ComfyCloud, entry: TagInfo) -> str:
    """The day on which the newest asset with a tag was made: one request that moves one asset."""
    try:
        asset = comfy.assets.where(tag(entry.name)).order_by(created_at.desc()).first()
    except FilterError:  # the API separates tags by commas, so it cannot ask for one that holds a comma
        return "?"
    return f"{asset.created_at:%Y-%m-%d}" if asset else "none"


def cell(text: str) -> str:
    """Somebody else's text, in a table: on one line, and without what Markdown reads as the cell's end."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
