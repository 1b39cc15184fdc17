"""Copying from a page, in a real browser; and the formulas in the MathJax of Stack Exchange."""

from __future__ import annotations

import json
import mimetypes
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from explainers import citing
from explainers.citing import FORMATS, LABELS, Work
from explainers.edition import Edition
from tests.site.conftest import Open

CLIPBOARD = ["clipboard-read", "clipboard-write"]
PLACES = ["claims/or-of-four-hit/", "claims/flower-photo-search/", "figures/or-gate/", "cost/"]

UNFOLD = "() => document.querySelectorAll('details').forEach((fold) => (fold.open = true))"


@pytest.fixture(scope="module")
def catalogue(site: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((site / "claims.json").read_text("utf-8"))
    figures = json.loads((site / "figures.json").read_text("utf-8"))
    return content | {"figures": {figure["id"]: figure for figure in figures}}


def work_at(place: str, catalogue: dict[str, Any]) -> Work:
    kind, _, id = place.strip("/").rpartition("/")
    if kind == "claims":
        [claim] = [c for c in catalogue["claims"] if c["id"] == id]
        return citing.of_claim(claim, catalogue["figures"][claim["figure"]])
    if kind == "figures":
        return citing.of_figure(catalogue["figures"][id])
    return citing.of_chapter(id, "Multiplication counts")


def panel(page: Page) -> Locator:
    found = page.locator("article .copy")
    expect(found).to_have_count(1)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_each_form_is_copied_by_keyboard_and_announced(
    visit: Open, root: str, catalogue: dict[str, Any], place: str
) -> None:
    page = visit(root + place, permissions=CLIPBOARD).page
    work, edition = work_at(place, catalogue), Edition(**catalogue["edition"])
    tabs = panel(page).locator("input[type=radio]")
    expect(tabs).to_have_count(len(citing.forms(work)))
    tabs.first.focus()
    for number, name in enumerate(citing.forms(work)):
        if number:
            page.keyboard.press("ArrowRight")
        expect(tabs.nth(number)).to_be_checked()
        page.keyboard.press("Tab")
        button = page.locator(":focus")
        expect(button).to_have_accessible_name(f"Copy: {LABELS[name]}")
        page.keyboard.press("Enter")
        expect(panel(page).get_by_role("status")).to_have_text("Copied")
        text = page.evaluate("navigator.clipboard.readText()")
        assert text == FORMATS[name](work, edition)
        tabs.nth(number).focus()


def test_a_claim_s_sentence_is_copied_where_it_stands(
    visit: Open, root: str, catalogue: dict[str, Any]
) -> None:
    page = visit(root + "detection/", permissions=CLIPBOARD).page
    page.evaluate(UNFOLD)
    edition = Edition(**catalogue["edition"])
    boxes = page.locator("section.claim")
    assert boxes.count() > 1
    for box in boxes.all():
        id = box.get_attribute("id") or ""
        work = work_at(f"claims/{id.removeprefix('claim-')}/", catalogue)
        button = box.get_by_role("button", name=f"Copy sentence and link: {work.title}", exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(box.get_by_role("status")).to_contain_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == FORMATS["short"](work, edition)
        cite = box.get_by_role("link", name=f"Cite: {work.title}")
        assert (cite.get_attribute("href") or "").endswith(f"claims/{work.id}/#cite")
        here = box.get_by_role("link", name=f"Link to here: {work.title}")
        here.click()
        expect(page).to_have_url(f"{root}detection/#{id}")


def test_a_figure_s_address_and_credit_are_copied_where_it_stands(
    visit: Open, root: str, catalogue: dict[str, Any]
) -> None:
    page = visit(root + "detection/", permissions=CLIPBOARD).page
    page.evaluate(UNFOLD)
    edition = Edition(**catalogue["edition"])
    for figure in page.locator("figure.plot").all():
        id = (figure.get_attribute("id") or "").removeprefix("figure-")
        work = citing.of_figure(catalogue["figures"][id])
        for label, text in (
            ("image address", edition.address + work.picture),
            ("credit line", citing.credit(work, edition)),
        ):
            figure.get_by_role("button", name=f"Copy {label}: {work.title}", exact=True).click()
            expect(figure.get_by_role("status")).to_contain_text("Copied")
            assert page.evaluate("navigator.clipboard.readText()") == text


def test_what_is_copied_beside_a_figure_leads_somewhere(
    site: Path, catalogue: dict[str, Any]
) -> None:
    """The addresses of pictures and pages are those of files that the site has."""
    address = catalogue["edition"]["address"]
    for figure in catalogue["figures"].values():
        assert (site / citing.picture(figure)).is_file()
        assert address + figure["url"] in citing.credit(
            citing.of_figure(figure), Edition(**catalogue["edition"])
        )


def test_a_refused_clipboard_selects_the_text(visit: Open, root: str) -> None:
    page = visit(root + PLACES[0]).page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    panel(page).get_by_role("button").first.click()
    expect(panel(page).get_by_role("status").first).to_contain_text("Selected")
    selected = page.evaluate("getSelection().toString()")
    assert selected.strip() == (panel(page).locator("code").first.text_content() or "").strip()


def test_without_scripts_the_text_is_there_to_select(visit: Open, root: str) -> None:
    page = visit(root + PLACES[0], java_script_enabled=False).page
    expect(page.locator("article").get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Link to here")).to_have_count(1)
    for label in LABELS.values():
        panel(page).get_by_text(label, exact=True).click()
        shown = [text for text in panel(page).locator("pre").all() if text.is_visible()]
        assert [text.get_attribute("data-copy") for text in shown] == [label]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panel_fits_a_phone(visit: Open, root: str, scheme: Any) -> None:
    page = visit(root + PLACES[0], viewport={"width": 390, "height": 844}, color_scheme=scheme).page
    for label in LABELS.values():
        panel(page).get_by_text(label, exact=True).click()
        box = panel(page).locator("pre:visible").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def mathjax() -> Path:
    """MathJax 2.7, as Stack Exchange uses it."""
    spec = find_spec("jupyter_server_mathjax")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "static"


def set_by_mathjax(browser: Browser, formulas: list[str]) -> list[str]:
    """What MathJax says of each formula: an error's text, or nothing."""

    def answer(route: Route) -> None:
        name = route.request.url.partition("//host.example/")[2].partition("?")[0]
        if not name:
            route.fulfill(content_type="text/html", body="<!doctype html><body></body>")
            return
        file = mathjax() / name
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if file.is_file():
            route.fulfill(content_type=kind, body=file.read_bytes())
        else:
            route.abort()

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto("http://host.example/")
    page.evaluate(
        """(formulas) => {
          for (const tex of formulas) {
            document.body.append(document.createElement("p"));
            document.body.lastChild.textContent = `$$${tex}$$`;
          }
          window.MathJax = {
            TeX: {noErrors: {disabled: true}, noUndefined: {disabled: true}},
            tex2jax: {inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]]},
          };
        }""",
        formulas,
    )
    page.add_script_tag(url="http://host.example/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full")
    page.wait_for_function("window.MathJax?.isReady === true")
    page.evaluate("new Promise((done) => MathJax.Hub.Queue(done))")
    found: list[str] = page.evaluate(
        """() => {
          const wrong = (node) => node?.type === "merror" || node?.data?.some?.(wrong);
          return [...document.querySelectorAll("p")].map((place) => {
            const [jax, ...others] = MathJax.Hub.getAllJax(place);
            if (!jax || others.length) return "not read as one formula";
            return jax.texError?.message ?? (wrong(jax.root) ? "an error in it" : "");
          });
        }"""
    )
    page.close()
    return found


def test_every_formula_is_set_by_the_mathjax_of_stack_exchange(
    browser: Browser, catalogue: dict[str, Any]
) -> None:
    formulas = {claim["id"]: claim["formula"] for claim in catalogue["claims"]}
    said = set_by_mathjax(browser, list(formulas.values()))
    assert {id: error for id, error in zip(formulas, said, strict=True) if error} == {}


def test_mathjax_finds_what_is_wrong(browser: Browser) -> None:
    fine, *wrong = set_by_mathjax(browser, [r"1-(1-p)^n", r"\unheardof{x}", r"\frac{1}{2", "a}"])
    assert fine == ""
    assert all(wrong)
