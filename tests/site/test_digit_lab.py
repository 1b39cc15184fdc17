"""The lab of the moving digit in a real browser: networks, weights, hands, keys, addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from explainers.labs import digit
from explainers.labs.digit import Setting
from explainers.trained import shown
from tests.site.conftest import Open

LAB = "document.querySelector('digit-lab')"


@pytest.fixture
def lab(visit: Open, root: str) -> Page:
    """The page, with the weights there."""
    page = visit(f"{root}trained/", viewport={"width": 1280, "height": 900}).page
    page.evaluate(f"{LAB}.load()")
    return page


def _state(page: Page) -> Any:
    return page.evaluate(f"{LAB}.state")


def _said(page: Page) -> str:
    return page.locator(".lab__said").inner_text()


def _hear(page: Page) -> list[str]:
    """What is asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


# Arithmetic


def test_it_sees_and_says_what_the_package_does(lab: Page) -> None:
    cases = [*digit.cases(40)]
    found = lab.evaluate(
        f"""(cases) => cases.map(({{state}}) => {{
            const lab = {LAB};
            lab.show(state);
            const names = ["none", state.pooling];
            const moves = [0, 1, 2, 3, 4, 5, 6, 7, 8];
            return {{
                cells: lab.canvas.innerHTML,
                maps: names.map((name) => [...lab.seen(name).maps]),
                sure: names.map((name) => moves.map((dx) => lab.seen(name, dx).sure)),
                comb: lab.querySelector(".lab__comb tbody").innerHTML,
                said: lab.said.textContent,
                part: lab.encode().at(-1),
            }};
        }})""",
        cases,
    )
    for got, case in zip(found, cases, strict=True):
        for name in ("maps", "sure"):
            for one, other in zip(got[name], case[name], strict=True):
                assert np.abs(np.array(one) - other).max() <= 1e-4
                assert np.array(one) == pytest.approx(np.array(other), abs=1e-9)
        for name in ("cells", "comb", "said", "part"):
            assert got[name] == case[name], case["state"]


def test_the_weights_are_those_of_the_package(lab: Page) -> None:
    found = lab.evaluate(
        """() => Object.entries(Digit.networks).map(([name, layers]) =>
            [name, layers.map(({weight, biases}) => [[...weight], biases])])"""
    )
    for name, layers in found:
        parameters = shown.network(name).parameters
        for (weight, biases), *own in zip(layers, parameters[::2], parameters[1::2], strict=True):
            assert weight == pytest.approx(own[0].ravel(), abs=1e-12)
            assert biases == pytest.approx(own[1], abs=1e-12)


# Weights are asked for


def test_the_weights_come_when_they_are_asked_for_and_once(visit: Open, root: str) -> None:
    page = visit(f"{root}trained/").page
    asked = _hear(page)
    first = _said(page)
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("combobox", name="The hand").select_option("draw")
    assert page.evaluate("Digit.networks") is None
    assert asked == []
    assert _said(page) == first
    page.get_by_role("button", name="Move right").click()
    page.wait_for_function("Digit.networks")
    page.get_by_role("button", name="Move right").click()
    assert [url.removeprefix(root) for url in asked] == ["labs/digit-weights.js"]
    assert _said(page) == digit.said(Setting(dx=3, seen=0b1111))


def test_a_link_with_a_state_asks_for_them(visit: Open, root: str) -> None:
    page = visit(f"{root}trained/?lab=1.digit.9.blurred.4.0.511.-").page
    page.evaluate(f"{LAB}.load()")
    assert _said(page) == digit.said(Setting(9, "blurred", 4, 0, 511))


def test_what_does_not_load_is_said_and_tried_again(visit: Open, root: str) -> None:
    page = visit(f"{root}trained/").page
    page.route("**/digit-weights.js", lambda route: route.abort())
    page.get_by_role("button", name="Move right").click()
    page.wait_for_function(f"{LAB}.said.textContent.includes('did not load')")
    assert _said(page) == "The networks did not load. Any change tries again."
    page.unroute("**/digit-weights.js")
    page.get_by_role("button", name="Move right").click()
    page.wait_for_function("Digit.networks")
    assert _said(page) == digit.said(Setting(dx=3, seen=0b1111))


