"""The sandbox's own pages: the landing page and what is below `/_sandbox/`, for those who may see them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from comfy_cloud.sandbox._api.dialects import Dialect, dialect
from comfy_cloud.sandbox._errors import DialectError
from comfy_cloud.sandbox._library.filters import ListAssets, ListTags
from comfy_cloud.sandbox._serving.exchange import SEQUENCE_HEADER, Answer, Asked

from .admin import ROOT, Admin
from .guard import ASK, Refusal, refusal
from .page import PER_PAGE, POLICY, SORTS, Choice, Shown, page_html
from .previews import preview_png
from .view import Pictures

if TYPE_CHECKING:
    from comfy_cloud.sandbox._sandbox import Sandbox

_TAGS_SHOWN = 30
_REQUESTS_SHOWN = 15
_MOST_PAGES = 10**9


class Site:
    """Answers `/` and what is below `/_sandbox/`. Safe to use from several threads."""

    def __init__(self, sandbox: Sandbox, pictures: Pictures, key: str, listens_on: str) -> None:
        """Show and change `sandbox`, which was told to listen on the host `listens_on`."""
        self._sandbox = sandbox
        self._admin = Admin(sandbox, pictures)
        self._key = key
        self._listens_on = listens_on

    def answer(self, asked: Asked) -> Answer:
        """The answer to one request. It says which change of the library it saw, as every answer does."""
        answer = self._answer(asked)
        if any(name == SEQUENCE_HEADER for name, _ in answer.headers):
            return answer
        seen = self._sandbox.sequence
        return replace(answer, headers=(*answer.headers, (SEQUENCE_HEADER, str(seen))), sequence=seen)

    def _answer(self, asked: Asked) -> Answer:
        refused = refusal(asked, self._key, self._listens_on)
        if refused is not None:
            return _refused(refused)
        if asked.path == f"{ROOT}icon.png":
            return Answer(200, (("Content-Type", "image/png"),), preview_png("comfy-cloud"))
        if asked.path.startswith(ROOT) and asked.path != ROOT:
            return self._admin.answer(asked)
        if asked.method not in {"GET", "HEAD"}:
            return Answer(405, (("Allow", "GET, HEAD"), ("Content-Type", "text/plain")), b"405: Method Not Allowed")
        return self._landing(asked)

    def _landing(self, asked: Asked) -> Answer:
        shown = self._shown(asked, _choice(asked))
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", POLICY),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            (SEQUENCE_HEADER, str(shown.sequence)),
        )
        return Answer(200, headers, page_html(shown).encode("utf-8", "replace"), shown.sequence)

    def _shown(self, asked: Asked, choice: Choice) -> Shown:
        box = self._sandbox
        library, spoken = box.service.library, box.dialect
        sort, order, _ = SORTS[choice.sort]
        page = library.list_assets(
            ListAssets(
                include_tags=choice.tags,
                name_contains=choice.text,
                limit=PER_PAGE,
                offset=(choice.page - 1) * PER_PAGE,
                sort=sort,
                order=order,
            )
        )
        tags = library.list_tags(ListTags(limit=_TAGS_SHOWN))
        return Shown(
            url=asked.base_url,
            key=self._key if spoken.key else None,
            dialect=_spoken(spoken),
            sequence=page.sequence,
            choice=choice,
            assets=page.assets,
            total=page.total,
            library_total=library.list_assets(ListAssets(limit=1)).total,
            tags=tags.tags,
            all_tags=tags.total,
            requests=box.requests[-_REQUESTS_SHOWN:][::-1],
            faults=[str(fault) for fault in box.faults],
        )


def _choice(asked: Asked) -> Choice:
    """What the query asks to see; what makes no sense in it is as if it were not there."""
    last = dict(asked.query)
    page = last.get("page", "")
    return Choice(
        tags=tuple(dict.fromkeys(value for name, value in asked.query if name == "tag" and value))[:20],
        text=last.get("q", ""),
        sort=last["sort"] if last.get("sort") in SORTS else "newest",
        page=min(max(1, int(page)), _MOST_PAGES) if re.fullmatch("[0-9]{1,12}", page, re.ASCII) else 1,
    )


def _spoken(spoken: Dialect) -> str:
    """A dialect's name, and the features in which it differs from the one of that name."""
    try:
        plain = dialect(spoken.name).features()
    except DialectError:
        return spoken.name
    changed = [f"{name}={value}" for name, value in spoken.features().items() if plain[name] != value]
    return ", ".join([spoken.name, *changed])


def _refused(why: Refusal) -> Answer:
    body = json.dumps({"code": why.code, "message": why.message}).encode()
    headers = (("Content-Type", "application/json"), *(ASK if why.status == 401 else ()))  # noqa: PLR2004 - HTTP's
    return Answer(why.status, headers, body)
