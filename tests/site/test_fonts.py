"""Formulas are set in the site's own mathematical font, to the last character."""

from __future__ import annotations

from pathlib import Path

from tests.site.conftest import Open
from tests.site.reading import addresses, content, file_of


def test_each_character_of_each_formula_is_in_the_font(visit: Open, root: str, site: Path) -> None:
    with_formulas = [a for a in addresses(site) if content(file_of(site, a)).tags["math"]]
    assert with_formulas
    fallbacks = {address: _fallbacks(visit, root + address) for address in with_formulas}
    assert {address: found for address, found in fallbacks.items() if found} == {}


def _fallbacks(visit: Open, url: str) -> dict[str, list[str]]:
    """Formulas of the page that the browser sets in another font, with the fonts' names."""
    page = visit(url).page
    browser = page.context.new_cdp_session(page)
    browser.send("DOM.enable")
    browser.send("CSS.enable")
    document = browser.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": document, "selector": "math :is(mi, mo, mn, mtext)"}
    found: dict[str, list[str]] = {}
    for node in browser.send("DOM.querySelectorAll", query)["nodeIds"]:
        fonts = browser.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        if others := [font["familyName"] for font in fonts if not font["isCustomFont"]]:
            html = browser.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
            found[html] = others
    return found
