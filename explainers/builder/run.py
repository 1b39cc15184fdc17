"""The build: make what is out of date on all cores, publish it, render the pages, switch the site.

Everything happens under one lock. What is made is kept under a key of all that it is made of. The
rendered site is the last artefact, made of all others; `site` is a link to its files.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import explainers
from explainers import catalogue, files
from explainers.artefacts.job import Job
from explainers.builder import store
from explainers.builder.plan import Artefact, Contents, chosen, plan
from explainers.builder.sources import KINDS, OWNED, SourceChangedError, Sources
from explainers.builder.store import Entry, Pages, Store
from explainers.builder.surroundings import addressed, environment
from explainers.builder.workers import Task, Workers, workers
from explainers.edition import Edition
from explainers.errors import BuildError

FOLDER = Path(".artefacts")
SITE = "site"
LIMIT = 300.0  # seconds that one artefact may take
_ATTEMPTS = 5  # at a build during which files are changed
_WITH_EDITION = {"indexes", "package", SITE}
_WITH_ADDRESS = {"figures"}  # they say where they are from, and not of which commit

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Report:
    """What a build did: the artefacts made anew, those kept, and how many pages' files changed."""

    made: tuple[str, ...]
    kept: tuple[str, ...]
    changed: int


@dataclass(frozen=True)
class Options:
    """How to build.

    Attributes
    ----------
    only
        Chapters or artefacts (by id, or by the last part of it): leave the others, and the pages.
    jobs
        Number of processes; by default one a core.
    limit
        Seconds that one artefact may take.
    force
        Make anew also what is up to date.
    render
        Whether the pages are rendered too.
    thorough
        Read every kept file again, whatever its size, time and inode.
    progress
        Told, after each artefact, how many are ready, of how many.
    """

    only: tuple[str, ...] = ()
    jobs: int = 0
    limit: float = LIMIT
    force: bool = False
    render: bool = True
    thorough: bool = False
    progress: Progress = lambda ready, total: None


