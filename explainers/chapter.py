"""A chapter: its claims, figures and snippets, found when they are asked for."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib import resources
from types import ModuleType
from typing import TYPE_CHECKING

from explainers.lookup import find

if TYPE_CHECKING:
    from explainers.claim import Claim, Ruling
    from explainers.records import Figure


@dataclass(frozen=True)
class Chapter:
    """One page of the site, and the package folder of the same name."""

    id: str
    title: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The chapter's claims, in the order of its page."""
        found: tuple[Claim, ...] = self._module("claims").CLAIMS
        return found

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """The chapter's verdicts on the thread's claims."""
        found: tuple[Ruling, ...] = self._module("claims").RULINGS
        return found

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The chapter's figures, in the order of its page."""
        found: tuple[Figure, ...] = self._module("figures").FIGURES
        return found

    def claim(self, id: str) -> Claim:
        """The chapter's claim with that id."""
        return find("claim", id, self.claims)

    def figure(self, id: str) -> Figure:
        """The chapter's figure with that id."""
        return find("figure", id, self.figures)

    def snippet(self, claim: str) -> str:
        """The few lines that reach a claim's numbers by themselves, to be pasted elsewhere."""
        file = resources.files(f"explainers.{self.id}") / "snippets" / f"{claim}.py"
        return file.read_text(encoding="utf-8")

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"explainers.{self.id}.{name}")
