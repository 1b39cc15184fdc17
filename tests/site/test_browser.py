"""Every page in a real browser, which can reach no other host."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize, expect

from explainers.drawing.style import PALETTE
from tests.site.conftest import Open

CHAPTER = "detection/"
PHONE: ViewportSize = {"width": 390, "height": 844}

SVG_TEXT_SIZES = """() => [...document.querySelectorAll(".plot:not(.plot--small) svg text")].map(
  (text) => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a)"""
# What is folded is looked at too.
UNFOLD = "document.querySelectorAll('article details').forEach((fold) => { fold.open = true })"
STROKES = """() => [...document.querySelectorAll(".plot svg [style*='var(--plot-max']")].map(
  (line) => getComputedStyle(line)).flatMap(({stroke, fill}) => [stroke, fill])"""


def test_page_is_complete_accessible_and_fits_a_phone(
    read_on: Open, below: str, address: str
) -> None:
    """Loaded once, under a sub-path, and looked at in light, in dark, and as on a phone."""
    visited = read_on(below + address)
    page = visited.page
    page.evaluate(UNFOLD)
    found = {"light": _findings(page) + _too_faint(page), "other fonts": _fallbacks(page)}
    _switch_to_dark(page)
    found["dark"] = _too_faint(page)  # nothing but the colours has changed
    page.set_viewport_size(PHONE)
    found["too small"] = [size for size in page.evaluate(SVG_TEXT_SIZES) if size < 8]
    found["problems"] = visited.problems
    assert {what: how for what, how in found.items() if how} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# One page of each kind: the links of all are the same under a sub-path, where all are looked at.
KINDS = ["", CHAPTER, "claims/", "claims/or-of-four-hit/", "figures/", "figures/or-gate/"]


@pytest.mark.parametrize("kind", [*KINDS, f"notebooks/{CHAPTER}", "reference/", "404.html"])
def test_page_works_at_the_root(visit: Open, root: str, kind: str) -> None:
    assert visit(root + kind).problems == []


def test_chapter_is_accessible_on_a_phone(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER, viewport=PHONE).page
    page.evaluate(UNFOLD)
    assert _findings(page) + _too_faint(page, known=set()) == []


def test_a_text_too_faint_is_found(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER).page
    assert _too_faint(page, known=set()) == []
    page.evaluate("document.querySelector('article p').style.color = '#bbb'")
    assert any("color-contrast" in line for line in _too_faint(page))


# The reference describes hundreds of functions alike: three of each module stand for all.
ALIKE = ".doc-children > .doc-object:nth-child(n + 4)"
COLOURS = ["color-contrast", "link-in-text-block"]
# Numbers the first text of each look, and says what it depends on: the same style sheet gives the
# same colours to what has the same elements and classes around it.
LOOKS_OF_TEXTS = """alike => {
  const looks = new Map(), names = new Map()
  const name = (each) =>
    `${each.localName}.${each.className} ${each.getAttribute("style") ?? ""} ` +
    getComputedStyle(each).backgroundColor
  const seen = (each) => names.get(each) ?? names.set(each, name(each)).get(each)
  for (const element of document.querySelectorAll("body *")) {
    delete element.dataset.look
    if (element.closest(alike)) continue
    if (![...element.childNodes].some(({nodeType, data}) => nodeType === 3 && data.trim())) continue
    const {color, fontSize, fontWeight} = getComputedStyle(element)
    const look = [document.body.dataset.mdColorScheme, color, fontSize, fontWeight]
    for (let each = element; each; each = each.parentElement) look.push(seen(each))
    if (looks.has(look.join("|"))) continue
    element.dataset.look = looks.size
    looks.set(look.join("|"))
  }
  return [...looks.keys()]
}"""
_colours_seen: set[str] = set()


def _findings(page: Page) -> list[str]:
    """What axe-core's rules find, but for colours, one line each."""
    rules = {rule: {"enabled": False} for rule in COLOURS}
    return _axe(page, {"include": [["html"]], "exclude": [[ALIKE]]}, {"rules": rules})


def _too_faint(page: Page, known: set[str] = _colours_seen) -> list[str]:
    """Texts with too little contrast. What looks the same is looked at once."""
    looks: list[str] = page.evaluate(LOOKS_OF_TEXTS, ALIKE)
    new = [f'[data-look="{i}"]' for i, look in enumerate(looks) if look not in known]
    known.update(looks)
    if not new:
        return []
    only = {"runOnly": {"type": "rule", "values": COLOURS}}
    return _axe(page, {"include": [[selector] for selector in new]}, only)


def _axe(page: Page, context: dict[str, Any], options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        """([context, options]) => axe.run(context, options).then(
          results => results.violations.flatMap(
            rule => rule.nodes.map(node => `${rule.id}: ${node.html}`)))""",
        [context, {"resultTypes": ["violations"], "elementRef": False} | options],
    )
    lines: list[str] = found
    return lines


