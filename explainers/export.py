"""A figure as a file for slides, a paper or a page; the command line does what Python does here.

>>> import tempfile
>>> from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     drawing = save("or-gate", f"{folder}/mine.pdf", settings={"units": 9}, purpose="slides")
...     Path(folder, "mine.pdf").read_bytes()[:5]
b'%PDF-'
"""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np

from explainers import catalogue
from explainers.artefacts.figures import source
from explainers.drawing import rendering, style
from explainers.drawing.rendering import Drawing
from explainers.drawing.sheet import Length, Sheet, length, room
from explainers.edition import own_address
from explainers.files import write
from explainers.kinds import Choice, Number, Text, Whole, checked
from explainers.networks.graph import Sides
from explainers.networks.own import Own, read_own
from explainers.pictures import Picture, read_picture
from explainers.records import Figure

ENDINGS = (".svg", ".png", ".pdf", ".csv")
_WEB = 96  # pixels to an inch, where a side is given in pixels
_MOST = 10_000  # pixels of one side


@dataclass(frozen=True)
class Preset:
    """What a purpose asks for, where nothing else is said.

    Attributes
    ----------
    width, height
        Of the picture; None follows from the figure.
    most
        How wide it is at most.
    titled
        Whether the title stands above it.
    dpi
        Of a PNG.
    """

    width: str | None = None
    height: str | None = None
    most: str | None = None
    titled: bool = True
    dpi: int = 200


PRESETS = {
    "slides": Preset(width="10in", height="5.625in", dpi=192),  # 16:9, 1920 by 1080 pixels
    "paper": Preset(most="170mm", titled=False, dpi=600),  # which has its titles in its captions
    "web": Preset(width="1200px"),
}

Scale = Annotated[float, Number(0.5, 2)]
Words = Annotated[str, Text(300)]


@checked
def save(
    figure: str,
    output: str | os.PathLike[str],
    *,
    settings: Mapping[str, Any] | None = None,
    picture: str | os.PathLike[str] | Picture | None = None,
    network: str | os.PathLike[str] | Own | None = None,
    size: Sides | None = None,
    purpose: Annotated[str, Choice(tuple(PRESETS))] | None = None,
    width: str | None = None,
    height: str | None = None,
    font_scale: Scale = 1.0,
    line_scale: Scale = 1.0,
    transparent: bool = False,
    title: Words | None = None,
    credit: Words | None = None,
    theme: Annotated[style.Theme, Choice(tuple(style.PALETTE))] = "light",
    dpi: Annotated[int, Whole(30, 1200)] | None = None,
) -> Drawing:
    """Draw a figure of the site into a file.

    Parameters
    ----------
    figure
        Its id, such as ``or-gate``.
    output
        The file; its ending says what it becomes: .svg, .png, .pdf or .csv. Its folder must exist.
    settings
        Values of the figure's own parameters, by their names.
    picture
        One of your own that it shows, if it can: a PNG or JPEG file, or what `read_picture` of
        `explainers.pictures` made of one.
    network
        One of your own that it shows, if it can: a known one's name, a file that `explainers count`
        reads, or what `read_own` of `explainers.networks.own` made of one.
    size
        Sides of the picture that the network is given, or one for both.
    purpose
        ``slides`` (16:9), ``paper`` (at most 170 mm wide, without a title) or ``web`` (1200 pixels
        wide): what holds where no size is set.
    width, height
        Of the picture with its title and credit, such as ``170mm``, ``10in`` or ``1920px``. All of
        the figure grows with them. Both together are filled; what must keep its shape stands in
        the middle.
    font_scale, line_scale
        How much larger words, and how much thicker lines and marks, are to be within the picture.
    transparent
        Whether the page shows through.
    title, credit
        What stands above and below; by default the figure's title, and where it is from. An empty
        one is left out: then say beside the picture where it is from, as its licence asks.
    theme
        ``light`` or ``dark``.
    dpi
        Pixels to an inch of a .png; a side in pixels has as many.

    Returns
    -------
    Drawing
        What was drawn, with its caption.

    Raises
    ------
    ValueError
        If one of these is not allowed, in one line that says what is; then nothing is written.

    Examples
    --------
    >>> save("or-gate", "or-gate.jpg")
    Traceback (most recent call last):
    ValueError: the file must end in .svg, .png, .pdf or .csv; got or-gate.jpg
    """
    target = _target(Path(output))
    if dpi is not None and target.suffix != ".png":
        raise ValueError(f"dpi is said of a .png; {target.name} is none")
    preset = PRESETS[purpose] if purpose else Preset()
    sides = _sides(preset, width, height)
    record = catalogue.figure(figure)
    own = _own(record, picture=picture, network=network)
    if isinstance(picture, str | os.PathLike):
        own["picture"] = read_picture(picture)
    if isinstance(network, str | os.PathLike):
        own["network"] = read_own(os.fspath(network), size)

    def draw() -> Drawing:
        drawing = record(**own, **(settings or {}))
        heading = title if title is not None or preset.titled else ""
        said = source(drawing, own_address()) if credit is None else credit
        return replace(drawing, heading=heading, source=said)

    drawing = _on_a_sheet(draw, sides, preset.most, font_scale)
    _thicken(drawing, line_scale / font_scale)
    drawing = replace(drawing, sheet=replace(drawing.sheet, clear=transparent))
    makers: Mapping[str, Callable[[], bytes]] = {
        ".svg": lambda: rendering.svg(drawing, theme),
        ".pdf": lambda: rendering.pdf(drawing, theme),
        ".png": lambda: _png(drawing, theme, sides, dpi or preset.dpi),
        ".csv": lambda: rendering.table(drawing),
    }
    _write(target, makers[target.suffix]())
    return drawing


