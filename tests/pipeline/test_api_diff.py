"""What `api_diff` finds broken since the last release, and when the version has to say so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.__main__ import main as pipeline_main
from pipeline.api_diff import broken_since, last_release
from pipeline.errors import PipelineError
from tests.repositories import git

ROOT = Path(__file__).parents[2]
VERSION = "wrapper/comfy_cloud/_version.py"
WRAPPER = "wrapper/comfy_cloud/__init__.py"
RUNTIME = "generated/comfy_cloud_api/_runtime.py"
API = "generated/comfy_cloud_api/__init__.py"
RELEASED = {
    VERSION: '__version__ = "0.1.0"\n',
    WRAPPER: """\
from comfy_cloud._assets import Assets
from comfy_cloud._version import __version__
from comfy_cloud_api import Asset

__all__ = ["Asset", "Assets", "__version__"]
""",
    "wrapper/comfy_cloud/_assets.py": """\
class _Base:
    def count(self, limit: int = 10, *, exact: bool = True) -> int: ...


class Assets(_Base):
    __slots__ = ("_limit",)

    def _hidden(self) -> None: ...


def helper() -> None: ...
""",
    API: """\
from . import _runtime as _rt_
from ._runtime import Asset

Client = _rt_.Client

__all__ = ["Asset", "Client"]
""",
    RUNTIME: """\
class Asset:
    @property
    def size(self) -> int: ...


class Client:
    def call(self, request: str) -> str: ...


class Internal:
    def gone(self) -> None: ...
""",
}


def written(folder: Path, edits: Mapping[str, tuple[str, str]]) -> Path:
    """A source tree: the released one, with one text replaced in some files."""
    for name, text in RELEASED.items():
        old, new = edits.get(name, ("", ""))
        assert old in text, old
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit."""
    folder = written(tmp_path / "repository", {})
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "First")
    return folder


def api_diff(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command as if the folder were the project's."""
    monkeypatch.setattr("pipeline.__main__.ROOT", folder)
    return pipeline_main(["api_diff", *arguments])


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (RUNTIME, "def size", "def bytes", ["comfy_cloud.Asset.size: is gone"]),
        (RUNTIME, "def call", "def _call", ["comfy_cloud_api.Client.call: is gone"]),
        (RUNTIME, "request: str", "request: str, key: str", ["comfy_cloud_api.Client.call: now requires key"]),
        (RUNTIME, "def gone", "def came", []),
        (RUNTIME, "-> str: ...", "-> str: ...\n    def acall(self) -> str: ...", []),
        (API, '["Asset", "Client"]', '["Asset"]', ["comfy_cloud_api.Client: is no longer exported"]),
        (WRAPPER, '"Assets", ', "", ["comfy_cloud.Assets: is no longer exported"]),
        (VERSION, "0.1.0", "0.1.1", []),
        ("wrapper/comfy_cloud/_assets.py", "def helper", "def aid", []),
        ("wrapper/comfy_cloud/_assets.py", "def _hidden", "def _seen", []),
        ("wrapper/comfy_cloud/_assets.py", '__slots__ = ("_limit",)', "", []),
        ("wrapper/comfy_cloud/_assets.py", "def count", "def total", ["comfy_cloud.Assets.count: is gone"]),
        (
            "wrapper/comfy_cloud/_assets.py",
            "limit: int = 10, *, exact: bool = True",
            "limit: int = 20",
            [
                "comfy_cloud.Assets.count: limit is 20 unless given, was 10",
                "comfy_cloud.Assets.count: no longer takes exact",
            ],
        ),
        (
            "wrapper/comfy_cloud/_assets.py",
            "limit: int = 10, *, exact: bool = True",
            "*, exact: bool, limit: int = 10",
            [
                "comfy_cloud.Assets.count: limit was positional or keyword, is keyword-only",
                "comfy_cloud.Assets.count: now requires exact, which had a default",
            ],
        ),
        (
            "wrapper/comfy_cloud/_assets.py",
            "class Assets(_Base)",
            "class Assets",
            [
                "comfy_cloud.Assets.count: is gone",
                "comfy_cloud.Assets: is no longer derived from _Base",
            ],
        ),
    ],
)
def test_what_broke_is_named_as_users_know_it(
    name: str, old: str, new: str, expected: list[str], tmp_path: Path
) -> None:
    """By its public name, wherever it is defined; what is private breaks nobody."""
    before, after = written(tmp_path / "old", {}), written(tmp_path / "new", {name: (old, new)})
    assert broken_since(before, after) == expected


