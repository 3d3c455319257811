"""A runner is a program: handed tasks, it answers, or is reported."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import comfy_cloud
from comfy_cloud.conformance import folder, load, main, rules
from comfy_cloud.conformance._vectors import FAMILIES, Family
from tests.conformance import runners

NODE = shutil.which("node")
FAILING_IN_JAVASCRIPT = {
    "responses/metadata-integer",
    "responses/size-beyond-53-bits",
    "responses/size-largest",
    "responses/lacks-id",
    "responses/lacks-name",
    "responses/lacks-created-at",
    "responses/lacks-updated-at",
    "responses/null-among-assets",
    "responses/number-among-assets",
    "responses/size-is-text",
    "responses/mime-type-is-number",
    "responses/last-access-unreadable",
    "responses/tags-one-unreadable",
    "responses/error-long-text",
    "responses/rate-limit-date",
    "responses/rate-limit-date-passed",
    "responses/subscription-by-message",
    "responses/subscription-by-code",
    "responses/error-problem",
    "responses/error-problem-of-a-title",
    "responses/error-description",
    "responses/error-nested-with-a-message-outside",
    "responses/error-empty-message",
    "responses/error-moves-the-cursor",
    "responses/time-after-the-last-year",
    "responses/time-is-a-date",
    "responses/time-with-half-a-surrogate-pair",
    "responses/uuid-of-other-letters",
    "responses/uuid-is-a-number",
    "responses/uuid-with-half-a-surrogate-pair",
    "responses/id-is-no-uuid",
    "responses/created-at-is-no-time",
    "responses/created-at-after-the-last-year",
    "responses/created-at-escaped-twice",
    "responses/created-at-is-two-times",
    "responses/json-not-utf-8",
}


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """The exit code of a run, and what it prints as JSON."""
    code = main(["--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def one(capsys: pytest.CaptureFixture[str], program: str, *arguments: str, case: str = "requests/one-tag") -> Any:
    """What becomes of one case with a program, and the exit code."""
    code, found = told(capsys, "--runner", runners.command(program), "--case", case, *arguments)
    (row,) = found["not_passed"] or [None]
    return code, row


OVER_SOCKETS = [
    ("blocking", "comfy_cloud", FAMILIES),
    ("awaiting", "comfy_cloud", ("retries", "redirects", "keys")),
    ("blocking", "comfy_cloud_api", ("requests",)),
]


@pytest.mark.parametrize(("way", "layer", "families"), OVER_SOCKETS)
def test_the_reference_passes_as_a_program(
    way: str, layer: str, families: tuple[Family, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Over real sockets, with its own transports: every case, and awaiting those that depend on them."""
    runner = shlex.join([sys.executable, "-m", "comfy_cloud.conformance.runner", way, layer])
    chosen = [argument for family in families for argument in ("--family", family)]
    code, found = told(capsys, "--runner", runner, "--limit", "60", *chosen)
    assert (0, []) == (code, found["not_passed"])
    assert sum(len(load(family)) for family in families) == sum(each["pass"] for each in found["families"].values())


