"""Request bodies and answers: their media types, and for answers their statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.document import Document
from pipeline.normalise import body_form, is_json
from pipeline.spec_diff.edits import PROSE_RULES, Edit, Rule, entries, extension, on_the_wire, unused
from pipeline.spec_diff.model import ABSENT, Change, Role, Severity, Value, canonical, mapping, shown
from pipeline.spec_diff.parameters import MEDIA_SCHEMA_RULES, PARAMETER_RULES, compare_referred
from pipeline.spec_diff.reach import look_up

_BREAKING: Final = Severity.BREAKING
_ADDITIVE: Final = Severity.ADDITIVE


def compare_body(edit: Edit) -> Iterator[Change]:
    """The rule for an operation's `requestBody`."""
    place = edit.place.in_role(Role.BODY, f"request body of {edit.place.subject}", _call(edit, "(body=...)"))
    if edit.before is not ABSENT and edit.after is not ABSENT:
        inner = place.inside("requestBody", subject=place.subject)
        yield from compare_referred(edit.context, inner, edit.before, edit.after, BODY_RULES)
        return
    whole = Edit(edit.context, place, edit.keywords, edit.old, edit.new)
    if edit.after is ABSENT:
        words = f"is gone (it was {shown(look_up(edit.context.old, edit.before))})"
        yield whole.change(_BREAKING, "body-removed", words)
        return
    body = look_up(edit.context.new, edit.after)
    required = bool(body.get("required"))
    words = f"is new and {'required' if required else 'optional'} ({shown(body)})"
    yield whole.change(_BREAKING if required else _ADDITIVE, "body-added", words)


def _call(edit: Edit, suffix: str) -> str:
    return f"{edit.place.python}{suffix}" if edit.place.python else ""


def compare_answers(edit: Edit) -> Iterator[Change]:
    """The rule for an operation's `responses`."""

    def each(status: str, old: Value, new: Value) -> Iterator[Change]:
        subject = f"answer {status} of {edit.place.subject}"
        place = edit.place.in_role(Role.ANSWER, subject, _call(edit, f" -> {status}"))
        whole = Edit(edit.context, place, ("responses", status), {}, {})
        if status.startswith("x-"):
            inner = edit.place.inside("responses", subject=subject)
            yield from extension(Edit(edit.context, inner, (status,), mapping(edit.before), mapping(edit.after)))
        elif old is ABSENT or new is ABSENT:
            yield _answer(edit, whole, status, (old, new))
        else:
            inner = place.inside("responses", status, subject=subject)
            yield from compare_referred(edit.context, inner, old, new, ANSWER_RULES)

    yield from entries(edit, each)


def _answer(edit: Edit, whole: Edit, status: str, values: tuple[Value, Value]) -> Change:
    """An undocumented status raises UnexpectedStatus; a documented one is part of what the functions return."""
    documented = values[0] is ABSENT
    document, answers = (edit.context.old, edit.before) if documented else (edit.context.new, edit.after)
    others = {_returned(document, answer) for answer in mapping(answers).values()}
    given = _returned(edit.context.new if documented else edit.context.old, values[documented])
    if documented:
        words = f"is documented, was not: it is returned as {shown(values[1])} and no longer raises UnexpectedStatus"
        severity = _ADDITIVE if given in others else _BREAKING
    else:
        words = (
            f"is no longer documented (it was {shown(values[0])}): it raises UnexpectedStatus, unless others cover it"
        )
        covered = [mapping(answers).get(pattern) for pattern in (f"{status[:1]}XX", "default")]
        first = next((answer for answer in covered if answer is not None), ABSENT)
        severity = _ADDITIVE if first is not ABSENT and _returned(document, first) == given else _BREAKING
    rule = "answer-documented" if documented else "answer-undocumented"
    return whole.change(severity, rule, words, at=("responses", status), values=values)


def _returned(document: Document, answer: Value) -> str:
    """What an answer is read as: the same text for the same types."""
    content = mapping(look_up(document, answer).get("content"))
    return canonical(sorted({_read_as(name, media) for name, media in content.items()}))


def _read_as(name: str, media: Value) -> str:
    if is_json(name):
        return canonical(mapping(media).get("schema", {}))
    return "text" if name.startswith("text/") else "bytes"


def _media_types(edit: Edit) -> Iterator[Change]:
    """The rule for the `content` of a body or an answer."""

    def each(name: str, old: Value, new: Value) -> Iterator[Change]:
        if old is ABSENT or new is ABSENT:
            yield _media_type(edit, name, old, new)
            return
        place = edit.place.inside("content", name, subject=f"{edit.place.subject}, {name},")
        yield from compare_referred(edit.context, place, old, new, MEDIA_TYPE_RULES)

    yield from entries(edit, each)


def _media_type(edit: Edit, name: str, old: Value, new: Value) -> Change:
    """A body may be sent in one more form; an answer of one more kind is one more type to expect."""
    added = old is ABSENT
    content = mapping(edit.before if added else edit.after)
    known = {_read_as(other, media) for other, media in content.items()}
    same_for_readers = _read_as(name, new if added else old) in known
    same_for_senders = added and (bool(content) or not edit.place.uses)
    severity = edit.place.worst(
        request=_ADDITIVE if same_for_senders else _BREAKING, answer=_ADDITIVE if same_for_readers else _BREAKING
    )
    words = f"{'gains' if added else 'loses'} the media type {name} ({body_form(name)}; {shown(new if added else old)})"
    rule = f"media-type-{'added' if added else 'removed'}"
    return edit.change(severity, rule, words, at=("content", name), values=(old, new))


def _headers(edit: Edit) -> Iterator[Change]:
    """Headers of answers are handed over as they were sent, whatever the document says of them."""

    def each(name: str, old: Value, new: Value) -> Iterator[Change]:
        subject = f"header {name} of {edit.place.subject}"
        place = edit.place.in_role(Role.HEADER, subject)
        if old is ABSENT or new is ABSENT or not place.uses:
            words = f"is declared as {shown(new)}, was {shown(old)}; headers are handed over as sent"
            yield Edit(edit.context, place, edit.keywords, {}, {}).change(
                Severity.COSMETIC, "header-changed", words, at=("headers", name), values=(old, new)
            )
        else:
            inner = place.inside("headers", name, subject=subject)
            yield from compare_referred(edit.context, inner, old, new, PARAMETER_RULES)

    yield from entries(edit, each)


def _required(edit: Edit) -> Iterator[Change]:
    was, now = bool(edit.old.get("required")), bool(edit.new.get("required"))
    if was is not now:
        words = "is required, was optional" if now else "is optional, was required"
        rule = "body-required" if now else "body-optional"
        yield edit.change(_BREAKING if now else _ADDITIVE, rule, words)


MEDIA_TYPE_RULES: Final[Mapping[str, Rule]] = {**MEDIA_SCHEMA_RULES, "encoding": on_the_wire}
BODY_RULES: Final[Mapping[str, Rule]] = {**PROSE_RULES, "content": _media_types, "required": _required}
ANSWER_RULES: Final[Mapping[str, Rule]] = {
    **PROSE_RULES,
    "content": _media_types,
    "headers": _headers,
    "links": unused,
}
