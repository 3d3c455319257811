"""Apply an OpenAPI Overlay 1.0 to a document, and refuse one that does not do what it says."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext.parser import parse
from oas_patch.overlay import apply_overlay

from pipeline.document import Document, parse_document, read_text
from pipeline.errors import PipelineError

_ACTION_KEYS: Final = frozenset({"target", "description", "update", "remove"})


def read_overlay(path: Path) -> Document:
    """Read an overlay.

    Raises:
        PipelineError: it cannot be read, is no Overlay 1.0, or has an action without a reason.
    """
    overlay = parse_document(read_text(path), path.name)
    if not str(overlay.get("overlay", "")).startswith("1.0"):
        raise PipelineError(f"{path.name} states no `overlay: 1.0.0`; give an OpenAPI Overlay 1.0.")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise PipelineError(f"{path.name} has no actions; there is nothing to apply.")
    for number, action in enumerate(actions):
        _check_action(action, f"{path.name}, action {number}")
    return overlay


def _check_action(action: Any, where: str) -> None:  # noqa: ANN401 - whatever its author wrote
    if not isinstance(action, dict) or "target" not in action or set(action) - _ACTION_KEYS:
        raise PipelineError(f"{where}: an action has a target, a description, and update or remove.")
    if ("update" in action) == (action.get("remove") is True):
        raise PipelineError(f"{where}: an action needs either `update`, or `remove: true`.")
    if not str(action.get("description") or "").strip():
        raise PipelineError(f"{where}: say in its description why it is there and how that is known.")


def overlaid(document: Document, actions: Sequence[Document]) -> Document:
    """The document with the actions applied in order, marked where they change objects; the given one stays as it is.

    So that clients can tell what a server sends beyond the published document, each changed object schema lists the
    properties that only the overlay declares (`x-unpublished`) and those it no longer requires (`x-relaxed`).

    Raises:
        PipelineError: an action's target is no JSONPath, or leads nowhere, so that it would be lost in silence.
    """
    result = copy.deepcopy(document)
    for action in actions:
        target = str(action["target"])
        try:
            found = parse(target).find(result)
        except (JSONPathError, ValueError, AttributeError) as error:
            raise PipelineError(f"The overlay's target {target} is no JSONPath: {error}.") from error
        if not found:
            raise PipelineError(f"The overlay's target {target} leads nowhere in the document; mend or remove it.")
        result = apply_overlay(result, {"actions": [copy.deepcopy(action)]})
    _mark(document, result)
    return result


def _mark(published: Any, result: Any) -> None:  # noqa: ANN401 - any two nodes at the same place
    """Mark the object schemas of the result that differ from the published ones."""
    if isinstance(published, list) and isinstance(result, list):
        for before, after in zip(published, result, strict=False):
            _mark(before, after)
    if not isinstance(published, dict) or not isinstance(result, dict):
        return
    for key in published.keys() & result.keys():
        _mark(published[key], result[key])
    before, after = published.get("properties"), result.get("properties")
    if isinstance(before, dict) and isinstance(after, dict):
        relaxed = set(published.get("required", ())) - set(result.get("required", ()))
        marks = {"x-unpublished": sorted(after.keys() - before.keys()), "x-relaxed": sorted(relaxed & after.keys())}
        result.update({key: names for key, names in marks.items() if names})