def test_the_reference_is_checked_where_no_runner_is_named() -> None:
    """By the module's name, as people start it."""
    command = [sys.executable, "-m", "comfy_cloud.conformance", "--family", "requests"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ["requests", str(len(load("requests"))), "0", "0", "0"] == done.stdout.splitlines()[1].split()


def test_no_extra_is_needed() -> None:
    """The command, the host and the runner import httpx and msgspec, and nothing that an extra brings."""
    program = (
        "import sys; import comfy_cloud.conformance, comfy_cloud.conformance.runner\n"
        "print(sorted({'starlette', 'uvicorn', 'polars', 'jsonschema'}.intersection(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout


def test_a_runner_that_crashes_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """With its exit code."""
    code, row = one(capsys, runners.CRASHING)
    assert (1, "broken", "ended without an answer, with the exit code 3") == (code, row["verdict"], row["why"])


def test_a_runner_that_hangs_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """After its limit; it is ended."""
    code, row = one(capsys, runners.SILENT, "--limit", "0.1")
    assert (1, "broken", "did not answer within 0.1 seconds") == (code, row["verdict"], row["why"])


def test_a_runner_that_prints_rubbish_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """With what it printed, be it no JSON or no object."""
    code, row = one(capsys, runners.RUBBISH)
    assert (1, "broken", "answered with what is no JSON: 'hello'") == (code, row["verdict"], row["why"])
    code, row = one(capsys, runners.LISTS)
    assert (1, "broken", "answered with no object, but [1]") == (code, row["verdict"], row["why"])


def test_a_runner_that_does_not_exist_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """As the system says it."""
    code, found = told(capsys, "--runner", "./no-such-runner", "--case", "requests/one-tag")
    assert (1, "cannot be started: No such file or directory") == (code, found["not_passed"][0]["why"])


def test_a_runner_that_cannot_be_started_is_not_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    """It would fail every case, for one reason."""
    code, found = told(capsys, "--runner", "./no-such-runner", "--family", "requests")
    assert (1, [load("requests")[0].id]) == (code, [row["id"] for row in found["not_passed"]])


def test_what_a_runner_does_not_support_is_counted_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """It is no failure."""
    code, row = one(capsys, runners.UNABLE)
    assert (0, "unsupported", "not written yet") == (code, row["verdict"], row["why"])


def test_a_runner_may_answer_one_task_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    """It is started anew for each case."""
    ids = [case.id for case in load("keys")][:5]
    cases = [argument for ident in ids for argument in ("--case", ident)]
    code, found = told(capsys, "--runner", runners.command(runners.ONCE), *cases)
    assert (0, ids) == (code, [row["why"] for row in found["not_passed"]])


def test_after_a_broken_case_the_next_one_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """With a new process."""
    ids = ["requests/one-tag", "requests/two-tags", "requests/empty-text"]
    cases = [argument for ident in ids for argument in ("--case", ident)]
    _, found = told(capsys, "--runner", runners.command(runners.MOODY), *cases)
    verdicts = {row["id"]: row["verdict"] for row in found["not_passed"]}
    assert dict(zip(ids, ["unsupported", "broken", "unsupported"], strict=True)) == verdicts


def test_the_host_sees_what_a_client_sends(capsys: pytest.CaptureFixture[str]) -> None:
    """So a runner need not say it, and cannot make it up: this one does not join its list."""
    code, row = one(capsys, runners.FETCHING, case="requests/limit-highest")
    assert (0, None) == (code, row)
    code, row = one(capsys, runners.FETCHING, case="requests/limit-too-large")
    assert (1, {"sent": "/api/assets?limit=501"}) == (code, row["actual"])


def test_a_failure_is_told_with_what_was_expected_and_done(capsys: pytest.CaptureFixture[str]) -> None:
    """For people, in lines; the counts stand above."""
    code = main(["--runner", runners.command(runners.FETCHING), "--case", "requests/limit-too-large"])
    out = capsys.readouterr().out
    assert 1 == code
    assert "FAIL requests/limit-too-large: A limit of 501, which servers answer with a 400." in out
    assert '  expected: {"refused": "argument"}' in out
    assert '  actual:   {"sent": "/api/assets?limit=501"}' in out
    main(["--runner", runners.command(runners.CRASHING), "--case", "requests/one-tag"])
    assert "  The runner ended without an answer, with the exit code 3." in capsys.readouterr().out


def test_arguments_that_name_nothing_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code 2, as those that argparse refuses."""
    assert 2 == main(["--case", "requests/no-such-case"])
    assert "No case has this id" in capsys.readouterr().err
    for wrong in (["--family", "nothing"], ["--limit", "0"], ["--limit", "x"]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert 2 == ended.value.code


@pytest.mark.skipif("site-packages" not in Path(str(comfy_cloud.__file__)).parts, reason="this is a checkout")
def test_the_vectors_are_in_the_wheel() -> None:
    """Beside the module, with schemas, README and example."""
    shipped = {str(path) for path in importlib.metadata.files("comfy-cloud") or ()}
    data = "comfy_cloud/conformance/data"
    wanted = {f"{data}/vectors/{family}.json" for family in FAMILIES} | {f"{data}/README.md", f"{data}/rules.json"}
    assert wanted | {f"{data}/schemas/task.json", f"{data}/examples/runner.mjs"} <= shipped


def test_the_folder_of_the_vectors_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With its README, for whoever writes a runner."""
    assert 0 == main(["--folder"])
    assert (Path(capsys.readouterr().out.strip()) / "README.md").is_file()


@pytest.mark.skipif(NODE is None, reason="there is no Node.js here")
def test_the_example_in_javascript_does_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """It passes all requests, and of the responses all but what plain JSON.parse, or so few lines, cannot do."""
    runner = shlex.join([str(NODE), str(folder() / "examples" / "runner.mjs")])
    _, found = told(capsys, "--runner", runner, "--family", "requests", "--family", "responses")
    assert FAILING_IN_JAVASCRIPT == {row["id"] for row in found["not_passed"]}


def test_the_readme_names_every_file_and_family() -> None:
    """And the task in it is one."""
    text = (folder() / "README.md").read_text(encoding="utf-8")
    assert [] == [case.family for case in load() if f"`{case.family}`" not in text]
    task = re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0]
    assert {"protocol", "id", "family", "rules", "input"} == set(json.loads(task))


def test_the_readme_names_every_reason_of_a_refusal() -> None:
    """Whoever writes a runner cannot guess them."""
    text = (folder() / "README.md").read_text(encoding="utf-8")
    reasons = {case.expect["refused"] for case in load() if "refused" in case.expect}
    assert [] == sorted(reason for reason in reasons if f"`{reason}`" not in text and f'"{reason}"' not in text)


def test_the_page_of_the_rules_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """Its table is what --rules prints, and every rule in it names a case."""
    assert 0 == main(["--rules"])
    printed = capsys.readouterr().out
    page = (Path(__file__).parents[2] / "docs" / "reference" / "conformance.md").read_text(encoding="utf-8")
    assert printed == page.partition("The table is printed by `python -m comfy_cloud.conformance --rules`.\n\n")[2]
    rows = [line for line in printed.splitlines() if line.startswith("| **")]
    assert len(rules()) == len(rows)
    assert [] == [row for row in rows if row.endswith("|  |")]
