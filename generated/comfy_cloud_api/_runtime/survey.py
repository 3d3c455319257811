# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Surveying a body: how it differs from the document, column by column rather than value by value.

A survey looks at generic JSON, where anything may be, and at what the fast path made, where the types have excluded
most of it: there only the columns are looked at that can still deviate. Both find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import methodcaller
from typing import Any, Final

from msgspec import UNSET

from .composites import Anything, ListOf, Nested, OneOf
from .deviations import UNTYPED, Deviation, Findings, named, unfit
from .kinds import Kind, Unreadable, Wire
from .models import (
    FreeForm,
    Model,
    public_class,
    published_class,
    required_fields,
    wire_names,
)

_UNFIT: Final = (Deviation.NULL, Deviation.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Column:
    """One property of many models.

    Attributes:
        get: Its wire value in a model, UNSET where it is absent.
        kind: Its kind; `Anything` where no document declares it.
        place: Such as `Asset.size`.
        name: On the wire.
        vital: Whether an unreadable value makes its whole model unreadable.
        expected: Whether the published document requires it.
        beyond: Whether the published document does not declare it.
    """

    get: Callable[[Any], Wire]
    kind: Kind[Any]
    place: str
    name: str
    vital: bool = False
    expected: bool = False
    beyond: bool = False


def undeclared(model: type[Model], name: str, get: Callable[[Any], Wire]) -> Column:
    """The column of a property that no document declares."""
    return Column(get, Anything(), named(published_class(model), name), name, beyond=True)


def survey(kind: Kind[Any], wires: Sequence[Wire], place: str, findings: Findings, *, all_of_it: bool = True) -> None:
    """Find what deviates in wire values of one kind.

    Args:
        kind: What the document says they are.
        wires: Generic JSON, or what decoding made; none of them UNSET.
        place: Where they are.
        findings: Where to add what is found.
        all_of_it: Look at every property, and not only at those without which a model cannot be.

    Raises:
        Unreadable: the fast path made a model that cannot be one.
    """
    if not wires:
        return
    if isinstance(kind, Nested):
        _survey_objects(kind, wires, place, findings, all_of_it=all_of_it)
    elif isinstance(kind, ListOf) and kind.holds_models:
        lists = [wire for wire in wires if type(wire) is list]
        if len(lists) < len(wires):
            _add(findings, place, unfit([wire for wire in wires if type(wire) is not list]))
        items = lists[0] if len(lists) == 1 else [item for wire in lists for item in wire]
        survey(kind.items, items, f"{place}[]", findings, all_of_it=all_of_it)
    elif isinstance(kind, OneOf):
        for inner, group in kind.split(wires):
            if inner is None:
                _add(findings, place, unfit(group))
            else:
                survey(inner, group, place, findings, all_of_it=all_of_it)
    else:
        _add(findings, place, kind.deviations(wires))


def _add(findings: Findings, place: str, deviants: Iterable[tuple[Deviation, int, Wire]]) -> None:
    for what, count, example in deviants:
        findings.add(place, what, count, example)


def _survey_objects(
    kind: Nested[Any], wires: Sequence[Wire], place: str, findings: Findings, *, all_of_it: bool
) -> None:
    """Objects that have a model, made already or not."""
    if isinstance(wires[0], Model):  # then all are, as one type decoded them
        _survey_models(type(wires[0]), wires, findings, all_of_it=all_of_it)
        return
    if not all_of_it:
        return
    objects = [wire for wire in wires if type(wire) is dict]
    if len(objects) < len(wires):
        _add(findings, place, unfit([wire for wire in wires if type(wire) is not dict]))
    model = kind.model()
    if objects and issubclass(model, Model):
        _survey_raw(model, objects, findings)
    elif issubclass(model, FreeForm) and not isinstance(model.__values__, Anything):
        values = [value for wire in objects for value in wire.values()]
        survey(model.__values__, values, f"{model.__name__}.*", findings)


def _survey_models(made: type[Model], models: Sequence[Wire], findings: Findings, *, all_of_it: bool) -> None:
    """Models of one class that decoding made."""
    fit: dict[type[Kind[Any]], list[Wire]] = {}
    for column in made.__surveyed__:
        if not (column.vital or column.kind.holds_models or all_of_it):
            continue
        wires = list(map(column.get, models))
        if column.beyond or not _plainly_fit(column.kind, wires, fit):
            _survey_column(column, wires, findings, all_of_it=all_of_it)
            if column.vital and findings.any(column.place, _UNFIT):
                raise Unreadable(f"the property {column.place} cannot be read")


def _plainly_fit(kind: Kind[Any], wires: list[Wire], fit: dict[type[Kind[Any]], list[Wire]]) -> bool:
    """As `Kind.plainly_fit`. `fit` has the last column of a kind that was: servers often write two alike."""
    inner = kind.only if isinstance(kind, OneOf) and kind.only is not None else kind
    if fit.get(type(inner)) == wires:
        return True
    if not inner.plainly_fit(wires):
        return False
    fit[type(inner)] = wires
    return True


def _survey_column(column: Column, wires: Sequence[Wire], findings: Findings, *, all_of_it: bool) -> None:
    if absent := wires.count(UNSET):
        if column.expected:
            findings.add(column.place, Deviation.MISSING, absent, None)
        if absent == len(wires):
            return
        wires = [wire for wire in wires if wire is not UNSET]
    if column.beyond:
        findings.add(column.place, Deviation.UNDECLARED, len(wires), wires[0])
        findings, all_of_it = Findings(), False  # that it is there is all there is to tell
    survey(column.kind, wires, column.place, findings, all_of_it=all_of_it)


def _survey_raw(model: type[Model], objects: Sequence[dict[str, Wire]], findings: Findings) -> None:
    """Generic JSON that is to be models; every property is looked at, and remembered if it surprises."""
    columns = _raw_columns(model)
    names = set[str]().union(*objects)
    beyond = [undeclared(model, name, _getter(name)) for name in sorted(names - columns.keys())]
    for column in [*columns.values(), *beyond]:
        wires = [column.get(wire) for wire in objects]
        before = _surprising(column, findings)
        _survey_column(column, wires, findings, all_of_it=True)
        if _surprising(column, findings) != before or not _fits(column, wires):
            findings.surprises.setdefault(model, set()).add(column.name)


def _surprising(column: Column, findings: Findings) -> int:
    return sum(findings.found[column.place, what][0] for what in UNTYPED if (column.place, what) in findings.found)


def _fits(column: Column, wires: Sequence[Wire]) -> bool:
    """Whether msgspec takes what was found to deviate in no type."""
    present = [wire for wire in wires if wire is not UNSET]
    return column.beyond or column.kind.holds_models or column.kind.fits(present)


def _getter(name: str) -> Callable[[Any], Wire]:
    return methodcaller("get", name, UNSET)


@cache
def _raw_columns(model: type[Model]) -> dict[str, Column]:
    """Every declared property, by its name on the wire."""
    return {name: column_of(model, field, _getter(name)) for field, name in wire_names(model).items()}


def column_of(model: type[Model], field: str, get: Callable[[Any], Wire]) -> Column:
    """The column of a declared property."""
    public = public_class(model)
    published = published_class(public)
    own, name = field[1:], wire_names(model)[field]
    return Column(
        get=get,
        kind=public.__kinds__[own],
        place=named(published, name),
        name=name,
        vital=field in required_fields(public),
        expected=field in required_fields(public) or own in public.__relaxed__,
        beyond=own in public.__unpublished__,
    )


def is_certain(kind: Kind[Any]) -> bool:
    """Whether nothing deviates that msgspec accepts as the kind's type."""
    if isinstance(kind, Nested):
        model = kind.model()
        return issubclass(model, FreeForm) and isinstance(model.__values__, Anything)
    if isinstance(kind, ListOf):
        return is_certain(kind.items)
    return is_certain(kind.only) if isinstance(kind, OneOf) and kind.only is not None else kind.certain


__all__ = ["Column", "column_of", "is_certain", "survey", "undeclared"]
