"""Parameters stand where the spec says, written as it says, and what could be read otherwise is refused."""

from __future__ import annotations

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Server

STYLES = {
    "simple": ["a,b", "ü/%"],
    "simple_x": {"a": "x=y", "b": 2},
    "label": ["a.b", "c"],
    "label_x": ["a", "b"],
    "matrix": ["a;b", "c"],
    "matrix_x": ["a", "b,c"],
}


@pytest.fixture
def go(packages: dict[str, Package], server: Server, way: str) -> Caller:
    """Calls the operations of places.yaml."""
    return Caller(packages["places"], "go", server.url, way)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a/b", "a%2Fb"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("a b", "a%20b"),
        ("ü?#&;=+", "%C3%BC%3F%23%26%3B%3D%2B"),
        ("...", "..."),
        (".hidden", ".hidden"),
        ("~a_b-c", "~a_b-c"),
        ("a\r\nb\x00", "a%0D%0Ab%00"),
    ],
)
def test_path_values_are_percent_encoded(go: Caller, server: Server, value: str, written: str) -> None:
    """Whatever they hold, they are one segment, and decode to what was meant."""
    go.detailed("get_file", value)
    assert server.last.target == f"/files/{written}"


@pytest.mark.parametrize("value", [".", "..", ""])
def test_path_values_that_a_url_would_lose_are_refused(go: Caller, server: Server, value: str) -> None:
    """`/files/..` is `/` to every client and server, so nothing is sent."""
    with pytest.raises(go.package.errors.ParameterError, match=r"^path cannot be sent"):
        go.detailed("get_file", value)
    assert server.received == []


def test_path_parameters_stand_in_the_order_of_the_path(go: Caller, server: Server) -> None:
    """Though the document lists them otherwise, and though they are the same name in Python."""
    go.detailed("get_odd", 7, "k/1")
    assert server.last.target == "/users/7/keys/k%2F1"
    go.detailed("get_odd", user_id=7, user_id_2="k")
    assert server.last.target == "/users/7/keys/k"


def test_an_operation_replaces_its_paths_parameters_one_by_one(go: Caller, server: Server) -> None:
    """`limit` is the operation's, without the path's default; the others are the path's."""
    go.detailed("get_shared", "big", x_trace="t")
    request = server.last
    assert (request.target, request.header("x-trace")) == ("/shared/big", "t")
    go.detailed("delete_shared", "small")
    assert server.last.target == "/shared/small?limit=20"
    with pytest.raises(go.package.errors.ParameterError, match=r"^limit is 51, but at most 50 is allowed"):
        go.detailed("get_shared", "big", limit=51)
    with pytest.raises(go.package.errors.ParameterError, match=r"^limit is 0, but at least 1 is allowed"):
        go.detailed("delete_shared", "big", limit=0)


def test_a_path_that_refers_to_another_has_its_operations(go: Caller, server: Server) -> None:
    """A `$ref` in the place of a path item."""
    go.detailed("delete_same", "big", limit=3)
    assert server.last.target == "/same/big?limit=3"


def test_path_arrays_and_objects_are_written_in_their_style(go: Caller, server: Server) -> None:
    """Delimiters are literal, and percent-encoded within a value."""
    go.detailed("get_styles", **STYLES)
    assert server.last.target.split("/")[2:] == [
        "a%2Cb,%C3%BC%2F%25",
        "a=x%3Dy,b=2",
        ".a.b,c",
        ".a.b",
        ";matrix=a%3Bb,c",
        ";matrix_x=a;matrix_x=b%2Cc",
    ]


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("form", ["a,b", "c d"], "form=a%2Cb&form=c%20d"),
        ("joined", ["a", "b c", "ü&="], "joined=a,b%20c,%C3%BC%26%3D"),
        ("joined", ["a,b", "c"], "joined=a%2Cb,c"),
        ("spaced", ["a", "b"], "spaced=a%20b"),
        ("piped", ["a", "b"], "piped=a%7Cb"),
        ("deep", {"a": "x y", "b": 2}, "deep%5Ba%5D=x%20y&deep%5Bb%5D=2"),
        ("json", {"a": "x", "b": 2}, "json=%7B%22a%22%3A%22x%22%2C%22b%22%3A2%7D"),
        ("raw", "a/b?c=d,e&f", "raw=a/b?c=d,e%26f"),
        ("form", [], ""),
        ("joined", [""], "joined="),
    ],
)
def test_query_parameters_are_written_in_their_style(
    go: Caller, server: Server, name: str, value: object, written: str
) -> None:
    """Each as the table of OpenAPI 3.0.4 has it."""
    go.detailed("get_styles", **STYLES, **{name: value})
    assert server.last.query == written


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("spaced", ["a b"]),
        ("piped", ["a|b"]),
        ("x_list", ["a,b"]),
        ("x_list", ["ü"]),
        ("crumb", "a;b"),
        ("form", [None]),
    ],
)
def test_values_that_would_be_read_as_others_are_refused(go: Caller, server: Server, name: str, value: object) -> None:
    """Where a style has no escape for its delimiter."""
    with pytest.raises(go.package.errors.ParameterError, match=f"^{name}"):
        go.detailed("get_styles", **STYLES, **{name: value})
    assert server.received == []


def test_headers_and_cookies_carry_arrays_and_objects(go: Caller, server: Server) -> None:
    """Joined by commas; all cookies in one header."""
    go.detailed("get_styles", **STYLES, x_list=["a", "b"], x_pair={"a": "x", "b": 2}, crumbs=[1], crumb="c")
    request = server.last
    assert (request.header("x-list"), request.header("x-pair")) == ("a,b", "a=x,b=2")
    assert request.header("cookie") == "crumbs=1; crumb=c"
