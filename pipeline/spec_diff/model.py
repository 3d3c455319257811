"""What the comparison speaks of: changes, how bad they are, where they stand and whom they reach."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, Final, NamedTuple, TypeAlias

from pipeline.document import Document, OperationKey, Pointer

Value: TypeAlias = Any  # any JSON value, or ABSENT


class Severity(IntEnum):
    """What a change means for a program that uses the package; the higher, the worse."""

    COSMETIC = 1  # docstrings at most
    ADDITIVE = 2  # programs stay as they are; there is something new, or requests go out differently
    BREAKING = 3  # a program may have to change, or fails a type check

    @property
    def label(self) -> str:
        """As reports call it."""
        return self.name.lower()


class Role(Enum):
    """Where an operation uses a schema. What only headers use is reached by nobody: they are handed over as sent."""

    OPERATION = "operation"  # what it says of the call as a whole
    PARAMETER = "parameter"
    BODY = "request body"
    ANSWER = "response"
    HEADER = "header"


class Use(NamedTuple):
    """An operation that reaches a place, and the role it has there."""

    operation: OperationKey
    role: Role


class _Absent:
    """The value of a key that is not there: null is a value."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Place:
    """An object of the document.

    Attributes:
        pointer: In the new document, or in the old one where it is gone.
        subject: What sentences call it.
        python: What Python programs call it; empty where they have no name for it.
        uses: The operations it reaches; none for what no operation uses.
        optional: Whether it is a property that may be absent, so that it reads as None anyway.
    """

    pointer: Pointer
    subject: str
    python: str
    uses: frozenset[Use] = frozenset()
    optional: bool = False

    def inside(self, *keys: str, subject: str, python: str | None = None, optional: bool = False) -> Place:
        """A place below this one that the same operations reach."""
        name = self.python if python is None else python
        return Place((*self.pointer, *keys), subject, name, self.uses, optional)

    def in_role(self, role: Role, subject: str, python: str = "") -> Place:
        """The same place for the operations that reach it, in another role."""
        uses = frozenset(Use(use.operation, role) for use in self.uses)
        return Place(self.pointer, subject, python, uses)

    @property
    def roles(self) -> frozenset[Role]:
        """What programs use it for; both sides where nobody says, since every model can be imported."""
        return frozenset(use.role for use in self.uses) or frozenset({Role.BODY, Role.ANSWER})

    def worst(self, *, request: Severity, answer: Severity) -> Severity:
        """The class of a change that means this much to those who send it, and that much to those who read it."""
        by_role = {
            Role.OPERATION: max(request, answer),
            Role.PARAMETER: request,
            Role.BODY: request,
            Role.ANSWER: answer,
            Role.HEADER: Severity.COSMETIC,
        }
        return max(by_role[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        severity: Its class.
        rule: A stable name for the kind of change, such as `enum-value-removed`.
        sentence: The change in words, with both values.
        pointer: Where it is: in the new document, or in the old one where it is gone.
        python: The same in Python's terms; may be empty.
        uses: The operations it reaches, and their roles there.
        before: The old value, or ABSENT.
        after: The new value, or ABSENT.
        covers: The pointers it accounts for, with all below them.
    """

    severity: Severity
    rule: str
    sentence: str
    pointer: Pointer
    python: str = ""
    uses: frozenset[Use] = frozenset()
    before: Value = ABSENT
    after: Value = ABSENT
    covers: tuple[Pointer, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """What every rule may look at.

    Attributes:
        old: The old document.
        new: The new document.
        reach: By the first three parts of a component's pointer, the operations of either document that use it.
        renames: By old reference, the new one, of schemas that changed nothing but their name.
        package: The name of the generated package.
    """

    old: Document
    new: Document
    reach: Mapping[Pointer, frozenset[Use]]
    renames: Mapping[str, str]
    package: str


def mapping(node: object) -> Document:
    """The node if it is an object, else an empty one: documents under comparison need not be valid."""
    return node if isinstance(node, dict) else {}


def sequence(node: object) -> list[Value]:
    """The node if it is an array, else an empty one."""
    return node if isinstance(node, list) else []


def same(first: Value, second: Value) -> bool:
    """Whether two values are the same JSON. Python's `==` would say that of 1 and true, and deny it of NaN."""
    if first is ABSENT or second is ABSENT:
        return first is second
    return first is second or canonical(first) == canonical(second)


def canonical(value: Value) -> str:
    """JSON text that is equal exactly where the values are."""
    return json.dumps(value, sort_keys=True, default=str)


_SHOWN: Final = 60


def shown(value: Value) -> str:
    """A value as sentences show it, shortened."""
    if value is ABSENT:
        return "absent"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def listed(values: Iterable[Value]) -> str:
    """Values as sentences list them."""
    return ", ".join(shown(value) for value in values)
