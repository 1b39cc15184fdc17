"""How a reader gets on: chapters once each, what belongs to them, the indexes, the reference."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html
from playwright.sync_api import expect

from explainers.catalogue import CHAPTERS
from explainers.site import terms
from explainers.site.blocks import headline
from explainers.site.reference import names
from tests.site.conftest import ROOT, Open
from tests.site.reading import addresses, file_of

IDS = [chapter.id for chapter in CHAPTERS]
SIGNS = ("holds", "holds-on-condition", "does-not-hold", "fact")


def page_at(site: Path, address: str) -> Any:
    return html.fromstring(file_of(site, address).read_text(encoding="utf-8"))


def leads(site: Path, address: str, path: str) -> list[str]:
    """Where the links at some places of a page lead, from the site's root."""
    links = page_at(site, address).xpath(path)
    return [urljoin(f"/{address}", link.get("href")).lstrip("/") for link in links]


# ---- Chapters ----


def test_the_navigation_has_each_chapter_once_and_no_notebook(site: Path) -> None:
    shown = leads(site, "claims/", "//nav[contains(@class, 'md-nav--primary')]//li//a[@href]")
    assert [to for to in shown if to.rstrip("/") in IDS] == [f"{id}/" for id in IDS]
    assert [to for to in shown if to.startswith("notebooks/")] == []


def test_next_is_the_next_chapter(site: Path) -> None:
    following = "//a[contains(@class, 'md-footer__link--next')]"
    order = ["", *(f"{id}/" for id in IDS), "questions/"]
    for page, after in pairwise(order):
        assert leads(site, page, following) == [after]


@pytest.mark.parametrize("chapter", IDS)
def test_a_chapter_leads_to_its_notebook_figures_and_claims_and_back(
    site: Path, chapter: str
) -> None:
    beside = "//nav[@aria-label='Of this chapter']/a"
    lists = [f"figures/#{chapter}", f"claims/#{chapter}"]
    assert leads(site, f"{chapter}/", beside) == [f"notebooks/{chapter}/", *lists]
    assert leads(site, f"notebooks/{chapter}/", beside) == [f"{chapter}/", *lists]
    assert f"{chapter}/" in leads(site, f"notebooks/{chapter}/", "//p[@class='download']/a")


# ---- Indexes ----


