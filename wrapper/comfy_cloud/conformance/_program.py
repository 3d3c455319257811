"""A runner: a program that is handed tasks on its standard input and answers each with one line of JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from typing import IO, Final, Self

from comfy_cloud.conformance._worlds import Json

LONGEST_CASE_S: Final = 10.0
_LONGEST_LINE: Final = 10_000_000  # characters
_SHOWN: Final = 200  # characters


class RunnerError(Exception):
    """A runner did not answer a case; the message says how, as the end of a sentence that begins with it."""


class StartError(RunnerError):
    """It cannot be started, and will not be for the next case either."""


class Program:
    """A runner program; a context manager.

    It is started when it is first needed, and again after it has ended, so that it may answer one task or many.

    Args:
        command: The program and its arguments.
        limit_s: How long it may take for one case, in seconds.
    """

    def __init__(self, command: Sequence[str], limit_s: float = LONGEST_CASE_S) -> None:
        self._command, self._limit_s = list(command), limit_s
        self._process: subprocess.Popen[str] | None = None
        self._lines: Queue[str] = Queue()

    def answer(self, task: Json) -> Json:
        """What it answers to a task.

        Raises:
            StartError: it cannot be started.
            RunnerError: it takes too long, ends, or prints what is no JSON.
        """
        fresh = self._process is None
        line = self._asked(task)
        if not line and not fresh:  # it may be one that answers one task and ends, and was about to
            self.close()
            line = self._asked(task)
        if not line:
            raise RunnerError(f"ended without an answer, with the exit code {self.close()}")
        return self._read(line)

    def _asked(self, task: Json) -> str:
        """The line that it answers; empty if it has ended."""
        process = self._started()
        assert process.stdin is not None
        with suppress(OSError):  # it has ended, but may have answered before
            process.stdin.write(json.dumps(task) + "\n")  # in ASCII, whatever the locale
            process.stdin.flush()
        try:
            return self._lines.get(timeout=self._limit_s)
        except Empty:
            self.close()
            raise RunnerError(f"did not answer within {self._limit_s:g} seconds") from None

    def _read(self, line: str) -> Json:
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            self.close()  # what else it prints would be taken for the answer to the next case
            raise RunnerError(f"answered with what is no JSON: {line.strip()[:_SHOWN]!r}") from None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        try:
            process = subprocess.Popen(  # noqa: S603 - it is what the user asks for
                [shutil.which(self._command[0]) or self._command[0], *self._command[1:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise StartError(f"cannot be started: {error.strerror or error}") from None
        self._process, self._lines = process, Queue()
        assert process.stdout is not None
        threading.Thread(target=_forward, args=(process.stdout, self._lines), daemon=True).start()
        return process

    def close(self) -> int | None:
        """End it; its exit code, if it was running."""
        process, self._process = self._process, None
        if process is None:
            return None
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            return process.wait(0.5)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _forward(stream: IO[str], lines: Queue[str]) -> None:
    """Hand on the lines of a stream, and an empty one for its end."""
    with stream:
        while line := stream.readline(_LONGEST_LINE):
            lines.put(line)
    lines.put("")
