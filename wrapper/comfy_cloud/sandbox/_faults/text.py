"""The language of `--faults`: texts to faults. `str()` of a fault is the way back. Pure.

    faults    = fault { ";" fault }
    fault     = effect { condition }
    effect    = status | name [ "=" value ] [ "(" option { "," option } ")" ]
    option    = name [ "=" value ]
    condition = "*" n                            fire at most n times
              | "@" n | "@" n "-" | "@" n "-" m  for the nth request that matches, from it on, from it to the mth
              | ":" number "%"                   with this probability
              | "[" option { "," option } "]"    which requests match: path, operation, method, offset
    value     = letters, digits and ._/+-± | a JSON string in double quotes

`503*2`, `reset:10%`, `latency=50ms±20ms(serialised)`, `stall@3`, `mutate=add(count=2)*3`,
`429(retry_after=1, shape=nested)`, `missing=created_at(item=0)[path=/api/assets, offset=20]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, fields
from difflib import get_close_matches
from typing import NamedTuple, cast

from comfy_cloud.sandbox._serving.exchange import Pairs

from . import answers, bodies, requests, wire
from .fault import BARE, MAX_COUNT, Effect, Fault, When, kind_of
from .kinds import FaultError, Flag, Kind, Share, Whole

EFFECTS: Mapping[str, type[Effect]] = {
    effect.name: effect
    for effect in (
        *(answers.Status, answers.Html, answers.Redirect),
        *(bodies.HasMore, bodies.Total, bodies.RepeatCursor, bodies.EmptyPage, bodies.RepeatPage),
        *(bodies.Null, bodies.Missing, bodies.Malformed, bodies.UnknownFields, bodies.BrokenJson),
        *(requests.Ignore, requests.Mutate),
        *(wire.Latency, wire.Reset, wire.Stall, wire.HangUp, wire.Truncate, wire.WrongLength, wire.Drip),
        *(wire.CorruptGzip, wire.GzipBomb),
    )
}
"""Every effect that has a text, by its name."""

_TOKENS = re.compile(rf'\s*(?:({BARE.pattern})|("(?:[^"\\]|\\.)*")|([;=*@:%,()\[\]])|(\S)|$)')
_STATUS = re.compile(r"[0-9]{3}", re.ASCII)
_RANGE = re.compile(r"([0-9]{1,9})(-([0-9]{1,9})?)?", re.ASCII)
_TIMES = Whole(1, MAX_COUNT)
_NARROWING = ("path", "operation", "method", "offset")


def parse_faults(text: str) -> tuple[Fault, ...]:
    """The faults that a text describes, none for a blank one.

    Raises FaultError with one sentence that names the column, counted from 1, and the word that is wrong.
    """
    reader = _Reader(text)
    found: list[Fault] = []
    while not reader.at_end():
        found.append(_fault(reader))
        if not reader.at_end():
            reader.expect(";")
    return tuple(found)


class _Token(NamedTuple):
    column: int
    text: str
    value: str | None = None
    """What a word or a quoted string says; None for a sign."""


class _Reader:
    """The tokens of a text, one after the other."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0

    def peek(self) -> _Token:
        return self._tokens[self._next]

    def at_end(self) -> bool:
        return self._next == len(self._tokens) - 1

    def take(self) -> _Token:
        token = self.peek()
        self._next += not self.at_end()
        return token

    def accept(self, sign: str) -> bool:
        found = self.peek().value is None and self.peek().text == sign
        if found:
            self.take()
        return found

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            raise _wrong(self.peek(), f"expected {sign!r}")

    def word(self, what: str) -> tuple[_Token, str]:
        token = self.take()
        if token.value is None:
            raise _wrong(token, f"expected {what}")
        return token, token.value


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKENS.finditer(text):
        word, quoted, sign, strange = found.groups()
        if (written := word or quoted or sign or strange) is None:
            continue
        token = _Token(found.end() - len(written) + 1, written)
        if strange:
            raise _wrong(token, "there is no such sign; put texts in double quotes")
        yield token._replace(value=_unquoted(token) if quoted else word)
    yield _Token(len(text) + 1, "")


