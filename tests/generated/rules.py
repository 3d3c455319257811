"""All the rules together: how a generated package and a document differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from pipeline.document import Document
from tests.generated import (
    constructs,
    rule_bounds,
    rule_callers,
    rule_facts,
    rule_models,
    rule_operations,
    rule_parameters,
    rule_requests,
    rule_responses,
)
from tests.generated.judging import guarded
from tests.generated.operations import Spec
from tests.generated.package import Package

# The quick ones first: the last three call every operation.
RULES = (
    rule_operations.mismatches,
    rule_parameters.mismatches,
    rule_models.mismatches,
    constructs.mismatches,
    rule_facts.mismatches,
    rule_callers.mismatches,
    rule_bounds.mismatches,
    rule_requests.mismatches,
    rule_responses.mismatches,
)
# Those that look at what is sent and at nothing else.
RULES_OF_REQUESTS = (rule_callers.mismatches, rule_bounds.mismatches, rule_requests.mismatches)


Rules: TypeAlias = Sequence[Callable[[Spec, Package], Iterator[str]]]


def mismatches(document: Document, package: Package) -> list[str]:
    """Every way in which the package is not what the document says, one sentence each; none if it matches."""
    return list(dict.fromkeys(each_mismatch(document, package)))


def each_mismatch(document: Document, package: Package, rules: Rules = RULES) -> Iterator[str]:
    """The same, one by one, for who only wants to know whether there is one."""
    if failures := list(rule_operations.import_failures(package)):
        yield from failures
        return
    spec = Spec(document)
    for rule in rules:
        yield from guarded(rule, spec, package)


def noticed(edited: Document, package: Package, rules: Rules = RULES) -> str:
    """The first mismatch that is more than the lack of a rule; empty if an edit went unnoticed."""
    return next((found for found in each_mismatch(edited, package, rules) if ": no rule for " not in found), "")
