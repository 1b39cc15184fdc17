"""Each answer of a worksheet, again, from the words of its task alone."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explainers import worksheet
from explainers.cli import main
from explainers.worksheet import as_markdown, exercises

ROOT = Path(__file__).parents[1]
SEEDS = range(40)


def numbers(text: str) -> list[float]:
    """All numbers of a text, percentages as shares."""
    found = re.findall(r"\d[\d,]*(?:\.\d+)?%?", text)
    return [
        float(each.rstrip("%").replace(",", "")) / (100 if each.endswith("%") else 1)
        for each in found
    ]


def grids(text: str) -> list[list[list[float]]]:
    """The maps in a text."""
    blocks = re.findall(r"```text\n(.*?)\n```", text, re.DOTALL)
    return [[[float(cell) for cell in row.split()] for row in b.splitlines()] for b in blocks]


def windows(grid: Any) -> list[list[list[float]]]:
    """The values of each 2 × 2 window, row by row."""
    rows, columns = (range(0, len(side), 2) for side in (grid, grid[0]))
    return [
        [[grid[y + dy][x + dx] for dy, dx in product((0, 1), repeat=2)] for x in columns]
        for y in rows
    ]


def by_hand(task: str) -> Any:
    [grid] = grids(task)
    parts = windows(grid)
    return [[[max(w) for w in row] for row in parts], [[sum(w) / 4 for w in row] for row in parts]]


def moved(task: str) -> bool:
    """Whether the place and the next lie in one window."""
    [column] = map(int, re.findall(r"column (\d)", task))
    return (column - 1) // 2 == column // 2


def output_size(task: str) -> int:
    """All windows that find place, one after another."""
    size, _, kernel, stride, padding = map(int, numbers(task))
    return len(range(-padding, size + padding - kernel + 1, stride))


def products(task: str) -> list[int]:
    """One for each tap, channel and place."""
    wide, _, side = (int(number) for number in numbers(task)[2:5])
    return [wide * wide * 3 * 3 * (side // by) ** 2 for by in (1, 2)]


def weights(task: str) -> list[int]:
    classes, wide, side = (int(number) for number in numbers(task)[:3])
    return [classes * wide * (side // by) ** 2 for by in (1, 4)]


def field(task: str) -> int:
    """Back from one value: a pooling doubles what is seen, a convolution adds a pixel each side."""
    words = {"one": 1, "two": 2, "three": 3}
    before, behind = (words[w.lower()] for w in re.findall(r"(\w+) 3 × 3 convolution", task))
    seen = 1
    for _ in range(behind):
        seen += 2
    seen *= 2
    for _ in range(before):
        seen += 2
    return seen


def any_of(task: str) -> list[float]:
    """The sum over all that can happen, but that nobody fires."""
    units, hit, alarm = numbers(task)

    def some(rate: float) -> float:
        cases = product((True, False), repeat=int(units))
        chances = ([rate if fires else 1 - rate for fires in case] for case in cases if any(case))
        total = 0.0
        for chance in chances:
            together = 1.0
            for each in chance:
                together *= each
            total += together
        return total

    return [some(hit), some(alarm)]


def alike(task: str) -> int:
    """Of all sixteen windows of noughts and ones, those with that max."""
    [grid] = grids(task)
    number = 1
    for value in (value for row in grid for value in row):
        number *= sum(max(w) == value for w in product((0, 1), repeat=4))
    return number


@pytest.mark.parametrize("seed", SEEDS)
def test_each_answer_is_right(seed: int) -> None:
    hand, move, size, macs, dense, seen, either, maps = exercises(seed)
    assert grids(hand.answer) == by_hand(hand.task)
    assert move.answer.startswith("It is the same") == moved(move.task)
    assert numbers(size.answer)[-1] == output_size(size.task)
    assert [n for n in numbers(macs.answer) if n > 1000][-2:] == products(macs.task)
    assert numbers(dense.answer)[-2:] == weights(dense.task)
    assert numbers(seen.answer)[-1] == field(seen.task)
    found = [float(n) for n in re.findall(r"= ([\d.]+?)[,.](?= |$)", either.answer)]
    assert found == pytest.approx(any_of(either.task), rel=1e-3)
    assert numbers(maps.answer)[-1] == alike(maps.task)


def test_seeds_differ_and_a_seed_does_not() -> None:
    sheets = {as_markdown(seed) for seed in SEEDS}
    assert len(sheets) == len(SEEDS)
    assert as_markdown(7, answers=True) == as_markdown(7, answers=True)
    assert {exercises(seed)[1].answer.split(":")[0] for seed in SEEDS} == {
        *("It is the same", "It changes")
    }


def test_answers_are_below_and_say_where_the_site_shows_why() -> None:
    plain, full = as_markdown(3), as_markdown(3, answers=True, address="https://host.example/")
    assert full.startswith(plain.rstrip())
    assert "Answers" not in plain
    for each in exercises(3):
        text = (ROOT / "docs" / f"{each.page}.md").read_text(encoding="utf-8")
        assert f"{{#{each.anchor}}}" in text
        folder = "" if each.page == "index" else f"{each.page}/"
        assert f"Why: https://host.example/{folder}#{each.anchor}\n" in full


def test_the_command_writes_one(tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = tmp_path / "sheet.md"
    done = run(main, ["worksheet", "--seed", "3", "--answers", "-o", str(file)])
    assert done.exit_code == 0
    written = file.read_text(encoding="utf-8")
    assert run(main, ["worksheet", "--seed", "3"]).stdout == as_markdown(3)
    assert written.startswith(as_markdown(3).rstrip())
    for wrong in ("-1", "many", "99999999999"):
        refused = run(main, ["worksheet", "--seed", wrong])
        assert refused.exit_code == 2
        assert "--seed must be a whole number in [0, 2147483648]" in refused.stderr
    assert run(main, ["worksheet", "-o", str(tmp_path / "no" / "a.md")]).exit_code == 2
    assert worksheet.exercises() == exercises(1)
