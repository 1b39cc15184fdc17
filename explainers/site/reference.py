"""The reference's index: every function and class of a module, as a link to where it is described.

The reference was one page once, and each of them had its address there: the links keep these as
their ids, so that an old address still leads to its function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from xml.etree.ElementTree import Element

from explainers.site.elements import element, inside, link

_Definition = ast.FunctionDef | ast.ClassDef


def index(module: str, page: str) -> Element:
    """The names in a module, each a link to its place on a page, under its old address."""
    # In the search index it would stand before the descriptions themselves.
    entries = element("p", "names", id=module, **{"data-search-exclude": ""})
    for name in names(module):
        entry = link("", f"{page}#{module}.{name}")
        entry.set("id", f"{module}.{name}")
        inside(entries, inside(entry, element("code", text=name)))
        entry.tail = " "
    return entries


def names(module: str) -> Iterator[str]:
    """The public names of a module that are described, and those of its classes' members."""
    tree = ast.parse(_source(module))
    exported = _exported(tree)
    yield from exported or _described(tree)


def _source(module: str) -> str:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:  # a package on the way to it
        spec = None
    if spec is None or spec.origin is None:
        raise LookupError(f"there is no module {module}")
    return Path(spec.origin).read_text(encoding="utf-8")


def _exported(tree: ast.Module) -> list[str]:
    """What a module that gathers names from others says it exports."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found: list[str] = ast.literal_eval(node.value)
            return found
    return []


def _described(tree: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, _Definition):
            if not node.name.startswith("_") and ast.get_docstring(node):
                yield node.name
                if isinstance(node, ast.ClassDef):
                    yield from (f"{node.name}.{member}" for member in _described(node))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and _is_text(after):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and not target.id.startswith("_"):
                yield target.id


def _is_text(node: ast.stmt | None) -> bool:
    """Whether a statement is a text alone: behind an assignment, it describes it."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
