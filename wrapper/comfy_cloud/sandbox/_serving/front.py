"""What happens to a request, whichever way it came in: faults, log, library changes, answer. No socket, no clock."""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote

from comfy_cloud.sandbox._faults.fault import Changeable
from comfy_cloud.sandbox._faults.plan import Faults, Fired
from comfy_cloud.sandbox._faults.wire import Latency

from .delivery import Delivery
from .exchange import SEQUENCE_HEADER, Answer, Asked, Pairs
from .log import RequestLog

Handler: TypeAlias = Callable[[Asked], Answer]

_LOGGER = logging.getLogger("comfy_cloud.sandbox")
_FAILED = {"code": "INTERNAL_ERROR", "message": "The sandbox failed to answer; its log says why."}


def read_asked(method: str, target: str, headers: Pairs, body: bytes, base_url: str) -> Asked:
    """The request that came in with this target: an absolute path, and perhaps a query, percent-encoded."""
    path, _, query = target.partition("?")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    return Asked(method, unquote(path), pairs, headers, body, base_url, target)


class _Last(OrderedDict[str, Answer]):
    """Answers by path, a few: paths are whatever is asked for."""

    def __init__(self, kept: int) -> None:
        super().__init__()
        self._kept = kept

    def __setitem__(self, path: str, answer: Answer) -> None:
        super().__setitem__(path, answer)
        if len(self) > self._kept:
            self.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Front:
    """The one place that every way in asks."""

    api: Handler
    """Answers the API."""
    pages: Handler
    """Answers `/` and what is under `/_sandbox`, the sandbox's own pages, which know no faults and no log."""
    library: Changeable
    """What faults may change."""
    sequence: Callable[[], int]
    """The number of the library's last change."""
    faults: Faults
    log: RequestLog
    one_at_a_time: bool = False
    """Whether a request waits until those that came before it are answered, also when that takes long."""
    last: _Last = field(default_factory=lambda: _Last(8))
    """The last answers of the API, by their paths, as they should be."""

    def visit(self, asked: Asked) -> Visit:
        """Take a request in. Nothing of the library has been looked at yet."""
        if _is_page(asked.path):
            return Visit(self, asked, None, (), 0.0)
        fired = self.faults.fire(asked)
        number = self.log.arrived(asked, tuple(str(one.fault) for one in fired))
        wait = sum(max(one.effect.wait(one.dice), 0.0) for one in fired)
        return Visit(self, asked, number, fired, wait)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request between its arrival and its end. First wait, then ask for the delivery, then carry that out."""

    front: Front
    asked: Asked
    number: int | None
    fired: tuple[Fired, ...]
    wait: float
    """How many seconds to wait before the delivery is asked for."""

    @property
    def serialised(self) -> bool:
        """Whether to wait, and to be answered, only after those who came before."""
        own = any(isinstance(one.effect, Latency) and one.effect.serialised for one in self.fired)
        return own or (self.front.one_at_a_time and self.number is not None)

    def delivery(self) -> Delivery:
        """The answer, at this instant, and how it goes out. It never raises: a failure is a 500, and in the log."""
        try:
            answer = self._answer()
        except Exception:
            _LOGGER.exception("The sandbox failed to answer %s %s", self.asked.method, self.asked.path)
            answer = _failure()
        delivery = Delivery(answer, bodiless=self.asked.method == "HEAD")
        for one in self.fired:
            delivery = one.effect.deliver(delivery)
        self._log(delivery)
        return delivery

    def left(self) -> None:
        """Say that the client was gone before the end."""
        if self.number is not None:
            self.front.log.left(self.number)

    def _answer(self) -> Answer:
        if self.number is None:
            return self.front.pages(self.asked)
        asked = self.asked
        for one in self.fired:
            one.effect.change(self.front.library, one.dice)
            asked = one.effect.ask(asked)
        instead = (one.effect.instead(asked) for one in self.fired)
        answer = next((found for found in instead if found is not None), None)
        last = self.front.last.get(asked.path)
        if answer is None:
            answer = self.front.last[asked.path] = self.front.api(asked)
        else:
            seen = self.front.sequence()
            answer = replace(answer, headers=(*answer.headers, (SEQUENCE_HEADER, str(seen))), sequence=seen)
        for one in self.fired:
            answer = one.effect.answer(answer, asked, last)
        return answer

    def _log(self, delivery: Delivery) -> None:
        if self.number is None:
            return
        answer = delivery.answer
        self.front.log.answered(
            self.number,
            status=answer.status if delivery.head else None,
            sent=len(delivery.body),
            sequence=answer.sequence if delivery.head else None,
            ended=delivery.ending,
        )


def _is_page(path: str) -> bool:
    return path in {"/", "/_sandbox"} or path.startswith("/_sandbox/")


def _failure() -> Answer:
    return Answer(500, (("Content-Type", "application/json"),), json.dumps(_FAILED).encode())
