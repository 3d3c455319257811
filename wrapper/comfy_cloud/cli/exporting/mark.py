"""How far an export has come, as it is written down beside it; and what an export that begins makes of that. Pure.

The part file is written first, then the mark. So whenever the power goes, the part file is at least as long as its mark
says, and what stands beyond that is cut off. Before the part file is given its first byte there is a mark of length 0;
so a part file without a mark is not ours, unless it is empty.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from comfy_cloud.cli.exporting.errors import OtherExportError

_KIND: Final = "comfy-cloud export 1"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an export has come.

    Attributes:
        digest: Of what is exported.
        token: Where the listing goes on from; None at its beginning.
        length: Of the part file, in bytes.
        crc32: Of these bytes.
        items: How many assets they hold.
        exact: Whether these are proved to be every asset so far, once.
    """

    digest: str
    token: str | None = None
    length: int = 0
    crc32: int = 0
    items: int = 0
    exact: bool = True

    def to_bytes(self) -> bytes:
        """The content of its file."""
        return json.dumps({"kind": _KIND, **asdict(self)}, indent=1).encode() + b"\n"


def found(name: str, mark: bytes | None, part_length: int, digest: str) -> Mark:
    """Where an export goes on, or the mark of its beginning.

    Args:
        name: Of the file that the export is of, for errors.
        mark: What is in the mark's file; None where there is none.
        part_length: Of the part file, in bytes; 0 where there is none.
        digest: Of what is exported now.

    Raises:
        OtherExportError: what is there may be wanted, and is not the beginning of this.
    """
    if mark is None:
        if part_length:
            raise OtherExportError(f"{name}.part is there and nothing says what of; move it, or begin anew (--fresh).")
        return Mark(digest)
    known = _read(mark)
    if known is None:
        raise OtherExportError(f"{name}.resume is not the mark of an export; move it, or begin anew (--fresh).")
    if part_length < known.length or not known.length:
        return Mark(digest)  # it was complete and has its final name, or it had not begun
    if known.digest != digest:
        raise OtherExportError(
            f"{name}.part is the beginning of another export, of {known.items:,} assets; repeat that one to complete "
            "it, with the same server, filters, order, limit and format, or begin anew (--fresh)."
        )
    return known


def _read(data: bytes) -> Mark | None:
    try:
        fields: dict[str, Any] = json.loads(data)
        return Mark(**fields) if fields.pop("kind") == _KIND else None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


__all__ = ["Mark", "found"]
