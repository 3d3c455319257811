"""What the vectors expect is worked out again, by means that share no code with the library."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import Any
from urllib.parse import quote, unquote

import pytest
from jsonschema import Draft4Validator
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest
from referencing import Registry
from referencing.jsonschema import DRAFT4
from ruamel.yaml import YAML
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from comfy_cloud.conformance import Case, load
from comfy_cloud.conformance._judging import KEY
from tests.conformance import second_filters, second_retries, second_routes, second_walks
from tests.conformance.sources import OPENAPI

MANY = 12
"""Beyond so many conditions there are too many combinations to try."""
HTTP_KINDS = {400: "bad_request", 401: "authentication", 403: "permission_denied", 404: "not_found", 409: "conflict"}
HTTP_KINDS |= {410: "not_found", 412: "conflict", 422: "bad_request", 429: "rate_limit"}
OUT_OF_ITS_HANDS = {"pagination", "filter_ignored"}
TIME = re.compile(r"(?!9999-12-31T23:.*-)\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")
"""RFC 3339, 5.6, without an offset too; what is of the year 10000 in UTC is none, by its section 1."""
FORMATS = {"id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)}  # RFC 9562, 4
FORMATS |= {"created_at": TIME, "updated_at": TIME}
MICRO = Decimal("0.000001")


@cache
def document() -> Any:
    """The vendored document."""
    return YAML(typ="safe").load(OPENAPI / "openapi-cloud.yaml")


@cache
def parameters(operation: str) -> dict[str, Any]:
    """The schemas of an operation's parameters, by name; `after` is the overlay's."""
    paths = [path["get"] for path in document()["paths"].values()]
    found = next(each for each in paths if each["operationId"] == operation)
    return {each["name"]: each["schema"] for each in found["parameters"]} | {"after": {"type": "string"}}


def expanded(arguments: dict[str, Any]) -> str:
    """RFC 6570's form-style expansion, 3.2.8, of lists without `*`."""

    def text(value: Any) -> str:
        if isinstance(value, list):
            return ",".join(map(text, value))
        return quote(json.dumps(value) if isinstance(value, bool) else str(value), safe="")

    return "&".join(f"{name}={text(value)}" for name, value in arguments.items() if value != [])


@pytest.mark.parametrize("case", load("requests"), ids=lambda case: case.id)
def test_a_request_is_the_expansion_of_its_arguments(case: Case) -> None:
    """Or refused, where an argument is not what the document's schema allows."""
    given = case.input["arguments"]
    allowed = parameters(case.input["operation"])
    if any(list(Draft4Validator(allowed[name]).iter_errors(value)) for name, value in given.items()):
        assert {"refused": "argument"} == case.expect
        return
    key = case.input.get("api_key", KEY)
    assert expanded(given) == case.expect["query"]
    assert ("GET", {} if key is None else {"x-api-key": key}) == (case.expect["method"], case.expect["headers"])
    assert case.expect["path"].endswith("/api/assets" if case.input["operation"] == "listAssets" else "/api/tags")


def test_arguments_come_in_the_document_s_order() -> None:
    """With `after` behind them, so that a client whose arguments have an order of their own can pass."""
    for case in load("requests"):
        order = list(parameters(case.input["operation"]))
        assert sorted(case.input["arguments"], key=order.index) == list(case.input["arguments"]), case.id


@cache
def reader() -> OpenAPI:
    """openapi-core for the vendored document."""
    server = {"servers": [{"url": "http://localhost"}]}
    return OpenAPI.from_dict({**document(), **server})


def can_be_read_back(value: Any) -> bool:
    """openapi-core splits a list after it has decoded it, so that commas inside are lost, and reads nothing empty."""
    return value not in ("", [], [""]) and not (isinstance(value, list) and any("," in item for item in value))


