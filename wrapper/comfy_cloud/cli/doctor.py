"""`comfy-cloud doctor`: asks the server a few things, each once, and hands what came to `diagnosis`."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast
from urllib.parse import urlsplit
from urllib.request import getproxies
from uuid import uuid4

from comfy_cloud import ApiError, BadRequestError, ComfyCloud, ConfigurationError
from comfy_cloud._http.redirects import is_loopback
from comfy_cloud._settings import DEFAULT_BASE_URL, FROM_ENVIRONMENT, KEY_VARIABLE, URL_VARIABLE
from comfy_cloud.cli import diagnosis
from comfy_cloud.cli.connecting import key_of, opened
from comfy_cloud.cli.diagnosis import Finding
from comfy_cloud.cli.exits import code_of, sentence
from comfy_cloud.cli.flags import Connection
from comfy_cloud.cli.formats import json_text
from comfy_cloud.cli.terminal import emit, progress, screen
from comfy_cloud.errors import AuthenticationError, PermissionDeniedError, StatusError, SubscriptionInactiveError

PATIENCE_S: Final = 15.0
"""How long the doctor waits for an answer, in seconds, unless told."""
_PATH: Final = "/api/assets"


def examine(given: Connection, *, as_json: bool) -> int:
    """Look at everything, say it as it is found, and return the exit code."""
    shown, findings = screen(), list[Finding]()
    with progress("Asking", beside_output=not as_json):
        for finding in _findings(given):
            findings.append(finding)
            if not as_json:
                emit([diagnosis.told(finding, shown.width)])
    if as_json:
        emit([f"{json_text(diagnosis.plain(findings), indent=2)}\n"], "json")
    return diagnosis.exit_code(findings)


def _findings(given: Connection) -> Iterator[Finding]:
    """Everything in turn, as far as one thing does not rest on another that failed."""
    proxies = _proxies()
    url, said = _server(given)
    yield Finding("server", "ok", f"{_without_secrets(url)}, {said}{_by_proxy(proxies)}")
    key, where = _key(given)
    found = diagnosis.of_key(key, where, needed=not is_loopback(_host(url)))
    yield found
    if found.status == "fail":
        return
    try:
        known = FROM_ENVIRONMENT if given.api_key_file is None else key
        comfy = opened(given, api_key=known, attempts=1, timeout_s=PATIENCE_S)
    except ConfigurationError as error:
        yield Finding("settings", "fail", sentence(error), code=code_of(error))
        return
    with comfy:
        yield from _asked(comfy, proxies)


def _asked(comfy: ComfyCloud, proxies: Mapping[str, str]) -> Iterator[Finding]:
    sent, error, page = dt.datetime.now(dt.UTC), None, None
    with comfy.raw_responses() as answers:
        try:
            page = _body(comfy, limit=1)
        except ApiError as raised:
            error = raised
    received = dt.datetime.now(dt.UTC)
    if isinstance(error, AuthenticationError | PermissionDeniedError | SubscriptionInactiveError):
        yield Finding("access", "fail", sentence(error), code=code_of(error))
    elif error is not None:
        yield diagnosis.of_error("answer", error, proxies)
    else:
        yield Finding("answer", "ok", f"after {(received - sent).total_seconds() * 1000:,.0f} ms")
    if answers:
        yield diagnosis.of_clock(answers[-1].headers.get("date"), sent, received)
    if error is None:
        yield from _understood(comfy, page, proxies)


def _understood(comfy: ComfyCloud, page: object, proxies: Mapping[str, str]) -> Iterator[Finding]:
    dialect = diagnosis.of_dialect(page, _refusal(comfy))
    yield dialect
    if dialect.status == "fail":
        return
    nothing = uuid4().hex  # what no asset has
    probes = {
        "include_tags": nothing,
        "name_contains": nothing,
        "metadata_filter": json_text({nothing: nothing}),
    }
    try:
        yield diagnosis.of_filters(
            _total(page), {name: _matching(comfy, name, value) for name, value in probes.items()}
        )
        comfy.assets.limit(1).to_list()
        comfy.tags.list(limit=1).to_list()
        yield diagnosis.of_drift(comfy.drift_report())
    except ApiError as error:
        yield diagnosis.of_error("listing", error, proxies)


def _body(comfy: ComfyCloud, **params: object) -> object:
    """The body of an answer; None where it is no JSON."""
    try:
        return comfy.request("GET", _PATH, params=params).json()
    except ValueError as error:
        if isinstance(error, ApiError):
            raise
        return None


def _refusal(comfy: ComfyCloud) -> bytes | None:
    """How the server refuses a page of no assets, which the API does not allow; None where it does not."""
    with comfy.raw_responses() as answers:
        try:
            _body(comfy, limit=0)
        except StatusError:
            return answers[-1].content
        except ApiError:
            return None
    return None


def _matching(comfy: ComfyCloud, name: str, value: str) -> int | None:
    try:
        return _total(_body(comfy, limit=1, **{name: value}))
    except BadRequestError:
        return None


def _total(page: object) -> int:
    total = cast("dict[str, object]", page).get("total") if isinstance(page, dict) else None
    return total if isinstance(total, int) else 0


def _key(given: Connection) -> tuple[str | None, str]:
    if given.api_key_file is not None:
        standard = str(given.api_key_file) == "-"
        return key_of(given.api_key_file), "standard input" if standard else f"the file {given.api_key_file}"
    return os.environ.get(KEY_VARIABLE), KEY_VARIABLE


def _host(url: str) -> str:
    """Empty where it is no URL, which the settings will say."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _server(given: Connection) -> tuple[str, str]:
    if given.base_url is not None:
        return given.base_url, "from --base-url"
    named = os.environ.get(URL_VARIABLE)
    return (named, f"from {URL_VARIABLE}") if named else (DEFAULT_BASE_URL, "as nothing else is said")


def _proxies() -> dict[str, str]:
    return {f"{name.upper()}_PROXY": _without_secrets(url) for name, url in getproxies().items() if name != "no"}


def _without_secrets(url: str) -> str:
    before, at, host = re.split(r"[?#]", url, maxsplit=1)[0].rpartition("@")
    return f"{before.partition('://')[0]}://{host}" if at else host


def _by_proxy(proxies: Mapping[str, str]) -> str:
    return f"; proxies: {', '.join(f'{name}={url}' for name, url in proxies.items())}" if proxies else ""
