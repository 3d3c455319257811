"""Feed a dashboard: every so often, one line of JSON with what an account holds. Asynchronous: all asked at once.

COMFY_CLOUD_API_KEY=... python dashboard_feed.py --every 30 | your-dashboard
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import json
import sys

from comfy_cloud import ApiError, AsyncComfyCloud, created_at, tag


async def feed(every_s: float, times: int | None) -> None:
    """Print a line now and every so many seconds, for ever or so many times."""
    async with AsyncComfyCloud() as comfy:
        for number in itertools.count(1):
            print(json.dumps(await measured(comfy)), flush=True)
            if number == times:
                return
            await asyncio.sleep(every_s)


async def measured(comfy: AsyncComfyCloud) -> dict[str, object]:
    """What the account holds now: each number costs one request, and all requests are under way together."""
    outputs = comfy.assets.where(tag("output"))
    async with asyncio.TaskGroup() as group:
        total = group.create_task(comfy.assets.count())
        made = group.create_task(outputs.count())
        drafts = group.create_task(outputs.where(~tag("final")).count())
        newest = group.create_task(outputs.order_by(created_at.desc()).limit(5).to_list())
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "assets": total.result(),
        "outputs": made.result(),
        "drafts": drafts.result(),
        "newest": [asset.name for asset in newest.result()],
        "retries": comfy.stats.retries,
    }


def main() -> int:
    """Exit codes: 0 all lines are printed, 1 the server could not be asked, 130 interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=float, default=30, help="seconds between two lines (default 30)")
    parser.add_argument("--times", type=int, help="how many lines; for ever unless given")
    options = parser.parse_args()
    code = 0
    try:
        asyncio.run(feed(options.every, options.times))
    except* ApiError as errors:  # a task group raises what its tasks raised, as a group
        print(errors.exceptions[0], file=sys.stderr)
        code = 1
    except* KeyboardInterrupt:
        code = 130
    return code


if __name__ == "__main__":
    sys.exit(main())
