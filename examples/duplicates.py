"""Find assets with the same content, by the hash that the server knows, and say what the copies take up.

    COMFY_CLOUD_API_KEY=... python duplicates.py --min-size "1 MB"

Nothing is downloaded, and nothing is deleted.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict

from comfy_cloud import ApiError, Asset, ComfyCloud, created_at, size


def main() -> int:
    """Exit codes: 0 done, whatever was found; 1 the assets could not be listed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--min-size", default="0 B", help='only files of at least this, such as "5 MB"')
    parser.add_argument("--limit", type=int, default=20, help="how many groups to show, the costliest first")
    options = parser.parse_args()
    try:
        with ComfyCloud() as comfy:
            mine = comfy.assets.include_public(False).order_by(created_at.asc())
            groups = same_content(list(mine.filter(size >= options.min_size)))
    except ApiError as error:
        print(error, file=sys.stderr)
        return 1
    for copies in groups[: options.limit]:
        first = copies[0]
        print(f"{len(copies)} copies of {first.human_size}, the first from {first.created_at:%Y-%m-%d}")
        for asset in copies:
            print(f"  {asset.id}  {asset.name!r}  {', '.join(asset.tags)}")
    wasted = sum(map(wasted_bytes, groups))
    print(f"Files with copies: {len(groups):,}; the copies take up {wasted / 1e6:,.1f} MB")
    return 0


def same_content(assets: list[Asset]) -> list[list[Asset]]:
    """The groups of several assets that share a hash, the costliest first; the oldest of a group stands first."""
    groups: defaultdict[str, list[Asset]] = defaultdict(list)
    for asset in assets:
        if digest := asset.asset_hash or asset.hash_:  # ComfyUI calls it `hash`; some assets have none
            groups[digest].append(asset)
    several = [copies for copies in groups.values() if len(copies) > 1]
    return sorted(several, key=wasted_bytes, reverse=True)


def wasted_bytes(copies: list[Asset]) -> int:
    """What all copies but one take up."""
    return (len(copies) - 1) * (copies[0].size or 0)


if __name__ == "__main__":
    sys.exit(main())
