"""What the labs of the pages are made of: maps, laws, first frames, and cases to be tested by.

A lab computes in the reader's browser. All that it shows of the package's comes from here, and its
arithmetic is tested there against the package's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from explainers.labs import choose, cost, pool, size, threshold

LABS: Mapping[str, Callable[[], dict[str, Any]]] = {
    **{page: partial(pool.first_look, setting) for page, setting in pool.SETTINGS.items()},
    "detection": threshold.first_look,
    "cost": cost.first_look,
    "sizes": size.first_look,
    "alternatives": choose.first_look,
}
"""What each page's lab is given, by the page."""
