"""Slips in code: an operator, a constant or a function that is not what it should be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.Add: "+",
    ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitAnd: "&", ast.BitOr: "|", ast.And: "and", ast.Or: "or", ast.USub: "-", ast.Not: "not",
}  # fmt: skip
_BOTH_WAYS = (
    ("<", "<="), (">", ">="), ("==", "!="), ("is", "is not"), ("in", "not in"), ("+", "-"),
    ("*", "/"), ("&", "|"), ("and", "or"), ("min", "max"), ("minimum", "maximum"),
    ("argmin", "argmax"), ("any", "all"), ("floor", "ceil"),
)  # fmt: skip
SWAPS = {a: b for pair in _BOTH_WAYS for a, b in (pair, pair[::-1])}
SWAPS |= {"//": "/", "%": "*", "**": "*"}


@dataclass(frozen=True)
class Mutant:
    """A place in a file, by its bytes, and what is put there instead."""

    file: str
    start: int
    end: int
    text: str

    def applied(self, source: bytes) -> bytes:
        """The file with the slip."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def shown(self, source: bytes) -> str:
        """Where it is, and the line before and after."""
        row = source.count(b"\n", 0, self.start)
        before, after = (text.decode().split("\n")[row] for text in (source, self.applied(source)))
        return f"{self.file}:{row + 1}\n  - {before.strip()}\n  + {after.strip()}"


def places(file: str, source: bytes) -> Iterator[list[Mutant]]:
    """Each place where a slip can be, with all slips that can be there."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def ends(node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno
        assert node.end_col_offset
        first, last = starts[node.lineno - 1], starts[node.end_lineno - 1]
        return first + node.col_offset, last + node.end_col_offset

    def swapped(a: ast.expr, op: ast.AST, b: ast.expr) -> list[Mutant]:
        sign = _SIGNS[type(op)]
        at = source.index(sign.encode(), ends(a)[1], ends(b)[0])
        return [Mutant(file, at, at + len(sign), SWAPS[sign])]

    for node in _computing(ast.parse(source)):
        match node:
            case ast.Compare(left, ops, compared):
                yield from map(swapped, [left, *compared], ops, compared)
            case ast.BinOp(a, op, b) | ast.BoolOp(op, [a, b, *_]) | ast.AugAssign(a, op, b):
                if type(op) in _SIGNS:
                    yield swapped(a, op, b)
            case ast.UnaryOp(ast.USub() | ast.Not() as op):
                start, _ = ends(node)
                yield [Mutant(file, start, start + len(_SIGNS[type(op)]), "")]
            case ast.Constant(bool() as flag):
                yield [Mutant(file, *ends(node), str(not flag))]
            case ast.Constant(int() | float() as number):
                others = {repr(other): None for other in (number + 1, number - 1, number * 2)}
                others.pop(repr(number), None)
                yield [Mutant(file, *ends(node), other) for other in others]
            case ast.Name(name) | ast.Attribute(_, name) if name in SWAPS:
                _, end = ends(node)
                yield [Mutant(file, end - len(name), end, SWAPS[name])]


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only tell people or type checkers something."""
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            told = isinstance(child, ast.Raise | ast.JoinedStr) or name in ("annotation", "returns")
            if isinstance(child, ast.AST) and not told and not _is_for_readers(child):
                yield from _computing(child)


def _is_for_readers(node: ast.AST) -> bool:
    """A signature for type checkers, what only refuses, how much is kept: no number is of it."""
    if isinstance(node, ast.FunctionDef):
        return any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)
    return isinstance(node, ast.keyword) and node.arg in ("strict", "frozen", "maxsize")
