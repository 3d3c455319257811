"""What the sandbox raises, as one tree.

SandboxError            anything below
├── DialectError        a dialect or a feature that does not exist, or a value it does not have
├── AssetError          an asset that cannot be stored
├── AssetNotFoundError  a change of an asset that is not there
├── FaultError          a fault, or the text of one, that is not acceptable; in `_faults_kinds`
├── LoadError           a file or folder that a library cannot be loaded from
└── DatabaseError       a database file that cannot be used
"""

from __future__ import annotations

CLOSED = "This sandbox is closed: make a new one."
"""What a RuntimeError says when it is used after that."""


class SandboxError(Exception):
    """The root of what the sandbox raises; each message is one sentence that says what to do."""


class DialectError(SandboxError, ValueError):
    """A dialect or a feature that does not exist, or a value that the feature does not have."""


class AssetError(SandboxError, ValueError):
    """An asset that cannot be stored; the message names the field."""


class AssetNotFoundError(SandboxError, LookupError):
    """There is no asset with this id (any more)."""


class LoadError(SandboxError, ValueError):
    """A file or folder that cannot be loaded; the message names it, the place in it and the field."""


class DatabaseError(SandboxError):
    """A database file that cannot be read or written, is not a sandbox's, or is of another version."""
