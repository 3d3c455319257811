"""Export every asset to a file of JSON lines; started again after a crash, it goes on where it was.

    COMFY_CLOUD_API_KEY=... python nightly_export.py assets.ndjson --tag output

Beside the file it keeps `assets.ndjson.part`, the lines so far, and `assets.ndjson.state`, how many bytes of them are
whole pages and the token to resume from. The file itself appears when it is complete, so nobody reads half an export.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

from comfy_cloud import ApiError, AssetQuery, ComfyCloud, created_at


def main() -> int:
    """Exit codes: 0 the file is complete, 1 it is not: run it again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="the file to write")
    parser.add_argument("--tag", action="append", default=[], help="only assets with this tag; may be repeated")
    parser.add_argument("--page-size", type=int, default=500, help="assets a request, 1 to 500 (default 500)")
    options = parser.parse_args()
    try:
        with ComfyCloud() as comfy:
            # The oldest first: what is added while the export runs comes at the end, and is exported too.
            query = comfy.assets.where(tags=options.tag).order_by(created_at.asc()).page_size(options.page_size)
            count = export(query, options.file)
    except ApiError as error:
        print(f"The export is not complete; run it again to go on. {error}", file=sys.stderr)
        return 1
    print(f"{count:,} assets in {options.file}")
    return 0


def export(query: AssetQuery, file: Path) -> int:
    """Write what a query lists, one asset a line, and say how many lines the file has."""
    part, state = file.with_name(f"{file.name}.part"), file.with_name(f"{file.name}.state")
    size, token = progress(part, state)
    with part.open("ab") as lines:
        lines.truncate(size)  # a page that was cut off by the crash is written again
        for page in query.resume(token).pages():
            for asset in page.items:
                lines.write(json.dumps(asset.to_dict(), ensure_ascii=False).encode() + b"\n")
            keep(state, {"size": flushed(lines), "token": page.token})
    part.replace(file)
    state.unlink(missing_ok=True)
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def progress(part: Path, state: Path) -> tuple[int, str | None]:
    """How many bytes of the lines so far are whole pages, and where to resume; nothing without both files."""
    if not (part.exists() and state.exists()):
        return 0, None
    known = json.loads(state.read_text(encoding="utf-8"))
    return int(known["size"]), str(known["token"])


def flushed(lines: BinaryIO) -> int:
    """How many bytes are on the disk, once all of them are."""
    lines.flush()
    os.fsync(lines.fileno())
    return lines.tell()


def keep(state: Path, known: dict[str, object]) -> None:
    """Replace the state as a whole, so that a crash leaves the old one or the new one."""
    new = state.with_name(f"{state.name}.new")
    new.write_text(json.dumps(known), encoding="utf-8")
    new.replace(state)


if __name__ == "__main__":
    sys.exit(main())
