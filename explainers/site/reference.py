"""The reference: an index of each module's functions and classes, and what their arguments may be.

The reference was one page once, and each of them had its address there: the index's links keep
these as their ids, so that an old address still leads to its function.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from explainers.kinds import kinds_of
from explainers.site.elements import element, inside, link, words

_Definition = ast.FunctionDef | ast.ClassDef


def index(module: str, page: str, some: Sequence[str] = ()) -> Element:
    """The names in a module, or some, each a link to its place on a page, under its old address."""
    described = list(names(module))
    for name in some:
        if name not in described:
            raise LookupError(f"there is no {name} in {module}")
    # In the search index it would stand before the descriptions themselves.
    entries = element("p", "names", **{"data-search-exclude": ""})
    if not some or Path(page).stem == module.rpartition(".")[2]:  # once: an id is one place
        entries.set("id", module)
    for name in some or described:
        entry = link("", f"{page}#{module}.{name}")
        entry.set("id", f"{module}.{name}")
        inside(entries, inside(entry, element("code", text=name)))
        entry.tail = " "
    return entries


def arguments(module: str) -> Element:
    """What the arguments of a module's functions and records may be, as their types declare it."""
    table = element("table")
    for name in names(module):
        function: Any = getattr(importlib.import_module(module), name, None)
        if inspect.isroutine(inspect.unwrap(function)) or _is_record(function):
            for argument, kind in kinds_of(function).items():
                cells = (f"{name}: {argument}", kind.allowed, _default(function, argument))
                inside(table, inside(element("tr"), *(element("td", text=words(c)) for c in cells)))
    head = ("argument", "may be", "by default")
    table.insert(0, inside(element("tr"), *(element("th", text=cell) for cell in head)))
    summary = element("summary", text="What the arguments may be")
    folded = element("details", "note", **{"data-search-exclude": ""})
    return inside(folded, summary, table)


def _is_record(found: object) -> bool:
    return inspect.isclass(found) and is_dataclass(found)  # a record kept by name is no function


def _default(function: Callable[..., Any], argument: str) -> str:
    default = inspect.signature(function).parameters[argument].default
    return "" if default is inspect.Parameter.empty else repr(default)


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