@pytest.mark.parametrize("case", load("requests"), ids=lambda case: case.id)
def test_openapi_core_reads_the_arguments_back(case: Case) -> None:
    """From the query that is expected, by the vendored document."""
    given = {name: value for name, value in case.input["arguments"].items() if can_be_read_back(value)}
    if "refused" in case.expect or len(given) < len(case.input["arguments"]):
        return
    path = "/api/assets" if case.input["operation"] == "listAssets" else "/api/tags"
    builder = EnvironBuilder(path=path, query_string=case.expect["query"], headers={"X-API-Key": "any"})
    read = reader().unmarshal_request(WerkzeugOpenAPIRequest(Request(builder.get_environ())))
    assert [] == read.errors
    given.pop("after", None)
    assert given == {name: read.parameters.query[name] for name in given}


@cache
def schema_of(name: str) -> Draft4Validator:
    """A schema of the document; OpenAPI 3.0's nullable means null as well."""
    text = json.dumps(document()).replace("#/components/schemas/", "document#/components/schemas/")
    whole = json.loads(text, object_hook=_nullable)
    registry: Registry[Any] = Registry().with_resource("document", DRAFT4.create_resource(whole))
    return Draft4Validator({"$ref": f"document#/components/schemas/{name}"}, registry=registry)


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "type": [node["type"], "null"]} if node.get("nullable") is True else node


def sent(case: Case) -> tuple[int, Any]:
    """The status of a case's answer, and its body as JSON; None where it is none."""
    (outcome,) = case.script
    try:
        return outcome["status"], json.loads(outcome.get("text", ""))
    except (ValueError, RecursionError):  # Python's own parser goes no deeper than its calls
        return outcome["status"], None


def as_sent(value: Any) -> Any:
    """An expected value without what the vectors add to JSON."""
    if isinstance(value, dict) and set(value) == {"instant"}:
        return value["instant"]
    if isinstance(value, dict):
        return {key: as_sent(item) for key, item in value.items()}
    return [as_sent(item) for item in value] if isinstance(value, list) else value


def includes(actual: Any, expected: Any) -> bool:
    """Whether JSON has what is expected: each member, and null for absent; times are left to another test."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        times = {"created_at", "updated_at", "last_access_time"}
        return all(key in times or includes(actual.get(key), value) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(includes, actual, expected))
    if isinstance(expected, str) and "{server}" in expected:
        return bool(expected == f"{{server}}{actual}")
    return bool(actual == expected)


def listings() -> list[Case]:
    """The cases of `responses` that are successes which the document's own schema, or relaxed by nulls, takes."""
    aside = {"unreadable-items-are-set-aside", "unreadable-values-are-set-aside"}
    return [case for case in load("responses") if "value" in case.expect and not aside & set(case.rules)]


@pytest.mark.parametrize("case", listings(), ids=lambda case: case.id)
def test_a_listing_s_value_is_its_json(case: Case) -> None:
    """As Python reads it."""
    status, body = sent(case)
    assert 200 == status
    assert includes(body, as_sent(case.expect["value"]))


def test_what_is_a_listing_is_what_the_document_s_schema_takes() -> None:
    """Each decode error is refused by it; each value is taken, once nulls and what is set aside are taken away."""
    for case in load("responses"):
        status, body = sent(case)
        if status != 200:
            continue
        name = "ListAssetsResponse" if case.input["operation"] == "listAssets" else "ListTagsResponse"
        field = "assets" if name == "ListAssetsResponse" else "tags"
        is_error = "error" in case.expect
        if is_error:
            assert list(schema_of(name).iter_errors(body)), case.id
            continue
        item = schema_of("Asset" if field == "assets" else "TagInfo")
        readable = [one for one in body[field] if not _lacks(one, field)]
        assert len(readable) == len(case.expect["value"][field]), case.id
        assert len(body[field]) - len(readable) == case.expect["value"].get("unreadable", 0), case.id
        relaxed = [_without(one, case, at) for at, one in enumerate(readable)]
        assert [] == [error.message for one in relaxed for error in item.iter_errors(one)], case.id


