"""The one list of chapters, and how to find what is in them.

Nothing is imported until it is asked for: listing the chapters costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from explainers.chapter import Chapter
from explainers.lookup import find

if TYPE_CHECKING:
    from explainers.claim import Claim
    from explainers.records import Figure


CHAPTERS = (
    Chapter("detection", "Noisy petal detectors"),
    Chapter("invariance", "Local translation invariance"),
    Chapter("cost", "Multiplication counts"),
    Chapter("discarded", "What is thrown away"),
    Chapter("mirages", "Objects that are not there"),
    Chapter("sizes", "Sizes, borders and the order of layers"),
    Chapter("alternatives", "What to take instead"),
)  # fmt: skip


def claims() -> tuple[Claim, ...]:
    """All claims, chapter by chapter."""
    return tuple(claim for chapter in CHAPTERS for claim in chapter.claims)


def figures() -> tuple[Figure, ...]:
    """All figures, chapter by chapter."""
    return tuple(figure for chapter in CHAPTERS for figure in chapter.figures)


def claim(id: str) -> Claim:
    """The claim with that id.

    >>> claim("or-of-for-hit")
    Traceback (most recent call last):
    explainers.lookup.UnknownIdError: there is no claim 'or-of-for-hit'; did you mean ...
    """
    return find("claim", id, claims())


def figure(id: str) -> Figure:
    """The figure with that id."""
    return find("figure", id, figures())


def chapter(id: str) -> Chapter:
    """The chapter with that id."""
    return find("chapter", id, CHAPTERS)
