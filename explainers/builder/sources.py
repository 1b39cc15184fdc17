"""What an artefact is made of: the key that changes when anything changes that it depends on.

A key covers whole folders rather than what a module imports: the code that all chapters share, the
chapter's own folder, and the maker. It may be wider than needed, never narrower; a test follows
every import and compares.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from explainers.errors import BuildError
from explainers.project import is_leftover

PACKAGE = "explainers"

# Code that some makers read and most do not: it counts only where a kind names it.
_APART = (
    "__main__.py", "catalogue.py", "cli.py", "edition.py", "errata.py", "questions.py",
    "sources.py", "worksheet.py",
    "artefacts/", "builder/", "labs/", "releasing/", "site/",
)  # fmt: skip
# Where builds write among the pages, as .gitignore says too: other keys know what lies there.
OWNED = ("claims", "figures", "previews", "package")  # folders with nothing else in them
_WRITTEN = re.compile(
    rf"docs/(({'|'.join(OWNED)})/.*|notebooks/[^/]+\.ipynb|labs/[^/]+\.json"
    r"|labs/digit-weights\.js|(claims|claims\.schema|figures)\.json"
    r"|(benchmark|changes|errata|ranges|worksheet)\.md|llms\.txt|nav\.yml)"
)


@dataclass(frozen=True)
class Kind:
    """How one kind of artefact is made, and what goes into its key besides what all share.

    Attributes
    ----------
    maker
        The module whose ``make(job)`` returns the files.
    code
        Files and folders of the package, relative to it; ``""`` is all of it.
    without
        Files and folders of a chapter that it does not read.
    project
        Files and folders of the project, with ``{chapter}`` filled in.
    """

    maker: str
    code: tuple[str, ...]
    without: tuple[str, ...] = ()
    project: tuple[str, ...] = ()


_MAKERS = f"{PACKAGE}.artefacts"
_TEXTS = ("artefacts/__init__.py", "artefacts/job.py", "artefacts/templates")
KINDS: Mapping[str, Kind] = {
    "notebooks": Kind(
        f"{_MAKERS}.notebooks",
        ("artefacts/notebooks.py", "citing.py", "edition.py", *_TEXTS),
        without=("snippets/",),
        project=("docs/notebooks/{chapter}.py",),
    ),
    "claims": Kind(
        f"{_MAKERS}.claims",
        ("artefacts/claims.py", "artefacts/listings.py", "sources.py", *_TEXTS),
        without=("figures.py",),
        project=("tests/{chapter}/",),
    ),
    "figures": Kind(
        f"{_MAKERS}.figures",
        ("artefacts/figures.py", "citing.py", "edition.py", *_TEXTS),
        without=("claims", "snippets/"),
    ),
    "previews": Kind(
        f"{_MAKERS}.previews",
        ("artefacts/previews.py", "artefacts/cards.py", "artefacts/tags.py", "edition.py", *_TEXTS),
        without=("snippets/",),
    ),
    "labs": Kind(f"{_MAKERS}.labs", ("",)),
    "package": Kind(
        f"{_MAKERS}.package",
        ("",),
        project=(".gitignore", "CITATION.cff", "LICENSE", "README.md", "pyproject.toml"),
    ),
    "indexes": Kind(
        f"{_MAKERS}.indexes",
        ("",),
        project=(
            "docs/*.md",
            "docs/reference/*.md",
            "docs/notebooks/*.py",
            "docs/releases/",
            "tests/benchmarks/results.json",
        ),
    ),
    "site": Kind(f"{_MAKERS}.site", ("",), project=("docs/", "overrides/", "mkdocs.yml")),
}


def generated(name: str) -> bool:
    """Whether a path in the project is one that builds write."""
    return _WRITTEN.fullmatch(name) is not None


class SourceChangedError(Exception):
    """A file was changed while an artefact was made of it."""


@dataclass(frozen=True)
class Sources:
    """The project's files, each read once per build.

    Attributes
    ----------
    root
        The project's folder.
    chapters
        The ids of all chapters: each is a folder of the package.
    """

    root: Path
    chapters: tuple[str, ...]
    _read: dict[str, tuple[tuple[int, ...], bytes]] = field(default_factory=dict, repr=False)
    _files: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def files(self, kind: str, chapter: str = "") -> tuple[str, ...]:
        """The paths, in the project, of all files that the keys of a kind cover."""
        if (kind, chapter) not in self._files:
            made = KINDS[kind]
            found = self._code(made.code)
            if chapter:
                found |= self._of_chapter(chapter, made.without)
            for pattern in made.project:
                found |= self._matching(pattern.format(chapter=chapter))
            self._files[kind, chapter] = tuple(sorted(n for n in found if not generated(n)))
        return self._files[kind, chapter]

    def key(self, files: Iterable[str], *parts: str) -> str:
        """A key over the contents of files, what runs here, and other parts."""
        digest = hashlib.sha256("\0".join([self.versions, *parts]).encode())
        for name in files:
            digest.update(os.fsencode(name) + b"\0" + self._content(name))
        return digest.hexdigest()[:32]

    def check(self, files: Iterable[str]) -> None:
        """Raise `SourceChangedError` if one of these files is not what it was when it was read."""
        for name in files:
            if name in self._read and self._read[name][0] != _status(self.root / name):
                raise SourceChangedError(name)

    @cached_property
    def versions(self) -> str:
        """The interpreter and the versions of all that is installed, but for tools of tests."""
        python = "{}.{}".format(*sys.version_info)
        return " ".join([python, *sorted(_installed(tuple(sys.path)) - self._of_tests)])

    # ---- Which files ----

    def _code(self, named: Iterable[str]) -> set[str]:
        """The code that all share, and what is named of the rest."""
        folders = tuple(f"{chapter}/" for chapter in self.chapters)
        shared = {n for n in self._package if not n.startswith((*_APART, *folders))}
        return {f"{PACKAGE}/{n}" for n in shared | set(_under(named, self._package))}

    def _of_chapter(self, chapter: str, without: tuple[str, ...]) -> set[str]:
        """A chapter's own folder: chapters do not know each other."""
        left_out = tuple(f"{chapter}/{name}" for name in without)
        own = (name for name in self._package if name.startswith(f"{chapter}/"))
        return {f"{PACKAGE}/{name}" for name in own if not (left_out and name.startswith(left_out))}

    def _matching(self, pattern: str) -> set[str]:
        """The files of the project that a pattern names: a file, a folder, or ``folder/*.md``."""
        folder, _, last = pattern.rpartition("/")
        if last and "*" not in last:
            return {pattern}
        names = _walk(self.root / folder)
        if last:
            ending = last.removeprefix("*")
            names = tuple(n for n in names if "/" not in n and n.endswith(ending))
        return {f"{folder}/{name}" for name in names}

    @cached_property
    def _package(self) -> tuple[str, ...]:
        return _walk(self.root / PACKAGE)

    # ---- What they hold ----

    def _content(self, name: str) -> bytes:
        """The digest of a file's content."""
        if name not in self._read:
            self._text(name)
        return self._read[name][1]

    def _text(self, name: str) -> bytes:
        path = self.root / name
        status = _status(path)
        if status and not path.is_file():  # reading a pipe would never end
            raise BuildError(f"{path} is no file: move it away")
        text = path.read_bytes() if status else b""
        known = self._read.setdefault(name, (status, hashlib.sha256(text).digest()))
        if known[0] != status:
            raise SourceChangedError(name)
        return text

    @cached_property
    def _of_tests(self) -> set[str]:
        """What is installed for tests alone: another version of it changes no artefact."""
        try:
            project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
            named = project["dependency-groups"]["test"]
        except (OSError, ValueError, KeyError):
            return set()
        tools = {_plain(re.split(r"[^\w.-]", name, maxsplit=1)[0]) for name in named}
        return {n for n in _installed(tuple(sys.path)) if _plain(n.rpartition("-")[0]) in tools}


