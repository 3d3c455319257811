"""The library, the faults and the log over HTTP, for programs in any language. All below `/_sandbox`, all JSON.

    GET    /_sandbox/state                what there is: totals, sequence, dialect, faults
    POST   /_sandbox/assets               add an asset: {"name": ..., "tags": [...], "size": ..., ...}
    GET    /_sandbox/assets/ID            one asset, as the library has it
    PATCH  /_sandbox/assets/ID            change fields: {"size": ..., ...}
    DELETE /_sandbox/assets/ID            delete it
    POST   /_sandbox/assets/ID/rename     {"name": ...}
    POST   /_sandbox/assets/ID/retag      {"add": [...], "remove": [...]}
    GET    /_sandbox/changes?since=N      the changes after number N, from 0
    GET    /_sandbox/faults               the faults that are on, as texts
    POST   /_sandbox/faults               turn some on: {"faults": "503*2"}
    DELETE /_sandbox/faults               turn all off
    GET    /_sandbox/requests?since=N     the log, after request number N
    DELETE /_sandbox/requests             forget it
    GET    /_sandbox/preview/ID           a picture of an asset, also where the API has none

A change answers with its number, its kind, the id, and the asset before and after. The fields of an asset are those of
`AssetRow`, the text of a fault is that of `--faults`. An error is the spec's `{"code", "message"}`. Nothing here is
logged and no fault touches it. Who may ask is said in `_guard`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from comfy_cloud.sandbox._errors import AssetError, AssetNotFoundError
from comfy_cloud.sandbox._faults.kinds import FaultError
from comfy_cloud.sandbox._library.changes import Change
from comfy_cloud.sandbox._library.model import AssetRow
from comfy_cloud.sandbox._library.tables import asset_of
from comfy_cloud.sandbox._serving.exchange import SEQUENCE_HEADER, Answer, Asked, Pairs

from .view import Pictures

if TYPE_CHECKING:
    from comfy_cloud.sandbox._sandbox import Sandbox

ROOT = "/_sandbox/"
"""What all paths of the interface begin with."""

Body: TypeAlias = Mapping[str, object]
Done: TypeAlias = tuple[int, object]
"""Status and body of an answer."""


_HELP = "what there is, python -m pydoc comfy_cloud.sandbox._site.admin says."


class _BadRequestError(ValueError):
    """The request's body or query is not what the operation takes; the message says what is."""


class Admin:
    """Answers what is asked below `/_sandbox/`. Safe to use from several threads."""

    def __init__(self, sandbox: Sandbox, pictures: Pictures) -> None:
        """Show and change `sandbox`."""
        self._sandbox = sandbox
        self._pictures = pictures

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request that may be answered."""
        path = asked.path.removeprefix(ROOT).rstrip("/")
        routes = {route.method: (route, found) for route in _ROUTES if (found := re.fullmatch(route.path, path))}
        method = "GET" if asked.method == "HEAD" else asked.method
        if not routes:
            return self._error(404, "NOT_FOUND", f"There is nothing at {asked.path}: {_HELP}")
        if method not in routes:
            allowed = ", ".join(sorted({*routes, *({"HEAD"} if "GET" in routes else ())}))
            return self._error(405, "METHOD_NOT_ALLOWED", f"{asked.path} takes {allowed}.", (("Allow", allowed),))
        route, found = routes[method]
        try:
            done = route.do(self, asked, *found.groups())
        except AssetNotFoundError as error:
            return self._error(404, "ASSET_NOT_FOUND", str(error))
        except (AssetError, FaultError, _BadRequestError) as error:
            return self._error(400, "BAD_REQUEST", str(error))
        return done if isinstance(done, Answer) else self._json(*done)

    def state(self, asked: Asked) -> Done:
        """What there is."""
        box = self._sandbox
        ((assets, tags),) = box.sql("SELECT (SELECT COUNT(*) FROM assets), (SELECT COUNT(*) FROM tags)")
        dialect = {"name": box.dialect.name, "features": box.dialect.features()}
        return 200, {
            "url": asked.base_url,
            "sequence": box.sequence,
            "assets": assets,
            "tags": tags,
            "requests": len(box.requests),
            "dialect": dialect,
            "faults": [str(fault) for fault in box.faults],
        }

    def add(self, asked: Asked) -> Done:
        """Add an asset."""
        return 201, _change(self._sandbox.add(**_body(asked)))

    def show(self, asked: Asked, identity: str) -> Done:
        """One asset."""
        del asked
        row, _ = self._sandbox.service.library.get(identity.lower())
        if row is None:
            raise AssetNotFoundError(f"There is no asset {identity}.")
        return 200, _asset(asset_of(row))

    def change(self, asked: Asked, identity: str) -> Done:
        """Change fields of an asset."""
        return 200, _change(self._sandbox.change(identity, **_body(asked)))

    def delete(self, asked: Asked, identity: str) -> Done:
        """Delete an asset."""
        del asked
        return 200, _change(self._sandbox.delete(identity))

    def rename(self, asked: Asked, identity: str) -> Done:
        """Give an asset another name."""
        body = _body(asked, "name")
        return 200, _change(self._sandbox.rename(identity, _text(body, "name")))

    def retag(self, asked: Asked, identity: str) -> Done:
        """Give an asset other tags."""
        body = _body(asked, "add", "remove")
        return 200, _change(self._sandbox.retag(identity, add=_texts(body, "add"), remove=_texts(body, "remove")))

    def changes(self, asked: Asked) -> Done:
        """The changes since one."""
        return 200, {"changes": [_change(one) for one in self._sandbox.changes(_since(asked))]}

    def faults(self, asked: Asked) -> Done:
        """The faults that are on."""
        del asked
        return 200, {"faults": [str(fault) for fault in self._sandbox.faults]}

    def add_faults(self, asked: Asked) -> Done:
        """Turn faults on."""
        self._sandbox.faults.add(_text(_body(asked, "faults"), "faults"))
        return 201, self.faults(asked)[1]

    def clear_faults(self, asked: Asked) -> Done:
        """Turn all faults off."""
        self._sandbox.faults.clear()
        return self.faults(asked)

    def requests(self, asked: Asked) -> Done:
        """The log."""
        log, since = self._sandbox.requests, _since(asked)
        return 200, {"requests": [asdict(one) for one in log if one.number > since], "dropped": log.dropped}

    def clear_requests(self, asked: Asked) -> Done:
        """Forget the log."""
        self._sandbox.requests.clear()
        return self.requests(asked)

    def preview(self, asked: Asked, identity: str) -> Answer:
        """A picture of an asset."""
        del asked
        picture = self._pictures.of_asset(identity.lower())
        if picture is None:
            return self._error(404, "ASSET_NOT_FOUND", f"There is no picture of an asset {identity}.")
        kind = (("Content-Type", picture.mime_type), ("X-Content-Type-Options", "nosniff"))
        return Answer(200, (*kind, *self._seen()), picture.content)

    def _error(self, status: int, code: str, message: str, headers: Pairs = ()) -> Answer:
        return self._json(status, {"code": code, "message": message}, headers)

    def _json(self, status: int, body: object, headers: Pairs = ()) -> Answer:
        kind = (("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff"))
        return Answer(status, (*kind, *self._seen(), *headers), json.dumps(body, ensure_ascii=False).encode())

    def _seen(self) -> Pairs:
        return ((SEQUENCE_HEADER, str(self._sandbox.sequence)),)


class _Route(NamedTuple):
    method: str
    path: str
    do: Callable[..., Answer | Done]


_ID = "assets/([^/]+)"
_ROUTES = (
    _Route("GET", "state", Admin.state),
    _Route("POST", "assets", Admin.add),
    _Route("GET", _ID, Admin.show),
    _Route("PATCH", _ID, Admin.change),
    _Route("DELETE", _ID, Admin.delete),
    _Route("POST", f"{_ID}/rename", Admin.rename),
    _Route("POST", f"{_ID}/retag", Admin.retag),
    _Route("GET", "changes", Admin.changes),
    _Route("GET", "faults", Admin.faults),
    _Route("POST", "faults", Admin.add_faults),
    _Route("DELETE", "faults", Admin.clear_faults),
    _Route("GET", "requests", Admin.requests),
    _Route("DELETE", "requests", Admin.clear_requests),
    _Route("GET", "preview/([^/]+)", Admin.preview),
)


def _body(asked: Asked, *known: str) -> dict[str, object]:
    """The object in a request's body; with `known`, it may have only these fields."""
    try:
        body: object = json.loads(asked.body or b"{}")
    except (ValueError, RecursionError):
        raise _BadRequestError("The body must be JSON.") from None
    if not isinstance(body, dict):
        raise _BadRequestError("The body must be a JSON object.")
    fields = cast("dict[str, object]", body)
    unknown = sorted(fields.keys() - set(known)) if known else []
    if unknown:
        raise _BadRequestError(f"The body takes {' and '.join(known)}, not {unknown[0]!r}.")
    return fields


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise _BadRequestError(f"The body needs a text {name}.")
    return value


def _texts(body: Body, name: str) -> list[str]:
    value = body.get(name, [])
    items = cast("list[object]", value) if isinstance(value, list) else [None]
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) < len(items):
        raise _BadRequestError(f"{name} must be a list of texts.")
    return texts


def _since(asked: Asked) -> int:
    text = next((value for name, value in asked.query if name == "since"), "0")
    if not re.fullmatch("[0-9]{1,18}", text, re.ASCII):
        raise _BadRequestError("since is the number of the last one you know, 0 for none.")
    return int(text)


def _change(change: Change) -> Body:
    return {
        "sequence": change.sequence,
        "kind": change.kind,
        "id": change.id,
        "before": _asset(change.before),
        "after": _asset(change.after),
    }


def _asset(asset: AssetRow | None) -> Body | None:
    return None if asset is None else asset._asdict()
