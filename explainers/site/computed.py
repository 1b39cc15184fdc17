"""What the package has computed, as the pages ask for it."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explainers.edition import Edition
from explainers.lookup import did_you_mean
from explainers.wording import written

TAG = r"\{\{\s*([^{}]+?)\s*\}\}"

_POINTS = {
    ".svg": re.compile(rb'width="([\d.]+)pt" height="([\d.]+)pt"'),
    ".pdf": re.compile(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]"),
}  # as Matplotlib writes them


class TagError(ValueError):
    """A page asks for something that is not there."""


class Artefacts:
    """What the package has computed, read from the files that it wrote for the pages."""

    def __init__(self, docs: Path) -> None:
        self.docs = docs

    @property
    def catalogue(self) -> dict[str, Any]:
        """The content of claims.json."""
        content: dict[str, Any] = _content(self._path("claims.json"))
        return content

    @functools.cached_property
    def claims(self) -> dict[str, Any]:
        """The claims by id."""
        return {claim["id"]: claim for claim in self.catalogue["claims"]}

    @functools.cached_property
    def figures(self) -> dict[str, Any]:
        """The figures by id."""
        return {figure["id"]: figure for figure in _content(self._path("figures.json"))}

    @property
    def edition(self) -> Edition:
        """Which edition of the site the pages are."""
        return Edition(**self.catalogue["edition"])

    def svg(self, id: str) -> str:
        """The figure as SVG in the colours of the page."""
        return self._read(f"figures/{id}/inline.svg")

    def table(self, id: str) -> list[list[str]]:
        """The data that the figure shows: a row of names, then the rows."""
        return list(csv.reader(io.StringIO(self._read(f"figures/{id}/{id}.csv"), newline="")))

    @functools.cached_property
    def labs(self) -> dict[str, Any]:
        """What each page's lab is given, by the page."""
        return {path.stem: _content(path) for path in sorted(self.docs.glob("labs/*.json"))}

    def thumbnail(self, id: str, theme: str) -> tuple[int, int]:
        """Width and height of the figure's small picture, in pixels."""
        head = self._path(thumbnail_file(id, theme)).read_bytes()[:24]
        if not head.startswith(b"\x89PNG") or len(head) < 24:
            raise TagError(f"{thumbnail_file(id, theme)} is no PNG: run “explainers build” again")
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")

    def size(self, name: str) -> int:
        """How many bytes a file has."""
        return self._path(name).stat().st_size

    def sides(self, name: str) -> str:
        """How large a picture is: in pixels, or in millimetres where it has none; "" for data."""
        content = self._path(name).read_bytes()
        if name.endswith(".png"):
            sides = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
            return f"{' × '.join(map(str, sides))} pixels"
        found = _POINTS[name[-4:]].search(content) if name[-4:] in _POINTS else None
        if found is None:
            return ""
        return f"{' × '.join(f'{float(side) / 72 * 25.4:.0f}' for side in found.groups())} mm"

    def _read(self, name: str) -> str:
        return self._path(name).read_text(encoding="utf-8")

    def _path(self, name: str) -> Path:
        path = self.docs / name
        if not path.is_file():
            raise TagError(f"{path} is not there: run “explainers build” first")
        return path


def thumbnail_file(id: str, theme: str) -> str:
    """Where a figure's small picture lies among the pages."""
    return f"figures/{id}/thumb-{theme}.png"


def _content(path: Path) -> Any:
    """The content of a JSON file, read once: the site builder makes an extension for each page."""
    status = path.stat()
    return _parsed(path, status.st_mtime_ns, status.st_size, status.st_ino)


@functools.lru_cache(maxsize=4)
def _parsed(path: Path, *_: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def look_up(kind: str, known: Mapping[str, Any], wanted: str, tag: str) -> Any:
    """Return the entry, or raise an error that names the tag and the nearest ids."""
    if wanted in known:
        return known[wanted]
    hint = did_you_mean(wanted, known)
    raise TagError(f"{{{{ {tag} }}}}: there is no {kind} “{wanted}”{hint}")


def conditional(said: str, claim: Mapping[str, Any]) -> str:
    """A sentence with its condition: what is asserted is never said without it.

    >>> conditional("The map stays.", {"condition": "the peak stays in its window."})
    'The map stays, if the peak stays in its window. '
    """
    if not claim["condition"]:
        return f"{said} "
    return f"{said.removesuffix('.')}, if {claim['condition'].removesuffix('.')}. "


def formatted(number: float, format: str | None, tag: str) -> str:
    """Write a number as the tag asks, or with four significant digits.

    >>> formatted(0.99838, ".1%", ""), formatted(1200, None, ""), formatted(5e9, "words", "")
    ('99.8%', '1200', '5 billion')
    """
    try:
        return written(number, format)
    except ValueError as error:
        raise TagError(f"{{{{ {tag} }}}}: {error}") from None
