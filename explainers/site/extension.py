r"""The Markdown extension: numbers, claims, figures and maths in pages.

Pages write tags in double braces; code is left alone, and an unknown id fails the build.

=========================  ====================================================================
``{{ claim.value:.1% }}``  a value of a claim, in Python's format language; ``value.low`` and
                           ``value.high`` are the ends of its interval; or a setting of it
``{{ claim.it:words }}``     the same as one says it, with three digits: 15.5 billion
``{{ says ID }}``          what a claim asserts, in a sentence, with its condition
``{{ says ID long }}``     the same with its numbers
``{{ cite source }}``      a link to a source
``{{ claim ID }}``         a claim, with its verdict (on a line of its own, like all below)
``{{ figure ID }}``        a figure with its caption
``{{ thumbnail ID }}``     a small figure that links to its page
``{{ lab PAGE }}``         a page's lab: its first frame, and what its script needs
``{{ table ID }}``         the data that a figure shows, as a table
``{{ copy claims/ID }}``   a claim in the forms that others paste; ``figures/ID``: a figure
``{{ install }}``          how to get the package, of this very edition
``{{ appendix CHAPTER }}`` how to cite a chapter, and the sources that its page cites
``{{ verdicts }}``         the thread's claims decided so far; ``{{ verdicts CHAPTER }}``: by one
``{{ claims CHAPTER }}``   the list of a chapter's claims, each with its number and its verdict
``{{ legend }}``           what the signs of the verdicts mean
``{{ files ID }}``         a figure's files, with their sizes, and the line that credits it
``{{ modules PAGE NAME }}``  the names in a module, each a link to where a page describes it
``{{ references }}``       the list of all sources
``{{ questions NAME }}``   a group of the questions, with answers; or those that a page answers
``[term](glossary.md#id)`` a link that carries the term's meaning (explainers.site.terms)
``$…$`` and ``$$…$$``      TeX, as MathML; a dollar is written ``\$``
=========================  ====================================================================
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString
from math_core import LatexToMathML

from explainers import citing
from explainers.catalogue import CHAPTERS
from explainers.edition import Edition
from explainers.lookup import did_you_mean
from explainers.questions import QUESTIONS, Question
from explainers.site import panels, reference, terms
from explainers.site.elements import element, emphasised, inside, link, words
from explainers.sources import SOURCES
from explainers.wording import written

_TAG = r"\{\{\s*([^{}]+?)\s*\}\}"
_VALUE = re.compile(
    r"(?P<claim>[a-z0-9-]+)\.(?P<value>\w+)(?:\.(?P<end>low|high))?(?::(?P<format>[^\s]+))?"
)
_MATHS = LatexToMathML()
_THEMES = ("light", "dark")


class TagError(ValueError):
    """A page asks for something that is not there."""


class Artefacts:
    """What the package has computed, read from the files that it wrote for the pages."""

    def __init__(self, docs: Path) -> None:
        self.docs = docs

    @property
    def catalogue(self) -> dict[str, Any]:
        """The content of claims.json."""
        content: dict[str, Any] = _content(self._path("claims.json"))
        return content

    @functools.cached_property
    def claims(self) -> dict[str, Any]:
        """The claims by id."""
        return {claim["id"]: claim for claim in self.catalogue["claims"]}

    @functools.cached_property
    def figures(self) -> dict[str, Any]:
        """The figures by id."""
        return {figure["id"]: figure for figure in _content(self._path("figures.json"))}

    @property
    def edition(self) -> Edition:
        """Which edition of the site the pages are."""
        return Edition(**self.catalogue["edition"])

    def svg(self, id: str) -> str:
        """The figure as SVG in the colours of the page."""
        return self._read(f"figures/{id}/inline.svg")

    def table(self, id: str) -> list[list[str]]:
        """The data that the figure shows: a row of names, then the rows."""
        return list(csv.reader(io.StringIO(self._read(f"figures/{id}/{id}.csv"), newline="")))

    @functools.cached_property
    def labs(self) -> dict[str, Any]:
        """What each page's lab is given, by the page."""
        return {path.stem: _content(path) for path in sorted(self.docs.glob("labs/*.json"))}

    def thumbnail(self, id: str, theme: str) -> tuple[int, int]:
        """Width and height of the figure's small picture, in pixels."""
        head = self._path(_thumbnail(id, theme)).read_bytes()[:24]
        if not head.startswith(b"\x89PNG") or len(head) < 24:
            raise TagError(f"{_thumbnail(id, theme)} is no PNG: run “explainers build” again")
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")

    def size(self, name: str) -> int:
        """How many bytes a file has."""
        return self._path(name).stat().st_size

    def _read(self, name: str) -> str:
        return self._path(name).read_text(encoding="utf-8")

    def _path(self, name: str) -> Path:
        path = self.docs / name
        if not path.is_file():
            raise TagError(f"{path} is not there: run “explainers build” first")
        return path


