"""The sheet that a file of a figure is: how large it is, and how the figure lies on it.

All of a figure grows with it, words and lines, as if it were seen through a glass. Only where its
type is to be larger within it, or both sides of the sheet are given, is it drawn for that room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from explainers.checks import refuse
from explainers.drawing.framing import Frame

_INCHES = {"mm": 1 / 25.4, "in": 1.0, "px": 1 / 96}
_LEAST, _MOST = 0.4, 80.0  # inches: about 10 mm and 2 m
_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9}) ?(mm|in|px)")


class Length(NamedTuple):
    """A length as it was given: in millimetres, inches or pixels."""

    number: float
    unit: str

    @property
    def inches(self) -> float:
        """In inches; of pixels, 96 make one, as on the web.

        >>> Length(254, "mm").inches, Length(960, "px").inches
        (10.0, 10.0)
        """
        return round(self.number * _INCHES[self.unit], 9)


def length(name: str, text: str) -> Length:
    """Read a side of a sheet.

    >>> length("width", "170mm"), length("width", "13.333in").inches
    (Length(number=170.0, unit='mm'), 13.333)
    >>> length("width", "wide")
    Traceback (most recent call last):
    ValueError: width must be a length from 10 to 2000 mm, such as 170mm, 10in or 1920px; got 'wide'
    """
    found = _LENGTH.fullmatch(text.strip()) if isinstance(text, str) else None
    read = Length(float(found[1]), found[2]) if found else None
    if read is None or not _LEAST * 0.98 <= read.inches <= _MOST:
        refuse(name, text, "a length from 10 to 2000 mm, such as 170mm, 10in or 1920px")
    return read


@dataclass(frozen=True)
class Sheet:
    """How a drawing lies on its sheet.

    Attributes
    ----------
    scale
        How much larger all of it is than it was drawn.
    aside, above
        What is left on the left and on the right, and above and below, in points before scaling.
    clear
        Whether the page shows through.
    """

    scale: float = 1.0
    aside: float = 0.0
    above: float = 0.0
    clear: bool = False


PLAIN = Sheet()


class Room(NamedTuple):
    """The room that a sheet gives to a drawing.

    Attributes
    ----------
    scale
        How much larger all of it will be.
    width, height
        Of the sheet, in points before scaling.
    """

    scale: float
    width: float
    height: float


def room(least: Frame, width: float | None, height: float | None, scale: float = 1.0) -> Room:
    """The room on a sheet: what a drawing takes at least, and what is left over on one side.

    Parameters
    ----------
    least
        Around the smallest form of the drawing that may be.
    width, height
        Of the sheet, in points. The one that is not given follows from the other.
    scale
        How much larger all of it will be if neither is given.

    Examples
    --------
    >>> drawing = Frame(300, 200, (), ())
    >>> room(drawing, 600, None)
    Room(scale=2.0, width=300.0, height=200.0)
    >>> room(drawing, 600, 500)
    Room(scale=2.0, width=300.0, height=250.0)
    """
    sides = (width, least.width), (height, least.full)
    grown = [side / own for side, own in sides if side is not None]
    if not grown:
        return Room(scale, least.width, least.full)
    times = min(grown)
    wide, high = (own if side is None else side / times for side, own in sides)
    return Room(times, wide, high)