def _under(named: Iterable[str], names: Iterable[str]) -> list[str]:
    """Those names that are named, or lie in a folder that is; all for the empty name."""
    wanted = set(named)
    return [
        name
        for name in names
        if wanted & {"", name, *(name[:i] for i, c in enumerate(name) if c == "/")}
    ]


def _walk(folder: Path) -> tuple[str, ...]:
    """The paths of all files below a folder, but for editors' and interpreters' leftovers.

    A folder that is a link counts with what is in it: so it does for Python and the site builder.
    """
    found = []
    for where, folders, files in os.walk(folder, followlinks=True):
        _refuse_loops(where, folders)
        found += [os.path.relpath(os.path.join(where, name), folder) for name in files]
    return tuple(sorted(name for name in found if not is_leftover(name)))


def _refuse_loops(where: str, folders: Iterable[str]) -> None:
    """Refuse a link to a folder that it was reached through: following it would never end."""
    links = [Path(where, name) for name in folders if os.path.islink(os.path.join(where, name))]
    above = {os.path.realpath(p) for p in (Path(where), *Path(where).parents) if links}
    for link in links:
        if os.path.realpath(link) in above:
            raise BuildError(f"{link} is a link to a folder that it lies in: remove it")


@cache
def _installed(places: tuple[str, ...]) -> set[str]:
    """Name and version of each distribution, from the names of their folders alone."""
    return {
        entry.name.removesuffix(".dist-info")
        for place in places
        if place and os.path.isdir(place)
        for entry in os.scandir(place)
        if entry.name.endswith(".dist-info")
    }


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _status(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ino
