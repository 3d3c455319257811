"""A thread that changes a sandbox's library all the time, as an account in use does."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from comfy_cloud.sandbox import Sandbox, faults


class Mutator:
    """Adds, deletes, brings back, renames and touches assets, anywhere in the library and at both its ends.

    Args:
        box: Whose library.
        seed: Of its dice.
    """

    def __init__(self, box: Sandbox, seed: int = 0) -> None:
        self._box, self._dice = box, random.Random(seed)
        self._rows = sorted((row._asdict() for row in box.assets()), key=lambda row: row["created_at"])
        self._gone: list[dict[str, Any]] = []
        self.done = 0

    def change(self) -> None:
        """One change."""
        self.done += 1
        kind = self._dice.choice(["add", "copy", "delete", "delete", "newest", "restore", "rename", "touch"])
        getattr(self, f"_{kind}")()

    def _pick(self) -> int:
        return self._dice.randrange(len(self._rows))

    def _kept(self, row: Any) -> None:
        self._rows.append(row._asdict())

    def _add(self) -> None:
        self._kept(self._box.add(name=f"new {self._dice.random()}.png", size=self.done).after)

    def _copy(self) -> None:
        model = self._rows[self._pick()]
        keys = {name: model[name] for name in ("created_at", "updated_at", "size", "name", "tags")}
        self._kept(self._box.add(**keys).after)

    def _delete(self, index: int | None = None) -> None:
        row = self._rows.pop(self._pick() if index is None else index)
        self._box.delete(row["id"])
        self._gone.append(row)

    def _newest(self) -> None:
        self._delete(len(self._rows) - 1 - self._dice.randrange(100))

    def _restore(self) -> None:
        if self._gone:
            self._kept(self._box.add(**self._gone.pop(self._dice.randrange(len(self._gone)))).after)

    def _rename(self) -> None:
        index = self._pick()
        change = self._box.rename(self._rows[index]["id"], f"renamed {self.done}.png")
        assert change.after is not None
        self._rows[index] = change.after._asdict()

    def _touch(self) -> None:
        self._box.change(self._rows[self._pick()]["id"], last_access_time="2026-08-01T00:00:00Z")


@contextmanager
def changing(change: Callable[[], None], turns: ByRequests | ByTime) -> Iterator[None]:
    """Within the block a thread makes changes, one a turn. What goes wrong in it is raised at the end of the block."""
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            while turns.turn():
                change()
        except BaseException as error:  # noqa: BLE001 - raised again below
            wrong.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        turns.stop()
        thread.join()
    if wrong:
        raise wrong[0]


class ByRequests:
    """So many turns for each request that the sandbox answers, at the same time as the answer is made."""

    def __init__(self, box: Sandbox, count: int) -> None:
        self._count, self._permits, self._stopped = count, threading.Semaphore(0), False
        box.faults.add(faults.call(self._grant))

    def _grant(self, _: object) -> None:
        self._permits.release(self._count)

    def turn(self) -> bool:
        """Whether there is another one; waits for it."""
        self._permits.acquire()
        return not self._stopped

    def stop(self) -> None:
        """No more turns."""
        self._stopped = True
        self._permits.release()


class ByTime:
    """So many turns a second."""

    def __init__(self, rate: float) -> None:
        self._rate, self._stopped = rate, threading.Event()

    def turn(self) -> bool:
        """Whether there is another one; waits for it."""
        return not self._stopped.wait(1 / self._rate)

    def stop(self) -> None:
        """No more turns."""
        self._stopped.set()