def records(site: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((site / "claims.json").read_text("utf-8"))["claims"]
    return found


@pytest.mark.parametrize("chapter", IDS)
def test_the_claims_of_a_chapter_have_a_number_and_a_verdict_with_its_sign(
    site: Path, chapter: str
) -> None:
    [heading] = page_at(site, "claims/").xpath("//h2[@id=$id]", id=chapter)
    rows = list(heading.getnext())
    claims = [claim for claim in records(site) if claim["chapter"] == chapter]
    assert len(rows) == len(claims) > 0
    for row, claim in zip(rows, claims, strict=True):
        name, number = headline(claim)
        verdict = claim["verdict"] or "fact"
        assert row.get("data-verdict") == verdict.replace(" ", "-")
        assert row.findtext(".//strong[@class='verdict']") == verdict.capitalize()
        assert row.findtext(".//data") == number
        assert row.find("a").get("href") == f"{claim['id']}/"
        meaning = claim["values"][name]["meaning"]
        assert row.findtext(".//span[@class='claims__meaning']") == meaning


def test_a_claim_s_number_is_the_first_that_its_code_prints_and_its_statement_names() -> None:
    claim = {
        "id": "a",
        "template": "Of {all:,} it keeps {kept:.1%}.",
        "prints": ["other", "kept", "all"],
        "values": {"all": {"value": 1200}, "kept": {"value": 0.25}, "other": {"value": 3}},
    }
    assert headline(claim) == ("kept", "25.0%")
    assert headline(claim | {"prints": ["all", "kept"]}) == ("all", "1,200")


def test_every_claim_s_number_is_in_its_statement(site: Path) -> None:
    assert [c["id"] for c in records(site) if headline(c)[1] not in c["statement"]] == []


def test_the_signs_are_explained_on_the_index_as_in_the_glossary(site: Path) -> None:
    page = page_at(site, "claims/")
    signs = page.xpath("//dl[@class='legend']/dt/@data-verdict")
    assert tuple(signs) == SIGNS
    known = terms.meanings((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert [dd.text for dd in page.xpath("//dl[@class='legend']/dd")] == [known[s] for s in SIGNS]


def test_every_verdict_in_a_chapter_leads_to_its_meaning(site: Path) -> None:
    page = page_at(site, "detection/")
    verdicts = page.xpath("//*[@data-verdict]//strong[@class='verdict']/..")
    assert len(verdicts) > 5
    for link in verdicts:
        sign = link.xpath("ancestor::*[@data-verdict]")[-1].get("data-verdict")
        assert link.get("href") == f"../glossary/#{sign}"


def test_the_claims_index_uses_no_code_of_the_thread(site: Path) -> None:
    [article] = page_at(site, "claims/").xpath("//article")
    assert re.findall(r"\bT[1-8]\b", article.text_content()) == []


@pytest.mark.parametrize("chapter", IDS)
def test_the_figures_stand_by_chapter(site: Path, chapter: str) -> None:
    figures = json.loads((site / "figures.json").read_text("utf-8"))
    path = f"//h2[@id='{chapter}']/following-sibling::*[1]//figcaption/a"
    own = [figure["url"] for figure in figures if figure["chapter"] == chapter]
    assert leads(site, "figures/", path) == own


def test_claims_are_sifted_by_words_in_the_question_or_the_verdict(visit: Open, root: str) -> None:
    page = visit(f"{root}claims/").page
    rows = page.locator("ul.claims > li:visible")
    of_all = rows.count()
    words = page.get_by_role("searchbox", name="Claims with these words")
    words.fill("does NOT hold")
    shown = rows.evaluate_all("rows => rows.map(row => row.dataset.verdict)")
    assert set(shown) == {"does-not-hold"}
    assert len(shown) > 3
    expect(page.locator("article [role=status]")).to_have_text(f"{len(shown)} of {of_all} claims")
    words.fill("vgg-16 multiplications")
    assert 0 < rows.count() < 9
    texts = [text.lower() for text in rows.all_inner_texts()]
    assert all("vgg-16" in text and "multiplications" in text for text in texts)
    assert page.locator("article h2:visible").count() == 1
    words.fill("")
    assert rows.count() == of_all


def test_without_script_all_claims_are_there(visit: Open, root: str, site: Path) -> None:
    page = visit(f"{root}claims/", java_script_enabled=False).page
    assert page.locator("ul.claims > li:visible").count() == len(records(site))


# ---- The reference, which was one page ----


def described(site: Path) -> dict[str, str]:
    """Where each name of the package is described, by its anchor."""
    pages = [address for address in addresses(site) if address.startswith("reference/")]
    return {
        id: f"{address}#{id}"
        for address in pages
        for id in page_at(site, address).xpath("//*[contains(@class, 'doc-heading')]/@id")
        if address != "reference/"
    }


def test_every_old_address_of_the_reference_leads_to_its_function(site: Path) -> None:
    index = "//p[@class='names']/a"
    shown = dict(
        zip(page_at(site, "reference/").xpath(f"{index}/@id"), leads(site, "reference/", index),
            strict=True)
    )  # fmt: skip
    known = described(site)
    modules = set(page_at(site, "reference/").xpath("//p[@class='names']/@id"))
    assert len(shown) > 250
    assert shown == {name: place for name, place in known.items() if name in shown}
    # What came after the reference was parted has no old address: a link to its module will do.
    after = {place.partition("#")[2] for place in leads(site, "reference/", "//p/a[code]")}
    rest = set(known) - set(shown) - modules
    assert {
        name for name in rest if not any(f"{name}.".startswith(f"{m}.") for m in after)
    } == set()


def test_the_reference_is_in_parts(site: Path) -> None:
    sizes = {address: file_of(site, address).stat().st_size for address in addresses(site)}
    parts = {a: size for a, size in sizes.items() if a.startswith("reference/")}
    assert len(parts) > 10
    assert max(parts.values()) < 150_000


def test_names_are_those_that_a_module_describes_or_exports() -> None:
    assert "max_pool2d" in list(names("explainers.operators"))
    found = list(names("explainers.networks.count"))
    assert {"count", "Count", "Count.macs"} <= set(found)
    assert [name for name in found if "._" in name or name.startswith("_")] == []


def test_an_old_address_is_followed(visit: Open, below: str) -> None:
    page = visit(f"{below}reference/#explainers.networks.count.count").page
    page.wait_for_url("**/reference/cost/#explainers.networks.count.count")
    page = visit(f"{below}reference/#cost").page
    assert page.url == f"{below}reference/#cost"
