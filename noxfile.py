"""The front door: every chore of the project is a session here. `nox -l` lists them."""

from __future__ import annotations

import shutil
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
EXTRAS = sorted(PYPROJECT["project"]["optional-dependencies"])
EVERY_EXTRA = f"[{','.join(EXTRAS)}]"
NOT_AUDITED = 3
"""What release/audit.py ends with where the advisory service does not answer."""

GENERATOR_TESTS = ("tests/generated", "tests/layer", "tests/pipeline")
"""What is about how the client is generated, which users do not do."""


IN_PARALLEL = ["--numprocesses", "logical", "--dist", "loadfile"]
"""How the whole suite is run: a process for each core, a file in one of them; `-- -n 0` runs all in this one."""


def group(name: str) -> list[str]:
    """The requirements of a dependency group in pyproject.toml."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


def build_wheel(session: nox.Session, folder: Path) -> Path:
    """The wheel as pip builds it from the checkout, alone in a folder."""
    for old in folder.glob("*.whl"):
        old.unlink()
    session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), ".")
    (wheel,) = folder.glob("*.whl")
    return wheel


def install_wheel(session: nox.Session, extras: str, *others: str) -> None:
    """Build the wheel and install it, so that a session sees what a user installs and not the checkout."""
    session.install(f"{build_wheel(session, Path(session.create_tmp()) / 'wheel')}{extras}", *others)


def requirements(session: nox.Session, *arguments: str) -> str:
    """A file with what the wheel asks for; see `release/requirements.py` for the arguments."""
    told = session.run("python", "-m", "release.requirements", *arguments, silent=True)
    file = Path(session.create_tmp()) / "requirements.txt"
    file.write_text(str(told), encoding="utf-8")
    return str(file)


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
    """Check style, workflows and known vulnerabilities; `-- --fix` mends style, `-- --strict` insists on an audit."""
    session.install(*group("lint"))
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")
    session.run("zizmor", "--offline", "--quiet", "--persona", "pedantic", ".github")
    audit(session, strict="--strict" in session.posargs)


def audit(session: nox.Session, *, strict: bool) -> None:
    """Fail for a known vulnerability; where no advisory service answers, say so, and fail if that is not enough."""
    # Not session.run: nox would turn every code but 0 into 1, and 3 says that it could not be asked.
    code = subprocess.call([f"{session.bin}/python", "-m", "release.audit", requirements(session)])
    if code == NOT_AUDITED and not strict:
        session.warn("Nothing is known of vulnerabilities: the audit could not be made here, only the rest of lint.")
    elif code:
        session.error("the audit found a vulnerability, or could not be made")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types: mypy --strict and pyright, on the code and on what users write; and what an editor shows."""
    session.install("-e", f".{EVERY_EXTRA}", *group("typing"))
    session.run("mypy")
    session.run("mypy", "tests/typing", "examples")
    session.run("pyright")
    session.run("python", "-m", "pytest", "--quiet", "tests/typing/editor.py")


@nox.session
def tests(session: nox.Session) -> None:
    """Build the wheel and test it, not the checkout. `-- ARGS` go to pytest; `--force-python 3.13` picks another."""
    install_wheel(session, EVERY_EXTRA, *group("tests"))
    session.run("python", "-m", "pytest", *IN_PARALLEL, *session.posargs)


@nox.session(python=nox.project.python_versions(PYPROJECT), default=False)
def pythons(session: nox.Session) -> None:
    """Run the tests on each Python that is declared; `--no-error-on-missing-interpreters` skips those not there."""
    install_wheel(session, EVERY_EXTRA, *group("tests"))
    session.run("python", "-m", "pytest", *IN_PARALLEL, *session.posargs)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests of what users run, with the lowest versions of its dependencies that pyproject.toml allows."""
    session.install("packaging")
    install_wheel(session, EVERY_EXTRA, *group("tests"), "--constraint", requirements(session, "--lowest"))
    left_out = [f"--ignore={folder}" for folder in GENERATOR_TESTS]
    session.run("python", "-m", "pytest", *IN_PARALLEL, *left_out, *session.posargs)


@nox.session
@nox.parametrize("extras", ["", *EXTRAS, ",".join(EXTRAS)], ids=["none", *EXTRAS, "all"])
def extras(session: nox.Session, extras: str) -> None:
    """Install each extra alone, all together, and none, each in a fresh environment; the core works in all of them."""
    install_wheel(session, f"[{extras}]" if extras else "")
    session.run("python", "-I", "release/extras.py", *extras.split(",") if extras else ())


@nox.session
def conformance_ts(session: nox.Session) -> None:
    """Put a TypeScript client, generated from openapi/ by another generator, to the vectors, where there is Node.js."""
    if shutil.which("npm") is None:
        session.skip("there is no Node.js here, so no TypeScript client was made and nothing was compared")
    compare(session, "typescript")


@nox.session
def conformance_stock(session: nox.Session) -> None:
    """Put what openapi-python-client makes without our pipeline to the vectors."""
    compare(session, "stock")


def compare(session: nox.Session, client: str) -> None:
    """Make a client and see that it fails where comparison/ says so, and nowhere else."""
    install_wheel(session, "", *group("pipeline"))
    session.run("python", "-m", "comparison", client, str(Path(session.create_tmp()) / client))


@nox.session
def soak(session: nox.Session) -> None:
    """Run what takes minutes: schemathesis at length. SOAK_EXAMPLES is how many requests, 3000 by default."""
    install_wheel(session, EVERY_EXTRA, *group("tests"))
    session.run("python", "-m", "pytest", "-m", "soak", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what a listing costs, against other ways to do it (`-- --only call --rounds 3`); `-- --save` keeps it."""
    install_wheel(session, "", *group("bench"))
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def mutation(session: nox.Session) -> None:
    """Break the library's rules one by one, and count what the vectors see (`-- --module NAME`, `--again`)."""
    install_wheel(session, "", *group("mutation"))
    session.run("python", "-m", "mutation", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Install the wheel in a fresh environment and list the assets of a sandbox over real HTTP."""
    install_wheel(session, "[sandbox]", *group("demo"))
    session.run("python", "examples/demo.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into build/docs/, with warnings as errors; `-- --serve` shows it while it is written."""
    session.install(*group("docs"))
    session.env["NO_MKDOCS_2_WARNING"] = "1"  # which is about the future of MkDocs, and not about these pages
    serve = "--serve" in session.posargs
    session.run("mkdocs", *(["serve"] if serve else ["build"]), "--strict")


@nox.session
def package(session: nox.Session) -> None:
    """Build wheel and sdist into dist/ and check what they contain and say; `-- v1.2.3` checks that it may be that."""
    session.install(*group("package"))
    if session.posargs:
        session.run("python", "-m", "release.tag", *session.posargs)
    for old in Path("dist").glob("comfy_cloud-*"):
        old.unlink()
    session.run("python", "-m", "build", "--outdir", "dist", ".")
    built = sorted(map(str, Path("dist").glob("comfy_cloud-*")))
    session.run("twine", "check", "--strict", *built)
    (wheel,) = [path for path in built if path.endswith(".whl")]
    session.run("check-wheel-contents", wheel)
    # `build` makes the wheel from the sdist; this one is from the checkout.
    from_checkout = build_wheel(session, Path(session.create_tmp()) / "wheel")
    session.run("python", "-m", "release.wheels", str(from_checkout), wheel)
