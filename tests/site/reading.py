"""A built page, read without a browser: its title, its links, its ids."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit


def addresses(site: Path) -> list[str]:
    """The pages of the site, relative to its root: “” is the home page."""
    folders = sorted(path.parent.relative_to(site) for path in site.rglob("index.html"))
    return ["" if str(folder) == "." else f"{folder}/" for folder in folders] + ["404.html"]


@dataclass
class Content(HTMLParser):
    """What the tests ask of a page."""

    text: str
    tags: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    title: str = ""
    language: str | None = None
    description: str | None = None
    unnamed_images: list[str | None] = field(default_factory=list)
    drawings: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._in_title = False
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.tags[tag] += 1
        self.ids |= {name for key in ("id", "name") if (name := has.get(key))}
        self.links |= {link for key in ("href", "src") if (link := has.get(key))}
        self._in_title = tag == "title" and not self.title
        if tag == "html":
            self.language = has.get("lang")
        elif tag == "meta" and has.get("name") == "description":
            self.description = has.get("content")
        elif tag == "img" and not has.get("alt"):
            self.unnamed_images.append(has.get("src"))
        elif tag == "svg" and has.get("role") == "img":
            self.drawings.append(has.get("aria-label"))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


@functools.cache
def content(file: Path) -> Content:
    """The page in that file."""
    return Content(file.read_text(encoding="utf-8"))


def file_of(site: Path, address: str) -> Path:
    """The file that a static host answers with."""
    name = unquote(address).lstrip("/")
    return site / name / "index.html" if not name or name.endswith("/") else site / name


def broken_links(site: Path, address: str) -> list[str]:
    """The page's links into the site that lead to no file, or to no such anchor in it."""
    return sorted(
        link
        for link in content(file_of(site, address)).links
        if not urlsplit(link).scheme and not _leads(site, urljoin(f"/{address}", link))
    )


def _leads(site: Path, target: str) -> bool:
    url = urlsplit(target)
    file = file_of(site, url.path)
    if not file.is_file():
        return False
    if file.suffix != ".html":  # there, it says in which theme a picture is shown
        return True
    return not url.fragment or unquote(url.fragment) in content(file).ids


# Elements that have no end.
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Prose(HTMLParser):
    """A page's text as it is read, by the section that it is in: the id of its heading.

    Attributes
    ----------
    without
        The elements and classes that are left out, with all that is in them.
    headings
        The headings that begin a section.
    """

    text: str
    without: frozenset[str]
    headings: tuple[str, ...] = ("h1", "h2", "h3")
    sections: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._section = ""
        self._open: list[tuple[str, bool]] = []
        self.feed(self.text[self.text.index("<article") : self.text.index("</article>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        has = dict(attrs)
        if tag in self.headings and (id := has.get("id")):
            self._section = id
        self._open.append((tag, bool({tag, *(has.get("class") or "").split()} & self.without)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(left_out for _, left_out in self._open):
            self.sections[self._section] = self.sections.get(self._section, "") + data
