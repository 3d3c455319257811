"""What can go wrong, as values to add to `Sandbox.faults`.

    from comfy_cloud.sandbox import Sandbox
    from comfy_cloud.sandbox.faults import reset, status

    with Sandbox.seeded(200) as sandbox:
        sandbox.faults.add(status(503, retry_after=1).times(2), reset().chance(0.1))

Each function makes a `Fault` that fires for every request to the API; its methods `times`, `nth`, `since`, `chance` and
`on` narrow that. The text in the first column is the same fault for `--faults` and for `Faults.add`:

    503(retry_after=1)           status(503, retry_after=1)
    html                         html()
    redirect="https://a.example" redirect("https://a.example")
    latency=50ms±20ms            latency(0.05, jitter=0.02)
    reset=100                    reset(100)
    stall                        stall()
    hang_up                      hang_up()
    truncate=100                 truncate(100)
    wrong_length=-5              wrong_length(-5)
    drip=64(every=10ms)          drip(64, every=0.01)
    corrupt_gzip                 corrupt_gzip()
    gzip_bomb=1000000            gzip_bomb(1_000_000)
    broken_json                  broken_json()
    has_more=true                has_more(True)
    total=0                      total(0)
    repeat_cursor                repeat_cursor()
    repeat_page                  repeat_page()
    empty_page                   empty_page()
    ignore=include_tags          ignore("include_tags")
    null=created_at              null("created_at")
    missing=name(item=0)         missing("name", item=0)
    malformed=size               malformed("size")
    unknown_fields               unknown_fields()
    mutate=delete(count=3)       mutate("delete", count=3)

All raise FaultError, one sentence, for values that are not acceptable. Faults that break connections need the
sandbox's own server or its in-process transports, not another ASGI server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from ._faults import answers, bodies, requests, wire
from ._faults.fault import Changeable, Fault
from ._faults.kinds import Delay, FaultError
from ._faults.plan import Added, Faults
from ._faults.text import parse_faults

if TYPE_CHECKING:
    from ._sandbox import Sandbox

__all__ = [
    "Added",
    "Fault",
    "FaultError",
    "Faults",
    "Shape",
    "broken_json",
    "call",
    "corrupt_gzip",
    "drip",
    "empty_page",
    "gzip_bomb",
    "hang_up",
    "has_more",
    "html",
    "ignore",
    "latency",
    "malformed",
    "missing",
    "mutate",
    "null",
    "parse_faults",
    "redirect",
    "repeat_cursor",
    "repeat_page",
    "reset",
    "stall",
    "status",
    "total",
    "truncate",
    "unknown_fields",
    "wrong_length",
]

Shape: TypeAlias = Literal["spec", "nested", "flat", "bare", "text", "html", "empty"]
"""The shape of an error's body; see `status`."""


