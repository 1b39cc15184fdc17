"""Where finished artefacts are kept: a folder of entries, each whole or not there.

An entry is written beside its place. Its record, with a digest of each file, is written last; then
the folder is renamed. So a build that is killed leaves the whole entry or none. The digests are
checked whenever an entry is used: a file whose size, time and inode are as recorded is trusted,
any other is read again. What is damaged counts as not there, and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from explainers.artefacts.job import Files
from explainers.errors import BuildError
from explainers.files import read_json, remove, write


class Stamp(NamedTuple):
    """A file as it was when its content was last read."""

    sha256: str
    size: int
    mtime_ns: int
    inode: int

    def untouched(self, status: os.stat_result) -> bool:
        """Whether the file looks as it did then."""
        return (self.size, self.mtime_ns, self.inode) == _identity(status)


@dataclass(frozen=True)
class Entry:
    """One finished artefact.

    Attributes
    ----------
    folder
        The folder with its files, at their paths below the site's pages.
    digest
        Of all names and contents: what is made of this entry depends on it.
    files
        A stamp of each file, by its path.
    """

    folder: Path
    digest: str
    files: Mapping[str, Stamp]


@dataclass(frozen=True)
class Store:
    """The entries under a folder, named by artefact and key.

    `thorough` reads every file again, whatever its size, time and inode.
    """

    folder: Path
    thorough: bool = False

    def place(self, artefact: str, key: str) -> Path:
        """The folder of one entry: its record, and its files."""
        return self.folder / "entries" / f"{artefact.replace('/', '.')}-{key}"

    def entry(self, artefact: str, key: str) -> Entry | None:
        """The entry, if it is there and undamaged."""
        place = self.place(artefact, key)
        record = read_json(place / "record.json", {})
        recorded, files = stamps(record.get("files")), place / "files"
        if record.get("digest") != _digest(recorded) or _names(files) != recorded.keys():
            return None
        checked = {
            name: _checked(files / name, stamp, self.thorough) for name, stamp in recorded.items()
        }
        sound = {name: stamp for name, stamp in checked.items() if stamp is not None}
        if len(sound) < len(checked):
            return None
        if sound != recorded:
            _record(place, sound)
        return Entry(files, _digest(sound), sound)

    def begin(self) -> Path:
        """A new folder for the files of an entry, beside its place."""
        (self.folder / "entries").mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder / "entries"))

    def keep(self, artefact: str, key: str, new: Path) -> Entry:
        """Put what was written into a new folder in its place."""
        files = {name: _stamp(new / "files" / name) for name in sorted(_names(new / "files"))}
        _record(new, files)
        new.chmod(0o755)
        place = self.place(artefact, key)
        remove(place)
        new.rename(place)
        return Entry(place / "files", _digest(files), files)

    def prune(self, kept: Iterable[Path]) -> None:
        """Remove all entries but those, and what a killed build left behind."""
        names = {path.name for path in kept}
        for path in (self.folder / "entries").glob("*"):
            if path.name not in names:
                remove(path)
        for path in (self.folder / "entries").glob(".*"):
            remove(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one build at a time in; the next one waits."""
        import fcntl  # not on every platform, and only a build needs it

        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def write_files(folder: Path, files: Files) -> None:
    """Write an artefact's files into a new folder."""
    for name, content in files.items():
        target = folder / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


# ---- The pages' folder ----