LEAVES = "math :is(mi, mo, mn, mtext)"
# A stretched sign may need other parts of the font than a small one.
LOOKS = f"""() => [...document.querySelectorAll("{LEAVES}")].map((leaf) => {{
  const {{width, height}} = leaf.getBoundingClientRect()
  return `${{leaf.outerHTML}} ${{Math.round(width)}} × ${{Math.round(height)}}` }})"""
_looked_at: set[str] = set()


def _fallbacks(page: Page) -> list[str]:
    """Parts of formulas that the browser sets in another font than the site's own.

    What looks the same was set the same, and is looked at once.
    """
    looks: list[str] = page.evaluate(LOOKS)
    if not set(looks) - _looked_at:
        return []
    browser = page.context.new_cdp_session(page)
    browser.send("DOM.enable")
    browser.send("CSS.enable")
    document = browser.send("DOM.getDocument")["root"]["nodeId"]
    nodes = browser.send("DOM.querySelectorAll", {"nodeId": document, "selector": LEAVES})
    found = []
    for look, node in dict(zip(looks, nodes["nodeIds"], strict=True)).items():
        if look not in _looked_at:
            fonts = browser.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            found += [f"{look}: {f['familyName']}" for f in fonts if not f["isCustomFont"]]
            _looked_at.add(look)
    return found


def _switch_to_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    # A colour on its way is not one to measure; 404.html has no switch.
    switched: bool = page.evaluate("""() => {
      const still = "*, ::before, ::after { transition: none !important }"
      document.head.append(Object.assign(document.createElement("style"), {textContent: still}))
      const shown = [...document.querySelectorAll("label[title='Switch to dark']:not([hidden])")]
      shown.forEach((label) => label.click())
      return !shown.length || document.body.dataset.mdColorScheme === "slate"
    }""")
    assert switched


def test_reader_without_scripts_sees_figures_and_numbers(
    visit: Open, root: str, site: Path
) -> None:
    page = visit(root + CHAPTER, java_script_enabled=False).page
    for fold in page.locator("article details:not([open]) > summary").all()[::-1]:
        fold.click()
    drawings = page.locator("article .plot .plot__canvas")
    assert drawings.count() > 0
    for drawing in drawings.all():
        expect(drawing).to_be_visible()
        box = drawing.bounding_box()
        assert box
        assert box["width"] > 300
        assert box["height"] > 100
    numbers = page.locator("article data.value")
    assert numbers.count() > 0
    for number in numbers.all():
        assert any(character.isdigit() for character in number.inner_text())
    expect(page.locator(".claim").first).to_be_visible()


def test_figures_follow_the_theme_switch(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER, color_scheme="light").page
    assert _rgb(PALETTE["light"]["max"]) in page.evaluate(STROKES)
    page.get_by_title("Switch to dark").click()
    assert _rgb(PALETTE["dark"]["max"]) in page.evaluate(STROKES)
    assert _rgb(PALETTE["light"]["max"]) not in page.evaluate(STROKES)
    page.reload()
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"


@pytest.mark.parametrize("key", ["Space", "Enter", "ArrowRight"])
def test_theme_switch_works_by_keyboard(visit: Open, root: str, key: str) -> None:
    page = visit(root, color_scheme="light").page
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "__palette":
            break
    for expected in ("slate", "default"):
        page.keyboard.press(key)
        page.wait_for_function(f"document.body.dataset.mdColorScheme === '{expected}'")


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgb({red}, {green}, {blue})"


def test_search_works_under_a_sub_path(visit: Open, below: str) -> None:
    visited = visit(below)
    page = visited.page
    page.keyboard.press("/")
    page.keyboard.type("petal detector")
    result = page.locator(".md-search-result__link").first
    expect(result).to_be_visible(timeout=10_000)
    result.click()
    page.wait_for_load_state()
    assert page.url.startswith(below)
    assert visited.problems == []


def test_a_wrong_address_leads_home(visit: Open, root: str) -> None:
    visited = visit(f"{root}no/such/page")
    assert [response.status for response in visited.responses] == [404]
    visited.page.get_by_role("link", name="Why pooling?").click()
    visited.page.wait_for_load_state()
    assert visited.page.url == root


# A chapter carries all its figures, a photograph among them.
@pytest.mark.parametrize(("page", "most"), [("", 200_000), (CHAPTER, 500_000)])
def test_first_view_is_light(visit: Open, root: str, page: str, most: int) -> None:
    """In bytes as a host with gzip sends them; what loads later, for the search, apart."""
    visited = visit(root + page)
    sizes = {
        response.url: len(gzip.compress(response.body()))
        for response in visited.responses
        if "search" not in response.url
    }
    assert len(sizes) > 5
    assert sum(sizes.values()) < most, json.dumps(sizes, indent=1)


def test_notebook_outputs_follow_the_theme(visit: Open, root: str) -> None:
    page = visit(f"{root}notebooks/{CHAPTER}", color_scheme="dark").page
    page_colour: Any = page.evaluate(
        """() => [...document.querySelectorAll(".jp-OutputArea svg[role=img] path")].map(
          (path) => getComputedStyle(path).fill)"""
    )
    assert _rgb(PALETTE["dark"]["page"]) in page_colour
    assert _rgb(PALETTE["light"]["page"]) not in page_colour
