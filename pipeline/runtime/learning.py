"""What the fast path learns from the bodies it could not read, within bounds, so that it can read the next of the kind.

At first it expects of a server exactly what the published document says: a body that passes needs no further look for
values of other types, nulls, undeclared or missing properties. Each of these that comes is allowed from then on, and
counted, by a new class of the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from threading import RLock
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET, UnsetType

from .composites import Nested
from .kinds import Kind
from .models import FreeForm, Model, ModelMeta, Schema, own_fields, required_fields, wire_names
from .survey import Column, column_of, is_certain, undeclared

MAX_LEARNED: Final = 32
"""How many undeclared properties are learned per model, so that a server cannot fill the memory with classes."""


class _NotExpected:
    """The type of fields that no body has so far, or may have: msgspec refuses whatever comes under their names."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was learned of one model.

    Attributes:
        undeclared: Properties that no document declares: field -> name on the wire.
        loosened: Fields of declared ones that came otherwise than published.
    """

    undeclared: Mapping[str, str] = field(default_factory=dict[str, str])
    loosened: frozenset[str] = frozenset()


lock: Final = RLock()
_known: Final[dict[type[Model], _Known]] = {}
_classes: dict[type[Model], Any] = {}
_version = 0


def version() -> int:
    """Which number of lessons the classes are of; those made before are still good, but expect less."""
    return _version


def known_names(model: type[Model]) -> frozenset[str]:
    """The undeclared names that were learned of a model."""
    return frozenset(_known.get(model, _Known()).undeclared.values())


def learn(surprises: Mapping[type[Model], set[str]]) -> bool:
    """Expect these names on the wire from now on, as far as that is possible; whether anything changed."""
    global _classes, _version
    with lock:
        lessons = {model: _extended(model, names) for model, names in surprises.items()}
        changed = {model: lesson for model, lesson in lessons.items() if lesson != _known.get(model, _Known())}
        _known.update(changed)
        if changed:
            _classes, _version = {}, _version + 1
        return bool(changed)


def _extended(model: type[Model], names: set[str]) -> _Known:
    known = _known.get(model, _Known())
    declared = {name: own for own, name in wire_names(model).items() if own not in required_fields(model)}
    loosened = known.loosened | {declared[name] for name in names if name in declared}
    taken = {*known.undeclared.values(), *wire_names(model).values(), *own_fields(model).values()}
    new = sorted(name for name in names - taken if _can_be_learned(name))
    if len(known.undeclared) + len(new) > MAX_LEARNED:
        new = []
    fields = {f"_learned_{len(known.undeclared) + index}_": name for index, name in enumerate(new)}
    return _Known({**known.undeclared, **fields}, loosened)


def _can_be_learned(name: str) -> bool:
    """Whether msgspec takes it for a field's name."""
    return name.isprintable() and not {'"', "\\"} & set(name)


def decoded_as(model: type[Schema], building: list[type[Schema]]) -> Any:
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
    known = _known.get(model, _Known())
    types: dict[str, Any] = dict.fromkeys(known.undeclared, Any)
    members: dict[str, Any] = {own: msgspec.field(default=UNSET, name=name) for own, name in known.undeclared.items()}
    for own, name in wire_names(model).items():
        types[own] = _type(model, own, building, loose=own in known.loosened)
        required = own in required_fields(model) or (own[1:] in model.__relaxed__ and own not in known.loosened)
        members[own] = msgspec.field(name=name) if required else msgspec.field(default=UNSET, name=name)
    for own, name in own_fields(model).items():
        types[own], members[own] = _NotExpected, msgspec.field(default=None, name=name)
    space = {"__annotations__": types, "__public__": model, "__learned__": known.undeclared, **members}
    space |= {"__surveyed__": tuple(_columns(model, known))}
    space |= {"__module__": model.__module__, "__qualname__": model.__qualname__, "__doc__": model.__doc__}
    config: dict[str, Any] = {"gc": False, "frozen": True, "eq": False, "kw_only": True, "forbid_unknown_fields": True}
    made: Any = ModelMeta(model.__name__, (model,), space, **config)
    return cast("type[Model]", made)


def _type(model: type[Model], own: str, building: list[type[Schema]], *, loose: bool) -> Any:
    """What msgspec takes for a field: exactly what is published, or whatever was learned to come."""
    if own[1:] in model.__unpublished__ and not loose:
        return _NotExpected
    kind = model.__kinds__[own[1:]]
    exact = kind.wire_type(lambda inner: decoded_as(inner, building))
    if own in required_fields(model) or exact is Any:
        return exact
    if loose:  # objects need their type to become models; a scalar of another type is found when it is read
        return exact | None | UnsetType if kind.holds_models and not _is_free(kind) else Any
    return exact | UnsetType


def _is_free(kind: Kind[Any]) -> bool:
    return isinstance(kind, Nested) and issubclass(kind.model(), FreeForm)


def _columns(model: type[Model], known: _Known) -> Iterator[Column]:
    """What msgspec does not vouch for."""
    for own in wire_names(model):
        unexpected = own[1:] in model.__unpublished__ and own not in known.loosened
        if own in known.loosened or not (unexpected or is_certain(model.__kinds__[own[1:]])):
            yield column_of(model, own, attrgetter(own))
    for own, name in known.undeclared.items():
        yield undeclared(model, name, attrgetter(own))


__all__ = ["MAX_LEARNED", "decoded_as", "known_names", "learn", "lock", "version"]
