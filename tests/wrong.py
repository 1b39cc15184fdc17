"""What each kind of argument refuses: values beyond its ends, and of other types."""

from __future__ import annotations

import math
from typing import Any

from explainers.kinds import Choice, Each, Flag, Kind, Number, Text, Whole


def wrong(kind: Kind) -> list[Any]:
    """Values that are refused."""
    match kind:
        case Each(of):
            beyond = [*_beyond(of), math.nan, math.inf]
            return [*beyond, *([value, value] for value in beyond), "some", object()]
        case Number():
            floats = [2.0] if isinstance(kind, Whole) else []
            return [*_beyond(kind), *floats, math.nan, math.inf, "some", True, None, [[]]]
        case Choice(options):
            return ["none of them", 999, None, [options[0]]]
        case Flag():
            return [1, 0, "yes", None]
        case Text(most):
            return ["a" * (most + 1), "a\nb", "\x1b[31m", "\ud800", 3, None]


def _beyond(kind: Number) -> list[float]:
    """Next to the ends, outside; the ends themselves if they are left out."""
    step = 0 if kind.open else 1
    return [end for end in (kind.low - step, kind.high + step) if math.isfinite(end)]
