"""What each page tells machines, read by the parsers that machines use."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html
from PIL import Image
from rdflib import RDF, SDO, Graph, Literal, URIRef

from explainers import catalogue
from explainers.artefacts import indexes
from explainers.artefacts.job import Job
from explainers.edition import AUTHORS, LICENCE, SITE, Edition
from tests.site.reading import addresses, file_of

ROOT = Path(__file__).parents[2]
# rdflib's own reader of JSON-LD uses what rdflib warns of.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
DC, DCTERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"


@pytest.fixture(scope="module")
def edition(site: Path) -> Edition:
    return Edition(**json.loads((site / "claims.json").read_text("utf-8"))["edition"])


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Path]:
    """The pages that have something to cite: all but 404.html and those that lead elsewhere."""
    files = {address: file_of(site, address) for address in addresses(site)}
    return {
        address: file
        for address, file in files.items()
        if address != "404.html" and 'http-equiv="refresh"' not in file.read_text("utf-8")
    }


@pytest.fixture(scope="module")
def claims(site: Path) -> dict[str, Any]:
    content = json.loads((site / "claims.json").read_text("utf-8"))
    return {claim["id"]: claim for claim in content["claims"]}


@functools.cache
def parsed(file: Path) -> Any:
    return html.fromstring(file.read_text("utf-8"))


def metas(file: Path, prefix: str, attribute: str = "name") -> dict[str, str]:
    found = parsed(file).xpath(f"//head/meta[starts-with(@{attribute}, '{prefix}')]")
    return {meta.get(attribute): meta.get("content") for meta in found}


@functools.cache
def linked(file: Path) -> dict[str, Any]:
    """The page's JSON-LD."""
    [script] = parsed(file).xpath("//script[@type='application/ld+json']")
    content: dict[str, Any] = json.loads(script.text)
    return content


@functools.cache
def graph(file: Path) -> Graph:
    """The page's JSON-LD as RDF: the context, which is schema.org's, is not fetched."""
    data = linked(file) | {"@context": {"@vocab": str(SDO)}}
    return Graph().parse(data=json.dumps(data), format="json-ld")


def test_canonical_and_cite_as_are_the_page_s_address(
    pages: dict[str, Path], edition: Edition
) -> None:
    for address, file in pages.items():
        expected = [edition.address + address]
        assert parsed(file).xpath("//link[@rel='canonical']/@href") == expected
        assert parsed(file).xpath("//link[@rel='cite-as']/@href") == expected
        assert parsed(file).xpath("//link[@rel='license']/@href") == [LICENCE]


def test_highwire_tags_have_what_reference_managers_ask_for(
    pages: dict[str, Path], edition: Edition
) -> None:
    for address, file in pages.items():
        tags = metas(file, "citation_")
        assert tags["citation_title"] in parsed(file).findtext(".//title")
        assert tags["citation_author"] == AUTHORS
        assert tags["citation_publication_date"] == edition.date.replace("-", "/")
        assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["citation_online_date"])
        assert tags["citation_public_url"] == edition.address + address
        assert tags["citation_journal_title"] == SITE


def test_dublin_core_says_whose_words_it_uses(pages: dict[str, Path], edition: Edition) -> None:
    for address, file in pages.items():
        links = parsed(file).xpath("//head/link[starts-with(@rel, 'schema.')]")
        schemas = {link.get("rel").removeprefix("schema."): link.get("href") for link in links}
        assert schemas == {"DC": DC, "DCTERMS": DCTERMS}
        said = metas(file, "DC.")
        assert said["DC.identifier"] == edition.address + address
        assert said["DC.creator"] == AUTHORS
        assert said["DC.date"] == edition.date
        assert said["DC.rights"] == LICENCE
        assert said["DC.title"]
        terms = metas(file, "DCTERMS.")
        assert terms["DCTERMS.isPartOf"] == edition.address
        assert terms["DCTERMS.hasVersion"] == edition.name