def find_root() -> Path:
    """The project's folder: the nearest one upwards that holds its pages and its package."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "mkdocs.yml").is_file() and (folder / "explainers/catalogue.py").is_file():
            return folder
    raise BuildError(f"{here} is in no checkout of this project: run this inside one")


def build(root: Path, edition: Edition, options: Options = Options()) -> Report:
    """Bring the site in the project's folder up to date.

    Raises
    ------
    BuildError
        Naming what failed; then the site is what it was.
    LookupError
        If `only` names nothing that there is.
    """
    _refuse_another_package(root)
    _refuse_a_site_of_others(root)
    os.umask(0o022)  # a server must be able to read what is published
    with Store(root / FOLDER).lock():
        for _ in range(_ATTEMPTS):
            try:
                return _attempt(root, edition, options)
            except SourceChangedError as change:
                changed = change
        raise BuildError(f"{changed}: it is changed again and again while it is read")


def _attempt(root: Path, edition: Edition, options: Options) -> Report:
    """Build once; a file that is changed meanwhile ends it as `SourceChangedError`."""
    home = root / FOLDER / "home"
    surroundings = environment(home, edition.day)
    with workers(options.jobs or _cores(), surroundings) as pool:
        run = _Run(root, edition, options, pool)
        artefacts = plan(root, run.contents())
        wanted = chosen(artefacts, options.only) if options.only else artefacts
        run.total = len(wanted)
        run.make({id: artefact for id, artefact in wanted.items() if id != SITE})
        changed = run.publish(artefacts)
        if options.render and not options.only:
            run.make({SITE: artefacts[SITE]})
            run.switch()
    run.tidy()
    kept = tuple(id for id in run.entries if id in wanted and id not in run.made)
    return Report(tuple(run.made), kept, changed)


class _Run:
    """The state of one attempt: what is ready so far, and what the last build left."""

    def __init__(self, root: Path, edition: Edition, options: Options, pool: Workers) -> None:
        self.root, self.edition, self.options, self.pool = root, edition, options, pool
        self.last = files.read_json(root / FOLDER / "manifest.json", {})
        # After a power cut a file may hold less than its size says.
        thorough = options.thorough or self.last.get("boot") != _boot()
        self.store = Store(root / FOLDER, thorough)
        self.pages = Pages(root / "docs", OWNED, thorough)
        self.sources = self._sources()
        self.manifest: dict[str, Any] = {
            "boot": _boot(),
            "before": str(self.last.get("before", "")),
        }
        self.entries: dict[str, Entry] = {}
        self.keys: dict[str, str] = {}
        self.made: list[str] = []
        self.begun = False
        self.total = 0

    def _sources(self) -> Sources:
        return Sources(self.root, tuple(chapter.id for chapter in catalogue.CHAPTERS))

    # ---- What there is to make ----

    def contents(self) -> dict[str, Contents]:
        """What is in each chapter: as kept, or as its import says."""
        keys = {
            c: self.sources.key(self.sources.files("previews", c), c) for c in self.sources.chapters
        }
        kept = self.last.get("contents")
        found = {c: _contents(kept, c, key) for c, key in keys.items()}
        missing = [chapter for chapter, inside in found.items() if inside is None]
        tasks = [
            Task(f"chapter {c}", f"{plan.__module__}:listed", c, self.options.limit)
            for c in missing
        ]
        found |= {done.task.argument: done.result for done in self.pool.all(tasks)}
        known = {chapter: inside for chapter, inside in found.items() if inside is not None}
        self.manifest["contents"] = {c: {"key": keys[c]} | asdict(known[c]) for c in known}
        return known

    # ---- Making ----

    def make(self, artefacts: Mapping[str, Artefact]) -> None:
        """Make what is out of date, each after all that it is made of."""
        order = TopologicalSorter(
            {id: [need for need in a.needs if need in artefacts] for id, a in artefacts.items()}
        )
        order.prepare()
        waiting: list[str] = []
        while order.is_active():
            waiting += order.get_ready()
            while waiting and self.pool.free:
                artefact = artefacts[waiting.pop(0)]
                if self._is_kept(artefact):
                    order.done(artefact.id)
                    self._progress()
                else:
                    self.begun = True
                    self.pool.begin(self._task(artefact))
            for done in self.pool.done():
                self._keep(artefacts[done.task.name], done.result)
                order.done(done.task.name)
                self._progress()
        self._check(artefacts.values())

    def _is_kept(self, artefact: Artefact) -> bool:
        """Whether the store has it, as its key says that it must be."""
        self.keys[artefact.id] = key = self._key(artefact, self.sources)
        entry = None if self.options.force else self.store.entry(artefact.id, key)
        if entry is not None:
            self.entries[artefact.id] = entry
        return entry is not None

    def _key(self, artefact: Artefact, sources: Sources) -> str:
        of_needs = [self.entries[need].digest for need in artefact.needs]
        told = self._told(artefact.kind)
        return sources.key(_files(artefact, sources), artefact.id, *of_needs, *told)

    def _told(self, kind: str) -> list[str]:
        """What artefacts of a kind are told besides what they are made of."""
        if kind in _WITH_EDITION:
            return [json.dumps([asdict(self.edition), addressed()])]
        return [self.edition.address] if kind in _WITH_ADDRESS else []

    def _task(self, artefact: Artefact) -> Task:
        folders = {need: self.entries[need].folder for need in artefact.needs}
        job = Job(artefact.name, artefact.chapter, self.root, self.edition, folders)
        work = KINDS[artefact.kind].maker, job, self.store.begin()
        return Task(artefact.id, f"{__name__}:made", work, self.options.limit)

    def _keep(self, artefact: Artefact, folder: Path) -> None:
        """Keep what was made, unless a file that it was made of is another by now."""
        self.sources.check(_files(artefact, self.sources))
        if artefact.id == SITE:  # it was made of what is published, which nobody may edit
            for name in self.pages.touched(self.manifest["published"]):
                raise SourceChangedError(f"docs/{name}")
        self.entries[artefact.id] = self.store.keep(artefact.id, self.keys[artefact.id], folder)
        self.made.append(artefact.id)

    def _check(self, artefacts: Iterable[Artefact]) -> None:
        """Refuse what was made while files came or went: their keys would be others now."""
        if self.made:
            now = self._sources()
            for artefact in artefacts:
                if self._key(artefact, now) != self.keys[artefact.id]:
                    raise SourceChangedError(artefact.id)

    def _progress(self) -> None:
        if self.begun:
            self.options.progress(len(self.entries), self.total)

    # ---- Publishing ----

    def publish(self, artefacts: Mapping[str, Artefact]) -> int:
        """Put the artefacts among the pages; return how many files changed."""
        self._take_over(artefacts)
        wanted = {
            name: (entry.folder / name, stamp)
            for id, entry in self.entries.items()
            if id != SITE
            for name, stamp in entry.files.items()
        }
        self.pages.check(wanted)
        before = store.stamps(self.last.get("published"))
        changed, published = self.pages.publish(wanted, before)
        self.manifest["published"] = published
        return changed

    def _take_over(self, artefacts: Mapping[str, Artefact]) -> None:
        """What was not asked for stays as the last build left it."""
        last = self.last.get("entries")
        for id, key in last.items() if isinstance(last, dict) else ():
            if id in artefacts and id not in self.keys and isinstance(key, str):
                entry = self.store.entry(id, key)
                if entry is not None:
                    self.entries[id], self.keys[id] = entry, key

    def switch(self) -> None:
        """Let `site` be the link to what was rendered now; what it was before stays on the disk."""
        link, new = self.root / SITE, self.root / FOLDER / "site.new"
        target = os.path.relpath(self.entries[SITE].folder, self.root)
        before = os.readlink(link) if link.is_symlink() else ""
        if before != target:
            files.remove(new)
            new.symlink_to(target)
            new.replace(link)
            self.manifest["before"] = before

    def tidy(self) -> None:
        """Record what is there now, and remove what nothing needs any more."""
        self.manifest["entries"] = self.keys
        content = json.dumps(self.manifest, indent=1).encode()
        path = self.root / FOLDER / "manifest.json"
        if not path.is_file() or path.read_bytes() != content:
            files.write(path, content)
        link = self.root / SITE
        linked = [os.readlink(link)] if link.is_symlink() else []
        sites = [Path(target).parent for target in [*linked, self.manifest["before"]] if target]
        self.store.prune([*(self.store.place(id, key) for id, key in self.keys.items()), *sites])


def made(work: tuple[str, Job, Path]) -> Path:
    """In a worker: make an artefact and write it into a new folder, which is returned."""
    maker, job, folder = work
    store.write_files(folder, importlib.import_module(maker).make(job))
    return folder


def clean(root: Path) -> None:
    """Remove everything that builds have written, and wait for one that is at it."""
    folder = Store(root / FOLDER)
    with folder.lock():
        last = files.read_json(root / FOLDER / "manifest.json", {})
        Pages(root / "docs", OWNED).clean(store.stamps(last.get("published")))
        for name in (SITE, "public"):  # links to what is removed below
            if (root / name).is_symlink():
                (root / name).unlink()
        for path in (root / FOLDER).iterdir():
            if not path.name.startswith("lock"):  # somebody may be waiting for it
                files.remove(path)


def _files(artefact: Artefact, sources: Sources) -> tuple[str, ...]:
    return (*sources.files(artefact.kind, artefact.chapter), *artefact.files)


def _contents(kept: object, chapter: str, key: str) -> Contents | None:
    """What the last build found in a chapter, if it is still so."""
    match kept.get(chapter) if isinstance(kept, dict) else None:
        case {"key": str(old), "figures": list(figures), "claims": list(claims)} if old == key:
            return Contents(tuple(figures), tuple((claim, figure) for claim, figure in claims))
    return None


def _refuse_another_package(root: Path) -> None:
    """Refuse to build one checkout with the code of another."""
    ours = Path(explainers.__file__).resolve().parent
    if ours != (root / "explainers").resolve():
        raise BuildError(
            f"this command belongs to {ours.parent}, not to {root}: run `make site` here, "
            f"which makes an environment for this folder"
        )


def _refuse_a_site_of_others(root: Path) -> None:
    site = root / SITE
    if site.exists() and not site.is_symlink():
        raise BuildError(f"{site} is no link that a build made: move it away")


def _boot() -> str:
    """Which start of the machine this is; empty where it does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
