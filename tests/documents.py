"""What README and the pages in docs/ hold: their blocks of code, their links, their headings, and the site's menu."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
OUTPUT = "Output"
"""The title of a block that shows what the block before it prints."""

_FENCE = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_DIRECTIVE = re.compile(r"^::: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code on a page.

    Attributes:
        page: Where it stands, from the repository's root on.
        number: Which block of the page it is, from 1.
        language: What it says it is.
        title: The file it is shown as; empty where it has none.
        code: What it says.
        prints: What the page says that it prints; None where it says nothing.
    """

    page: str
    number: int
    language: str
    title: str
    code: str
    prints: str | None = None

    @property
    def name(self) -> str:
        """By which a test calls it: its page, and its first line."""
        return f"{self.page}: {self.code.splitlines()[0]}"


def name_of(page: Path) -> str:
    """A page's path from the repository's root on, the same on every system."""
    return page.relative_to(ROOT).as_posix()


@cache
def text_of(page: Path) -> str:
    """What a page says."""
    return page.read_text(encoding="utf-8")


@cache
def blocks_of(page: Path) -> tuple[Block, ...]:
    """The blocks of code of a page, outputs joined to what prints them."""
    found: list[Block] = []
    for number, (_, language, rest, code) in enumerate(_FENCE.findall(text_of(page)), 1):
        title = "".join(re.findall(r'title="([^"]*)"', rest))
        block = Block(name_of(page), number, language, title, dedent(code))
        if title == OUTPUT and found:
            before = found.pop()
            block = Block(before.page, before.number, before.language, before.title, before.code, block.code)
        found.append(block)
    return tuple(found)


def blocks() -> Iterator[Block]:
    """All blocks of code of all pages."""
    for page in PAGES:
        yield from blocks_of(page)


def rewrite(block: Block, printed: str) -> None:
    """Have the page say what the block prints, where it says anything."""
    page, end = ROOT / block.page, f'{block.code}```\n\n```text title="{OUTPUT}"\n'
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(f"{end}{block.prints}```", f"{end}{printed}```"), encoding="utf-8", newline="\n")


def prose_of(page: Path) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", text_of(page))


def links_of(page: Path) -> list[tuple[str, str]]:
    """A page's links inside the repository: each as the file and the heading it leads to, either of which may be ''."""
    links = [link for link in _LINK.findall(prose_of(page)) if not re.match(r"[a-z]+:", link)]
    return [(link.partition("#")[0], link.partition("#")[2]) for link in links]


def anchors_of(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"[-\s]+", "-", heading) for heading in plain}


def documented_names() -> list[str]:
    """What the reference has an entry for, by its dotted name."""
    return [name for page in PAGES for name in _DIRECTIVE.findall(text_of(page))]


def menu() -> list[str]:
    """The pages that the site's menu leads to, in its order, from docs/ on."""
    return list(_leaves(YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))


def _leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for below in entry.values() if isinstance(entry, dict) else entry:
            yield from _leaves(below)
