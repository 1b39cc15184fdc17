"""HTML elements, as the Markdown extension makes them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.util import AtomicString


def words(text: str) -> AtomicString:
    """Plain words, as the text or an attribute of an element: no sign in them is markup or a tag.

    >>> words("a < b &lt; *c*")
    'a < b &amp;lt; *c*'
    """
    # The serializer escapes all signs, but takes what looks like an entity for one.
    # A space that no line breaks at is meant.
    return AtomicString(re.sub(r"[^\S\u00a0]+", " ", text).replace("&", "&amp;"))


def emphasised(parent: Element, text: str) -> Element:
    """The parent, with words in it of which only ``*emphasis*`` is markup."""
    first, *rest = re.split(r"\*([^*\s](?:[^*]*[^*\s])?)\*", text)
    parent.text = words(first)
    for stressed, after in zip(rest[::2], rest[1::2], strict=True):
        child = element("em", text=words(stressed))
        child.tail = words(after)
        parent.append(child)
    return parent


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
    """A link to one of our pages, in plain words."""
    # From the root of the pages: the site builder makes it relative, and checks it.
    return element("a", css, words(text), href=f"/{page}")


def named(made: Element, name: str) -> Element:
    """The link, with a name that tells it from its like, for those who hear a list of them."""
    made.set("aria-label", words(name))
    return made
