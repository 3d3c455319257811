"""`python -m comfy_cloud.sandbox`."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from comfy_cloud.sandbox import Sandbox


def start(*arguments: str) -> subprocess.Popen[str]:
    """The command, running."""
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-W", "error", "-m", "comfy_cloud.sandbox", *arguments]
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN])
def test_it_says_where_it_is_and_ends_without_a_word(how: signal.Signals, before: signal.Handlers) -> None:
    """One line for the URL, one for the key; Ctrl-C or a polite kill is the normal end.

    Also where the signals are ignored at first, as shells have it for what a script starts in the background.
    """
    with ExitStack() as stack:
        for one in (signal.SIGINT, signal.SIGTERM):
            stack.callback(signal.signal, one, signal.signal(one, before))
        process = stack.enter_context(start("--assets", "7", "--seed", "3", "--port", "0", "--key", "open"))
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


WRONG = (
    (("--assets", "-1"), "Argument --assets: must be 0 or more, not -1.\n"),
    (("--assets", "many"), "Argument --assets: 'many' is not an integer.\n"),
    (("--port", "65536"), "Argument --port: must be 0 to 65535, not 65536.\n"),
    (
        ("--host", ""),
        "The host must not be empty: 127.0.0.1 is this machine only, 0.0.0.0 all its addresses.\n",
    ),
    (("--key", ""), "The key must be printable ASCII, not empty, without blanks at its ends.\n"),
    (("--colour",), "Unrecognized arguments: --colour.\n"),
    (("--assets", "5", "--load", "x.json"), "Argument --load: not allowed with argument --assets.\n"),
    (("--load", "no.json"), "Cannot read no.json: No such file or directory.\n"),
    (("--dialect", "klingon"), "There is no dialect 'klingon': choose one of cloud, comfyui.\n"),
    (("--feature", "cursors"), "A feature is written name=value, such as cursors=off, not 'cursors'.\n"),
    (
        ("--database", "no/folder/here.db"),
        "The database here.db cannot be used: unable to open database file; choose another file, or delete it.\n",
    ),
)
"""Arguments, and what is said of them."""

OUTCOMES = """
import contextlib, io, json, sys
from comfy_cloud.sandbox.__main__ import main

def outcome(arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as error:
            code = error.code
    return code, err.getvalue(), out.getvalue()

print(json.dumps([outcome(arguments) for arguments in json.loads(sys.argv[1])]))
"""


def test_a_wrong_argument_is_one_sentence_and_exit_code_2() -> None:
    """No usage text, no traceback. In one process for all, since each takes a second to start."""
    code = f"import sys; sys.path[:0] = {sys.path!r}\n{OUTCOMES}"
    command = [sys.executable, "-W", "error", "-c", code, json.dumps([arguments for arguments, _ in WRONG])]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert [[2, message, ""] for _, message in WRONG] == json.loads(run.stdout)


def test_a_wrong_fault_is_one_sentence_that_says_where(tmp_path: Path) -> None:
    """With the column; nothing has been made for it, not even the database."""
    database = tmp_path / "library.db"
    code, said = failure("--database", str(database), "--faults", "503*2; slow=1")
    assert (2, 1, True, False) == (code, said.count("\n"), said.startswith("Column 8, at 'slow': "), database.exists())


def test_a_database_that_is_not_ours_is_one_sentence_and_left_as_it_is(tmp_path: Path) -> None:
    """A file of another kind, a database of another program, or of another version of the sandbox."""
    text, foreign, newer = tmp_path / "notes.txt", tmp_path / "foreign.db", tmp_path / "newer.db"
    text.write_text("Not a database, just notes. " * 40, encoding="utf-8")
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE t (c)")
    Sandbox.seeded(3, database=newer).close()
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 99")
    for path in (text, foreign, newer):
        before = path.read_bytes()
        code, said = failure("--database", str(path))
        assert (2, 1, True) == (code, said.count("\n"), path.name in said), said
        assert before == path.read_bytes()


def test_everything_can_be_said_on_the_command_line(tmp_path: Path) -> None:
    """Your own library, another dialect but for one feature, and faults; each request is a line of the log."""
    library = tmp_path / "mine.csv"
    library.write_text("name,tags\ncat.png,a|b\ndog.png,\n", encoding="utf-8")
    arguments = ("--load", str(library), "--dialect", "comfyui", "--feature", "cursors=off", "--log")
    with start(
        *arguments, "--port", "0", "--faults", "503*1", "--faults", "total(by=5)@2", "--fault-seed", "7"
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("URL: ").strip()
        refused = httpx.get(f"{url}/api/assets")
        body = httpx.get(f"{url}/api/assets?limit=1").json()
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=30)
    assert (503, 7, None) == (refused.status_code, body["total"], body.get("next_cursor"))
    lines = [line.partition(" ")[2] for line in log.splitlines()]
    assert ["#1 GET /api/assets 503", "#2 GET /api/assets?limit=1 200"] == [
        " ".join(line.split()[:4]) for line in lines
    ]
    assert ["(503*1)", "(total(by=5)@2)"] == [line.split()[-1] for line in lines]


def test_what_the_sandbox_fails_on_is_said_on_standard_error(tmp_path: Path) -> None:
    """The answer says that the log knows why; here somebody else takes a table away while it runs."""
    database = tmp_path / "library.db"
    with start("--assets", "3", "--database", str(database), "--port", "0") as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("URL: ").strip()
        with closing(sqlite3.connect(database)) as db:
            db.execute("DROP TABLE changes")
        failed = httpx.get(f"{url}/api/assets", headers={"X-API-Key": "sandbox-key"})
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert (500, True) == (failed.status_code, "no such table: changes" in said)


def test_a_database_is_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    """What was changed the first time is there the second time."""
    database = tmp_path / "library.db"
    with Sandbox.seeded(3, database=database) as sandbox:
        sandbox.add(name="mine")
    with start("--database", str(database), "--port", "0") as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("URL: ").strip()
        state = httpx.get(f"{url}/_sandbox/state").json()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert (4, 1) == (state["assets"], state["sequence"])


def test_listening_beyond_this_machine_is_said() -> None:
    """In one line, and the sandbox's own pages then want the key."""
    with start("--assets", "1", "--host", "0.0.0.0", "--port", "0") as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("URL: ").strip().replace("0.0.0.0", "127.0.0.1")
        statuses = [httpx.get(url, auth=auth).status_code for auth in (None, ("", "sandbox-key"))]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert ([401, 200], "Warning: 0.0.0.0 can be reached from other machines.\n") == (statuses, said)


def test_a_taken_port_is_one_sentence_and_exit_code_2() -> None:
    """It says which port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        expected = f"Port {port} of 127.0.0.1 is taken: choose another with --port, or 0 for any free one.\n"
        assert (2, expected) == failure("--assets", "1", "--port", str(port))
