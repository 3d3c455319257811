"""The frame of the comparison: two versions of one object, keyword by keyword, each keyword by its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.document import Document, Pointer
from pipeline.pages import differences
from pipeline.spec_diff.model import ABSENT, Change, Context, Place, Severity, Value, same, shown

Rule: TypeAlias = "Callable[[Edit], Iterator[Change]]"


@dataclass(frozen=True, slots=True)
class Edit:
    """Two versions of one object, and the keywords that differ which a rule is asked about."""

    context: Context
    place: Place
    keywords: tuple[str, ...]
    old: Document
    new: Document

    @property
    def keyword(self) -> str:
        """The first of the keywords; for rules that take one."""
        return self.keywords[0]

    @property
    def before(self) -> Value:
        """The old value of the keyword, or ABSENT."""
        return self.old.get(self.keyword, ABSENT)

    @property
    def after(self) -> Value:
        """The new value of the keyword, or ABSENT."""
        return self.new.get(self.keyword, ABSENT)

    def change(  # noqa: PLR0913 - each has a meaning of its own, and most are named
        self,
        severity: Severity,
        rule: str,
        words: str,
        *,
        at: Pointer | None = None,
        values: tuple[Value, Value] | None = None,
        covers: Sequence[Pointer] | None = None,
    ) -> Change:
        """The change of the keyword, or of what stands `at` a pointer below the object; `words` follow the subject."""
        pointer = (*self.place.pointer, *(at or (self.keyword,)))
        before, after = values or (self.before, self.after)
        all_covered = [pointer] if at else [(*self.place.pointer, keyword) for keyword in self.keywords]
        return Change(
            severity=severity,
            rule=rule,
            sentence=_sentence(self.place.subject, words),
            pointer=pointer,
            python=self.place.python,
            uses=self.place.uses,
            before=before,
            after=after,
            covers=tuple(covers if covers is not None else all_covered),
        )

    def only(self, keyword: str) -> Edit:
        """The same edit for one of its keywords."""
        return Edit(self.context, self.place, (keyword,), self.old, self.new)


def compare_fields(
    context: Context, place: Place, old: Document, new: Document, rules: Mapping[str, Rule]
) -> Iterator[Change]:
    """Every change between two versions of an object. Keywords of one rule are one question to it."""
    asked: dict[Rule, list[str]] = {}
    for keyword in [*old, *(keyword for keyword in new if keyword not in old)]:
        if not same(old.get(keyword, ABSENT), new.get(keyword, ABSENT)):
            asked.setdefault(rules.get(keyword) or _fallback(keyword), []).append(keyword)
    for rule, keywords in asked.items():
        edit = Edit(context, place, tuple(keywords), old, new)
        changes = list(rule(edit))
        yield from changes or written_differently(edit)


def _fallback(keyword: str) -> Rule:
    return extension if keyword.startswith("x-") else no_rule


def written_differently(edit: Edit) -> Iterator[Change]:
    """A rule found that both versions mean the same."""
    words = f"writes {' and '.join(edit.keywords)} differently, which means the same"
    yield edit.change(Severity.COSMETIC, "written-differently", words)


def no_rule(edit: Edit) -> Iterator[Change]:
    """What nobody thought of may break anything."""
    for leaf in _leaves(edit):
        words = f"changes {leaf.told}; there is no rule for this keyword"
        yield leaf.change(Severity.BREAKING, "no-rule", words)


def extension(edit: Edit) -> Iterator[Change]:
    """An extension names nothing in Python, but tools that read it may act differently."""
    for leaf in _leaves(edit):
        words = f"changes the extension {leaf.told}; signatures stay"
        yield leaf.change(Severity.ADDITIVE, "extension", words)


def prose(edit: Edit) -> Iterator[Change]:
    """Words for readers: docstrings at most."""
    for leaf in _leaves(edit):
        yield leaf.change(Severity.COSMETIC, f"{leaf.keyword}-changed", f"rewords {leaf.told}")


def deprecated(edit: Edit) -> Iterator[Change]:
    """A warning, at most."""
    if bool(edit.old.get("deprecated")) is not bool(edit.new.get("deprecated")):
        gone = not edit.new.get("deprecated")
        words = (
            "is no longer deprecated (deprecated was true, now false)"
            if gone
            else "is deprecated (deprecated was false, now true)"
        )
        yield edit.change(Severity.ADDITIVE, "deprecation-removed" if gone else "deprecated", words)


def unused(edit: Edit) -> Iterator[Change]:
    """What the generated package makes nothing of."""
    for leaf in _leaves(edit):
        words = f"changes {leaf.told}, which the package makes nothing of"
        yield leaf.change(Severity.COSMETIC, f"{leaf.keyword}-changed", words)


def on_the_wire(edit: Edit) -> Iterator[Change]:
    """Programs stay as they are, and their requests go out differently: worth an upgrade, so more than cosmetic."""
    for leaf in _leaves(edit):
        words = f"changes {leaf.told}; calls stay as they are, but go out differently"
        severity = leaf.edit.place.worst(request=Severity.ADDITIVE, answer=Severity.COSMETIC)
        yield leaf.change(severity, f"{leaf.keyword}-changed", words)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A place at or below a keyword where the versions differ, for rules that do not care what stands there."""

    edit: Edit
    keyword: str
    at: Pointer
    values: tuple[Value, Value]

    @property
    def told(self) -> str:
        """The place and both values."""
        before, after = self.values
        return f"{'/'.join(self.at)} from {shown(before)} to {shown(after)}"

    def change(self, severity: Severity, rule: str, words: str) -> Change:
        """The change of this place."""
        return self.edit.change(severity, rule, words, at=self.at, values=self.values)


def _leaves(edit: Edit) -> Iterator[_Leaf]:
    for keyword in edit.keywords:
        before, after = edit.old.get(keyword, ABSENT), edit.new.get(keyword, ABSENT)
        for at, _ in differences(before, after, (keyword,)):
            yield _Leaf(edit, keyword, at, (_value(edit.old, at), _value(edit.new, at)))


def _value(node: Value, at: Pointer) -> Value:
    for part in at:
        node = node[int(part)] if isinstance(node, list) else node.get(part, ABSENT)
    return node


def entries(edit: Edit, each: Callable[[str, Value, Value], Iterable[Change]]) -> Iterator[Change]:
    """The changes of a keyword that holds an object of named things; an absent one is an empty one."""
    if any(value is not ABSENT and not isinstance(value, dict) for value in (edit.before, edit.after)):
        yield from no_rule(edit)
        return
    before = {} if edit.before is ABSENT else edit.before
    after = {} if edit.after is ABSENT else edit.after
    for name in [*before, *(name for name in after if name not in before)]:
        first, second = before.get(name, ABSENT), after.get(name, ABSENT)
        if not same(first, second):
            yield from each(name, first, second)


def _sentence(subject: str, words: str) -> str:
    return f"{subject[:1].upper()}{subject[1:]} {words}."


PROSE_RULES: Mapping[str, Rule] = dict.fromkeys(
    ("description", "summary", "externalDocs", "example", "examples"), prose
)
