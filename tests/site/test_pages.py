"""Every page of the built site, read as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.site.reading import addresses, broken_links, content, file_of


def test_links_and_anchors_lead_somewhere(site: Path, address: str) -> None:
    assert broken_links(site, address) == []


def test_has_one_heading_a_title_a_language_and_a_description(site: Path, address: str) -> None:
    page = content(file_of(site, address))
    assert page.tags["h1"] == 1
    assert page.language == "en"
    assert len(page.title) > len("Why ")
    assert page.description
    assert len(page.description) > 15


def test_pictures_say_what_they_show(site: Path, address: str) -> None:
    page = content(file_of(site, address))
    assert page.unnamed_images == []
    assert [label for label in page.drawings if label is None or len(label) < 40] == []


def test_titles_differ(site: Path) -> None:
    titles = [content(file_of(site, address)).title for address in addresses(site)]
    assert sorted(set(titles)) == sorted(titles)


def test_every_claim_and_figure_has_its_page(site: Path) -> None:
    claims = json.loads((site / "claims.json").read_text())["claims"]
    figures = json.loads((site / "figures.json").read_text())
    promised = {record["url"] for record in claims + figures}
    assert len(promised) == len(claims) + len(figures)
    assert promised <= set(addresses(site))


def test_notebook_pages_bring_no_style_sheet_of_their_own(site: Path) -> None:
    notebooks = [address for address in addresses(site) if address.startswith("notebooks/")]
    assert notebooks
    other = content(file_of(site, "how/"))
    for address in notebooks:
        page = content(file_of(site, address))
        assert page.tags["style"] == other.tags["style"]
        assert page.tags["script"] == other.tags["script"]
        assert f"{Path(address).name}.ipynb" in page.links


def test_style_sheet_refers_to_files_that_are_there(site: Path) -> None:
    sheet = site / "assets" / "site.css"
    files = re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8"))
    assert len(files) >= 5
    assert [file for file in files if not (sheet.parent / file).is_file()] == []


def test_repository_link_does_not_call_its_host(site: Path) -> None:
    # Not in the page unless REPO_URL is set, so the template itself is read.
    template = Path(__file__).parents[2] / "overrides" / "partials" / "source.html"
    assert "data-md-component" not in template.read_text(encoding="utf-8")