def status(  # noqa: PLR0913 - options, by name
    status: int,
    *,
    shape: Shape = "spec",
    code: str = "",
    message: str = "",
    retry_after: float | str | None = None,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> Fault:
    """An answer with this status, and nothing of the library.

    Args:
        status: From 200 to 599, also those that no registry knows, such as 499 or 520.
        shape: Of the body: `spec` is `{"code", "message"}`, `nested` ComfyUI's `{"error": {"code", "message",
            "details"}}`, `flat` `{"error_code", "message", "details"}`, `bare` `{"error": "message"}`; `text` is
            text/plain, `html` a proxy's page, `empty` no body and no Content-Type. All were seen on real servers.
        code: In the body where the shape has one; by default from the status, as in SERVICE_UNAVAILABLE.
        message: In the body; by default the status in words.
        retry_after: Seconds, or an HTTP date. A header only when given.
        headers: More headers, of printable ASCII.
        body: The whole body, instead of the shape's.
    """
    after = "" if retry_after is None else f"{retry_after:g}" if isinstance(retry_after, int | float) else retry_after
    more = tuple((headers or {}).items())
    return Fault(answers.Status(status, shape, code, message, after, more, body))


def html() -> Fault:
    """A login wall: 200 with an HTML page, as from a hotel's network."""
    return Fault(answers.Html())


def redirect(to: str = "", *, status: int = 302) -> Fault:
    """A redirect to a path or a URL; without one, to what was asked for, which is a loop. `status` is 300 to 399."""
    return Fault(answers.Redirect(to, status))


def latency(seconds: float, *, jitter: float = 0.0, serialised: bool = False) -> Fault:
    """A wait before the request is answered; what changes in the library meanwhile is seen.

    Args:
        seconds: How long, at most a day.
        jitter: By how much it varies to either side, evenly; at most `seconds`.
        serialised: Whether requests wait in line, as on a server that serves one at a time.
    """
    return Fault(wire.Latency(Delay(seconds, jitter), serialised))


def reset(after: int | None = None) -> Fault:
    """A TCP reset: before the answer, or after so many bytes of its body, at least one byte before its end."""
    return Fault(wire.Reset(after))


def stall(after: int | None = None) -> Fault:
    """Silence until the client leaves: instead of an answer, or after so many bytes of its body.

    In process it is a `ReadTimeout` at once, also for a client without a timeout.
    """
    return Fault(wire.Stall(after))


def hang_up() -> Fault:
    """The connection closed without an answer, as by a server that drops connections that were idle."""
    return Fault(wire.HangUp())


def truncate(after: int | None = None) -> Fault:
    """A body that ends before its Content-Length, after so many bytes or half of them, and the connection with it."""
    return Fault(wire.Truncate(after))


def wrong_length(by: int) -> Fault:
    """A Content-Length that is too large or, below 0, too small by so many bytes, on a connection that stays open.

    With too large a one the client waits in vain. With too small a one it gets less of the body, and the rest stands
    where it expects the next answer.
    """
    return Fault(wire.WrongLength(by))


def drip(piece: int, *, every: float) -> Fault:
    """The body in pieces of so many bytes, one every so many seconds."""
    return Fault(wire.Drip(piece, every))


def corrupt_gzip() -> Fault:
    """A body with `Content-Encoding: gzip` that cannot be decompressed."""
    return Fault(wire.CorruptGzip())


def gzip_bomb(size: int = 64 << 20) -> Fault:
    """The right body behind so many compressed blanks: a thousandth of `size` on the wire. At most 1 GiB."""
    return Fault(wire.GzipBomb(size))


def broken_json() -> Fault:
    """A body that stops in the middle of its JSON, complete as far as HTTP knows."""
    return Fault(bodies.BrokenJson())


def has_more(says: bool | None = None) -> Fault:  # noqa: FBT001 - has_more(True) reads as what it does
    """A `has_more` that is always this, or without a value the opposite of the truth."""
    return Fault(bodies.HasMore("opposite" if says is None else str(says).lower()))


def total(says: int | None = None, *, by: int = 0) -> Fault:
    """A `total` that is this number, or the truth, and then changed `by` a number; never below 0."""
    return Fault(bodies.Total(says, by))


def repeat_cursor() -> Fault:
    """A `next_cursor` that is the one the page was asked for with, so that following it never ends."""
    return Fault(bodies.RepeatCursor())


def repeat_page() -> Fault:
    """The answer before this one to the same path, again. The first ever is as it should be."""
    return Fault(bodies.RepeatPage())


def empty_page() -> Fault:
    """A page without items, though `total` and `has_more` say that there are some."""
    return Fault(bodies.EmptyPage())


def ignore(parameter: str) -> Fault:
    """A query parameter that is ignored in silence, as real servers do with those they do not know."""
    return Fault(requests.Ignore(parameter))


def null(field: str, *, item: int | None = None) -> Fault:
    """A field that is null: of the page if it has it, else of all its items, or of the one at this place from 0."""
    return Fault(bodies.Null(field, item))


def missing(field: str, *, item: int | None = None) -> Fault:
    """A field that is absent; where, as for `null`."""
    return Fault(bodies.Missing(field, item))


def malformed(field: str, *, item: int | None = None) -> Fault:
    """A field with a value of another type, or a time that is none; where, as for `null`."""
    return Fault(bodies.Malformed(field, item))


def unknown_fields() -> Fault:
    """Fields that no spec mentions, in the page and in all its items."""
    return Fault(bodies.UnknownFields())


def mutate(
    how: Literal["add", "delete", "rename", "retag"] = "add",
    *,
    count: int = 1,
    at: Literal["newest", "oldest", "random"] = "newest",
) -> Fault:
    """Changes of the library before the request is answered, so that a walk meets another one on its next page.

    Args:
        how: What is done, `count` times.
        count: Each is one change with a number of its own.
        at: To which of the account's assets, by `created_at`. What is added is always the newest.
    """
    return Fault(requests.Mutate(how, count, at))


def call(function: Callable[[Sandbox], object]) -> Fault:
    """A function of yours that is called with the sandbox before the request is answered, to change the library.

    It runs where the request is answered and must not ask the sandbox over HTTP. This fault has no text.
    """
    return Fault(requests.Call(cast("Callable[[Changeable], object]", function)))  # what is changed is a Sandbox
