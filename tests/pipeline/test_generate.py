"""The committed client is what the spec generates, wherever and by whomever that is run."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.generate import OUR_CLIENT, Client, compare, generate, header, render

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rendered() -> dict[str, bytes]:
    """What the spec generates now."""
    return dict(render(OUR_CLIENT))


def written(files: dict[str, bytes], folder: Path) -> Client:
    """The client, written to another folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return OUR_CLIENT._replace(output=folder)


def test_the_committed_client_is_what_the_spec_generates(capsys: pytest.CaptureFixture[str]) -> None:
    """Byte for byte, so nobody edited it and nobody forgot to regenerate."""
    assert main(["generate", "--check"]) == 0
    assert capsys.readouterr().out == "The committed client is what the spec generates, byte for byte.\n"


def test_one_changed_byte_fails_the_check(
    rendered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check can fail: for a changed byte, a missing file and an added one, each named."""
    client = written(rendered, tmp_path / "comfy_cloud_api")
    assert compare(client) == []
    path = client.output / "client.py"
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"#" + content[-1:])
    (client.output / "errors.py").unlink()
    (client.output / "extra.py").write_bytes(b"")
    assert compare(client) == ["missing: errors.py", "not generated: extra.py", "differs: client.py"]
    monkeypatch.setattr("pipeline.generate.OUR_CLIENT", client)
    assert main(["generate", "--check"]) == 1
    assert "run: nox -s generate" in capsys.readouterr().err


def test_generating_replaces_the_whole_package(rendered: dict[str, bytes], tmp_path: Path) -> None:
    """What the spec no longer has does not stay behind, and nothing else is left in the folder."""
    client = written({"api/old/gone.py": b"x"}, tmp_path / "comfy_cloud_api")
    assert generate(client) == len(rendered)
    assert compare(client) == []
    assert [path.name for path in tmp_path.iterdir()] == ["comfy_cloud_api"]


def test_every_generated_file_says_so_and_how(rendered: dict[str, bytes]) -> None:
    """Headed, with the command."""
    assert {name for name, content in rendered.items() if not content.startswith(header().encode())} == set()
    assert "generated, do not edit" in header()
    assert "nox -s generate" in header()


def test_the_package_is_marked_as_typed(rendered: dict[str, bytes]) -> None:
    """PEP 561."""
    assert "py.typed" in rendered


def test_the_output_depends_on_nothing_around_it(rendered: dict[str, bytes], tmp_path: Path) -> None:
    """Not on the working folder and its ruff settings, a ruff on PATH, RUFF_ variables, the locale or hashing."""
    (tmp_path / "ruff.toml").write_text("line-length = 40\n[format]\nquote-style = 'single'\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("*\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    decoy = tmp_path / "bin" / "ruff"
    decoy.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    decoy.chmod(decoy.stat().st_mode | stat.S_IXUSR)
    output = tmp_path / "build" / "comfy_cloud_api"
    script = (
        "import pathlib; from pipeline.generate import OUR_CLIENT, generate; "
        f"generate(OUR_CLIENT._replace(output=pathlib.Path({str(output)!r})))"
    )
    environment = {
        **os.environ,
        "PATH": f"{decoy.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "12345",
        "RUFF_LINE_LENGTH": "40",
        "RUFF_CONFIG": str(tmp_path / "ruff.toml"),
        "LC_ALL": "C",
        "TZ": "Pacific/Chatham",
        "TMPDIR": str(tmp_path),
    }
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    assert compare(OUR_CLIENT._replace(output=output)) == []
    assert {path.name for path in output.iterdir()} == {name.split("/")[0] for name in rendered}
