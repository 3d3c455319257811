"""All the rules together: how a generated package and a document differ."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import Document
from tests.generated import (
    constructs,
    rule_models,
    rule_operations,
    rule_parameters,
    rule_requests,
    rule_responses,
)
from tests.generated.judging import guarded
from tests.generated.operations import Spec
from tests.generated.package import Package

# The quick ones first: the last two call every operation.
RULES = (
    rule_operations.mismatches,
    rule_parameters.mismatches,
    rule_models.mismatches,
    constructs.mismatches,
    rule_requests.mismatches,
    rule_responses.mismatches,
)


def mismatches(document: Document, package: Package) -> list[str]:
    """Every way in which the package is not what the document says, one sentence each; none if it matches."""
    return list(dict.fromkeys(each_mismatch(document, package)))


def each_mismatch(document: Document, package: Package) -> Iterator[str]:
    """The same, one by one, for who only wants to know whether there is one."""
    if failures := list(rule_operations.import_failures(package)):
        yield from failures
        return
    spec = Spec(document)
    for rule in RULES:
        yield from guarded(rule, spec, package)


def noticed(edited: Document, package: Package) -> str:
    """The first mismatch that is more than the lack of a rule; empty if an edit went unnoticed."""
    return next((found for found in each_mismatch(edited, package) if ": no rule for " not in found), "")
