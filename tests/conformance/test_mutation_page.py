"""The page on broken rules says what was found, and nothing survives for no reason."""

from __future__ import annotations

from mutation.report import PAGE, reason_of, reasons, unexplained, with_report
from mutation.results import FOLDER, load
from mutation.scope import MODULES

RESULTS = load(FOLDER / "results.json")
REASONS = reasons(FOLDER / "reasons.toml")


def test_the_page_is_what_was_found() -> None:
    """Printed, not typed."""
    page = PAGE.read_text(encoding="utf-8")
    assert with_report(page, RESULTS, REASONS) == page


def test_every_module_was_broken() -> None:
    """And of each, something was seen."""
    assert list(MODULES) == list(RESULTS.modules)
    assert [] == [name for name, outcome in RESULTS.modules.items() if not outcome.seen]


def test_whatever_survives_has_a_reason() -> None:
    """Be it that nobody has looked at it by itself yet: then it is open, and counts."""
    assert [] == unexplained(RESULTS, REASONS)


def test_every_reason_is_one() -> None:
    """Of something that survived; others are of code that went away."""
    used = {
        id(reason_of(module, one, REASONS))
        for module, outcome in RESULTS.modules.items()
        for one in (*outcome.survivors, *outcome.unreached)
    }
    assert [] == [reason for reason in REASONS if id(reason) not in used]
