"""What `spec_diff` prints, what its exit code says, and what it refuses."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from pipeline.document import read_document
from pipeline.errors import PipelineError
from pipeline.spec_diff import Severity, compare_documents, version_bump
from pipeline.spec_diff.command import main
from pipeline.spec_diff.report import changelog_entry
from tests.repositories import git

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "openapi" / "openapi-cloud.yaml"
VENDORED = read_document(SPEC)

STRINGS = {"type": "array", "items": {"type": "string"}}
COUNT = {"type": "integer", "minimum": 0}
REPORT_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["format", "class", "counts", "version", "changelog", "changes"],
    "properties": {
        "format": {"const": 1},
        "class": {"enum": ["none", "cosmetic", "additive", "breaking"]},
        "counts": {
            "type": "object",
            "additionalProperties": False,
            "required": ["cosmetic", "additive", "breaking"],
            "properties": {"cosmetic": COUNT, "additive": COUNT, "breaking": COUNT},
        },
        "version": {
            "type": "object",
            "additionalProperties": False,
            "required": ["current", "bump", "next", "from_1_0"],
            "properties": {
                "current": {"type": "string"},
                "bump": {"enum": ["none", "patch", "minor", "major"]},
                "next": {"type": "string"},
                "from_1_0": {"enum": ["none", "patch", "minor", "major"]},
            },
        },
        "changelog": {"type": "string"},
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["class", "rule", "pointer", "sentence", "python", "operations", "roles"],
                "properties": {
                    "class": {"enum": ["cosmetic", "additive", "breaking"]},
                    "rule": {"type": "string", "minLength": 1},
                    "pointer": {"type": "string", "pattern": "^#"},
                    "sentence": {"type": "string", "pattern": r"\.$"},
                    "python": {"type": "string"},
                    "operations": STRINGS,
                    "roles": STRINGS,
                    "before": {},
                    "after": {},
                },
            },
        },
    },
}


def grown() -> dict[str, Any]:
    """The vendored document with one change of each class and section."""
    new = copy.deepcopy(VENDORED)
    parameters = new["paths"]["/api/assets"]["get"]["parameters"]
    parameters[4]["schema"]["maximum"] = 200
    parameters.append({"name": "after", "in": "query", "schema": {"type": "string"}})
    new["paths"]["/api/tags"]["get"]["deprecated"] = True
    del new["components"]["schemas"]["Asset"]["properties"]["mime_type"]
    new["info"]["description"] = "Shorter."
    return new


def written(folder: Path, document: dict[str, Any], name: str = "new.yaml") -> str:
    """The path of a file that holds the document, its keys in another order."""
    path = folder / name
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(dict(reversed(document.items())), stream)
    return str(path)


def with_limit(maximum: int) -> dict[str, Any]:
    """The vendored document with another bound."""
    new = copy.deepcopy(VENDORED)
    new["paths"]["/api/assets"]["get"]["parameters"][4]["schema"]["maximum"] = maximum
    return new


def test_the_exit_code_says_the_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 the same, 10 cosmetic, 11 additive, 12 breaking; key order and YAML style are no difference."""
    reworded = copy.deepcopy(VENDORED)
    reworded["info"]["description"] = "Shorter."
    for document, code in ((VENDORED, 0), (reworded, 10), (with_limit(501), 11), (with_limit(499), 12)):
        assert code == main([str(SPEC), written(tmp_path, document)])
    assert "The documents say the same: no change." in capsys.readouterr().out


def test_the_json_has_the_documented_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A schema written down here, so that a key that goes away is noticed."""
    for document in (VENDORED, grown()):
        main([str(SPEC), written(tmp_path, document), "--json"])
        told = json.loads(capsys.readouterr().out)
        jsonschema.validate(told, REPORT_SCHEMA)
    assert ("breaking", {"breaking": 2, "additive": 2, "cosmetic": 1}) == (told["class"], told["counts"])
    assert {"current": "0.1.0", "bump": "minor", "next": "0.2.0", "from_1_0": "major"} == told["version"]
    bound = next(change for change in told["changes"] if change["rule"] == "maximum-tightened")
    assert {
        "class": "breaking",
        "rule": "maximum-tightened",
        "pointer": "#/paths/~1api~1assets/get/parameters/4/schema/maximum",
        "sentence": "Query parameter `limit` of GET /api/assets tightens its maximum to 200, was 500.",
        "python": "comfy_cloud_api.api.asset.list_assets(limit=...)",
        "operations": ["GET /api/assets"],
        "roles": ["parameter"],
        "before": 500,
        "after": 200,
    } == bound


def test_the_changelog_entry_is_ready_to_paste() -> None:
    """Sections of Keep a Changelog, breaking changes marked, prose in one line."""
    expected = """\
