"""`python -m comfy_cloud.conformance`."""

from __future__ import annotations

import sys

from comfy_cloud.conformance._command import main

if __name__ == "__main__":
    sys.exit(main())