def test_open_graph_shows_a_picture_that_is_there(
    site: Path, pages: dict[str, Path], edition: Edition
) -> None:
    for address, file in pages.items():
        tags = metas(file, "og:", "property")
        assert tags["og:url"] == edition.address + address
        assert tags["og:title"]
        assert len(tags["og:description"]) > 15
        assert len(tags["og:image:alt"]) > 3
        assert tags["og:image"].startswith(edition.address)
        picture = site / tags["og:image"].removeprefix(edition.address)
        with Image.open(picture) as image:
            size = (int(tags["og:image:width"]), int(tags["og:image:height"]))
            assert image.size == size == (1200, 630)


def test_each_claim_figure_and_chapter_has_a_preview_of_its_own(pages: dict[str, Path]) -> None:
    previews = {
        address: metas(file, "og:image", "property")["og:image"] for address, file in pages.items()
    }
    own = [a for a in previews if re.fullmatch(r"(claims|figures)/[^/]+/", a)]
    own += [f"{chapter.id}/" for chapter in catalogue.CHAPTERS] + [""]
    assert len({previews[address] for address in own}) == len(own)
    assert {previews[a] for a in previews if a not in own} == {previews[""]}


def test_linked_data_uses_schema_org_s_words_only(pages: dict[str, Path]) -> None:
    for file in pages.values():
        assert linked(file)["@context"] == "https://schema.org"
        for _, predicate, value in graph(file):
            word = value if predicate == RDF.type else predicate
            assert isinstance(word, URIRef)
            assert word in SDO, word


def test_linked_data_says_who_when_and_where(pages: dict[str, Path], edition: Edition) -> None:
    for address, file in pages.items():
        this = URIRef(edition.address + address)
        found = graph(file)
        assert (this, RDF.type, SDO.LearningResource) in found
        assert (this, SDO.datePublished, Literal(edition.date)) in found
        assert (this, SDO.version, Literal(edition.version)) in found
        [author] = found.objects(this, SDO.author)
        assert (author, SDO.name, Literal(AUTHORS)) in found
        assert found.value(this, SDO.headline)
        assert found.value(this, SDO.description)


def test_each_claim_s_page_names_its_code_and_its_test(
    pages: dict[str, Path], claims: dict[str, Any], edition: Edition
) -> None:
    for id, claim in claims.items():
        found = graph(pages[f"claims/{id}/"])
        this = URIRef(f"{edition.address}claims/{id}/")
        assert (this, RDF.type, SDO.TechArticle) in found
        assert_claim(found, found.value(this, SDO.mainEntity), claim)


def test_each_chapter_lists_its_claims_with_code_and_test(
    pages: dict[str, Path], claims: dict[str, Any], edition: Edition
) -> None:
    for chapter in catalogue.CHAPTERS:
        found = graph(pages[f"{chapter.id}/"])
        parts = list(found.objects(URIRef(f"{edition.address}{chapter.id}/"), SDO.hasPart))
        assert len(parts) == len(chapter.claims)
        for part in parts:
            id = str(part).partition("/claims/")[2].strip("/").partition("/")[0]
            assert_claim(found, part, claims[id])


def assert_claim(found: Graph, node: Any, claim: dict[str, Any]) -> None:
    assert (node, RDF.type, SDO.Claim) in found
    assert found.value(node, SDO.name) == Literal(claim["question"])
    assert found.value(node, SDO.text) == Literal(claim["answer"])
    code = {str(found.value(part, SDO.name)) for part in found.objects(node, SDO.isBasedOn)}
    assert code == {claim["code"], claim["test"]}


def test_each_figure_s_page_names_its_picture(
    site: Path, pages: dict[str, Path], edition: Edition
) -> None:
    for figure in json.loads((site / "figures.json").read_text("utf-8")):
        found = graph(pages[figure["url"]])
        picture = found.value(URIRef(edition.address + figure["url"]), SDO.mainEntity)
        assert (picture, RDF.type, SDO.ImageObject) in found
        file = str(found.value(picture, SDO.contentUrl)).removeprefix(edition.address)
        assert (site / file).is_file()


