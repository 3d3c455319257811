"""The front door: every chore of the project is a session here. `nox -l` lists them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nox
from nox.command import CommandFailed

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


@contextmanager
def step(session: nox.Session, name: str) -> Iterator[None]:
    """Say which step of a session failed, and where to look."""
    session.log(f"Step: {name}")
    try:
        yield
    except CommandFailed:
        session.error(f"stopped at the step {name}, for the reason above; `git diff` shows what was done before it")


@nox.session
def vendor(session: nox.Session) -> None:
    """Bring a spec into openapi/: from its pages, a file (`-- spec.yaml`) or the web (`-- --fetch URL`)."""
    session.install(*group("pipeline"))
    session.run("python", "-m", "pipeline", "vendor", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Write generated/ from openapi/, or another client (`-- --spec FILE --output FOLDER`); `-- --check` compares."""
    session.install(*group("pipeline"))
    # Not session.run: nox would turn every code but 0 into 1, and 3 says that something is missing.
    code = subprocess.call([f"{session.bin}/python", "-m", "pipeline", "generate", *session.posargs])
    if code:
        sys.exit(code)


@nox.session
def spec_diff(session: nox.Session) -> None:
    """Say in words what changed between two specs and what it breaks (`-- OLD NEW`, `--json`, `--markdown`)."""
    session.install(*group("pipeline"))
    # Not session.run: nox would turn every code but 0 into 1, and the code says the class.
    code = subprocess.call([f"{session.bin}/python", "-m", "pipeline", "spec_diff", *session.posargs])
    if code:
        sys.exit(code)


@nox.session
def api_diff(session: nox.Session) -> None:
    """Name what of the public API broke since the last release (`-- REF`); fail where the version hides it."""
    session.install(*group("pipeline"))
    session.run("python", "-m", "pipeline", "api_diff", *session.posargs)


@nox.session
def update(session: nox.Session) -> None:
    """Take a new spec (`-- spec.yaml`, `-- --fetch URL`, else openapi/pages) to a change that can be reviewed."""
    session.install(*group("tests"))
    with step(session, "vendor"):
        session.run("python", "-m", "pipeline", "vendor", *session.posargs)
    with step(session, "diff"):
        session.run("python", "-m", "pipeline", "spec_diff", success_codes=[0, 10, 11, 12])
    with step(session, "generate"):
        session.run("python", "-m", "pipeline", "generate")
    with step(session, "test"):
        install_wheel(session, "")
        session.run("python", "-m", "pytest", "--quiet", "tests/generated", "tests/pipeline")
    with step(session, "changelog"):
        session.run("python", "-m", "pipeline", "changelog")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting with ruff; with `-- --fix`, mend what can be mended."""
    session.install(*group("lint"))
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types: mypy --strict and pyright, on the code and on what users write; and what an editor shows."""
    session.install("-e", ".[sandbox]", *group("typing"))
    session.run("mypy")
    session.run("mypy", "tests/typing", "examples")
    session.run("pyright")
    session.run("python", "-m", "pytest", "--quiet", "tests/typing/editor.py")


@nox.session
def tests(session: nox.Session) -> None:
    """Build the wheel and test it, not the checkout. `-- ARGS` go to pytest; `--force-python 3.13` picks another."""
    install_wheel(session, "[sandbox]", *group("tests"))
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Run what takes minutes: schemathesis at length. SOAK_EXAMPLES is how many requests, 3000 by default."""
    install_wheel(session, "[sandbox]", *group("tests"))
    session.run("python", "-m", "pytest", "-m", "soak", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what a listing costs, against other ways to do it (`-- --only call --rounds 3`); `-- --save` keeps it."""
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
