"""The rendered site: the last artefact, made of all others and of what people write."""

from __future__ import annotations

import html
import logging
import posixpath
import re
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import chdir
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from explainers.artefacts.job import Files, Job
from explainers.errors import BuildError
from explainers.project import is_leftover

_LINK = re.compile(r'<(?:a|img|link|script|source)\b[^>]*?\s(?:href|src)="([^"]*)"')
_ID = re.compile(r'\s(?:id|name)="([^"]+)"')
_PAGE = re.compile(r"Error (?:reading|building) page '([^']+)'")
# What mkdocs-jupyter puts around a notebook, with the link to the notebook before it.
_AROUND = re.compile(
    r'(?P<link><p class="download">[^\n]*</p>\n)'
    r'.*?(?P<notebook><div class="jupyter-wrapper">.*?)<!-- jupyter-wrapper -->'
    r'.*?(?P<end><nav class="beside"|<p class="report">|</article>)',
    re.DOTALL,
)
# The sign “¶” beside a heading, by the theme's pages and by mkdocs-jupyter.
_PERMALINK = re.compile(r'<a (?!aria-hidden)(?=[^>]*\bclass="(?:headerlink|anchor-link)")')
_AS_IT_IS = re.compile(
    r"(<(?:pre|textarea|script|style)\b.*?</(?:pre|textarea|script|style)>)", re.S
)
_BLANK = re.compile(r"[ \t]*\n\s*")
# A host shows it at any address: its links begin at the root.
_ANYWHERE = "404.html"


def make(job: Job) -> Files:
    """Render all pages; a page that cannot be rendered, or leads nowhere, is named."""
    with tempfile.TemporaryDirectory() as folder:
        config = _configuration(job.root, folder)
        _check_redirects(config, job.root / "docs")
        _check_addresses(config)
        _render(config)
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and not is_leftover(path.relative_to(folder).as_posix())
        }
    broken = list(broken_links(files))
    if broken:
        raise BuildError(_and_more(broken))
    return files


def preview(work: tuple[Path, Path, tuple[str, ...]]) -> None:
    """Render a few pages anew, by their paths under docs/, into a folder with the whole site."""
    root, folder, pages = work
    config = _configuration(root, str(folder), strict=False)
    for page in pages:
        path = Path(page).with_suffix("")
        shown = path.parent if path.name == "index" else path
        (folder / shown / "index.html").unlink(missing_ok=True)
    _render(config, dirty=True)


def _configuration(root: Path, folder: str, **options: Any) -> Any:
    from mkdocs.config import load_config

    with _complaints() as said:
        try:
            return load_config(str(root / "mkdocs.yml"), site_dir=folder, **options)
        except Exception as error:
            raise BuildError(f"mkdocs.yml: {_and_more([*said(), str(error)])}") from error


def _render(config: Any, *, dirty: bool = False) -> None:
    """Let the site builder render; its complaints become one."""
    from mkdocs.commands.build import build

    # The builder and its extensions look for files from where they are started.
    with _complaints() as said, chdir(config.config_file_path.rpartition("/")[0]):
        try:
            build(config, dirty=dirty)
        except SystemExit as abort:  # what it calls Abort, after complaints
            raise BuildError(_and_more(said() or [str(abort)])) from None
        except Exception as error:
            page = _PAGE.search(" ".join(said()))
            where = _in_template(error) or (f"docs/{page[1]}: " if page else "")
            raise BuildError(f"{where}{error}") from error
    for path in Path(config.site_dir).rglob("*.html"):
        text = path.read_text("utf-8")
        finished = _finished(text)
        if finished != text:
            path.write_bytes(finished.encode())
    _unsign_titles(Path(config.site_dir) / "search" / "search_index.json")


def _finished(page: str) -> str:
    """A page without what its readers do not need.

    “¶” is for the pointer: in a heading's name it would be read aloud, and each would be a stop of
    the Tab key. The table of contents has the same links, by their names.
    """
    if '<div class="jupyter-wrapper">' in page:
        page = _AROUND.sub(r"\g<link>\g<notebook>\g<end>", page)
    if 'class="doc doc-object' in page:
        page = _closed_up(page)
    return _PERMALINK.sub('<a aria-hidden="true" tabindex="-1" ', page)


