"""What the pipeline accepts as an OpenAPI document, and how it refuses the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.document import OperationKey, operations, parse_document, read_document, read_text, show_pointer
from pipeline.errors import PipelineError

MINIMAL = """\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: getA
      responses:
        200: {description: ok}
"""


def write(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    """How reading a file with this text is refused."""
    with pytest.raises(PipelineError) as caught:
        read_document(write(folder, text))
    return str(caught.value)


def test_an_unquoted_status_is_the_string_openapi_means(tmp_path: Path) -> None:
    """YAML reads 200 as a number; OpenAPI's keys are strings."""
    document = read_document(write(tmp_path, MINIMAL))
    assert list(document["paths"]["/a"]["get"]["responses"]) == ["200"]


def test_references_in_examples_and_extensions_are_somebody_s_data(tmp_path: Path) -> None:
    """Real specifications keep their examples in other files; no generated code depends on them."""
    text = MINIMAL + "      x-examples: {one: {$ref: ./one.json}}\n"
    assert read_document(write(tmp_path, text))["paths"]["/a"]["get"]["x-examples"] == {"one": {"$ref": "./one.json"}}


@pytest.mark.parametrize("name", ["default", "example", "enum", "x-thing"])
def test_a_property_with_the_name_of_a_keyword_is_no_data(tmp_path: Path, name: str) -> None:
    """Its references are checked like any other's."""
    schema = f"components: {{schemas: {{A: {{properties: {{{name}: {{$ref: '#/components/schemas/B'}}}}}}}}}}\n"
    assert "which it does not have" in refusal(tmp_path, MINIMAL + schema)


def test_a_date_stays_the_text_its_author_wrote() -> None:
    """OpenAPI allows YAML the types of JSON only, and JSON has no dates."""
    assert parse_document("a: 2026-01-01\nb: no\n", "x") == {"a": "2026-01-01", "b": "no"}


def test_operations_are_listed_in_the_order_of_the_document(tmp_path: Path) -> None:
    """Method and path identify an operation."""
    found = [key for key, _ in operations(read_document(write(tmp_path, MINIMAL)))]
    assert found == [OperationKey("get", "/a")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "neither YAML nor JSON"),
        ("{'a'", "neither YAML nor JSON"),
        ("- 1\n", "its root is no mapping"),
        ("swagger: '2.0'\n", "swagger 2"),
        ("a: 1\n", "no version"),
        ("openapi: 4.0.0\n", "openapi: 4.0.0"),
        (MINIMAL.replace("description: ok", "$ref: 'other.yaml#/x'"), "refers to another file at #/paths/~1a/get"),
        (MINIMAL.replace("description: ok", "$ref: '#/components/responses/X'"), "which it does not have"),
        (
            MINIMAL.replace("description: ok", "nothing: ok"),
            "not valid OpenAPI 3.0.3, at #/paths/~1a/get/responses/200",
        ),
        (MINIMAL + "security: [{Key: []}]\n", "requires the security scheme Key"),
        ("a: &a [*a]\n", "nests deeper"),
        ("[" * 5000, "neither YAML nor JSON"),
    ],
)
def test_what_is_no_openapi_is_refused_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    """One line that names the place, and no traceback."""
    message = refusal(tmp_path, text)
    assert words in message
    assert "\n" not in message


def test_a_yaml_bomb_is_refused_before_anything_walks_it(tmp_path: Path) -> None:
    """Aliases that expand to a billion nodes are counted, not expanded."""
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "expands to more than" in refusal(tmp_path, "\n".join(levels))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The path and the reason, for a missing file, a folder, and bytes that are no text."""
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, words in [("nowhere", "no such file"), (".", "is a directory"), ("binary", "not UTF-8")]:
        with pytest.raises(PipelineError, match=words):
            read_text(tmp_path / name)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """50 MB is no OpenAPI document."""
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(PipelineError, match=r"larger than 10,000,000 bytes"):
        read_text(tmp_path / "huge.yaml")


def test_pointers_are_escaped() -> None:
    """RFC 6901: ~ is ~0 and / is ~1."""
    assert show_pointer(("paths", "/a~b", "get")) == "#/paths/~1a~0b/get"