def _lacks(element: Any, field: str) -> bool:
    """Whether it has not all that is required, but for sizes, by the overlay, or in another format."""
    required = {"id", "name", "created_at", "updated_at"} if field == "assets" else {"name", "count"}
    if not isinstance(element, dict) or not required <= set(element):
        return True
    return any(not form.fullmatch(element[name]) for name, form in FORMATS.items() if name in required)


def _without(element: dict[str, Any], case: Case, at: int) -> dict[str, Any]:
    """An element without its nulls and what is unreadable of it, and with a size, whose fraction may be zero.

    Draft 4, which OpenAPI 3.0 builds upon, tells 1.0 from 1; the drafts since do not.
    """
    names = case.expect["value"].get("assets", [{}] * (at + 1))[at].get("unreadable", ())
    kept = {"size": 0} | {key: value for key, value in element.items() if value is not None and key not in names}
    return {key: int(value) if isinstance(value, float) and value % 1 == 0 else value for key, value in kept.items()}


def test_the_instants_are_those_of_the_texts() -> None:
    """By hand: the text without its offset, and the offset taken away."""
    for case in load("responses"):
        if "times-are-instants" not in case.rules:
            continue
        sent_ones, read = sent(case)[1]["assets"], case.expect["value"]["assets"]
        for text, there in zip([one["created_at"] for one in sent_ones], read, strict=True):
            assert _in_utc(text.upper()) == _in_utc(there["created_at"]["instant"])


def _in_utc(text: str) -> tuple[str, Decimal]:
    """The minute that a time is in and the seconds of it, to the microsecond, within one month."""
    hours = next((shift for offset, shift in {"+02:00": 2, "-05:00": -5}.items() if text.endswith(offset)), 0)
    local = re.sub(r"(Z|[+-]\d\d:\d\d)$", "", text)
    day, hour = int(local[8:10]), int(local[11:13]) - hours
    day, hour = day + hour // 24, hour % 24
    return f"{local[:8]}{day:02}T{hour:02}:{local[14:16]}", Decimal(local[17:]).quantize(MICRO, "ROUND_DOWN")


def test_the_kind_of_an_error_is_that_of_its_status() -> None:
    """By the table of HTTP, but for inactive subscriptions and successes that cannot be read."""
    for case in load("responses"):
        if "error" not in case.expect:
            continue
        status, kind = case.script[0]["status"], case.expect["error"]["kind"]
        assert status == case.expect["error"].get("status", status)
        words = case.script[0].get("text", "").lower()
        asked = "Retry-After" in case.script[0]["headers"]
        if status < 400:
            assert "decode" == kind
        elif status == 429 and not asked and "subscription" in words and "inactive" in words:
            assert "subscription_inactive" == kind
        else:
            assert HTTP_KINDS.get(status, "server" if status >= 500 else "status") == kind


def filters_asked() -> list[Case]:
    """The cases of `filters` that are asked for."""
    return [case for case in load("filters") if "query" in case.expect]


@pytest.mark.parametrize("case", filters_asked(), ids=lambda case: case.id)
def test_a_query_selects_what_its_filter_means(case: Case) -> None:
    """For every combination of what it speaks of, or each by itself where these are too many."""
    trees, query = case.input["all"], case.expect["query"]
    assert second_filters.in_one_form(query)
    if len(trees) > MANY:
        assert {unquote(tag) for tag in query.partition("=")[2].split(",")} == {tree["tag"] for tree in trees}
        return
    for asset in second_filters.assets(trees):
        assert second_filters.selects(query, asset) == all(second_filters.holds(tree, asset) for tree in trees), asset


def test_what_is_said_of_public_assets_is_the_caller_s_word_or_the_document_s_default() -> None:
    """As its text in a query."""
    default = parameters("listAssets")["include_public"]["default"]
    for case in filters_asked():
        said = json.dumps(case.input.get("include_public", default))
        assert said == case.expect.get("include_public", said), case.id


