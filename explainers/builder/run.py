"""The build: find what is out of date, make it on all cores, and publish it in one go."""

from __future__ import annotations

import hashlib
import importlib
import json
import multiprocessing.connection
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import explainers
from explainers import catalogue
from explainers.artefacts.job import Job
from explainers.artefacts.tags import FIGURE, VALUE
from explainers.builder.closure import Sources
from explainers.builder.store import Store, publish, read_json, write
from explainers.edition import edition
from explainers.records import Chapter, UnknownIdError, did_you_mean

FOLDER = ".artefacts"


class BuildError(Exception):
    """An artefact failed; the message names it."""


@dataclass(frozen=True)
class Artefact:
    """One thing that is made on its own and kept on its own.

    Attributes
    ----------
    id
        ``figures/<id>``, ``claims/<id>``, ``notebooks/<chapter>`` or ``previews/<page>``: also its
        place on the site.
    chapter
        The chapter that it belongs to.
    maker
        Module of `explainers.artefacts` whose ``make(chapter, name, root)`` returns its files. If
        it needs others, it is ``make(chapter, name, root, needs)``, with their folders by id.
    modules, files
        What it depends on directly: modules of the package, and files of the project.
    needs
        Ids of the artefacts that it is made of.
    """

    id: str
    chapter: str
    maker: str
    modules: tuple[str, ...]
    files: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The id without its kind."""
        return self.id.partition("/")[2]

    @property
    def last(self) -> str:
        """The last part of the id."""
        return self.id.rpartition("/")[2]

    def key(self, sources: Sources, keys: Mapping[str, str] = {}) -> str:
        """The key under which the store has it, given the keys of what it needs."""
        name = " ".join([self.id, *(keys[need] for need in self.needs)])
        return sources.key(name, (*self.modules, self.maker), self.files)


@dataclass(frozen=True)
class Report:
    """What a build did: the artefacts made anew, those kept, and how many files changed."""

    made: tuple[str, ...]
    kept: tuple[str, ...]
    changed: int


Progress = Callable[[Iterable[Any], int], Iterable[Any]]


def find_root(start: Path | None = None) -> Path:
    """Return the project's folder: the nearest one upwards that has a mkdocs.yml."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "mkdocs.yml").is_file():
            return folder
    raise BuildError(f"no mkdocs.yml in {here} or above it: run this in a checkout of the project")


def build(
    root: Path,
    *,
    jobs: int | None = None,
    only: str | None = None,
    force: bool = False,
    progress: Progress = lambda done, total: done,
) -> Report:
    """Bring all artefacts up to date.

    Parameters
    ----------
    root
        The project's folder.
    jobs
        Number of processes; by default one a core.
    only
        A chapter or an artefact (by id, or by the last part of it): leave the others as they are.
    force
        Make anew also what is up to date.
    progress
        Wraps the iterable of finished artefacts, given their number.

    Raises
    ------
    BuildError
        Naming the artefact that failed; then nothing that was published has changed.
    """
    store = Store(root / FOLDER)
    with store.lock():
        sources = Sources(root, Path(explainers.__file__).parent)
        last = read_json(store.folder / "manifest.json", {})
        plans = {chapter.id: _plan(chapter, sources, last) for chapter in catalogue.CHAPTERS}
        planned = [Artefact(**entry) for plan in plans.values() for entry in plan["artefacts"]]
        artefacts = _in_order([*planned, *_pages(planned, root)])
        chosen = _chosen(artefacts, only)
        keys: dict[str, str] = {}
        for artefact in chosen:
            keys[artefact.id] = artefact.key(sources, keys)
        stale = [a for a in chosen if force or not store.has(a.id, keys[a.id])]
        _make_all(stale, keys, store, root, jobs, progress)
        current = _still_there(last.get("current", {}), artefacts, store) | keys
        manifest = {"plans": plans, "current": current}
        current |= _site_wide(current, sources, store, last, root, force)
        files = {n: path for a, key in current.items() for n, path in store.files(a, key)}
        changed = publish(files, root / "docs", set(last.get("files", ())))
        manifest |= {"files": sorted(files)}
        write(store.folder / "manifest.json", json.dumps(manifest, indent=1).encode())
        store.prune(current)
    made = {artefact.id for artefact in stale}
    kept = tuple(artefact.id for artefact in chosen if artefact.id not in made)
    return Report(tuple(artefact.id for artefact in stale), kept, changed)


