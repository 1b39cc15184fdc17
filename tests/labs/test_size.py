"""The lab of sizes by windows that are put down one by one, and by maps that are really pooled."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import numpy as np
import pytest

from explainers.labs import size
from explainers.labs.size import Setting
from explainers.operators import conv2d, max_pool2d
from explainers.sizes.model import Pool, closes, lost, next_size_that_closes

WINDOWS = {"p": (2, 2, 0), "q": (3, 2, 0), "r": (3, 2, 1), "c": (3, 1, 1), "v": (3, 1, 0)}


def walked(side: int, layers: str) -> list[tuple[int, int, int]]:
    """Of each layer: how many rows it gives, how many it leaves out, and those it has to meet."""
    found: list[tuple[int, int, int]] = []
    waiting: list[int] = []
    for sign in layers:
        if sign == "u":
            side *= 2
            found.append((side, 0, waiting.pop() if waiting else 0))
            continue
        window, stride, padding = WINDOWS[sign]
        begins = range(-padding, side + padding - window + 1, stride)
        if not begins:
            return [*found, (0, 0, 0)]
        seen = {begin + tap for begin in begins for tap in range(window)}
        if sign in "pqr":
            waiting.append(side)
        found.append((len(begins), len(set(range(side)) - seen), 0))
        side = len(begins)
    return found


def fits(side: int, layers: str) -> bool:
    return all(rows > 0 and meets in (0, rows) for rows, _, meets in walked(side, layers))


def whole(side: int, layers: str) -> bool:
    return not any(cut for _, cut, _ in walked(side, layers))


CHAINS = ["", "p", "q", "v", "c", "u", "r", "ppppuuuu", "qqu", "cpcpuu", "vpvuv", "pqpuuu"]
CHAINS += ["uuppu", "rru", "pppu", "rqruu", "qqqq"]


@pytest.mark.parametrize("layers", [*CHAINS, *map("".join, product("pqrv", "pcu", "vu"))])
def test_each_layer_by_its_windows(layers: str) -> None:
    for side in (*range(1, 40), 99, 100, 255, 256):
        setting = Setting(side, layers)
        found = [(max(step.side, 0), step.cut, step.meets) for step in size.steps(setting)]
        assert found == walked(side, layers)
        assert size.fits(setting) is fits(side, layers)
        assert size.loses(setting) is not whole(side, layers)


@pytest.mark.parametrize("layers", CHAINS)
def test_a_skip_connection_joins_a_doubling_to_a_halving_before_it(layers: str) -> None:
    assert size.skips(layers) is any(meets for *_, meets in walked(1000, layers))


@pytest.mark.parametrize("layers", CHAINS)
def test_the_nearest_sizes_by_trying_all(layers: str) -> None:
    joined = re.search("[pqr].*u", layers)
    fitting = [n for n in range(1, 1025) if fits(n, layers)]
    lossless = [n for n in fitting if whole(n, layers)]
    for side in (1, 9, 10, 100, 1024):
        only_loses = side in fitting and side not in lossless
        good = fitting if joined and not only_loses else lossless
        expected = [n for n in good if n < side][-1:] + [n for n in good if n > side][:1]
        assert size.nearest(Setting(side, layers)) == expected


def test_an_encoder_and_a_decoder_fit_where_the_chapter_says_that_they_close() -> None:
    for depth in range(5):
        layers = "p" * depth + "u" * depth
        for side in range(2**depth, 150):
            assert size.fits(Setting(side, layers)) is closes(side, depth)
        assert size.nearest(Setting(130, layers))[1] == next_size_that_closes(131, depth)


def test_maps_that_are_really_pooled_have_these_sides() -> None:
    weights = np.ones((1, 1, 3, 3))
    layer: dict[str, Any] = {
        "p": lambda x: max_pool2d(x, 2),
        "q": lambda x: max_pool2d(x, 3, 2),
        "r": lambda x: max_pool2d(x, 3, 2, padding=1),
        "c": lambda x: conv2d(x, weights, padding=1),
        "v": lambda x: conv2d(x, weights),
        "u": lambda x: x.repeat(2, axis=-2).repeat(2, axis=-1),
    }
    for layers in ("ppppuuuu", "cpcpvuqu", "vqvqcpu"):
        x = np.zeros((1, 67, 67))
        for sign, step in zip(layers, size.steps(Setting(67, layers)), strict=True):
            x = layer[sign](x)
            assert x.shape == (1, step.side, step.side)


@pytest.mark.parametrize("sign", WINDOWS)
def test_what_is_cut_off_is_what_the_chapter_says_is_lost(sign: str) -> None:
    for side in range(3, 40):
        window, stride, padding = WINDOWS[sign]
        gone = lost(side, [Pool(window, stride, padding)])
        [step] = size.steps(Setting(side, sign))
        assert step.cut == gone.size
        assert step.cut <= 1  # “cuts off a row”
        assert gone.tolist() == [side - 1] * step.cut


# The page


def texts(setting: Setting) -> list[list[str]]:
    """What is written in the table, line by line."""
    lines = re.findall(r"<tr>(.*?)</tr>", size.rows(setting))
    return [re.findall(r">([^<>]+)<", line) for line in lines]


def test_the_table_says_sides_and_what_is_wrong() -> None:
    assert texts(Setting()) == [
        ["picture", "100"],
        ["1. pool 2 × 2", "50"],
        ["2. pool 2 × 2", "25", "next layer cuts off 1"],
        ["3. pool 2 × 2", "12"],
        ["4. pool 2 × 2", "6"],
        ["5. upsample × 2", "12", "= 12"],
        ["6. upsample × 2", "24", "≠ 25"],
        ["7. upsample × 2", "48", "≠ 50"],
        ["8. upsample × 2", "96", "≠ 100"],
    ]
    assert texts(Setting(4, "vqu")) == [
        ["picture", "4"],
        ["1. unpadded conv 3 × 3", "2"],
        ["2. unpadded pool 3 × 3 at stride 2", "–", "no room: 2 − 3 = −1"],
        ["3. upsample × 2", "–"],
    ]
    assert texts(Setting(1024, "uc"))[1:] == [
        ["1. upsample × 2", "2,048"],
        ["2. padded conv 3 × 3", "2,048"],
    ]
    assert texts(Setting(1, "v"))[1] == ["1. unpadded conv 3 × 3", "–", "no room: 1 − 3 = −2"]
    last = texts(Setting(8, "puq"))[2]
    assert last == ["2. upsample × 2", "8", "= 8, ", "next layer cuts off 1"]
    assert texts(Setting(113, "r"))[1] == ["1. padded pool 3 × 3 at stride 2", "57"]
    marked = re.findall(r'class="x">([^<]*)<', size.rows(Setting()))
    assert marked == ["next layer cuts off 1", "≠ 25", "≠ 50", "≠ 100"]
    assert re.findall(r'class="x">([^<]*)<', size.rows(Setting(8, "puv"))) == []


def test_no_bar_vanishes_because_of_maps_that_grow_without_end() -> None:
    lines = texts(Setting(1024, "uuuu"))
    assert lines[2:] == [
        ["2. upsample × 2", "4,096"],
        ["3. upsample × 2", "–", "over 4,096"],
        ["4. upsample × 2", "–"],
    ]
    widths = re.findall(r"width:(.*?)%", size.rows(Setting(1024, "u" * 12)))
    assert widths == ["25", "50", "100"]
    assert texts(Setting(1, "u" * 12))[-1] == ["12. upsample × 2", "4,096"]


def test_each_line_has_room_for_a_button_at_its_end() -> None:
    for setting in (Setting(), Setting(4, "vqu"), Setting(1024, "uuuu")):
        for line in re.findall(r"<tr>(.*?)</tr>", size.rows(setting)):
            assert line.count("<td>") == 4
            assert line.endswith("<td></td>")


def test_bars_are_drawn_to_scale() -> None:
    for setting in (Setting(), Setting(37, "pqpuu"), Setting(3, "pu"), Setting(5, "ppp")):
        steps = walked(setting.size, setting.layers)
        sides = [setting.size, *(rows for rows, *_ in steps if rows)]
        cuts = [*(cut for _, cut, _ in steps), 0][: len(sides)]
        lines = re.findall(r"<tr>(.*?)</tr>", size.rows(setting))[: len(sides)]
        for line, side, cut in zip(lines, sides, cuts, strict=True):
            widths = {
                name: float(width)
                for name, width in re.findall(r'class="lab__(bar|cut)" style="width:(.*?)%"', line)
            }
            assert widths.get("bar", 0) == pytest.approx(100 * (side - cut) / max(sides), abs=0.051)
            assert ("cut" in widths) is (cut > 0)
            assert widths.get("cut", 0) == pytest.approx(100 * cut / max(sides), abs=0.051)
    halves = re.findall(r"width:(.*?)%", size.rows(Setting(16, "pppp")))
    assert halves == ["100", "50", "25", "12.5", "6.3"]  # as the script rounds 6.25


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            Setting(),
            "A picture of 100 × 100 becomes 96 × 96. Layer 3 cuts off a row. Layers 6, 7 and 8 do "
            "not fit their skip connections. The nearest sizes that fit: 96 and 112.",
        ),
        (
            Setting(100, "pppp"),
            "A picture of 100 × 100 becomes 6 × 6: it runs, but layer 3 cuts off a row. "
            "The nearest sizes that lose no row: 96 and 112.",
        ),
        (
            Setting(5, "ppp"),
            "A picture of 5 × 5 breaks at layer 3: no window fits into 1 × 1. "
            "The nearest size that loses no row: 8.",
        ),
        (
            Setting(96),
            "A picture of 96 × 96 becomes 96 × 96: it fits. "
            "The nearest other sizes that fit: 80 and 112.",
        ),
        (
            Setting(4, "pp"),
            "A picture of 4 × 4 becomes 1 × 1. The nearest other size that loses no row: 8.",
        ),
        (
            Setting(11, "pp"),
            "A picture of 11 × 11 becomes 2 × 2: it runs, but layers 1 and 2 each cut off a row. "
            "The nearest sizes that lose no row: 8 and 12.",
        ),
        (
            Setting(10, "pppu"),
            "A picture of 10 × 10 becomes 2 × 2: it fits, but layer 2 cuts off a row. "
            "The nearest sizes that fit and lose no row: 8 and 16.",
        ),
        (
            Setting(8, "pppu"),
            "A picture of 8 × 8 becomes 2 × 2: it fits. The nearest other size that fits: 9.",
        ),
        (
            Setting(65, "qu"),
            "A picture of 65 × 65 becomes 64 × 64. Layer 2 does not fit its skip connection. "
            "No size up to 1,024 fits.",
        ),
        (
            Setting(113, "ru"),
            "A picture of 113 × 113 becomes 114 × 114. Layer 2 does not fit its skip connection. "
            "The nearest sizes that fit: 112 and 114.",
        ),
        (
            Setting(100, "p" * 11),
            "A picture of 100 × 100 breaks at layer 7: no window fits into 1 × 1. "
            "Every size up to 1,024 breaks or loses a row.",
        ),
        (
            Setting(1024, "p" * 10),
            "A picture of 1,024 × 1,024 becomes 1 × 1. "
            "Every other size up to 1,024 breaks or loses a row.",
        ),
        (
            Setting(1024, "p" * 10 + "u"),
            "A picture of 1,024 × 1,024 becomes 2 × 2: it fits. No other size up to 1,024 fits.",
        ),
        (
            Setting(1024, "p"),
            "A picture of 1,024 × 1,024 becomes 512 × 512. "
            "The nearest other size that loses no row: 1,022.",
        ),
        (
            Setting(1024, "uuuv"),
            "A picture of 1,024 × 1,024 grows over 4,096 × 4,096 at layer 3: the lab stops there.",
        ),
        (Setting(7, ""), "A picture of 7 × 7, and no layer yet."),
    ],
)
def test_what_is_said(setting: Setting, said: str) -> None:
    assert size.said(setting) == said
    assert f'<p class="lab__said">{said}</p>' in size.frame(setting)


def test_the_page_is_given_the_windows_of_the_layers() -> None:
    look = size.first_look()
    assert json.loads(json.dumps(look)) == look
    data = look["data"]
    assert (data["most"], data["deepest"], data["largest"]) == (1024, 12, 4096)
    assert data["setting"] == {"size": 100, "layers": "ppppuuuu"}
    pools = {sign: kind["pool"] for sign, kind in data["kinds"].items()}
    assert pools == {sign: [*window] for sign, window in WINDOWS.items()} | {"u": None}
    for sign, kind in data["kinds"].items():
        assert f"1. {kind['label']}" in size.rows(Setting(9, sign))
    assert size.rows(Setting()) in look["frame"]


def test_every_kind_of_case_is_among_the_cases() -> None:
    found = [*size.cases(160)]
    settings = [Setting(**case["state"]) for case in found]
    assert {sign for setting in settings for sign in setting.layers} == set(size.KINDS)
    assert {len(setting.layers) for setting in settings} == set(range(13))
    for part in (
        "breaks at",
        "cut off",
        "cuts off",
        "do not fit",
        "does not fit",
        "it fits.",
        "it runs",
        "grows over",
    ):
        assert any(part in case["said"] for case in found), part
    for case, setting in zip(found, settings, strict=True):
        assert case["rows"] == size.rows(setting)
        assert case["said"] == size.said(setting)


@pytest.mark.parametrize("setting", [(0, "p"), (1025, "p"), (8, "pz"), (8, "p" * 13)])
def test_what_is_no_setting_is_refused(setting: tuple[int, str]) -> None:
    with pytest.raises(ValueError, match=r"^(size|layers) must be .*; got"):
        Setting(*setting)
