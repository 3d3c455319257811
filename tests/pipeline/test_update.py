"""What is prepared for the maintainer after a new spec: the changelog's entry, and what to review."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.errors import PipelineError
from pipeline.update import to_review, with_entry
from tests.repositories import git

ROOT = Path(__file__).parents[2]
ENTRY = "### Added\n\n- New.\n\n### Removed\n\n- **Breaking:** Gone.\n"
CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Old, and
  longer.

### Fixed

- A bug.

## [0.1.0] - 2026-01-01

### Added

- First.
"""
BOTH = """\
# Changelog

## [Unreleased]

### Added

- Old, and
  longer.
- New.

### Removed

- **Breaking:** Gone.

### Fixed

- A bug.

## [0.1.0] - 2026-01-01

### Added

- First.
"""
SPEC = """\
openapi: 3.0.3
info: {title: Small, version: 1.0.0}
paths:
  /tags:
    get:
      operationId: listTags
      parameters:
        - {name: prefix, in: query, schema: {type: string}}
      responses: {"200": {description: Done}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a small spec, as if it were the project's."""
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "openapi-cloud.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "wrapper" / "comfy_cloud").mkdir(parents=True)
    (tmp_path / "wrapper" / "comfy_cloud" / "_version.py").write_text('__version__ = "0.1.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_bytes(CHANGELOG.encode())
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "First")
    monkeypatch.setattr("pipeline.__main__.ROOT", tmp_path)
    return tmp_path


def test_an_entry_joins_the_sections_of_the_unreleased_version() -> None:
    """At their ends; sections are put in the order of Keep a Changelog, and released versions stay."""
    assert with_entry(CHANGELOG, ENTRY) == BOTH


def test_the_same_entry_twice_is_told_once() -> None:
    """An update that stopped half-way is run again."""
    assert with_entry(BOTH, ENTRY) == BOTH


def test_an_empty_entry_changes_nothing() -> None:
    """Not even an empty line."""
    assert with_entry(CHANGELOG, "") == CHANGELOG
    assert with_entry("## [Unreleased]\nText.", "") == "## [Unreleased]\nText."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## [Unreleased]\n", "## [Unreleased]\n\n### Added\n\n- New.\n"),
        ("## [Unreleased]\n\nSoon.\n", "## [Unreleased]\n\nSoon.\n\n### Added\n\n- New.\n"),
        ("## [Unreleased]\n## [0.1.0]\n", "## [Unreleased]\n\n### Added\n\n- New.\n\n## [0.1.0]\n"),
        ("## [Unreleased]\n\n### Notes\n\n- x\n", "## [Unreleased]\n\n### Added\n\n- New.\n\n### Notes\n\n- x\n"),
    ],
)
def test_an_entry_can_be_the_first(before: str, after: str) -> None:
    """Whatever stands around it stays."""
    assert with_entry(before, "### Added\n\n- New.\n") == after


@pytest.mark.parametrize("changelog", ["", "## [0.1.0]\n", "### [Unreleased]\n", "x ## [Unreleased]\n"])
def test_a_changelog_without_an_unreleased_version_is_refused(changelog: str) -> None:
    """Rather than guessing where the lines belong."""
    with pytest.raises(PipelineError, match=r"CHANGELOG\.md has no line ## \[Unreleased\]"):
        with_entry(changelog, ENTRY)


def test_our_changelog_can_take_an_entry() -> None:
    """Adding lines takes none away."""
    ours = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    lines = with_entry(ours, "### Removed\n\n- Gone.\n").splitlines()
    assert [line for line in ours.splitlines() if line not in lines] == []
    assert "- Gone." in lines


def test_what_to_review_names_the_folders_that_changed() -> None:
    """In the order of reading: what came in, what came out of it, what users are told."""
    told = to_review(["generated/comfy_cloud_api/a.py", "generated/x.py", "generated-not/x.py", "openapi/SOURCE.md"])
    assert [line.split(":")[0] for line in told] == ["openapi (1 file)", "generated (2 files)"]
    assert to_review([]) == []


def test_the_changelog_tells_what_the_new_spec_breaks(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Since the last commit, with the version that asks for."""
    (project / "openapi" / "openapi-cloud.yaml").write_text(SPEC.replace("prefix", "starts_with"), encoding="utf-8")
    for _ in range(2):
        assert main(["changelog"]) == 0
        told = capsys.readouterr().out
        assert "  openapi (1 file): " in told
        assert "  CHANGELOG.md (1 file): " in told
        assert told.endswith("Version 0.1.0 becomes 0.2.0 (minor); from 1.0 on it would be major.\n")
        changelog = (project / "CHANGELOG.md").read_text(encoding="utf-8")
        assert changelog.count("- **Breaking:** ") == 1
        assert "starts_with" in changelog


def test_without_a_new_spec_the_changelog_stays(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And there is nothing to review."""
    assert main(["changelog"]) == 0
    assert capsys.readouterr().out == "Nothing changed.\nVersion 0.1.0 can stay.\n"
    assert (project / "CHANGELOG.md").read_bytes() == CHANGELOG.encode()
