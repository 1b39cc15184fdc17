"""The code that a number depends on: which modules, and which of their lines.

The lines themselves are hashed where a digest is taken, and parsed only to find what is left out:
so a digest is the same on every Python.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

# What claims import and no number depends on; what is imported there is not followed.
APART = {
    f"explainers.{name}"
    for name in ("kinds", "lookup", "ranges", "records", "drawing.rendering", "drawing.style")
}


@lru_cache(maxsize=64)
def reached(start: str) -> tuple[str, ...]:
    """The modules of the package that a module imports, and they in turn.

    >>> reached("explainers.activations")
    ('explainers.activations', 'explainers.checks')
    """
    found: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module not in found and module not in APART and _exists(module):
            found.add(module)
            waiting += _imports(module)
    return tuple(sorted(found))


@lru_cache(maxsize=256)
def _exists(module: str) -> bool:
    parent = module.rpartition(".")[0]
    if parent and not _exists(parent):
        return False
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is no package
        return False


def _imports(module: str) -> list[str]:
    package = __package__
    found = []
    for node in ast.walk(parsed(module)[0]):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return [name for name in found if name.startswith(f"{package}.")]


@lru_cache(maxsize=64)
def parsed(module: str) -> tuple[ast.Module, list[str]]:
    """A module's code, as a tree and as lines."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text(encoding="utf-8")
    return ast.parse(text), text.splitlines()


def code_lines(module: str) -> list[str]:
    """A module's lines without what no number depends on, and without spaces."""
    tree, lines = parsed(module)
    return kept(lines, spans(wordy(tree)))


def wordy(tree: ast.Module) -> list[ast.stmt]:
    """What no number depends on: docstrings, and imports for what a claim says."""
    said = [
        node.body[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
    ]
    return said + [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module in APART]


def spans(nodes: Iterable[Any]) -> list[tuple[int, int]]:
    """The first line of each node, and its last."""
    return [(node.lineno, node.end_lineno) for node in nodes]


def kept(lines: list[str], left_out: Iterable[tuple[int, int]]) -> list[str]:
    """The lines outside these spans, without spaces; empty ones and comments are left out."""
    out = {number for first, last in left_out for number in range(first, last + 1)}
    texts = ("".join(line.split()) for number, line in enumerate(lines, 1) if number not in out)
    return [text for text in texts if text and not text.startswith("#")]
