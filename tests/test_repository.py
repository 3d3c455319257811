"""What holds for the repository as a whole."""

from __future__ import annotations

import ast
import importlib.metadata
import shutil
import subprocess
from pathlib import Path

import pytest

import comfy_cloud
import comfy_cloud_api

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tracked() -> list[Path]:
    """The files of the repository, where git can say."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_tests_run_against_the_installed_wheel() -> None:
    """Not against the checkout, where a file that is not packaged would not be missed."""
    for package in (comfy_cloud, comfy_cloud_api):
        assert package.__file__ is not None
        assert "site-packages" in Path(package.__file__).parts


def test_ci_runs_exactly_the_readme_s_test_command() -> None:
    """What lands is what a stranger can verify."""
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert commands[-1] in README.splitlines()
    assert commands[-1].endswith("nox -s tests")


def test_the_readme_fits_one_screen() -> None:
    """Problem, promise, one runnable example, links."""
    assert len(README.splitlines()) <= 65


def test_the_version_is_one() -> None:
    """The distribution's and the package's."""
    assert comfy_cloud.__version__ == importlib.metadata.version("comfy-cloud")


def test_public_names_are_sorted_and_exist() -> None:
    """One public door."""
    assert sorted(comfy_cloud.__all__) == list(comfy_cloud.__all__)
    assert [name for name in comfy_cloud.__all__ if not hasattr(comfy_cloud, name)] == []


def test_both_packages_are_typed() -> None:
    """PEP 561 markers are in the wheel."""
    files = {str(path) for path in importlib.metadata.files("comfy-cloud") or ()}
    assert {"comfy_cloud/py.typed", "comfy_cloud_api/py.typed"} <= files


def test_the_licence_and_the_notice_are_in_the_wheel() -> None:
    """The spec's own licence is told wherever its text goes."""
    files = {path.name for path in importlib.metadata.files("comfy-cloud") or ()}
    assert {"LICENSE", "NOTICE"} <= files


def test_every_test_states_its_rule() -> None:
    """In its docstring; the name alone is a title."""
    silent = [
        f"{path.name}:{node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="nothing can list the files of the repository"
)
def test_no_package_registry_is_named() -> None:
    """Which registry serves a package is the installer's business."""
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
    named = [
        path.name
        for path in tracked()
        if any(host in path.read_text(encoding="utf-8", errors="replace") for host in hosts)
    ]
    assert named == []
