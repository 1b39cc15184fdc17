"""What pages show of a citation: the texts to copy, in tabs that work without a script."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from explainers.citing import FORMATS, LABELS, Work, forms
from explainers.edition import SITE, Edition
from explainers.site.elements import element, inside, words
from explainers.sources import source

Store = Callable[[str], str]


def copy_panel(work: Work, edition: Edition, store: Store) -> Element:
    """The work in every form, each behind its tab; `store` keeps HTML as it is."""
    group, names = f"copy-{work.kind}-{work.id}", forms(work)
    inputs = [element("input", id=f"{group}-{name}", name=group, type="radio") for name in names]
    inputs[0].set("checked", "checked")
    labels = [element("label", text=LABELS[name], **{"for": f"{group}-{name}"}) for name in names]
    blocks = [
        element("div", "tabbed-block", store(_text(FORMATS[name](work, edition), LABELS[name])))
        for name in names
    ]
    tabs = inside(
        element("div", "tabbed-set tabbed-alternate copy", **{"data-tabs": f"1:{len(inputs)}"}),
        *inputs,
        inside(element("div", "tabbed-labels"), *labels),
        inside(element("div", "tabbed-content"), *blocks),
    )
    return told_where(edition, tabs)


def told_where(edition: Edition, texts: Element) -> Element:
    """Texts to copy; beside them, not in them, that their links cannot work if they cannot."""
    if edition.published:
        return texts
    line = f"This copy of the site is not published: links to {edition.address} lead nowhere yet."
    return inside(element("div"), element("p", "copy__note", words(line)), texts)


def to_copy(of: str, edition: Edition, **texts: str) -> dict[str, str]:
    """Attributes of an element to which the page's script adds a button for each of these texts."""
    said: dict[str, str] = {"data-of": words(of)}
    said |= {f"data-copy-{name}": words(text) for name, text in texts.items()}
    return said if edition.published else said | {"data-unpublished": ""}


def line_to_copy(text: str, label: str, store: Store) -> Element:
    """One line to copy, on its own."""
    return element("div", "copy-line", store(_text(text, label)))


def _text(text: str, label: str) -> str:
    """A text to copy; the page's script gives it a button."""
    # As HTML: the highlighter makes an element of its own of each block of code.
    escaped = html.escape(text, quote=False)
    return f'<pre class="copy__text" data-copy="{label}"><code>{escaped}</code></pre>'


def appendix(work: Work, edition: Edition, sources: Iterable[str], store: Store) -> Element:
    """How to cite a chapter, what it rests on, and which edition this is."""
    when = f"This is {edition.name}, of {edition.date}. {SITE} is published under CC BY 4.0."
    items = [_source(key) for key in sources]
    return inside(
        element("div", "appendix"),
        copy_panel(work, edition, store),
        element("p", "appendix__edition", when),
        element("p", text="It cites:"),
        inside(element("ul", "references references--short"), *items),
    )


def _source(key: str) -> Element:
    cited = source(key)
    link = element("a", text=words(cited.link), href=cited.link)
    return inside(element("li", text=words(f"{cited.reference} ")), link)
