"""A second reading of retries: decimal arithmetic over a script, with what is transient read from the overlay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from email.utils import parsedate_to_datetime
from itertools import chain, repeat
from typing import Any, NamedTuple

from comfy_cloud.conformance import Case
from tests.conformance.sources import overlay

RETRY = next(action["update"]["x-retry"] for action in overlay() if "x-retry" in action.get("update", {}))
KINDS = {400: "bad_request", 401: "authentication", 403: "permission_denied", 404: "not_found", 409: "conflict"}
TROUBLES = {"reset": "connection", "cut": "connection", "stall": "timeout"}
SAFE = {"GET", "HEAD", "PUT", "DELETE"}


class Told(NamedTuple):
    """What becomes of a case's calls."""

    waits: list[Decimal]
    attempts: int
    results: list[str]


class Client:
    """A client that sends nothing: it takes outcomes from the script, and writes down what it would have waited."""

    def __init__(self, case: Case) -> None:
        policy = {"attempts": 6, "base_wait_s": 0.5, "max_wait_s": 20, "deadline_s": 120} | case.input.get("policy", {})
        self.policy = {name: None if value is None else Decimal(str(value)) for name, value in policy.items()}
        self.input, self.tokens, self.waits, self.attempts = case.input, 500, list[Decimal](), 0
        unfolded = chain.from_iterable(repeat(step, step.get("times", 1)) for step in case.script)
        self.outcomes: Iterator[Any] = chain(unfolded, repeat(case.script[-1]))

    def call(self) -> str:
        """One call: its result."""
        began, attempt, paid = sum(self.waits), 0, 0
        while True:
            attempt, self.attempts = attempt + 1, self.attempts + 1
            outcome = {"refused": True} if self.input.get("base_url") == "{closed}" else next(self.outcomes)
            result = self.result(outcome)
            if result == "success":
                self.tokens = min(500, self.tokens + (paid or 1))
                return result
            wait = self.wait(outcome, attempt)
            if (
                wait is None
                or attempt >= self.policy["attempts"]
                or self.is_too_late(wait, sum(self.waits) - began, outcome)
            ):
                return result
            paid = 10 if outcome.get("trouble") == "stall" else 5
            if paid > self.tokens:
                return result
            self.tokens -= paid
            self.waits.append(wait)

    def result(self, outcome: Any) -> str:
        """What the caller would get."""
        if "refused" in outcome:
            return "connection"
        if "trouble" in outcome:
            return TROUBLES[outcome["trouble"]]
        status = outcome["status"]
        if status < 400:
            broken = "text" in outcome and "operation" in self.input
            return "decode" if broken else "success"
        if status == 429:
            words = f"{self.error(outcome)}".lower()
            inactive = (
                "Retry-After" not in outcome.get("headers", {}) and "subscription" in words and "inactive" in words
            )
            return "subscription_inactive" if inactive else "rate_limit"
        return KINDS.get(status, "server" if status >= 500 else "status")

    def error(self, outcome: Any) -> Any:
        """The code and message."""
        body = outcome.get("json", {})
        return body.get("error", body)

    def wait(self, outcome: Any, attempt: int) -> Decimal | None:
        """How long until the next attempt; None where there is no point, or harm."""
        safe = "operation" in self.input or self.input["method"] in SAFE
        said = outcome.get("headers", {}).get("Retry-After")
        if "trouble" in outcome or "refused" in outcome:
            goes_on = safe or "refused" in outcome
        elif outcome["status"] < 400:
            goes_on = safe and _is_cut_off(outcome["text"]) and "html" not in outcome["headers"]["Content-Type"]
        else:
            status, code = outcome["status"], self.error(outcome).get("code")
            goes_on = status in RETRY["transient_statuses"] and code not in RETRY["permanent_codes"]
            if status in RETRY["retry_after_statuses"]:
                goes_on = goes_on and (said is not None or code in RETRY["transient_codes"])
            goes_on = goes_on and (safe or status in RETRY["unprocessed_statuses"])
        if not goes_on:
            return None
        asked = self.asked(said, outcome.get("headers", {}).get("Date"))
        bound = min(self.policy["max_wait_s"] or 0, (self.policy["base_wait_s"] or 0) * 2 ** (attempt - 1))
        return Decimal(str(self.input["jitter"])) * bound if asked is None else asked

    def asked(self, said: str | None, date: str | None) -> Decimal | None:
        """The seconds that a Retry-After asks for."""
        if said is None or said.isdecimal():
            return None if said is None else Decimal(said)
        try:
            then = parsedate_to_datetime(said).timestamp()
        except (ValueError, OverflowError):
            return None
        now = parsedate_to_datetime(date).timestamp() if date else self.input["now"] + float(sum(self.waits))
        return Decimal(max(0, round(then - now)))

    def is_too_late(self, wait: Decimal, elapsed: Decimal | int, outcome: Any) -> bool:
        """Whether the deadline is met before the next attempt; without one, a server is granted a day."""
        deadline = self.policy["deadline_s"]
        if deadline is None:
            return "Retry-After" in outcome.get("headers", {}) and wait > 86_400
        return elapsed + wait >= deadline


def _is_cut_off(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


def told(case: Case) -> Told:
    """What becomes of a case's calls."""
    client = Client(case)
    results = [client.call() for _ in range(case.input.get("calls", 1))]
    return Told(client.waits, client.attempts, results)
