"""What each kind of change between two documents means to users of the package, and in which words it is told."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import Pointer, parse_document, read_document, validate_document, walk
from pipeline.spec_diff import Change, Severity, compare_documents
from pipeline.spec_diff.compare import _unexplained
from pipeline.spec_diff.model import ABSENT, Context

Json: TypeAlias = Any
SPEC = Path(__file__).parents[2] / "openapi" / "openapi-cloud.yaml"
VENDORED = read_document(SPEC)

SMALL = parse_document(
    """
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: https://shop.example}]
security: [{key: []}]
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: getOrder
      tags: [order]
      parameters:
        - {name: depth, in: query, schema: {type: integer, minimum: 1, maximum: 9, default: 2}}
        - {name: kind, in: query, schema: {type: string, enum: [big, small]}}
        - {name: parts, in: query, style: form, explode: false, schema: {type: array, items: {type: string}}}
        - $ref: '#/components/parameters/Trace'
      responses:
        '200':
          description: the order
          headers: {X-Rate: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
        '404': {$ref: '#/components/responses/Missing'}
    put:
      operationId: putOrder
      tags: [order]
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Draft'}}}
      responses:
        '204': {description: done}
  /notes:
    post:
      operationId: postNote
      tags: [note]
      security: []
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200':
          description: the note
          content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
components:
  parameters:
    Trace: {name: X-Trace, in: header, schema: {type: string, maxLength: 40}}
  responses:
    Missing:
      description: there is none
      content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
  schemas:
    Order:
      type: object
      required: [id, state]
      properties:
        id: {type: string, format: uuid}
        state: {type: string, enum: [open, done]}
        paid: {type: string, format: date-time, nullable: true}
        weight: {type: number, maximum: 5}
        buyer: {allOf: [{$ref: '#/components/schemas/Person'}]}
        place: {oneOf: [{type: string}, {$ref: '#/components/schemas/Person'}]}
    Draft:
      type: object
      required: [title]
      properties:
        title: {type: string, maxLength: 80}
        kind: {type: string, enum: [big, small], default: big}
        copies: {type: integer}
    Note:
      type: object
      required: [text]
      properties:
        text: {type: string}
        mood: {type: string}
    Person: {type: object, properties: {name: {type: string}}}
    Problem: {type: object, properties: {code: {type: string}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
""",
    "small",
)
validate_document(SMALL, "small")

PARAMETERS = "/paths/~1orders~1{id}/get/parameters"
GET = "/paths/~1orders~1{id}/get"
PUT = "/paths/~1orders~1{id}/put"
ORDER = "/components/schemas/Order"
DRAFT = "/components/schemas/Draft"
NOTE = "/components/schemas/Note"
GONE = object()


def parts(pointer: str) -> Pointer:
    """The unescaped parts of a JSON pointer."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def put(document: Json, pointer: str, value: object) -> None:
    """Set, append (`-`) or take away what stands at the pointer."""
    *above, last = parts(pointer)
    node = document
    for part in above:
        node = node[int(part) if isinstance(node, list) else part]
    if isinstance(node, list):
        node[len(node) :] = [value] if last == "-" else []
        if last != "-":
            node[int(last) : int(last) + 1] = [] if value is GONE else [value]
    elif value is GONE:
        del node[last]
    else:
        node[last] = value


def edited(*edits: tuple[str, object], base: Json = SMALL) -> Json:
    """The document with some places changed."""
    document = copy.deepcopy(base)
    for pointer, value in edits:
        put(document, pointer, value)
    return document


B, A, C = Severity.BREAKING, Severity.ADDITIVE, Severity.COSMETIC
PET = {"type": "object", "properties": {"name": {"type": "string"}}}
# what is edited, how, the class, and words of the sentence; the reverse edit is the second half of the table
EDITS: list[tuple[str, object, Severity, str, Severity, str]] = [
    # pointer, value, class and words forwards, class and words backwards
    (GET, GONE, B, "GET /orders/{id} is gone", A, "GET /orders/{id} is new"),
    (f"{GET}/operationId", "fetchOrder", B, 'has the operationId "fetchOrder", was "getOrder"', B, "get_order"),
    (f"{GET}/operationId", "get_order", C, "its module is still get_order", C, "still"),
    (f"{GET}/tags", ["deal"], B, "moves from api.order to api.deal", B, "from api.deal to api.order"),
    (f"{GET}/tags", ["order", "x"], C, "stays in api.order", C, "stays"),
    (f"{GET}/deprecated", True, A, "GET /orders/{id} is deprecated", A, "is no longer deprecated"),
    (f"{GET}/summary", "One order", C, 'summary from absent to "One order"', C, "to absent"),
    (f"{GET}/security", [], A, "can be called without a key", B, "calls without a key fail"),
    (f"{GET}/security", [{"key": []}], C, "means the same", C, "means the same"),
    (f"{GET}/x-cost", 3, A, "extension x-cost from absent to 3", A, "to absent"),
    (f"{GET}/callbacks", {"a": {}}, C, "makes nothing of", C, "makes nothing of"),
    (
        f"{PARAMETERS}/-",
        {"name": "q", "in": "query", "schema": {}},
        A,
        "`q` of GET /orders/{id} is new and optional",
        B,
        "`q` of GET /orders/{id} is gone",
    ),
    (
        f"{PARAMETERS}/-",
        {"name": "q", "in": "query", "required": True, "schema": {}},
        B,
        "is new and required",
        B,
        "gone",
    ),
    (
        f"{PARAMETERS}/0/required",
        True,
        B,
        "`depth` of GET /orders/{id} is required, was optional",
        A,
        "is optional, was required",
    ),
    (
        f"{PARAMETERS}/0/name",
        "levels",
        B,
        "`depth` of GET /orders/{id} is gone",
        B,
        "`levels` of GET /orders/{id} is gone",
    ),
    (f"{PARAMETERS}/0/schema/type", "number", A, "is of type number, was integer", B, "is of type integer, was number"),
    (f"{PARAMETERS}/0/schema/type", "string", B, "is of type string, was integer", B, "is of type integer, was string"),
    (f"{PARAMETERS}/0/schema/maximum", 5, B, "tightens its maximum to 5, was 9", A, "relaxes its maximum to 9, was 5"),
    (f"{PARAMETERS}/0/schema/minimum", 0, A, "relaxes its minimum to 0, was 1", B, "tightens its minimum to 1, was 0"),
    (f"{PARAMETERS}/0/schema/maximum", GONE, A, "relaxes its maximum to unbounded, was 9", B, "to 9, was unbounded"),
    (f"{PARAMETERS}/0/schema/exclusiveMaximum", True, B, "to 9 (exclusive), was 9", A, "to 9, was 9 (exclusive)"),
    (f"{PARAMETERS}/0/schema/multipleOf", 2, B, "a multiple of 2, was absent", A, "a multiple of absent, was 2"),
    (f"{PARAMETERS}/0/schema/default", 3, B, "has the default 3, was 2", B, "has the default 2, was 3"),
    (f"{PARAMETERS}/0/schema/default", GONE, B, "has the default absent, was 2", B, "has the default 2, was absent"),
    (f"{PARAMETERS}/0/schema/nullable", True, A, "may be null, was never null", B, "is never null, might be null"),
    (f"{PARAMETERS}/0/schema/sparkle", 1, B, "no rule for this keyword", B, "no rule for this keyword"),
    (f"{PARAMETERS}/0/deprecated", True, A, "`depth` of GET /orders/{id} is deprecated", A, "no longer"),
    (f"{PARAMETERS}/0/description", "how deep", C, "rewords description", C, "rewords description"),
    (
        f"{PARAMETERS}/1/schema/enum",
        ["big", "small", "flat"],
        A,
        'the new value "flat"',
        B,
        'no longer takes or gives "flat"',
    ),
    (f"{PARAMETERS}/1/schema/enum", ["small", "big"], C, "writes enum differently", C, "writes enum differently"),
    (f"{PARAMETERS}/1/schema/enum", GONE, B, 'no longer lists its values ("big", "small")', A, "lists its values"),
    (f"{PARAMETERS}/2/style", "pipeDelimited", A, 'style from "form" to "pipeDelimited"', A, 'to "form"'),
    (f"{PARAMETERS}/2/explode", True, A, "explode from false to true", A, "explode from true to false"),
    (f"{PARAMETERS}/2/schema/maxItems", 4, B, "maxItems to 4, was unbounded", A, "maxItems to unbounded, was 4"),
    (f"{PARAMETERS}/2/schema/uniqueItems", True, B, "takes no item twice", A, "takes items twice"),
    (
        f"{PARAMETERS}/2/schema/items/type",
        "integer",
        B,
        "items of query parameter `parts`",
        B,
        "items of query parameter `parts`",
    ),
    ("/components/parameters/Trace/schema/maxLength", 9, B, "maxLength to 9, was 40", A, "maxLength to 40, was 9"),
    ("/components/parameters/Trace/schema/pattern", "^a", B, 'the pattern "^a", was absent', A, 'was "^a"'),
    (f"{PUT}/requestBody", GONE, B, "request body of PUT /orders/{id} is gone", A, "is new and optional"),
    (f"{PUT}/requestBody/required", True, B, "is required, was optional", A, "is optional, was required"),
    (
        f"{PUT}/requestBody/content/text~1plain",
        {"schema": {}},
        A,
        "gains the media type text/plain",
        B,
        "loses the media type text/plain",
    ),
    (
        f"{DRAFT}/properties/note",
        {"type": "string"},
        A,
        "property `note` of schema `Draft` is new and optional",
        B,
        "`note` of schema `Draft` is gone",
    ),
    (
        f"{DRAFT}/required",
        ["title", "kind"],
        B,
        "property `kind` of schema `Draft` is required",
        A,
        "is optional, was required",
    ),
    (f"{DRAFT}/properties/copies/nullable", True, A, "may be null", B, "is never null"),
    (f"{DRAFT}/properties/copies/type", "number", A, "of type number, was integer", B, "of type integer, was number"),
    (f"{DRAFT}/properties/title/maxLength", 9, B, "maxLength to 9, was 80", A, "maxLength to 80, was 9"),
    (f"{DRAFT}/properties/kind/default", "small", A, 'the default "small", was "big"', A, 'the default "big"'),
    (f"{DRAFT}/additionalProperties", False, B, "states additionalProperties false", A, "was false"),
    (f"{DRAFT}/additionalProperties", True, C, "means the same", C, "means the same"),
    (f"{DRAFT}/title", "Sketch", B, "which names its class", B, "which names its class"),
    (f"{ORDER}/properties/note", {"type": "string"}, A, "`note` of schema `Order` is new and optional", B, "is gone"),
    (
        f"{ORDER}/required",
        ["id"],
        B,
        "`state` of schema `Order` is optional, was required",
        A,
        "is required, was optional",
    ),
    (f"{ORDER}/required", ["state", "id"], C, "writes required differently", C, "writes required differently"),
    (f"{ORDER}/properties/id/format", GONE, B, 'has the format absent, was "uuid"', B, 'the format "uuid"'),
    (f"{ORDER}/properties/weight/format", "float", C, "which is the same type in Python", C, "the same type"),
    (f"{ORDER}/properties/weight/type", "integer", A, "is of type integer, was number", B, "is of type number"),
    (f"{ORDER}/properties/weight/maximum", 4, C, "maximum to 4, was 5; answers are not checked", C, "not checked"),
    (f"{ORDER}/properties/weight/default", 4, C, "has the default 4", C, "has the default absent"),
    (f"{ORDER}/properties/id/nullable", True, B, "`id` of schema `Order` may be null", A, "is never null"),
    (f"{ORDER}/properties/weight/nullable", True, A, "`weight` of schema `Order` may be null", A, "is never null"),
    (f"{ORDER}/properties/state/enum", ["open", "done", "lost"], A, 'the new value "lost"', B, "the member is gone"),
    (f"{ORDER}/properties/place/oneOf/-", {"type": "integer"}, B, "gains", A, "loses"),
    (f"{ORDER}/properties/buyer/allOf/-", PET, B, "gains", B, "loses"),
    (
        f"{NOTE}/required",
        ["text", "mood"],
        B,
        "`mood` of schema `Note` is required",
        B,
        "`mood` of schema `Note` is optional",
    ),
    (f"{NOTE}/properties/text/maxLength", 9, B, "maxLength to 9, was unbounded", A, "to unbounded, was 9"),
    (
        f"{GET}/responses/404",
        GONE,
        B,
        "answer 404 of GET /orders/{id} is no longer documented",
        B,
        "no longer raises UnexpectedStatus",
    ),
    (
        f"{GET}/responses/410",
        {"$ref": "#/components/responses/Missing"},
        A,
        "is documented",
        B,
        "raises UnexpectedStatus",
    ),
    (f"{GET}/responses/200/content/text~1plain", {}, B, "gains the media type text/plain", B, "loses the media type"),
    (
        f"{GET}/responses/200/headers/X-Rate/schema/type",
        "string",
        C,
        "header X-Rate of answer 200 of GET /orders/{id} is of type string, was integer",
        C,
        "was string",
    ),
    (f"{GET}/responses/200/description", "it", C, 'description from "the order" to "it"', C, 'from "it"'),
    ("/components/schemas/Pet", PET, A, "schema `Pet` is new", B, "schema `Pet` is gone"),
    ("/components/securitySchemes/key/name", "X-K", A, 'name from "X-Key" to "X-K"', A, 'to "X-Key"'),
    (
        "/components/securitySchemes/key",
        {"type": "http", "scheme": "bearer"},
        B,
        "needs another key",
        B,
        "needs another key",
    ),
    ("/security", [], A, "can be called without a key", B, "calls without a key fail"),
    ("/servers/0/url", "https://b.example", B, '["https://b.example"], was ["https://shop.example"]', B, "shop"),
    ("/servers/-", {"url": "https://b.example"}, A, "states the servers", B, "states the servers"),
    ("/servers/0/description", "live", C, "their addresses stay", C, "their addresses stay"),
    ("/info/version", "2", C, 'info/version from "1" to "2"', C, 'from "2" to "1"'),
]


def worst(changes: tuple[Change, ...]) -> Change:
    """The first, as the worst stand first."""
    assert changes
    return changes[0]


def told(changes: tuple[Change, ...]) -> str:
    """All sentences, in lower case."""
    return " ".join(change.sentence for change in changes).lower()


@pytest.mark.parametrize(("pointer", "value", "severity", "words", "_back", "_back_words"), EDITS)
def test_every_kind_of_change_has_its_class_and_words(
    pointer: str, value: object, severity: Severity, words: str, _back: Severity, _back_words: str
) -> None:
    """One edit: the worst change has the class, and some change of that class says it in these words."""
    changes = compare_documents(SMALL, edited((pointer, value)))
    assert severity == worst(changes).severity
    assert words.lower() in told(changes)


@pytest.mark.parametrize(("pointer", "value", "_there", "_words", "severity", "words"), EDITS)
def test_taking_an_edit_back_has_its_own_class_and_words(
    pointer: str, value: object, _there: Severity, _words: str, severity: Severity, words: str
) -> None:
    """The same edits the other way round: what tightens one way relaxes the other."""
    changes = compare_documents(edited((pointer, value)), SMALL)
    assert severity == worst(changes).severity
    assert words.lower() in told(changes)


def test_a_change_in_a_component_is_told_once_with_the_operations_that_it_reaches() -> None:
    """The model of both sides takes the worse class, and says who sends and who reads it."""
    (change,) = compare_documents(SMALL, edited((f"{NOTE}/properties/text/type", "integer")))
    assert ("components", "schemas", "Note", "properties", "text", "type") == change.pointer
    assert "comfy_cloud_api.models.Note.text" == change.python
    assert {("POST /notes", "request body"), ("POST /notes", "response")} == {
        (str(use.operation), use.role.value) for use in change.uses
    }


def test_a_renamed_schema_is_one_breaking_change() -> None:
    """The class has another name; that references follow is cosmetic."""
    new = edited(("/components/schemas/Human", SMALL["components"]["schemas"]["Person"]))
    put(new, "/components/schemas/Person", GONE)
    for member in (f"{ORDER}/properties/buyer/allOf/0", f"{ORDER}/properties/place/oneOf/1"):
        put(new, member, {"$ref": "#/components/schemas/Human"})
    breaking = [change for change in compare_documents(SMALL, new) if change.severity is B]
    assert ["Schema `Person` is now called `Human`, was `Person`, so the class Person is Human."] == [
        change.sentence for change in breaking
    ]


def test_an_operation_that_moved_is_still_the_same_function() -> None:
    """The operationId names the function, so its callers see no difference."""
    new = edited(("/paths/~1memos", SMALL["paths"]["/notes"]), ("/paths/~1notes", GONE))
    (change,) = compare_documents(SMALL, new)
    assert (A, "operation-moved") == (change.severity, change.rule)
    assert "POST /memos was POST /notes" in change.sentence


def test_a_parameter_that_moves_from_its_path_to_its_operations_changes_nothing() -> None:
    """Where it is declared is no matter to those who pass it."""
    (shared,) = SMALL["paths"]["/orders/{id}"]["parameters"]
    new = edited(
        ("/paths/~1orders~1{id}/parameters", GONE), (f"{PARAMETERS}/-", shared), (f"{PUT}/parameters", [shared])
    )
    assert {C} == {change.severity for change in compare_documents(SMALL, new)}


def test_null_is_the_same_in_both_versions_of_openapi() -> None:
    """`nullable: true` of 3.0 is a type among the types of 3.1."""
    paid = {"type": ["string", "null"], "format": "date-time"}
    changes = compare_documents(SMALL, edited(("/openapi", "3.1.0"), (f"{ORDER}/properties/paid", paid)))
    assert {C} == {change.severity for change in changes}


def test_exclusive_bounds_are_the_same_in_both_versions_of_openapi() -> None:
    """A flag in 3.0, a number in 3.1."""
    schema = f"{PARAMETERS}/0/schema"
    old = edited((f"{schema}/exclusiveMaximum", True))
    new = edited((f"{schema}/maximum", GONE), (f"{schema}/exclusiveMaximum", 9))
    assert [C] == [change.severity for change in compare_documents(old, new)]


def test_the_order_of_parameters_required_tags_and_enum_members_is_no_difference_in_python() -> None:
    """Reordered lists are cosmetic, reordered keys nothing at all."""
    get = SMALL["paths"]["/orders/{id}"]["get"]
    new = edited((PARAMETERS, get["parameters"][::-1]), (f"{ORDER}/required", ["state", "id"]))
    assert {C} == {change.severity for change in compare_documents(SMALL, new)}
    assert () == compare_documents(SMALL, edited((GET, dict(reversed(get.items())))))


def test_true_is_not_one() -> None:
    """JSON tells them apart, though Python does not."""
    schema = f"{PARAMETERS}/0/schema/default"
    assert compare_documents(edited((schema, 1)), edited((schema, True)))


def test_a_raw_difference_that_no_rule_tells_of_is_reported_as_breaking() -> None:
    """What the rules would forget, DeepDiff finds; here they tell nothing at all."""
    new = edited((f"{DRAFT}/properties/title/maxLength", 9), ("/servers/-", {"url": "https://b.example"}))
    found = list(_unexplained(Context(SMALL, new, {}, {}, "shop"), []))
    assert {
        (B, ("components", "schemas", "Draft", "properties", "title", "maxLength"), 80, 9),
        (B, ("servers", "1"), "absent", "https://b.example"),
    } == {(each.severity, each.pointer, find_url(each.before), find_url(each.after)) for each in found}
    assert all("there is no rule for this keyword" in each.sentence for each in found)


def find_url(value: Json) -> Json:
    """A server as its address, an absent value as a word."""
    return "absent" if value is ABSENT else value["url"] if isinstance(value, dict) else value


# The property: edits at random places.


def places(document: Json) -> list[tuple[Pointer, Json]]:
    """Every node but the root and its parents."""
    return [(pointer, node) for pointer, node in walk(document) if pointer]


def parent_of(document: Json, pointer: Pointer) -> tuple[Json, Any]:
    """The container of a node, and its key there."""
    for part in pointer[:-1]:
        document = document[int(part) if isinstance(document, list) else part]
    return document, int(pointer[-1]) if isinstance(document, list) else pointer[-1]


def _delete(container: Json, key: Any, _draw: Callable[..., Any]) -> None:
    del container[key]


def _change(container: Json, key: Any, draw: Callable[..., Any]) -> None:
    container[key] = draw(st.sampled_from([None, True, False, 0, 1, 1.5, "", "other", [], {}, ["a"], {"a": 1}]))


def _add(container: Json, key: Any, draw: Callable[..., Any]) -> None:
    value = draw(st.sampled_from([True, 3, "new", {"type": "string"}, ["id"], [{"key": []}]]))
    name = draw(
        st.sampled_from(["surprise", "x-new", "enum", "default", "nullable", "$ref", "required", "allOf", "items"])
    )
    if isinstance(container[key], dict):
        container[key][name] = value
    elif isinstance(container[key], list):
        container[key].append(value)


def _rename(container: Json, key: Any, _draw: Callable[..., Any]) -> None:
    if isinstance(container, dict):
        container[f"{key}2"] = container.pop(key)


def _swap(container: Json, key: Any, _draw: Callable[..., Any]) -> None:
    if isinstance(container[key], list):
        container[key].reverse()


OPERATIONS = [_delete, _change, _add, _rename, _swap]


@st.composite
def edits(draw: Callable[..., Any]) -> tuple[Json, Json, Pointer]:
    """A document, the same with one place edited, and that place."""
    old = draw(st.sampled_from([SMALL, VENDORED]))
    new = copy.deepcopy(old)
    pointer, _ = draw(st.sampled_from(places(new)))
    container, key = parent_of(new, pointer)
    draw(st.sampled_from(OPERATIONS))(container, key, draw)
    return old, new, pointer


def find(document: Json, pointer: Pointer) -> Json:
    """What stands at the pointer; GONE where nothing does."""
    for part in pointer:
        if isinstance(document, dict):
            document = document.get(part, GONE)
        elif isinstance(document, list) and part.isdigit() and int(part) < len(document):
            document = document[int(part)]
        else:
            return GONE
    return document


def is_told(change: Change, pointer: Pointer, old: Json, new: Json) -> bool:
    """Whether a change is about the place: at it, below it, or above it where that came, went, or is a list."""
    return any(_is_about(at, pointer, old, new) for at in (change.pointer, *change.covers))


def _is_about(at: Pointer, pointer: Pointer, old: Json, new: Json) -> bool:
    if at[: len(pointer)] == pointer:
        return True
    if pointer[: len(at)] != at:
        return False
    both = find(old, at), find(new, at)
    return not all(isinstance(node, dict) for node in both) or any("$ref" in node for node in both)


def lists_above(pointer: Pointer, *documents: Json) -> Pointer:
    """The outermost list on the way to the place, since lists are matched by what their items say; or the place."""
    ends = range(len(pointer))
    lists = (pointer[:end] for end in ends for each in documents if isinstance(find(each, pointer[:end]), list))
    return next(lists, pointer)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits())
def test_no_edit_anywhere_is_missed(case: tuple[Json, Json, Pointer]) -> None:
    """A document that differs as JSON gives a change about the place, in both directions; the same gives none."""
    old, new, pointer = case
    assert () == compare_documents(new, copy.deepcopy(new))
    differs = old != new or any(type(a) is not type(b) for (_, a), (_, b) in zip(walk(old), walk(new), strict=False))
    for before, after in ((old, new), (new, old)):
        changes = compare_documents(before, after)
        assert differs is bool(changes)
        near = lists_above(pointer, old)
        assert not differs or any(is_told(change, near, before, after) for change in changes), changes


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(edits().map(lambda case: case[1]), min_size=2, max_size=2))
def test_both_directions_cover_the_same_places(documents: list[Json]) -> None:
    """Whoever swaps the documents finds as much."""
    there, back = compare_documents(*documents), compare_documents(*reversed(documents))
    assert bool(there) is bool(back)
    assert covered(there, documents) == covered(back, documents)


def covered(changes: tuple[Change, ...], documents: list[Json]) -> set[Pointer]:
    """The places that changes account for; a list stands for its items, whose numbers are the new document's."""
    return {lists_above(pointer, *documents) for change in changes for pointer in change.covers}
