"""What decoding learned of servers is the process's; a test that counts on a fresh start makes one."""

from __future__ import annotations

from comfy_cloud_api._runtime import learning


def forget() -> None:
    """Expect of servers what the document says, and nothing else."""
    with learning.lock:
        learning._known.clear()
        learning._classes.clear()
        learning._version += 1
