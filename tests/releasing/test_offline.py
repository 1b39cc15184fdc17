"""The site as one file: the same bytes each time, and links that lead somewhere from a folder."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from explainers.releasing.offline import packed, whole_links


def built(folder: Path) -> Path:
    """A small site."""
    site = folder / "site"
    (site / "cost").mkdir(parents=True)
    (site / "index.html").write_text('<a href="cost/#top">é</a> <a href="data.csv">', "utf-8")
    (site / "cost" / "index.html").write_text('<a href="..">up</a>', "utf-8")
    (site / "404.html").write_text('<a href="/cost/">', "utf-8")
    (site / "data.csv").write_bytes(b"a\r\n1\r\n")
    return site


def test_a_site_is_packed_whole_and_the_same_each_time(tmp_path: Path) -> None:
    site = built(tmp_path)
    content = packed(site)
    os.utime(site / "data.csv", (0, 0))
    (site / "data.csv").chmod(0o600)
    (site / "why-pooling.zip").write_bytes(content)
    assert packed(site) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            f"why-pooling/{name}"
            for name in ("404.html", "cost/index.html", "data.csv", "index.html")
        ]
        assert archive.read("why-pooling/data.csv") == b"a\r\n1\r\n"
        assert archive.read("why-pooling/404.html") == b'<a href="/cost/">'
        first = archive.read("why-pooling/index.html").decode()
        assert first == '<a href="cost/index.html#top">é</a> <a href="data.csv">'
        assert archive.read("why-pooling/cost/index.html") == b'<a href="../index.html">up</a>'


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("./", "./index.html"),
        (".", "./index.html"),
        ("../../", "../../index.html"),
        ("a/b/?q=1#c", "a/b/index.html?q=1#c"),
        ("#top", "#top"),
        ("https://host.example/", "https://host.example/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("//host.example/", "//host.example/"),
        ("a.png", "a.png"),
        ("", ""),
    ],
)
def test_links_to_folders_lead_to_what_is_shown_there(link: str, expected: str) -> None:
    assert whole_links(f'<a class="x" href="{link}">') == f'<a class="x" href="{expected}">'


def test_what_is_no_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no built site in .*: run “make site”"):
        packed(tmp_path)
