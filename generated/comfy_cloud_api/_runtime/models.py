# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Models: one object per JSON object, which holds what came over the wire and converts it when it is read.

msgspec fills them. Their fields hold wire values, under the property's name with an underscore before it; the
properties that people read convert. So nothing is converted that nobody reads, and `to_dict()` is what came.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Generic, Self, TypeVar, cast

import msgspec
from msgspec import UNSET, StructMeta

from .bounds import shown
from .composites import Anything, ListOf, Nested, OneOf
from .errors import ModelError, ParameterError
from .kinds import Kind, Unreadable, Wire, copied

T = TypeVar("T")

UNDECLARED: Final = "_undeclared_"
"""The field for properties that the spec does not declare, in objects that the fast path did not make."""

_REPR_LENGTH: Final = 5  # properties


class Schema:
    """What a class made from a schema of the spec offers, whether its properties are declared or free."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def adopt(cls, raw: Wire) -> Self:
        """Make one of generic JSON, sharing no container with it; raises Unreadable where it does not fit."""

    @classmethod
    def over(cls, wire: Wire) -> Self:
        """Like `adopt`, but it may hold this very object."""
        return cls.adopt(wire)

    @classmethod
    @abstractmethod
    def written(cls, values: Mapping[str, Any]) -> Self:
        """Make one of Python values by their names on the wire; raises ParameterError where one does not fit."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """What came over the wire, or would go over it, as plain JSON values that belong to the caller."""

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Make one of what `json.loads` returns.

        Raises:
            ModelError: it lacks a required property, or has one of another type.
        """
        try:
            return cls.adopt(dict(source))
        except Unreadable as error:
            raise ModelError(f"This is no {cls.__name__}: {error}.") from None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schema) or public_class(type(self)) is not public_class(type(other)):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((public_class(type(self)), _frozen(self.to_dict())))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (public_class(type(self)), self.to_dict())

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return type(self).from_dict(self.to_dict())


def _restored(model: type[Schema], source: dict[str, Any]) -> Schema:
    return model.from_dict(source)


def _frozen(wire: Wire) -> object:
    """A hashable twin of JSON, equal where the JSON is."""
    if isinstance(wire, dict):
        return frozenset((key, _frozen(value)) for key, value in wire.items())
    return tuple(map(_frozen, wire)) if isinstance(wire, list) else wire


class ModelMeta(StructMeta):
    """Makes models of keyword arguments in Python's types. Decoding does not pass here."""

    def __call__(cls, /, **values: Any) -> Any:
        """An instance of the model.

        Raises:
            ParameterError: a value is not of the property's type.
            TypeError: a property is missing or unknown.
        """
        given = {name: value for name, value in values.items() if value is not UNSET}
        wires = {f"_{name}": ModelMeta.wire_of(cls, name, value) for name, value in given.items()}
        if extra := wires.pop("_additional_properties", None):
            wires[UNDECLARED] = extra
        if missing := required_fields(cast("type[Model]", cls)) - wires.keys():
            raise TypeError(f"{cls.__name__} needs its property {min(missing)[1:]!r}.")
        return super().__call__(**wires)

    def wire_of(cls, name: str, value: object) -> Wire:
        """The wire value of a property's value."""
        if name == "additional_properties":
            return Anything().write(value)
        kinds = cast("type[Model]", cls).__kinds__
        if name not in kinds:
            raise TypeError(f"{cls.__name__} has no property {name!r}; pass it in additional_properties.")
        return kinds[name].write(value)

    def hold(cls, wires: Mapping[str, Wire]) -> Any:
        """An instance that holds these wire values, by field."""
        return super().__call__(**wires)


