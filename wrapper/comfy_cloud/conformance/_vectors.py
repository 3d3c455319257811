"""The vectors as they are shipped: one file of cases for each family, and one of the rules that they rest on."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from comfy_cloud.conformance._worlds import Json

Family: TypeAlias = Literal["requests", "responses", "filters", "pagination", "retries", "redirects", "keys"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)

_PACKAGE: Final = Path(__file__).parent


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One vector.

    Attributes:
        id: Its family and its name, such as `requests/a-comma-in-a-tag`.
        description: What happens and what is expected, in a sentence.
        rules: The ids of the rules that it shows.
        source: The sentences that it rests on.
        input: What a runner is given.
        expect: What is compared.
        script: What the servers answer; not given to a runner.
        informative: What the reference does beyond that, which is not compared.
    """

    id: str
    description: str
    rules: tuple[str, ...]
    source: Json
    input: Json
    expect: Json
    script: Json = None
    informative: Json = None

    @property
    def family(self) -> Family:
        """The first part of its id."""
        family: Family = self.id.partition("/")[0]  # type: ignore[assignment] # the schemas hold ids to it
        return family


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of how clients behave.

    Attributes:
        id: Its name.
        family: The family whose cases show it.
        text: The rule, in a sentence.
        source: What it rests on.
    """

    id: str
    family: Family
    text: str
    source: Json


@cache
def folder() -> Path:
    """Where the vectors are: beside this module where it is installed, at the repository's root in a checkout."""
    shipped = _PACKAGE / "data"
    return shipped if shipped.is_dir() else _PACKAGE.parents[2] / "conformance"


@cache
def load(family: Family | None = None) -> tuple[Case, ...]:
    """The cases of a family, or of all of them, in the order in which they are written."""
    if family is None:
        return tuple(case for each in FAMILIES for case in load(each))
    return tuple(Case(**case) for case in read(f"vectors/{family}.json")["cases"])


@cache
def rules() -> tuple[Rule, ...]:
    """The rules, family by family."""
    return tuple(Rule(**rule) for rule in read("rules.json")["rules"])


def read(name: str) -> Json:
    """A JSON file of the vectors' folder."""
    return json.loads((folder() / name).read_text(encoding="utf-8"))
