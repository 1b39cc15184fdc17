"""The site out of its one file, opened from a folder: every link leads to a file in it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from explainers.releasing.offline import packed


@pytest.mark.slow
def test_every_link_in_the_packed_site_leads_to_a_file_in_it(site: Path) -> None:
    content = packed(site)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = set(archive.namelist())
        pages = {
            name: html.fromstring(archive.read(name))
            for name in names
            if name.endswith(".html") and not name.endswith("404.html")
        }
    assert len(pages) > 100
    lost = set()
    for name, page in pages.items():
        for link in page.xpath("//a/@href | //link[not(@rel='canonical')]/@href | //*/@src"):
            parts = urlsplit(link)
            if not parts.scheme and not parts.netloc and parts.path:
                to = normpath(join(dirname(name), unquote(parts.path)))
                lost |= {(name, link)} if to not in names else set()
    assert lost == set()
