"""What a call goes by, and what it wants done. Values only."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Final, TypeAlias

import httpx
from msgspec import Struct

from comfy_cloud._http.clock import Clock
from comfy_cloud._http.deadlines import Deadline
from comfy_cloud._http.secrets import Mask
from comfy_cloud._http.telling import Teller
from comfy_cloud._http.troubles import Attempted
from comfy_cloud.retries import Bucket, RetryPolicy
from comfy_cloud_api.types import Drift

LIMITS_EXTENSION: Final = "comfy_cloud_limits"
"""The key in a request's httpx extensions under which the `Limits` of this one call travel."""

STREAM_EXTENSION: Final = "comfy_cloud_stream"
"""The key in a request's httpx extensions that says, if true, that the caller reads the body of a success.

with comfy.api.get_httpx_client().stream("GET", url, extensions={STREAM_EXTENSION: True}) as answer:
    for piece in answer.iter_bytes(): ...

Its length is then not bounded, nor the time it takes, and what breaks while it is read is raised by httpx.
"""


class Limits(Struct, frozen=True):
    """What bounds one call beside the client's rules.

    Attributes:
        until: The instant that it has to be done by, on the client's clock; None for no other than the policy's.
        max_body_bytes: The largest body that is taken; None for the client's.
    """

    until: float | None = None
    max_body_bytes: int | None = None


class Rules(Struct, frozen=True):
    """What all calls of a client go by."""

    policy: RetryPolicy
    clock: Clock
    bucket: Bucket
    teller: Teller
    drift: Drift
    max_body_bytes: int
    allow_http: bool
    check_usable: Callable[[], None]

    @property
    def mask(self) -> Mask:
        """Takes the key out of texts."""
        return self.teller.mask


class Send(Struct, frozen=True):
    """Wanted: this request sent, and its answer read completely unless it is a success that the caller streams.

    Attributes:
        request: Without the key.
        deadline: What bounds it.
        limit: The most bytes of a body that are taken.
        streamed: Whether the caller reads the body of a success.
        clean: Takes the key out of an answer's headers, in place, and out of its body, where an error may show them.
    """

    request: httpx.Request
    deadline: Deadline
    limit: int
    streamed: bool
    clean: Callable[[httpx.Response, bytes], bytes]


class Pause(Struct, frozen=True):
    """Wanted: a wait, in seconds."""

    seconds: float


Wish: TypeAlias = Send | Pause
Running: TypeAlias = Generator[Wish, Attempted | None, httpx.Response]
