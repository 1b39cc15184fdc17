"""Two small figures, and how one is stored: what drawing is tried on."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from explainers.drawing import rendering, style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Number
from explainers.records import figure


@figure(title="Points", caption="Two *points* at {x}. And more.", alt="Two points at {x}.")
def points() -> Drawing:
    canvas, axes = style.canvas(height=2)
    axes.plot([0, 1], [0, 1], "o-", color=style.colour("max"))
    axes.fill_between([0, 1], [0, 1], color=style.colour("mean"), alpha=0.5)
    return Drawing(canvas, {"x": [0, 1], "name": ["a", "b, c"], "y": [0.1 + 0.2, 1]}, {"x": 1})


def png(drawing: Drawing, theme: style.Theme = "light", dpi: int = 200) -> bytes:
    return rendering.png(rendering.picture(drawing, theme, dpi), dpi)


@figure(title="A picture", caption="Noise.", alt="Noise, opaque or half transparent.")
def picture(opacity: Annotated[float, Number(0, 1, "opacity")] = 1.0) -> Drawing:
    canvas, axes = style.canvas(height=3)
    noise = np.random.default_rng(0).random((300, 300, 3))
    axes.imshow(np.dstack([noise, np.full((300, 300), opacity)]))
    return Drawing(canvas, {"x": [0]}, {})