class Model(
    Schema,
    msgspec.Struct,
    metaclass=ModelMeta,
    gc=False,  # JSON has no cycles
    frozen=True,
    eq=False,
    kw_only=True,
    forbid_unknown_fields=True,  # the fast path notices what it would lose
):
    """An object with declared properties. Immutable; `replace(...)` makes a changed one.

    Absent and null optional properties read as None, and so do values that cannot be read; those stand in
    `unreadable`. Properties that the spec does not declare stand in `additional_properties`.
    """

    _undeclared_: dict[str, Any] | None = msgspec.field(default=None, name="(undeclared)")

    __kinds__: ClassVar[Mapping[str, Kind[Any]]] = {}
    __learned__: ClassVar[Mapping[str, str]] = {}  # field -> name on the wire, of what servers send undeclared
    __unpublished__: ClassVar[frozenset[str]] = frozenset()  # properties that only an overlay declares
    __relaxed__: ClassVar[frozenset[str]] = frozenset()  # properties that only the published document requires
    __surveyed__: ClassVar[Sequence[Any]] = ()  # Columns that may deviate after decoding; msgspec evaluates annotations

    @classmethod
    def adopt(cls, raw: Wire) -> Self:
        """See `Schema.adopt`. An optional property of another type is kept as it came."""
        if type(raw) is not dict:
            raise Unreadable(f"{shown(raw)} is no object")
        wires: dict[str, Wire] = {}
        names = wire_names(cls)
        for field, name in names.items():
            if (value := raw.get(name, UNSET)) is not UNSET:
                wires[field] = _adopted(cls.__kinds__[field[1:]], value, name, required=field in required_fields(cls))
            elif field in required_fields(cls):
                raise Unreadable(f"its property {name!r} is missing")
        known = set(names.values())
        if extra := {key: copied(value) for key, value in raw.items() if key not in known}:
            wires[UNDECLARED] = extra
        model: Self = ModelMeta.hold(cls, wires)
        return model

    @classmethod
    def written(cls, values: Mapping[str, Any]) -> Self:
        """See `Schema.written`."""
        by_name = {name: field[1:] for field, name in wire_names(cls).items()}
        given = {by_name[name]: value for name, value in values.items() if name in by_name}
        extra = {name: value for name, value in values.items() if name not in by_name}
        if missing := [name for name, own in by_name.items() if f"_{own}" in required_fields(cls) and own not in given]:
            raise ParameterError(f"{cls.__name__} needs {missing[0]!r}.")
        return cls(**given, additional_properties=extra)  # type: ignore[call-arg] # the metaclass takes them

    def to_dict(self) -> dict[str, Any]:
        """What came over the wire, or would go over it, as plain JSON values that belong to the caller."""
        named = {**wire_names(type(self)), **self.__learned__}
        held = {name: getattr(self, field) for field, name in named.items()}
        result: dict[str, Any] = {name: copied(value) for name, value in held.items() if value is not UNSET}
        return {**result, **copied(self._undeclared_ or {})}

    def replace(self, **changes: Any) -> Self:
        """A copy with some properties changed; UNSET removes one.

        Raises:
            ParameterError: a value is not of the property's type.
            TypeError: there is no such property.
        """
        base = public_class(type(self))
        held = {field: getattr(self, field) for field in (*wire_names(base), *own_fields(base))}
        held[UNDECLARED] = dict(self.additional_properties) or None
        for name, value in changes.items():
            field = UNDECLARED if name == "additional_properties" else f"_{name}"
            held[field] = UNSET if value is UNSET else ModelMeta.wire_of(base, name, value)
        if missing := [field for field in required_fields(base) if held[field] is UNSET]:
            raise TypeError(f"{base.__name__} needs its property {missing[0][1:]!r}.")
        model: Self = ModelMeta.hold(base, {field: value for field, value in held.items() if value is not UNSET})
        return model

    @property
    def additional_properties(self) -> Mapping[str, Any]:
        """What the server sent, or you gave, beyond what the spec declares; a copy."""
        learned = {name: getattr(self, field) for field, name in self.__learned__.items()}
        sent = {name: copied(value) for name, value in learned.items() if value is not UNSET}
        return {**sent, **copied(self._undeclared_ or {})}

    def __deepcopy__(self, memo: object) -> Self:
        model = super().__deepcopy__(memo)
        for field in own_fields(type(self)).keys() - {UNDECLARED}:
            msgspec.structs.force_setattr(model, field, getattr(self, field))
        return model

    @property
    def unreadable(self) -> Mapping[str, Any]:
        """By name on the wire, what came but is not what the spec says: such values read as absent.

        For an array of objects, a list of the elements that are left out of it.
        """
        found: dict[str, Any] = {}
        for field, name in wire_names(type(self)).items():
            if (value := getattr(self, field)) is not UNSET and value is not None:
                found.update(_unreadable(self.__kinds__[field[1:]], value, name))
        return found

    def __repr__(self) -> str:
        names = [field[1:] for field in wire_names(type(self)) if getattr(self, field) is not UNSET]
        shown_ones = [f"{name}={shown(getattr(self, name))}" for name in names[:_REPR_LENGTH]]
        return f"{type(self).__name__}({', '.join(shown_ones)}{', ...' if len(names) > _REPR_LENGTH else ''})"


def _adopted(kind: Kind[Any], value: Wire, name: str, *, required: bool) -> Wire:
    try:
        wire = kind.adopt(value)
        if required:
            kind.read(wire)
    except Unreadable as error:
        if required:
            raise Unreadable(str(error) or f"its property {name!r} is {shown(value)}") from None
        return copied(value)
    return wire


