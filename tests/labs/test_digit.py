"""The lab of a moving digit: its pictures, its drawing and its words, reached by another way."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explainers.labs import digit
from explainers.labs.digit import Setting
from explainers.trained import shown
from explainers.trained.digits import placed, split

NAMES = ("none", "max", "blurred")


def painted(drawing: str, side: int, most: int) -> np.ndarray[Any, Any]:
    """The levels of a drawing, from its strokes."""
    cells = np.zeros((side, side), int)
    for opacity, path in re.findall(r'opacity="([\d.]+)" d="([^"]*)"', drawing):
        for x, y, run in re.findall(r"M([\d.]+) ([\d.]+)h(\d+)", path):
            row, column = int(float(y) - 0.5), int(x)
            assert (cells[row, column : column + int(run)] == 0).all()
            cells[row, column : column + int(run)] = round(float(opacity) * most)
    return cells


def test_the_digits_are_the_first_of_their_kind_that_were_never_trained_on() -> None:
    test = split(seed=0).test
    for label in range(10):
        which = next(i for i, found in enumerate(test.labels) if found == label)
        assert (digit.digits()[label] / 16 == test.pictures[which]).all()


@pytest.mark.parametrize("dx", range(9))
def test_a_digit_is_where_the_chapter_puts_it(dx: int) -> None:
    for label in range(10):
        found = digit.canvas(Setting(label, dx=dx, seen=2**dx))
        assert (found / 16 == placed(digit.digits()[label][None] / 16, dx)[0]).all()
        down = digit.canvas(Setting(label, dx=dx, dy=-4, seen=2**dx))
        assert (down[:12] == found[4:]).all()
        assert not down[12:].any()


def test_what_is_drawn_wraps_round() -> None:
    drawn = "".join("0123456789abcdefg"[i % 17] for i in range(256))
    found = digit.canvas(Setting(drawn=drawn, dx=5, dy=-3, seen=32))
    for row in range(16):
        for column in range(16):
            before = 16 * ((row + 3) % 16) + (column - 5) % 16
            assert found[row, column] == before % 17


def test_the_picture_is_drawn_cell_by_cell() -> None:
    for case in digit.cases(12, seed=4):
        setting = Setting(**case["state"])
        assert (painted(case["cells"], 16, 16) == digit.canvas(setting)).all()
        assert case["cells"].endswith(
            '<rect class="lab__home" x="0" y="4" width="8" height="8"></rect>'
        )


@pytest.mark.parametrize("pooling", NAMES[1:])
def test_the_maps_are_drawn_cell_by_cell(pooling: str) -> None:
    setting = Setting(7, pooling, dx=3, seen=8)
    figures = digit.frame(setting).split('<figure class="lab__maps">')[1:]
    for name, side, figure in zip(("none", pooling), (16, 4), figures, strict=True):
        found = shown.seen(name, digit.canvas(setting)[None] / 16).maps[0]
        assert f"16 maps of {side} × {side}</figcaption>" in figure
        whole = np.zeros((16, side, side), int)
        drawing = figure.partition("</figure>")[0]
        for opacity, path in re.findall(r'opacity="([\d.]+)" d="([^"]*)"', drawing):
            for x, y, run in re.findall(r"M([\d.]+) ([\d.]+)h(\d+)", path):
                step = side * 9 / 8
                map_x, column = divmod(float(x), step)
                map_y, row = divmod(float(y) - 0.5, step)
                at = slice(int(column), int(column) + int(run))
                whole[int(4 * map_y + map_x), int(row), at] = round(float(opacity) * 8)
        assert np.abs(whole - 8 * found / found.max()).max() <= 0.5 + 1e-9
        assert drawing.count(f"h{side}v{side}h-{side}z") == 16


def test_answers_and_bars_are_the_networks() -> None:
    for case in digit.cases(12, seed=5):
        setting = Setting(**case["state"])
        head, *rows = re.findall(r"<tr>(.*?)</tr>", case["comb"])
        assert re.findall(r"<th scope=\"col\"[^>]*>(\d)</th>", head) == list("012345678")
        for name, row in zip(("none", setting.pooling), rows, strict=True):
            cells = re.findall(r"<td.*?</td>", row)
            for dx, cell in enumerate(cells):
                if not setting.seen & 2**dx:
                    assert cell == "<td></td>"
                    continue
                picture = digit.canvas(Setting(**{**case["state"], "dx": dx, "seen": 2**dx})) / 16
                logits = shown.network(name).logits(picture[None])[0]
                answer = max(range(10), key=logits.tolist().__getitem__)
                sure = 1 / sum(np.exp(logits - logits[setting.digit]))
                assert f"<b>{answer}</b>" in cell
                height = re.search(r"height:(\d+)%", cell)
                assert height
                assert abs(int(height[1]) - 100 * sure) <= 0.5 + 1e-9
                signs = {sign for found in re.findall(r'class="([^"]*)"', cell) for sign in found}
                assert ("x" in signs, "w" in signs) == (answer != setting.digit, dx == setting.dx)


def test_what_is_said_is_what_the_networks_answer() -> None:
    for label in range(10):
        setting = Setting(label, "blurred", dx=2, dy=1, seen=4)
        said, article = digit.said(setting), "An" if label == 8 else "A"
        assert said.startswith(
            f"{article} {label}, moved 2 to the right and 1 down: the answer is "
        )
        found = re.findall(r"(\d) with[a-z ]* \((\d+) % sure\)", said)
        for name, (answer, percent) in zip(("none", "blurred"), found, strict=True):
            logits = shown.network(name).logits(digit.canvas(setting)[None] / 16)[0]
            shares = np.exp(logits) / np.exp(logits).sum()
            assert int(answer) == shares.argmax()
            assert abs(int(percent) - 100 * shares.max()) <= 0.5 + 1e-9
    assert digit.said(Setting(0, dx=0, seen=1)).startswith("A 0, where digits lay in training: ")
    assert digit.said(Setting(dx=0, dy=-1, seen=1)).startswith("A 3, moved 1 up: ")
    assert digit.said(Setting(drawn="0" * 256)).startswith("A drawn 3, moved 1 to the right: ")


def test_the_note_says_how_good_they_are() -> None:
    pictures, labels = split(seed=0).test
    numbers = [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*\b", digit.note())]
    counts = [
        int((shown.network(name).answers(placed(pictures, move)) == labels).sum())
        for move in (0, 1)
        for name in NAMES
    ]
    assert numbers == [1297, 500, *counts]


def test_the_first_frame_makes_the_point() -> None:
    """One pixel to the right the network without pooling is wrong, and the other is not."""
    setting = Setting()
    answers = [int(digit.sure(setting, name)[setting.dx].argmax()) for name in ("none", "max")]
    assert answers[0] != setting.digit == answers[1]
    assert digit.first_look()["data"]["setting"]["seen"] == 0b11


def test_pictures_and_maps_are_told_to_who_does_not_see_them() -> None:
    labels = re.findall('aria-label="([^"]*)"', digit.frame(Setting()))
    assert labels == [
        "A 3, moved 1 to the right, on a canvas of 16 × 16",
        "The last 16 maps of the network without pooling: strong colour is a large value",
        "The last 16 maps of the network with max pooling: strong colour is a large value",
    ]


def test_the_weights_are_small_and_a_classic_script() -> None:
    script = digit.weights()
    assert len(script.encode()) <= 40_000
    assert script == f"Digit.take({shown.RECORD.read_text(encoding='utf-8').strip()});\n"


@pytest.mark.parametrize(
    ("drawn", "part"),
    [
        ("", "-"),
        ("0" * 256, "ZZZZZZZZZV"),
        ("g0" * 128, "g0" * 128),
        ("g00" + "5" * 253, "gB" + "5" * 253),
    ],
)
def test_a_drawing_in_an_address(drawn: str, part: str) -> None:
    assert digit.encoded(drawn) == part
    read = re.sub("[B-Z]", lambda run: "0" * "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(run[0]) + "0", part)
    assert read == (drawn or "-")


@pytest.mark.parametrize(
    "wrong",
    [
        {"digit": 10},
        {"pooling": "none"},
        {"pooling": "mean"},
        {"dx": 9},
        {"dx": -1},
        {"dy": 5},
        {"dy": -5},
        {"seen": 1},
        {"seen": 512 + 2},
        {"drawn": "0" * 255},
        {"drawn": "h" * 256},
    ],
    ids=str,
)
def test_what_no_setting_is(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} must be "):
        Setting(**wrong)