def test_sitemap_lists_every_page(site: Path, pages: dict[str, Path], edition: Edition) -> None:
    tree = ET.parse(site / "sitemap.xml")
    listed = {loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert listed == {edition.address + address for address in pages}


def test_llms_txt_has_every_claim_in_plain_text(
    site: Path, claims: dict[str, Any], edition: Edition
) -> None:
    text = (site / "llms.txt").read_text("utf-8")
    assert text.startswith(f"# {SITE}\n\n> ")
    for claim in claims.values():
        [line] = [x for x in text.splitlines() if f"]({edition.address}{claim['url']})" in x]
        assert claim["answer"] in line
        assert claim["condition"] in line
        assert (claim["verdict"] or "a fact").capitalize() in line
    for link in re.findall(r"\]\((\S+?)\)", text):
        assert file_of(site, link.removeprefix(edition.address)).is_file(), link


class Published(dict[str, Path]):
    """The artefacts as they were published, each in docs/ instead of a folder of its own."""

    def __contains__(self, id: object) -> bool:
        return True

    def __getitem__(self, id: str) -> Path:
        return ROOT / "docs"


def test_a_release_says_that_it_is_one_and_where_the_present_is(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendered as tools/versions asks for it: each page's banner leads out of its folder."""
    monkeypatch.setenv("WHY_POOLING_RELEASE", "9.8.7")
    monkeypatch.setenv("REPO_URL", "https://host.example/source")
    this = replace(edition, address="https://host.example/9.8.7/")
    for name in ("explainers", "mkdocs.yml", "overrides", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", copy_function=os.link)
    for name, content in indexes.make(Job("", "", ROOT, this, Published())).items():
        (tmp_path / "docs" / name).unlink()
        (tmp_path / "docs" / name).write_bytes(content)
    subprocess.run(
        [Path(sys.executable).with_name("mkdocs"), "build", "--strict"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SITE_URL": "", "RELEASE": "prod-42"},
        check=True,
        capture_output=True,
    )
    for address in ("", "detection/", "claims/or-of-four-hit/"):
        page = parsed(file_of(tmp_path / "site", address))
        [banner] = page.xpath("//aside[contains(@class, 'md-banner')]")
        assert "This is version 9.8.7, as released on" in " ".join(banner.text_content().split())
        [link] = banner.xpath(".//a/@href")
        here = f"https://host.example/9.8.7/{address}"
        assert urljoin(here, link) == "https://host.example/"
        assert page.xpath("//link[@rel='canonical']/@href") == [here]
        assert page.xpath("//link[@rel='cite-as']/@href") == [here]
        assert page.xpath("//a[contains(@class, 'md-source')]/@href")[0].endswith("/source")
    lost = parsed(tmp_path / "site" / "404.html")
    assert lost.xpath("//main//a/@href") == ["/9.8.7/", "/9.8.7/claims/", "/9.8.7/figures/"]


@pytest.mark.parametrize(("given", "version"), [("", "0.1.0"), ("0.1.0", "0.1.0")])
def test_a_notebook_that_was_released_on_github_opens_in_colab(
    edition: Edition, given: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where `tools/versions` keeps it; one that was never released is nowhere yet."""

    def links(source: str) -> dict[str, str]:
        monkeypatch.setenv("REPO_URL", source)
        made = indexes.make(Job("", "", ROOT, edition, Published()))
        found: dict[str, str] = json.loads(made["nav.yml"])["extra"]["colab"]
        return found

    monkeypatch.setenv("WHY_POOLING_RELEASE", given)
    found = links("https://github.com/some/body")
    assert found["cost"] == (
        f"https://colab.research.google.com/github/some/body/blob/releases/{version}/"
        "notebooks/cost/cost.ipynb"
    )
    register = (ROOT / "docs" / "releases" / "addresses.txt").read_text(encoding="utf-8")
    assert all(place.partition(f"/{version}/")[2] in register for place in found.values())
    assert links("https://host.example/source") == links("") == {}


def test_the_present_site_has_no_banner(pages: dict[str, Path]) -> None:
    for file in pages.values():
        assert parsed(file).xpath("//aside[contains(@class, 'md-banner')]") == []