### Added

- Query parameter `after` of GET /api/assets is new and optional ({"name": "after", "in": "query", "schema": {"type": "stri...) (`comfy_cloud_api.api.asset.list_assets(after=...)`).

### Changed

- **Breaking:** Query parameter `limit` of GET /api/assets tightens its maximum to 200, was 500 (`comfy_cloud_api.api.asset.list_assets(limit=...)`).
- The API's document differs in one place that changes nothing but docstrings.

### Deprecated

- GET /api/tags is deprecated (deprecated was false, now true) (`comfy_cloud_api.api.asset.list_tags`).

### Removed

- **Breaking:** Property `mime_type` of schema `Asset` is gone (it was {"type": "string", "description": "MIME type of the asset"}) (`comfy_cloud_api.models.Asset.mime_type`).
"""  # noqa: E501 - as it is printed
    assert expected == changelog_entry(compare_documents(VENDORED, grown()))


def test_markdown_and_text_tell_every_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both hold the sentence, the pointer and the version."""
    new = written(tmp_path, grown())
    for flags in ([], ["--markdown"]):
        main([str(SPEC), new, *flags])
        text = capsys.readouterr().out
        assert "Query parameter `limit` of GET /api/assets tightens its maximum to 200, was 500." in text
        assert "#/paths/~1api~1assets/get/parameters/4/schema/maximum" in text
        assert "Version 0.1.0 becomes 0.2.0 (minor); from 1.0 on it would be major." in text


def test_values_of_the_document_are_no_markdown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever writes the document does not write our pull request."""
    new = copy.deepcopy(VENDORED)
    new["info"]["title"] = "<b>_x_</b>"
    main([str(SPEC), written(tmp_path, new), "--markdown"])
    assert r"\<b>\_x\_\</b>" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("current", "worst", "part", "following", "from_1_0"),
    [
        ("0.3.1", Severity.BREAKING, "minor", "0.4.0", "major"),
        ("0.3.1", Severity.ADDITIVE, "patch", "0.3.2", "minor"),
        ("0.3.1", Severity.COSMETIC, "patch", "0.3.2", "patch"),
        ("1.3.1", Severity.BREAKING, "major", "2.0.0", "major"),
        ("1.3.1", Severity.ADDITIVE, "minor", "1.4.0", "minor"),
        ("1.3.1", Severity.COSMETIC, "patch", "1.3.2", "patch"),
        ("1.3.1", None, "none", "1.3.1", "none"),
    ],
)
def test_the_worst_change_says_the_version(
    current: str, worst: Severity | None, part: str, following: str, from_1_0: str
) -> None:
    """Semantic Versioning, and what it leaves open before 1.0."""
    assert (current, part, following, from_1_0) == tuple(version_bump(current, worst))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "is neither YAML nor JSON"),
        ("- a", "its root is no mapping"),
        ("swagger: '2.0'", "give an OpenAPI 3.0 or 3.1 document"),
        ("openapi: 3.0.3", "is not valid OpenAPI 3.0.3"),
    ],
)
def test_what_is_no_openapi_is_refused_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    """As by every other command of the pipeline, on either side."""
    bad = tmp_path / "bad.yaml"
    bad.write_text(text, encoding="utf-8")
    for operands in ([str(bad), str(SPEC)], [str(SPEC), str(bad)]):
        with pytest.raises(PipelineError, match=words) as refused:
            main(operands)
        assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_and_a_version_that_is_none_are_refused(tmp_path: Path) -> None:
    """The messages say what to do."""
    with pytest.raises(PipelineError, match="cannot be read"):
        main([str(SPEC), str(tmp_path / "none.yaml")])
    with pytest.raises(PipelineError, match=r"not of the form 1\.2\.3"):
        main([str(SPEC), str(SPEC), "--version", "one"])


def test_without_operands_the_last_commit_is_compared_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a repository of its own; before the first commit, and without git, a sentence says what to do."""
    monkeypatch.setattr("pipeline.spec_diff.command.ROOT", tmp_path)
    for name in ("openapi/openapi-cloud.yaml", "wrapper/comfy_cloud/_version.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(PipelineError, match=r"git has no .*; name both documents"):
        main([])
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "spec")
    assert 0 == main([])
    path = tmp_path / "openapi/openapi-cloud.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("maximum: 500", "maximum: 400"), encoding="utf-8")
    assert 12 == main([])
    assert "maximum to 400, was 500" in capsys.readouterr().out
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PipelineError, match="git is not installed"):
        main([])


def test_the_help_documents_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever scripts this finds them there."""
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for code in ("0 the documents", "10 cosmetic", "11 additive", "12", "2 refused"):
        assert code in text