def _thumbnail(id: str, theme: str) -> str:
    return f"figures/{id}/thumb-{theme}.png"


def _content(path: Path) -> Any:
    """The content of a JSON file, read once: the site builder makes an extension for each page."""
    status = path.stat()
    return _parsed(path, status.st_mtime_ns, status.st_size, status.st_ino)


@functools.lru_cache(maxsize=4)
def _parsed(path: Path, *_: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def look_up(kind: str, known: Mapping[str, Any], wanted: str, tag: str) -> Any:
    """Return the entry, or raise an error that names the tag and the nearest ids."""
    if wanted in known:
        return known[wanted]
    hint = did_you_mean(wanted, known)
    raise TagError(f"{{{{ {tag} }}}}: there is no {kind} “{wanted}”{hint}")


def _conditional(said: str, claim: Mapping[str, Any]) -> str:
    """A sentence with its condition: what is asserted is never said without it.

    >>> _conditional("The map stays.", {"condition": "the peak stays in its window."})
    'The map stays, if the peak stays in its window. '
    """
    if not claim["condition"]:
        return f"{said} "
    return f"{said.removesuffix('.')}, if {claim['condition'].removesuffix('.')}. "


def _verdict(record: Mapping[str, Any]) -> Element:
    """A verdict with its sign, as a link to what it means."""
    verdict = _signed(record)
    term = inside(link("", f"glossary.md#{_kind(record)}", "verdict__term"), verdict)
    term.tail = words(f" ({record['part']}) ") if record.get("part") else " "
    return term


def _signed(record: Mapping[str, Any]) -> Element:
    return element("strong", "verdict", words((record["verdict"] or "fact").capitalize()))


def _kind(record: Mapping[str, Any]) -> str:
    """What the style sheet and the glossary know a verdict by."""
    kind: str = (record["verdict"] or "fact").replace(" ", "-")
    return kind


def _named(made: Element, name: str) -> Element:
    """The link, with a name that tells it from its like, for those who hear a list of them."""
    made.set("aria-label", words(name))
    return made


def _data_verdict(record: Mapping[str, Any]) -> dict[str, str]:
    return {"data-verdict": _kind(record)}


def _grid(parent: Element) -> Element:
    """The grid that thumbnails stand in, one after the other."""
    if not len(parent) or parent[-1].get("class") != "thumbnails":
        parent.append(element("div", "thumbnails"))
    return parent[-1]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class InlineTags(InlineProcessor):
    """Values and citations, inside a sentence."""

    def __init__(self, artefacts: Artefacts, md: Markdown) -> None:
        super().__init__(_TAG, md)
        self.artefacts = artefacts

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        """Replace one tag."""
        return self.replaced(m[1]), m.start(0), m.end(0)

    def replaced(self, tag: str) -> Element:
        """The element that a tag stands for."""
        kind, _, wanted = tag.partition(" ")
        if kind == "cite" and wanted:
            source = look_up("source", SOURCES, wanted, tag)
            return link(source.short, f"references.md#{wanted}", "cite")
        if kind == "says" and wanted:
            return self.says(wanted, tag)
        if match := _VALUE.fullmatch(tag):
            return self.value(tag, **match.groupdict())
        if kind in BlockTags.KINDS:
            raise TagError(f"{{{{ {tag} }}}}: must stand alone, between empty lines")
        raise TagError(f"{{{{ {tag} }}}}: unknown tag; see explainers.site.extension")

    def says(self, wanted: str, tag: str) -> Element:
        """A claim's judged sentence, or its numbers, with its condition, as a link to it."""
        id, _, length = wanted.partition(" ")
        claim = look_up("claim", self.artefacts.claims, id, tag)
        if length not in ("", "long"):
            raise TagError(f"{{{{ {tag} }}}}: says takes an id, and “long” at most")
        if claim["verdict"] not in ("holds", "holds on condition"):
            what = claim["verdict"] or "is a fact, and asserts nothing"
            raise TagError(f"{{{{ {tag} }}}}: nothing to quote: {id} {what}")
        said = claim["statement"] if length else claim["says"]
        quoted = emphasised(
            element("span", "says", **{"data-claim": id}), _conditional(said, claim)
        )
        why = link("why", f"claims/{id}.md", "says__why")
        return inside(quoted, _named(why, f"why: {claim['question']}"))

    def value(
        self, tag: str, claim: str, value: str, end: str | None, format: str | None
    ) -> Element:
        """A value with its full precision and its claim beside the text."""
        record = look_up("claim", self.artefacts.claims, claim, tag)
        known = look_up(f"value of {claim}", _settings_of(record) | record["values"], value, tag)
        number = look_up(f"end of {claim}.{value}", known, end or "value", tag)
        return element(
            "data",
            "value",
            formatted(number, format, tag),
            **{
                "value": repr(number),
                "title": words(f"{known['meaning']} ({_settings(record)})"),
                "data-claim": claim,
            },
        )


def _settings_of(claim: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a claim is set to on its page, by name, each as a value."""
    return {
        p["name"]: {"value": p["default"], "meaning": p["meaning"]} for p in claim["parameters"]
    }


def _settings(claim: Mapping[str, Any]) -> str:
    """The function that computes a claim's numbers, and the settings on the page."""
    settings = "".join(f", {p['name']} = {p['default']}" for p in claim["parameters"])
    return f"{claim['code'].removeprefix('explainers.')}{settings}"


def formatted(number: float, format: str | None, tag: str) -> str:
    """Write a number as the tag asks, or with four significant digits.

    >>> formatted(0.99838, ".1%", ""), formatted(1200, None, ""), formatted(5e9, "words", "")
    ('99.8%', '1200', '5 billion')
    """
    try:
        return written(number, format)
    except ValueError as error:
        raise TagError(f"{{{{ {tag} }}}}: {error}") from None


class Page(Preprocessor):
    """Remembers the page's text, code left out: an appendix lists what it cites."""

    text = ""

    def run(self, lines: list[str]) -> list[str]:
        """Keep the lines, and hand them on."""
        self.text = "\n".join(lines)
        return lines


class BlockTags(BlockProcessor):
    """Claims, figures and tables, on a line of their own."""

    KINDS = (
        "claim",
        "figure",
        "thumbnail",
        "lab",
        "table",
        "verdicts",
        "claims",
        "legend",
        "files",
        "modules",
        "references",
        "questions",
        "copy",
        "install",
        "appendix",
    )

    def __init__(self, artefacts: Artefacts, page: Page, md: Markdown) -> None:
        super().__init__(md.parser)
        self.md = md
        self.page = page
        self.artefacts = artefacts

    def test(self, parent: Element, block: str) -> bool:
        """Whether the block is one of our tags, alone."""
        match = re.fullmatch(_TAG, block.strip())
        return match is not None and match[1].partition(" ")[0] in self.KINDS

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Replace the tag by what it stands for."""
        tag = blocks.pop(0).strip().strip("{} \t")
        kind, _, wanted = tag.partition(" ")
        made = getattr(self, kind)(wanted.strip(), tag)
        (_grid(parent) if kind == "thumbnail" else parent).append(made)

    def claim(self, id: str, tag: str) -> Element:
        """A claim: verdict, statement, condition."""
        claim = look_up("claim", self.artefacts.claims, id, tag)
        name = {"aria-label": words(f"Claim: {claim['question']}")}
        card = element("section", "claim", id=f"claim-{id}", **_data_verdict(claim), **name)
        question = link(claim["question"], f"claims/{id}.md", "claim__question")
        inside(card, inside(element("p", "claim__head"), _verdict(claim), question))
        if claim["verdict"]:
            said = element("p", "claim__says")
            refuted = "" if claim["verdict"] != "does not hold" else "Not so: "
            inside(card, emphasised(said, refuted + _conditional(claim["says"], claim).rstrip()))
        inside(card, element("p", "claim__statement", _as_tags(claim)))
        if claim["otherwise"]:
            inside(card, emphasised(element("p", "claim__condition"), claim["otherwise"]))
        if claim["kind"] == "fact":
            rival = f" {claim['rival']}" if claim["rival"] else ""
            counted = f"Convention: {claim['convention']}{rival}"
            inside(card, emphasised(element("p", "claim__condition"), counted))
        return inside(card, self._claim_foot(claim))

    def _claim_foot(self, claim: Mapping[str, Any]) -> Element:
        """What one takes along from a claim: its sentence, its forms to cite, its place here."""
        id, question, edition = claim["id"], claim["question"], self.artefacts.edition
        work = citing.Work("claim", id, question, claim["url"], says=claim["answer"])
        sentence = citing.short(work, edition)
        forms = _named(link("Cite", f"claims/{id}.md#cite"), f"Cite: {question}")
        here = _named(element("a", text="Link", href=f"#claim-{id}"), f"Link to here: {question}")
        foot = element("p", "claim__foot", **panels.to_copy(question, edition, sentence=sentence))
        return inside(foot, forms, here)

    def figure(self, id: str, tag: str) -> Element:
        """A figure with its caption."""
        record = look_up("figure", self.artefacts.figures, id, tag)
        title = record["title"] + ("" if record["title"].endswith("?") else ".")
        name = element("strong", text=words(title))
        name.tail = f" {record['caption']} "
        more = link("About this figure", f"figures/{id}.md", "plot__more")
        _named(more, f"About this figure: {record['title']}")
        caption = inside(element("figcaption"), name, inside(self._figure_foot(record), more))
        return inside(element("figure", "plot", id=f"figure-{id}"), self._canvas(id), caption)

    def _figure_foot(self, record: Mapping[str, Any]) -> Element:
        """What one takes along from a figure: where its picture is, and whom to credit."""
        work, edition = citing.of_figure(record), self.artefacts.edition
        address, credit = edition.address + work.picture, citing.credit(work, edition)
        texts = panels.to_copy(work.title, edition, address=address, credit=credit)
        return element("span", "plot__foot", **texts)

    def thumbnail(self, id: str, tag: str) -> Element:
        """A small figure that links to its page."""
        record = look_up("figure", self.artefacts.figures, id, tag)
        caption = inside(element("figcaption"), link(record["title"], f"figures/{id}.md"))
        canvas = inside(element("div", "plot__canvas"), *map(self._picture(record), _THEMES))
        return inside(element("figure", "plot plot--small"), canvas, caption)

    def _picture(self, record: Mapping[str, Any]) -> Callable[[str], Element]:
        """The figure's small picture in a theme; the theme's switch shows one of them."""

        def picture(theme: str) -> Element:
            id = record["id"]
            width, height = self.artefacts.thumbnail(id, theme)
            return element(
                "img",
                src=f"/{_thumbnail(id, theme)}#only-{theme}",
                alt=words(record["alt"]),
                width=str(width),
                height=str(height),
                loading="lazy",
            )

        return picture

    def lab(self, page: str, tag: str) -> Element:
        """A lab's first frame; a script takes it over, and needs no request for its data."""
        given = look_up("lab", self.artefacts.labs, page, tag)
        data = json.dumps(given["data"], ensure_ascii=False, separators=(",", ":"))
        data = data.replace("<", "\\u003c")  # or a text might end the script
        inner = (
            f'{given["frame"]}<div class="lab__controls"></div>'
            f'<script type="application/json">{data}</script>'
        )
        attributes = {"id": "lab", "data-search-exclude": ""}
        return element(given["element"], "lab", self.md.htmlStash.store(inner), **attributes)

    def table(self, id: str, tag: str) -> Element:
        """The data that a figure shows."""
        record = look_up("figure", self.artefacts.figures, id, tag)
        head, *rows = self.artefacts.table(id)
        numeric = [all(map(_is_number, filter(None, column))) for column in zip(*rows, strict=True)]
        css = ["text-align: right;" if number else "" for number in numeric]
        return inside(
            element("div", "data-table", tabindex="0", role="region", **_labelled(record)),
            inside(
                element("table"),
                inside(element("thead"), _table_row("th", head, css)),
                inside(
                    element("tbody"),
                    *(_table_row("td", map(_readable, row), css) for row in rows),
                ),
            ),
        )

    def verdicts(self, chapter: str, tag: str) -> Element:
        """The thread's claims that are decided so far, or those that one chapter decides."""
        rulings = sorted(self.artefacts.catalogue["rulings"], key=lambda r: r["examines"])
        if chapter:
            look_up("chapter", {ruling["chapter"]: ruling for ruling in rulings}, chapter, tag)
            rulings = [ruling for ruling in rulings if ruling["chapter"] == chapter]
        rows = [self._ruling(ruling, tag) for ruling in rulings]
        head = [element("th", text=text) for text in ("Claim", "The thread says", "We find")]
        return inside(
            element("table", "verdicts"),
            inside(element("thead"), inside(element("tr"), *head)),
            inside(element("tbody"), *rows),
        )

    def claims(self, chapter: str, tag: str) -> Element:
        """A chapter's claims: question, verdict, and the number that each is about."""
        look_up("chapter", {c.id: c for c in CHAPTERS}, chapter, tag)
        claims = self.artefacts.claims.values()
        rows = [self._row(claim) for claim in claims if claim["chapter"] == chapter]
        return inside(element("ul", "claims"), *rows)

    def _row(self, claim: Mapping[str, Any]) -> Element:
        name, number = headline(claim)
        value = claim["values"][name]
        found = inside(
            element("span", "claims__found"),
            _signed(claim),
            element("data", "value", number, value=repr(value["value"])),
            element("span", "claims__meaning", words(value["meaning"])),
        )
        question = link(claim["question"], f"claims/{claim['id']}.md", "claims__question")
        return inside(element("li", **_data_verdict(claim)), question, found)

    def legend(self, _: str, tag: str) -> Element:
        """The signs of the verdicts, each with its meaning, as the glossary has it."""
        known = terms.read(self.artefacts.docs)
        signs = element("dl", "legend")
        for verdict in ("holds", "holds on condition", "does not hold", None):
            record = {"verdict": verdict}
            meaning = look_up("term in the glossary", known, _kind(record), tag)
            term = inside(element("dt", **_data_verdict(record)), _signed(record))
            inside(signs, term, element("dd", text=words(meaning)))
        return signs

    def copy(self, wanted: str, tag: str) -> Element:
        """A claim or a figure in every form that it is cited in."""
        kind, _, id = wanted.partition("/")
        if kind == "claims":
            claim = look_up("claim", self.artefacts.claims, id, tag)
            figure = look_up("figure", self.artefacts.figures, claim["figure"], tag)
            work = citing.of_claim(claim, figure)
        elif kind == "figures":
            work = citing.of_figure(look_up("figure", self.artefacts.figures, id, tag))
        else:
            raise TagError(f"{{{{ {tag} }}}}: copy takes claims/ID or figures/ID")
        return panels.copy_panel(work, self.artefacts.edition, self.md.htmlStash.store)

    def files(self, id: str, tag: str) -> Element:
        """A figure's files, each with its size, and the line that credits the figure."""
        record = look_up("figure", self.artefacts.figures, id, tag)
        files = [self._file(record, name) for name in sorted(record["files"], key=_as_listed)]
        credit = citing.credit(citing.of_figure(record), self.artefacts.edition)
        line = panels.line_to_copy(credit, "credit line", self.md.htmlStash.store)
        return inside(element("div", "files"), inside(element("ul"), *files), line)

    def _file(self, record: Mapping[str, Any], name: str) -> Element:
        path = f"figures/{record['id']}/{name}"
        item = inside(element("li"), link(_kind_of_file(name), path))
        item[0].tail = words(f", {self.artefacts.size(path) / 1000:.0f} kB")
        return item

    def modules(self, wanted: str, tag: str) -> Element:
        """The names in a module of the package, each a link to where a page describes it."""
        page, _, module = wanted.partition(" ")
        try:
            return reference.index(module, page)
        except LookupError as error:
            raise TagError(f"{{{{ {tag} }}}}: {error}") from None

    def install(self, _: str, tag: str) -> Element:
        """How to get the package, of this very edition."""
        edition = self.artefacts.edition
        code = element("code", text=AtomicString(f"$ {citing.install(edition)}"))
        return panels.told_where(edition, inside(element("pre"), code))

    def appendix(self, chapter: str, tag: str) -> Element:
        """How to cite a chapter, and the sources that its page cites."""
        title = look_up("chapter", {c.id: c.title for c in CHAPTERS}, chapter, tag)
        work = citing.of_chapter(chapter, title)
        cited = sorted(self._cited(tag))
        return panels.appendix(work, self.artefacts.edition, cited, self.md.htmlStash.store)

    def _cited(self, tag: str) -> set[str]:
        """The sources that the page cites, itself or in the claims that it shows."""
        claims = [
            look_up("claim", self.artefacts.claims, id, tag)
            for id in re.findall(r"\{\{\s*claim ([a-z0-9-]+)\s*\}\}", self.page.text)
        ]
        own = set(re.findall(r"\{\{\s*cite ([a-z0-9-]+)\s*\}\}", self.page.text))
        return own | {source["key"] for claim in claims for source in claim["sources"]}

    def references(self, _: str, tag: str) -> Element:
        """All sources, each with an anchor."""
        items = [
            inside(
                element("li", text=words(f"{source.reference} "), id=key),
                element("a", text=words(source.link), href=source.link),
            )
            for key, source in sorted(SOURCES.items())
        ]
        return inside(element("ul", "references"), *items)

    def questions(self, name: str, tag: str) -> Element:
        """The questions of a group, with their answers; or the list of those a page answers."""
        groups = {question.group for question in QUESTIONS}
        pages = {question.page for question in QUESTIONS}
        look_up("group or page of questions", dict.fromkeys(groups | pages), name, tag)
        if name in groups:
            asked = [self._question(q, tag) for q in QUESTIONS if q.group == name]
            return inside(element("div", "questions"), *asked)
        items = [inside(element("li"), _answer(q)) for q in QUESTIONS if q.page == name]
        return inside(element("ul", "questions"), *items)

    def _question(self, question: Question, tag: str) -> Element:
        # The claims' own words are on their pages: in the search index they would be noise here.
        attributes = {"data-search-exclude": "", "aria-label": "The claims that it rests on"}
        claims = element("ul", "question__claims", **attributes)
        for id in question.claims:
            claim = look_up("claim", self.artefacts.claims, id, tag)
            inside(claims, inside(element("li"), link(claim["question"], f"claims/{id}.md")))
        return inside(
            element("section", "question"),
            inside(element("h3", id=question.id), _answer(question)),
            element("p", text=question.short),
            claims,
        )

    def _canvas(self, id: str) -> Element:
        canvas = element("div", "plot__canvas", self.md.htmlStash.store(self.artefacts.svg(id)))
        # Tick labels in the search index would drown the text.
        canvas.set("data-search-exclude", "")
        return canvas

    def _ruling(self, ruling: Mapping[str, Any], tag: str) -> Element:
        for id in ruling["rests_on"]:
            look_up("claim", self.artefacts.claims, id, tag)
        why = emphasised(element("span", "verdicts__why"), f"{_sentence(ruling['condition'])} ")
        read = link("Read why", f"{ruling['chapter']}.md")
        found = inside(
            element("td"),
            _verdict(ruling),
            inside(why, _named(read, f"Read why: {ruling['says']} {ruling['part']}".rstrip())),
        )
        return inside(
            element("tr", **_data_verdict(ruling)),
            element("th", text=words(ruling["examines"]), scope="row"),
            element("td", text=words(ruling["says"])),
            found,
        )


def headline(claim: Mapping[str, Any]) -> tuple[str, str]:
    """The number that a claim is about: its value's name, and the number as the statement has it.

    It is the first that the claim's own lines of code print, of those that the statement names.
    """
    placed = dict(re.findall(r"\{(\w+)(?::([^{}]*))?\}", claim["template"]))
    name = next(name for name in claim["prints"] if name in placed)
    return name, formatted(claim["values"][name]["value"], placed[name], claim["id"])


def _as_listed(name: str) -> tuple[bool, bool, bool]:
    """Drawings before pixels before data, light before dark."""
    return name.endswith("csv"), name.endswith("png"), "-dark." in name


def _kind_of_file(name: str) -> str:
    """What a figure's file is, from its name.

    >>> _kind_of_file("or-gate-light.svg"), _kind_of_file("or-gate.csv")
    ('SVG, light', 'Data as CSV')
    """
    stem, _, ending = name.rpartition(".")
    theme = stem.rpartition("-")[2]
    return f"{ending.upper()}, {theme}" if theme in _THEMES else f"Data as {ending.upper()}"


def _answer(question: Question) -> Element:
    """The question as a link to its answer."""
    return link(question.text, f"{question.page}.md#{question.anchor}")


def _labelled(record: Mapping[str, Any]) -> dict[str, str]:
    return {"aria-label": words(f"Data of the figure: {record['title']}")}


def _table_row(tag: str, cells: Iterable[str], css: Iterable[str]) -> Element:
    styled = zip(cells, css, strict=True)
    return inside(
        element("tr"),
        *(
            element(tag, text=words(text), **({"style": css} if css else {}))
            for text, css in styled
        ),
    )


def _is_number(cell: str) -> bool:
    try:
        return bool(float(cell)) or True
    except ValueError:
        return False


def _readable(cell: str) -> str:
    """Write a cell of a figure's data for a person.

    >>> _readable("15470264320"), _readable("0.054499"), _readable("vgg16")
    ('15,470,264,320', '0.0545', 'vgg16')
    """
    if not cell or not _is_number(cell):
        return cell
    whole = cell.lstrip("-").isdecimal()
    return (f"{int(cell):,}" if whole else f"{float(cell):.3g}").replace("-", "−")


def _as_tags(claim: Mapping[str, Any]) -> str:
    """The claim's statement, its placeholders written as tags, so that its numbers are marked."""
    names = "|".join(map(re.escape, claim["values"]))
    return re.sub(
        rf"\{{((?:{names})(?:\.low|\.high)?)(:[^}}]*)?\}}",
        rf"{{{{ {claim['id']}.\1\2 }}}}",
        claim["template"],
    )


class Maths:
    """TeX to MathML; a command that is not known is an error."""

    def __init__(self, md: Markdown) -> None:
        self.md = md

    def placeholder(self, tex: str, *, display: bool) -> str:
        """Convert, and leave a placeholder that later steps do not touch."""
        try:
            mathml = _MATHS.convert_with_local_state(tex, displaystyle=display)
        except Exception as error:
            raise TagError(f"${tex}$: {error}") from None
        return self.md.htmlStash.store(mathml)


class InlineMaths(InlineProcessor):
    """``$…$``."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"(?<![\\$\w])\$(?!\s)([^$\n]+?)(?<!\s)\$(?![\w$])", md)
        self.maths = Maths(md)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Replace one formula."""
        return self.maths.placeholder(m[1], display=False), m.start(0), m.end(0)


class BlockMaths(BlockProcessor):
    """``$$…$$`` on lines of their own."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md.parser)
        self.maths = Maths(md)

    def test(self, parent: Element, block: str) -> bool:
        """Whether the block is a formula, whole."""
        return re.fullmatch(r"\$\$.+\$\$", block.strip(), re.DOTALL) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Replace the formula."""
        tex = blocks.pop(0).strip().strip("$").strip()
        text = self.maths.placeholder(tex, display=True)
        parent.append(element("div", "formula", text))


class ExplainersExtension(Extension):
    """Everything above, for ``markdown_extensions`` in mkdocs.yml."""

    def __init__(self, **options: Any) -> None:
        self.config = {"docs": ["docs", "the pages' folder, where the artefacts are"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register after code spans (190) and code blocks (80), before everything else."""
        artefacts = Artefacts(Path(self.getConfig("docs")))
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        md.inlinePatterns.register(InlineMaths(md), "explainers-maths", 187)
        md.inlinePatterns.register(InlineTags(artefacts, md), "explainers-tags", 186)
        md.parser.blockprocessors.register(BlockMaths(md), "explainers-formulas", 78)
        page = Page(md)
        md.preprocessors.register(page, "explainers-page", 1)
        # After the text is parsed (20), before the site builder makes links relative (0).
        md.treeprocessors.register(terms.Meanings(artefacts.docs, md), "explainers-terms", 4)
        md.parser.blockprocessors.register(BlockTags(artefacts, page, md), "explainers-blocks", 77)


def makeExtension(**options: Any) -> ExplainersExtension:  # noqa: N802
    """Return the extension, as Python-Markdown wants it."""
    return ExplainersExtension(**options)
