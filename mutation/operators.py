"""How code is broken: cosmic-ray's operators, one or two changes for each sign, and some for what it leaves alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import parso
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Keyword, ReturnStmt, String

Node: TypeAlias = Any
"""A node of parso's tree, which has no types."""
Span: TypeAlias = tuple[tuple[int, int], tuple[int, int]]

_SEVERAL_WORDS: Final = re.compile(r"\w[,.:;]? \w")
_NOTHING: Final = frozenset({"None", "False", '""', "()", "0"})
_SIGNS: Final = (
    *("Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul", "LShift_RShift", "RShift_LShift"),
    *("BitOr_BitAnd", "BitAnd_BitOr"),
)
_COMPARISONS: Final = (
    *("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
    *("Is_IsNot", "IsNot_Is"),
)
_OTHERS: Final = (
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer"),
    *("ZeroIterationForLoop", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd"),
)


class ReplaceText(Operator):  # type: ignore[misc] # cosmic-ray has no types
    """Another text in place of one; those of several words are messages, whose wording is no rule."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """See `Operator`."""
        if isinstance(node, String) and not _SEVERAL_WORDS.search(str(ast.literal_eval(node.value))):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - the interface's
        """See `Operator`."""
        text = ast.literal_eval(node.value)
        node.value = repr(b"?" + text if isinstance(text, bytes) else f"?{text}")
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """See `Operator`."""
        return (Example("x = 'a'", "x = '?a'"),)


class ReplaceIn(Operator):  # type: ignore[misc] # the same
    """`not in` in place of `in`, and the other way round."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """See `Operator`."""
        for sign in self._signs(node):
            yield sign.start_pos, sign.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        """See `Operator`."""
        sign = list(self._signs(node))[index]
        place = node.children.index(sign)
        node.children[place] = parso.parse(" not in" if isinstance(sign, Keyword) else " in")
        return node

    @staticmethod
    def _signs(node: Node) -> Iterator[Node]:
        if node.type == "comparison":
            yield from (sign for sign in node.children[1::2] if sign.get_code().split()[-1] == "in")

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """See `Operator`."""
        return (Example("x in y", "x not in y"), Example("x not in y", "x in y"))


class ReturnNothing(Operator):  # type: ignore[misc] # the same
    """`return None` in place of what is returned, unless that is as false as None is."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """See `Operator`."""
        if isinstance(node, ReturnStmt) and node.children[1].get_code().strip() not in _NOTHING:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - the interface's
        """See `Operator`."""
        return parso.parse(f"{_before(node)}return None")

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """See `Operator`."""
        return (Example("def f():\n    return 1", "def f():\n    return None"),)


class RemoveStatement(Operator):  # type: ignore[misc] # the same
    """`pass` in place of an assignment in a function, of a call whose result is dropped, or of a raise."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """See `Operator`."""
        if node.type in ("raise_stmt", "atom_expr", "expr_stmt") and node.parent.type == "simple_stmt":
            inside = node.parent.parent.parent
            if inside is not None and inside.type != "classdef":
                yield node.start_pos, node.end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - the interface's
        """See `Operator`."""
        return parso.parse(f"{_before(node)}pass")

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """See `Operator`."""
        return (Example("def f():\n    g()", "def f():\n    pass"),)


class RemoveElement(Operator):  # type: ignore[misc] # the same
    """A set, tuple, list or mapping without one of its members."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """See `Operator`."""
        for element in self._elements(node):
            yield element[0].start_pos, element[-1].end_pos

    def mutate(self, node: Node, index: int) -> Node:
        """See `Operator`."""
        for leaf in list(self._elements(node))[index]:
            node.children.remove(leaf)
        if node.children and node.children[0] == ",":
            del node.children[0]
        return node

    @staticmethod
    def _elements(node: Node) -> Iterator[list[Node]]:
        if node.type in ("testlist_comp", "dictorsetmaker") and len(parts := _split(node.children)) > 1:
            yield from parts

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """See `Operator`."""
        return (Example("x = {1, 2}", "x = { 2}"), Example("x = {1, 2}", "x = {1}", occurrence=1))


def _split(children: Sequence[Node]) -> list[list[Node]]:
    """The members between the commas, each with its comma if one follows."""
    parts: list[list[Node]] = [[]]
    for child in children:
        parts[-1].append(child)
        if child == ",":
            parts.append([])
    return [part for part in parts if part]


def _before(node: Node) -> str:
    """The blanks before a node, which are a part of its first leaf."""
    prefix: str = node.get_first_leaf().prefix
    return prefix


def _named(name: str) -> Operator:
    return OperatorProvider()[name]()


OPERATORS: Final[Sequence[Operator]] = (
    *(_named(f"ReplaceBinaryOperator_{name}") for name in _SIGNS),
    *(_named(f"ReplaceComparisonOperator_{name}") for name in _COMPARISONS),
    *map(_named, _OTHERS),
    *(ReplaceText(), ReplaceIn(), ReturnNothing(), RemoveStatement(), RemoveElement()),
)
"""All of them, in an order that is part of a mutant's number."""
