"""The Python code that stands for a type of the spec in generated modules: its kind, and its annotations. Pure.

Generated modules import `_runtime` as `_rt_`, `models` as `_models_`, and `datetime`, `typing` and `uuid` as `_dt_`,
`_t_` and `_uuid_`, so that no name of the spec can hide one of these: a property called uuid has the field `_uuid`.
"""

from __future__ import annotations

from collections.abc import Iterable

from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

# property class -> (kind, what reading gives, what writing takes)
_PLAIN: dict[type[PropertyProtocol], tuple[str, str, str]] = {
    AnyProperty: ("_rt_.Anything()", "_t_.Any", "_t_.Any"),
    BooleanProperty: ("_rt_.Bool()", "bool", "bool"),
    DateProperty: ("_rt_.Date()", "_dt_.date", "_dt_.date | str"),
    DateTimeProperty: ("_rt_.DateTime()", "_dt_.datetime", "_dt_.datetime | str"),
    FileProperty: ("_rt_.Binary()", "_rt_.File", "_rt_.File"),
    FloatProperty: ("_rt_.Number()", "float", "float"),
    IntProperty: ("_rt_.Int()", "int", "int"),
    NoneProperty: ("_rt_.Null()", "None", "None"),
    StringProperty: ("_rt_.Str()", "str", "str"),
    UuidProperty: ("_rt_.Uuid()", "_uuid_.UUID", "_uuid_.UUID | str"),
}

_HELD_AS_READ = (BooleanProperty, StringProperty)


def kind(prop: PropertyProtocol) -> str:
    """The expression that makes the property's kind."""
    if isinstance(prop, EnumProperty):
        return f"_rt_.Enumerated(lambda: _models_.{prop.class_info.name})"
    if isinstance(prop, ModelProperty):
        return f"_rt_.Nested(lambda: _models_.{prop.class_info.name})"
    if isinstance(prop, ListProperty):
        return f"_rt_.ListOf({kind(prop.inner_property)})"
    if isinstance(prop, ConstProperty):
        return f"_rt_.Constant({prop.value.raw_value!r})"
    if isinstance(prop, UnionProperty):
        return f"_rt_.OneOf({', '.join(map(kind, prop.inner_properties))})"
    return _PLAIN[type(prop)][0]


def reads_as(prop: PropertyProtocol) -> str:
    """The annotation of what reading the property gives, when it is there."""
    if isinstance(prop, EnumProperty | ModelProperty):
        return f"_models_.{prop.class_info.name}"
    if isinstance(prop, ListProperty):
        return f"list[{reads_as(prop.inner_property)}]"
    if isinstance(prop, ConstProperty):
        return _literal(prop)
    if isinstance(prop, UnionProperty):
        return union(reads_as(inner) for inner in prop.inner_properties)
    return _PLAIN[type(prop)][1]


def takes(prop: PropertyProtocol) -> str:
    """The annotation of what may be given for the property."""
    if isinstance(prop, EnumProperty):
        return f"_models_.{prop.class_info.name} | {prop.value_type.__name__}"
    if isinstance(prop, ModelProperty):
        return f"_models_.{prop.class_info.name} | _t_.Mapping[str, _t_.Any]"
    if isinstance(prop, ListProperty):
        return f"_t_.Sequence[{takes(prop.inner_property)}]"
    if isinstance(prop, ConstProperty):
        return _literal(prop)
    if isinstance(prop, UnionProperty):
        return union(takes(inner) for inner in prop.inner_properties)
    return _PLAIN[type(prop)][2]


def default(prop: PropertyProtocol) -> str:
    """The default of an argument: the spec's, or UNSET; empty where the argument is required."""
    if prop.required:
        return ""
    value = prop.default
    if value is None:
        return "_rt_.UNSET"
    if isinstance(prop, EnumProperty):
        return f"_models_.{value.python_code.as_unembedded_code()}"
    raw = value.raw_value
    return repr(raw) if isinstance(raw, str | int | float | bool) else "_rt_.UNSET"


def held(prop: PropertyProtocol) -> str:
    """The annotation of the field that holds the property's wire value.

    Where it is exact, decoding made sure of it, and the property is the field.
    """
    return _PLAIN[type(prop)][1] if prop.required and isinstance(prop, _HELD_AS_READ) else "_t_.Any"


def reading(prop: PropertyProtocol) -> str:
    """The statements that read the property: what its kind would do, without the calls where these are most of it."""
    field, constant = f"self._{prop.python_name}", f"_{str(prop.python_name).upper()}"
    if prop.required:
        if isinstance(prop, _HELD_AS_READ):
            return f"return {field}"
        if isinstance(prop, UuidProperty):  # decoding made sure that it is one
            return f"return _rt_.decode_uuid(f'\"{{{field}}}\"')"
        if isinstance(prop, IntProperty):
            return f"value = {field}\nreturn value if type(value) is int else {constant}.read(value)"
        return f"return {'_rt_.utc' if isinstance(prop, DateTimeProperty) else f'{constant}.read'}({field})"
    if isinstance(prop, _HELD_AS_READ):
        return f"value = {field}\nreturn value if type(value) is {_PLAIN[type(prop)][1]} else None"
    return f"value = {field}\nreturn None if value is _unset_ else {constant}.read_optional(value)"


def _literal(prop: ConstProperty) -> str:
    raw = prop.value.raw_value
    return f"_t_.Literal[{raw!r}]" if isinstance(raw, str | int | bool) else "float"


def union(parts: Iterable[str]) -> str:
    """The union of annotations, each member once, None last; empty where there are none."""
    flat = [piece for part in parts for piece in _split(part)]
    unique = list(dict.fromkeys(flat))
    if "_t_.Any" in unique:
        return "_t_.Any"
    return " | ".join([*[part for part in unique if part != "None"], *(["None"] if "None" in unique else [])])


def _split(annotation: str) -> list[str]:
    """The members of a union, at its top level."""
    parts, depth, current = [], 0, ""
    for char in annotation:
        depth += (char == "[") - (char == "]")
        if char == "|" and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [*parts, current.strip()]
