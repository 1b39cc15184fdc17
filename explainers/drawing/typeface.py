"""The type that the site's pages are set in, for pictures: the same on every machine.

The fonts travel in the package, made by ``fonts/subset.sh``. Matplotlib is told of them before all
that a machine has, so that no font of the same name takes their place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFont

TEXT, HEADING = "Pooling Text", "Pooling Heading"
FALLBACK = "DejaVu Sans"  # Matplotlib's own, for signs that ours lack

_FOLDER = Path(__file__).with_name("fonts")
_FACES = ("text", "text-bold", "heading", "code")
_IGNORING = "MPL_IGNORE_SYSTEM_FONTS"
_FINE = 1000  # pixels: a unit of the fonts each


def path(face: str) -> Path:
    """Where a face's font lies: of ``text``, ``text-bold``, ``heading`` or ``code``.

    >>> path("heading").name
    'heading.ttf'
    """
    return _FOLDER / f"{face}.ttf"


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A face in a size, in pixels, set by Pillow alone: the same on every machine."""
    from PIL import ImageFont

    return ImageFont.truetype(path(face), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def width(text: str, face: str) -> float:
    """How wide a line is, in its size.

    >>> width("mm", "text") == 2 * width("m", "text")
    True
    """
    return font(face, _FINE).getlength(text) / _FINE


@contextmanager
def known() -> Iterator[None]:
    """Let Matplotlib find the fonts, inside the block."""
    from matplotlib.font_manager import fontManager

    wanted = [str(path(face)) for face in _FACES]
    before = list(fontManager.ttflist)
    if not {entry.fname for entry in before}.issuperset(wanted):
        for name in wanted:
            fontManager.addfont(name)
        # Of two that fit equally well, Matplotlib takes the first.
        fontManager.ttflist = fontManager.ttflist[len(before) :] + before
    # Where this is set, as it is for builds, Matplotlib passes over what does not come with it.
    ignoring = os.environ.pop(_IGNORING, None)
    try:
        yield
    finally:
        if ignoring is not None:
            os.environ[_IGNORING] = ignoring