def _unreadable(kind: Kind[Any], wire: Wire, name: str) -> dict[str, Any]:
    inner = kind.only if isinstance(kind, OneOf) and kind.only is not None else kind
    if isinstance(inner, ListOf) and inner.holds_models and isinstance(wire, list):
        if isinstance(inner.items, Nested) and inner.items.are_models(wire):
            return {}  # as in nearly every page
        lost = [copied(item) for value, item in inner.split(wire) if value is UNSET]
        return {name: lost} if lost else {}
    try:
        kind.read(wire)
    except Unreadable:
        return {name: copied(wire)}
    return {}


_NAMES: Final[dict[type[Model], dict[str, str]]] = {}
_REQUIRED: Final[dict[type[Model], frozenset[str]]] = {}


def wire_names(model: type[Model]) -> dict[str, str]:
    """The fields that hold the model's properties, with their names on the wire."""
    model = public_class(model)
    if model not in _NAMES:
        pairs = zip(model.__struct_fields__, model.__struct_encode_fields__, strict=True)
        _NAMES[model] = {field: name for field, name in pairs if field[1:] in model.__kinds__}
    return _NAMES[model]


def own_fields(model: type[Model]) -> dict[str, str]:
    """The fields that are no properties, ours or a subclass's, with the names they occupy among those on the wire."""
    pairs = zip(model.__struct_fields__, model.__struct_encode_fields__, strict=True)
    held = {*wire_names(model), *model.__learned__}
    return {field: name for field, name in pairs if field not in held}


def required_fields(model: type[Model]) -> frozenset[str]:
    """The model's fields without which it cannot be."""
    model = public_class(model)
    if model not in _REQUIRED:
        _REQUIRED[model] = frozenset(field.name for field in msgspec.structs.fields(model) if field.required)
    return _REQUIRED[model]


C = TypeVar("C", bound=Schema)


def public_class(model: type[C]) -> type[C]:
    """The class that people import: decoding makes instances of subclasses of it, which know what servers add."""
    public: type[C] = model.__dict__.get("__public__", model)
    return public


def published_class(model: type[Model]) -> type[Model]:
    """The model's class as it was generated, whose name is the document's; packages on top extend it."""
    return next(base for base in reversed(model.__mro__) if issubclass(base, Model) and base is not Model)


class FreeForm(Schema, Mapping[str, T], Generic[T]):
    """An object whose properties the spec leaves open: a read-only mapping over what came."""

    __slots__ = ("_wire",)
    __values__: ClassVar[Kind[Any]] = Anything()
    _wire: dict[str, Wire]

    def __init__(self, values: Mapping[str, T] | None = None, /, **more: T) -> None:
        """Take the properties from a mapping, keywords, or both.

        Raises:
            ParameterError: a value is not of the type that the spec gives.
        """
        given: dict[str, Any] = {**(values or {}), **more}
        _set_wire(self, {key: self.__values__.write(value) for key, value in given.items()})

    @classmethod
    def adopt(cls, raw: Wire) -> Self:
        """See `Schema.adopt`."""
        return cls.over(copied(raw))

    @classmethod
    def over(cls, wire: Wire) -> Self:
        """See `Schema.over`."""
        if type(wire) is not dict:
            raise Unreadable(f"{shown(wire)} is no object")
        made = _new(cls)
        _set_wire(made, wire)
        return made

    @classmethod
    def written(cls, values: Mapping[str, Any]) -> Self:
        """See `Schema.written`."""
        return cls(values)

    @property
    def unreadable(self) -> Mapping[str, Any]:
        """What came but is not of the type that the spec gives: the mapping is without it."""
        return {key: copied(self._wire[key]) for key in self._wire if key not in self}

    def to_dict(self) -> dict[str, Any]:
        """What came over the wire, or would go over it, as plain JSON values that belong to the caller."""
        result: dict[str, Any] = copied(self._wire)
        return result

    def __getitem__(self, key: str) -> T:
        try:
            value: T = self.__values__.read(self._wire[key])
        except Unreadable:
            raise KeyError(key) from None
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._wire) if isinstance(self.__values__, Anything) else filter(self.__contains__, self._wire)

    def __len__(self) -> int:
        return len(self._wire) if isinstance(self.__values__, Anything) else sum(1 for _ in self)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make a new one.")

    __eq__ = Schema.__eq__
    __hash__ = Schema.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shown(self._wire)})"


_new: Final = object.__new__
_set_wire: Final = FreeForm._wire.__set__  # type: ignore[attr-defined]
