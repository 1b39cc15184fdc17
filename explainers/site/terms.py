"""What a term means, where the term stands: a link to the glossary carries its short meaning.

The meaning is written once, in the glossary: it is the first sentence of the term's entry. A page
holds that of each term it links to, hidden; the link is described by it, so that a screen reader
says it, and the page's script shows it. Without script the link leads to the glossary.
"""

from __future__ import annotations

import functools
import posixpath
import re
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from explainers.site.elements import element, inside, words

_ENTRY = re.compile(r"^### .+? \{#(?P<term>[a-z0-9-]+)\}\n\n(?P<text>(?:.+\n?)+)", re.MULTILINE)
# A sentence ends before a capital letter: not in “yes-or-no”, nor at the point of a number.
_FIRST = re.compile(r".+?[.?](?= [A-Z“]|$)")


def meanings(glossary: str) -> dict[str, str]:
    r"""The short meaning of each term, by its anchor.

    >>> meanings("### Window {#window}\n\nWhat one value *looks*\nat. More of it.\n")
    {'window': 'What one value looks at.'}
    """
    return {entry["term"]: _short(entry["text"]) for entry in _ENTRY.finditer(glossary)}


def _short(text: str) -> str:
    line = " ".join(text.split()).replace("*", "")
    first = _FIRST.match(line)
    return first[0] if first else line


class Meanings(Treeprocessor):
    """Describes the links to the glossary, once their text is parsed."""

    def __init__(self, docs: Path, md: Markdown) -> None:
        super().__init__(md)
        self.docs = docs

    def run(self, root: Element) -> None:
        """Give each link its description, and the page the meanings that it needs."""
        known = read(self.docs)
        links = [(link, _term(link.get("href", ""))) for link in root.iter("a")]
        told = {term: known[term] for _, term in links if term in known}
        for link, term in links:
            if term in told:
                link.set("aria-describedby", _id(term))
        if told:
            root.append(_hidden(told))


def read(docs: Path) -> dict[str, str]:
    """The meanings in the glossary of a folder of pages; none if it has no glossary."""
    path = docs / "glossary.md"
    if not path.is_file():
        return {}
    return _meanings_in(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _meanings_in(path: Path, _: int) -> dict[str, str]:
    return meanings(path.read_text(encoding="utf-8"))


def _term(href: str) -> str:
    """The term that a link leads to; empty if it leads elsewhere.

    >>> _term("../glossary.md#window"), _term("how.md#window")
    ('window', '')
    """
    page, _, anchor = href.partition("#")
    return anchor if posixpath.basename(page) == "glossary.md" else ""


def _id(term: str) -> str:
    return f"meaning-{term}"


def _hidden(told: dict[str, str]) -> Element:
    # In the search index they would be noise on every page.
    attributes = {"hidden": "hidden", "data-search-exclude": ""}
    each = [element("span", text=words(text), id=_id(term)) for term, text in told.items()]
    return inside(element("div", "meanings", **attributes), *each)
