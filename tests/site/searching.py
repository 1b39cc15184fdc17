"""The site's own search, asked as a reader asks it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

# Of each hit, its links and their titles: first the page's, and none that is folded away.
_SHOWN = """items => items.map(item => [...item.querySelectorAll(":scope > a")].map(
  link => [link.href, link.querySelector("h1, h2").textContent]))"""
# Whether the search has said how many pages it found, or has not yet been asked.
_COUNTED = """asked => /(\\d+|No) matching document/.test(
  document.querySelector(".md-search-result__meta").textContent) === asked"""


@dataclass(frozen=True)
class Hit:
    """A page that the search answers with.

    Attributes
    ----------
    page
        Its address, relative to the root of the site.
    sections
        The anchors of its sections that are shown at once: no part of the page fits better.
    titles
        The titles of the page and of these sections.
    """

    page: str
    sections: tuple[str, ...]
    titles: tuple[str, ...]


@functools.cache
def hits(page: Page, words: str) -> tuple[Hit, ...]:
    """What the search of that open page answers with, best first: ten at most."""
    for asked in ("", words):
        _ask(page, asked)
        page.wait_for_function(_COUNTED, arg=bool(asked), timeout=10_000)
    found = page.locator(".md-search-result__item").evaluate_all(_SHOWN)
    return tuple(map(_hit, found[:10]))  # the list goes on when a reader scrolls


def address(page: str) -> str:
    """The page's address, relative to the root of the site."""
    return "" if page == "index" else f"{page}/"


def _ask(page: Page, words: str) -> None:
    field = page.locator("[data-md-component=search-query]")
    field.fill(words)
    field.press("End")  # the search listens to keys


def _hit(links: list[tuple[str, str]]) -> Hit:
    urls = [urlsplit(link) for link, _ in links]
    return Hit(
        page=urls[0].path.lstrip("/"),
        sections=tuple(url.fragment for url in urls[1:]),
        titles=tuple(title for _, title in links),
    )
