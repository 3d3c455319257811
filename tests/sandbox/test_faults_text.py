"""The language of `--faults`: every fault has a text, every text is a fault or a sentence."""

from __future__ import annotations

import string
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud.sandbox import faults as f
from comfy_cloud.sandbox._errors import SandboxError
from comfy_cloud.sandbox._faults.fault import Fault, When, kind_of
from comfy_cloud.sandbox._faults.kinds import (
    MAX_SECONDS,
    Delay,
    Flag,
    Headers,
    HeaderValue,
    Seconds,
    Share,
    Spread,
    Text,
    Whole,
    Word,
)
from comfy_cloud.sandbox._faults.text import EFFECTS

SECONDS = st.floats(0, MAX_SECONDS)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20).map(str.strip)
HEADER_NAME = st.text(string.ascii_letters + string.digits + "-_!#", min_size=1, max_size=10)
KINDS: dict[type, Any] = {
    Whole: lambda kind: st.integers(*kind._bounds),
    Seconds: lambda _: SECONDS,
    Spread: lambda _: st.tuples(SECONDS, SECONDS).map(lambda pair: Delay(max(pair), min(pair))),
    Share: lambda _: st.floats(0, 1, exclude_min=True),
    Word: lambda kind: st.sampled_from(kind.choices),
    Text: lambda _: TEXT,
    HeaderValue: lambda _: PRINTABLE,
    Headers: lambda _: st.lists(st.tuples(HEADER_NAME, PRINTABLE), max_size=3).map(tuple),
    Flag: lambda _: st.booleans(),
}