def _unquoted(token: _Token) -> str:
    try:
        return str(json.loads(token.text))
    except ValueError:
        raise _wrong(token, "a quoted text is written as in JSON") from None


def _fault(reader: _Reader) -> Fault:
    token, name = reader.word("the name of a fault, or a status")
    values: dict[str, object] = {}
    if _STATUS.fullmatch(name):
        effect: type[Effect] = answers.Status
        values["status"] = _read(kind_of(fields(effect)[0]), "status", token, name)
    else:
        effect = _effect(token, name)
        if reader.accept("="):
            values |= _main(reader, token, effect)
    if reader.accept("("):
        values |= _options(reader, fields(effect), ")")
    conditions = _conditions(reader)
    try:
        return Fault(effect(**values), When(**conditions))  # type: ignore[arg-type]  # checked by the kinds
    except FaultError as error:
        raise _wrong(token, str(error)) from None


def _main(reader: _Reader, token: _Token, effect: type[Effect]) -> dict[str, object]:
    """The value behind the name of an effect, which is its first field's."""
    if not fields(effect):
        raise _wrong(token, f"{effect.name} takes no value")
    first = fields(effect)[0]
    return {first.name: _read(kind_of(first), first.name, *reader.word(f"a value for {first.name}"))}


def _effect(token: _Token, name: str) -> type[Effect]:
    if name not in EFFECTS:
        close = get_close_matches(name, EFFECTS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"choose one of {', '.join(EFFECTS)}, or a status such as 503"
        raise _wrong(token, f"there is no fault of this name: {hint}")
    return EFFECTS[name]


def _conditions(reader: _Reader) -> dict[str, object]:
    found: dict[str, object] = {}
    while True:
        start = reader.peek()
        if reader.accept("*"):
            new: dict[str, object] = {"times": _read(_TIMES, "times", *reader.word("how many times"))}
        elif reader.accept("@"):
            new = _range(*reader.word("which request, as in @3"))
        elif reader.accept(":"):
            new = _chance(reader)
        elif reader.accept("["):
            new = _options(reader, [one for one in fields(When) if one.name in _NARROWING], "]")
        else:
            return found
        if again := found.keys() & new.keys():
            raise _wrong(start, f"{min(again)} is given twice")
        found |= new


def _range(token: _Token, text: str) -> dict[str, object]:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise _wrong(token, "a request is a number, or a range such as 3-5 or 3-")
    first = int(found[1])
    return {"first": first, "last": first if found[2] is None else int(found[3]) if found[3] else None}


def _chance(reader: _Reader) -> dict[str, object]:
    share = _read(Share(), "chance", *reader.word("a number of percent"))
    reader.expect("%")
    return {"chance": share}


def _options(reader: _Reader, known: Iterable[Field[object]], end: str) -> dict[str, object]:
    kinds = {one.name: kind_of(one) for one in known}
    found: dict[str, object] = {}
    while not reader.accept(end):
        token, name = reader.word("the name of an option")
        value = _option(reader, kinds, token, name)
        before = found.get(name)
        if before is not None and name != "header":
            raise _wrong(token, f"{name} is given twice")
        found[name] = value if before is None else (*cast("Pairs", before), *cast("Pairs", value))
        if not reader.accept(","):
            reader.expect(end)
            break
    return found


def _option(reader: _Reader, kinds: Mapping[str, Kind], token: _Token, name: str) -> object:
    if name not in kinds:
        raise _wrong(token, "there is no option here" if not kinds else f"choose one of {', '.join(kinds)}")
    if reader.accept("="):
        return _read(kinds[name], name, *reader.word(f"a value for {name}"))
    if not isinstance(kinds[name], Flag):
        raise _wrong(token, f"{name} needs a value: {kinds[name].says}")
    return True


def _read(kind: Kind, name: str, token: _Token, text: str) -> object:
    try:
        value = kind.read(text)
        kind.check(name, value)
    except ValueError:
        raise _wrong(token, f"{name} must be {kind.says}") from None
    return value


def _wrong(token: _Token, said: str) -> FaultError:
    where = f"at {token.text!r}" if token.text else "at the end"
    return FaultError(f"Column {token.column}, {where}: {said.rstrip('.')}{'' if said.endswith('?') else '.'}")