def _plan(chapter: Chapter, sources: Sources, last: Mapping[str, Any]) -> dict[str, Any]:
    """List a chapter's artefacts; a list still valid is kept, and the chapter not imported."""
    modules = [f"explainers.{chapter.id}.{name}" for name in ("claims", "figures")]
    key = sources.key(f"plan of {chapter.id}", [*modules, __name__])
    plan: dict[str, Any] = last.get("plans", {}).get(chapter.id, {})
    if plan.get("key") != key:
        plan = {"key": key, "artefacts": [asdict(artefact) for artefact in _artefacts(chapter)]}
    return plan


def _artefacts(chapter: Chapter) -> Iterator[Artefact]:
    with _naming(f"chapter {chapter.id}"):
        figures, claims = chapter.figures, chapter.claims
    module = f"explainers.{chapter.id}"
    for figure in figures:
        yield Artefact(
            f"figures/{figure.id}",
            chapter.id,
            "explainers.artefacts.figures",
            (f"{module}.figures",),
        )
    for claim in claims:
        yield Artefact(
            f"claims/{claim.id}",
            chapter.id,
            "explainers.artefacts.claims",
            (f"{module}.claims", "explainers.sources"),
            (
                claim.test.partition("::")[0],
                f"explainers/{chapter.id}/snippets/{claim.id}.py",
            ),
        )
    notebook = f"docs/notebooks/{chapter.id}.py"
    yield Artefact(
        f"notebooks/{chapter.id}",
        chapter.id,
        "explainers.artefacts.notebooks",
        (f"{module}.figures", f"{module}.claims"),
        (notebook,),
    )
    for figure in figures:
        yield _preview(chapter.id, f"figures/{figure.id}", (f"figures/{figure.id}",))
    for claim in claims:
        needs = f"claims/{claim.id}", f"figures/{claim.figure}"
        yield _preview(chapter.id, f"claims/{claim.id}", needs)


def _pages(planned: list[Artefact], root: Path) -> Iterator[Artefact]:
    """The previews of the home page and of each chapter, made of what their pages show first."""
    chapters = {artefact.id: artefact.chapter for artefact in planned}
    for page in ("index", *(chapter.id for chapter in catalogue.CHAPTERS)):
        file = f"docs/{page}.md"
        with _naming(file):
            text = (root / file).read_text(encoding="utf-8")
            figure = FIGURE.search(text)
            if figure is None:
                raise LookupError("there is no figure in it for its preview")
        above = VALUE.finditer(text, 0, figure.start())
        needs = f"figures/{figure['figure']}", *{f"claims/{tag['claim']}": 0 for tag in above}
        yield _preview(chapters.get(needs[0], page), page, needs, (file,))


def _preview(
    chapter: str, page: str, needs: tuple[str, ...], files: tuple[str, ...] = ()
) -> Artefact:
    maker = "explainers.artefacts.previews"
    return Artefact(f"previews/{page}", chapter, maker, (), files, needs)


def _in_order(artefacts: list[Artefact]) -> list[Artefact]:
    """Put what is made of others after them, all of which must be there."""
    known = {artefact.id for artefact in artefacts}
    for artefact in artefacts:
        for need in artefact.needs:
            if need not in known:
                hint = did_you_mean(need, known)
                raise BuildError(f"{artefact.id}: there is no {need} to make it of{hint}")
    return sorted(artefacts, key=lambda artefact: bool(artefact.needs))


def _chosen(artefacts: list[Artefact], only: str | None) -> list[Artefact]:
    if only is None:
        return artefacts
    chosen = [a for a in artefacts if only in (a.chapter, a.id, a.name, a.last)]
    if not chosen:
        known = {name for a in artefacts for name in (a.chapter, a.last)}
        raise UnknownIdError(f"there is no chapter or artefact {only!r}{did_you_mean(only, known)}")
    wanted = {id for artefact in chosen for id in (artefact.id, *artefact.needs)}
    return [artefact for artefact in artefacts if artefact.id in wanted]


