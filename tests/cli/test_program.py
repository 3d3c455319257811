"""The program as a shell runs it: pipes, signals, terminals, and what is there when something is missing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox.faults import stall
from tests.cli.programs import KEY, Outcome, command, environment, program

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes, signals and terminals are others there")


@pytest.fixture(scope="module")
def there(box: Sandbox) -> dict[str, str]:
    """The environment that leads to the sandbox."""
    return {"COMFY_CLOUD_BASE_URL": box.url, "COMFY_CLOUD_API_KEY": KEY}


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_one_sentence_says_what_to_install(missing: str, tmp_path: Path) -> None:
    """Exit code 2, and no traceback."""
    hidden = tmp_path / "sitecustomize.py"
    hidden.write_text(f"import sys; sys.modules[{missing!r}] = None", encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])
    found = program("assets", "list", PYTHONPATH=paths)
    assert (2, "", "comfy-cloud needs typer and rich: pip install 'comfy-cloud[cli]'\n") == found


@POSIX
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reader_that_stops_ends_it_quietly(there: dict[str, str], form: list[str]) -> None:
    """As `| head` does: exit code 0, not a word, also not when Python ends."""
    start = command("assets", "list", "--page-size", "50", *form)
    with subprocess.Popen(
        start, env=environment(**there), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (0, "") == (process.returncode, said)


@POSIX
def test_help_that_is_not_read_to_its_end_ends_quietly() -> None:
    """`--help | head`, whose pipe is closed before anything is written."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as out:
        run = subprocess.run(
            command("--help"), env=environment(), stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (0, "") == (run.returncode, run.stderr)


@pytest.fixture
def endless() -> Iterator[Sandbox]:
    """A server that never answers with the second page of 20."""
    with Sandbox.seeded(700, key=KEY) as running:
        running.faults.add(stall().on(offset=19))
        yield running


@POSIX
@pytest.mark.parametrize("more", [[], ["--prefetch", "3"]])
def test_ctrl_c_ends_it_with_130_and_no_traceback(endless: Sandbox, more: list[str]) -> None:
    """Also while it waits for the server, with pages asked for ahead; what came was written."""
    start = command("assets", "list", "--ndjson", "--page-size", "20", "--base-url", endless.url, *more)
    start[3:3] = ["-W", "ignore::ResourceWarning"]  # Python leaves a module's file open if it is ended while it imports
    with subprocess.Popen(
        start, env=environment(COMFY_CLOUD_API_KEY=KEY), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert 20 == len([json.loads(process.stdout.readline()) for _ in range(20)])
        while len(endless.requests) < 2 and process.poll() is None:  # until it waits for the second page
            pass
        process.send_signal(signal.SIGINT)
        rest, said = process.stdout.read(), process.stderr.read()
    assert (130, "", "") == (process.returncode, rest, said)


@POSIX
def test_output_that_cannot_be_written_is_1(there: dict[str, str]) -> None:
    """A full disk, and a standard output that is closed."""
    if Path("/dev/full").exists():
        with Path("/dev/full").open("wb") as full:
            run = subprocess.run(
                command("assets", "list"), env=environment(**there), stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert (1, b"The system refuses: No space left on device.\n") == (run.returncode, run.stderr)
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *command("assets", "list")]
    run = subprocess.run(closed, env=environment(**there), capture_output=True, check=False)
    assert (1, b"The system refuses: standard output is closed.\n") == (run.returncode, run.stderr)


@POSIX
def test_a_closed_standard_error_changes_nothing(there: dict[str, str]) -> None:
    """Nothing can be said, and nothing fails for it."""
    closed = ["sh", "-c", 'exec "$@" 2>&-', "sh", *command("assets", "list", "--tag", "nothing has it")]
    run = subprocess.run(closed, env=environment(**there), capture_output=True, check=False)
    assert (0, b"", b"") == (run.returncode, run.stdout, run.stderr)


def on_terminal(width: int, *arguments: str, **more: str) -> Outcome:
    """Run the program with a terminal of this width for its output and errors."""
    import fcntl
    import pty
    import struct
    import termios

    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    with os.fdopen(main, "rb", buffering=0) as screen:
        with subprocess.Popen(
            command(*arguments), env=environment(**{"TERM": "xterm", **more}), stdin=side, stdout=side, stderr=side
        ) as process:
            os.close(side)
            seen = b""
            try:
                while piece := screen.read(65536):
                    seen += piece
            except OSError:  # how Linux says that nobody writes any more
                pass
        return Outcome(process.returncode, seen.decode().replace("\r\n", "\n"), "")


def test_debug_tells_more_and_never_the_key(there: dict[str, str]) -> None:
    """Requests, and the traceback of what ended it."""
    found = program(
        "assets", "list", "--tag", "x", "--attempts", "1", "--debug", **{**there, "COMFY_CLOUD_API_KEY": "wrong-" + KEY}
    )
    assert (3, True, True) == (found.code, "Traceback" in found.err, "listAssets: GET" in found.err)
    assert KEY not in found.err


def test_completion_can_be_shown() -> None:
    """For bash, without touching its files."""
    assert "_COMFY_CLOUD_COMPLETE" in program("--show-completion", "bash", SHELL="/bin/bash").out


@POSIX
def test_the_sandbox_is_the_one_of_the_library() -> None:
    """With its flags, until Ctrl-C, which is its normal end."""
    with subprocess.Popen(
        command("sandbox", "--assets", "3", "--port", "0", "--key", "open"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("URL: ").strip()
        counted = program("assets", "count", COMFY_CLOUD_BASE_URL=url, COMFY_CLOUD_API_KEY="open")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert ((0, "3\n", ""), 0, "") == (counted, process.returncode, said)


def test_the_library_does_not_load_the_command_line() -> None:
    """Nor what only that needs; rich is httpx's doing, which has a command line of its own."""
    code = "import comfy_cloud, sys; print({'comfy_cloud.cli', 'typer'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert "set()\n" == run.stdout


@POSIX
def test_a_terminal_gets_a_table_of_its_width(there: dict[str, str]) -> None:
    """A screenful, with headings that stand out and a line that says so; a size of 75 is 75."""
    lines = on_terminal(75, "assets", "list", **there).out.splitlines()
    assert "The first 50 are shown, of at most 700; --limit says how many." == lines.pop()
    assert (51, True) == (len(lines), lines[0].startswith("\x1b[1mname "))
    assert 70 < max(map(cell_len, lines[1:])) <= 75


@POSIX
def test_progress_is_shown_on_a_terminal_and_wiped_away(there: dict[str, str]) -> None:
    """On standard error, before the result."""
    seen = on_terminal(80, "assets", "count", "--min-size", "1kB", **there).out
    assert (True, "682\n") == ("Counting" in seen, seen.split("\x1b[2K")[-1])


def test_json_is_utf_8_whatever_the_locale(there: dict[str, str]) -> None:
    """And a table says what the locale can."""
    ascii_only = environment(**there, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    found = [
        subprocess.run(command("assets", "list", *form), env=ascii_only, capture_output=True, check=True).stdout
        for form in (["--json"], [])
    ]
    assert 700 == len(json.loads(found[0].decode("utf-8")))
    assert found[1].isascii()
