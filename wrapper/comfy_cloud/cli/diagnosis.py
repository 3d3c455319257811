"""What `doctor` makes of what it sees: each finding, and what to do about it. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from textwrap import wrap
from typing import Final, Literal, TypeAlias, cast

from comfy_cloud.cli.exits import code_of, sentence
from comfy_cloud.cli.showing import visible
from comfy_cloud.drift import DriftReport
from comfy_cloud.errors import KEYS_PAGE, ApiConnectionError, ApiError, NotFoundError

Status: TypeAlias = Literal["ok", "warn", "fail"]

SKEW_S: Final = 60.0
"""From how many seconds on a clock is said to be wrong."""
UNTRUSTED: Final = 6
"""The exit code where a server ignores what it is asked for; see `exits`."""

_PLACEHOLDERS: Final = ("your", "<", "...", "xxx", "changeme", "example")
_SHORTEST_KEY: Final = 16  # characters; keys of Comfy Cloud are far longer
_LABEL_CELLS: Final = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        status: How it is.
        found: What was seen, without secrets.
        advice: What to do; empty where nothing needs to be.
        code: What the command ends with for it, unless something worse was found.
    """

    name: str
    status: Status
    found: str
    advice: str = ""
    code: int = 0


def of_key(key: str | None, where: str, *, needed: bool) -> Finding:
    """Whether there is a key, and whether it looks like one. It is not shown.

    Args:
        key: The key itself, or None.
        where: Where it comes from.
        needed: Whether the server is on another machine.
    """
    if not key:
        return Finding("key", "ok", "none, which only a server on this machine accepts") if not needed else _no_key()
    lower = key.lower()
    problem = (
        "it begins with “Bearer”, which does not belong to it"
        if lower.startswith("bearer")
        else "it stands in quotes, which do not belong to it"
        if key[0] in "\"'"
        else "it looks like the example of a key"
        if any(lower.startswith(word) for word in _PLACEHOLDERS)
        else "it is shorter than keys are"
        if needed and len(key) < _SHORTEST_KEY
        else ""
    )
    if problem:
        return Finding("key", "warn", f"from {where}, but {problem}", f"compare it with the one at {KEYS_PAGE}")
    return Finding("key", "ok", f"from {where}")


def _no_key() -> Finding:
    return Finding(
        "key", "fail", "none", f"set COMFY_CLOUD_API_KEY or use --api-key-file; make a key at {KEYS_PAGE}", code=2
    )


def of_error(name: str, error: ApiError, proxies: Mapping[str, str]) -> Finding:
    """A request that failed, and a hint beyond the error's own advice."""
    told, hint = sentence(error), ""
    if isinstance(error, ApiConnectionError):
        chain = _causes(error)
        if "CERTIFICATE_VERIFY_FAILED" in chain:
            hint = "a company's proxy may inspect TLS: let SSL_CERT_FILE name a file with its certificate"
        elif proxies:
            hint = f"requests go by the proxy that {', '.join(proxies)} says; see whether it works, or set NO_PROXY"
    elif isinstance(error, NotFoundError):
        hint = "the base URL is scheme and host only, without /api"
    return Finding(name, "fail", told, hint, code=code_of(error))


def _causes(error: BaseException | None) -> str:
    said: list[str] = []
    while error is not None:
        said.append(str(error))
        error = error.__cause__ or error.__context__
    return " ".join(said)


def of_clock(date: str | None, sent: dt.datetime, received: dt.datetime) -> Finding:
    """How this machine's clock and the server's differ. The header has whole seconds, and is made between the two."""
    try:
        told = parsedate_to_datetime(date or "")
        at = told if told.tzinfo else told.replace(tzinfo=dt.UTC)
    except ValueError:
        return Finding("clock", "warn", "the server does not say what time it is", "compare this machine's clock")
    ahead = max((sent - at).total_seconds() - 1, 0.0) or min((received - at).total_seconds(), 0.0)
    if abs(ahead) <= SKEW_S:
        return Finding("clock", "ok", "agrees with the server's")
    how = "ahead of" if ahead > 0 else "behind"
    return Finding(
        "clock",
        "warn",
        f"{abs(ahead):,.0f} s {how} the server's",
        "set this machine's clock: --since 7d counts back from it, and TLS needs it",
    )


