"""Decoding a JSON body: a strict fast path, and a tolerant one behind it that loses nothing.

The fast path lets msgspec fill the models, and accepts only bodies in which every property is expected and everything
required is there and readable. Whatever else comes is surveyed as generic JSON; what is learned from it makes the next
body of the kind, and as a rule this very one, pass the fast path. What still does not goes the tolerant way, object by
object.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from typing import Any, Final, Generic, NoReturn, TypeVar

import msgspec

from . import learning
from .composites import ListOf, Nested, OneOf
from .deviations import Findings
from .kinds import Kind, Unreadable, Wire
from .models import Model, public_class
from .survey import survey

T = TypeVar("T")

_ROOT: Final = "body"
_REFUSALS: Final = (msgspec.DecodeError, UnicodeDecodeError, Unreadable, RecursionError)


class UnreadableElementWarning(UserWarning):
    """An element of an array lacks a required property, or has one of another type; it is left out of the array."""


@dataclass(frozen=True, slots=True)
class _Plan(Generic[T]):
    """How to decode one kind of body, as long as nothing more is learned."""

    kind: Kind[T]
    decoder: msgspec.json.Decoder[Any]
    version: int


_warned: Final[set[str]] = set()
_plans: Final[dict[int, _Plan[Any]]] = {}  # by the identity of kinds, which the plans keep alive


def decode_json(kind: Kind[T], content: bytes, findings: Findings | None = None) -> T:
    """Read a JSON body.

    Args:
        kind: What the document says it is.
        content: The body.
        findings: Where to count how it differs from the document, also where it cannot be read; None counts nothing.

    Raises:
        Unreadable: it is no JSON, or not of this kind even with tolerance; the message says which.
    """
    try:
        return _fast(kind, content, findings)
    except _REFUSALS:
        raw = _parse(content)
    try:
        return _learned(kind, content, raw, findings)
    except RecursionError:
        raise Unreadable("its JSON is nested too deeply") from None


def _fast(kind: Kind[T], content: bytes, findings: Findings | None) -> T:
    wire = _plan(kind).decoder.decode(content)
    found = Findings()
    survey(kind, [wire], _ROOT, found, all_of_it=findings is not None)
    value = kind.read(wire)
    if findings is not None:
        findings.found.update(found.found)
    return value


def _learned(kind: Kind[T], content: bytes, raw: Wire, findings: Findings | None) -> T:
    """The body again, after a lesson; where none helps, object by object."""
    found = Findings()
    survey(kind, [raw], _ROOT, found)
    if findings is not None:
        findings.found.update(found.found)
    if learning.learn(found.surprises):
        try:
            return _fast(kind, content, None)
        except _REFUSALS:
            pass
    wire = kind.adopt(raw)
    _warn_of_lost_elements(wire)
    return kind.read(wire)


def _parse(content: bytes) -> Wire:
    try:
        return msgspec.json.decode(content)
    except RecursionError:
        raise Unreadable("its JSON is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:  # which takes half of a surrogate pair for a character: what a file name of no known encoding is sent as
        return json.loads(content.decode(), parse_constant=_refuse)
    except RecursionError:
        raise Unreadable("its JSON is nested too deeply") from None
    except ValueError:
        raise Unreadable("it is no JSON" if content.strip() else "it is empty") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and the infinities, which JSON does not have


def _plan(kind: Kind[T]) -> _Plan[T]:
    plan = _plans.get(id(kind))
    if plan is None or plan.version != learning.version():
        with learning.lock:
            decoder = msgspec.json.Decoder(kind.wire_type(lambda model: learning.decoded_as(model, [])))
            plan = _plans[id(kind)] = _Plan(kind, decoder, learning.version())
    return plan


def _warn_of_lost_elements(wire: Wire) -> None:
    """Say once of each place that elements are left out there."""
    pending = [wire]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, Model):
            model = public_class(type(node))
            held = {name: getattr(node, f"_{name}") for name, kind in model.__kinds__.items() if kind.holds_models}
            pending.extend(held.values())
            for name, wires in held.items():
                _warn_of(model, name, wires)


def _warn_of(model: type[Model], name: str, wires: Wire) -> None:
    lost = sum(1 for item in wires if isinstance(item, dict)) if isinstance(wires, list) else 0
    place = f"{model.__name__}.{name}"
    if lost and place not in _warned and _loses_elements(model, name):
        _warned.add(place)
        warnings.warn(
            f"{lost} of {len(wires)} elements of {place} lack a required property, or have one of another type; "
            f"they are left out, and stand in .unreadable. This is said once.",
            UnreadableElementWarning,
            stacklevel=2,
        )


def _loses_elements(model: type[Model], name: str) -> bool:
    """Whether it is an array; one of the model in itself keeps its elements as they came until they are read."""
    kind = model.__kinds__[name]
    inner = kind.only if isinstance(kind, OneOf) else kind
    return isinstance(inner, ListOf) and not (isinstance(inner.items, Nested) and inner.items.model() is model)


__all__ = ["UnreadableElementWarning", "decode_json"]
