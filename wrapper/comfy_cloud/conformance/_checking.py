"""Cases checked one after the other, with a runner program over loopback or with any function in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from comfy_cloud.conformance._judging import Result, Verdict, judged, task_of, world_of
from comfy_cloud.conformance._program import LONGEST_CASE_S, Program, RunnerError, StartError
from comfy_cloud.conformance._serving import Servers
from comfy_cloud.conformance._vectors import Case
from comfy_cloud.conformance._worlds import CLOSED, OTHER, SERVER, EndlessError, Json, World

IN_MEMORY: Final = {SERVER: "http://127.0.0.1:9001", OTHER: "http://127.0.0.1:9002", CLOSED: "http://127.0.0.1:9003"}
"""Addresses for a check in memory, where nothing is opened."""


def check(command: Sequence[str], cases: Iterable[Case], limit_s: float = LONGEST_CASE_S) -> Iterator[Result]:
    """Check a runner program: what became of each case, in their order; one that cannot be started ends it.

    Args:
        command: The program and its arguments.
        cases: The cases.
        limit_s: How long it may take for one of them, in seconds.
    """
    with Servers() as servers, Program(command, limit_s) as program:
        for case in cases:
            world = world_of(case, servers.places)
            with servers.serving(world):
                try:
                    answer = program.answer(task_of(case, servers.places, servers.gateway))
                except RunnerError as error:
                    yield Result(case, Verdict.BROKEN, why=str(error))
                    if isinstance(error, StartError):
                        return
                    continue
            yield judged(case, answer, world.asked, servers.places)


def check_in_memory(answer: Callable[[Json, World], Json], cases: Iterable[Case]) -> Iterator[Result]:
    """Check a function, which is given a task and the servers: for tests, as no socket is opened."""
    for case in cases:
        world = world_of(case, IN_MEMORY)
        try:
            answered = answer(task_of(case, IN_MEMORY, IN_MEMORY[SERVER]), world)
        except EndlessError:
            yield Result(case, Verdict.BROKEN, why=f"asked more than {EndlessError.MOST} times")
        else:
            yield judged(case, answered, world.asked, IN_MEMORY)
