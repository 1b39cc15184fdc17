"""Tags on a line of their own: claims, figures, tables, and lists of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from explainers import citing
from explainers.catalogue import CHAPTERS
from explainers.questions import QUESTIONS, Question
from explainers.site import panels, reference, terms
from explainers.site.computed import (
    TAG,
    Artefacts,
    TagError,
    conditional,
    formatted,
    look_up,
    thumbnail_file,
)
from explainers.site.elements import element, emphasised, inside, link, named, words
from explainers.sources import SOURCES

_THEMES = ("light", "dark")


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


def _data_verdict(record: Mapping[str, Any]) -> dict[str, str]:
    return {"data-verdict": _kind(record)}


def _grid(parent: Element) -> Element:
    """The grid that thumbnails stand in, one after the other."""
    if not len(parent) or parent[-1].get("class") != "thumbnails":
        parent.append(element("div", "thumbnails"))
    return parent[-1]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


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
        "arguments",
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
        match = re.fullmatch(TAG, block.strip())
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
            inside(card, emphasised(said, refuted + conditional(claim["says"], claim).rstrip()))
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
        forms = named(link("Cite", f"claims/{id}.md#cite"), f"Cite: {question}")
        here = named(element("a", text="Link", href=f"#claim-{id}"), f"Link to here: {question}")
        foot = element("p", "claim__foot", **panels.to_copy(question, edition, sentence=sentence))
        return inside(foot, forms, here)

    def figure(self, id: str, tag: str) -> Element:
        """A figure with its caption."""
        record = look_up("figure", self.artefacts.figures, id, tag)
        title = record["title"] + ("" if record["title"].endswith("?") else ".")
        name = element("strong", text=words(title))
        name.tail = f" {record['caption']} "
        more = link("About this figure", f"figures/{id}.md", "plot__more")
        named(more, f"About this figure: {record['title']}")
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
                src=f"/{thumbnail_file(id, theme)}#only-{theme}",
                alt=words(record["alt"]),
                width=str(width),
                height=str(height),
                loading="lazy",
            )

        return picture

    def lab(self, page: str, tag: str) -> Element:
        """A lab's first frame; a script takes it over, and needs no request for its data."""
        page, _, part = page.partition(" ")
        given = look_up("lab", self.artefacts.labs, page, tag)
        if part:
            given = look_up(f"part of the lab of {page}", given.get("parts", {}), part, tag)
            frame = self.md.htmlStash.store(given["frame"])
            return element(given["element"], "whole", frame, **{"data-search-exclude": ""})
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

    def arguments(self, module: str, tag: str) -> Element:
        """What the arguments of a module's functions may be."""
        try:
            return reference.arguments(module)
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
            inside(why, named(read, f"Read why: {ruling['says']} {ruling['part']}".rstrip())),
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


def _as_listed(name: str) -> tuple[int, bool]:
    """Drawings before pixels before data, light before dark."""
    return ("svg", "pdf", "png", "csv").index(name.rpartition(".")[2]), "-dark." in name


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
