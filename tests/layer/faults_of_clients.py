"""Checks of the clients, and of the package as a whole."""

from __future__ import annotations

import contextlib
import pickle
import sys
from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

from tests.layer.faults import fault
from tests.layer.server import Answer
from tests.layer.stock import KEY, Layer

THREADS = 16


@fault("the key is shown")
def the_clients_repr_does_not_show_the_key(layer: Layer) -> None:
    """Logs and tracebacks print it."""
    assert KEY not in repr(layer.client()), "the key is shown"


@fault("the key is shown")
def the_headers_repr_does_not_show_the_key(layer: Layer) -> None:
    """Of the httpx client beneath."""
    with layer.client() as client:
        assert KEY not in repr(client.get_httpx_client().headers), "the key is shown"


@fault("the key is in it")
def a_pickle_does_not_hold_the_key(layer: Layer) -> None:
    """Refusing to be pickled is fine."""
    content = b""
    with contextlib.suppress(TypeError):
        content = pickle.dumps(layer.client())
    assert KEY.encode() not in content, "the key is in it"


@fault("was accepted")
def a_key_that_no_header_can_carry_is_refused_at_once(layer: Layer) -> None:
    """A line end, or what is not ASCII."""
    accepted = []
    for token in ("a\nb", "a\r", "schlüssel"):
        with contextlib.suppress(ValueError):
            accepted.append(layer.module("client").AuthenticatedClient(base_url=layer.server.url, token=token))
    assert accepted == [], "was accepted"


@fault("'X-Key'")
def the_callers_headers_are_not_touched(layer: Layer) -> None:
    """The dict that was passed stays as it is."""
    headers = {"X-Mine": "1"}
    with layer.client(headers=headers) as client:
        layer.operation("get_userdata").sync_detailed("a", client=client)
    assert list(headers) == ["X-Mine"], list(headers)


@fault("the original sends X-New")
def with_headers_leaves_the_original_as_it_is(layer: Layer) -> None:
    """Though its connections are open."""
    layer.server.answer = Answer()
    with layer.client() as client:
        client.with_headers({"X-New": "1"})
        layer.operation("get_userdata").sync_detailed("a", client=client)
    assert layer.server.last.header("x-new") is None, "the original sends X-New"


@contextlib.contextmanager
def eager_threads() -> Iterator[None]:
    """Threads take turns as often as they can, so that a race is not left to luck."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


@fault("pools")
def sixteen_threads_get_one_connection_pool(layer: Layer) -> None:
    """On a fresh client, however they race."""
    for _ in range(5):
        client, barrier, made = layer.client(), Barrier(THREADS), []

        def ask(client: Any = client, barrier: Barrier = barrier, made: list[Any] = made) -> None:
            barrier.wait()
            made.append(client.get_httpx_client())

        threads = [Thread(target=ask) for _ in range(THREADS)]
        with eager_threads():
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        pools = {id(each): each for each in made}
        for each in pools.values():
            each.close()
        assert (len(pools), len(made)) == (1, THREADS), f"{len(pools)} pools"


@fault("None")
def the_default_timeout_is_finite(layer: Layer) -> None:
    """For connecting, reading, writing and waiting for a connection."""
    with layer.client() as client:
        timeout = client.get_httpx_client().timeout
    values = [timeout.connect, timeout.read, timeout.write, timeout.pool]
    assert None not in values, values


@fault("py.typed is missing")
def the_package_is_marked_as_typed(layer: Layer) -> None:
    """PEP 561."""
    assert (layer.folder / layer.name / "py.typed").exists(), "py.typed is missing"


@fault("files do not say that they are generated")
def every_file_says_that_it_is_generated(layer: Layer) -> None:
    """In its first lines, with the command."""
    files = [path.read_text(encoding="utf-8") for path in (layer.folder / layer.name).rglob("*.py")]
    silent = [text for text in files if "generated" not in text[:80] or "nox -s generate" not in text[:200]]
    assert len(files) > 20
    assert silent == [], f"{len(silent)} files do not say that they are generated"
