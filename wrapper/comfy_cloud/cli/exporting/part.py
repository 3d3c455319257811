"""The part file of an export and the mark beside it: the only things that are written before an export is complete."""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from comfy_cloud.cli.exporting import disk
from comfy_cloud.cli.exporting.mark import Mark, found

_STEP: Final = 1 << 20  # bytes that are read at a time


class Part:
    """An export that is being written; a context manager.

    Left by an error, it stays as it is at its last mark, to be gone on with; if it has none, nothing of it stays.

    Args:
        target: The file's final name, as `disk.destination` gives it.
        digest: Of what is exported.
        fresh: Whether to begin anew, whatever is there.

    Attributes:
        mark: How far it has come.

    Raises:
        BusyError: somebody else is writing it.
        OtherExportError: what is there is not the beginning of this.
        OutputError: it cannot be written.
    """

    mark: Mark

    def __init__(self, target: Path, digest: str, *, fresh: bool = False) -> None:
        self._target = target
        self._part, self._mark = disk.beside(target, ".part"), disk.beside(target, ".resume")
        self._crc32, self._length = 0, 0
        with disk.telling(target):
            self._descriptor = disk.opened_alone(self._part)
            try:
                self.mark = Mark(digest) if fresh else self._found(digest)
                self._begin(digest)
            except BaseException:
                os.close(self._descriptor)
                raise
        self._open = True

    def append(self, data: bytes) -> None:
        """Write on. It is cut off again by a run that follows, unless `settle` is called.

        Raises:
            OutputError: it cannot be written.
        """
        with disk.telling(self._target):
            disk.write_all(self._descriptor, data)
        self._crc32 = zlib.crc32(data, self._crc32)
        self._length += len(data)

    def settle(self, token: str, items: int, *, exact: bool) -> None:
        """Make what was written durable, and then write the mark that says so; the mark before it does no harm.

        Args:
            token: Where the listing goes on from.
            items: How many assets were written since the last mark.
            exact: Whether the listing up to here is.

        Raises:
            OutputError: it cannot be written.
        """
        mark = replace(
            self.mark,
            token=token,
            length=self._length,
            crc32=self._crc32,
            items=self.mark.items + items,
            exact=self.mark.exact and exact,
        )
        with disk.telling(self._target):
            os.fsync(self._descriptor)
            disk.write_whole(self._mark, mark.to_bytes())
        self.mark = mark

    def finish(self) -> None:
        """Give it its final name, in place of what had that name before.

        Raises:
            OutputError: it cannot be written.
        """
        self._open = False
        with disk.telling(self._target):
            disk.move(self._descriptor, self._part, self._target)
            self._mark.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            self._open = False
            if not self.mark.length:
                with suppress(OSError):  # on Windows it is still open; an empty one is as good as none
                    os.ftruncate(self._descriptor, 0)
                    self._mark.unlink(missing_ok=True)
                    self._part.unlink()
            os.close(self._descriptor)

    def _found(self, digest: str) -> Mark:
        try:
            text = self._mark.read_bytes()
        except FileNotFoundError:
            text = None
        mark = found(str(self._target), text, os.fstat(self._descriptor).st_size, digest)
        return mark if self._has(mark) else Mark(digest)

    def _has(self, mark: Mark) -> bool:
        """Whether the part file begins with what the mark is of; it is left at the end of that."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        crc32, rest = 0, mark.length
        while rest and (data := os.read(self._descriptor, min(rest, _STEP))):
            crc32, rest = zlib.crc32(data, crc32), rest - len(data)
        return not rest and crc32 == mark.crc32

    def _begin(self, digest: str) -> None:
        """Cut off what the mark does not speak of. At the beginning the mark comes first; see `mark`."""
        disk.beside(self._mark, disk.NEW).unlink(missing_ok=True)
        if not self.mark.length:
            disk.write_whole(self._mark, Mark(digest).to_bytes())
            disk.sync_folder(self._mark.parent)
        os.ftruncate(self._descriptor, self.mark.length)
        os.lseek(self._descriptor, self.mark.length, os.SEEK_SET)
        self._length, self._crc32 = self.mark.length, self.mark.crc32
