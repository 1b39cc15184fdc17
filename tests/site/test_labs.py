"""The labs in a real browser: their arithmetic against the package's, hands, keys, addresses."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from explainers.labs import LABS, choose, cost, pool, size, threshold
from tests.site.conftest import ROOT, Open

SCRIPTS = ("core", "pool", "threshold", "cost", "size", "digit", "choose")
ADDRESSES = {page: "" if page == "home" else f"{page}/" for page in LABS}


# Scripts


@pytest.fixture(scope="module")
def all_scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The labs' scripts as one file: classic scripts see one another's names."""
    folder = tmp_path_factory.mktemp("labs")
    options = {
        "checkJs": True, "strict": True, "noImplicitOverride": False, "types": [],
        "lib": ["dom", "dom.iterable", "esnext"],
    }  # fmt: skip
    (folder / "deno.json").write_text(json.dumps({"compilerOptions": options}))
    texts = [(ROOT / "docs" / "labs" / f"{name}.js").read_text() for name in SCRIPTS]
    (folder / "all.js").write_text("\n".join(texts))
    return folder


@pytest.mark.parametrize("task", ["check", "lint"])
def test_the_scripts_types_and_style(all_scripts: Path, task: str) -> None:
    deno = Path(sysconfig.get_path("scripts"), "deno")
    done = subprocess.run(
        [deno, task, "all.js"],
        cwd=all_scripts,
        env={"DENO_DIR": str(all_scripts / "cache"), "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_types_are_checked_at_all(all_scripts: Path) -> None:
    deno = Path(sysconfig.get_path("scripts"), "deno")
    (all_scripts / "wrong.js").write_text("/** @type {number} */\nconst one = 'one';\n")
    done = subprocess.run(
        [deno, "check", "wrong.js"],
        cwd=all_scripts,
        env={"DENO_DIR": str(all_scripts / "cache"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "not assignable" in done.stderr


def test_no_page_has_more_than_12_kb_of_our_scripts() -> None:
    size = {
        name: len(gzip.compress((ROOT / "docs" / name).read_bytes()))
        for name in ("assets/site.js", *(f"labs/{script}.js" for script in SCRIPTS))
    }
    shared = size["assets/site.js"] + size["labs/core.js"]
    assert shared + max(size[f"labs/{name}.js"] for name in SCRIPTS[1:]) <= 12_000


# Arithmetic


@pytest.fixture(scope="module")
def lab(browser: Browser, root: str) -> Iterator[Page]:
    """The home page, whose lab has been set up."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(root, wait_until="load")
    yield page
    context.close()


STATE = "([content, method, window, stride, dy, dx]) => ({content, method, window, stride, dy, dx, "
STATE += "shuffle: '', seed: 0, edits: {}})"


def test_it_pools_as_the_package_does(lab: Page) -> None:
    cases = [*pool.cases(720)]
    found = lab.evaluate(
        f"""(cases) => cases.map(({{state}}) => {{
            const lab = document.querySelector("pool-lab");
            lab.show(({STATE})(state));
            const {{before, now}} = lab.maps();
            const [, method, window, stride] = state;
            return {{
                state,
                pooled: Pool.pooled(now, method, window, stride),
                changed: lab.querySelectorAll(".lab__pooled td.d").length,
            }};
        }})""",
        cases,
    )
    for got, expected in zip(found, cases, strict=True):
        assert got == expected


def test_what_it_shows_is_what_it_computes(lab: Page) -> None:
    for content, method, window, stride, dy, dx in (
        ("busy", "mean", 3, 2, 1, 0),
        ("dahlia", "max", 2, 2, 0, 1),
        ("smooth", "max blur", 2, 3, -2, 5),
        ("ring", "subsample", 2, 2, 1, 1),
    ):
        lab.evaluate(
            f"(state) => document.querySelector('pool-lab').show(({STATE})(state))",
            [content, method, window, stride, dy, dx],
        )
        shown = lab.locator(".lab__pooled td").all_inner_texts()
        numbers = pool.moved(pool.contents()[content][1], dy, dx)
        exact = pool.pooled(numbers, method, window, stride) / pool.parts(method, window)
        assert [float(text) for text in shown] == pytest.approx(exact.ravel(), abs=0.05001)
        assert lab.locator(".lab__map td").all_inner_texts() == [f"{n}" for n in numbers.flat]
        before = pool.pooled(pool.contents()[content][1], method, window, stride)
        changed = int((before != pool.pooled(numbers, method, window, stride)).sum())
        assert f": {changed} of {before.size} pooled values changed (dashed)." in _said(lab)


def test_a_law_stands_beside_the_count_where_there_is_one(lab: Page) -> None:
    show = f"(state) => document.querySelector('pool-lab').show(({STATE})(state))"
    lab.evaluate(show, ["peak", "max", 2, 2, 0, 1])
    assert "Law: at 50 % of a lone peak's places" in _said(lab)
    lab.evaluate(show, ["busy", "max", 2, 1, 0, -1])
    assert "Law: of a busy map without equal values 33 % stay" in _said(lab)
    for state in (["busy", "mean", 2, 2, 0, 1], ["smooth", "max", 2, 2, 0, 1]):
        lab.evaluate(show, state)
        assert "Law" not in _said(lab)


def test_shuffles_inside_windows_change_no_maximum(lab: Page) -> None:
    found = lab.evaluate(
        """() => [2, 3, 4].flatMap((side) => [1, 2, 3].map((seed) => {
            const map = document.querySelector("pool-lab").data.contents.busy.numbers;
            const inside = Pool.shuffled(map, "inside", seed, side);
            const across = Pool.shuffled(map, "across", seed, side);
            return [map, inside, across].map((numbers) => [
                Pool.pooled(numbers, "max", side, side),
                [...numbers].sort((a, b) => a - b),
                numbers,
            ]);
        }))"""
    )
    for (pooled, values, numbers), inside, across in found:
        assert inside[:2] == [pooled, values]
        assert inside[2] != numbers
        assert across[1] == values
        assert across[0] != pooled


def test_the_threshold_is_the_packages(visit: Open, root: str) -> None:
    page = visit(f"{root}detection/").page
    for numbers in product((-12, 15, 31), (0, 17, 40), (1, 4, 9), (1, 2, 4)):
        setting = threshold.Setting(*numbers)
        if setting.seen > setting.units:
            continue
        page.evaluate(
            "([threshold, strength, units, seen]) =>"
            " document.querySelector('threshold-lab').show({threshold, strength, units, seen})",
            list(numbers),
        )
        assert _said(page) == threshold.said(setting)


def test_every_setting_of_the_costs_is_shown(visit: Open, root: str) -> None:
    page = visit(f"{root}cost/").page
    for name, network in cost.first_look()["data"]["networks"].items():
        for on, found in network["settings"].items():
            page.evaluate(
                "([network, on]) => document.querySelector('cost-lab').show({network, on})",
                [name, on],
            )
            total = cost.billions(sum(found["blocks"]))
            assert f": {total} billion multiplications" in _said(page)
            assert f"sees {found['field']} × {found['field']} pixels" in _said(page)
            shown = page.locator(".lab__bars td:last-child").all_inner_texts()
            assert shown == [cost.billions(block) for block in found["blocks"]]
            boxes = page.locator(".lab__switch input").all()
            assert "".join(str(int(box.is_checked())) for box in boxes) == on
    box = page.locator(".lab__switch input").first
    box.click()
    assert page.evaluate("document.querySelector('cost-lab').state.on") in ("0", "1")
    assert "lab=1.cost.resnet50.0" in page.url


def test_the_sizes_are_the_packages(visit: Open, root: str) -> None:
    page = visit(f"{root}sizes/").page
    cases = [*size.cases(160)]
    found = page.evaluate(
        """(cases) => cases.map(({state}) => {
            const lab = document.querySelector("size-lab");
            lab.show(state);
            const drawn = lab.querySelector(".lab__sizes tbody").cloneNode(true);
            for (const button of drawn.querySelectorAll("button")) button.remove();
            return [drawn.innerHTML, lab.said.textContent];
        })""",
        cases,
    )
    for got, case in zip(found, cases, strict=True):
        assert got == [case["rows"], case["said"]], case["state"]


def test_every_answer_leads_where_the_package_says(visit: Open, root: str) -> None:
    page = visit(f"{root}alternatives/").page
    found = choose.cells()
    lines = choose.choices(found)
    for setting in choose.settings():
        shown = page.evaluate(
            """(state) => {
                const lab = document.querySelector("choose-lab");
                lab.show(state);
                const body = (name) => lab.querySelector(`.lab__${name} tbody`).innerHTML;
                return [lab.said.textContent, body("numbers"), body("lines")];
            }""",
            asdict(setting),
        )
        [line] = [line for line in lines if line.fits(setting)]
        expected = [choose.said(line, found), choose.numbers(line.row, found)]
        assert shown == [*expected, choose.line_rows(setting, lines)], setting


def _said(page: Page) -> str:
    return page.locator(".lab__said").inner_text()


# The first frame


@pytest.mark.parametrize("name", LABS)
def test_the_first_frame_is_the_packages_and_what_the_script_draws(
    visit: Open, root: str, name: str
) -> None:
    page = visit(root + ADDRESSES[name]).page
    before, after = page.evaluate(
        """async () => {
            const lab = document.querySelector(".lab");
            const parts = ["tbody", ".lab__densities", ".lab__canvas", ".lab__maps"];
            const seen = () => parts.flatMap((query) =>
                [...lab.querySelectorAll(`.lab__stage ${query}`)].map((part) => part.innerHTML)
            ).concat(lab.said.textContent);
            const before = seen();
            await lab.load?.();
            lab.draw();
            return [before, seen()];
        }"""
    )
    assert before == after
    assert len(before) > 1


@pytest.mark.parametrize("name", LABS)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_the_script_comes(visit: Open, root: str, name: str, width: int) -> None:
    size = {"width": width, "height": 900 if width > 400 else 844}
    page = visit(root + ADDRESSES[name], viewport=size).page
    shift = page.evaluate(
        """() => new Promise((done) => {
            let total = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((e) => (total += e.value)))
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(total), 300);
        })"""
    )
    assert shift <= 0.01


@pytest.mark.parametrize("name", pool.SETTINGS)
def test_the_rule_at_the_border_is_said(visit: Open, root: str, name: str) -> None:
    note = visit(root + ADDRESSES[name]).page.locator(".lab__note")
    assert note.inner_text() == "The map wraps round: what leaves on one side enters on the other."


@pytest.mark.parametrize("name", LABS)
def test_without_script_it_shows_its_first_frame(visit: Open, root: str, name: str) -> None:
    page = visit(root + ADDRESSES[name], java_script_enabled=False).page
    assert page.locator(".lab__stage").is_visible()
    assert page.locator(".lab__said").inner_text() in LABS[name]()["frame"]
    assert page.locator(".lab button").count() == 0


# Hands and keys


@pytest.fixture
def home(visit: Open, root: str) -> Page:
    return visit(root, viewport={"width": 1280, "height": 900}).page


def _state(page: Page) -> Any:
    return page.evaluate("document.querySelector('.lab').state")


def test_buttons_move_the_map_and_say_what_changed(home: Page) -> None:
    home.get_by_role("button", name="Move right").click()
    assert _said(home) == "Moved 1 to the right: 4 of 36 pooled values changed (dashed)."
    assert home.locator(".lab__pooled td.d").count() == 4
    home.get_by_role("button", name="Move down").click()
    assert _said(home).startswith("Moved 1 to the right and 1 down: ")
    for _ in range(12):
        home.get_by_role("button", name="Move left").click()
    assert _state(home)["dx"] == 1


@pytest.mark.parametrize("name", ["Move up", "Move left", "Move right", "Move down"])
def test_buttons_are_large_enough_for_a_finger(home: Page, name: str) -> None:
    box = home.get_by_role("button", name=name).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44


def test_the_map_is_dragged_by_whole_cells(home: Page) -> None:
    box = home.locator(".lab__map tbody").bounding_box()
    assert box
    x, y = box["x"] + 100, box["y"] + 100
    home.mouse.move(x, y)
    home.mouse.down()
    home.mouse.move(x + 60, y - 30, steps=8)
    home.mouse.up()
    assert (_state(home)["dx"], _state(home)["dy"]) == (2, -1)
    assert home.evaluate("getComputedStyle(document.querySelector('.lab__map')).touchAction") == (
        "pan-y"
    )


def test_keys_walk_move_and_write(home: Page) -> None:
    home.locator(".lab__map").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        home.keyboard.press(key)
    assert _said(home).endswith(" Row 2, column 2: 0.")
    home.keyboard.type("73")
    assert home.locator(".lab__map td").nth(13).inner_text() == "73"
    assert _said(home) == "Row 2, column 2 is now 73: 1 of 36 pooled values changed (dashed)."
    home.keyboard.press("Shift+ArrowRight")
    assert home.locator(".lab__map td").nth(14).inner_text() == "73"
    assert _state(home)["dx"] == 1
    home.keyboard.press("Shift+ArrowLeft")
    home.keyboard.press("Backspace")
    assert _state(home)["edits"] == {}


def test_a_cell_is_chosen_and_written_by_hand(home: Page) -> None:
    home.locator(".lab__map td").nth(30).click()
    value = home.get_by_label("Number in the chosen cell")
    value.fill("99")
    assert home.locator(".lab__map td").nth(30).inner_text() == "99"
    assert _state(home)["edits"] == {"30": 99}


def test_a_number_is_written_anew_and_nothing_else_stays_in_the_field(home: Page) -> None:
    home.locator(".lab select").first.select_option("busy")
    home.locator(".lab__map td").nth(2).click()
    home.locator(".lab__map").focus()
    home.keyboard.type("56")
    assert home.locator(".lab__map td").nth(2).inner_text() == "56"
    field = home.get_by_label("Number in the chosen cell")
    for wrong in ("100", "-5", ""):
        field.fill(wrong)
        field.blur()
        assert field.input_value() == home.locator(".lab__map td").nth(2).inner_text()
    home.locator(".lab__map td").nth(40).click()
    assert field.input_value() == home.locator(".lab__map td").nth(40).inner_text()


def test_other_buttons_and_fingers_do_not_move_the_map(home: Page) -> None:
    box = home.locator(".lab__map tbody").bounding_box()
    assert box
    home.mouse.move(box["x"] + 100, box["y"] + 100)
    home.mouse.down(button="right")
    home.mouse.move(box["x"] + 190, box["y"] + 100, steps=4)
    home.mouse.up(button="right")
    assert _state(home)["dx"] == 0


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("stride", ["1", "2", "4"])
def test_all_sizes_of_the_pooled_map_fit(visit: Open, root: str, width: int, stride: str) -> None:
    page = visit(root, viewport={"width": width, "height": 844}).page
    page.locator(".lab").get_by_label("Stride").select_option(stride)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for query in (".lab__map", ".lab__pooled", ".lab__Move", ".lab__photo"):
        box = page.locator(query).bounding_box()
        assert box
        assert box["width"] > 60
        assert box["x"] + box["width"] <= width


def test_what_cannot_be_chosen_is_refused(visit: Open, root: str) -> None:
    page = visit(f"{root}detection/").page
    page.evaluate("document.querySelector('threshold-lab').set({seen: 9})")
    assert _state(page)["seen"] == 1
    page = visit(root).page
    page.evaluate("document.querySelector('pool-lab').set({stride: 12})")
    assert _state(page)["stride"] == 2


def test_a_pooled_value_shows_its_window(home: Page) -> None:
    home.locator(".lab__pooled td").nth(14).hover()
    lit = home.locator(".lab__map td.w").all_inner_texts()
    assert lit == ["0", "67", "0", "74"]
    home.mouse.move(5, 5)
    assert home.locator(".lab__map td.w").count() == 0


def test_lists_change_the_pooling(home: Page) -> None:
    home.locator(".lab select").first.select_option("busy")
    home.locator(".lab").get_by_label("Keep").select_option("mean")
    home.locator(".lab").get_by_label("Window").select_option("12")
    assert home.locator(".lab__pooled td").count() == 1
    mean = pool.contents()["busy"][1].mean()
    assert float(home.locator(".lab__pooled td").inner_text()) == pytest.approx(mean, abs=0.051)
    home.locator(".lab").get_by_label("Window").select_option("3")
    home.locator(".lab").get_by_label("Stride").select_option("3")
    assert home.locator(".lab__pooled td").count() == 16


def test_all_moves_at_one_press(home: Page) -> None:
    home.get_by_role("button", name="Try all moves by up to two").click()
    shown = home.locator(".lab__tally td:not(:first-child)").all_inner_texts()
    numbers = pool.contents()["dahlia"][1]
    before = pool.pooled(numbers, "max", 2, 2)
    expected = [
        int((pool.pooled(pool.moved(numbers, dy, dx), "max", 2, 2) != before).sum())
        for dy, dx in product(range(-2, 3), repeat=2)
    ]
    found = home.locator(".lab__tally tbody td").all_inner_texts()
    assert len(shown) >= 24
    assert [0 if text == "·" else int(text) for text in found] == expected
    same = expected.count(0) - 1
    assert (
        f"Of 24 moves by up to two from here, {same} leave"
        in home.locator(".lab__tally").inner_text()
    )


def test_insides_are_shuffled_where_windows_stand_side_by_side(visit: Open, root: str) -> None:
    page = visit(f"{root}discarded/").page
    inside = page.get_by_role("button", name="Shuffle inside windows")
    inside.click()
    assert _said(page) == "Shuffled inside the windows: 0 of 36 pooled values changed."
    page.locator(".lab").get_by_label("Stride").select_option("1")
    assert inside.is_disabled()
    assert _state(page)["shuffle"] == ""


def test_a_network_says_which_poolings_it_is_without(visit: Open, root: str) -> None:
    page = visit(f"{root}cost/?lab=1.cost.vgg16.10110").page
    assert _said(page).startswith("VGG-16 without pool2 and pool5: ")
    assert "times as many (its first dense layer built anew)" in _said(page)


@pytest.fixture
def sizes(visit: Open, root: str) -> Page:
    return visit(f"{root}sizes/").page


def test_a_size_is_typed_and_dragged(sizes: Page) -> None:
    field = sizes.get_by_role("spinbutton", name="Side of the picture")
    field.fill("96")
    assert _said(sizes).startswith("A picture of 96 × 96 becomes 96 × 96: it fits.")
    slider = sizes.get_by_role("slider")
    assert slider.input_value() == "96"
    slider.focus()
    sizes.keyboard.press("ArrowRight")
    assert _state(sizes)["size"] == 97
    assert field.input_value() == "97"
    box = slider.bounding_box()
    assert box
    sizes.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    assert _state(sizes)["size"] > 900


@pytest.mark.parametrize(
    "typed", ["1025", "99999", "1e3", "0", "-5", "", "12.5", "abc"], ids=lambda typed: typed or "-"
)
def test_what_is_typed_and_no_size_keeps_the_picture_and_says_so(sizes: Page, typed: str) -> None:
    field = sizes.get_by_role("spinbutton", name="Side of the picture")
    hint = sizes.get_by_role("status").filter(has_text="1,024")
    assert hint.inner_text() == "From 1 to 1,024 rows, and 12 layers at most."
    field.fill("225")
    sizes.keyboard.press("Enter")
    before = _said(sizes)
    assert before.startswith("A picture of 225 × 225 ")
    field.press("ControlOrMeta+a")
    sizes.keyboard.press("Backspace")
    sizes.keyboard.type(typed)
    assert _state(sizes)["size"] == 225
    assert _said(sizes) == before
    assert hint.inner_text() == "Type a whole number from 1 to 1,024."
    assert field.get_attribute("aria-invalid") == "true"
    field.blur()
    assert field.input_value() == "225"
    assert field.get_attribute("aria-invalid") == "false"
    assert hint.inner_text() == "Type a whole number from 1 to 1,024."
    field.fill("64")
    assert hint.inner_text() == "From 1 to 1,024 rows, and 12 layers at most."
    assert field.get_attribute("aria-invalid") == "false"
    assert field.get_attribute("aria-describedby") == hint.get_attribute("id")


def test_layers_are_added_and_removed_by_keyboard(sizes: Page) -> None:
    sizes.get_by_role("button", name="Remove layer 3: pool 2 × 2").focus()
    sizes.keyboard.press("Enter")
    assert _state(sizes)["layers"] == "pppuuuu"
    focused = "document.activeElement.ariaLabel"
    assert sizes.evaluate(focused) == "Remove layer 3: pool 2 × 2"
    for _ in range(7):
        sizes.keyboard.press("Enter")
    assert _state(sizes)["layers"] == ""
    assert _said(sizes) == "A picture of 100 × 100, and no layer yet."
    assert sizes.evaluate(focused) == "Add a layer: pool 2 × 2"
    for kind in size.KINDS.values():
        sizes.get_by_role("button", name=f"Add a layer: {kind.label}", exact=True).click()
    assert _state(sizes)["layers"] == "pqrcvu"
    sizes.get_by_role("button", name="Add a layer: padded conv 3 × 3", exact=True).focus()
    for _ in range(6):
        sizes.keyboard.press("Enter")
    assert _state(sizes)["layers"] == "pqrcvucccccc"
    assert sizes.locator(".lab__sizes tbody tr").count() == 13
    assert "lab=1.size.100.pqrcvucccccc" in sizes.url


def test_at_the_most_layers_it_says_why_no_more_and_keeps_the_focus(sizes: Page) -> None:
    adding = sizes.locator(".lab__Add button")
    hint = sizes.locator(".lab__hint")
    adding.first.focus()
    for _ in range(4):
        assert hint.inner_text() == "From 1 to 1,024 rows, and 12 layers at most."
        sizes.keyboard.press("Enter")
    sizes.keyboard.press("Enter")
    assert _state(sizes)["layers"] == "ppppuuuupppp"
    assert hint.inner_text() == "12 layers at most: remove one to add another."
    assert {button.get_attribute("aria-disabled") for button in adding.all()} == {"true"}
    assert sizes.evaluate("document.activeElement.ariaLabel") == "Add a layer: pool 2 × 2"
    sizes.get_by_role("button", name="Remove layer 12: pool 2 × 2").click()
    assert hint.inner_text() == "From 1 to 1,024 rows, and 12 layers at most."
    assert {button.get_attribute("aria-disabled") for button in adding.all()} == {"false"}


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_control_moves_while_it_is_used(visit: Open, root: str, width: int) -> None:
    page = visit(f"{root}sizes/", viewport={"width": width, "height": 844}).page
    seen = (
        "[...document.querySelectorAll('.lab__above :is(button, input), .lab__sizes caption')].map("
        "(part) => part.getBoundingClientRect().top + scrollY)"
    )
    before = page.evaluate(seen)
    for layers in ("", "qqvrqqpuvcqq", "ppppuuuu", "uuuuuuuuuuuu"):
        page.evaluate("(layers) => document.querySelector('.lab').set({layers})", layers)
        assert page.evaluate(seen) == before
    page.get_by_role("spinbutton").fill("1025")
    assert page.evaluate(seen) == before


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_all_layers_fit_beside_their_bars(visit: Open, root: str, width: int) -> None:
    address = f"{root}sizes/?lab=1.size.37.qqrvqqpuvcqq"
    page = visit(address, viewport={"width": width, "height": 844}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture = page.locator(".lab__sizes .lab__bar").first.bounding_box()
    assert picture
    assert picture["width"] > 30
    cut = page.locator(".lab__sizes .lab__cut").first.bounding_box()
    assert cut
    assert cut["width"] >= 4
    removing = page.locator(".lab__sizes button").all()
    assert len(removing) == 12
    for button in removing:
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] + box["width"] <= width
    for button in page.locator(".lab__Add button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] + box["width"] <= width


@pytest.fixture
def chooser(visit: Open, root: str) -> Page:
    return visit(f"{root}alternatives/").page


def test_questions_are_answered_by_keyboard(chooser: Page) -> None:
    place = chooser.get_by_label("Is the place the answer?")
    place.focus()
    chooser.keyboard.press("ArrowDown")
    assert _state(chooser)["place"] is True
    assert _said(chooser).startswith("If the place is the answer, take: space to depth. ")
    assert chooser.get_by_label("Do you know where it is?").is_disabled()
    assert chooser.get_by_label("How many units see it?").is_disabled()
    chooser.get_by_label("Does every multiplication count?").select_option("1")
    assert "take: blurred max. " in _said(chooser)
    assert chooser.locator(".lab__lines .on").count() == 1
    assert "lab=1.choose.1.0.7.1" in chooser.url


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_chooser_fits(visit: Open, root: str, width: int) -> None:
    page = visit(f"{root}alternatives/", viewport={"width": width, "height": 844}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in page.locator(".lab__Questions select, .lab__lines tbody tr").all():
        box = part.bounding_box()
        assert box
        assert box["x"] + box["width"] <= width
        assert box["height"] >= 20


FOUND = "Found, with noise of each unit's own"


def _column(page: Page, number: int) -> list[str]:
    """The cells of a column of the first table of numbers, from the top."""
    rows = page.locator("whole-table details:nth-child(2) tbody tr")
    return [cell.split()[0] for cell in rows.locator(f":nth-child({number})").all_inner_texts()]


def test_the_whole_table_is_sorted_by_any_column(chooser: Page) -> None:
    chooser.get_by_text(FOUND).click()
    before = _column(chooser, 1)
    button = chooser.get_by_role("button", name="Sort by 7 of 49").first
    column = 1 + 3 * 2 + 2
    for order, sign in (("descending", -1), ("ascending", 1)):
        button.click()
        shown = _column(chooser, column)
        numbers = [float(text.partition("%")[0]) for text in shown if not text.startswith("–")]
        assert numbers == sorted(numbers, key=lambda number: sign * number)
        assert all(text.startswith("–") for text in shown[len(numbers) :])
        assert len(numbers) > 20
        head = chooser.locator("whole-table details:nth-child(2) thead th").nth(column - 1)
        assert head.get_attribute("aria-sort") == order
    button.click()
    assert _column(chooser, 1) == before
    assert chooser.locator("whole-table [aria-sort]").count() == 0
    chooser.locator("whole-table details:nth-child(2) thead button").first.click()
    names = chooser.locator("whole-table details:nth-child(2) tbody th").all_inner_texts()
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_whole_table_is_read_on_any_screen(
    visit: Open, root: str, width: int, scripts: bool
) -> None:
    size = {"width": width, "height": 844}
    page = visit(f"{root}alternatives/", viewport=size, java_script_enabled=scripts).page
    folds = page.locator("whole-table details")
    assert folds.count() == 1 + len(choose.GROUPS)
    assert page.locator("whole-table tbody tr").first.is_visible()
    page.get_by_text(FOUND).click()
    assert page.locator("whole-table details:nth-child(2) tbody tr").first.is_visible()
    assert page.locator("whole-table details:nth-child(2) .whole__notes").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("whole-table button").count() == (0 if not scripts else 2 + 40 + 7)


# Addresses

FROZEN: dict[str, dict[str, Any]] = {
    "1.pool.busy.max-blur.3.2.1.-4": {
        "content": "busy",
        "method": "max blur",
        "window": 3,
        "dx": -4,
    },
    "1.pool.peak.max.12.12.0.6": {"content": "peak", "window": 12, "stride": 12, "dx": 6},
    "1.pool.line.mean.2.2.0.0.e13-99.e143-5": {"edits": {"13": 99, "143": 5}},
    "1.pool.ring.max.2.2.0.0.inside7": {"shuffle": "inside", "seed": 7},
}  # published links: none of these may ever mean something else


@pytest.mark.parametrize("setting", FROZEN)
def test_an_address_means_for_ever_what_it_meant(visit: Open, root: str, setting: str) -> None:
    page = visit(f"{root}?lab={setting}").page
    state = _state(page)
    assert {name: state[name] for name in FROZEN[setting]} == FROZEN[setting]
    assert page.evaluate("document.querySelector('.lab').encode().join('.')") == setting[7:]


@pytest.mark.parametrize(
    ("setting", "state"),
    [
        ("1.size.572.vvpvvp", {"size": 572, "layers": "vvpvvp"}),
        ("1.size.100.pqcvu", {"size": 100, "layers": "pqcvu"}),
        ("1.size.224.rr", {"size": 224, "layers": "rr"}),
        ("1.size.1024.uuuuuuuuuuuu", {"size": 1024, "layers": "uuuuuuuuuuuu"}),
        ("1.size.7.-", {"size": 7, "layers": ""}),
    ],
)  # published links, too
def test_an_address_of_sizes_means_for_ever_what_it_meant(
    visit: Open, root: str, setting: str, state: dict[str, Any]
) -> None:
    page = visit(f"{root}sizes/?lab={setting}").page
    assert _state(page) == state
    assert page.evaluate("document.querySelector('.lab').encode().join('.')") == setting[7:]


@pytest.mark.parametrize(
    "parts",
    ["100", "100.", "0.p", "1025.p", "1e2.p", "12.pz", "12.p.3", "12.toString", f"12.{'p' * 13}"],
)
def test_what_means_no_size_shows_the_first_frame(visit: Open, root: str, parts: str) -> None:
    page = visit(f"{root}sizes/?lab=1.size.{parts}").page
    assert _state(page) == {"size": 100, "layers": "ppppuuuu"}
    assert _said(page) == f"{ANEW} {size.said(size.Setting())}"


@pytest.mark.parametrize(
    ("setting", "state"),
    [
        ("1.choose.0.1.49.0", {"place": False, "known": True, "seen": 49, "cheap": False}),
        ("1.choose.1.0.1.1", {"place": True, "known": False, "seen": 1, "cheap": True}),
    ],
)  # published links, too
def test_an_address_of_answers_means_for_ever_what_it_meant(
    visit: Open, root: str, setting: str, state: dict[str, Any]
) -> None:
    page = visit(f"{root}alternatives/?lab={setting}").page
    assert _state(page) == state
    assert page.evaluate("document.querySelector('.lab').encode().join('.')") == setting[9:]


@pytest.mark.parametrize(
    "parts", ["", "0.0.7", "0.0.7.0.1", "2.0.7.0", "0.0.8.0", "0.0.toString.0", "0.x.7.0"]
)
def test_what_means_no_answers_shows_the_first_frame(visit: Open, root: str, parts: str) -> None:
    page = visit(f"{root}alternatives/?lab=1.choose.{parts}").page
    assert _state(page) == asdict(choose.Setting())
    assert _said(page).startswith(ANEW)


def test_a_shuffle_of_a_link_stays_the_same(visit: Open, root: str) -> None:
    page = visit(f"{root}?lab=1.pool.ring.max.2.2.0.0.inside7").page
    cells = page.locator(".lab__map td").all_inner_texts()
    assert [i for i, text in enumerate(cells) if text == "90"] == SHUFFLED


SHUFFLED = [33, 39, 42, 75, 82, 110, 116, 126]


@pytest.mark.parametrize(
    "setting",
    ["2.pool.busy.max.2.2.0.0", "1.pool.cat.max.2.2.0.0", "1.pool.busy.max.6.2.0.0", "1.pool",
     "1.pool.busy.max.2.2.0.0.e144-5", "1.pool.busy.max.2.2.0.0.<b>", "1.cost.vgg16.11111",
     "1.pool.busy.max.2.12.0.0", "1.pool.busy.max.2.2.0.7", "1.pool.busy.max.3.2.0.0.inside1",
     "1.pool.toString.max.2.2.0.0", "1.pool.peak.toString.2.2.0.0"],
)  # fmt: skip
def test_what_means_nothing_shows_the_first_frame(visit: Open, root: str, setting: str) -> None:
    page = visit(f"{root}?lab={setting}").page
    assert _state(page) == page.evaluate("document.querySelector('.lab').start()")
    assert _said(page).startswith(ANEW)


ANEW = "This link does not fit this lab; it starts anew."


@pytest.mark.parametrize("name", LABS)
def test_a_link_that_cannot_be_read_is_told_once_and_not_kept(
    visit: Open, root: str, name: str
) -> None:
    first = visit(root + ADDRESSES[name]).page
    page = visit(f"{root}{ADDRESSES[name]}?lab=1.nothing&of=it#lab").page
    assert _said(page) == f"{ANEW} {_said(first)}"
    assert page.url == f"{root}{ADDRESSES[name]}?of=it#lab"
    told = "document.querySelector('.lab').told()"
    assert page.evaluate(told) == first.evaluate(told)
    page.get_by_role("button", name="Reset").click()
    assert _said(page) == _said(first)


def _loaded(page: Page) -> None:
    """Wait for what a lab asks for, if it does."""
    page.evaluate("document.querySelector('.lab').load?.()")


@pytest.mark.parametrize("name", LABS)
def test_round_trip_and_reset(visit: Open, root: str, name: str) -> None:
    page = visit(root + ADDRESSES[name]).page
    first = _state(page)
    if page.locator("pool-lab").count():
        page.evaluate("document.querySelector('.lab').set({dy: 2, dx: -3, edits: {5: 42}})")
    elif page.locator("threshold-lab").count():
        page.evaluate("document.querySelector('.lab').set({threshold: -7, units: 9, seen: 8})")
    elif page.locator("choose-lab").count():
        page.evaluate("document.querySelector('.lab').set({seen: 1, cheap: true})")
    elif page.locator("size-lab").count():
        page.evaluate("document.querySelector('.lab').set({size: 225, layers: 'cpvqu'})")
    elif page.locator("digit-lab").count():
        _loaded(page)
        page.evaluate("document.querySelector('.lab').set({digit: 7, dx: 4, seen: 17, dy: -2})")
    else:
        page.locator(".lab__switch input").first.click()
    changed = _state(page)
    assert changed != first
    again = visit(page.url).page
    assert _state(again) == changed
    _loaded(again)
    assert _said(again) == _said(page)
    again.get_by_role("button", name="Reset").click()
    assert _state(again) == first
    assert "lab=" not in again.url


@pytest.mark.parametrize("where", ["file", "below"])
def test_it_works_from_a_file_and_under_a_sub_path(
    visit: Open, below: str, site: Path, where: str
) -> None:
    base = below if where == "below" else f"file://{site}/index.html"
    page = visit(base).page
    page.get_by_role("button", name="Move right").click()
    assert "1 to the right" in _said(page)


def test_a_link_to_the_setting_is_copied(browser: Browser, root: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(root)
    page.get_by_role("button", name="Move right").click()
    page.get_by_role("button", name="Copy link to this setting").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("?lab=1.pool.dahlia.max.2.2.0.1#lab")
    context.close()


@pytest.mark.parametrize(
    ("page_of", "change", "says"),
    [
        ("", "{dx: 1}", "Pooling (max) over windows of 2 × 2 with stride 2, on a map of 12 × 12"),
        (
            "detection/",
            "{strength: 10, seen: 2}",
            "The largest answer of 4 noisy detectors, 2 of which see a petal 1 standard deviation",
        ),
        ("cost/", "{}", "VGG-16 as designed: 15.5 billion multiplications"),
        (
            "sizes/",
            "{layers: 'cppuu'}",
            "Through padded conv 3 × 3, pool 2 × 2 (2 times) and upsample × 2 (2 times): a picture",
        ),
        (
            "trained/",
            "{digit: 4, dx: 2, seen: 4}",
            "Networks trained on digits at one place are shown a 4, moved 2 to the right: the",
        ),
        (
            "alternatives/",
            "{seen: 1}",
            "If the place is unknown and one of 49 units sees the feature, take: max. It finds",
        ),
    ],
)
def test_a_setting_is_cited_in_words_that_stand_alone(
    browser: Browser, root: str, page_of: str, change: str, says: str
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(root + page_of)
    page.evaluate(f"document.querySelector('.lab').set({change})")
    _loaded(page)
    page.get_by_role("button", name="Cite this setting").click()
    page.get_by_role("button", name="Copied").wait_for()
    said, _, address = page.evaluate("navigator.clipboard.readText()").rpartition(" ")
    assert said.startswith(says)
    assert said.endswith(_said(page).replace(" (dashed)", "").removeprefix("A "))
    published = page.locator("link[rel=canonical]").get_attribute("href")
    assert published
    assert address.startswith(published)
    page.goto(root + page_of + address.removeprefix(published))
    _loaded(page)
    assert page.evaluate("document.querySelector('.lab').told()") == said
    context.close()


# The first screen of the home page


@pytest.mark.parametrize(("width", "height", "words"), [(1280, 900, 45), (390, 844, 30)])
def test_the_first_screen_says_little_and_shows_the_thing(
    visit: Open, root: str, width: int, height: int, words: int
) -> None:
    page = visit(root, viewport={"width": width, "height": height}).page
    above = page.evaluate(
        """() => {
            const texts = [];
            let part = document.querySelector("article .lab").previousElementSibling;
            for (; part && part.tagName !== "H1"; part = part.previousElementSibling)
                texts.unshift(part.innerText);
            return texts.join(" ");
        }"""
    )
    assert 20 <= len(above.split()) <= words
    assert len(re.findall(r"\d+", above)) <= 1
    assert re.findall(r"[\u0370-\u03ff]", above) == []
    heading = page.locator("h1").bounding_box()
    assert heading
    assert heading["height"] <= 2 * 42
    for query in (".lab__map", ".lab__pooled", ".lab__Move"):
        box = page.locator(query).bounding_box()
        assert box
        assert box["y"] + box["height"] <= height
