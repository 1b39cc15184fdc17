"""The project's folder: which files are its own, and what git says of them.

Git is asked about this very folder, whoever owns it: never about a repository around it. What the
user has set up for git, and variables of a repository that runs us as its hook, change nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from explainers.errors import BuildError

# Where this package lies: the project's folder in a checkout, site-packages once installed.
HERE = Path(__file__).resolve().parents[1]
# What the site is made of besides single files: one that git does not know counts as a change.
_INPUTS = ("docs/", "explainers/", "overrides/", "tests/")
_LEFTOVER = re.compile(r"(^|/)(\.|#)|~$|\.py[co]$|(^|/)__pycache__/")
_LENGTH = 12  # of a commit's short name


class NoRepositoryError(Exception):
    """Git says nothing of this folder; the message says why."""


@dataclass(frozen=True)
class Commit:
    """The commit that a folder's files are of.

    Attributes
    ----------
    seconds
        When it was made, in seconds since 1970.
    name
        Its short hash, with a ``+`` if files were changed or added since.
    """

    seconds: int
    name: str


def commit(root: Path) -> Commit:
    """The commit that is checked out in the project's folder.

    Raises
    ------
    NoRepositoryError
        If the folder is no repository of its own, or git does not answer.
    """
    seconds, _, name = _git(root, "rev-list", "--max-count=1", "--timestamp", "HEAD").partition(" ")
    return Commit(int(seconds), name[:_LENGTH] + ("+" if _is_changed(root) else ""))


def _is_changed(root: Path) -> bool:
    """Whether a tracked file is not as committed, or a file was added that the site is made of."""
    said = _git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
    entries = [(entry[:2], entry[3:]) for entry in said.split("\0") if entry]
    return any(
        state != "??" or (path.startswith(_INPUTS) and not is_leftover(path))
        for state, path in entries
    )


def files(root: Path, *named: str) -> tuple[str, ...]:
    """The project's own files among those named, and in the folders named, by path in the project.

    Where there is git, what it ignores is not the project's; leftovers of editors never are.
    """
    try:
        listing = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--")
        found = _git(root, *listing, *named).split("\0")
    except NoRepositoryError:
        found = [path for name in named for path in _walk(root, name)]
    return tuple(sorted({p for p in found if not is_leftover(p) and (root / p).is_file()}))


def text(root: Path, name: str) -> str:
    """The text of one of the project's files, by path in the project.

    Raises
    ------
    BuildError
        Naming the file, if it cannot be read.
    """
    try:
        return (root / name).read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{name}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError as error:
        raise BuildError(f"{name}: it must be UTF-8; byte {error.start} is not") from None


def _walk(root: Path, name: str) -> list[str]:
    if (root / name).is_file():
        return [name]
    return [path.relative_to(root).as_posix() for path in (root / name).rglob("*")]


def is_leftover(path: str) -> bool:
    """Whether a path in the project is an editor's or an interpreter's leftover.

    >>> [is_leftover(p) for p in ("a/.DS_Store", "a/b.py~", "a/.b.py.swp", "a/b.py")]
    [True, True, True, False]
    """
    return _LEFTOVER.search(path) is not None


def _git(root: Path, *arguments: str) -> str:
    if not (root / ".git").exists():
        raise NoRepositoryError(f"{root} is no git repository")
    # Named outright, the repository is not searched for, nor refused because of its owner.
    place = (f"--git-dir={root / '.git'}", f"--work-tree={root}")
    try:
        done = subprocess.run(
            ["git", *place, *_SETTINGS, *arguments],
            cwd=root,
            env=_environment(),
            capture_output=True,
            check=False,
        )
    except OSError:
        raise NoRepositoryError("git is not installed") from None
    if done.returncode:
        reason = os.fsdecode(done.stderr).partition("\n")[0].removeprefix("fatal: ")
        raise NoRepositoryError(f"git says nothing of {root} ({reason})")
    return os.fsdecode(done.stdout).rstrip("\n")


_SETTINGS = ("-c", "core.fsmonitor=false", "-c", f"core.excludesFile={os.devnull}")


def _environment() -> dict[str, str]:
    """No variable of git's, and no settings of the user or the machine."""
    needed = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return {name: os.environ[name] for name in needed if name in os.environ} | {
        "LC_ALL": "C",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }
