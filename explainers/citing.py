"""What is pasted elsewhere: a claim, a figure or a chapter, in the form that each place takes.

Every form stands on its own: what is said, the number, the condition, where it is from. All are
made from the records of claims.json and figures.json, so that a page and the command line agree.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from explainers.edition import AUTHORS, SITE, Edition
from explainers.wording import sentences

Record = Mapping[str, Any]

PHOTOGRAPHER = "vultilion"  # the caption of a figure that shows the photograph names them
CREDIT = f"Photograph of the dahlia: {PHOTOGRAPHER}, CC BY 2.0, adapted."


@dataclass(frozen=True)
class Work:
    """What is cited.

    Attributes
    ----------
    kind, id
        ``claim``, ``figure`` or ``chapter``, and its permanent id.
    title
        The claim's question, the figure's or the chapter's title.
    path
        Its address, from the site's root.
    says
        What it says, in plain text; its first sentence stands alone. May be empty.
    formula, symbols
        The law in TeX, and what its symbols are.
    snippet, output
        The lines that reach the numbers, and what they print.
    package
        Whether these lines need this package.
    picture, shows, alt
        The PNG's address from the site's root, its title, and what it shows in words.
    credit
        Whom else to credit.
    """

    kind: str
    id: str
    title: str
    path: str
    says: str = ""
    formula: str = ""
    symbols: str = ""
    snippet: str = ""
    output: str = ""
    package: bool = False
    picture: str = ""
    shows: str = ""
    alt: str = ""
    credit: str = ""

    @property
    def key(self) -> str:
        """The key that reference managers know it by."""
        return f"why-pooling-{self.kind}-{self.id}"

    @property
    def said(self) -> str:
        """What it says, where lines are broken: no “2 × 2” is taken apart."""
        return self.says.replace(" × ", "\u00a0×\u00a0")


def of_claim(claim: Record, figure: Record) -> Work:
    """A claim, shown by a figure."""
    adapted = any(source["key"] == "dahlia" for source in claim["sources"])
    return Work(
        kind="claim",
        id=claim["id"],
        title=_line(claim["question"]),
        path=claim["url"],
        says=_line(claim["answer"]),
        formula=claim["formula"],
        symbols=claim["symbols"],
        snippet=claim["snippet"],
        output=claim["output"],
        package=claim["package"],
        picture=picture(figure),
        shows=_line(figure["title"]),
        alt=_line(figure["alt"]),
        credit=CREDIT if adapted else "",
    )


def of_figure(figure: Record) -> Work:
    """A figure, with what its caption says."""
    return Work(
        kind="figure",
        id=figure["id"],
        title=_line(figure["title"]),
        path=figure["url"],
        says=_line(plain(figure["caption"])),
        picture=picture(figure),
        shows=_line(figure["title"]),
        alt=_line(figure["alt"]),
    )


def of_chapter(id: str, title: str) -> Work:
    """A chapter."""
    return Work(kind="chapter", id=id, title=title, path=f"{id}/")


def _line(text: str) -> str:
    return " ".join(text.split())


def picture(figure: Record) -> str:
    """Where a figure's PNG stays."""
    return f"{figure['url']}{figure['id']}-light.png"


def plain(markdown: str) -> str:
    """The words of a text without its marks.

    >>> plain("the *max* of `k` over $k^2$")
    'the max of k over k^2'
    """
    return re.sub(r"[*`$]|(?<=\\)\\", "", markdown)


# ---- To read ----


def short(work: Work, edition: Edition) -> str:
    """One sentence and its link: for a comment, a chat, a message."""
    said = sentences(work.said)[0] if work.kind == "claim" else _ended(work.title)
    return f"{said} {edition.address}{work.path}"


def answer(work: Work, edition: Edition) -> str:
    """An answer with lines to run, for places that set no formulas: Stack Overflow, Reddit."""
    return _paragraphs(
        _words(work.said), _runnable(work, edition), f"From {_link(work, edition)}, CC BY 4.0."
    )


def stackexchange(work: Work, edition: Edition) -> str:
    """The whole of it: the answer, its law, lines to run, the picture, and which edition it is."""
    return _paragraphs(
        _words(work.said),
        f"With {_words(work.symbols)}:\n\n$${work.formula}$$" if work.formula else "",
        _runnable(work, edition),
        _image(work, edition),
        f"From {_link(work, edition)}, {_dated(edition)}, CC BY 4.0. {work.credit}".rstrip(),
    )


def markdown(work: Work, edition: Edition) -> str:
    """A quotation with its picture, for a README, an issue or a notebook."""
    return _paragraphs(
        f"> {_words(work.said)}" if work.said else "",
        _image(work, edition),
        f"{_link(work, edition)}, {_dated(edition)}, CC BY 4.0. {work.credit}".rstrip(),
    )


def plain_text(work: Work, edition: Edition) -> str:
    """A quotation without any markup, for a letter or a slide."""
    return _paragraphs(
        work.said,
        f"“{work.title}”, {SITE}, {_dated(edition)}, CC BY 4.0. {edition.address}{work.path}",
    )


def as_html(work: Work, edition: Edition) -> str:
    """A quotation with its picture, for a web page."""
    url = html.escape(edition.address + work.path)
    image = (
        f'\n  <img src="{html.escape(edition.address + work.picture)}" '
        f'alt="{html.escape(work.alt)}" width="720">'
        if work.picture
        else ""
    )
    quote = f"\n  <p>{html.escape(work.said, quote=False)}</p>" if work.said else ""
    credit = f" {html.escape(work.credit, quote=False)}" if work.credit else ""
    return (
        f'<blockquote cite="{url}">{quote}{image}\n'
        f'  <footer><a href="{url}">{html.escape(work.title, quote=False)}</a>, '
        f"<cite>{SITE}</cite>, {_dated(edition)}, CC BY 4.0.{credit}</footer>\n"
        "</blockquote>"
    )


def latex(work: Work, edition: Edition) -> str:
    """A paragraph of a LaTeX file, with its law, and its source in a footnote."""
    address = (edition.address + work.path).replace("%", r"\%")
    source = (
        rf"{_tex(AUTHORS)}: {_tex(f'“{work.title}”')}, \emph{{{_tex(SITE)}}}, "
        rf"{_tex(_dated(edition))}, \url{{{address}}}, CC BY 4.0."
    )
    law = [rf"With {_tex(work.symbols)}:", rf"\[ {work.formula} \]"] if work.formula else []
    return "\n".join(
        [
            r"% \usepackage{amsmath, amssymb, hyperref}",
            rf"{_tex(work.said or work.title)}\footnote{{{source}}}",
            *law,
        ]
    )


def wikipedia(work: Work, edition: Edition) -> str:
    """A reference in Wikipedia's wikitext, to stand between its tags for references."""
    fields = {
        "author": AUTHORS,
        "title": work.title,
        "url": edition.address + work.path,
        "website": SITE,
        "date": edition.date,
        "language": "en",
    }
    written = " ".join(f"|{name}={_wikitext(value)}" for name, value in fields.items())
    return f"{{{{cite web {written}}}}}"


# ---- To cite ----


def bibtex(work: Work, edition: Edition) -> str:
    """An entry that BibTeX and reference managers read."""
    day = edition.day
    fields = {
        "author": f"{{{_tex(AUTHORS)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "howpublished": _tex(SITE),
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "version": _tex(edition.version),
        "note": _tex(edition.note),
        "url": edition.address + work.path,
        "language": "english",
    }
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{work.key},", *lines, "}"])


def apa(work: Work, edition: Edition) -> str:
    """A reference in APA's style, as plain text."""
    day = edition.day
    when = f"{day.year}, {_MONTHS[day.month - 1]} {day.day}"
    return f"{AUTHORS}. ({when}). {_ended(work.title)} {SITE} {edition.address}{work.path}"


# Not from the calendar of the machine, which may speak another language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def csl_json(work: Work, edition: Edition) -> str:
    """An item that citation processors and reference managers import."""
    day = edition.day
    item = {
        "id": work.key,
        "type": "webpage",
        "title": work.title,
        "author": [{"literal": AUTHORS}],
        "container-title": SITE,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": edition.version,
        "note": edition.note,
        "abstract": work.says,
        "URL": edition.address + work.path,
        "language": "en",
    }
    filled = {name: value for name, value in item.items() if value}
    return json.dumps([filled], indent=2, ensure_ascii=False)


def ris(work: Work, edition: Edition) -> str:
    """A record in RIS, which reference managers import."""
    lines = [
        ("TY", "ELEC"),
        ("ID", work.key),
        ("AU", AUTHORS),
        ("TI", work.title),
        ("T2", SITE),
        ("PY", str(edition.day.year)),
        ("DA", edition.date.replace("-", "/")),
        ("ET", edition.version),
        ("AB", work.says),
        ("N1", edition.note),
        ("UR", edition.address + work.path),
        ("LA", "en"),
        ("ER", ""),
    ]
    return "\n".join(f"{tag}  - {text}" for tag, text in lines if text or tag == "ER")


def credit(work: Work, edition: Edition) -> str:
    """The line to put beside a figure wherever it is shown."""
    own = f"“{work.title}”, {AUTHORS}, {edition.address}{work.path}, CC BY 4.0."
    return f"{own} {CREDIT}" if PHOTOGRAPHER in work.says else own


