"""What README and the pages in docs/ show works as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from comfy_cloud.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    pytest.param(block, id=f"{page.name} {number}")
    for page in PAGES
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL), 1)
]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """What the environment's variables lead to."""
    with Sandbox.seeded(300) as sandbox:
        yield sandbox


@pytest.mark.parametrize("block", BLOCKS)
def test_a_code_block_runs(block: str, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the sandbox, with nothing but the variables that a user sets."""
    monkeypatch.setenv("COMFY_CLOUD_BASE_URL", box.url)
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", box.key)
    exec(compile(block, "<block>", "exec"), {"__name__": "block"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_somewhere(page: Path) -> None:
    """Inside the repository."""
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_guarantee_is_told_word_for_word_in_code_and_docs() -> None:
    """One promise, in one wording."""
    page = (ROOT / "docs" / "exact-listing.md").read_text(encoding="utf-8")
    promise = " ".join(page.split("## The guarantee")[1].split("##")[0].split())
    code = (ROOT / "wrapper" / "comfy_cloud" / "pagination.py").read_text(encoding="utf-8")
    assert promise in " ".join(code.split())
