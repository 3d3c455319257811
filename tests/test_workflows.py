"""What runs on somebody else's machines: nothing that is not pinned, nothing with more rights than it needs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COMMANDS = re.compile(r"python -m pip install nox|nox -s [^;&|`{}]+")
"""The front door and what it opens: one command, into which no expression of the workflow's is written."""


def read(path: Path) -> dict[str, Any]:
    """A workflow, as the runner reads it."""
    return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def steps(path: Path) -> list[dict[str, Any]]:
    """Every step of every job, and the jobs that are other workflows."""
    jobs = read(path)["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [job])]


def sessions() -> set[str]:
    """The names of the nox sessions."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if any("nox.session" in ast.unparse(one) for one in node.decorator_list)}


def test_there_are_workflows_for_changes_releases_and_the_spec() -> None:
    """The rules below are about these."""
    assert ["ci.yml", "release.yml", "spec.yml"] == [path.name for path in WORKFLOWS]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    """A tag can be moved; our own workflow is of the same commit."""
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert [
        one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/.*", one)
    ] == []
    assert len(used) == sum("uses" in step for step in steps(path)) > 0


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_step_calls_nox_and_a_session_that_exists(path: Path) -> None:
    """What a workflow does can be done at home; no value of an event is written into a command."""
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert [command for command in commands if not COMMANDS.fullmatch(command)] == []
    named = {name for command in commands for name in re.findall(r"nox -s ([a-z_]+)", command)}
    chosen = set(re.findall(r"- session: ([a-z_]+)", path.read_text(encoding="utf-8")))
    assert set() != named | chosen <= sessions()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_job_has_more_rights_than_it_needs(path: Path) -> None:
    """None by default; reading where the code is checked out, an identity where it is published, and nothing else."""
    workflow = read(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        needed = {"id-token": "write"} if name == "publish" else {"contents": "read"}
        assert needed == job["permissions"]
        assert name == "publish" or "environment" not in job
    kept = [step["with"]["persist-credentials"] for step in steps(path) if "checkout" in step.get("uses", "")]
    assert not any(kept)


def test_the_matrix_has_every_python_that_is_declared() -> None:
    """On all three systems."""
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    matrix = read(WORKFLOWS[0])["jobs"]["tests"]["strategy"]["matrix"]
    assert re.findall(r"Python :: (3\.\d+)", pyproject) == matrix["python"]
    assert ["macos", "ubuntu", "windows"] == sorted(system.removesuffix("-latest") for system in matrix["os"])


def test_a_release_is_published_after_all_checks() -> None:
    """From an environment, with attestations, without a token."""
    publish = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]["publish"]
    assert ({"checks", "build"}, "pypi") == (set(publish["needs"]), publish["environment"])
    assert {"attestations": True} == publish["steps"][-1]["with"]
