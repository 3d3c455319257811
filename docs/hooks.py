# ruff: noqa: INP001 - MkDocs loads it by its path
"""What MkDocs is told beyond its settings: a built page that would load anything from another host is an error."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

_LOADED_BY: Final = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
    "embed": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
}
_LINKS_THAT_LOAD: Final = frozenset({"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch"})
_ELSEWHERE: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_IN_STYLES: Final = re.compile(r"""(?:@import\s+|url\(\s*)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)


class _Loaded(HTMLParser):
    """The addresses on other hosts that a page loads by itself; what a reader has to click is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what an element loads."""
        given = {name: value or "" for name, value in attrs}
        names = _LOADED_BY.get(tag, ())
        if tag == "link" and _LINKS_THAT_LOAD & set(given.get("rel", "").split()):
            names = ("href",)
        self.found += [given[name] for name in names if _ELSEWHERE.match(given.get(name, ""))]
        self.found += _IN_STYLES.findall(given.get("style", ""))


def on_post_build(config: MkDocsConfig) -> None:
    """Fail where the site would make requests to other hosts.

    Raises:
        PluginError: it would; it says which file asks for what.
    """
    site = Path(config.site_dir)
    found = [f"{path.relative_to(site)} loads {url}" for path in sorted(site.rglob("*")) for url in _loaded(path)]
    if found:
        raise PluginError(f"The site needs other hosts: {'; '.join(found)}.")


def _loaded(path: Path) -> list[str]:
    if path.suffix == ".css":
        return _IN_STYLES.findall(path.read_text(encoding="utf-8"))
    if path.suffix not in {".html", ".svg"}:
        return []
    page = _Loaded()
    page.feed(path.read_text(encoding="utf-8"))
    return page.found
