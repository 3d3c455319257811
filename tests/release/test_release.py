"""What is checked of a release can fail, and says why."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release.audit import judged
from release.extras import USES, faults, outcome
from release.requirements import PYPROJECT, lowest, required
from release.tag import faults as tag_faults
from release.tag import stated_version
from release.wheels import differences

PROJECT = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def test_every_requirement_has_a_lowest_version() -> None:
    """Which is what `nox -s lowest` installs; the core's and every extra's."""
    constraints = [lowest(requirement) for requirement in required(PROJECT)]
    names = {Requirement(constraint).name for constraint in constraints}
    assert {"httpx", "msgspec", *(Requirement(one).name for one in EXTRAS["sandbox"])} <= names
    assert len(constraints) == len(set(constraints))


def test_the_lowest_version_is_the_bound() -> None:
    """Whatever else is said of the versions; and one without a bound is refused."""
    assert lowest("httpx>=0.27,<1") == "httpx==0.27"
    assert lowest("uvicorn[standard]~=0.30") == "uvicorn==0.30"
    with pytest.raises(ValueError, match="no single lower bound"):
        lowest("httpx<1")


def test_a_requirement_is_listed_once() -> None:
    """Also where two extras have it."""
    project = {"dependencies": ["a>=1"], "optional-dependencies": {"x": ["b>=1"], "y": ["b>=1", "c>=2"]}}
    assert required(project) == ["a>=1", "b>=1", "c>=2"]


def test_an_audit_says_what_is_vulnerable() -> None:
    """With where it is mended."""
    flaw = {"id": "PYSEC-1", "fix_versions": ["1.1"]}
    report = {
        "dependencies": [{"name": "a", "version": "1.0", "vulns": [flaw]}, {"name": "b", "version": "2", "vulns": []}]
    }
    verdict = judged(report)
    assert (1, 2, ("a 1.0 has PYSEC-1, mended in 1.1.",)) == (verdict.code, verdict.asked, verdict.found)


def test_an_audit_that_could_not_ask_is_not_a_clean_one() -> None:
    """Nor is one of no package at all; pip-audit itself says that nothing was found."""
    silent = judged({"dependencies": [{"name": "a", "skip_reason": "not found"}]})
    assert (3, "NOT AUDITED: the advisory service did not answer about a.") == (silent.code, str(silent))
    assert 3 == judged({"dependencies": []}).code
    clean = judged({"dependencies": [{"name": "a", "version": "1", "vulns": []}]})
    assert (0, "1 packages audited, 0 known vulnerabilities.") == (clean.code, str(clean))


def test_wheels_differ_in_files_and_in_bytes(tmp_path: Path) -> None:
    """And not in when they were made."""

    def wheel(name: str, **files: str) -> Path:
        with ZipFile(tmp_path / name, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        return tmp_path / name

    one, same = wheel("one.whl", a="1", b="2"), wheel("same.whl", b="2", a="1")
    assert differences(one, same) == []
    other = wheel("other.whl", a="0", c="3")
    assert differences(one, other) == ["b is in one.whl only", "c is not in one.whl", "a differs"]


def test_a_tag_is_released_if_it_is_the_version_and_its_changes_are_told() -> None:
    """What is wrong says what to do."""
    assert tag_faults("v1.2.0", "1.2.0", "# Changelog\n\n## [1.2.0] - 2026-01-01\n") == []
    wrong = tag_faults("v1.2.1", "1.2.0", "## [Unreleased]\n\nSee [1.2.0].\n")
    assert wrong == [
        "The tag is v1.2.1, but _version.py says 1.2.0; make them one.",
        "CHANGELOG.md has no section [1.2.0]; tell the users what changed.",
    ]
    assert importlib.metadata.version("comfy-cloud") == stated_version()


def test_every_extra_is_used_and_works() -> None:
    """Here all are installed; `nox -s extras` installs each alone."""
    assert EXTRAS.keys() == USES.keys() & EXTRAS.keys()
    assert faults(set(EXTRAS)) == []


def test_an_extra_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """What says something else, or works all the same, is found."""

    def missing() -> None:
        raise ImportError("pip install 'comfy-cloud[polars]'")

    monkeypatch.setitem(USES, "polars", missing)  # type: ignore[arg-type] # a dict, which nobody else changes
    assert outcome("polars", installed=False) == ""
    assert outcome("polars", installed=True).startswith("The extra polars is installed and does not work")
    assert outcome("sandbox", installed=False).startswith("The extra sandbox works without being installed")
    monkeypatch.setitem(USES, "polars", lambda: __import__("no_such_module"))  # type: ignore[arg-type] # the same
    assert "says no pip install" in outcome("polars", installed=False)


def test_the_metadata_says_what_people_and_tools_look_for() -> None:
    """What it is, its licence, which Pythons, where its API is described, and that it is typed."""
    told = importlib.metadata.metadata("comfy-cloud")
    assert {"Name", "Version", "Summary", "Requires-Python", "License-Expression", "Project-URL"} <= set(told.keys())
    assert PROJECT["description"] == told["Summary"]
    assert sorted(EXTRAS) == sorted(told.get_all("Provides-Extra") or ())
    assert sorted(PROJECT["classifiers"]) == sorted(told.get_all("Classifier") or ())
    assert {"LICENSE", "NOTICE"} == set(told.get_all("License-File") or ())
    assert "# comfy-cloud" in (told.get_payload() or told["Description"])


def test_the_pythons_that_are_declared_are_those_that_are_required() -> None:
    """Every version from the least on, without a gap."""
    prefix = "Programming Language :: Python :: 3."
    declared = [int(one.removeprefix(prefix)) for one in PROJECT["classifiers"] if one.startswith(prefix)]
    assert list(range(declared[0], declared[-1] + 1)) == declared
    assert f">=3.{declared[0]}" == PROJECT["requires-python"]
    policy = (PYPROJECT.parent / "docs" / "versions.md").read_text(encoding="utf-8")
    assert f"3.{declared[0]} to 3.{declared[-1]} now" in " ".join(policy.split())


def test_the_wheel_asks_for_what_is_said() -> None:
    """No requirement is added on the way."""
    told = {canonicalize_name(Requirement(one).name) for one in importlib.metadata.requires("comfy-cloud") or ()}
    assert {canonicalize_name(Requirement(one).name) for one in required(PROJECT)} == told
