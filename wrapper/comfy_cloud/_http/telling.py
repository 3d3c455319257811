"""What a call tells of itself while it runs: to hooks, log and counts. No address it names holds a secret."""

from __future__ import annotations

import httpx
from msgspec import Struct

from comfy_cloud._http.events import Counter, Hooks, RequestEvent, ResponseEvent, RetryEvent
from comfy_cloud._http.redirects import origin
from comfy_cloud._http.secrets import Mask
from comfy_cloud._http.troubles import Attempted


class Teller(Struct, frozen=True):
    """Tells what the calls of a client do.

    Attributes:
        hooks: Who is told.
        counter: What counts.
        mask: Takes the key out.
        base_url: Of the server that the client is for.
    """

    hooks: Hooks
    counter: Counter
    mask: Mask
    base_url: httpx.URL

    def shown(self, url: httpx.URL) -> str:
        """An address for people: without a password, and elsewhere without its query, which may be a signature."""
        shown = url.copy_with(userinfo=b"") if url.userinfo else url
        if shown.query and origin(url) != origin(self.base_url):
            return f"{self.mask(str(shown.copy_with(query=None)))}?..."
        return self.mask(str(shown))

    def gives_key_away(self, url: httpx.URL) -> bool:
        """Whether a server has put the key into the address of another one."""
        return origin(url) != origin(self.base_url) and self.mask(str(url)) != str(url)

    def sending(self, operation: str, request: httpx.Request, attempt: int) -> None:
        """A request is about to be sent."""
        if self.hooks.wants_attempts:
            self.hooks.request(RequestEvent(operation, request.method, self.shown(request.url), attempt))
        self.counter.request()

    def ended(
        self, operation: str, request: httpx.Request, attempt: int, attempted: Attempted, elapsed_s: float
    ) -> None:
        """An attempt has ended."""
        response = attempted.response
        size = len(response.content) if response is not None and response.is_stream_consumed else 0
        self.counter.body(size)
        if not self.hooks.wants_attempts:
            return
        error = f"{attempted.trouble.value} ({self.mask(str(attempted.error))})" if attempted.trouble else ""
        self.hooks.response(
            ResponseEvent(
                operation=operation,
                method=request.method,
                url=self.shown(request.url),
                attempt=attempt,
                status=response.status_code if response is not None and not attempted.trouble else None,
                error=error,
                elapsed_s=elapsed_s,
                bytes=size,
            )
        )

    def retrying(self, operation: str, request: httpx.Request, attempt: int, wait_s: float, why: str) -> None:
        """A call is about to be tried again."""
        self.counter.retry(wait_s)
        self.hooks.retry(
            RetryEvent(operation, request.method, self.shown(request.url), attempt, wait_s, self.mask(why))
        )
