"""The theme's overrides in another template engine: they print what the package made, no more.

MkDocs renders them with Jinja; its successors with MiniJinja, which knows no method of Python's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from minijinja import Environment, TemplateError

from explainers.artefacts import heads
from explainers.edition import DESCRIPTION, LICENCE, SITE, Edition

OVERRIDES = Path(__file__).parents[2] / "overrides"
THEME = Path(str(distribution("mkdocs-material").locate_file("material/templates")))
BASE = """{% import "language.html" as lang with context %}
<html><head><title>A page</title>{% block extrahead %}{% endblock %}</head>
<body>{% block announce %}{% endblock %}
{% block header %}<div role="dialog"></div>{% include "partials/source.html" %}{% endblock %}
<article>{% block content %}{{ page.content }}{% endblock %}</article></body></html>"""
LANGUAGE = "{% macro t(key) %}{{ key }}{% endmacro %}"
EDITION = Edition("1.2.3", "2026-11-05", "0123abc", "https://host.example/pooling/")
HOSTILE = "Is </script><script>a</script> <b>\"b\"</b> & 'c' | {{ d }} {% e %}\n# f?"
CLAIM = {
    "id": "a-claim",
    "url": "claims/a-claim/",
    "chapter": "detection",
    "question": HOSTILE,
    "verdict": "holds",
    "answer": f"Yes: {HOSTILE}",
    "code": "explainers.a.b",
    "test": "tests/test_a.py::test_b",
}


def rendered(name: str, used: set[str] | None = None, **what: Any) -> Any:
    """A template, rendered without any method of Python's and with nothing undefined."""
    seen = used if used is not None else set()

    def load(name: str) -> str | None:
        seen.add(name)
        ours = {"base.html": BASE, "language.html": LANGUAGE}
        files = [f for f in (OVERRIDES / name, THEME / name) if f.is_file()]
        return ours.get(name) or (files[0].read_text("utf-8") if files else None)

    engine = Environment(
        loader=load,
        undefined_behavior="strict",
        auto_escape_callback=lambda name: False,
        pycompat=False,
        filters={"url": lambda path: f"../{path}"},
    )
    made = heads.of_pages(Path("nowhere"), {}, [CLAIM], [], EDITION)
    place = {"name": EDITION.name, "authors": "A & B", "licence": LICENCE, "place": "/pooling/"}
    extra = {
        "heads": made,
        "colab": what.pop("colab", {}),
        "beside": {
            "https://host.example/pooling/notebooks/cost/": {
                "chapter": "A & B",
                "links": [
                    {"text": "text", "to": "cost/"},
                    {"text": "3 claims", "to": "claims/#cost"},
                ],
            },
            "https://host.example/pooling/cost/": {
                "chapter": "A & B",
                "links": [{"text": "notebook", "to": "notebooks/cost/"}],
            },
        },
        "edition": {"date": EDITION.date, "address": EDITION.address} | place,
        "release": what.pop("release", ""),
    }
    config = {
        "site_name": SITE,
        "extra": extra,
        "repo_url": "https://host.example/source",
        "repo_name": "source",
    }
    page = {
        "canonical_url": "https://host.example/pooling/claims/a-claim/",
        "content": "<h1>A claim</h1>",
        "file": {"name": "a-claim"},
    }
    text = engine.render_template(
        name,
        config=config,
        page=page | what,
        base_url="../..",
    )
    return html.document_fromstring(text)


def test_the_search_has_one_name() -> None:
    [search] = rendered("main.html").xpath("//*[@role='dialog']")
    assert search.get("aria-label") == "Search"


def test_every_override_is_rendered() -> None:
    used: set[str] = set()
    for name in ("main.html", "404.html"):
        rendered(name, used)
    ours = {
        path.relative_to(OVERRIDES).as_posix() for path in OVERRIDES.rglob("*") if path.is_file()
    }
    assert ours <= used


def test_the_engine_knows_no_methods() -> None:
    with pytest.raises(TemplateError):
        Environment(pycompat=False).render_str("{{ 'a/'.rstrip('/') }}")


def test_what_records_say_stays_words_in_the_head() -> None:
    page = rendered("main.html")
    metas = {m.get("name") or m.get("property"): m.get("content") for m in page.iter("meta")}
    for name in ("og:title", "citation_title", "DC.title"):
        assert metas[name] == HOSTILE
    for name in ("og:description", "DC.description"):
        assert metas[name] == CLAIM["answer"]
    assert metas["og:image:alt"] == f"Holds: {CLAIM['answer']}"
    [script] = page.xpath("//script")
    data = json.loads(script.text)
    assert data["headline"] == data["mainEntity"]["name"] == HOSTILE
    assert page.xpath("//b") == []


