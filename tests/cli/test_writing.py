"""`assets export` and `assets gallery`, as commands."""

import json
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox.faults import stall
from tests.cli.programs import KEY, command, environment, outcome


@pytest.mark.usefixtures("there")
def test_an_export_is_what_list_writes(tmp_path: Path) -> None:
    """Byte for byte as a CSV, value for value as NDJSON; the name says which."""
    table, lines = tmp_path / "all.csv", tmp_path / "all.ndjson"
    flags = ("--tag", "output", "--min-size", "1kB")
    assert [0, 0] == [outcome("assets", "export", str(file), *flags).code for file in (table, lines)]
    assert outcome("assets", "list", "--csv", *flags).out.encode() == table.read_bytes()
    listed = outcome("assets", "list", "--ndjson", *flags).out.splitlines()
    assert list(map(json.loads, listed)) == list(map(json.loads, lines.read_text(encoding="utf-8").splitlines()))


def interrupted(process: subprocess.Popen[bytes]) -> bytes:
    """What a process says on standard error that gets Ctrl-C, again where the first had no effect."""
    for _ in range(12):  # such as one that comes within a destructor
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=5)[1]
    raise AssertionError("it does not end")


def test_an_export_that_was_ended_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command again; nothing has the final name before it is complete."""
    file = tmp_path / "all.ndjson"
    with Sandbox.seeded(60, key=KEY) as box:
        flags = ("assets", "export", str(file), "--page-size", "20", "--base-url", box.url)
        box.faults.add(stall().on(offset=19))
        start = command(*flags)
        with subprocess.Popen(start, env=environment(COMFY_CLOUD_API_KEY=KEY), stderr=subprocess.PIPE) as process:
            while len(box.requests) < 2 and process.poll() is None:  # until it waits for the second page
                pass
            said = interrupted(process)
        assert (130, b"", False) == (process.returncode, said, file.exists())
        box.faults.clear()
        monkeypatch.setenv("COMFY_CLOUD_API_KEY", KEY)
        again = outcome(*flags)
    assert (0, "", f"60 assets are in {file}, 20 of them from an earlier run.\n") == again
    assert 60 == len({json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()})


@pytest.mark.usefixtures("there")
def test_a_gallery_is_one_page(tmp_path: Path) -> None:
    """With its title; what it holds is said on standard error."""
    file = tmp_path / "week.html"
    found = outcome("assets", "gallery", str(file), "--limit", "3", "--no-previews", "--title", "My <week>")
    assert (0, "", f"3 assets are in {file}, 0 with a preview.\n") == found
    assert "My &lt;week&gt;" in file.read_text(encoding="utf-8")


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("name", ["export", "gallery"])
def test_a_file_that_cannot_be_written_is_1(name: str, tmp_path: Path) -> None:
    """In one sentence."""
    found = outcome("assets", name, str(tmp_path / "no" / "such" / "all.csv"))
    assert (1, "", 1) == (found.code, found.out, found.err.count("\n"))
