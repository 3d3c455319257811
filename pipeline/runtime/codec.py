"""Decoding a JSON body: a strict fast path, and a tolerant one behind it that loses nothing.

The fast path lets msgspec fill the models, and accepts only bodies in which every property is declared and every
required one is there and readable. Whatever else comes goes the tolerant way: generic JSON, object by object. What
servers send undeclared is learned on the way, within bounds, and the next body with it takes the fast path again.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from threading import RLock
from typing import Any, Final, Generic, TypeVar, cast

import msgspec
from msgspec import UNSET, UnsetType

from .composites import ListOf, Nested, OneOf
from .kinds import Kind, Unreadable, Wire
from .models import UNDECLARED, Model, ModelMeta, Schema, own_fields, public_class, required_fields, wire_names

T = TypeVar("T")

MAX_LEARNED: Final = 32
"""How many undeclared properties are learned per model, so that a server cannot fill the memory with classes."""


class _NotOnTheWire:
    """The type of fields that are no properties: msgspec refuses whatever a server sends under their names."""


class UnreadableElementWarning(UserWarning):
    """An element of an array lacks a required property, or has one of another type; it is left out of the array."""


@dataclass(frozen=True, slots=True)
class _Plan(Generic[T]):
    """How to decode one kind of body, as long as nothing more is learned."""

    kind: Kind[T]
    decoder: msgspec.json.Decoder[Any]
    version: int


_lock: Final = RLock()
_learned: Final[dict[type[Model], dict[str, str]]] = {}  # field -> name on the wire
_warned: Final[set[str]] = set()
_plans: Final[dict[int, _Plan[Any]]] = {}  # by the identity of kinds, which the plans keep alive
_classes: dict[type[Model], Any] = {}
_version = 0


def decode_json(kind: Kind[T], content: bytes) -> T:
    """Read a JSON body.

    Raises:
        Unreadable: it is no JSON, or not of this kind even with tolerance; the message says which.
    """
    try:
        wire = _plan(kind).decoder.decode(content)
        _verify(kind, [wire])
        return kind.read(wire)
    except (msgspec.DecodeError, UnicodeDecodeError, Unreadable, RecursionError):
        wire = kind.adopt(_parse(content))
        _learn(wire)
        return kind.read(wire)


def _parse(content: bytes) -> Wire:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreadable("it is no JSON" if content.strip() else "it is empty") from None
    except RecursionError:
        raise Unreadable("its JSON is nested too deeply") from None


def _plan(kind: Kind[T]) -> _Plan[T]:
    plan = _plans.get(id(kind))
    if plan is None or plan.version != _version:
        with _lock:
            building: list[type[Schema]] = []
            decoder = msgspec.json.Decoder(kind.wire_type(lambda model: _decoded_as(model, building)))
            plan = _plans[id(kind)] = _Plan(kind, decoder, _version)
    return plan


def _decoded_as(model: type[Schema], building: list[type[Schema]]) -> Any:
    """The subclass of a model that decoding makes: its fields typed for msgspec, and what servers add beside them."""
    if not issubclass(model, Model):
        return dict[str, Any]
    if model in building:
        return Any  # a model inside itself is made when it is read
    if model not in _classes:
        building.append(model)
        _classes[model] = _subclass(model, building)
        building.pop()
    return _classes[model]


def _subclass(model: type[Model], building: list[type[Schema]]) -> type[Model]:
    learned = _learned.get(model, {})
    types: dict[str, Any] = dict.fromkeys(learned, Any)
    members: dict[str, Any] = {field: msgspec.field(default=UNSET, name=name) for field, name in learned.items()}
    for field, name in wire_names(model).items():
        kind = model.__kinds__[field[1:]]
        exact = kind.wire_type(lambda inner: _decoded_as(inner, building))
        if field in required_fields(model):
            types[field], members[field] = exact, msgspec.field(name=name)
        else:  # a scalar of another type is found when it is read; objects need their type to become models
            types[field] = exact | None | UnsetType if kind.holds_models and exact is not Any else Any
            members[field] = msgspec.field(default=UNSET, name=name)
    for field, name in own_fields(model).items():
        types[field], members[field] = _NotOnTheWire, msgspec.field(default=None, name=name)
    space = {"__annotations__": types, "__public__": model, "__learned__": learned, **members}
    space |= {"__module__": model.__module__, "__qualname__": model.__qualname__, "__doc__": model.__doc__}
    config: dict[str, Any] = {"gc": False, "frozen": True, "eq": False, "kw_only": True, "forbid_unknown_fields": True}
    made: Any = ModelMeta(model.__name__, (model,), space, **config)
    return cast("type[Model]", made)


def _verify(kind: Kind[Any], wires: Sequence[Wire]) -> None:
    """Raise Unreadable where something required cannot be read, though msgspec took it."""
    if isinstance(kind, Nested):
        if wires and isinstance(wires[0], Model):  # all are, or none: one type decoded them
            _verify_fields(public_class(type(wires[0])), wires)
    elif isinstance(kind, ListOf) and kind.holds_models:
        _verify(kind.items, wires[0] if len(wires) == 1 else [item for wire in wires for item in wire])
    elif isinstance(kind, OneOf) and kind.only is not None:
        _verify(kind.only, [wire for wire in wires if wire is not None])
    elif not kind.exact:
        kind.check(wires)


def _verify_fields(model: type[Model], models: Sequence[Model]) -> None:
    for get, kind, required in _checks(model):
        wires = list(map(get, models))
        if not required:
            wires = [wire for wire in wires if wire is not UNSET and wire is not None]
        if wires:
            _verify(kind, wires)


@cache
def _checks(model: type[Model]) -> Sequence[tuple[Callable[[Model], Wire], Kind[Any], bool]]:
    """The fields that msgspec alone does not vouch for: how to get one, its kind, and whether it is required."""
    required = required_fields(model)
    return [
        (attrgetter(f"_{name}"), kind, f"_{name}" in required)
        for name, kind in model.__kinds__.items()
        if kind.holds_models or (f"_{name}" in required and not kind.exact)
    ]


def _learn(wire: Wire) -> None:
    """Remember which undeclared properties the models below have, and warn of elements that are left out."""
    found: dict[type[Model], set[str]] = {}
    pending = [wire]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, Model):
            model = public_class(type(node))
            found.setdefault(model, set()).update(getattr(node, UNDECLARED) or ())
            held = {name: getattr(node, f"_{name}") for name, kind in model.__kinds__.items() if kind.holds_models}
            pending.extend(held.values())
            _warn_of_lost_elements(model, held)
    _remember(found)


def _warn_of_lost_elements(model: type[Model], held: dict[str, Wire]) -> None:
    for name, wires in held.items():
        lost = sum(1 for item in wires if isinstance(item, dict)) if isinstance(wires, list) else 0
        place = f"{model.__name__}.{name}"
        if lost and place not in _warned and not _is_recursive(model, name):
            _warned.add(place)
            warnings.warn(
                f"{lost} of {len(wires)} elements of {place} lack a required property, or have one of another type; "
                f"they are left out, and stand in .unreadable. This is said once.",
                UnreadableElementWarning,
                stacklevel=2,
            )


def _is_recursive(model: type[Model], name: str) -> bool:
    kind = model.__kinds__[name]
    return isinstance(kind, ListOf) and isinstance(kind.items, Nested) and kind.items.model() is model


def _remember(found: dict[type[Model], set[str]]) -> None:
    global _classes, _version
    with _lock:
        changed = False
        for model, names in found.items():
            known = _learned.get(model, {})
            taken = {*known.values(), *own_fields(model).values()}
            new = sorted(name for name in names - taken if _can_be_learned(name))
            if new and len(known) + len(new) <= MAX_LEARNED:
                fields = {f"_learned_{len(known) + index}_": name for index, name in enumerate(new)}
                _learned[model] = {**known, **fields}
                changed = True
        if changed:
            _classes, _version = {}, _version + 1


def _can_be_learned(name: str) -> bool:
    """Whether msgspec takes it for a field's name."""
    return name.isprintable() and not {'"', "\\"} & set(name)


__all__ = ["MAX_LEARNED", "UnreadableElementWarning", "decode_json"]