def test_a_page_that_has_no_head_is_rendered_without() -> None:
    page = rendered("main.html", canonical_url="https://host.example/elsewhere/")
    assert page.xpath("//meta[@name='citation_title']") == []
    assert page.xpath("//h1")


def test_a_release_has_a_banner_and_a_notebook_its_file() -> None:
    plain = rendered("main.html")
    assert "This is version" not in plain.text_content()
    assert plain.xpath("//p[@class='download']") == []
    page = rendered(
        "main.html", release="1.2.3", content='<div class="jupyter-wrapper"><h1>A</h1></div>'
    )
    assert "This is version 1.2.3, as released on 2026-11-05" in " ".join(
        page.text_content().split()
    )
    assert "../../../" in page.xpath("//a/@href")
    assert page.xpath("//p[@class='download']/a/@href") == ["a-claim.ipynb"]
    colab = {"a-claim": "https://colab.example/a-claim.ipynb"}
    page = rendered("main.html", colab=colab, content='<div class="jupyter-wrapper"></div>')
    assert page.xpath("//p[@class='download']/a/@href") == ["a-claim.ipynb", *colab.values()]


def test_what_belongs_to_a_chapter_stands_below_it_and_below_its_notebook() -> None:
    assert rendered("main.html").xpath("//nav[@class='beside']") == []
    chapter = rendered("main.html", canonical_url="https://host.example/pooling/cost/")
    [link] = chapter.xpath("//nav[@class='beside']/a")
    assert (link.text, link.get("href")) == ("notebook", "../notebooks/cost/")
    notebook = rendered(
        "main.html",
        canonical_url="https://host.example/pooling/notebooks/cost/",
        content='<div class="jupyter-wrapper"><h1>A</h1></div>',
    )
    assert [(a.text, a.get("href")) for a in notebook.xpath("//nav[@class='beside']/a")] == [
        ("text", "../cost/"),
        ("3 claims", "../claims/#cost"),
    ]
    assert notebook.xpath("//p[@class='download']/a")[0].text == "A & B"
    assert notebook.xpath("//p[@class='download']/a/@href") == ["../cost/", "a-claim.ipynb"]


# ---- What the heads are made of ----


def of_pages(root: Path, **made: str) -> Mapping[str, Mapping[str, str]]:
    pages = {f"{name}.md": text.encode() for name, text in made.items()}
    return heads.of_pages(root, pages, [CLAIM], [], EDITION)


def test_a_page_s_head_comes_from_its_front_matter_or_its_heading(tmp_path: Path) -> None:
    (tmp_path / "docs" / "notebooks").mkdir(parents=True)
    (tmp_path / "docs" / "index.md").write_text(
        "---\ntitle: A &lt; b?\ndescription: D.\n---\n# x\n"
    )
    (tmp_path / "docs" / "how.md").write_text("# How *it* is made {#top}\n\ntext\n")
    (tmp_path / "docs" / "changes.md").write_text("# Of an older build\n")
    notebook = "# ---\n# jupyter: a\n# ---\n\n# %% [markdown]\n# # Numbers\n#\n# Text.\n"
    (tmp_path / "docs" / "notebooks" / "cost.py").write_text(notebook)
    found = of_pages(tmp_path, changes="---\ntitle: Changes\n---\n", detection="# Detectors\n")
    titles = {address: head["title"] for address, head in found.items()}
    assert titles == {
        EDITION.address: "A < b?",
        f"{EDITION.address}how/": "How *it* is made",
        f"{EDITION.address}changes/": "Changes",
        f"{EDITION.address}detection/": "Detectors",
        f"{EDITION.address}notebooks/cost/": "Numbers",
        f"{EDITION.address}claims/a-claim/": HOSTILE,
    }
    assert found[EDITION.address]["description"] == "D."
    assert found[f"{EDITION.address}how/"]["description"] == DESCRIPTION


def test_a_chapter_s_head_has_its_claims_and_its_own_preview(tmp_path: Path) -> None:
    head = of_pages(tmp_path, detection="# Detectors\n")[f"{EDITION.address}detection/"]
    data = json.loads(head["linked_data"])
    assert [part["name"] for part in data["hasPart"]] == [HOSTILE]
    assert data["@type"] == ["TechArticle", "LearningResource"]
    assert head["preview"] == f"{EDITION.address}previews/detection.png"