def test_our_packages_break_nothing_against_themselves() -> None:
    """Every name that they export can be followed."""
    assert broken_since(ROOT, ROOT) == []


def test_without_a_release_nothing_can_have_broken(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence says so, and other tags are no releases."""
    git(repository, "tag", "vendored")
    git(repository, "tag", "v0.1")
    assert api_diff(repository, monkeypatch) == 0
    expected = "No version is released yet (no git tag such as v0.1.0), so nothing can have broken.\n"
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(
    "case",
    [
        ("0.1.0", "0.1.0", 1, f"so {VERSION} has to say 0.2.0 (minor), not 0.1.0."),
        ("0.1.0", "0.1.7", 1, "has to say 0.2.0 (minor), not 0.1.7."),
        ("0.1.0", "0.2.0", 0, "and version 0.2.0 says so; tell users in CHANGELOG.md what to do."),
        ("0.9.3", "1.0.0", 0, "and version 1.0.0 says so;"),
        ("1.2.3", "1.3.0", 1, "has to say 2.0.0 (major), not 1.3.0."),
        ("1.2.3", "10.0.0", 0, "and version 10.0.0 says so;"),
    ],
)
def test_a_break_needs_its_version(
    case: tuple[str, str, int, str],
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The minor number before 1.0, the major one from then on."""
    released, current, code, words = case
    written(repository, {VERSION: ("0.1.0", released)})
    git(repository, "commit", "--quiet", "--allow-empty", "-am", "Release")
    git(repository, "tag", f"v{released}")
    written(repository, {VERSION: ("0.1.0", current), RUNTIME: ("def size", "def bytes")})
    assert api_diff(repository, monkeypatch) == code
    named, verdict = capsys.readouterr().out.splitlines()
    assert named == "comfy_cloud.Asset.size: is gone"
    assert verdict.startswith(f"1 thing broke since v{released}, ")
    assert words in verdict


def test_an_addition_needs_no_version(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs stay as they are."""
    git(repository, "tag", "v0.1.0")
    written(repository, {RUNTIME: ("    def call", "    def close(self) -> None: ...\n\n    def call")})
    assert api_diff(repository, monkeypatch) == 0
    assert capsys.readouterr().out == "Nothing of the public API broke since v0.1.0.\n"


def test_the_last_release_is_the_highest_one_here(repository: Path) -> None:
    """As numbers, not as text, and not one of another branch."""
    for tag in ("v0.2.0", "v0.10.0", "v0.9.0", "v1.0.0rc1"):
        git(repository, "tag", tag)
    git(repository, "checkout", "--quiet", "-b", "other")
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "Elsewhere")
    git(repository, "tag", "v3.0.0")
    git(repository, "checkout", "--quiet", "-")
    assert last_release(repository) == "v0.10.0"


def test_any_commit_can_be_compared_with(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By whatever git calls it; the repository and its files stay as they are."""
    written(repository, {RUNTIME: ("def size", "def bytes")})
    assert api_diff(repository, monkeypatch, "HEAD") == 1
    assert capsys.readouterr().out.startswith("comfy_cloud.Asset.size: is gone\n1 thing broke since HEAD, ")
    assert "def bytes" in (repository / RUNTIME).read_text(encoding="utf-8")


@pytest.mark.parametrize("ref", ["v9.9.9", "HEAD~7", "--output=x"])
def test_a_release_that_is_not_there_is_refused(
    ref: str, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, with 2."""
    assert api_diff(repository, monkeypatch, "--", ref) == 2
    assert ref in capsys.readouterr().err
    assert not (repository / "x").exists()


def test_a_tree_without_a_package_is_refused(tmp_path: Path) -> None:
    """Rather than compared as if all of it were gone."""
    before, after = written(tmp_path / "old", {}), written(tmp_path / "new", {})
    (after / API).unlink()
    (after / RUNTIME).unlink()
    (after / "generated" / "comfy_cloud_api").rmdir()
    with pytest.raises(PipelineError, match="comfy_cloud_api cannot be read in"):
        broken_since(before, after)