def _closed_up(page: str) -> str:
    """A page of the reference without the templates' blank lines and indents: a tenth of it."""
    kept = [match.span() for match in _AS_IT_IS.finditer(page)]
    ends = [0, *(end for span in kept for end in span), len(page)]
    parts = [page[start:end] for start, end in pairwise(ends)]
    return "".join(part if i % 2 else _BLANK.sub("\n", part) for i, part in enumerate(parts))


def _unsign_titles(index: Path) -> None:
    """Take the “¶” out of the search's titles, where mkdocs-jupyter leaves it."""
    if index.is_file():
        index.write_bytes(index.read_bytes().replace("¶".encode(), b"").replace(rb"\u00b6", b""))


def _in_template(error: Exception) -> str:
    """Where in a template of the theme something went wrong; empty if it was in no template."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.endswith(".html")]
    return f"{'/'.join(Path(own[-1].filename).parts[-2:])}, line {own[-1].lineno}: " if own else ""


class _complaints:  # noqa: N801  (a context manager)
    """Collects what the site builder warns of, instead of printing it."""

    def __enter__(self) -> Any:
        self.records: list[str] = []
        self.handler = logging.Handler(logging.WARNING)
        self.handler.emit = lambda record: self.records.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger("mkdocs").addHandler(self.handler)
        return lambda: self.records

    def __exit__(self, *_: object) -> None:
        logging.getLogger("mkdocs").removeHandler(self.handler)


def _and_more(complaints: list[str]) -> str:
    others = len(complaints) - 1
    return complaints[0] + (f" (and {others} more like it)" if others else "")


def _check_redirects(config: Any, docs: Path) -> None:
    """Refuse a redirect in place of a page that there is, or to somewhere outside the site."""
    plugin = config.plugins.get("redirects")
    for old in plugin.config["redirect_maps"] if plugin else ():
        if not old.endswith(".md") or posixpath.normpath(old) != old or old.startswith(("/", "..")):
            raise BuildError(f"mkdocs.yml: redirect_maps: {old!r} must be a page, as in old.md")
        if (docs / old).exists():
            raise BuildError(f"mkdocs.yml: redirect_maps: {old} is a page still; it would be lost")


def _check_addresses(config: Any) -> None:
    """Refuse two files for one address: one would be lost in silence."""
    from mkdocs.structure.files import get_files

    found: dict[str, str] = {}
    for file in get_files(config):
        other = found.setdefault(file.dest_uri, file.src_uri)
        if other != file.src_uri:
            raise BuildError(f"docs/{other} and docs/{file.src_uri} have one address; move one")


# ---- Links that lead nowhere ----


def broken_links(files: Mapping[str, bytes]) -> Iterator[str]:
    """Say of each link inside the site that leads nowhere, on which page it stands."""

    @cache
    def ids(page: str) -> frozenset[str]:
        return frozenset(map(html.unescape, _ID.findall(files[page].decode())))

    for page in files:
        if page.endswith(".html") and page != _ANYWHERE:
            for link in dict.fromkeys(_LINK.findall(files[page].decode())):
                target, fragment = _target(page, html.unescape(link))
                if target is None:
                    continue
                if target not in files:
                    yield f"{page}: the link to {link} leads nowhere"
                elif fragment and target.endswith(".html") and fragment not in ids(target):
                    yield f"{page}: the link to {link} leads to no place on that page"


def _target(page: str, link: str) -> tuple[str | None, str]:
    """The file that a link leads to, and the place in it; none if it leads out of the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return None, ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
    if not parts.path:
        path = page
    elif parts.path.endswith("/") or path == "." or not posixpath.splitext(path)[1]:
        path = posixpath.normpath(posixpath.join(path, "index.html"))
    return path, unquote(parts.fragment)