@pytest.mark.parametrize("where", ["file", "below"])
def test_it_works_from_a_file_and_under_a_sub_path(
    visit: Open, below: str, site: Path, where: str
) -> None:
    base = f"{below}trained/" if where == "below" else f"file://{site}/trained/index.html"
    visited = visit(base)
    visited.page.get_by_role("button", name="Move right").click()
    visited.page.wait_for_function("Digit.networks")
    assert _said(visited.page) == digit.said(Setting(dx=2, seen=0b111))
    if where == "below":  # of files, a browser takes no fonts
        assert visited.problems == []


# Hands and keys


def test_buttons_move_it_as_far_as_it_goes_and_the_comb_fills(lab: Page) -> None:
    teeth = lab.locator(".lab__comb td:has(b)")
    assert teeth.count() == 4
    lab.get_by_role("button", name="Move right").focus()
    for _ in range(9):
        lab.keyboard.press("Enter")
    assert (_state(lab)["dx"], _state(lab)["seen"]) == (8, 0b111111111)
    assert teeth.count() == 18
    assert lab.get_by_role("button", name="Move right").get_attribute("aria-disabled") == "true"
    assert lab.get_by_role("button", name="Move left").get_attribute("aria-disabled") == "false"
    lab.get_by_role("button", name="Move up").focus()
    for _ in range(6):
        lab.keyboard.press("Enter")
    assert (_state(lab)["dy"], _state(lab)["seen"]) == (-4, 0b100000000)
    assert lab.get_by_role("button", name="Move up").get_attribute("aria-disabled") == "true"
    lab.get_by_role("button", name="All moves").click()
    assert teeth.count() == 18
    assert _said(lab).startswith("A 3, moved 8 to the right and 4 up: the answer is ")


def test_it_is_dragged_by_whole_cells(lab: Page) -> None:
    box = lab.locator(".lab__canvas").bounding_box()
    assert box
    lab.mouse.move(box["x"] + 60, box["y"] + 90)
    lab.mouse.down()
    lab.mouse.move(box["x"] + 60 + 26, box["y"] + 90 - 14, steps=9)
    lab.mouse.up()
    lab.mouse.move(box["x"] + 150, box["y"] + 20)
    assert (_state(lab)["dx"], _state(lab)["dy"]) == (3, -1)
    touch = "getComputedStyle(document.querySelector('.lab__canvas')).touchAction"
    assert lab.evaluate(touch) == "pan-y"
    lab.get_by_role("combobox", name="The hand").select_option("draw")
    assert lab.evaluate(touch) == "none"


def test_a_digit_is_drawn_and_erased_by_hand(lab: Page) -> None:
    lab.get_by_role("button", name="Draw a 3").click()
    assert _state(lab)["drawn"] == "0" * 256
    assert lab.locator(".lab__canvas").evaluate("(one) => one.getBoundingClientRect().top") > 60
    box = lab.locator(".lab__canvas").bounding_box()
    assert box
    cell = box["width"] / 16
    lab.mouse.move(box["x"] + 5.5 * cell, box["y"] + 4.5 * cell)
    lab.mouse.down()
    lab.mouse.move(box["x"] + 5.5 * cell, box["y"] + 9.5 * cell)  # at once, and nothing is left out
    lab.mouse.up()
    rows = np.reshape([int(sign, 17) for sign in _state(lab)["drawn"]], (16, 16))
    assert rows[4:10, 4].tolist() == [16] * 6  # one to the left: it is moved by one
    assert rows[4:10, 3].tolist() == rows[4:10, 5].tolist() == [6] * 6
    assert (rows[3, 4], rows[10, 4]) == (6, 6)
    assert rows.sum() == 6 * 16 + 14 * 6
    assert _said(lab) == digit.said(Setting(seen=2, drawn=_state(lab)["drawn"]))
    lab.get_by_role("combobox", name="The hand").select_option("erase")
    lab.mouse.click(box["x"] + 5.5 * cell, box["y"] + 6.5 * cell)
    assert int(_state(lab)["drawn"][16 * 6 + 4], 17) == 0
    lab.get_by_role("combobox", name="Digit").select_option("5")
    assert (_state(lab)["digit"], _state(lab)["drawn"]) == (5, "")
    assert lab.locator(".lab__Setting button").inner_text() == "Draw a 5"


