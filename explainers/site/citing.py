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
        What it says, in one or two sentences of plain text; may be empty.
    formula, snippet, prints
        The law in TeX, the lines that reach the numbers, and the numbers.
    package, about
        Whether these lines need this package; whether they simulate, and only come near.
    picture, alt
        The PNG's address from the site's root, and what it shows in words.
    credit
        Whom else to credit.
    """

    kind: str
    id: str
    title: str
    path: str
    says: str = ""
    formula: str = ""
    snippet: str = ""
    prints: tuple[str, ...] = ()
    package: bool = False
    about: bool = False
    picture: str = ""
    alt: str = ""
    credit: str = ""

    @property
    def key(self) -> str:
        """The key that reference managers know it by."""
        return f"why-pooling-{self.kind}-{self.id}"


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
        snippet=claim["snippet"],
        prints=tuple(shown(claim["values"][name]["value"]) for name in claim["prints"]),
        package=claim["package"],
        about=claim["within"] > 0,
        picture=picture(figure),
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


def shown(value: float) -> str:
    """A number as text: whole ones in full, others with four significant digits.

    >>> shown(15470264320), shown(0.99838), shown(-2.0)
    ('15470264320', '0.9984', '-2')
    """
    return str(value) if isinstance(value, int) else f"{value:.4g}"


def plain(markdown: str) -> str:
    """The words of a text without its marks.

    >>> plain("the *max* of `k` over $k^2$")
    'the max of k over k^2'
    """
    return re.sub(r"[*`$]|(?<=\\)\\", "", markdown)


def stackexchange(work: Work, edition: Edition) -> str:
    """An answer's paragraphs: the claim, its law, lines to run, the picture, one link."""
    link = f"[{_words(work.title)}]({edition.address}{work.path})"
    parts = [
        _words(work.says),
        f"$${work.formula}$$" if work.formula else "",
        _runnable(work),
        _image(work, edition),
        f"From {link}, *{SITE}*, {edition.name}, {edition.date}. "
        + " ".join(filter(None, ["CC BY 4.0.", work.credit])),
    ]
    return "\n\n".join(filter(None, parts))


def markdown(work: Work, edition: Edition) -> str:
    """A quotation with its picture, for a README, an issue or a notebook."""
    link = f"[{_words(work.title)}]({edition.address}{work.path})"
    parts = [
        f"> {_words(work.says)}" if work.says else "",
        _image(work, edition),
        f"{link}, *{SITE}*, {edition.name}, {edition.date}, CC BY 4.0. {work.credit}".rstrip(),
    ]
    return "\n\n".join(filter(None, parts))


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


def as_html(work: Work, edition: Edition) -> str:
    """A quotation with its picture, for a web page."""
    url = html.escape(edition.address + work.path)
    image = (
        f'\n  <img src="{html.escape(edition.address + work.picture)}" '
        f'alt="{html.escape(work.alt)}" width="720">'
        if work.picture
        else ""
    )
    quote = f"\n  <p>{html.escape(work.says, quote=False)}</p>" if work.says else ""
    credit = f" {html.escape(work.credit, quote=False)}" if work.credit else ""
    return (
        f'<blockquote cite="{url}">{quote}{image}\n'
        f'  <footer><a href="{url}">{html.escape(work.title, quote=False)}</a>, '
        f"<cite>{SITE}</cite>, {edition.name}, {edition.date}, CC BY 4.0.{credit}</footer>\n"
        "</blockquote>"
    )


def credit(work: Work, edition: Edition) -> str:
    """The line to put beside a figure wherever it is shown."""
    own = f"“{work.title}”, {AUTHORS}, {edition.address}{work.path}, CC BY 4.0."
    return f"{own} {CREDIT}" if PHOTOGRAPHER in work.says else own


FORMATS: dict[str, Callable[[Work, Edition], str]] = {
    "stackexchange": stackexchange,
    "markdown": markdown,
    "html": as_html,
    "apa": apa,
    "bibtex": bibtex,
    "csl-json": csl_json,
}
LABELS = {
    "stackexchange": "Stack Exchange",
    "markdown": "Markdown",
    "html": "HTML",
    "apa": "APA",
    "bibtex": "BibTeX",
    "csl-json": "CSL-JSON",
}


def _runnable(work: Work) -> str:
    """The lines of code, and what they print."""
    if not work.snippet:
        return ""
    needed = ", with the site's package (its page says how to get it)" if work.package else ""
    about = "about " if work.about else ""
    return (
        f"Run it yourself{needed}:\n\n```python\n{work.snippet.rstrip()}\n```\n\n"
        f"It prints {about}{_listed(work.prints)}."
    )


def _listed(numbers: tuple[str, ...]) -> str:
    """Numbers in a sentence.

    >>> _listed(("1", "2", "3"))
    '1, 2 and 3'
    """
    *first, last = numbers
    return f"{', '.join(first)} and {last}" if first else last


def _image(work: Work, edition: Edition) -> str:
    return f"![{_words(work.alt)}]({edition.address}{work.picture})" if work.picture else ""


def _words(text: str) -> str:
    r"""Plain words in Markdown: what would be markup there is escaped.

    >>> print(_words("[2] of k_1 * k_2 is <b>? $5, &amp;, conv1_2"))
    \[2\] of k_1 \* k_2 is &lt;b>? \$5, &amp;amp;, conv1_2
    """
    escaped = re.sub(r"[\\`*\[\]$~]|(?<![^\W_])_|_(?![^\W_])|^[#>+-](?=\s)", r"\\\g<0>", text)
    escaped = re.sub(r"^(\d+)(?=[.)]\s)", r"\1\\", escaped)
    return re.sub(r"&(?=#?\w+;)", "&amp;", escaped).replace("<", "&lt;")


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
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "…": r"\ldots{}"}
    | {"–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'"}
)


def _ended(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else f"{title}."
