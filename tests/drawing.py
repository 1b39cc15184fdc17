"""Drawing figures in tests: quickly, and looking at their data."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.records import Figure
from explainers.rendering import Drawing

QUICK = {"draws": 8, "maps": 8}


def drawn(figure: Figure, **settings: Any) -> Drawing:
    """Draw with few random draws, unless told otherwise."""
    quick = {name: value for name, value in QUICK.items() if name in figure.parameters}
    return figure(**(quick | settings))


def column(drawing: Drawing, name: str) -> np.ndarray[Any, Any]:
    """A column of the figure's data."""
    return np.asarray(drawing.table[name])
