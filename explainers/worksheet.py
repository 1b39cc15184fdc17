"""Exercises with computed answers: other numbers for each seed, and for one always the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from explainers.checks import Floats
from explainers.discarded.counts import maps_with_one_image
from explainers.kinds import Text, Whole, checked
from explainers.networks.count import count, receptive_field
from explainers.networks.layers import Conv2d, Layer, Linear, MaxPool2d
from explainers.networks.network import Network
from explainers.operators import avg_pool2d, max_pool2d, pool_output_size

Seed = Annotated[int, Whole(0, 2**31, "which worksheet")]
Draw: TypeAlias = np.random.Generator


class Exercise(NamedTuple):
    """One exercise, in Markdown.

    Attributes
    ----------
    topic
        What it is on, in a few words.
    task, answer
        What is asked, and what is right.
    page, anchor
        Where the site shows why.
    """

    topic: str
    task: str
    answer: str
    page: str
    anchor: str


@checked
def exercises(seed: Seed = 1) -> tuple[Exercise, ...]:
    """Return the exercises of a worksheet.

    Examples
    --------
    >>> exercises(1) == exercises(1), exercises(1) == exercises(2)
    (True, False)
    """
    rng = np.random.default_rng(seed)
    return tuple(make(rng) for make in _MAKERS)


@checked
def as_markdown(seed: Seed = 1, answers: bool = False, address: Annotated[str, Text()] = "") -> str:
    """Write a worksheet, with its answers below if they are asked for.

    Parameters
    ----------
    seed
        Which one.
    answers
        Whether the answers stand below, each with where the site shows why.
    address
        The site's.

    Examples
    --------
    >>> as_markdown(1).splitlines()[0]
    '# Pooling: worksheet 1'
    """
    found = exercises(seed)
    parts = [f"# Pooling: worksheet {seed}"]
    parts += [f"## {n}. {each.topic}\n\n{each.task}" for n, each in enumerate(found, start=1)]
    if answers:
        parts.append("# Answers")
        parts += [
            f"## {n}. {each.topic}\n\n{each.answer}\n\nWhy: {address}{_place(each)}"
            for n, each in enumerate(found, start=1)
        ]
    return "\n\n".join(parts) + "\n"


def _place(exercise: Exercise) -> str:
    folder = "" if exercise.page == "index" else f"{exercise.page}/"
    return f"{folder}#{exercise.anchor}"


# The exercises


def _by_hand(rng: Draw) -> Exercise:
    """A map of numbers, pooled."""
    values = rng.integers(0, 10, (4, 4)).astype(float)
    return Exercise(
        "Pool by hand",
        "Pool this map over 2 × 2 windows side by side: once by the max, once by the mean.\n\n"
        + _grid(values),
        f"The max:\n\n{_grid(max_pool2d(values, 2))}\n\n"
        f"The mean:\n\n{_grid(avg_pool2d(values, 2))}",
        "index",
        "words",
    )


def _moved(rng: Draw) -> Exercise:
    """A lone feature, moved by one."""
    row, column = (int(place) for place in rng.integers(0, 6, 2))
    values, other = np.zeros((2, 8, 8))
    values[row, column] = other[row, column + 1] = 1
    same = bool((max_pool2d(values, 2) == max_pool2d(other, 2)).all())
    stays = "It is the same" if same else "It changes"
    why = "the same window holds it" if same else "the next window holds it now"
    return Exercise(
        "A move by one pixel",
        f"A map of 8 × 8 is 0 but for a 1 in row {row + 1}, column {column + 1}. It moves by one "
        "column to the right. Is its max-pooled map, 2 × 2 windows side by side, the same as "
        "before?",
        f"{stays}: {why}.",
        "invariance",
        "intuition",
    )


def _output_size(rng: Draw) -> Exercise:
    """How large a pooled map is."""
    size, kernel = int(rng.integers(20, 60)), int(rng.integers(2, 4))
    stride, padding = int(rng.integers(2, 4)), int(rng.integers(0, 2))
    [rows, _] = pool_output_size(size, kernel, stride, padding)
    return Exercise(
        "The size of a pooled map",
        f"How many rows has a map of {size} × {size} after max pooling with a window of {kernel}, "
        f"stride {stride} and padding {padding}?",
        f"({size} + 2 · {padding} − {kernel}) / {stride}, rounded down, and 1: {rows}.",
        "discarded",
        "output-size",
    )


def _products(rng: Draw) -> Exercise:
    """What a pooling before a convolution saves."""
    side, wide = 2 * int(rng.integers(10, 40)), 2 ** int(rng.integers(3, 7))
    conv = Conv2d(wide, 3, padding=1)
    without, pooled = (
        count(Network("exercise", layers, side, wide)).macs
        for layers in ((conv,), (MaxPool2d(2), conv))
    )
    return Exercise(
        "Multiplications",
        f"A 3 × 3 convolution takes {wide} channels to {wide}, on a map of {side} × {side}, with "
        "padding 1. How many multiplications is that? And behind a 2 × 2 pooling?",
        f"{wide} · {wide} · 9 for each of {side} · {side} places: {without:,}. Behind the pooling "
        f"a quarter of the places are left: {pooled:,}.",
        "cost",
        "savings",
    )


def _weights(rng: Draw) -> Exercise:
    """What a pooling saves in the dense layer behind it."""
    side, wide = 4 * int(rng.integers(2, 8)), int(rng.integers(4, 33))
    dense = Linear(10, bias=False)
    without, pooled = (
        count(Network("exercise", layers, side, wide)).parameters
        for layers in ((dense,), (MaxPool2d(2), MaxPool2d(2), dense))
    )
    return Exercise(
        "Weights",
        f"A dense layer of 10 classes, without a bias, looks at all of {wide} maps of "
        f"{side} × {side}. How many weights has it? And behind two 2 × 2 poolings?",
        f"{wide} · {side} · {side} · 10: {without:,}. Behind the poolings a sixteenth: {pooled:,}.",
        "cost",
        "parameters",
    )


def _field(rng: Draw) -> Exercise:
    """How far a value sees."""
    first, second = (int(number) for number in rng.integers(1, 4, 2))
    before, behind = ((Conv2d(8, 3),) * number for number in (first, second))
    layers: tuple[Layer, ...] = (*before, MaxPool2d(2), *behind)
    field = receptive_field(Network("exercise", layers, 224))
    return Exercise(
        "The receptive field",
        f"{_some(first, '3 × 3 convolution')}, a 2 × 2 pooling, then "
        f"{_some(second, '3 × 3 convolution').lower()}. How many pixels along a side does a value "
        "of the last map see?",
        f"Each convolution before the pooling adds 2 pixels, the pooling 1, each behind it 4: "
        f"{field.size}.",
        "cost",
        "receptive-field",
    )


def _some(number: int, what: str) -> str:
    return f"{('One', 'Two', 'Three')[number - 1]} {what}{'s' * (number > 1)}"


def _or(rng: Draw) -> Exercise:
    """What the or of several detectors gains and costs."""
    units, hit = int(rng.integers(2, 7)), int(rng.integers(5, 10)) / 10
    alarm = int(rng.integers(1, 11)) / 100
    hits, alarms = (1 - (1 - rate) ** units for rate in (hit, alarm))
    return Exercise(
        "The or of detectors",
        f"Each of {units} independent detectors sees a petal with probability {hit:.0%}, and fires "
        f"on background with probability {alarm:.0%}. With what probability does at least one fire "
        "if all look at a petal? And if all look at background?",
        f"1 − (1 − {hit:.1f})^{units} = {hits:.4g}, and 1 − (1 − {alarm:.2f})^{units} = "
        f"{alarms:.4g}.",
        "detection",
        "or",
    )


def _alike(rng: Draw) -> Exercise:
    """How many maps have one pooled map."""
    image = rng.integers(0, 2, (2, 2))
    number = maps_with_one_image(image, 2, levels=2)
    ones = int(image.sum())
    return Exercise(
        "Maps that look the same",
        "How many maps of 4 × 4, each value 0 or 1, have this max-pooled map of 2 × 2 windows?\n\n"
        + _grid(image.astype(float)),
        f"A window with max 0 is all 0; one with max 1 is one of 15. Here {ones} of 4 have max 1: "
        f"15^{ones} = {number:,}.",
        "discarded",
        "alike",
    )


_MAKERS: tuple[Callable[[Draw], Exercise], ...] = (
    _by_hand,
    _moved,
    _output_size,
    _products,
    _weights,
    _field,
    _or,
    _alike,
)


def _grid(values: Floats) -> str:
    """A map as a block of text."""
    rows = [[f"{value:g}" for value in row] for row in values]
    width = max(len(cell) for row in rows for cell in row)
    lines = ["  ".join(cell.rjust(width) for cell in row) for row in rows]
    return "\n".join(["```text", *lines, "```"])
