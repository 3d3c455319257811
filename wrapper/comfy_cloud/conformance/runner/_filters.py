"""The family `filters`: an expression, what is asked of the server for it, or why it is refused."""

from __future__ import annotations

from functools import reduce
from typing import Any, Final

from comfy_cloud import Expression, FilterError, created_at, metadata, mime_type, name, size, tag
from comfy_cloud.conformance._worlds import Json, is_list, is_object
from comfy_cloud.conformance.runner._errors import reason
from comfy_cloud.conformance.runner._setup import Setup, settled

_FIELDS: Final[dict[str, Any]] = {"size": size, "created_at": created_at, "mime_type": mime_type, "name": name}
_METHODS: Final = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", ">": "__gt__", "startswith": "startswith"}


async def filtered(task: Json, setup: Setup) -> Json:
    """Ask for what matches; the host sees the query."""
    async with setup.client(task) as comfy:
        try:
            query = comfy.assets.where(*map(expression, task["input"]["all"]))
        except FilterError as error:
            return {"refused": reason(error)}
        if "include_public" in task["input"]:
            query = query.include_public(task["input"]["include_public"])
        await settled(query.count())
    return {}


def expression(tree: Json) -> Expression:
    """The expression that a tree of a vector stands for.

    Raises:
        FilterError: a value in it is refused.
    """
    ((node, value),) = tree.items()
    match node:
        case "tag":
            return tag(_text(value))
        case "name_contains":
            return name.contains(_text(value))
        case "metadata":
            return _joined("and", [_at(key, item) for key, item in value.items()])
        case "not":
            return ~expression(value)
        case "and" | "or":
            return _joined(node, list(map(expression, value)))
        case _:
            field, sign, bound = value
            made: Expression = getattr(_FIELDS[field], _METHODS[sign])(bound)
            return made


def _joined(node: str, parts: list[Expression]) -> Expression:
    return reduce(Expression.__and__ if node == "and" else Expression.__or__, parts)


def _at(key: str, value: Json) -> Expression:
    return metadata[key].in_(value) if is_list(value) else metadata[key] == value


def _text(value: Json) -> str:
    """A text, or one given by its UTF-16 code units, as JSON cannot hold half of a pair."""
    return "".join(map(chr, value["utf16"])) if is_object(value) else value
