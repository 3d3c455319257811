"""`python -m comfy_cloud.sandbox`."""

import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest


def start(*arguments: str) -> subprocess.Popen[str]:
    """The command, running."""
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-W", "error", "-m", "comfy_cloud.sandbox", *arguments]
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_without_a_word(how: signal.Signals) -> None:
    """One line for the URL, one for the key; Ctrl-C or a polite kill is the normal end."""
    with start("--assets", "7", "--seed", "3", "--port", "0", "--key", "open") as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("URL: ").strip()
        key = process.stdout.readline().removeprefix("Key: ").strip()
        body = httpx.get(f"{url}/api/assets", headers={"X-API-Key": key}).json()
        process.send_signal(how)
        rest = process.communicate(timeout=30)
    assert ("open", 7, ("", ""), 0) == (key, body["total"], rest, process.returncode)


def failure(*arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a command that does not start."""
    with start(*arguments) as process:
        out, err = process.communicate(timeout=30)
    assert "" == out
    return process.returncode, err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--assets", "-1"), "Argument --assets: must be 0 or more, not -1.\n"),
        (("--assets", "many"), "Argument --assets: 'many' is not an integer.\n"),
        (("--port", "65536"), "Argument --port: must be 0 to 65535, not 65536.\n"),
        (("--key", ""), "The key must be printable ASCII, not empty, without blanks at its ends.\n"),
        (("--colour",), "Unrecognized arguments: --colour.\n"),
    ],
)
def test_a_wrong_argument_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...], message: str) -> None:
    """No usage text, no traceback."""
    assert (2, message) == failure(*arguments)


def test_a_taken_port_is_one_sentence_and_exit_code_2() -> None:
    """It says which port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        expected = f"Port {port} of 127.0.0.1 is taken: choose another with --port, or 0 for any free one.\n"
        assert (2, expected) == failure("--assets", "1", "--port", str(port))
