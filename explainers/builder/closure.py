"""What an artefact depends on: its code with all that it imports, its data, and the lock file.

Found by reading the source, not by importing it: a build with nothing to do imports no chapter.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PACKAGE = "explainers"


@dataclass(frozen=True)
class Sources:
    """The package's source files, read once per build.

    Attributes
    ----------
    root
        The project's folder.
    package
        The package's folder; beside the pages in a checkout, anywhere when installed.
    """

    root: Path
    package: Path
    _imports: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _digests: dict[Path, bytes] = field(default_factory=dict, repr=False)
    _codes: dict[frozenset[str], bytes] = field(default_factory=dict, repr=False)
    _paths: dict[str, Path | None] = field(default_factory=dict, repr=False)
    _versions: dict[str, str] = field(default_factory=dict, repr=False)

    def key(self, name: str, modules: Iterable[str], files: Iterable[str] = ()) -> str:
        """Return a key that changes when anything changes that the artefact depends on.

        `modules` are dotted names in the package, `files` are paths in the project.
        """
        digest = hashlib.sha256(name.encode() + self._code(frozenset(modules)))
        for file in sorted(files):
            digest.update(file.encode() + self._digest(self.root / file))
        return digest.hexdigest()[:32]

    def _code(self, modules: frozenset[str]) -> bytes:
        """Digest the closure of these modules, its data, and what it runs on."""
        if modules not in self._codes:
            closure = self.closure(modules)
            digest = hashlib.sha256(self.environment)
            for path in sorted({self.package / path for path in self._files(closure)}):
                digest.update(str(path.relative_to(self.package)).encode() + self._digest(path))
            for package in sorted(self._third_party(closure)):
                digest.update(f"{package} {self._version(package)}".encode())
            self._codes[modules] = digest.digest()
        return self._codes[modules]

    def closure(self, modules: Iterable[str]) -> frozenset[str]:
        """The modules with everything that they import from the package, directly or not."""
        found: set[str] = set()
        waiting = list(modules)
        while waiting:
            module = waiting.pop()
            if module not in found and self._path(module) is not None:
                found.add(module)
                waiting += [name for name in self.imports(module) if _ours(name)]
        return frozenset(found)

    def imports(self, module: str) -> frozenset[str]:
        """What a module imports, wherever in it the statement stands, and the packages above it."""
        if module not in self._imports:
            path = self._path(module)
            assert path is not None
            names = imported(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")
            parents = (module.rsplit(".", n)[0] for n in range(1, module.count(".") + 1))
            self._imports[module] = frozenset(names) | frozenset(parents)
        return self._imports[module]

    @cached_property
    def environment(self) -> bytes:
        """The interpreter and the locked versions of everything that is installed."""
        lock = self.root / "requirements" / "lock.txt"
        version = "{}.{}".format(*sys.version_info).encode()
        return version + (lock.read_bytes() if lock.exists() else b"")

    def _path(self, module: str) -> Path | None:
        if module not in self._paths:
            stem = self.package.joinpath(*module.split(".")[1:])
            candidates = (stem / "__init__.py", stem.with_suffix(".py"))
            self._paths[module] = next((path for path in candidates if path.is_file()), None)
        return self._paths[module]

    def _files(self, closure: Iterable[str]) -> Iterator[Path]:
        """The modules' files, and the data that lies beside them."""
        for module in closure:
            path = self._path(module)
            assert path is not None
            yield path.relative_to(self.package)
            for data in path.parent.iterdir():
                if data.is_file() and data.suffix not in {".py", ".pyc"}:
                    yield data.relative_to(self.package)

    def _digest(self, path: Path) -> bytes:
        if path not in self._digests:
            content = path.read_bytes() if path.is_file() else b"missing"
            self._digests[path] = hashlib.sha256(content).digest()
        return self._digests[path]

    def _version(self, package: str) -> str:
        if package not in self._versions:
            self._versions[package] = _version(package)
        return self._versions[package]

    def _third_party(self, closure: Iterable[str]) -> set[str]:
        names = {name.partition(".")[0] for module in closure for name in self.imports(module)}
        return names - {PACKAGE} - sys.stdlib_module_names


def imported(source: str, module: str, is_package: bool) -> set[str]:
    """The dotted names that a source text imports; ``from a import b`` gives a and a.b.

    >>> sorted(imported("from . import model", "explainers.detection.figures", False))
    ['explainers.detection', 'explainers.detection.model']
    """
    names: set[str] = set()
    for node in _statements(ast.parse(source).body):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module, is_package)
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All statements, those inside others too; expressions, most of a source, are not entered."""
    for node in body:
        yield node
        for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
            yield from _statements(getattr(node, inner, ()))


def _base(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    package = parts[: len(parts) - node.level + is_package]
    return ".".join([*package, *(node.module or "").split(".")]).rstrip(".")


def _ours(name: str) -> bool:
    return name.partition(".")[0] == PACKAGE


def _version(package: str) -> str:
    distribution = {"PIL": "pillow", "yaml": "pyyaml"}.get(package, package)
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
