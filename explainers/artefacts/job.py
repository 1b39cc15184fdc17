"""What every maker is given and gives back: one signature, ``make(job) -> Files``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from explainers import catalogue
from explainers.chapter import Chapter
from explainers.edition import Edition

Files = Mapping[str, bytes]
# A figure's light picture without title and source, for cards that say them; no file of the site.
BARE = "bare.png"


@dataclass(frozen=True)
class Job:
    """One artefact to make, and what it is made of.

    Attributes
    ----------
    name
        The artefact's id without its kind: ``or-gate`` of ``figures/or-gate``.
    chapter_id
        The chapter that it belongs to; empty for what is made of all.
    root
        The project's folder.
    edition
        The edition of the site that is built.
    needs
        Folders with the files of the artefacts that it is made of, by their ids.
    """

    name: str
    chapter_id: str
    root: Path
    edition: Edition
    needs: Mapping[str, Path] = field(default_factory=dict)

    @property
    def chapter(self) -> Chapter:
        """The chapter that it belongs to."""
        return catalogue.chapter(self.chapter_id)
