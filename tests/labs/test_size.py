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

WINDOWS = {"p": (2, 2, 0), "q": (3, 2, 0), "c": (3, 1, 1), "v": (3, 1, 0)}


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
        if sign in "pq":
            waiting.append(side)
        found.append((len(begins), len(set(range(side)) - seen), 0))
        side = len(begins)
    return found


def fine(side: int, layers: str) -> bool:
    return all(
        rows > 0 and not cut and meets in (0, rows) for rows, cut, meets in walked(side, layers)
    )


CHAINS = ["", "p", "q", "v", "c", "u", "ppppuuuu", "qqu", "cpcpuu", "vpvuv", "pqpuuu", "uuppu"]


@pytest.mark.parametrize("layers", [*CHAINS, *map("".join, product("pqv", "pcu", "vu"))])
def test_each_layer_by_its_windows(layers: str) -> None:
    for side in (*range(1, 40), 99, 100, 255, 256):
        found = [
            (max(step.side, 0), step.cut, step.meets) for step in size.steps(Setting(side, layers))
        ]
        assert found == walked(side, layers)
        assert size.works(Setting(side, layers)) is fine(side, layers)


@pytest.mark.parametrize("layers", CHAINS)
def test_the_nearest_sizes_by_trying_all(layers: str) -> None:
    good = [n for n in range(1, 1025) if fine(n, layers)]
    for side in (1, 9, 100, 1024):
        expected = [n for n in good if n < side][-1:] + [n for n in good if n > side][:1]
        assert size.nearest(Setting(side, layers)) == expected


def test_an_encoder_and_a_decoder_work_where_the_chapter_says_that_they_close() -> None:
    for depth in range(5):
        layers = "p" * depth + "u" * depth
        for side in range(2**depth, 150):
            assert size.works(Setting(side, layers)) is closes(side, depth)
        assert size.nearest(Setting(130, layers))[1] == next_size_that_closes(131, depth)


def test_maps_that_are_really_pooled_have_these_sides() -> None:
    weights = np.ones((1, 1, 3, 3))
    layer: dict[str, Any] = {
        "p": lambda x: max_pool2d(x, 2),
        "q": lambda x: max_pool2d(x, 3, 2),
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
        ["2. pool 2 × 2", "25"],
        ["3. pool 2 × 2", "12", "cuts off 1"],
        ["4. pool 2 × 2", "6"],
        ["5. upsample × 2", "12", "= 12"],
        ["6. upsample × 2", "24", "≠ 25"],
        ["7. upsample × 2", "48", "≠ 50"],
        ["8. upsample × 2", "96", "≠ 100"],
    ]
    assert texts(Setting(4, "vqu")) == [
        ["picture", "4"],
        ["1. unpadded conv 3 × 3", "2"],
        ["2. pool 3 × 3 at stride 2", "0", "breaks"],
        ["3. upsample × 2", "–"],
    ]
    assert texts(Setting(1024, "uc"))[1:] == [
        ["1. upsample × 2", "2,048"],
        ["2. padded conv 3 × 3", "2,048"],
    ]
    assert texts(Setting(1, "v"))[1] == ["1. unpadded conv 3 × 3", "−1", "breaks"]
    marked = re.findall(r'class="x">([^<]*)<', size.rows(Setting()))
    assert marked == ["cuts off 1", "≠ 25", "≠ 50", "≠ 100"]


def test_bars_are_drawn_to_scale() -> None:
    for setting in (Setting(), Setting(37, "pqpuu"), Setting(3, "pu"), Setting(5, "ppp")):
        steps = walked(setting.size, setting.layers)
        sides = [setting.size, *(rows for rows, *_ in steps)]
        cuts = [*(cut for _, cut, _ in steps), 0]
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
            "not fit their skip connections. The nearest sizes that work: 96 and 112.",
        ),
        (
            Setting(5, "ppp"),
            "A picture of 5 × 5 breaks at layer 3: no window fits into a map of 1 × 1. "
            "Layer 1 cuts off a row. The nearest size that works: 8.",
        ),
        (
            Setting(96),
            "A picture of 96 × 96 becomes 96 × 96: it works. "
            "The nearest other sizes that work: 80 and 112.",
        ),
        (
            Setting(11, "pp"),
            "A picture of 11 × 11 becomes 2 × 2. Layers 1 and 2 each cut off a row. "
            "The nearest sizes that work: 8 and 12.",
        ),
        (
            Setting(65, "qu"),
            "A picture of 65 × 65 becomes 64 × 64. Layer 2 does not fit its skip connection. "
            "No size up to 1,024 works.",
        ),
        (
            Setting(1024, "p"),
            "A picture of 1,024 × 1,024 becomes 512 × 512: it works. "
            "The nearest other size that works: 1,022.",
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
    assert (data["most"], data["deepest"]) == (1024, 12)
    assert data["setting"] == {"size": 100, "layers": "ppppuuuu"}
    pools = {sign: kind["pool"] for sign, kind in data["kinds"].items()}
    assert pools == {sign: [*window] for sign, window in WINDOWS.items()} | {"u": None}
    for sign, kind in data["kinds"].items():
        assert f"1. {kind['label']}" in size.rows(Setting(9, sign))
    assert size.rows(Setting()) in look["frame"]


def test_every_kind_of_case_is_among_the_cases() -> None:
    found = [*size.cases(60)]
    settings = [Setting(**case["state"]) for case in found]
    assert {sign for setting in settings for sign in setting.layers} == set(size.KINDS)
    assert {len(setting.layers) for setting in settings} == set(range(13))
    for part in ("breaks at", "cut off", "cuts off", "do not fit", "does not fit", "it works"):
        assert any(part in case["said"] for case in found), part
    for case, setting in zip(found, settings, strict=True):
        assert case["rows"] == size.rows(setting)
        assert case["said"] == size.said(setting)


@pytest.mark.parametrize("setting", [(0, "p"), (1025, "p"), (8, "pz"), (8, "p" * 13)])
def test_what_is_no_setting_is_refused(setting: tuple[int, str]) -> None:
    with pytest.raises(ValueError, match=r"^(size|layers) must be .*; got"):
        Setting(*setting)