@pytest.mark.parametrize("reason", ["alternatives", "several_names", "several_values", "contradiction"])
def test_what_is_refused_for_its_logic_is_no_query_s_meaning(reason: str) -> None:
    """No query of its own conditions selects what it means; a contradiction selects nothing at all."""
    for case in load("filters"):
        if case.expect.get("refused") != reason or any("field" in json.dumps(tree) for tree in case.input["all"]):
            continue
        trees = case.input["all"]
        assets = list(second_filters.assets(trees))
        wanted = [all(second_filters.holds(tree, asset) for tree in trees) for asset in assets]
        if reason == "contradiction":
            assert not any(wanted)
            continue
        leaves = [{node: value} for tree in trees for node, value in second_filters.leaves(tree)]
        single = [[second_filters.holds(leaf, asset) for asset in assets] for leaf in leaves]
        single += [[not held for held in row] for leaf, row in zip(leaves, single, strict=True) if "tag" in leaf]
        if reason == "alternatives":
            both = [[a and b for a, b in zip(one, other, strict=True)] for one in single for other in single]
            assert wanted not in both, case.id


def walks() -> list[Case]:
    """The cases of `pagination` whose items are told by what is there; where the server fails or lies, rules decide."""
    return [
        case for case in load("pagination") if case.expect["end"] == "complete" and "ignores" not in str(case.script)
    ]


@pytest.mark.parametrize("case", walks(), ids=lambda case: case.id)
def test_a_listing_is_what_was_there_all_the_time(case: Case) -> None:
    """In order; what was there at some instants may come, and what changed its key is free."""
    found = second_walks.expected(case)
    arranged = sorted if "in_any_order" in case.expect else list
    assert arranged(found.items) == arranged(case.expect["items"])
    assert found.may == set(case.expect.get("may", []))
    assert found.free == set(case.expect.get("any", []))


def test_times_that_are_sent_are_as_their_places() -> None:
    """By the minutes since the year 1 and decimal seconds, of which a leap second has sixty: before, at once, after."""
    compared = 0
    for case in load("pagination"):
        for (place, time), (other_place, other_time) in combinations(second_walks.sent_times(case), 2):
            assert (place < other_place, place == other_place) == (time < other_time, time == other_time), case.id
            compared += 1
    assert compared


def test_a_listing_that_ends_with_an_error_begins_as_what_is_there() -> None:
    """What is handed out before is a beginning of what would have come."""
    for case in load("pagination"):
        if case.expect["end"] == "complete":
            continue
        found = second_walks.expected(case).items
        assert found[: len(case.expect["items"])] == case.expect["items"], case.id


@pytest.mark.parametrize("case", load("pagination"), ids=lambda case: case.id)
def test_a_listing_is_exact_unless_something_is_not_known(case: Case) -> None:
    """What is proved under a known order is exact, whatever changes; what is not shows the rule that says so."""
    if case.expect["end"] != "complete":
        assert "exact" not in case.expect
        return
    if not second_walks.doubtful(case):
        assert case.expect["exact"]
    assert case.expect["exact"] == ("doubt-is-told" not in case.rules)


@pytest.mark.parametrize("case", load("retries"), ids=lambda case: case.id)
def test_waits_attempts_and_results_are_those_of_the_arithmetic(case: Case) -> None:
    """In decimals, from the overlay's statuses and the policy's sentences."""
    found = second_retries.told(case)
    assert found.waits == [Decimal(str(wait)) for wait in case.expect["waits"]]
    assert found.results == case.expect["results"]
    assert found.attempts == case.expect.get("attempts", found.attempts)


@pytest.mark.parametrize("case", [*load("redirects"), *load("keys")], ids=lambda case: case.id)
def test_requests_go_where_the_standards_lead(case: Case) -> None:
    """And carry the key where the origin is the base URL's."""
    if not second_routes.usable(case):
        assert {"refused": "configuration"} == case.expect
        return
    if "requests" not in case.expect:
        assert "never-told" in case.rules[0]
        return
    made, result = second_routes.walked(case)
    stops = [(stop["method"], stop["url"], stop["key"]) for stop in case.expect["requests"]]
    assert [(stop.method, stop.url, stop.key) for stop in made] == stops
    assert result == case.expect["result"]