# In the order in which they are offered: what most people post comes first.
FORMATS: dict[str, Callable[[Work, Edition], str]] = {
    "short": short,
    "answer": answer,
    "stackexchange": stackexchange,
    "markdown": markdown,
    "html": as_html,
    "plain": plain_text,
    "latex": latex,
    "wikipedia": wikipedia,
    "apa": apa,
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl_json,
}
LABELS = {
    "short": "Comment",
    "answer": "Answer",
    "stackexchange": "With formula and picture",
    "markdown": "Markdown",
    "html": "HTML",
    "plain": "Plain text",
    "latex": "LaTeX",
    "wikipedia": "Wikipedia",
    "apa": "APA",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl-json": "CSL-JSON",
}


def forms(work: Work) -> list[str]:
    """The forms that say something of their own: without code, an answer has nothing to run."""
    return [name for name in FORMATS if work.snippet or name != "answer"]


def install(edition: Edition) -> str:
    """The line that installs the package, of this very edition, from the site."""
    wheel = f"explainers-{edition.version}-py3-none-any.whl"
    return f"pip install {edition.address}package/{wheel}"


# ---- Their parts ----


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _link(work: Work, edition: Edition) -> str:
    return f"[{_words(work.title)}]({edition.address}{work.path}), *{SITE}*"


def _dated(edition: Edition) -> str:
    return f"version {edition.version}, {edition.date}"


def _runnable(work: Work, edition: Edition) -> str:
    """The lines of code, and what they print."""
    if not work.snippet:
        return ""
    needed = f"# {install(edition)}\n" if work.package else ""
    return (
        f"Run it yourself:\n\n```python\n{needed}{work.snippet.rstrip()}\n```\n\n"
        f"It prints:\n\n```text\n{work.output.rstrip()}\n```"
    )


def _image(work: Work, edition: Edition) -> str:
    """The picture, in as many words as stand well in a text; the page has them all."""
    if not work.picture:
        return ""
    return f"![{_words(in_brief(work))}]({edition.address}{work.picture})"


def in_brief(work: Work) -> str:
    """What a picture shows: its title, and how."""
    return f"{_ended(work.shows)} {sentences(work.alt)[0]}"


def _words(text: str) -> str:
    r"""Plain words in Markdown: what would be markup there is escaped.

    >>> print(_words("[2] of k_1 * k_2 is <b>? $5, &amp;, conv1_2"))
    \[2\] of k_1 \* k_2 is &lt;b>? \$5, &amp;amp;, conv1_2
    """
    escaped = re.sub(r"[\\`*\[\]$~]|(?<![^\W_])_|_(?![^\W_])|^[#>+-](?=\s)", r"\\\g<0>", text)
    escaped = re.sub(r"^(\d+)(?=[.)]\s)", r"\1\\", escaped)
    return re.sub(r"&(?=#?\w+;)", "&amp;", escaped).replace("<", "&lt;")


def _wikitext(text: str) -> str:
    """Plain words as a value in a template of Wikipedia's.

    >>> print(_wikitext("a | b [c] {{d}} <e>"))
    a {{!}} b &#91;c&#93; &#123;&#123;d&#125;&#125; &lt;e>
    """
    return text.translate(_WIKITEXT)


_WIKITEXT = str.maketrans(
    {"[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;"}
    | {"|": "{{!}}", "<": "&lt;", "&": "&amp;"}
)


def _tex(text: str) -> str:
    r"""Text in a BibTeX field, in signs that every TeX knows.

    >>> print(_tex("50% of 3 × 3, −1 to ∞"))
    50\% of 3 {$\times$} 3, {$-$}1 to {$\infty$}
    """
    return text.translate(_TEX)


# Braces too are written as commands: BibTeX counts them, even behind a backslash.
_COMMANDS = {
    "\\": "backslash", "{": "lbrace", "}": "rbrace", "×": "times", "±": "pm", "÷": "div",
    "·": "cdot", "√": "surd", "∞": "infty", "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx",
    "→": "rightarrow", "α": "alpha", "β": "beta", "λ": "lambda", "μ": "mu", "π": "pi", "σ": "sigma",
}  # fmt: skip
_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_"}
    | {sign: f"{{$\\{name}$}}" for sign, name in _COMMANDS.items()}
    | {"<": "{$<$}", ">": "{$>$}", "−": "{$-$}", "′": "{$'$}", "²": "{$^2$}", "³": "{$^3$}"}
    | {
        "\u00a0": "~",
        "▾": r"{$\blacktriangledown$}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "…": r"\ldots{}",
    }
    | {"–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'"}
)


def _ended(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else f"{title}."
