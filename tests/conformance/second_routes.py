"""A second reading of redirects and keys: targets resolved by the standard library, origins by RFC 6454."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from comfy_cloud.conformance import Case
from comfy_cloud.conformance._judging import KEY

PLACES = {"{server}": "http://127.0.0.1:9001", "{other}": "http://127.0.0.1:9002"}
FOLLOWED = {301, 302, 303, 307, 308}


class Stop(NamedTuple):
    """One request: its method, URL, and whether it carries the key."""

    method: str
    url: str
    key: bool


def placed(text: str) -> str:
    """A text with addresses in place of places."""
    for place, address in PLACES.items():
        text = text.replace(place, address)
    return text


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host in lower case, and port."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)


def here(host: str) -> bool:
    """Whether a host is this machine by its name or address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def usable(case: Case) -> bool:
    """Whether a client can be made from a case's settings."""
    base, key = placed(case.input.get("base_url", "{server}")), case.input.get("api_key", KEY)
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        return False
    if key is not None and (not key or not key.isascii() or any(char <= " " or char == "\x7f" for char in key)):
        return False
    if "x-api-key" in map(str.lower, case.input.get("headers", {})):
        return False
    outside = not here(parts.hostname)
    return not (outside and (key is None or (parts.scheme == "http" and not case.input.get("allow_http"))))


def walked(case: Case) -> tuple[list[Stop], str]:
    """The requests of a case's call, and its result."""
    given, outcomes = case.input, list(case.script)
    base = placed(given.get("base_url", "{server}")).rstrip("/")
    path = given.get("path", "/api/assets")
    made, result = _followed(case, given.get("method", "GET"), f"{base}{path}", outcomes)
    if result == "success" and given.get("preview"):
        preview = urljoin(f"{base}/", placed(case.script[0]["json"]["assets"][0]["preview_url"]))
        if _forbidden(case, f"{base}/", preview, "GET"):
            return made, "redirect"
        more, result = _followed(case, "GET", preview, outcomes)
        made += more
    return made, result


def _followed(case: Case, method: str, url: str, outcomes: list[Any]) -> tuple[list[Stop], str]:
    made: list[Stop] = []
    while True:
        made.append(_stop(case, method, url))
        outcome = outcomes[0] if len(outcomes) == 1 else outcomes.pop(0)
        location = outcome.get("headers", {}).get("Location")
        if outcome["status"] not in FOLLOWED or location is None:
            return made, "success"
        if len(made) > 5 or (method not in ("GET", "HEAD") and outcome["status"] in (301, 302)):
            return made, "redirect"
        method = "GET" if outcome["status"] == 303 and method != "HEAD" else method
        try:
            said = urlsplit(placed(location))
            if said.scheme and not said.netloc:  # which urljoin takes for one on the same host
                return made, "redirect"
            target = urljoin(url, placed(location))
            if _forbidden(case, url, target, method):
                return made, "redirect"
        except ValueError:
            return made, "redirect"
        url = target


def _stop(case: Case, method: str, url: str) -> Stop:
    base = placed(case.input.get("base_url", "{server}"))
    scheme, host, port = origin(url)
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}[scheme]
    shown = f"{scheme}://{f'[{host}]' if ':' in host else host}{'' if port == usual else f':{port}'}"
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    for place, address in PLACES.items():
        shown = place if shown == address else shown
    return Stop(method, f"{shown}{target}", origin(base) == origin(url) and case.input.get("api_key", KEY) is not None)


def _forbidden(case: Case, url: str, target: str, method: str) -> bool:
    there, key = urlsplit(target), case.input.get("api_key", KEY)
    if there.scheme not in ("http", "https") or not there.hostname or not 0 <= (there.port or 0) <= 65535:
        return True
    labels = there.hostname.removesuffix(".").split(".")
    if len(there.hostname) > 253 or not all(0 < len(label) < 64 for label in labels if ":" not in there.hostname):
        return True
    elsewhere = origin(url) != origin(target)
    base = placed(case.input.get("base_url", "{server}"))
    if key and key in target and origin(target) != origin(base):
        return True
    if there.scheme == "http" and (
        urlsplit(url).scheme == "https" or not (here(there.hostname) or case.input.get("allow_http"))
    ):
        return True
    return elsewhere and method not in ("GET", "HEAD")
