"""What the generator's parser cannot express is put as the nearest thing, and named with its place and effect."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import parse_document, walk
from pipeline.errors import PipelineError
from pipeline.generate import OUR_CLIENT, Rendered, render, render_nearest
from tests.pipeline.test_any_spec import FORTY

OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}
OTHER = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}

SHARED = ["X/oneOf/1: of its parts, the last says what a is"]


def rendered(schemas: dict[str, Any], version: str = "3.0.3", **more: Any) -> Rendered:
    """The package of a document with these schemas."""
    document = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}, **more}
    document.setdefault("components", {"schemas": json.loads(json.dumps(schemas))})
    return render_nearest(OUR_CLIENT._replace(spec=Path("x.yaml"), output=Path("some_client")), document)


def remarks(of: Rendered) -> list[str]:
    """Its lines, without the pointers' common beginning."""
    return [str(note).removeprefix("#/components/schemas/") for note in (*of.notes, *of.missing)]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"type": "string", "enum": ["a"], "default": []},
            ["X: its default is no value of its type, and is left out"],
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/O"}, OTHER]},
            ["X: of its parts, the last says what a is"],
        ),
        (
            {**OBJECT, "anyOf": [{"required": ["a"]}]},
            ["X/anyOf: says which properties go together, which is not checked"],
        ),
        (
            {"type": "text", "properties": {"a": {"type": "string"}}},
            ["X/type: is not of the type that OpenAPI has there, and is left out"],
        ),
        (
            {"type": "object", "properties": {"a": False}},
            ["X/properties/a: allows no value, or is no schema, and is taken for any JSON"],
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/Union"}, OTHER]},
            ["X: what the oneOf of one of its parts adds is read from additional_properties"],
        ),
        ({**OBJECT, "oneOf": [{"$ref": "#/components/schemas/O"}, {**OTHER, "title": "Two"}]}, SHARED),
        ({"allOf": [{"$ref": "#/components/schemas/O"}, {"oneOf": [OBJECT, OBJECT]}]}, []),
        ({"oneOf": [{"type": "object", "title": "In", "properties": {"deep": OBJECT}}, {"type": "string"}]}, []),
        ({"oneOf": [{"$ref": "#/components/schemas/O"}], "type": "object"}, []),
        ({"$ref": "#/components/schemas/O"}, []),
        ({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/O/properties/a"}}}, []),
        ({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/a%20b~1c"}}}, []),
        ({"type": "object", "description": 'Ends in a "quote"'}, []),
        ({"type": "string", "enum": ["a"], "description": 'Ends in a "quote"'}, []),
    ],
)
def test_what_is_put_otherwise_is_named_and_nothing_is_missing(schema: dict[str, Any], expected: list[str]) -> None:
    """One line each, with place and effect; what can be said in another way is said without a line."""
    union = {"oneOf": [{"$ref": "#/components/schemas/O"}, {"type": "string"}]}
    assert remarks(rendered({"O": OBJECT, "X": schema, "Union": union, "a b/c": OBJECT})) == expected


def test_a_reference_with_properties_beside_it_has_both_in_3_1() -> None:
    """There a reference is one part of several."""
    beside = {"$ref": "#/components/schemas/O", "properties": {"c": {"type": "string"}}}
    model = rendered({"O": OBJECT, "X": beside}, "3.1.0").files["models/x.py"].decode()
    assert "def a(self)" in model
    assert "def c(self)" in model


def test_an_all_of_of_texts_is_a_text() -> None:
    """Not the object that the parser takes every allOf for."""
    schemas = {"T": {"type": "string"}, "X": {"type": "object", "properties": {}}}
    schemas["X"]["properties"] = {"a": {"allOf": [{"$ref": "#/components/schemas/T"}, {"maxLength": 5}]}}
    assert "def a(self) -> str | None" in rendered(schemas).files["models/x.py"].decode()


def test_classes_that_differ_in_capitals_only_have_a_module_each() -> None:
    """Or one would overwrite the other."""
    inner = {"type": "object", "properties": {"x": OBJECT}}
    files = rendered({"ABC": inner, "Abc": inner, "AbcX": OBJECT}).files
    classes = [line for name, text in files.items() if "models/" in name for line in text.decode().splitlines()]
    found = [line for line in classes if line.startswith("class ")]
    assert len(found) == len(set(found)) == 5


def test_an_enum_of_mixed_types_is_missing() -> None:
    """It is in the document, and no class has its values."""
    assert remarks(rendered({"X": {"enum": ["a", 1]}})) == [
        "X: has an enum of mixed types, whose values are not checked",
        "X: is missing from the output",
    ]


def test_what_no_code_stands_for_is_named() -> None:
    """Calls that the server makes, and servers of single paths."""
    hook = {"post": {"responses": {"200": {"description": "ok"}}}}
    operation = {"operationId": "op", "callbacks": {"done": {"{$url}": hook}}, "responses": {}}
    paths = {"/a": {"servers": [{"url": "https://a.example"}], "get": operation}, "b": {"get": {"responses": {}}}}
    assert [str(note) for note in _all(rendered({}, "3.1.0", paths=paths, webhooks={"w": hook}))] == [
        "#/webhooks: is what the server calls, which a client has no code for",
        "#/paths/~1a/servers: is not used; calls go to the base URL of the client",
        "#/paths/~1a/get/callbacks: is what the server calls, which a client has no code for",
        "#/paths/b/get: is missing from the output",
    ]


def _all(of: Rendered) -> tuple[Any, ...]:
    return (*of.notes, *of.missing)


def test_a_document_without_info_is_a_package_too() -> None:
    """Nothing of the code depends on it."""
    document = {"openapi": "3.0.3", "paths": {}}
    client = OUR_CLIENT._replace(spec=Path("x.yaml"), output=Path("some_client"))
    assert {note.pointer for note in render_nearest(client, document).notes} == {
        "#/info",
        "#/info/title",
        "#/info/version",
    }


def test_our_own_client_is_never_generated_with_less() -> None:
    """What is a line for other specs is an error for what is committed."""
    document = {"openapi": "3.0.3", "info": {"title": "T"}, "paths": {}}
    with pytest.raises(PipelineError, match="#/info/version: is missing"):
        render(OUR_CLIENT._replace(overlay=None), document)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_document_is_a_package_or_a_sentence(seed: int) -> None:
    """Whatever stands in the place of something else, there is no traceback."""
    chosen = random.Random(seed)
    document: Any = parse_document(FORTY.read_text(encoding="utf-8"), "forty.yaml")
    for _ in range(3):
        places = [(node, key) for _, node in walk(document) if isinstance(node, dict) for key in node]
        node, key = chosen.choice(places)
        node[key] = chosen.choice([None, 1, "x", [], {}, [1], {"a": 1}, True, False, [{}], {"$ref": "#/paths"}])
    client = OUR_CLIENT._replace(spec=Path("x.yaml"), output=Path("some_client"))
    try:
        files = render_nearest(client, document).files
    except PipelineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both ends are fine
    else:
        for name, content in files.items():
            compile(content, name, "exec")
