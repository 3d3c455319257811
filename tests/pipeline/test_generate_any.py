"""The pipeline on a document of anybody's: nothing but a whole package, or one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.__main__ import main

MINIMAL = """\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get: {operationId: getA, responses: {'200': {description: ok}}}
"""
SECOND = "  /b:\n    get: {operationId: getA, responses: {'200': {description: ok}}}\n"
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
)
SCHEMA = MINIMAL + "components:\n  schemas:\n    A: "


def run(folder: Path, text: str, output: str = "output/some_client") -> int:
    """What generating from a file with this text exits with."""
    (folder / "other.yaml").write_text(text, encoding="utf-8")
    return main(["generate", "--spec", str(folder / "other.yaml"), "--output", str(folder / output)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "neither YAML nor JSON"),
        ("a: 1\n", "no version"),
        ("swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n", "swagger 2"),
        (SCHEMA + "{$ref: 'other.yaml#/A'}\n", "refers to another file at #/components/schemas/A"),
        (SCHEMA + "{$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n", "circular $ref at"),
        (SCHEMA + "{$ref: '#/info/title'}\n", "no object"),
        (MINIMAL + SECOND, "the same operationId getA"),
        (BOMB, "expands to more than"),
        (MINIMAL + "x-filler: " + "x" * 50_000_000 + "\n", "larger than"),
        (MINIMAL.replace("'200'", "'200': {$ref: '#/paths/~1a/get/responses/200'}, '404'"), "circular $ref at"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_the_output_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    """Exit 2, one line on stderr, and the package that was there is still the same."""
    assert run(tmp_path, MINIMAL) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "output").rglob("*") if path.is_file()}
    capsys.readouterr()
    assert run(tmp_path, text) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert before == {path: path.read_bytes() for path in (tmp_path / "output").rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["not-a-name", "class", "1st", "theirs"])
def test_a_folder_that_was_not_generated_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """And the package's name is one that Python can import."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "__init__.py").write_text("# mine\n", encoding="utf-8")
    assert run(tmp_path, MINIMAL, name) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "theirs" / "__init__.py").read_text(encoding="utf-8") == "# mine\n"


def test_a_path_below_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the operating system refuses is one sentence too."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(tmp_path, MINIMAL, "file/some_client") == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--spec", "x.yaml"], ["--output", "x"], ["--overlay", "x.yaml"]])
def test_half_of_the_options_is_refused(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    """A spec needs a place to go to, and our own client takes no other overlay than its own."""
    assert main(["generate", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_file_names_the_spec_and_nothing_of_the_machine(tmp_path: Path) -> None:
    """Generated twice, in two places, the bytes are the same; the second time replaces the first."""
    for folder in (tmp_path / "one", tmp_path / "two", tmp_path / "two"):
        folder.mkdir(exist_ok=True)
        assert run(folder, MINIMAL) == 0
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.py")}
        for folder in (tmp_path / "one" / "output", tmp_path / "two" / "output")
    )
    assert one == two
    said = b"nox -s generate -- --spec other.yaml --output some_client ("
    assert {path for path, content in one.items() if said not in content.split(b"\n")[1]} == set()


def test_an_overlay_is_applied_only_where_it_is_given(tmp_path: Path) -> None:
    """Ours is for our spec."""
    overlay = {
        "overlay": "1.0.0",
        "info": {"title": "O", "version": "1"},
        "actions": [
            {"target": "$.paths['/a'].get", "description": "It is named.", "update": {"summary": "Gets an A."}}
        ],
    }
    (tmp_path / "overlay.json").write_text(json.dumps(overlay), encoding="utf-8")
    assert run(tmp_path, MINIMAL) == 0
    module = tmp_path / "output" / "some_client" / "api" / "default" / "get_a.py"
    assert "Gets an A." not in module.read_text(encoding="utf-8")
    arguments = ["generate", "--spec", str(tmp_path / "other.yaml"), "--overlay", str(tmp_path / "overlay.json")]
    assert main([*arguments, "--output", str(tmp_path / "output" / "some_client")]) == 0
    assert "Gets an A." in module.read_text(encoding="utf-8")
