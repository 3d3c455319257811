"""Run a notebook's cells as Jupyter does, without Jupyter: one after the other, in one namespace."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any


def cells(path: Path, kind: str = "code") -> list[dict[str, Any]]:
    """The cells of one kind, as the file has them."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def run(path: Path) -> dict[str, object]:
    """What each code cell's last expression is, by the cell's id; None where it ends in none."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return {cell["id"]: shown("".join(cell["source"]), names) for cell in cells(path)}


def shown(source: str, names: dict[str, Any]) -> object:
    """Execute a cell, and hand out the value that Jupyter would show beneath it."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if isinstance(last, ast.Expr) else None
