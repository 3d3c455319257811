"""Security and servers: which key is sent, where, and whether it has to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.spec_diff.edits import PROSE_RULES, Edit, Rule, compare_fields, entries, no_rule, on_the_wire, unused
from pipeline.spec_diff.model import ABSENT, Change, Place, Severity, Value, canonical, mapping, sequence, shown

_BREAKING: Final = Severity.BREAKING
_ADDITIVE: Final = Severity.ADDITIVE
_COSMETIC: Final = Severity.COSMETIC


def compare_security(edit: Edit) -> Iterator[Change]:
    """The rule for `security`, of the document or of an operation, which inherits the document's."""
    if any(value is not ABSENT and not isinstance(value, list) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    is_root = edit.place.pointer == ()
    before = edit.before if edit.before is not ABSENT or is_root else edit.context.old.get("security", ABSENT)
    after = edit.after if edit.after is not ABSENT or is_root else edit.context.new.get("security", ABSENT)
    old, new = _requirements(before), _requirements(after)
    if set(old) != set(new):
        yield _requirement_change(edit, old, new)
    elif old != new:
        words = (
            f"lists its ways to authenticate as {_words(new)}, was {_words(old)}; the first says what the client sends"
        )
        yield edit.change(_BREAKING, "security-reordered", words)


def _requirements(value: Value) -> dict[str, Value]:
    """The alternatives, by what they say; an empty one asks for nothing."""
    return {canonical(requirement): requirement for requirement in sequence(None if value is ABSENT else value)}


def _is_public(requirements: Mapping[str, Value]) -> bool:
    return not requirements or "{}" in requirements


def _words(requirements: Mapping[str, Value]) -> str:
    return " or ".join(shown(requirement) for requirement in requirements.values()) or "none"


def _requirement_change(edit: Edit, old: Mapping[str, Value], new: Mapping[str, Value]) -> Change:
    words = f"asks for {_words(new)}, asked for {_words(old)}"
    if _is_public(new) and not _is_public(old):
        return edit.change(_ADDITIVE, "security-removed", f"{words}: it can be called without a key")
    if _is_public(old) and not _is_public(new):
        return edit.change(_BREAKING, "security-added", f"{words}: calls without a key fail")
    if set(old) <= set(new) or (_is_public(old) and _is_public(new)):
        return edit.change(_ADDITIVE, "security-relaxed", words)
    return edit.change(_BREAKING, "security-changed", f"{words}: keys that were enough may not be")


def compare_servers(edit: Edit) -> Iterator[Change]:
    """The rule for the document's `servers`, which are the constant SERVERS; programs may take the base URL there."""
    before, after = sequence(edit.before), sequence(edit.after)
    urls = [[mapping(server).get("url") for server in servers] for servers in (before, after)]
    place = Place(edit.place.pointer, edit.place.subject, f"{edit.context.package}.client.SERVERS", edit.place.uses)
    inner = Edit(edit.context, place, edit.keywords, edit.old, edit.new)
    if any(value is not ABSENT and not isinstance(value, list) for value in (edit.before, edit.after)):
        yield from no_rule(inner)
    elif urls[0] == urls[1]:
        words = f"describes its servers as {shown(edit.after)}, was {shown(edit.before)}; their addresses stay"
        yield inner.change(_COSMETIC, "server-description-changed", words)
    else:
        kept = urls[1][: len(urls[0])] == urls[0]
        words = f"states the servers {shown(urls[1])}, was {shown(urls[0])}"
        yield inner.change(_ADDITIVE if kept else _BREAKING, "server-added" if kept else "servers-changed", words)


def compare_schemes(edit: Edit) -> Iterator[Change]:
    """The rule for `components/securitySchemes`."""
    python = f"{edit.context.package}.client.AuthenticatedClient"

    def each(name: str, old: Value, new: Value) -> Iterator[Change]:
        place = Place(edit.place.pointer, f"security scheme `{name}`", python, edit.place.uses)
        inner = Edit(edit.context, place, ("securitySchemes", name), {}, {})
        at = ("securitySchemes", name)
        if isinstance(old, dict) and isinstance(new, dict):
            from_here = place.inside(*at, subject=place.subject)
            yield from _scheme(edit, from_here, old, new)
        elif old is ABSENT:
            yield inner.change(_ADDITIVE, "security-scheme-added", f"is new ({shown(new)})", at=at, values=(old, new))
        else:
            words = f"is {shown(new)}, was {shown(old)}"
            yield inner.change(_BREAKING, "security-scheme-removed", words, at=at, values=(old, new))

    yield from entries(edit, each)


def _scheme(edit: Edit, place: Place, old: Value, new: Value) -> Iterator[Change]:
    """The key stays the same wherever it is sent; another type needs another key."""
    yield from compare_fields(edit.context, place, old, new, _SCHEME_RULES)


def _another_key(edit: Edit) -> Iterator[Change]:
    for keyword in edit.keywords:
        one = edit.only(keyword)
        words = f"has the {keyword} {shown(one.after)}, was {shown(one.before)}, and needs another key"
        yield one.change(_BREAKING, f"security-{keyword}-changed", words)


_SCHEME_RULES: Final[Mapping[str, Rule]] = {
    **PROSE_RULES,
    **dict.fromkeys(("type", "scheme"), _another_key),
    **dict.fromkeys(("name", "in"), on_the_wire),
    **dict.fromkeys(("bearerFormat", "flows", "openIdConnectUrl"), unused),
}
