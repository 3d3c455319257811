"""Schemathesis, which knows nothing but the vendored spec, asks the sandbox and judges the answers.

It sends requests that fit the spec and requests that do not, in every operation; between them the library changes.
A few seconds of it run with the other tests, hundreds of times as much in `nox -s soak`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comfy_cloud.sandbox import CLOUD, COMFYUI, Dialect, Sandbox

HERE = Path(__file__).parent
SPEC = HERE.parents[1] / "openapi" / "openapi-cloud.yaml"

# The built-in check of the first name takes every request that fits the schema for one that must be answered; ours, in
# schemathesis_hooks, knows where the schema cannot say what fits.
REPLACED = "positive_data_acceptance"

MOVING = "mutate=add(count=2):20%; mutate=delete:15%; mutate=rename:15%; mutate=retag:15%"


def failures(folder: Path, dialect: Dialect, examples: int, *arguments: str) -> dict[str, set[str]]:
    """What schemathesis finds against a sandbox of this dialect: kinds of failures, and in which operations."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(SPEC), "--report-json-path", str(report)]
    options = ["--generation-deterministic", "--continue-on-failure", "--no-shrink", "--exclude-checks", REPLACED]
    paths = os.pathsep.join([str(HERE), *(path for path in sys.path if path)])
    environment = {**os.environ, "PYTHONPATH": paths, "SCHEMATHESIS_HOOKS": "schemathesis_hooks"}
    with Sandbox.seeded(150, dialect=dialect, faults=MOVING) as box:
        where = ["--url", box.url, "-H", f"X-API-Key: {box.key}", "-n", str(examples)]
        full = [*command, *options, *where, *arguments]
        done = subprocess.run(full, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        answered = {(one.path, one.status) for one in box.requests if one.path.startswith("/api/")}
        moved = box.sequence
    assert report.exists(), done.stdout + done.stderr
    result: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    sound = (result["operations"]["tested"], result["errors"], result["complete"])
    assert (2, [], True) == sound, done.stdout
    assert {(path, status) for path in ("/api/assets", "/api/tags") for status in (200, 400)} <= answered
    assert moved > examples // 2
    found = {one["type"]: set(one["operations"]) for one in result["failures"]}
    if found:
        sys.stdout.write(done.stdout)  # pytest shows it when the test fails
    return found


def test_no_answer_violates_the_spec(tmp_path: Path) -> None:
    """Not to valid requests and not to invalid ones, with and without the key, while the library changes."""
    assert {} == failures(tmp_path, CLOUD, 25)


# The features in which the ComfyUI dialect leaves the spec, each with what schemathesis makes of it.
LEFT = {
    "key": {"IgnoredAuth", "MissingHeaderNotRejected"},
    "errors": {"JsonSchemaError"},
    "failures": {"ServerError", "UndefinedContentType", "MalformedJson"},
    "public": {"AcceptedNegativeData"},
    "times": {"JsonSchemaError"},
    "previews": {"JsonSchemaError"},
}


def test_comfyui_leaves_the_spec_only_where_it_is_known_to(tmp_path: Path) -> None:
    """With these features as the spec has them, nothing is left of the difference that violates it."""
    plain = CLOUD.features()
    assert {} == failures(tmp_path, COMFYUI.but(**{name: plain[name] for name in LEFT}), 12, "--phases", "fuzzing")


@pytest.mark.soak
def test_no_answer_violates_the_spec_in_the_long_run(tmp_path: Path) -> None:
    """The same with many more requests; SOAK_EXAMPLES says how many for each operation."""
    assert {} == failures(tmp_path, CLOUD, int(os.environ.get("SOAK_EXAMPLES", "3000")))


@pytest.mark.soak
@pytest.mark.parametrize("feature", LEFT)
def test_each_known_difference_is_one(tmp_path: Path, feature: str) -> None:
    """Each of these features alone makes the cloud dialect leave the spec, and in no other way than is listed."""
    found = failures(tmp_path, CLOUD.but(**{feature: COMFYUI.features()[feature]}), 200)
    assert (True, set()) == (bool(found), set(found) - LEFT[feature])
