"""Files that are there as a whole or not at all: what a file is written to, made durable, locked and moved."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from comfy_cloud.cli.exporting.errors import BusyError, OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NEW: Final = ".new"
"""How the name ends of what `write_whole` writes first."""

_OPENED: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_LOCKED_BYTE: Final = 1 << 40  # Windows locks bytes, and nobody reads the ones that are locked


@contextmanager
def telling(path: Path) -> Generator[None]:
    """Within the block, what the operating system refuses is an OutputError of one sentence about this path.

    Raises:
        OutputError: it refused something.
    """
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        do = "free some space and run it again" if error.errno in _FULL else "choose a place where you may write"
        raise OutputError(f"{path} cannot be written ({why}); {do}.") from error


def destination(path: Path) -> Path:
    """Where a file will really be: links are followed, so that what they lead to is replaced and not the link.

    Raises:
        OutputError: no file can be there.
    """
    with telling(path):
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise OutputError(f"{path} is a folder; give the name of a file.")
        if target.exists() and not target.is_file():
            raise OutputError(f"{path} is a device or a pipe, which cannot be replaced by a file; choose another name.")
        if not target.parent.is_dir():
            raise OutputError(f"The folder of {path} is not there; make it first, or choose another.")
    return target


def beside(path: Path, ending: str) -> Path:
    """Another file of the same folder: `list.csv.part` of `list.csv`."""
    return path.with_name(path.name + ending)


def opened_alone(path: Path) -> int:
    """A file descriptor to read and write a file, made if it is not there, which nobody else gets in the meantime.

    The lock is the operating system's, and ends with the process, however it ends. Where a file system knows no
    locks, as some network ones, it is opened without.

    Raises:
        BusyError: somebody else has it.
        OSError: it cannot be opened, or is no regular file.
    """
    while True:
        descriptor = os.open(path, _OPENED, 0o666)
        try:
            _check_regular(descriptor)
            _lock(descriptor, path)
            if _is_at(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # whoever had it has given it its final name in the meantime


def write_all(descriptor: int, data: bytes) -> None:
    """Write at the current place; a call may take only a part of it."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_whole(path: Path, data: bytes) -> None:
    """Give a file new content, all of it or none, whatever happens.

    It is durable once the folder is synchronised; until then a power cut may leave what was there before.
    """
    new = beside(path, NEW)
    descriptor = os.open(new, _OPENED | os.O_TRUNC, 0o666)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path)


def move(descriptor: int, source: Path, target: Path) -> None:
    """Make an open file durable and give it its final name, with the permissions of what it replaces.

    The descriptor is closed, as Windows moves no file that is open.
    """
    try:
        os.fsync(descriptor)
        if sys.platform != "win32":
            with suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            source.replace(target)
    finally:
        os.close(descriptor)
    if sys.platform == "win32":
        source.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows does so by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_regular(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")


def _lock(descriptor: int, path: Path) -> None:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLOCK}:
            name = path.with_suffix("")
            raise BusyError(f"{name} is being written by somebody else; wait for that, or choose a name.") from None


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