def anything(shape: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a dataclass whose fields have kinds; each field is sometimes left at its default."""
    drawn = {one.name: st.just(one.default) | KINDS[type(kind_of(one))](kind_of(one)) for one in fields(shape)}
    return st.builds(shape, **drawn)


WHEN = st.tuples(st.integers(1, 99), st.none() | st.integers(1, 99)).flatmap(
    lambda pair: st.builds(
        When,
        path=TEXT,
        operation=st.sampled_from(["listAssets", "listTags"]) | st.just(""),
        method=PRINTABLE,
        offset=st.none() | st.integers(0, 10**9),
        first=st.just(pair[0]),
        last=st.just(None if pair[1] is None else max(pair)),
        times=st.none() | st.integers(1, 10**9),
        chance=st.floats(0, 1, exclude_min=True),
    )
)
FAULT = st.builds(Fault, st.one_of([anything(effect) for effect in EFFECTS.values()]), WHEN)


@given(st.lists(FAULT, max_size=3))
def test_every_fault_reads_back_from_its_text(faults: list[Fault]) -> None:
    """Whatever it says and whenever it fires, alone or in a list."""
    assert tuple(faults) == f.parse_faults("; ".join(map(str, faults)))


@given(st.text(st.sampled_from('503*2@-:10%[]()=,;"\\ resettall±ms')) | st.text())
def test_a_text_is_faults_or_one_sentence(text: str) -> None:
    """Nothing else comes out of the parser, and the sentence says where."""
    try:
        found = f.parse_faults(text)
    except f.FaultError as error:
        said = str(error)
    else:
        said = "Column ."
        assert found == f.parse_faults("; ".join(map(str, found)))
    assert (True, True) == (said.startswith("Column "), said.endswith((".", "?")))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("503*2", f.status(503).times(2)),
        ("reset:10%", f.reset().chance(0.1)),
        ("reset:0.5%*3", f.reset().chance(0.005).times(3)),
        ("latency=50ms±20ms", f.latency(0.05, jitter=0.02)),
        ("latency=50ms+-20ms", f.latency(0.05, jitter=0.02)),
        ("latency=1.5s(serialised)", f.latency(1.5, serialised=True)),
        ("stall@3", f.stall().nth(3)),
        ("html@2-4", f.html().nth(2, last=4)),
        ("html@2-", f.html().since(2)),
        ("mutate=add*3", f.mutate("add").times(3)),
        ("mutate=delete(count=2, at=oldest)", f.mutate("delete", count=2, at="oldest")),
        ("truncate=100", f.truncate(100)),
        ("wrong_length=-5", f.wrong_length(-5)),
        ("drip=64(every=10ms)", f.drip(64, every=0.01)),
        ("has_more=false", f.has_more(says=False)),
        ("total(by=-3)", f.total(by=-3)),
        ('redirect="https://a.example/x?y=1"', f.redirect("https://a.example/x?y=1")),
        (
            "missing=name(item=0)[path=/api/assets, offset=20]",
            f.missing("name", item=0).on(path="/api/assets", offset=20),
        ),
        ("429(retry_after=1, shape=nested)", f.status(429, retry_after=1, shape="nested")),
        (
            '503(header="X-A: b", header="X-C: d e", body="")',
            f.status(503, headers={"X-A": "b", "X-C": "d e"}, body=""),
        ),
        ("stall[operation=listTags,method=GET]", f.stall().on(operation="listTags", method="GET")),
    ],
)
def test_what_is_written_means_what_python_says(text: str, fault: Fault) -> None:
    """One line of Python, or one flag."""
    assert (fault,) == f.parse_faults(text)


def test_the_reference_lists_every_fault_with_its_text() -> None:
    """The two columns in the docstring of the module are equal, line by line, and none is left out."""
    table = [line for line in str(f.__doc__).splitlines() if line[:4] == " " * 4 and line[4:5].strip()]
    columns = [(line[4:33].strip(), line[33:].strip()) for line in table if not line[4:].startswith(("from ", "with "))]
    names = {name: getattr(f, name) for name in f.__all__}
    assert [f.parse_faults(text) for text, _ in columns] == [(eval(code, names),) for _, code in columns]
    assert set(EFFECTS) == {fault.effect.name for text, _ in columns for fault in f.parse_faults(text)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rset", "Column 1, at 'rset': there is no fault of this name: did you mean reset?"),
        ("503*", "Column 5, at the end: expected how many times."),
        ("503*0", "Column 5, at '0': times must be a whole number from 1 to 1000000000."),
        ("503*2*3", "Column 6, at '*': times is given twice."),
        ("199", "Column 1, at '199': status must be a whole number from 200 to 599."),
        ("reset:0%", "Column 7, at '0': chance must be a probability above 0 and at most 1, as text in percent."),
        ("reset:10", "Column 9, at the end: expected '%'."),
        ("reset:x%", "Column 7, at 'x': chance must be a probability above 0 and at most 1, as text in percent."),
        ("reset 503", "Column 7, at '503': expected ';'."),
        ("reset; ; 503", "Column 8, at ';': expected the name of a fault, or a status."),
        ("stall@x", "Column 7, at 'x': a request is a number, or a range such as 3-5 or 3-."),
        ("stall@5-3", "Column 1, at 'stall': last must not be before first, but 3 is before 5."),
        ("html=x", "Column 1, at 'html': html takes no value."),
        ("html(x=1)", "Column 6, at 'x': there is no option here."),
        ("drip=5(evry=1s)", "Column 8, at 'evry': choose one of piece, every."),
        ("null(item)", "Column 6, at 'item': item needs a value: a whole number from 0 to 1000000000."),
        ("503(code=a, code=b)", "Column 13, at 'code': code is given twice."),
        ('503(body="x)', "Column 10, at '\"': there is no such sign; put texts in double quotes."),
        (r'503(body="\x")', r"""Column 10, at '"\\x"': a quoted text is written as in JSON."""),
        ("call=x", "Column 1, at 'call': there is no fault of this name: did you mean stall?"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_column(text: str, said: str) -> None:
    """It says where, what stands there, and what would be right."""
    with pytest.raises(f.FaultError) as caught:
        f.parse_faults(text)
    assert said == str(caught.value)
    assert isinstance(caught.value, SandboxError)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: f.status(99), "status must be a whole number from 200 to 599, not 99."),
        (lambda: f.status(True), "status must be a whole number from 200 to 599, not True."),
        (lambda: f.status(503, headers={"X": "a\nb"}), "header must be pairs of a header's name"),
        (lambda: f.status(503, headers={"Content-Length": "5"}), "header must be pairs of a header's name"),
        (lambda: f.latency(-1), "delay must be a time from 0 to 86400 seconds"),
        (lambda: f.latency(0.1, jitter=0.2), "delay must be a time from 0 to 86400 seconds"),
        (lambda: f.latency(float("nan")), "delay must be a time from 0 to 86400 seconds"),
        (lambda: f.reset().times(0), "times must be a whole number from 1"),
        (lambda: f.reset().chance(0), "chance must be a probability above 0 and at most 1"),
        (lambda: f.reset().nth(3, last=2), "last must not be before first, but 2 is before 3."),
        (lambda: f.reset().on(operation="list"), "operation must be one of listAssets, listTags, not 'list'."),
        (lambda: f.ignore("\ud800"), "parameter must be a text"),
        (lambda: f.call("x"), "function must be a function that takes the sandbox"),  # type: ignore[arg-type]
        (lambda: f.gzip_bomb(1 << 40), "size must be a whole number from 1 to 1073741824"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_made(make: Any, said: str) -> None:
    """In the caller's line, with a sentence that names the field and its bounds."""
    with pytest.raises(f.FaultError) as caught:
        make()
    assert str(caught.value).startswith(said)
