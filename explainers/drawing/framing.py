"""What a figure carries away from its page: its title above it, below it where it is from.

Both stand outside the drawing, which stays where it is: a picture with them is larger.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explainers.drawing import style, typeface

if TYPE_CHECKING:
    import matplotlib.figure
    from matplotlib.transforms import Bbox

SEPARATOR = " · "  # between the parts of a source line

# In points.
_ASIDE = 7.0  # from the left and the right edge to the words
_ABOVE, _BELOW = 10.0, 8.0  # from the upper edge to the title, from the source to the lower one
_APART = 5.0  # between either of them and the drawing


@dataclass(frozen=True)
class Look:
    """How words are set.

    Attributes
    ----------
    face, family, weight
        Their font, by its file and as Matplotlib calls it.
    size, leading
        In points; from one line to the next.
    role
        The role of their colour.
    """

    face: str
    family: str
    weight: str
    size: float
    leading: float
    role: str

    def width(self, line: str) -> float:
        """How wide a line is, in points."""
        return typeface.width(line, self.face) * self.size


TITLE = Look("heading", typeface.HEADING, "bold", 13, 16, "ink")
SOURCE = Look("text", typeface.TEXT, "normal", 8, 10.5, "muted")


@dataclass(frozen=True)
class Frame:
    """The lines above and below a drawing, and the room that they take.

    Attributes
    ----------
    width, height
        Of the drawing, in points.
    title, source
        The lines; there may be none.
    """

    width: float
    height: float
    title: tuple[str, ...]
    source: tuple[str, ...]

    @property
    def top(self) -> float:
        """The room above the drawing, in points."""
        return _ABOVE + len(self.title) * TITLE.leading + _APART if self.title else 0.0

    @property
    def foot(self) -> float:
        """The room below the drawing, in points."""
        return _APART + len(self.source) * SOURCE.leading + _BELOW if self.source else 0.0

    @property
    def full(self) -> float:
        """The height of all, in points."""
        return self.height + self.top + self.foot

    @property
    def box(self) -> Bbox:
        """The whole picture in inches, from the lower left corner of the drawing."""
        from matplotlib.transforms import Bbox

        return Bbox([[0, -self.foot / 72], [self.width / 72, (self.height + self.top) / 72]])

    @contextmanager
    def around(self, canvas: matplotlib.figure.Figure) -> Iterator[None]:
        """Let the lines stand around a drawing, inside the block."""
        from matplotlib.transforms import Bbox

        # A key would keep to the edge of the whole picture, which the title takes.
        keys = [key for key in canvas.legends if key.get_bbox_to_anchor() is canvas.bbox]
        for key in keys:
            key.set_bbox_to_anchor(Bbox.unit(), canvas.transFigure)
        above = _placed(self.title, TITLE, self.height + self.top - _ABOVE)
        below = _placed(self.source, SOURCE, -_APART)
        added = [
            canvas.text(
                _ASIDE / self.width,
                top / self.height,
                line,
                va="top",
                parse_math=False,
                color=style.colour(look.role),
                family=[look.family, typeface.FALLBACK],
                weight=look.weight,
                size=look.size,
            )
            for line, look, top in above + below
        ]
        try:
            yield
        finally:
            for text in added:
                text.remove()
            for key in keys:
                key.set_bbox_to_anchor(None)


def frame(size: tuple[float, float], title: str, source: str) -> Frame:
    """Break title and source into lines for a drawing of that size, in points."""
    width, height = size
    room = width - 2 * _ASIDE
    return Frame(width, height, _balanced(title, TITLE, room), _lines(source, SOURCE, room))


def _lines(text: str, look: Look, room: float) -> tuple[str, ...]:
    separators = (SEPARATOR, " ", "/", "")
    return tuple(broken(text, lambda line: look.width(line) <= room, separators))


def _balanced(text: str, look: Look, room: float) -> tuple[str, ...]:
    """As few lines as there is room for, about equally long: no word stands alone."""
    lines = _lines(text, look, room)
    for narrower in range(int(room), 0, -int(look.size)):
        tried = _lines(text, look, narrower)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def broken(text: str, fits: Callable[[str], bool], separators: Sequence[str]) -> list[str]:
    """Break a text into lines that fit: at the first separator, and at the others where it must.

    >>> broken("a site · its address", lambda line: len(line) < 12, (" · ", " "))
    ['a site', 'its address']
    >>> broken("host.example/a/path", lambda line: len(line) < 15, (" ", "/", ""))
    ['host.example/', 'a/path']
    """
    return [line.removesuffix(SEPARATOR).strip() for line in _broken(text, fits, separators)]


def _broken(text: str, fits: Callable[[str], bool], separators: Sequence[str]) -> list[str]:
    if fits(text.removesuffix(SEPARATOR).strip()) or not separators:
        return [text] if text else []
    lines = [""]
    # Each part has its separator at its end: an address keeps its slashes.
    for part in re.split(f"(?<={re.escape(separators[0])})", text):
        longer = lines[-1] + part
        if fits(longer.removesuffix(SEPARATOR).strip()):
            lines[-1] = longer
        else:
            lines += _broken(part, fits, separators[1:])
    return [line for line in lines if line]


def _placed(lines: tuple[str, ...], look: Look, top: float) -> list[tuple[str, Look, float]]:
    """Each line with the height of its upper edge, in points."""
    return [(line, look, top - row * look.leading) for row, line in enumerate(lines)]
