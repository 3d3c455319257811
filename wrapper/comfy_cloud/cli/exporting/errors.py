"""What keeps a file from being written, as errors of one sentence.

ApiError
└── OutputError             the file cannot be written here
    ├── BusyError           another export is writing it
    └── OtherExportError    what an earlier export left beside it is not of this query
"""

from __future__ import annotations

from comfy_cloud.errors import ApiError


class OutputError(ApiError):
    """A file cannot be written; what was there under its name is still there."""


class BusyError(OutputError):
    """Another export is writing the same file."""


class OtherExportError(OutputError):
    """What lies beside the file is not the beginning of this export, and may be wanted."""


__all__ = ["BusyError", "OtherExportError", "OutputError"]