@dataclass(frozen=True)
class Pages:
    """The pages' folder, where the artefacts are published beside what people write.

    `owned` are the folders in it that hold nothing but artefacts; `thorough` as in `Store`.
    """

    folder: Path
    owned: tuple[str, ...]
    thorough: bool = False

    def publish(
        self, wanted: Mapping[str, tuple[Path, Stamp]], before: Mapping[str, Stamp]
    ) -> tuple[int, dict[str, Stamp]]:
        """Make the generated files equal to `wanted`: the path of each, and its stamp.

        `before` are the files that the last build published: those not made any more are removed,
        with the folders that they leave empty. Returns how many files changed, and the stamps of
        what is there now.
        """
        changed, published = 0, {}
        for name, (source, stamp) in wanted.items():
            target = self.folder / name
            there = before.get(name)
            kept = _checked(target, there, self.thorough) if there is not None else None
            if kept is None or kept.sha256 != stamp.sha256:
                if not _same(target, stamp):
                    write(target, source.read_bytes())
                    changed += 1
                kept = _stamp(target)
            published[name] = kept
        for name in [*before.keys() - wanted.keys(), *self._strangers(wanted)]:
            changed += self._remove(name)
        return changed, published

    def touched(self, published: Mapping[str, Stamp]) -> Iterator[str]:
        """What is not as it was published any more, and what came into the artefacts' folders."""
        for name, stamp in published.items():
            if _checked(self.folder / name, stamp, thorough=False) is not stamp:
                yield name
        yield from self._strangers(published)

    def check(self, wanted: Iterable[str]) -> None:
        """Refuse what a person put where only artefacts are, and links that lead elsewhere."""
        for name in self.owned:
            if (self.folder / name).is_symlink():
                raise BuildError(
                    f"{self.folder / name} is a link: remove it, the build writes there"
                )
        for name in self._strangers(wanted):
            if not _ours(self.folder, name):
                raise BuildError(
                    f"{self.folder / name} was not made by a build: move it away, "
                    f"this folder is the build's own"
                )

    def clean(self, before: Iterable[str]) -> None:
        """Remove all that builds have published."""
        for name in [*before, *(n for n in self._strangers(()) if _ours(self.folder, n))]:
            self._remove(name)

    def _strangers(self, wanted: Iterable[str]) -> list[str]:
        """What lies in the folders of the artefacts, and is none."""
        known = set(wanted)
        return [
            f"{folder}/{name}"
            for folder in self.owned
            for name in sorted(_names(self.folder / folder))
            if f"{folder}/{name}" not in known
        ]

    def _remove(self, name: str) -> int:
        path = self.folder / name
        if not path.is_symlink() and not path.exists():
            return 0
        remove(path)
        for parent in list(path.parents)[: name.count("/")]:
            with suppress(OSError):
                parent.rmdir()  # fails where it is not empty
        return 1


def _ours(folder: Path, name: str) -> bool:
    """Whether a file in the artefacts' folders looks as if a build had made it."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return False
    if path.name.startswith(".new-"):
        return True
    if path.suffix != ".md":
        return path.suffix in {".json", ".svg", ".png", ".pdf", ".csv", ".whl"}
    kind = name.split("/")[0].removesuffix("s")
    start = path.read_bytes()[:20_000].decode(errors="replace")
    return f"\n{kind}: {path.stem}\n" in start or path.stem == "index"


# ---- Stamps ----


def _names(folder: Path) -> set[str]:
    """All that lies under a folder, but folders; what is a link counts, as itself."""
    return {
        os.path.relpath(os.path.join(where, name), folder)
        for where, folders, files in os.walk(folder)
        for name in [*files, *(f for f in folders if os.path.islink(os.path.join(where, f)))]
    }


def _checked(path: Path, stamp: Stamp, thorough: bool) -> Stamp | None:
    """The stamp, renewed where the file was touched; none if its content is another."""
    try:
        status = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    if stamp.untouched(status) and not thorough:
        return stamp
    now = _stamp(path)
    return now if now.sha256 == stamp.sha256 else None


def _same(path: Path, stamp: Stamp) -> bool:
    return _checked(path, stamp, thorough=True) is not None


def _stamp(path: Path) -> Stamp:
    status = path.lstat()
    return Stamp(hashlib.sha256(path.read_bytes()).hexdigest(), *_identity(status))


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


def _digest(files: Mapping[str, Stamp]) -> str:
    text = json.dumps(sorted((name, stamp.sha256) for name, stamp in files.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def _record(place: Path, files: Mapping[str, Stamp]) -> None:
    content = {"digest": _digest(files), "files": files}
    write(place / "record.json", json.dumps(content).encode())


def stamps(recorded: Any) -> dict[str, Stamp]:
    """Read stamps from JSON; what is not as we write it counts as never written."""
    if not isinstance(recorded, dict):
        return {}
    found = {}
    for name, stamp in recorded.items():
        match stamp:
            case [str(), int(), int(), int()] if _inside(name):
                found[name] = Stamp(*stamp)
            case _:
                return {}
    return found


def _inside(name: str) -> bool:
    """Whether a path stays below the folder that it is relative to."""
    return not name.startswith("/") and ".." not in name.split("/") and name != ""
