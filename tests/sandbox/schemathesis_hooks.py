"""What schemathesis is told about this API beyond its spec. It loads this file itself, by SCHEMATHESIS_HOOKS."""

import json
import zlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import schemathesis
from schemathesis import GenerationMode

VALUES: list[Any] = [1, 1.5, True, None, "", "euler", [], [1, None, "x"], [[1]], {"a": 1, "b": 2}, 10**30]

# What the spec's description of a parameter says but its schema does not, or what was observed on ComfyUI 0.27.
OPEN = ("metadata_filter: ", "prefix: ", "offset: ", "include_tags: ", "exclude_tags: ", "The request target is longer")


@schemathesis.hook
def filter_query(_: Any, query: dict[str, Any] | None) -> bool:
    """Leave out what is meant to be invalid but is not, once it is sent.

    An empty object is not sent at all, and null where tags are expected is sent as no tags.
    """
    return not any(value == {} or (value is None and name.endswith("_tags")) for name, value in (query or {}).items())


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Let most metadata filters be what they have to be, JSON objects; a plain text hardly ever is one."""
    del context
    text = (query or {}).get("metadata_filter")
    if not isinstance(text, str) or not query:
        return query
    dice = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    if dice % 5 == 0:
        return query
    key = ("seed", "n", "loras", "canvas", text)[dice % 5]
    return {**query, "metadata_filter": json.dumps({key: VALUES[dice % len(VALUES)]})}


@schemathesis.check
def refuses_only_what_the_schema_cannot_say(_: Any, response: Any, case: Any) -> None:
    """A request that fits the spec's schema is refused only where the schema leaves open what fits."""
    if response.status_code == 400 and case.meta.generation.mode is GenerationMode.POSITIVE:
        body = response.json()
        said = body.get("message") or body["error"]["details"]["errors"][0]["loc"][0] + ": "
        assert said.startswith(OPEN), f"a valid request was refused: {body}"


@schemathesis.check
def has_more_agrees_with_total(_: Any, response: Any, __: Any) -> None:
    """Each page is of one instant, also while the library changes: there is more exactly when total says so."""
    if response.status_code != 200:
        return
    body = response.json()
    items = body["assets"] if "assets" in body else body["tags"]
    # As it was sent: what schemathesis drew may be an empty object, which is not sent at all.
    sent = dict(parse_qsl(urlsplit(response.request.url).query))
    assert len(items) <= min(int(sent.get("limit", 20 if "assets" in body else 100)), body["total"])
    assert body["has_more"] is (int(sent.get("offset", 0)) + len(items) < body["total"])
    assert response.headers["x-sandbox-sequence"][0].isdigit()
