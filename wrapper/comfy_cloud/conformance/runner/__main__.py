"""`python -m comfy_cloud.conformance.runner [blocking|awaiting] [comfy_cloud|comfy_cloud_api]`, for `--runner`."""

from __future__ import annotations

import json
import sys
from typing import cast

from comfy_cloud.conformance.runner._answering import answer
from comfy_cloud.conformance.runner._setup import Layer, Setup, Way


def main(arguments: list[str]) -> None:
    """Answer each line of the standard input with one on the standard output."""
    words = [*arguments, *("blocking", "comfy_cloud")[len(arguments) :]]
    setup = Setup(cast("Way", words[0]), cast("Layer", words[1]))
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(answer(json.loads(line), setup))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
