"""The pytest plugin, in a pytest of its own."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(folder: Path, test: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest on one file, with no plugins but ours and those named."""
    (folder / "test_it.py").write_text(test, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n", "utf-8")
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "pytest_comfy_cloud", "-p", "no:cacheprovider", "-q", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_pytest_finds_the_plugin_by_itself() -> None:
    """The entry point is named as the module, so that naming the plugin again with -p is no conflict."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"pytest_comfy_cloud": "pytest_comfy_cloud"} == project["entry-points"]["pytest11"]


def test_nothing_is_imported_until_the_fixture_is_used(tmp_path: Path) -> None:
    """Every pytest of an environment loads the plugin, so it costs nothing where nobody asks for it."""
    done = run(
        tmp_path,
        """
import sys
def loaded():
    return {"comfy_cloud", "comfy_cloud_api", "httpx", "msgspec", "sqlite3", "starlette", "uvicorn"} & set(sys.modules)
def test_without(): assert set() == loaded()
def test_with(comfy_sandbox): assert {"comfy_cloud", "starlette"} < loaded()
""",
    )
    assert (0, "2 passed") == (done.returncode, done.stdout.splitlines()[-1].partition(" in ")[0]), done.stdout


def test_each_test_has_its_own_sandbox_as_it_is_marked(tmp_path: Path) -> None:
    """Markers add up, the nearest to the test wins; what one test changes, the next one does not see."""
    done = run(
        tmp_path,
        """
import httpx, pytest
pytestmark = pytest.mark.comfy_sandbox(assets=7, key="open")

def total(box, key):
    response = httpx.get(box.url + "/api/assets", headers={"X-API-Key": key})
    return response.status_code, response.json().get("total")

@pytest.mark.parametrize("again", range(2))
def test_module(comfy_sandbox, again):
    assert (200, 7) == total(comfy_sandbox, "open")
    comfy_sandbox.add(name="one more")
    assert (200, 8) == total(comfy_sandbox, "open")

@pytest.mark.comfy_sandbox(assets=3, dialect="comfyui", features=["key=on"], faults="503*2")
def test_nearest(comfy_sandbox):
    assert [503, 503, 200] == [total(comfy_sandbox, "open")[0] for _ in range(3)]
    assert (200, 3) == total(comfy_sandbox, "open")
    assert 401 == total(comfy_sandbox, "no")[0]
""",
    )
    assert (0, "3 passed") == (done.returncode, done.stdout.splitlines()[-1].partition(" in ")[0]), done.stdout


def test_a_library_of_your_own_can_be_marked(tmp_path: Path) -> None:
    """From a file beside the tests."""
    (tmp_path / "library.csv").write_text("name,tags\ncat.png,a|b\n", encoding="utf-8")
    done = run(
        tmp_path,
        """
import pytest
@pytest.mark.comfy_sandbox(load="library.csv")
def test_it(comfy_sandbox):
    assert [("cat.png", ("a", "b"))] == [(asset.name, asset.tags) for asset in comfy_sandbox.assets()]
""",
    )
    assert 0 == done.returncode, done.stdout


WRONG = {
    "asset=5": "The marker comfy_sandbox takes no asset; it takes assets, seed, load, key, dialect, features,",
    "5": "The marker comfy_sandbox takes nothing without a name; it takes assets, seed,",
    "assets=-1": "The marker comfy_sandbox: The number of assets must be 0 or more, not -1.",
    "dialect='klingon'": "The marker comfy_sandbox: There is no dialect 'klingon'",
    "faults='5003'": "The marker comfy_sandbox: Column 1, at '5003'",
    "load='no.json'": "The marker comfy_sandbox: Cannot read no.json: No such file or directory.",
}


def test_a_wrong_marker_is_one_sentence(tmp_path: Path) -> None:
    """Instead of a traceback through the plugin."""
    tests = [
        f"@pytest.mark.comfy_sandbox({marker})\ndef test_{number}(comfy_sandbox): pass\n"
        for number, marker in enumerate(WRONG)
    ]
    done = run(tmp_path, f"import pytest\n{''.join(tests)}", "--tb=line")
    assert [] == [said for said in WRONG.values() if said not in done.stdout], done.stdout
    assert "6 errors" == done.stdout.splitlines()[-1].partition(" in ")[0]
    assert "Traceback" not in done.stdout


def test_it_works_when_tests_run_in_several_processes(tmp_path: Path) -> None:
    """Each has its own library and its own port."""
    done = run(
        tmp_path,
        """
import httpx, pytest
@pytest.mark.comfy_sandbox(assets=5)
@pytest.mark.parametrize("n", range(6))
def test_it(comfy_sandbox, n):
    comfy_sandbox.add(name="mine")
    body = httpx.get(comfy_sandbox.url + "/api/assets", headers={"X-API-Key": comfy_sandbox.key}).json()
    assert 6 == body["total"]
""",
        *("-p", "xdist.plugin", "-n", "2"),
    )
    assert (0, "6 passed") == (done.returncode, done.stdout.splitlines()[-1].partition(" in ")[0]), done.stdout