def _make_all(
    stale: list[Artefact],
    keys: Mapping[str, str],
    store: Store,
    root: Path,
    jobs: int | None,
    progress: Progress,
) -> None:
    """Make the artefacts in processes of their own, the slow ones first."""
    if not stale:
        return
    first = {"notebooks": 0, "claims": 1, "figures": 2, "previews": 3}
    stale = sorted(stale, key=lambda a: first[a.id.partition("/")[0]])
    workers = min(jobs or os.cpu_count() or 1, len(stale))
    with ProcessPoolExecutor(workers, initializer=_end_with_parent) as pool:

        def submit(artefact: Artefact) -> Future[None]:
            return pool.submit(_make, artefact, keys, store, root)

        try:
            for _ in progress(_finished(stale, submit), len(stale)):
                pass
        except BuildError:
            pool.shutdown(cancel_futures=True)
            raise


def _finished(
    stale: Iterable[Artefact], submit: Callable[[Artefact], Future[None]]
) -> Iterator[Artefact]:
    """Submit each artefact once all that it needs is made; yield it once it is made itself."""
    waiting = list(stale)
    missing = {artefact.id for artefact in waiting}
    running: dict[Future[None], Artefact] = {}
    while waiting or running:
        ready = [artefact for artefact in waiting if missing.isdisjoint(artefact.needs)]
        waiting = [artefact for artefact in waiting if not missing.isdisjoint(artefact.needs)]
        running |= {submit(artefact): artefact for artefact in ready}
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            artefact = running.pop(future)
            with _naming(artefact.id):
                future.result()
            missing.remove(artefact.id)
            yield artefact


def _end_with_parent() -> None:
    """Let no worker outlive a build that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _make(artefact: Artefact, keys: Mapping[str, str], store: Store, root: Path) -> None:
    make = importlib.import_module(artefact.maker).make
    needs = {need: store.path(need, keys[need]) for need in artefact.needs}
    job = Job(artefact.name, artefact.chapter, root, edition(root), needs)
    store.put(artefact.id, keys[artefact.id], make(job))


@contextmanager
def _naming(what: str) -> Iterator[None]:
    try:
        yield
    except BuildError:
        raise
    except Exception as error:
        raise BuildError(f"{what}: {type(error).__name__}: {error}") from error


def _still_there(
    last: Mapping[str, str], artefacts: Iterable[Artefact], store: Store
) -> dict[str, str]:
    known = {artefact.id for artefact in artefacts}
    return {a: key for a, key in last.items() if a in known and store.has(a, key)}


def _site_wide(
    current: Mapping[str, str],
    sources: Sources,
    store: Store,
    last: Mapping[str, Any],
    root: Path,
    force: bool,
) -> dict[str, str]:
    """Make what is gathered from all chapters, and the package as a file."""
    maker = "explainers.artefacts.indexes"
    releases = [path.relative_to(root).as_posix() for path in root.glob("docs/releases/*.json")]
    files = ("tests/benchmarks/results.json", *releases)
    code = sources.key("gathered", (maker, "explainers.catalogue"), files)
    this = edition(root)
    parts = [code, sorted(current.items()), asdict(this), os.environ.get("RELEASE")]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
    if force or not store.has("gathered", key):
        entries = {artefact: store.path(artefact, k) for artefact, k in current.items()}
        with _naming("claims.json and the indexes"):
            store.put(
                "gathered",
                key,
                importlib.import_module(maker).make(Job("", "", root, this, entries)),
            )
    return {"gathered": key} | _wheel(sources, store, root, force)


def _wheel(sources: Sources, store: Store, root: Path, force: bool) -> dict[str, str]:
    """Make the package as a file, in a checkout that has all that it is built from."""
    if not (root / "pyproject.toml").is_file():
        return {}
    from explainers.artefacts import package

    key = sources.key("package", (package.__name__,), package.files(root))
    if force or not store.has("package", key):
        with _naming("package"):
            store.put("package", key, package.make(Job("", "", root, edition(root))))
    return {"package": key}


def clean(root: Path) -> None:
    """Remove everything that builds have written."""
    store = Store(root / FOLDER)
    publish({}, root / "docs", set(read_json(store.folder / "manifest.json", {}).get("files", ())))
    shutil.rmtree(store.folder, ignore_errors=True)
