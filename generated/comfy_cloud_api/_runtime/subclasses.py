# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Reading answers as subclasses of the models: for packages that add methods to what the spec declares.

The kinds of an answer form a graph, in which models refer to each other. Where one of the graph's models has a
subclass of ours, the subclass takes its place; a model that holds such a one is subclassed too, here, with the kinds of
its properties exchanged. What holds none is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from .composites import ListOf, Nested, OneOf
from .kinds import Kind
from .models import Model, ModelMeta, Schema


class Exchange:
    """Puts subclasses in the place of the models they extend, in any kind."""

    def __init__(self, subclasses: Sequence[type[Model]]) -> None:
        self._subclasses = subclasses
        self._made: dict[type[Schema], type[Schema]] = {}

    def kind(self, kind: Kind[Any]) -> Kind[Any]:
        """The kind, reading subclasses; the very same one where nothing changes. What is no model's stays."""
        if not self._reaches(kind, set()):
            return kind
        if isinstance(kind, ListOf):
            return ListOf(self.kind(kind.items))
        if isinstance(kind, OneOf):
            return OneOf(*map(self.kind, kind.kinds))
        assert isinstance(kind, Nested)
        return Nested(lambda: self._model(kind.model()))

    def _model(self, model: type[Schema]) -> type[Schema]:
        if model not in self._made:
            self._made[model] = self._chosen(model) or self._holding(model)
        return self._made[model]

    def _chosen(self, model: type[Schema]) -> type[Model] | None:
        return next((ours for ours in self._subclasses if issubclass(ours, model)), None)

    def _holding(self, model: type[Schema]) -> type[Schema]:
        """A subclass of a model that holds ours; itself where it holds none."""
        if not issubclass(model, Model) or not self._reaches(Nested(lambda: model), set()):
            return model
        kinds = {name: self.kind(kind) for name, kind in model.__kinds__.items()}
        space = {"__kinds__": kinds, "__module__": model.__module__, "__qualname__": model.__qualname__}
        made: Any = ModelMeta(model.__name__, (model,), {**space, "__doc__": model.__doc__}, frozen=True)
        return cast("type[Model]", made)

    def _reaches(self, kind: Kind[Any], seen: set[type[Schema]]) -> bool:
        """Whether one of ours is in there, however deep; `seen` are the models that were looked into."""
        if isinstance(kind, ListOf):
            return self._reaches(kind.items, seen)
        if isinstance(kind, OneOf):
            return any(self._reaches(inner, seen) for inner in kind.kinds)
        if not isinstance(kind, Nested):
            return False
        model = kind.model()
        if self._chosen(model):
            return True
        if model in seen or not issubclass(model, Model):
            return False
        seen.add(model)
        return any(self._reaches(inner, seen) for inner in model.__kinds__.values())


__all__ = ["Exchange"]
