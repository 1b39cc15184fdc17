"""The addresses of a built site, and the register of those ever released: none may be lost.

``python -m explainers.releasing.addresses site docs/releases/addresses.txt`` adds the site's
addresses to the register; the register is never shortened.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from explainers.files import write

HOME = "./"
# What people link to beside pages.
FILES = (
    "claims.json",
    "claims.schema.json",
    "figures.json",
    "llms.txt",
    "figures/*/*-light.svg",
    "figures/*/*-dark.svg",
    "figures/*/*-light.png",
    "figures/*/*-dark.png",
    "figures/*/*-light.pdf",
    "figures/*/*.csv",
    "notebooks/*/*.ipynb",
    "releases/*.json",
)
# Not the reference's headings of functions: their addresses live as long as the functions do.
ANCHORS = ", ".join(
    f"article {place}"
    for place in (
        ":is(h1, h2, h3, h4, h5, h6)[id]:not(.doc-heading)",
        "section.claim[id]",
        "figure.plot[id]",
    )
)


def addresses(site: Path) -> set[str]:
    """All addresses of a built site that are meant to be linked to, relative to its root."""
    files = {path.relative_to(site).as_posix() for name in FILES for path in site.glob(name)}
    pages = {path for path in site.rglob("index.html") if not _in_a_copy(site, path)}
    return files.union(*(_of_page(site, path) for path in pages))


def _in_a_copy(site: Path, path: Path) -> bool:
    """Whether the page belongs to a released version, which lies in a folder with its claims."""
    top = path.relative_to(site).parts[0]
    return (site / top / "claims.json").is_file()


def _of_page(site: Path, path: Path) -> set[str]:
    page = _read(path)
    if _target(page) is not None:
        return set()
    folder = path.parent.relative_to(site).as_posix()
    address = HOME if folder == "." else f"{folder}/"
    return {address} | {f"{address}#{tag['id']}" for tag in page.select(ANCHORS)}


@dataclass(frozen=True)
class Lost:
    """An address that leads nowhere, and how to keep it."""

    address: str
    advice: str

    def __str__(self) -> str:
        return f"{self.address} is released and leads nowhere: {self.advice}"


def lost(register: Iterable[str], site: Path) -> list[Lost]:
    """The register's addresses that a built site does not answer.

    An anchor counts as there if any element of the page has it as its id; on a page that moved,
    if the redirect names no place of its own and the new page has it.
    """
    by_page = groupby(sorted(register, key=_page), key=_page)
    return [lost for page, group in by_page for lost in _lost_of_page(page, list(group), site)]


def _page(address: str) -> str:
    return address.partition("#")[0]


def _lost_of_page(page: str, register: list[str], site: Path) -> Iterator[Lost]:
    path = _file(site, page)
    if not path.is_file():
        yield from (Lost(address, _moved(page)) for address in register)
    elif path.suffix == ".html":
        ids = _answered(site, page)
        for address in register:
            anchor = address.partition("#")[2]
            if ids is None:
                yield Lost(address, "its redirect has no page to lead to")
            elif anchor and anchor not in ids:
                yield Lost(address, f'put <span id="{anchor}"></span> where it should lead')


def _moved(page: str) -> str:
    if not page.endswith("/"):
        return "put the file back, or a copy of what replaces it"
    source = "index" if page == HOME else page.rstrip("/")
    return f"name {source}.md, and where it moved, in redirect_maps of mkdocs.yml"


def _answered(site: Path, address: str) -> set[str] | None:
    """The ids that a reader finds at a page's address; None if its redirect leads nowhere."""
    page = _read(_file(site, address))
    target = _target(page)
    if target is None:
        return _ids(page)
    url = urlsplit(urljoin(f"/{address.removeprefix(HOME)}", target))
    path = _file(site, unquote(url.path).lstrip("/"))
    if url.netloc or not path.is_file():
        return None
    new = _read(path)
    if _target(new) is not None or (url.fragment and unquote(url.fragment) not in _ids(new)):
        return None
    # A redirect to an anchor takes each old anchor with it, behind its own, where none is found.
    return set() if url.fragment else _ids(new)


def _ids(page: BeautifulSoup) -> set[str]:
    return {str(tag["id"]) for tag in page.find_all(id=True)}


def _target(page: BeautifulSoup) -> str | None:
    """Where a page that is a redirect leads to."""
    refresh = page.find("meta", attrs={"http-equiv": "refresh"})
    if refresh is None:
        return None
    return str(refresh["content"]).partition("url=")[2].strip()


def _file(site: Path, address: str) -> Path:
    """The file that a static host answers with."""
    path = site / address.removeprefix(HOME)
    return path / "index.html" if not address or address.endswith("/") else path


def _read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def read_register(path: Path) -> list[str]:
    """The register, one address a line; one not yet written is empty."""
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def update(site: Path, path: Path) -> int:
    """Add the site's addresses to the register, and return how many were new."""
    register = set(read_register(path))
    new = addresses(site) - register
    write(path, "".join(f"{address}\n" for address in sorted(register | new)).encode())
    return len(new)


def main(site: str, register: str) -> int:
    """Bring the register up to date, unless the site has lost one of its addresses."""
    missing = lost(read_register(Path(register)), Path(site))
    if missing:
        sys.stderr.write("".join(f"addresses: {one}\n" for one in missing))
        return 1
    new = update(Path(site), Path(register))
    sys.stdout.write(f"{register}: {new} new addresses\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