def of_dialect(page: object, refusal: bytes | None) -> Finding:
    """Which server answers, by its page of one asset and by how it refuses `limit=0`."""
    body = _object(page)
    if "assets" not in body or "total" not in body:
        return Finding(
            "dialect",
            "fail",
            "what answers is no server of this API",
            "check the base URL; a login page or a proxy may answer in the server's place",
            code=UNTRUSTED,
        )
    signs = {"Comfy Cloud": _cloud_signs(body, refusal), "ComfyUI": _comfyui_signs(body, refusal)}
    seen = {name: found for name, found in signs.items() if found}
    told = "; ".join(f"{name}: {', '.join(found)}" for name, found in seen.items())
    if len(seen) == 1:
        return Finding("dialect", "ok", told)
    return Finding("dialect", "warn", told or "nothing tells which server it is", "nothing, if listings work")


def _cloud_signs(body: Mapping[str, object], refusal: bytes | None) -> list[str]:
    error, times = _json(refusal), _created(body)
    return [
        *(["errors as in the spec"] if isinstance(error.get("code"), str) else []),
        *(["times with a zone"] if times and times.endswith(("Z", "+00:00")) else []),
    ]


def _comfyui_signs(body: Mapping[str, object], refusal: bytes | None) -> list[str]:
    error, times = _json(refusal), _created(body)
    return [
        *(["nested errors"] if isinstance(error.get("error"), dict) else []),
        *(["times without a zone"] if times and not times.endswith(("Z", "+00:00")) else []),
        *(["cursors"] if "next_cursor" in body else []),
    ]


def _created(body: Mapping[str, object]) -> str:
    assets = body.get("assets")
    if not isinstance(assets, list) or not assets:
        return ""
    return str(_object(cast("list[object]", assets)[0]).get("created_at") or "")


def _json(content: bytes | None) -> Mapping[str, object]:
    try:
        return _object(json.loads(content or b"{}"))
    except ValueError:
        return {}


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def of_filters(everything: int, matching: Mapping[str, int | None]) -> Finding:
    """Whether filters that nothing matches let anything through.

    Args:
        everything: How many assets there are.
        matching: How many match each such filter, by its parameter; None where the server refuses the parameter.
    """
    ignored = [name for name, total in matching.items() if total]
    refused = [name for name, total in matching.items() if total is None]
    if ignored:
        return Finding(
            "filters",
            "fail",
            f"the server ignores {', '.join(ignored)}, and lists what does not match",
            "use --here, so that filters are applied here",
            code=UNTRUSTED,
        )
    if refused:
        return Finding("filters", "warn", f"the server refuses {', '.join(refused)}", "use --here with that filter")
    if not everything:
        return Finding("filters", "ok", "cannot be tried, as there are no assets")
    return Finding("filters", "ok", f"honoured: {', '.join(matching)}")


def of_drift(report: DriftReport) -> Finding:
    """Whether the answers are as the published document says."""
    if not report:
        return Finding("drift", "ok", "answers are as the API's document says")
    places = dict.fromkeys(entry.where for entry in report)
    return Finding(
        "drift",
        "warn",
        f"answers differ from the API's document in {', '.join(places)}",
        "nothing, as what is beyond the document is kept; a ComfyUI differs by design",
    )


def worst(findings: Sequence[Finding]) -> Status:
    """The status of the worst finding."""
    statuses = {finding.status for finding in findings}
    return "fail" if "fail" in statuses else "warn" if "warn" in statuses else "ok"


def exit_code(findings: Sequence[Finding]) -> int:
    """The first failure's, as what follows is often its consequence; 0 where nothing fails."""
    return next((finding.code for finding in findings if finding.status == "fail"), 0)


def plain(findings: Sequence[Finding]) -> dict[str, object]:
    """All of it, for JSON."""
    return {"status": worst(findings), "exit_code": exit_code(findings), "checks": [asdict(each) for each in findings]}


def told(finding: Finding, width: int | None) -> str:
    """One finding for people, with its advice beneath."""
    label = f"{finding.status:<6}{finding.name:<{_LABEL_CELLS}}"
    lines = _lines(finding.found, width, label)
    advice = _lines(finding.advice, width, f"{'':<{len(label)}}→ ") if finding.advice else []
    return "".join(f"{each}\n" for each in (*lines, *advice))


def _lines(text: str, width: int | None, first: str) -> list[str]:
    rest = " " * len(first)
    room = max(width or 0, len(first) + 20) if width else 10_000
    return wrap(visible(text), room, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
