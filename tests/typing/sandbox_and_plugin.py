"""What type checkers and editors make of the sandbox, its faults and the pytest fixture. Checked, never run."""

from __future__ import annotations

from typing import assert_type

from comfy_cloud import AsyncComfyCloud, ComfyCloud
from comfy_cloud.sandbox import CLOUD, AssetRow, Change, Dialect, Sandbox
from comfy_cloud.testing import InstantClock


def sandboxes() -> None:
    """A sandbox is itself in its block, and says where it is and what it holds."""
    with Sandbox.seeded(2000, dialect=CLOUD.but(cursors=True), faults="503*2") as box:
        assert_type(box, Sandbox)
    assert_type(box.url, str)
    assert_type(box.key, str)
    assert_type(box.dialect, Dialect)
    assert_type(box.assets(), list[AssetRow])
    assert_type(box.matching(include_tags="output"), list[str])
    assert_type(Sandbox.load("library.csv"), Sandbox)


def changes(box: Sandbox) -> None:
    """Each change says what it was."""
    change = box.add(name="new.png", tags=["output"])
    assert_type(change, Change)
    assert_type(change.id, str)
    assert_type(box.rename(change.id, "newer.png"), Change)
    assert_type(box.changes(since=0), list[Change])


def in_process(box: Sandbox) -> None:
    """Its transports are what the clients take, each its own."""
    ComfyCloud(base_url="http://127.0.0.1", api_key=box.key, transport=box.transport(), clock=InstantClock())
    AsyncComfyCloud(base_url="http://127.0.0.1", api_key=box.key, transport=box.async_transport())


def test_my_program(comfy_sandbox: Sandbox) -> None:
    """How a user annotates the fixture."""
    with ComfyCloud(base_url=comfy_sandbox.url, api_key=comfy_sandbox.key) as comfy:
        assert_type(comfy.assets.count(), int)


def refused(box: Sandbox) -> None:
    """A change needs its asset, and no key can be given where a number belongs."""
    box.rename("id")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    box.sequence = 5  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]
    Sandbox.seeded("many")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
