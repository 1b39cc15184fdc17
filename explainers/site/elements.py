"""HTML elements, as the Markdown extension makes them."""

from __future__ import annotations

from xml.etree.ElementTree import Element


def element(tag: str, css: str = "", text: str = "", **attributes: str) -> Element:
    """An element with a class, a text and attributes."""
    made = Element(tag, attributes | ({"class": css} if css else {}))
    made.text = text
    return made


def inside(parent: Element, *children: Element) -> Element:
    """The parent, with these children in it."""
    parent.extend(children)
    return parent


def link(text: str, page: str, css: str = "") -> Element:
    """A link to one of our pages."""
    # From the root of the pages: the site builder makes it relative, and checks it.
    return element("a", css, text, href=f"/{page}")
