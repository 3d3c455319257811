"""The front door: every chore of the project is a session here. `nox -l` lists them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["lint", "typing", "tests"]
nox.options.error_on_missing_interpreters = True

PYPROJECT = nox.project.load_toml("pyproject.toml")


def group(name: str) -> list[str]:
    """The requirements of a dependency group in pyproject.toml."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


def install_wheel(session: nox.Session, extras: str, *others: str) -> None:
    """Build the wheel and install it, so that a session sees what a user installs and not the checkout."""
    folder = Path(session.create_tmp()) / "wheel"
    for old in folder.glob("*.whl"):
        old.unlink()
    session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), ".")
    (wheel,) = folder.glob("*.whl")
    session.install(f"{wheel}{extras}", *others)


@nox.session
def vendor(session: nox.Session) -> None:
    """Bring the published spec into openapi/: from its pages, or from one file (`-- path/to/spec.yaml`)."""
    session.install(*group("pipeline"))
    session.run("python", "-m", "pipeline", "vendor", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Write generated/ from openapi/; with `-- --check`, fail where what is committed differs."""
    session.install(*group("pipeline"))
    session.run("python", "-m", "pipeline", "generate", *session.posargs)


@nox.session
def spec_diff(session: nox.Session) -> None:
    """Say in words what changed between two specs and what it breaks (`-- OLD NEW`, `--json`, `--markdown`)."""
    session.install(*group("pipeline"))
    # Not session.run: nox would turn every code but 0 into 1, and the code says the class.
    code = subprocess.call([f"{session.bin}/python", "-m", "pipeline", "spec_diff", *session.posargs])
    if code:
        sys.exit(code)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting with ruff; with `-- --fix`, mend what can be mended."""
    session.install(*group("lint"))
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types: mypy --strict and pyright."""
    session.install("-e", ".[sandbox]", *group("typing"))
    session.run("mypy")
    session.run("pyright")


@nox.session
def tests(session: nox.Session) -> None:
    """Build the wheel and test it, not the checkout. `-- ARGS` go to pytest; `--force-python 3.13` picks another."""
    install_wheel(session, "[sandbox]", *group("tests"))
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure decoding as multiples of orjson, against the stock generated client; `-- --save` keeps the table."""
    install_wheel(session, "", *group("bench"))
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Install the wheel in a fresh environment and list the assets of a sandbox over real HTTP."""
    install_wheel(session, "[sandbox]", *group("demo"))
    session.run("python", "examples/demo.py", *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Build the wheel and the sdist into dist/ and check what they contain and say."""
    session.install(*group("package"))
    for old in Path("dist").glob("comfy_cloud-*"):
        old.unlink()
    session.run("python", "-m", "build", "--outdir", "dist", ".")
    built = sorted(map(str, Path("dist").glob("comfy_cloud-*")))
    session.run("twine", "check", "--strict", *built)
    session.run("check-wheel-contents", *[path for path in built if path.endswith(".whl")])