def _own(figure: Figure, **given: Any) -> dict[str, Any]:
    """What is a reader's own, if there is such and the figure can show it."""
    found = {name: each for name, each in given.items() if each is not None}
    for name in found:
        if not figure.shows(name):
            able = ", ".join(each.id for each in catalogue.figures() if each.shows(name))
            raise ValueError(f"{figure.id} shows no {name} of your own; there is {able}")
    return found


def _target(path: Path) -> Path:
    """Where a file is to be, through links, if it can be there."""
    if path.suffix not in ENDINGS:
        said = ", ".join(ENDINGS[:-1])
        raise ValueError(f"the file must end in {said} or {ENDINGS[-1]}; got {path.name}")
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent}")
    try:
        target = path.resolve()
    except RuntimeError:  # so Python before 3.13 says it
        raise ValueError(f"{path} is a link to itself") from None
    if target.is_dir():
        raise ValueError(f"{path} is a folder")
    return target


class _Sides(NamedTuple):
    """The sides of a sheet that are given."""

    width: Length | None
    height: Length | None

    @property
    def points(self) -> tuple[float | None, float | None]:
        width, height = (None if side is None else 72 * side.inches for side in self)
        return width, height


def _sides(preset: Preset, width: str | None, height: str | None) -> _Sides:
    """The sides as they are set; those of the purpose if neither is."""
    if width is None and height is None:
        width, height = preset.width, preset.height
    return _Sides(
        None if width is None else length("width", width),
        None if height is None else length("height", height),
    )


def _on_a_sheet(
    draw: Callable[[], Drawing], sides: _Sides, most: str | None, font_scale: float
) -> Drawing:
    """Draw for a sheet with these sides: larger as a whole, in the room that there is."""
    plain = draw()
    width, height = plain.size
    least = plain.framed((width / font_scale, height / font_scale))
    wide, high = sides.points
    if most and wide is None and high is None and width > 72 * length("width", most).inches:
        wide = 72 * length("width", most).inches
    given = room(least, wide, high, font_scale)
    size = least.width, least.height
    if all(axes.get_aspect() == "auto" for axes in plain.canvas.axes):
        around = plain.framed((given.width, height))
        size = given.width, given.height - around.top - around.foot
    with _enough_room(), style.stretched(size[0] / width, size[1] / height):
        drawing = plain if np.allclose(size, plain.size, rtol=1e-9) else draw()
        rendering.settle(drawing)
    if drawing is not plain:
        _refuse_cut(drawing)
    aside, above = (given.width - size[0]) / 2, (given.height - drawing.framed(size).full) / 2
    return replace(drawing, sheet=Sheet(given.scale, aside, above))


@contextmanager
def _enough_room() -> Iterator[None]:
    """Refuse, inside the block, a sheet on which the words leave no room for what they name."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "constrained_layout not applied")
        try:
            yield
        except UserWarning:
            raise ValueError(_NO_ROOM) from None


def _refuse_cut(drawing: Drawing) -> None:
    """Refuse words that go beyond the sheet."""
    keys, parts = drawing.extents
    width, height = drawing.size
    for left, bottom, right, top in (*keys, *parts):
        if min(left, bottom, width - right, height - top) < -_BEYOND:
            raise ValueError(_NO_ROOM)


_NO_ROOM = "there is no room for words so large: set a smaller font scale"
_BEYOND = 3.0  # points: the house's own figures leave more around them


def _thicken(drawing: Drawing, times: float) -> None:
    """Make all lines and marks so many times as thick and as large."""
    for artist in drawing.canvas.findobj() if times != 1 else ():
        for name, power in _THICK.items():
            if hasattr(artist, f"get_{name}") and hasattr(artist, f"set_{name}"):
                thick = np.asarray(getattr(artist, f"get_{name}")()) * times**power
                getattr(artist, f"set_{name}")(thick if thick.ndim else float(thick))


_THICK = {"linewidth": 1, "markersize": 1, "markeredgewidth": 1, "sizes": 2}


def _png(drawing: Drawing, theme: style.Theme, sides: _Sides, dpi: int) -> bytes:
    """The picture in pixels: as many as were asked for, where they were."""
    counted = any(side is not None and side.unit == "px" for side in sides)
    fine = _WEB if counted else dpi
    side = max(drawing.box.size) * drawing.sheet.scale * fine
    if side > _MOST:
        raise ValueError(f"the picture would be {side:,.0f} pixels long; {_MOST:,} are the most")
    return rendering.png(rendering.picture(drawing, theme, fine), dpi)


def _write(target: Path, content: bytes) -> None:
    """Write a file where the user wants it, with the mode that it has."""
    if target.exists() and not target.is_file():  # a device or a pipe
        target.write_bytes(content)
        return
    umask = os.umask(0o077)
    os.umask(umask)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~umask
    write(target, content, mode)
