"""Which addresses a built site has, and which registered ones it has lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from explainers.releasing.addresses import addresses, lost, main, read_register, update

PAGE = """<!doctype html><html><head><title>{title}</title></head><body>
<h1 id="outside">{title}</h1><nav><a id="tab" href="#top">up</a></nav>
<article>{article}</article></body></html>"""
CLAIM = """<h1 id="top">Question</h1><section class="claim" id="claim-one"><p id="text">Yes</p>
</section><figure class="plot" id="figure-one"></figure><figure id="bare"></figure>
<h2 id="numbers">Numbers</h2><input id="__tabbed_1_1"><div id="cell-1"></div>
<h3 id="explainers.one" class="doc doc-heading">one</h3>"""
Write = Callable[..., None]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def write(site: Path) -> Write:
    def write(name: str, article: str = "", text: str | None = None) -> None:
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or PAGE.format(title=name, article=article), encoding="utf-8")

    write("index.html", '<h1 id="top">Home</h1>')
    write("404.html", '<h1 id="lost">Not here</h1>')
    write("claims/one/index.html", CLAIM)
    return write


def test_pages_with_what_is_linked_to_in_them(site: Path, write: Write) -> None:
    assert addresses(site) == {
        "./",
        "./#top",
        "claims/one/",
        "claims/one/#top",
        "claims/one/#claim-one",
        "claims/one/#figure-one",
        "claims/one/#numbers",
    }


def test_files_that_people_link_to(site: Path, write: Write) -> None:
    before = addresses(site)
    pictures = [f"{theme}.{kind}" for theme in ("light", "dark") for kind in ("svg", "png")]
    kept = {
        *("claims.json", "claims.schema.json", "figures.json", "releases/0.1.0.json"),
        *(f"figures/or/or-{picture}" for picture in pictures),
        *("figures/or/or.csv", "notebooks/cost/cost.ipynb"),
    }
    others = {"assets/site.css", "search/search_index.json", "sitemap.xml", "objects.inv"}
    for name in kept | others:
        write(name, text="content")
    assert addresses(site) - before == kept


def test_copies_of_releases_have_addresses_of_their_own(site: Path, write: Write) -> None:
    before = addresses(site)
    write("0.1.0/claims.json", text="{}")
    write("0.1.0/claims/one/index.html", CLAIM)
    assert addresses(site) == before


def test_nothing_is_lost_of_what_is_there(site: Path, write: Write) -> None:
    write("claims.json", text="{}")
    assert lost(addresses(site), site) == []


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("claims/two/", "name claims/two.md, and where it moved, in redirect_maps of mkdocs.yml"),
        ("claims/two/#numbers", "name claims/two.md"),
        ("claims/one/#gone", 'put <span id="gone"></span> where it should lead'),
        ("./#gone", 'put <span id="gone"></span>'),
        ("figures/or/or-light.svg", "put the file back"),
    ],
)
def test_what_is_gone_is_named_with_how_to_keep_it(
    site: Path, write: Write, address: str, advice: str
) -> None:
    [one] = lost([*addresses(site), address], site)
    assert str(one).startswith(f"{address} is released and leads nowhere: ")
    assert advice in str(one)


def test_an_empty_element_keeps_an_anchor(site: Path, write: Write) -> None:
    write("claims/one/index.html", CLAIM.replace("<h2", '<span id="gone"></span><h2'))
    assert lost(["claims/one/#gone"], site) == []
    assert "claims/one/#gone" not in addresses(site)


# A page that moved


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real site with redirects, as MkDocs and mkdocs-redirects build it."""
    folder = tmp_path_factory.mktemp("moved")
    (folder / "docs" / "claims").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# Home {#top}\n", encoding="utf-8")
    new = "# New {#top}\n\n## Numbers {#numbers}\n"
    (folder / "docs" / "claims" / "new.md").write_text(new, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: Moved\nmarkdown_extensions: [attr_list]\ntheme: material\n"
        "plugins:\n  - redirects:\n      redirect_maps:\n"
        "        old.md: claims/new.md\n"
        "        part.md: claims/new.md#numbers\n"
        "        home.md: index.md\n"
        "        away.md: https://elsewhere.example/\n"
        "        bad.md: claims/new.md#nowhere\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=folder,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("old/", True),
        ("old/#top", True),
        ("old/#numbers", True),
        ("old/#gone", False),
        ("part/", True),
        ("part/#numbers", False),  # the browser is sent to …/#numbers#numbers
        ("home/#top", True),
        ("away/", False),
        ("bad/", False),
        ("never/", False),
    ],
)
def test_a_redirect_keeps_a_page_and_the_anchors_of_the_new_one(
    moved: Path, address: str, kept: bool
) -> None:
    assert (lost([address], moved) == []) is kept


def test_a_redirect_is_no_address_of_its_own(moved: Path) -> None:
    assert {address.partition("#")[0] for address in addresses(moved)} == {"./", "claims/new/"}


def test_a_redirect_to_a_page_that_went_is_no_help(moved: Path, tmp_path: Path) -> None:
    shutil.copytree(moved, tmp_path / "site")
    (tmp_path / "site" / "claims" / "new" / "index.html").unlink()
    [one] = lost(["old/"], tmp_path / "site")
    assert "its redirect has no page to lead to" in str(one)


# The register


def test_the_register_grows_and_never_shrinks(site: Path, write: Write, tmp_path: Path) -> None:
    register = tmp_path / "releases" / "addresses.txt"
    assert read_register(register) == []
    assert update(site, register) == 7
    first = register.read_text(encoding="utf-8")
    assert first.splitlines() == sorted(addresses(site))
    assert update(site, register) == 0
    write("claims/two/index.html", '<h1 id="top">Two</h1>')
    (site / "claims" / "one" / "index.html").unlink()
    assert update(site, register) == 2
    assert set(first.splitlines()) < set(read_register(register))


def test_a_site_that_lost_an_address_does_not_touch_the_register(
    site: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = tmp_path / "addresses.txt"
    assert main(str(site), str(register)) == 0
    assert "7 new addresses" in capsys.readouterr().out
    before = register.read_bytes()
    (site / "claims" / "one" / "index.html").unlink()
    write("claims/two/index.html")
    assert main(str(site), str(register)) == 1
    assert capsys.readouterr().err.count("addresses: claims/one/") == 5
    assert register.read_bytes() == before
