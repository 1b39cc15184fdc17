"""Code as pages show it: what computes, whole, without what only guards or documents it."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Set
from pathlib import Path

from explainers import checks

_Definition = ast.FunctionDef | ast.ClassDef
_GUARDS = {
    name
    for name, each in vars(checks).items()
    if getattr(each, "__module__", "") == checks.__name__
}
_KEEPERS = {"cache", "cached_property", "checked", "kept", "lru_cache"}
_SECTION = re.compile(r"\n\s*\n\s*([A-Z]\w+\n\s*---|>>> )")  # numpydoc's headings, examples


def computing(dotted: str) -> str:
    '''Give a function and all that it calls and reads in its module: what computes.

    Docstrings end before their first section; checks of arguments are left out.

    >>> print(computing("explainers.maps.lone_peaks"))
    def lone_peaks(size: Annotated[int, Whole(1, 64)]) -> Floats:
        """Return all maps of this size with a single 1 among zeros, shape (size², size, size)."""
        return np.eye(size**2).reshape(size**2, size, size)
    <BLANKLINE>
    '''
    module, _, function = dotted.rpartition(".")
    text = inspect.getsource(importlib.import_module(module))
    own = {name: node for node in ast.parse(text).body for name in _defined(node)}
    guards = _GUARDS | {name for name, node in own.items() if _refuses(node)}
    left_out = {node: _left_out(node, guards) for node in own.values()}
    shown, waiting = [own[function]], [own[function]]
    while waiting:
        node = waiting.pop()
        found = {own[name] for name in _used(node, left_out[node]) if _belongs(own, name)}
        waiting += found - {*shown}
        shown += found - {*shown}
    # Constants, the function itself, and below it what it calls; last, tables of what it calls.
    shown.sort(key=lambda n: (_rank(n, own), n != own[function], n.lineno))
    lines = text.splitlines()
    return "".join(_spaced((node, _reduced(node, lines, left_out[node])) for node in shown))


def _defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module defines."""
    if isinstance(node, _Definition):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (name for target in targets for name in _names(target))


def _names(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _belongs(own: dict[str, ast.stmt], name: str) -> bool:
    """Whether a name is a part of the code that uses it: a function, or a constant."""
    node = own.get(name)
    if isinstance(node, ast.ClassDef):
        return name.startswith("_")
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        return not ast.unparse(node.value).startswith("Annotated[")  # a type is none
    return isinstance(node, ast.FunctionDef)


def _rank(node: ast.stmt, own: dict[str, ast.stmt]) -> int:
    if isinstance(node, _Definition):
        return 1
    return 2 * any(isinstance(own.get(name), _Definition) for name in _used(node, set()))


def _refuses(node: ast.AST) -> bool:
    """Whether a function may refuse what it is given: called for nothing else, it guards."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return isinstance(node, ast.FunctionDef) and "refuse" in {ast.unparse(c.func) for c in calls}


def _left_out(node: ast.stmt, guards: Set[str]) -> set[ast.AST]:
    """The statements that guard, and those that are there for them alone."""
    inside = [inner for inner in ast.walk(node) if isinstance(inner, ast.stmt)]
    bodies = (getattr(inner, part, []) for inner in inside for part in ("body", "orelse"))
    statements: list[ast.stmt] = [each for body in bodies for each in body]
    out: set[ast.AST] = {each for each in statements if _is_guard(each, guards)}
    guarded = {name for each in out for name in _names(each)}
    while True:
        read = {*_used(node, out)}
        idle = {each for each in statements if _is_idle(each, out, guarded - read)} - out
        if not idle:
            return out
        out |= idle
        guarded |= {name for each in idle for name in _names(each)}


def _is_guard(node: ast.stmt, guards: Set[str]) -> bool:
    """Whether a statement does nothing but refuse an argument, or give it back if it is allowed."""
    if isinstance(node, ast.If | ast.For) and not node.orelse:
        return all(_is_guard(each, guards) for each in node.body)
    call = getattr(node, "value", None)
    if not isinstance(call, ast.Call) or ast.unparse(call.func) not in guards:
        return False
    back = [ast.unparse(argument) for argument in call.args[1:2]]
    return isinstance(node, ast.Expr) or (
        isinstance(node, ast.Assign) and [ast.unparse(node.targets[0])] == back
    )


def _is_idle(node: ast.stmt, out: Set[ast.AST], unread: Set[str]) -> bool:
    """Whether a statement has nothing left in it, or names what nobody reads but guards."""
    if isinstance(node, ast.If) and not node.orelse:
        return out >= {*node.body}
    return isinstance(node, ast.Assign) and unread >= {*_defined(node)}


def _used(node: ast.AST, out: Set[ast.AST]) -> Iterator[str]:
    """The names that code reads, but for what is left out, and for annotations."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    children: list[ast.AST] = [*ast.iter_child_nodes(node)]
    if isinstance(node, ast.arguments):
        children = [*node.defaults, *filter(None, node.kw_defaults)]
    for child in children:
        if child not in out:
            yield from _used(child, out)


def _reduced(node: ast.stmt, lines: list[str], left_out: Set[ast.AST]) -> list[str]:
    """The lines of a definition, less those that pages leave out."""
    kept = dict(enumerate(lines[node.lineno - 1 : node.end_lineno], node.lineno))
    for inner in ast.walk(node):
        if isinstance(inner, ast.stmt) and inner in left_out:
            _leave_out(kept, inner)
        if isinstance(inner, ast.If) and inner.orelse and left_out >= {*inner.orelse}:
            for line in range((inner.body[-1].end_lineno or 0) + 1, inner.orelse[0].lineno):
                kept.pop(line, None)  # “else:”, with nothing left in it
        if isinstance(inner, _Definition):
            _shorten(kept, inner)
    decorators = getattr(node, "decorator_list", [])
    return [
        *(f"@{ast.unparse(d)}" for d in decorators if not _KEEPERS & {*_names(d)}),
        *kept.values(),
    ]


def _leave_out(kept: dict[int, str], node: ast.stmt) -> None:
    first, last = node.lineno, node.end_lineno or node.lineno
    while kept.get(first - 1, "").lstrip().startswith("#"):  # why it is checked
        first -= 1
    for line in range(first, last + 1):
        kept.pop(line, None)


def _shorten(kept: dict[int, str], node: _Definition) -> None:
    """End a docstring before its first section."""
    text = ast.get_docstring(node, clean=False)
    found = _SECTION.search(text) if text else None
    if text and found:
        place = node.body[0]
        last = place.lineno + text[: found.start()].count("\n")
        for line in range(last + 1, (place.end_lineno or 0) + 1):
            kept.pop(line, None)
        indent = " " * place.col_offset
        kept[last] += '"""' if last == place.lineno else f'\n{indent}"""'


def _spaced(parts: Iterator[tuple[ast.stmt, list[str]]]) -> Iterator[str]:
    """Constants together, and two empty lines before each definition."""
    before: ast.stmt | None = None
    for node, lines in parts:
        if before and (isinstance(node, _Definition) or isinstance(before, _Definition)):
            yield "\n\n"
        yield "".join(f"{line}\n" for line in lines)
        before = node


def of_test(root: Path, test: str) -> str:
    """The source text of a test, by its ``path::function``; it must be there."""
    path, _, name = test.partition("::")
    text = (root / path).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno]) + "\n"
    raise LookupError(f"there is no test {test}")
