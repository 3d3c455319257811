"""Which faults are on, and which of them fire for a request: the same for the same seed and order of requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from comfy_cloud.sandbox._serving.exchange import Asked

from .fault import Effect, Fault
from .text import parse_faults

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class Fired(NamedTuple):
    """A fault that fires for one request, and the dice for what it does then."""

    fault: Fault
    dice: Random

    @property
    def effect(self) -> Effect:
        """What it does."""
        return self.fault.effect


@dataclass(slots=True, eq=False)
class _Planned:
    """A fault that is on, with its place in the order of addition and its counters."""

    fault: Fault
    place: int
    matched: int = 0
    fired: int = 0

    def meets(self, asked: Asked, seed: int) -> Fired | None:
        """Count the request if it matches; what fires then."""
        when = self.fault.when
        if not when.matches(asked):
            return None
        self.matched += 1
        # Dice of its own for each fault and request, so that other faults and other requests move nothing.
        dice = Random(f"{seed} {self.place} {self.matched}")  # noqa: S311 - chance in a test, nothing secret
        if not when.fires(self.matched, self.fired, dice.random()):
            return None
        self.fired += 1
        return Fired(self.fault, dice)


class Added:
    """What `Faults.add` returns: the faults it added, to take them back. As a context it does so at its end."""

    def __init__(self, faults: Faults, planned: tuple[_Planned, ...]) -> None:
        self._faults = faults
        self._planned = planned

    @property
    def fired(self) -> int:
        """How often these faults have fired so far, together."""
        return sum(one.fired for one in self._planned)

    def remove(self) -> None:
        """Take these faults back. May be called twice."""
        self._faults.take_back(self._planned)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<Added {'; '.join(str(one.fault) for one in self._planned)!r}, fired {self.fired} times>"


class Faults:
    """The faults of a sandbox, in the order they were added, which is the order they are applied in.

        sandbox.faults.add(status(503, retry_after=1).times(2))
        sandbox.faults.add("reset:10%; latency=50ms±20ms")
        with sandbox.faults.add("html@3"):
            ...
        sandbox.faults.clear()

    Chance is decided by dice that are thrown from the seed, the fault's place in the order of addition and the count
    of the requests it matched. So the same seed and the same requests in the same order meet the same faults; of
    requests that arrive at the same time, the order is that in which they are seen. Safe to use from several threads.
    """

    def __init__(self, seed: int = 0) -> None:
        """No faults yet; `seed` chooses the dice."""
        self.seed = seed
        self._lock = Lock()
        self._planned: list[_Planned] = []
        self._places = 0

    def add(self, *faults: Fault | str) -> Added:
        """Turn faults on: values from `comfy_cloud.sandbox.faults`, or texts as for `--faults`.

        Raises FaultError, and adds nothing, when a text is not acceptable; the sentence names the column.
        """
        wanted = [one for given in faults for one in (parse_faults(given) if isinstance(given, str) else (given,))]
        with self._lock:
            planned = tuple(_Planned(fault, place) for place, fault in enumerate(wanted, self._places))
            self._places += len(planned)
            self._planned += planned
        return Added(self, planned)

    def clear(self) -> None:
        """Turn all faults off and forget the counts: what is added next meets the same dice as at the start."""
        with self._lock:
            self._planned.clear()
            self._places = 0

    def fire(self, asked: Asked) -> tuple[Fired, ...]:
        """Count a request, and return the faults that fire for it."""
        if not self._planned:
            return ()
        with self._lock:
            met = [one.meets(asked, self.seed) for one in self._planned]
        return tuple(fired for fired in met if fired is not None)

    def __iter__(self) -> Iterator[Fault]:
        """The faults that are on, also those that have fired as often as they may."""
        with self._lock:
            return iter([one.fault for one in self._planned])

    def __len__(self) -> int:
        return len(self._planned)

    def __repr__(self) -> str:
        return f"<Faults {'; '.join(map(str, self))!r}>"

    def take_back(self, planned: tuple[_Planned, ...]) -> None:
        """Turn these off. What `Added.remove` calls."""
        with self._lock:
            self._planned = [one for one in self._planned if one not in planned]
