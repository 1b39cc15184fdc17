"""Where finished artefacts wait: a folder of entries, each complete or absent.

An entry is written beside its place and then renamed, so that a build killed at any moment leaves
either the whole entry or none. Pages are changed only by `publish`, after everything is made.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explainers.artefacts.job import Files


@dataclass(frozen=True)
class Store:
    """The entries under a folder, named by artefact and key."""

    folder: Path

    def path(self, artefact: str, key: str) -> Path:
        """The folder of one entry."""
        return self.folder / "entries" / f"{artefact.replace('/', '.')}-{key}"

    def has(self, artefact: str, key: str) -> bool:
        """Whether the entry is there; then it is complete."""
        return self.path(artefact, key).is_dir()

    def put(self, artefact: str, key: str, files: Files) -> None:
        """Write an entry, all or nothing."""
        place = self.path(artefact, key)
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
        for name, content in files.items():
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if place.exists():
            shutil.rmtree(place)
        new.rename(place)

    def files(self, artefact: str, key: str) -> Iterator[tuple[str, Path]]:
        """The entry's files, by their path under the pages' folder."""
        entry = self.path(artefact, key)
        for path in sorted(entry.rglob("*")):
            if path.is_file():
                yield path.relative_to(entry).as_posix(), path

    def prune(self, current: Mapping[str, str]) -> None:
        """Remove all entries but the current ones, and what a killed build left behind."""
        kept = {self.path(artefact, key) for artefact, key in current.items()}
        for path in (self.folder / "entries").iterdir():
            if path not in kept:
                shutil.rmtree(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one build at a time in; the next one waits."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def read_json(path: Path, default: Any) -> Any:
    """Read a JSON file of ours; a missing or damaged one counts as never written."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default


def write(path: Path, content: bytes) -> bool:
    """Write a file, all or nothing, and only if it differs; return whether it did."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(new, 0o644)
    os.replace(new, path)
    return True


def publish(files: Mapping[str, Path], folder: Path, before: set[str]) -> int:
    """Make the folder's generated files equal to `files`; return how many changed.

    `before` are the generated files of the last build: those not made any more are removed, with
    the folders that they leave empty. Files written by hand are never touched.
    """
    changed = sum(write(folder / name, path.read_bytes()) for name, path in files.items())
    for name in before - set(files):
        (folder / name).unlink(missing_ok=True)
        for parent in list((folder / name).parents)[: name.count("/")]:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        changed += 1
    return changed
