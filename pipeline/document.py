"""Read an OpenAPI document from YAML or JSON, with bounds, and say in one sentence what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from pipeline.errors import PipelineError

Document: TypeAlias = dict[str, Any]  # Any: until it is validated, a document is whatever its author wrote
Pointer: TypeAlias = tuple[str, ...]  # the unescaped parts of a JSON pointer

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_BYTES: Final = 10_000_000
MAX_NODES: Final = 1_000_000  # counted with every alias expanded, so a "billion laughs" is refused
MAX_DEPTH: Final = 100


_DATA: Final = frozenset({"example", "examples", "default", "enum", "const"})
# Below these, keys are names that the document's author chose.
_NAME_MAPS: Final = frozenset({"properties", "patternProperties", "schemas", "$defs", "parameters", "responses"})


class OperationKey(NamedTuple):
    """What identifies an operation on the wire."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


class _JsonSchemaConstructor(SafeConstructor):
    """YAML as OpenAPI allows it: the JSON types only, so a date is the string its author wrote."""


_JsonSchemaConstructor.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
)


def read_document(path: Path) -> Document:
    """Read and validate the document in a file.

    Raises:
        PipelineError: the file cannot be read, is no YAML or JSON, or is no valid OpenAPI 3.0 or 3.1.
    """
    document = parse_document(read_text(path), path.name)
    validate_document(document, path.name)
    return document


def read_self_contained(path: Path) -> Document:
    """Read the document in a file without demanding that every detail is valid, as real documents seldom are.

    Raises:
        PipelineError: the file cannot be read, is no OpenAPI 3.0 or 3.1, or refers to what it does not have.
    """
    document = parse_document(read_text(path), path.name)
    check_self_contained(document, path.name)
    return document


def read_text(path: Path) -> str:
    """The text of a file of at most `MAX_BYTES` bytes of UTF-8."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PipelineError(f"{path.name} is larger than {MAX_BYTES:,} bytes; give one OpenAPI document.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise PipelineError(f"{path} cannot be read ({reason}); check the path.") from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"{path.name} is not UTF-8 text; give a YAML or JSON document.") from error


def parse_document(text: str, name: str) -> Document:
    """Parse YAML or JSON into plain objects with string keys; `name` is what errors call the text.

    A status code written without quotes is an integer to YAML and a string to OpenAPI, so keys become strings.
    """
    try:
        if text.lstrip().startswith("{"):
            loaded = json.loads(text)
        else:
            yaml = YAML(typ="safe", pure=True)
            yaml.Constructor = _JsonSchemaConstructor
            loaded = yaml.load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise PipelineError(f"{name} is neither YAML nor JSON, or is cut off: {reason}.") from error
    _check_size(loaded, name)
    if not isinstance(loaded, dict):
        raise PipelineError(f"{name} is not an OpenAPI document: its root is no mapping.")
    document: Document = _with_string_keys(loaded)
    return document


def _check_size(root: object, name: str) -> None:
    """Refuse what would not end, or not fit, once its aliases are expanded."""
    pending, seen = [(root, 0)], 0
    while pending:
        node, depth = pending.pop()
        seen += 1
        if seen > MAX_NODES:
            raise PipelineError(f"{name} expands to more than {MAX_NODES:,} nodes; remove its YAML aliases.")
        if depth > MAX_DEPTH:
            raise PipelineError(f"{name} nests deeper than {MAX_DEPTH} levels; remove its YAML aliases.")
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        pending.extend((child, depth + 1) for child in children)


def _with_string_keys(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        return {_key(key): _with_string_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_string_keys(value) for value in node]
    return node


def _key(key: object) -> str:
    return key if isinstance(key, str) else json.dumps(key, default=str)


def validate_document(document: Document, name: str) -> None:
    """Refuse what is not valid, self-contained OpenAPI 3.0 or 3.1.

    Raises:
        PipelineError: naming the first fault and the JSON pointer of the place.
    """
    check_self_contained(document, name)
    version = str(document["openapi"])
    validator = OpenAPIV30SpecValidator if version.startswith("3.0.") else OpenAPIV31SpecValidator
    for error in validator(document).iter_errors():
        place = show_pointer(tuple(str(part) for part in error.absolute_path))
        reason = " ".join(error.message.split())[:300]
        raise PipelineError(f"{name} is not valid OpenAPI {version}, at {place}: {reason}.")
    _check_security(document, name)


def check_self_contained(document: Document, name: str) -> None:
    """Refuse another format or version, and references that lead out of the document or nowhere.

    Raises:
        PipelineError: naming the first such place.
    """
    version = str(document.get("openapi", ""))
    if not version.startswith(("3.0.", "3.1.")):
        stated = f"openapi: {version}" if version else "swagger 2" if "swagger" in document else "no version"
        raise PipelineError(f"{name} states {stated}; give an OpenAPI 3.0 or 3.1 document.")
    _check_references(document, name)


def _check_references(document: Document, name: str) -> None:
    for pointer, node in walk(document):
        if not isinstance(node, dict) or not isinstance(target := node.get("$ref"), str):
            continue
        if pointer[-1:] == ("properties",) or in_data(pointer):
            continue  # a property that is named $ref, or somebody's data
        place = show_pointer(pointer)
        if not target.startswith("#"):
            raise PipelineError(f"{name} refers to another file at {place} ({target}); bundle it into one document.")
        if not _resolves(document, target):
            raise PipelineError(f"{name} refers at {place} to {target}, which it does not have; is it cut off?")
        _check_circle(document, node, place, name)


def _check_circle(document: Document, node: Any, place: str, name: str) -> None:  # noqa: ANN401 - any node
    """A reference that leads to itself through references alone stands for nothing; recursive schemas are fine."""
    seen: list[str] = []
    while isinstance(node, dict) and isinstance(target := node.get("$ref"), str):
        if target in seen:
            raise PipelineError(f"{name} has a circular $ref at {place}: {' to '.join([*seen, target])}; break it.")
        if not _resolves(document, target):
            return  # said where that reference stands
        seen.append(target)
        node = referred(document, target)
    if not isinstance(node, dict | bool) and not place.endswith("/description"):
        raise PipelineError(f"{name} refers at {place} to {seen[-1]}, which is no object of OpenAPI.")


def in_data(pointer: Pointer) -> bool:
    """Whether a place is within an example, a default or an extension, which no generated code depends on.

    A property, schema or other thing that is merely called `default` or `example` is not.
    """
    named = ("", *pointer)
    return any(
        part.startswith("x-") or part in _DATA
        for above, part in zip(named, pointer, strict=False)
        if above not in _NAME_MAPS
    )


def _resolves(document: Document, reference: str) -> bool:
    try:
        referred(document, reference)
    except LookupError:
        return False
    return True


def referred(document: Document, reference: str) -> Any:  # noqa: ANN401 - any node
    """What a reference within the document leads to; a LookupError where that is nothing."""
    node: Any = document
    for part in pointer_of(document, reference):
        node = node[int(part)] if isinstance(node, list) else node[part]
    return node


def pointer_of(document: Document, reference: str) -> Pointer:
    """The pointer that a reference within the document stands for, which may be percent-encoded as in any URL.

    Raises:
        LookupError: it leads nowhere.
    """
    node: Any = document
    pointer: Pointer = ()
    for part in reference[1:].split("/")[1:]:
        plain, decoded = (text.replace("~1", "/").replace("~0", "~") for text in (part, unquote(part)))
        if isinstance(node, list) and plain.isdecimal():
            key, node = plain, node[int(plain)]
        elif isinstance(node, dict):
            key = plain if plain in node else decoded
            node = node[key]
        else:
            raise LookupError(reference)
        pointer = (*pointer, key)
    return pointer


def _check_security(document: Document, name: str) -> None:
    """A requirement that names no scheme: the validator lets it pass, and a document cut at its end has it."""
    declared = document.get("components", {}).get("securitySchemes", {})
    required = list(document.get("security", []))
    for _, operation in operations(document):
        required.extend(operation.get("security", []))
    for requirement in required:
        for scheme in requirement:
            if scheme not in declared:
                raise PipelineError(f"{name} requires the security scheme {scheme}, which it does not declare.")


def operations(document: Document) -> Iterator[tuple[OperationKey, Document]]:
    """Every operation of the document with its method and path, in the document's order."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield OperationKey(method, path), item[method]


def walk(node: object, pointer: Pointer = ()) -> Iterator[tuple[Pointer, object]]:
    """Every node below `node`, itself first, with its pointer."""
    yield pointer, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*pointer, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, (*pointer, str(index)))


def show_pointer(pointer: Pointer) -> str:
    """The JSON pointer as text, `#/paths/~1api~1assets/get`."""
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in pointer)


def resolved(document: Document, node: Document) -> Document:
    """What a node is, or what its $ref leads to; `read_document` made sure that it leads somewhere."""
    seen: set[str] = set()
    while isinstance(reference := node.get("$ref"), str):
        if reference in seen:
            raise PipelineError(f"{reference} refers to itself; write out what it stands for.")
        seen.add(reference)
        node = referred(document, reference)
    return node
