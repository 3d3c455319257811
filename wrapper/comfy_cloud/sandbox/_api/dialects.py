"""The ways in which servers of this API differ, as one value of independent features. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias, get_args, get_type_hints

from comfy_cloud.sandbox._errors import DialectError

Feature: TypeAlias = str | bool

_SWITCHES: Mapping[str, bool] = {
    **dict.fromkeys(("on", "true", "yes", "1"), True),
    **dict.fromkeys(("off", "false", "no", "0"), False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a server speaks: each field is one feature and can be changed without the others, with `but`.

    The defaults are those of `CLOUD`. "Observed" is on ComfyUI 0.27; nobody has observed Comfy Cloud, so there the
    spec speaks.
    """

    name: str = "cloud"
    """What messages and pages call it; it has no effect."""
    key: bool = True
    """Requests need the key in `X-API-Key`, or are a 401. A local server needs none (observed)."""
    errors: Literal["flat", "nested"] = "flat"
    """`{"code", "message"}` as in the spec, or `{"error": {"code", "message", "details"}}` (observed)."""
    failures: Literal["declared", "text"] = "declared"
    """What the server cannot digest: an answer the spec declares, or text/plain, mostly a 500 (observed)."""
    reading: Literal["strict", "lax"] = "strict"
    """Integers and booleans as the spec writes them, or also the forms pydantic takes, such as `+5`, `20.0`, `yes`."""
    times: Literal["aware", "naive"] = "aware"
    """RFC 3339 with a `Z`, or UTC that does not say so, without a fraction that is zero (observed)."""
    precision: Literal["microseconds", "milliseconds", "seconds"] = "microseconds"
    """What is sent of a time. Assets are always sorted by the microsecond."""
    nulls: Literal["sent", "absent"] = "sent"
    """What an asset does not have is null where the spec allows it, or is always left out (observed)."""
    extras: bool = False
    """Assets have fields beyond the spec: `hash`, `metadata`, `display_name`, `job_id` (observed)."""
    previews: Literal["absolute", "relative"] = "absolute"
    """A `preview_url` has scheme and host, as the spec's format wants, or begins with the path (observed)."""
    cursors: bool = False
    """Pages have `next_cursor`, and `after` takes it (observed); else `after` is a parameter like any unknown one."""
    public: Literal["honoured", "ignored"] = "honoured"
    """`include_public` is honoured, or unknown and so ignored in silence (observed)."""
    include_zero: bool = False
    """The default of `include_zero` when tags are listed: the spec says false, true was observed."""
    one_at_a_time: bool = False
    """Requests are served one after the other, also when they take long (observed)."""
    metadata_filter: Literal["honoured", "refused"] = "honoured"
    """The filter works, or is a 400 `UNSUPPORTED_PARAM`, as on a newer server."""
    repeated_metadata_filter: Literal["ignored", "refused"] = "ignored"
    """Given twice, the filter is ignored in silence (observed), or a 400."""
    repeated_tags: Literal["joined", "refused"] = "joined"
    """Repeated `include_tags` and `exclude_tags` are understood (observed), or a 400, as on a strict server."""
    tag_case: Literal["folded", "kept"] = "folded"
    """Tags are lower-cased (observed), or kept as they are, as on a coming server."""
    ties: Literal["same", "reversed", "none"] = "same"
    """Equal sort keys are ordered by id in the sort's direction (observed), against it, or in no order one can guess
    from ids. Which it is on Comfy Cloud is not known."""
    single: bool = False
    """`GET /api/assets/{id}` exists (observed); the spec does not have it yet."""
    spaced: bool = False
    """JSON is ASCII with a blank after commas and colons (observed), or UTF-8 without."""

    def but(self, **features: Feature) -> Dialect:
        """This dialect with other values of some features, as Python values or as texts.

        Raises DialectError for a feature that does not exist and for a value it does not have.
        """
        checked: dict[str, Any] = {name: _checked(name, value) for name, value in features.items()}
        return replace(self, **checked)

    def features(self) -> dict[str, str]:
        """Every feature but the name, each as the text that `dialect` and `but` read back."""
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}
        return {name: ("off", "on")[value] if isinstance(value, bool) else value for name, value in named.items()}


CLOUD = Dialect()
"""Comfy Cloud, as far as the published spec says: flat errors, aware times, offset paging, a key."""

COMFYUI = Dialect(
    name="comfyui",
    key=False,
    errors="nested",
    failures="text",
    reading="lax",
    times="naive",
    nulls="absent",
    extras=True,
    previews="relative",
    cursors=True,
    public="ignored",
    include_zero=True,
    one_at_a_time=True,
    single=True,
    spaced=True,
)
"""The open-source server, as observed on ComfyUI 0.27 of July 2026."""

_NAMED = {dialect.name: dialect for dialect in (CLOUD, COMFYUI)}
_HINTS = {name: hint for name, hint in get_type_hints(Dialect).items() if name != "name"}


def dialect(named: str | Dialect = CLOUD, features: Iterable[str] = ()) -> Dialect:
    """A dialect by its name, with features written `name=value`, as on a command line: `cursors=off`.

    Raises DialectError for what does not exist, with what does.
    """
    if isinstance(named, str) and named not in _NAMED:
        raise DialectError(f"There is no dialect {named!r}: choose one of {_list(_NAMED)}.")
    chosen = _NAMED[named] if isinstance(named, str) else named
    for text in features:
        name, equals, value = text.partition("=")
        if not equals:
            raise DialectError(f"A feature is written name=value, such as cursors=off, not {text!r}.")
        chosen = chosen.but(**{name.strip(): value.strip()})
    return chosen


def _checked(name: str, value: Feature) -> Feature:
    if name == "name":
        return str(value)
    if name not in _HINTS:
        raise DialectError(f"A dialect has no feature {name!r}: choose one of {_list(_HINTS)}.")
    if _HINTS[name] is bool:
        switched = value if isinstance(value, bool) else _SWITCHES.get(str(value).lower())
        if switched is None:
            raise DialectError(f"The feature {name} is on or off, not {value!r}.")
        return switched
    if value not in get_args(_HINTS[name]):
        raise DialectError(f"The feature {name} is one of {_list(get_args(_HINTS[name]))}, not {value!r}.")
    return value


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
