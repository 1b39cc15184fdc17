"""What there is to make: every artefact of the site, and what each is made of.

A chapter is imported to list its figures and claims; that is done in a worker, and its list is kept
under a key, so that a build with nothing to do imports no chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from explainers import catalogue, project
from explainers.artefacts.tags import FIGURE, SAYS, VALUE
from explainers.errors import BuildError
from explainers.lookup import did_you_mean

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Artefact:
    """One thing that is made on its own and kept on its own.

    Attributes
    ----------
    id
        ``<kind>/<name>``: also its place on the site; or the kind alone, where there is but one.
    chapter
        The chapter that it belongs to; empty for what is made of all.
    needs
        Ids of the artefacts that it is made of.
    files
        Paths in the project that it is made of besides what its kind is.
    """

    id: str
    chapter: str = ""
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What says how it is made: a key of `sources.KINDS`."""
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        """The id without its kind."""
        return self.id.partition("/")[2]


@dataclass(frozen=True)
class Contents:
    """What is in a chapter: the ids of its figures, and of its claims, each with its figure."""

    figures: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]


def listed(chapter: str) -> Contents:
    """Import a chapter and list what is in it."""
    found = catalogue.chapter(chapter)
    return Contents(
        tuple(figure.id for figure in found.figures),
        tuple((claim.id, claim.figure) for claim in found.claims),
    )


def plan(root: Path, contents: Mapping[str, Contents]) -> dict[str, Artefact]:
    """All artefacts of the site by id, what is slow to make first.

    Raises
    ------
    BuildError
        Naming an id that is used twice, is no name for an address, or does not exist.
    """
    made = [
        *(Artefact(f"notebooks/{chapter.id}", chapter.id) for chapter in catalogue.CHAPTERS),
        *(a for chapter, inside in contents.items() for a in _of_chapter(chapter, inside)),
    ]
    chapters = {artefact.id: artefact.chapter for artefact in made}
    made += [_of_page(page, root, chapters) for page in ("index", *contents)]
    records = tuple(a.id for a in made if a.kind in ("claims", "figures"))
    made += [Artefact("indexes", needs=records)]
    if (root / "pyproject.toml").is_file():
        made += [Artefact("package")]
    if (root / "docs" / "labs").is_dir():
        made += [Artefact("labs")]
    made += [Artefact("site", needs=tuple(artefact.id for artefact in made))]
    return _checked(made)


def _of_chapter(chapter: str, inside: Contents) -> Iterator[Artefact]:
    for claim, _ in inside.claims:
        yield Artefact(f"claims/{claim}", chapter)
    for figure in inside.figures:
        yield Artefact(f"figures/{figure}", chapter)
    for figure in inside.figures:
        yield Artefact(f"previews/figures/{figure}", chapter, (f"figures/{figure}",))
    for claim, figure in inside.claims:
        needs = f"claims/{claim}", f"figures/{figure}"
        yield Artefact(f"previews/claims/{claim}", chapter, needs)


def _of_page(page: str, root: Path, chapters: Mapping[str, str]) -> Artefact:
    """The preview of a page: of the figure that it shows first, and what is said above it."""
    text = project.text(root, f"docs/{page}.md")
    figure = FIGURE.search(text)
    if figure is None:
        raise BuildError(f"docs/{page}.md: there is no figure in it for its preview")
    shown = f"figures/{figure['figure']}"
    above = dict.fromkeys(
        f"claims/{tag['claim']}"
        for kind in (VALUE, SAYS)
        for tag in kind.finditer(text, 0, figure.start())
    )
    needs = (shown, *above)
    return Artefact(f"previews/{page}", chapters.get(shown, ""), needs, (f"docs/{page}.md",))


def _checked(made: Iterable[Artefact]) -> dict[str, Artefact]:
    found: dict[str, Artefact] = {}
    for artefact in made:
        if artefact.id in found:
            other = found[artefact.id].chapter
            raise BuildError(
                f"{artefact.id}: the id is used twice, in {other} and in {artefact.chapter}"
            )
        if not all(map(_KEBAB.fullmatch, artefact.id.split("/"))):
            raise BuildError(
                f"{artefact.id!r}: an id is part of an address; it must be small letters, digits "
                f"and single dashes, as in or-of-four-hit"
            )
        found[artefact.id] = artefact
    for artefact in found.values():
        for need in artefact.needs:
            if need not in found:
                hint = did_you_mean(need, found)
                raise BuildError(f"{artefact.id}: there is no {need} to make it of{hint}")
    return found


def chosen(artefacts: Mapping[str, Artefact], only: Iterable[str]) -> dict[str, Artefact]:
    """The artefacts of these chapters or names, with all that they need; not the site itself.

    Raises
    ------
    LookupError
        Naming what is neither a chapter nor an artefact.
    """
    waiting = [artefact for name in only for artefact in _named(artefacts, name)]
    found: set[str] = set()
    while waiting:
        artefact = waiting.pop()
        if artefact.id not in found:
            found.add(artefact.id)
            waiting += [artefacts[need] for need in artefact.needs]
    return {id: artefact for id, artefact in artefacts.items() if id in found}


def _named(artefacts: Mapping[str, Artefact], name: str) -> list[Artefact]:
    found = [
        artefact
        for artefact in artefacts.values()
        if name in (artefact.chapter, artefact.id, artefact.name, artefact.id.rpartition("/")[2])
    ]
    if not found:
        known = {n for a in artefacts.values() for n in (a.chapter, a.id.rpartition("/")[2]) if n}
        raise LookupError(f"there is no chapter or artefact {name!r}{did_you_mean(name, known)}")
    return found
