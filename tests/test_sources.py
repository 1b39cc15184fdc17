from __future__ import annotations

import re
from pathlib import Path

from explainers import catalogue
from explainers.sources import SOURCES, THREAD

DOCS = Path(__file__).parents[1] / "docs"


def test_every_source_is_cited_and_every_citation_has_a_source() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    cited = set(re.findall(r"\{\{ cite (\S+) \}\}", pages))
    for claim in catalogue.claims():
        cited |= set(claim.sources) | ({claim.examines} - set(THREAD))
    assert cited == set(SOURCES)


def test_sources_have_all_that_a_reader_needs() -> None:
    for source in SOURCES.values():
        assert source.url.startswith("https://")
        assert source.reference.endswith(".")
        assert len(source.short) < 40
