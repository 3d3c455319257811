"""A module's source: the places where it can be broken, and what it is when it is broken at one of them. Pure."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import MutationVisitor

from mutation.operators import OPERATORS, Node, Span

_NO_RULES: Final = frozenset({"__repr__", "_repr_html_", "__reduce__", "__hash__"})
_TYPES: Final = frozenset({"TypeAlias", "TypeVar"})
_LISTS_OF_NAMES: Final = frozenset({"__all__", "__slots__"})


class Change(NamedTuple):
    """A place where a module can be broken, and how: an operator by its index, and which of its places it is."""

    operator: int
    occurrence: int
    line: int


@dataclass(frozen=True)
class Source:
    """A module's source.

    Attributes:
        module: Its name.
        path: Where it was read.
        text: What it says.
    """

    module: str
    path: str
    text: str

    @cached_property
    def tree(self) -> Node:
        """As parso reads it."""
        return parso.parse(self.text)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """All that can be broken and is a rule, in the order of lines."""
        excluded = list(_excluded(ast.parse(self.text)))
        found = [
            Change(number, occurrence, span[0][0])
            for number, operator in enumerate(OPERATORS)
            for occurrence, span in enumerate(
                span for node in ast_nodes(self.tree) for span in operator.mutation_positions(node)
            )
            if not any(first <= span[0] and span[1] <= last for first, last in excluded)
        ]
        return tuple(sorted(found, key=lambda change: change.line))

    def broken(self, change: Change) -> str:
        """The module's text with the change. It uses the tree up: for a process that tries no other change."""
        visitor = MutationVisitor(change.occurrence, OPERATORS[change.operator])
        text: str = visitor.walk(self.tree).get_code()
        return text

    def means_the_same(self, text: str) -> bool:
        """Whether a text differs in nothing that Python reads."""
        return ast.dump(ast.parse(text)) == ast.dump(ast.parse(self.text))

    def shown(self, text: str) -> tuple[str, str]:
        """The lines that differ, before and after, each in one line."""
        old, new = self.text.splitlines(), text.splitlines()
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                return _in_one_line(old[a:b]), _in_one_line(new[c:d])
        return "", ""

    def place(self, line: int) -> str:
        """The function or class that a line is in; empty for the module's own."""
        names: list[str] = []
        nodes: list[ast.stmt] = list(ast.parse(self.text).body)
        while nodes:
            node = nodes.pop()
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0):
                names.append(node.name)
                nodes = list(node.body)
        return ".".join(names)

    def line(self, line: int) -> str:
        """What a line says, without what it is indented by."""
        return self.text.splitlines()[line - 1].strip()

    def statement(self, line: int) -> range:
        """The lines of the innermost statement that a line is in, as far as the header of one that holds others."""
        around = [
            node
            for node in ast.walk(ast.parse(self.text))
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        inner = max(around, key=lambda node: (node.lineno, -(node.end_lineno or 0)))
        body = getattr(inner, "body", None)
        return range(inner.lineno, body[0].lineno if body else (inner.end_lineno or inner.lineno) + 1)


def _in_one_line(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


def _excluded(tree: ast.Module) -> Iterator[Span]:
    """What is no rule: annotations, docstrings, decorators, what messages say, how values print and are copied."""
    for node in ast.walk(tree):
        for part in _without_rules(node):
            yield (
                (part.lineno, part.col_offset),
                (part.end_lineno or part.lineno, part.end_col_offset or part.col_offset),
            )


def _without_rules(node: ast.AST) -> Iterator[ast.expr | ast.stmt | ast.keyword]:
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Import() | ast.ImportFrom() | ast.Assert():
            yield node
        case ast.Raise(exc=ast.Call(args=args, keywords=keywords)):
            yield from (*args, *keywords)
        case ast.Call(func=ast.Name(id="cast"), args=[kind, *_]):
            yield kind
        case ast.Call(func=ast.Name(id="field"), keywords=keywords):
            yield from keywords
        case ast.arg(annotation=ast.expr() as annotation):
            yield annotation
        case ast.FunctionDef() | ast.ClassDef() | ast.AnnAssign() | ast.Assign():
            yield from _declared(node)


def _declared(
    node: ast.FunctionDef | ast.ClassDef | ast.AnnAssign | ast.Assign,
) -> Iterator[ast.expr | ast.stmt | ast.keyword]:
    """What of a declaration is for types, for people, or for Python itself."""
    match node:
        case ast.FunctionDef(name=name):
            yield from (*node.decorator_list, *filter(None, [node.returns]), *([node] if name in _NO_RULES else []))
        case ast.ClassDef():
            yield from (*node.decorator_list, *node.bases, *node.keywords)
        case ast.AnnAssign():
            yield node if _names(node.annotation) & _TYPES else node.annotation
        case ast.Assign(targets=[ast.Name(id=name)]):
            made = _names(node.value.func) if isinstance(node.value, ast.Call) else set[str]()
            if name in _LISTS_OF_NAMES or made & _TYPES:
                yield node


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