def test_keys_move_it_and_draw(lab: Page) -> None:
    lab.locator(".lab__canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        lab.keyboard.press(key)
    assert (_state(lab)["dx"], _state(lab)["dy"]) == (2, 1)
    lab.get_by_role("combobox", name="The hand").select_option("draw")
    lab.locator(".lab__canvas").focus()
    assert lab.locator(".lab__cursor").count() == 0
    lab.keyboard.press("ArrowRight")
    cursor = lab.locator(".lab__cursor")
    assert (cursor.get_attribute("x"), cursor.get_attribute("y")) == ("6", "9")
    lab.keyboard.press("ArrowUp")
    lab.keyboard.press("ArrowLeft")
    lab.keyboard.press("Space")
    assert (_state(lab)["dx"], _state(lab)["dy"]) == (2, 1)
    assert _state(lab)["drawn"][16 * 7 + 3] == "g"
    lab.get_by_role("combobox", name="The hand").select_option("erase")
    lab.locator(".lab__canvas").focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "Space"):
        lab.keyboard.press(key)
    assert _state(lab)["drawn"][16 * 7 + 3] == "0"
    assert "Space erases there" in (lab.locator(".lab__canvas").get_attribute("aria-label") or "")


def test_another_pooling_is_chosen(lab: Page) -> None:
    lab.get_by_role("combobox", name="Pooling").select_option("blurred")
    assert lab.locator(".lab__comb th[scope=row]").all_inner_texts() == [
        "move",
        "no pooling",
        "blurred max",
    ]
    assert lab.locator(".lab__maps figcaption").all_inner_texts() == [
        "no pooling: 16 maps of 16 × 16",
        "blurred max: 16 maps of 4 × 4",
    ]
    assert _said(lab) == digit.said(Setting(pooling="blurred"))


# Room


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_all_of_it_fits_and_no_control_moves_while_it_is_used(
    visit: Open, root: str, width: int
) -> None:
    page = visit(f"{root}trained/", viewport={"width": width, "height": 844}).page
    page.evaluate(f"{LAB}.load()")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in page.locator(".lab :is(figure, svg, table, button, select)").all():
        box = part.bounding_box()
        assert box
        assert box["width"] > 40
        assert box["x"] + box["width"] <= width
    for button in page.locator(".lab button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    tops = (
        "[...document.querySelectorAll('.lab :is(button, select, caption)')].map("
        "(part) => part.getBoundingClientRect().top + scrollY)"
    )
    before = page.evaluate(tops)
    for change in (
        "{seen: 511}",
        "{digit: 8, dx: 8, dy: -4, pooling: 'blurred', seen: 256}",
        f"{{dx: 0, dy: 0, seen: 1, drawn: '{'0' * 256}'}}",
    ):
        page.evaluate(f"{LAB}.set({change})")
        assert page.evaluate(tops) == before


# Addresses


@pytest.mark.parametrize(
    ("setting", "state"),
    [
        ("1.digit.3.max.1.0.3.-", Setting()),
        ("1.digit.9.blurred.4.-2.511.-", Setting(9, "blurred", 4, -2, 511)),
        (
            f"1.digit.7.max.0.0.1.g6{'Z' * 9}T",
            Setting(7, "max", 0, 0, 1, f"g6{'0' * 254}"),
        ),
    ],
)  # published links: none of these may ever mean something else
def test_an_address_means_for_ever_what_it_meant(
    visit: Open, root: str, setting: str, state: Setting
) -> None:
    page = visit(f"{root}trained/?lab={setting}").page
    page.evaluate(f"{LAB}.load()")
    assert Setting(**_state(page)) == state
    assert page.evaluate(f"{LAB}.encode().join('.')") == setting.removeprefix("1.digit.")
    assert _said(page) == digit.said(state)


@pytest.mark.parametrize(
    "parts",
    ["3", "10.max.1.0.3.-", "3.none.1.0.3.-", "3.mean.1.0.3.-", "3.toString.1.0.3.-",
     "3.max.9.0.512.-", "3.max.1.5.3.-", "3.max.1.0.1.-", "3.max.1.0.512.-", "3.max.1.0.3",
     "3.max.1.0.3.", "3.max.1.0.3.g", "3.max.1.0.3.-.1", f"3.max.1.0.3.h{'0' * 255}",
     "3.max.-1.0.3.-"],
)  # fmt: skip
def test_what_means_nothing_shows_the_first_frame(visit: Open, root: str, parts: str) -> None:
    page = visit(f"{root}trained/?lab=1.digit.{parts}").page
    assert Setting(**_state(page)) == Setting()
    anew = "This link does not fit this lab; it starts anew."
    assert _said(page) == f"{anew} {digit.said(Setting())}"
    assert page.evaluate("Digit.networks") is None
