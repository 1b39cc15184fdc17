"""Drawing figures in tests: quickly, and looking at their data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from explainers import catalogue
from explainers.drawing.rendering import Drawing
from explainers.kinds import Choice, Number
from explainers.records import Figure

QUICK = {"draws": 8, "maps": 8}


def drawn(figure: Figure, **settings: Any) -> Drawing:
    """Draw with few random draws, unless told otherwise."""
    quick = {name: value for name, value in QUICK.items() if name in figure.parameters}
    return figure(**(quick | settings))


def column(drawing: Drawing, name: str) -> np.ndarray[Any, Any]:
    """A column of the figure's data."""
    return np.asarray(drawing.table[name])


def assert_says(figure: Figure, numbers: Mapping[str, float], **settings: Any) -> None:
    """As the site shows it, the figure's texts have these numbers: those that a claim has."""
    said = figure(**settings).values
    for name, number in numbers.items():
        assert said[name] == pytest.approx(number, rel=1e-12, abs=1e-12), f"{figure.id}: {name}"


def ends(kind: Number | Choice) -> tuple[object, ...]:
    if isinstance(kind, Choice):
        return kind.options
    low, high = kind.read(kind.low), kind.read(kind.high)
    return ((low,) * kind.many, (high,) * kind.many) if kind.many else (low, high)


ENDS = [
    (figure, name, end)
    for figure in catalogue.figures()
    for name, parameter in figure.parameters.items()
    if name not in ("draws", "maps", "seed")
    for end in ends(parameter.kind)
]
