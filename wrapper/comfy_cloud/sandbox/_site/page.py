"""The landing page: a library in the browser, as HTML made from values. Pure.

It has no script and loads nothing but its own pictures, which a Content-Security-Policy holds it to; so whatever
names and tags say, they are only text.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import PurePosixPath
from urllib.parse import urlencode

from comfy_cloud.sandbox._library.model import PUBLIC, AssetRow
from comfy_cloud.sandbox._serving.log import LoggedRequest

from .page_style import STYLE, STYLE_HASH
from .page_text import counted, shortened, sized, visible

PER_PAGE = 48
"""How many assets a page shows."""

SORTS = {
    "newest": ("created_at", "desc", "Newest first"),
    "updated": ("updated_at", "desc", "Changed last"),
    "name": ("name", "asc", "By name"),
    "largest": ("size", "desc", "Largest first"),
}
"""The orders that can be chosen: sort, order, and what they are called."""

POLICY = (
    f"default-src 'none'; style-src '{STYLE_HASH}'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""The page's Content-Security-Policy."""

_TAGS_ON_CARD = 4
_COLUMNS = ("#", "Request", "Status", "Bytes", "Fault", "Ended")
_GONE = '<span aria-hidden="true">\N{MULTIPLICATION SIGN}</span>'
_KINDS = frozenset(("video", "audio", "model", "text"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody looks at: the assets that have all `tags` and whose name contains `text`."""

    tags: tuple[str, ...] = ()
    text: str = ""
    sort: str = "newest"
    page: int = 1

    def link(self) -> str:
        """The page's address for it, without what is as it is at first."""
        pairs = [("tag", tag) for tag in self.tags]
        pairs += [("q", self.text)] * bool(self.text)
        pairs += [("sort", self.sort)] * (self.sort != "newest")
        pairs += [("page", str(self.page))] * (self.page > 1)
        return f"/?{urlencode(pairs)}" if pairs else "/"

    def with_tag(self, tag: str) -> Choice:
        """The first page of what also has this tag."""
        return replace(self, tags=(*(one for one in self.tags if one != tag), tag), page=1)

    def without_tag(self, tag: str) -> Choice:
        """The first page of what need not have this tag."""
        return replace(self, tags=tuple(one for one in self.tags if one != tag), page=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page shows."""

    url: str
    key: str | None
    """None where no key is needed."""
    dialect: str
    sequence: int
    choice: Choice
    assets: Sequence[AssetRow]
    total: int
    """How many assets are chosen, on all pages."""
    library_total: int
    tags: Sequence[tuple[str, int]]
    """The tags of the library, each with its number of assets, most used first."""
    all_tags: int
    requests: Sequence[LoggedRequest]
    """The last ones, newest first."""
    faults: Sequence[str]


def page_html(shown: Shown) -> str:
    """The whole page."""
    parts = (
        _head(shown),
        _connect(shown),
        _faults(shown.faults),
        f'<div class="columns"><aside>{_search(shown)}{_facets(shown)}</aside>',
        f'<main id="assets">{_chosen(shown)}{_grid(shown)}{_pages(shown)}</main></div>',
        _requests(shown.requests),
        "</body></html>\n",
    )
    return "".join(parts)


def _head(shown: Shown) -> str:
    assets = counted(shown.library_total, "asset")
    changes = f" · {counted(shown.sequence, 'change')} so far" if shown.sequence else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Comfy Cloud sandbox</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="/_sandbox/icon.png">'
        f"<style>{STYLE}</style></head><body>"
        '<a class="skip" href="#assets">Skip to the assets</a><header><div>'
        '<h1><a href="/">Comfy Cloud <em>sandbox</em></a></h1>'
        f"<p>{assets} · {counted(shown.all_tags, 'tag')} · dialect <b>{visible(shown.dialect)}</b>{changes}</p></div>"
        '<nav aria-label="This page"><a href="#connect">Connect</a><a href="#assets">Assets</a>'
        '<a href="#requests">Requests</a></nav></header>'
    )


def _connect(shown: Shown) -> str:
    key = "" if shown.key is None else f"<dt>Key</dt><dd><code>{visible(shown.key)}</code></dd>"
    return (
        '<section id="connect" aria-labelledby="connect-title"><h2 id="connect-title">Connect</h2><div class="ways">'
        f"<dl><dt>URL</dt><dd><code>{visible(shown.url)}</code></dd>{key}</dl>"
        f"<figure><figcaption>Python</figcaption><pre><code>{escape(_python(shown))}</code></pre></figure>"
        f"<figure><figcaption>Shell</figcaption><pre><code>{escape(_curl(shown))}</code></pre></figure></div></section>"
    )


def _python(shown: Shown) -> str:
    return (
        "from comfy_cloud import ComfyCloud\n\n"
        f"url, key = {shown.url!r}, {shown.key!r}\n"
        "with ComfyCloud(base_url=url, api_key=key) as comfy:\n"
        "    for asset in comfy.assets.limit(10):\n"
        "        print(asset.name, asset.size)\n"
    )


def _curl(shown: Shown) -> str:
    key = "" if shown.key is None else f" \\\n  -H {shlex.quote(f'X-API-Key: {shown.key}')}"
    return f"curl {shlex.quote(f'{shown.url}/api/assets?limit=10')}{key}\n"


def _search(shown: Shown) -> str:
    choice = shown.choice
    tags = "".join(f'<input type="hidden" name="tag" value="{escape(tag)}">' for tag in choice.tags)
    sorts = "".join(
        f'<option value="{name}"{" selected" * (name == choice.sort)}>{title}</option>'
        for name, (_, _, title) in SORTS.items()
    )
    return (
        f'<form role="search" action="/" method="get">{tags}'
        f'<label for="q">Name contains</label><input id="q" name="q" type="search" value="{escape(choice.text)}">'
        f'<label for="sort">Order</label><select id="sort" name="sort">{sorts}</select>'
        '<button type="submit">Show</button></form>'
    )


def _facets(shown: Shown) -> str:
    items = "".join(_facet(shown.choice, tag, count) for tag, count in shown.tags)
    more = shown.all_tags - len(shown.tags)
    rest = f'<p class="quiet">and {counted(more, "tag")} more, less used</p>' if more > 0 else ""
    empty = "" if shown.tags else '<p class="quiet">No tags.</p>'
    listed = f'<ul class="facets">{items}</ul>{rest}{empty}'
    return f'<nav aria-labelledby="tags-title"><h2 id="tags-title">Tags</h2>{listed}</nav>'


def _facet(choice: Choice, tag: str, count: int) -> str:
    on = tag in choice.tags
    link = (choice.without_tag(tag) if on else choice.with_tag(tag)).link()
    current = ' aria-current="true"' if on else ""
    return f'<li><a href="{escape(link)}"{current}><bdi>{visible(tag)}</bdi> <span>{count:,}</span></a></li>'


def _chosen(shown: Shown) -> str:
    choice = shown.choice
    chips = [
        f'<a class="chip" href="{escape(choice.without_tag(tag).link())}"><span class="hidden">without </span>'
        f"<bdi>{visible(tag)}</bdi> {_GONE}</a>"
        for tag in choice.tags
    ]
    if choice.text:
        link = replace(choice, text="", page=1).link()
        chips.append(
            f'<a class="chip" href="{escape(link)}"><span class="hidden">without </span>'
            f"name contains “<bdi>{visible(choice.text)}</bdi>” {_GONE}</a>"
        )
    return f'<h2>{counted(shown.total, "asset")}</h2><p class="chips">{" ".join(chips)}</p>'


def _grid(shown: Shown) -> str:
    if not shown.assets:
        nothing = "This library has no assets."
        why = 'No asset fits. <a href="/">Show all</a>' if shown.library_total else nothing
        return f'<p class="nothing">{why}</p>'
    return f'<ul class="grid">{"".join(_card(asset, shown.choice) for asset in shown.assets)}</ul>'


def _card(asset: AssetRow, choice: Choice) -> str:
    name = f"<bdi>{visible(asset.name)}</bdi>" if asset.name.strip() else "<i>no name</i>"
    tags = [
        f'<li><a href="{escape(choice.with_tag(tag).link())}"><bdi>{visible(tag)}</bdi></a></li>'
        for tag in asset.tags[:_TAGS_ON_CARD]
    ]
    if len(asset.tags) > _TAGS_ON_CARD:
        tags.append(f"<li>+{len(asset.tags) - _TAGS_ON_CARD}</li>")
    made = f'<time datetime="{escape(asset.created_at)}">{escape(asset.created_at[:10])}</time>'
    public = '<span class="public">public</span>' if asset.owner == PUBLIC else ""
    return (
        f'<li><a class="picture" href="/_sandbox/assets/{escape(asset.id)}" tabindex="-1" aria-hidden="true">'
        f'{_picture(asset)}{public}</a><h3 title="{escape(asset.name)}">'
        f'<a href="/_sandbox/assets/{escape(asset.id)}">{name}</a></h3>'
        f"<p>{sized(asset.size)} · {made}</p>"
        f'<ul class="tags">{"".join(tags)}</ul></li>'
    )


def _picture(asset: AssetRow) -> str:
    mime = asset.mime_type or ""
    if mime.startswith("image/") or asset.preview_path is not None:
        return f'<img src="/_sandbox/preview/{escape(asset.id)}" alt="" width="128" height="128" loading="lazy">'
    ending = PurePosixPath(asset.name.replace("\0", "")).suffix[1:13] or mime.rpartition("/")[2][:12] or "?"
    kind = mime.partition("/")[0]
    return f'<span class="tile {kind if kind in _KINDS else "other"}">{visible(ending)}</span>'


def _pages(shown: Shown) -> str:
    last = max(1, -(-shown.total // PER_PAGE))
    now = shown.choice.page
    if last == 1 and now == 1:
        return ""
    links = [
        f'<a href="{escape(replace(shown.choice, page=page).link())}" rel="{rel}">{title}</a>'
        for page, rel, title, there in (
            (min(now - 1, last), "prev", "← Back", now > 1),
            (now + 1, "next", "Next →", now < last),
        )
        if there
    ]
    return f'<nav class="pages" aria-label="Pages"><span>Page {now:,} of {last:,}</span> {" ".join(links)}</nav>'


def _faults(faults: Sequence[str]) -> str:
    if not faults:
        return ""
    items = "".join(f"<li><code>{visible(fault)}</code></li>" for fault in faults)
    title = '<h2 id="faults-title">Faults</h2>'
    return f'<section class="faults" aria-labelledby="faults-title">{title}<ul>{items}</ul></section>'


def _requests(requests: Sequence[LoggedRequest]) -> str:
    title = '<h2 id="requests-title">Last requests</h2>'
    if not requests:
        body = '<p class="quiet">Nobody has asked the API yet.</p>'
    else:
        heads = "".join(f'<th scope="col">{head}</th>' for head in _COLUMNS)
        rows = "".join(map(_request, requests))
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        body = f'<div class="scroll" tabindex="0" role="region" aria-labelledby="requests-title">{table}</div>'
    return f'<section id="requests" aria-labelledby="requests-title">{title}{body}</section>'


def _request(one: LoggedRequest) -> str:
    query = "&".join(f"{name}={value}" for name, value in one.query)
    asked = f"{one.method} {one.path}{'?' if query else ''}{query}"
    cells = (
        f'<td class="number">{one.number:,}</td><td><code>{visible(shortened(asked, 160))}</code></td>',
        f'<td class="number {_tone(one.status)}">{"—" if one.status is None else one.status}</td>',
        f'<td class="number">{one.bytes:,}</td><td>{_codes(one.faults)}</td><td>{visible(one.ended)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"


def _codes(texts: Iterable[str]) -> str:
    return " ".join(f"<code>{visible(shortened(text, 80))}</code>" for text in texts)


def _tone(status: int | None) -> str:
    return "bad" if status is None or status >= 400 else "good"  # noqa: PLR2004 - where errors begin
