"""The whole site as one file, for a room without network."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

FOLDER = "why-pooling"
NAME = f"{FOLDER}.zip"
_LINK = re.compile(r'(?P<before>\s(?:href|action)=")(?P<to>[^"#?:]*)(?P<after>[#?][^"]*)?"')
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that such a file can say


def packed(site: Path) -> bytes:
    """Return a built site as a ZIP file: the same bytes for the same site.

    From a folder no server says which page a folder shows: each link to one leads to its
    ``index.html``.

    Raises
    ------
    ValueError
        If there is no built site in the folder.
    """
    if not (site / "index.html").is_file():
        raise ValueError(f"there is no built site in {site}: run “make site”")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.name != NAME:
                name = f"{FOLDER}/{path.relative_to(site).as_posix()}"
                entry = zipfile.ZipInfo(name, _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, _from_a_folder(path))
    return content.getvalue()


def _from_a_folder(path: Path) -> bytes:
    if path.suffix != ".html" or path.name == "404.html":
        return path.read_bytes()
    return whole_links(path.read_text(encoding="utf-8")).encode()


def whole_links(page: str) -> str:
    """A page whose links to folders lead to what is shown there.

    >>> whole_links('<a href="../cost/#top"> <a href="."> <a href="#top"> <a href="a.png">')
    '<a href="../cost/index.html#top"> <a href="./index.html"> <a href="#top"> <a href="a.png">'
    """

    def whole(link: re.Match[str]) -> str:
        to, after = link["to"], link["after"] or ""
        if to.startswith("//") or not (to.endswith("/") or to.rpartition("/")[2] in (".", "..")):
            return link[0]
        return f'{link["before"]}{to.rstrip("/") or ""}/index.html{after}"'

    return _LINK.sub(whole, page)
