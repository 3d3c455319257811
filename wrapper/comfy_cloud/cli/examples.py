"""The examples beneath `--help`. Pure."""

from __future__ import annotations

from rich.markup import escape


def examples(*lines: str) -> str:
    """Command lines, one beneath the other, as typer takes them: it reads markup, so brackets are escaped."""
    return escape("\n".join(["Examples:", *(f"  {line}" for line in lines), "", "Exit codes: see comfy-cloud --help."]))
