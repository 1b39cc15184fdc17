"""What the chapter's tests share: what counters and clock said, and receptive fields by a sum."""

from __future__ import annotations

import itertools
import json
from importlib.resources import files

COUNTERS, TIMES = (
    json.loads(files("explainers.cost").joinpath(name).read_text("utf-8"))
    for name in ("counters.json", "measured.json")
)


def widths(stages: list[list[tuple[int, int]]]) -> tuple[int, int]:
    """Field and jump of windows (size, stride), one after the other, by the published sum.

    The field is one more than the sum of (size − 1) times the product of all strides before.
    """
    windows = [window for stage in stages for window in stage]
    jumps = list(itertools.accumulate((s for _, s in windows), lambda a, b: a * b, initial=1))
    return 1 + sum((k - 1) * jump for (k, _), jump in zip(windows, jumps, strict=False)), jumps[-1]


VGG16 = [[(3, 1)] * n + [(2, 2)] for n in (2, 2, 3, 3, 3)]
