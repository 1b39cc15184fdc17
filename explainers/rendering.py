"""A drawing, and how it becomes bytes: SVG for the page, SVG and PNG to share, CSV for its data.

The same drawing gives the same bytes on every run and in every folder.
"""

from __future__ import annotations

import base64
import csv
import html
import io
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from explainers import style, typeface
from explainers.style import PALETTE, Theme

if TYPE_CHECKING:
    import matplotlib.figure
    from numpy.typing import NDArray
    from PIL import Image

Column: TypeAlias = "Sequence[Any] | NDArray[Any]"

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_DROPPED = {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}
# What the dropped style sheet said; an inline one would apply to the whole page.
_STROKES = "stroke-linejoin:round;stroke-linecap:butt"
_FONT = f"'{typeface.TEXT}', '{typeface.FALLBACK}'"
_HEAVY = 30_000  # bytes
_PICTURE_DPI = 150  # of photographs inside an SVG
_COMPRESSION = 6
_FIRST_TAG = re.compile(r"<svg\b[^>]*>")
_PANEL = "data-panel"
_SIZE = ("width", "height")
_NARROWEST = 115  # points
# Nothing stands beside a key: the panels begin below it.
_COLOURED = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")


class Panel(NamedTuple):
    """A rectangle of a drawing, in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """A drawn figure: the picture, its data, and the numbers in its caption.

    Attributes
    ----------
    canvas
        The Matplotlib figure.
    table
        The data shown, as equally long columns.
    values
        Numbers for the placeholders of caption and alternative text.
    id, caption, alt
        Set by the figure that draws it.
    """

    canvas: matplotlib.figure.Figure
    table: Mapping[str, Column]
    values: Mapping[str, Any]
    id: str = ""
    caption: str = ""
    alt: str = ""

    def _repr_html_(self) -> str:
        """Show the figure in a notebook, in the colours of the page around it."""
        return inline_html(self)

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The parts of the figure that a narrow page puts below each other: a key, then columns.

        A column is what has a gap on both sides, from top to bottom. Columns that are narrower than
        a third of a phone are a table's: they stay together.
        """
        width, height = (72 * float(side) for side in self.canvas.get_size_inches())
        with _ready(self.canvas, 72):
            keys = [_extent(key) for key in self.canvas.legends]
            boxes = sorted(_extent(part) for part in _parts(self.canvas))
        top = max((height - bottom for _, bottom, _, _ in keys), default=0.0)
        if top > height / 2:
            raise ValueError(f"{self.id}: a key of all panels must stand above them")
        above = [Panel(left - 2, 0.0, right - left + 4, top) for left, _, right, _ in keys]
        found: list[list[float]] = []
        for left, _, right, _ in boxes:
            if not found or left > found[-1][1]:
                found.append([left, right])
            found[-1][1] = max(found[-1][1], right)
        together = min(right - left for left, right in found) < _NARROWEST
        cuts = [] if together else [(a[1] + b[0]) / 2 for a, b in pairwise(found)]
        columns = [Panel(a, top, b - a, height - top) for a, b in pairwise([0.0, *cuts, width])]
        return (*above, *columns)

    @cached_property
    def svg(self) -> str:
        """The picture on a light page, its ids its own; all other forms of it are made of this."""
        return _bytes(_parsed(self)).decode()


def svg(drawing: Drawing, theme: Theme = "light") -> bytes:
    """A stand-alone SVG, with title and description for screen readers."""
    text = _exchanged(drawing.svg, PALETTE["light"], PALETTE[theme])
    about = _bytes(_element("title", drawing.caption.partition(".")[0])) + _bytes(
        _element("desc", drawing.alt)
    )
    text = _FIRST_TAG.sub(lambda tag: tag[0] + _plain(about), text, count=1)
    return text.replace(_FONT, f"{_FONT}, Verdana, sans-serif").encode()


def inline_svg(drawing: Drawing) -> str:
    """SVG to stand inside a page: its colours are the page's, as CSS variables.

    Those of the light theme stand in as fallbacks. Each panel is an SVG of its own, as the page may
    have no room for them beside each other; the first one has the description of all.
    """
    roles = {role: f"var(--plot-{role}, {value})" for role, value in PALETTE["light"].items()}
    text = _exchanged(drawing.svg, PALETTE["light"], roles).replace(_FONT, "inherit")
    return "".join(_panels(ET.fromstring(text), drawing))


def _panels(root: ET.Element, drawing: Drawing) -> Iterator[str]:
    """The SVG of each panel: a window on the drawing, and what is seen in it."""
    shared = [child for child in root if child.get(_PANEL) is None]
    for number, box in enumerate(drawing.panels):
        panel = ET.Element(root.tag, {k: v for k, v in root.attrib.items() if k not in _SIZE})
        panel.set("viewBox", f"{box.left:g} {box.top:g} {box.width:g} {box.height:g}")
        panel.set("style", f"{root.get('style')};--drawn:{box.width:g}")
        if number < len(drawing.canvas.legends):
            panel.set("class", "plot__key")
        panel.attrib.update(
            {"role": "img", "aria-label": drawing.alt} if number == 0 else {"aria-hidden": "true"}
        )
        panel.extend(shared if number == 0 else [])
        panel.extend(child for child in root if child.get(_PANEL) == str(number))
        yield _bytes(panel).decode()


def inline_html(drawing: Drawing) -> str:
    """The figure as a notebook shows it."""
    caption = html.escape(re.sub(r"[*`$]", "", drawing.caption), quote=False)
    return (
        '<figure class="plot"><div class="plot__canvas" data-search-exclude>'
        f"{inline_svg(drawing)}</div><figcaption>{caption}</figcaption></figure>"
    )


def picture(drawing: Drawing, theme: Theme = "light", dpi: int = 200) -> Image.Image:
    """The figure in pixels, opaque."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    with _ready(drawing.canvas, dpi), _recoloured(drawing.canvas, theme):
        canvas = FigureCanvasAgg(drawing.canvas)
        canvas.draw()  # type: ignore[no-untyped-call]
        drawn = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        return Image.frombuffer("RGBA", canvas.get_width_height(), drawn).convert("RGB")


def png(picture: Image.Image, dpi: int = 200) -> bytes:
    """A picture for slides and answers."""
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=_COMPRESSION, dpi=(dpi, dpi))
    return target.getvalue()


def thumbnail(picture: Image.Image, width: int = 480) -> bytes:
    """A small copy of a picture, of few colours."""
    from PIL import Image

    height = round(picture.height * width / picture.width)
    small = picture.resize((width, height), Image.Resampling.BOX)
    target = io.BytesIO()
    small.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, "PNG")
    return target.getvalue()


def _parts(canvas: matplotlib.figure.Figure) -> list[Any]:
    """What stands on a figure by itself, but for its key: axes, and what belongs to none."""
    apart = (canvas.texts, canvas.artists, canvas.lines, canvas.images)
    return [a for a in (*canvas.axes, *(a for some in apart for a in some)) if a.get_visible()]


def _extent(part: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a part with all its labels, in dots."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(part.figure).get_renderer()  # type: ignore[no-untyped-call]
    left, bottom, right, top = (float(side) for side in part.get_tightbbox(renderer).extents)
    return left, bottom, right, top


def _exchanged(text: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Exchange the colours of all roles; others, as those of a photograph's marks, stay."""
    colours = {value: new[role] for role, value in old.items()}
    return re.sub(r"#[0-9a-f]{6}\b", lambda match: colours.get(match[0], match[0]), text)


@contextmanager
def _recoloured(canvas: matplotlib.figure.Figure, theme: Theme) -> Iterator[None]:
    """Exchange the colours of all that is drawn, inside the block."""
    from matplotlib.colors import to_hex, to_rgba

    new = {value: PALETTE[theme][role] for role, value in PALETTE["light"].items()}

    def exchanged(colour: Any) -> Any:
        if isinstance(colour, str):
            return new.get(to_hex(colour), colour) if colour not in ("none", "auto") else colour
        if isinstance(colour, list):
            return [exchanged(each) for each in colour]
        return to_rgba(new.get(to_hex(colour), to_hex(colour)), to_rgba(colour)[3])

    def exchanged_map(colours: Any) -> Any:
        return type(colours)([exchanged(colour) for colour in colours.colors])

    # All that there is first: one colour may be given by another.
    found = [
        (change, _named(get()), exchanged_map if name == "cmap" else exchanged)
        for artist in (canvas.findobj() if theme != "light" else ())
        for name in (("cmap",) if _is_filled_by_a_list(artist) else _coloured(artist))
        for get, change in [(getattr(artist, f"get_{name}"), getattr(artist, f"set_{name}"))]
    ]
    for change, colour, exchange in found:
        change(exchange(colour))
    try:
        yield
    finally:
        for change, colour, _ in found:
            change(colour)


def _named(colour: Any) -> Any:
    """A colour by its name where it is none: an artist's own opacity would make it black."""
    if getattr(colour, "ndim", 1) == 2:
        return [_named(tuple(row)) for row in colour]
    return "none" if isinstance(colour, tuple) and colour[3:] == (0,) else colour


def _coloured(artist: Any) -> Iterator[str]:
    """The names of an artist's colours; not that of both face and edge where it has each."""
    for name in _COLOURED:
        both = name == "color" and hasattr(artist, "set_facecolor")
        if hasattr(artist, f"get_{name}") and hasattr(artist, f"set_{name}") and not both:
            yield name


def _is_filled_by_a_list(artist: Any) -> bool:
    """Whether areas have their colours from a list, as filled contours have."""
    from matplotlib.contour import ContourSet

    return isinstance(artist, ContourSet) and hasattr(artist.get_cmap(), "colors")


def table(drawing: Drawing) -> bytes:
    """The data that the figure shows, as CSV; None is an empty cell."""
    lengths = {name: len(column) for name, column in drawing.table.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"the columns of the data must be equally long; {said}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(drawing.table)
    columns = [[_cell(name, value) for value in column] for name, column in drawing.table.items()]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode()


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Integral):
        return str(int(value))
    if not isinstance(value, Real):
        return str(value)
    if not math.isfinite(value):
        raise ValueError(f"{column} must be finite numbers (None where there is none); got {value}")
    # Twelve digits: what two machines agree on.
    return f"{value:.12g}"


@contextmanager
def _ready(canvas: matplotlib.figure.Figure, dpi: float) -> Iterator[None]:
    """The house's settings and a resolution, inside the block; everything in its place.

    All is placed once: else each form of the picture would be laid out anew, and differ a little.
    """
    before = canvas.dpi
    with style.applied():
        if (layout := canvas.get_layout_engine()) is not None:
            layout.execute(canvas)
            canvas.set_layout_engine(None)
        canvas.dpi = dpi
        try:
            yield
        finally:
            canvas.dpi = before


def _element(name: str, text: str) -> ET.Element:
    element = ET.Element(f"{{{_SVG}}}{name}")
    element.text = text
    return element


def _plain(element: bytes) -> str:
    """An element inside ours, which has named the namespace already."""
    return element.decode().replace(f' xmlns="{_SVG}"', "")


def _bytes(root: ET.Element) -> bytes:
    ET.register_namespace("", _SVG)
    # `xlink:href`, not plain `href`: Material's instant navigation throws on the latter in <use>.
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root)


def _parsed(drawing: Drawing) -> ET.Element:
    """Matplotlib's SVG without what it does not need, its ids made unique to the figure."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    target = io.BytesIO()
    panels = drawing.panels
    with _ready(drawing.canvas, _PICTURE_DPI):
        for number, key in enumerate(drawing.canvas.legends):
            key.set_gid(f"panel-{number}")
        columns = panels[len(drawing.canvas.legends) :]
        for part in _parts(drawing.canvas):
            left, _, right, _ = _extent(part)
            middle = (left + right) / 2 * 72 / _PICTURE_DPI
            before = len(panels) - len(columns) + sum(box.left <= middle for box in columns)
            part.set_gid(f"panel-{before - 1}")
        canvas = FigureCanvasSVG(drawing.canvas)
        canvas.print_svg(target, metadata={"Date": None})  # type: ignore[no-untyped-call]
    root = ET.fromstring(target.getvalue())
    for parent in root.iter():
        for child in [child for child in parent if child.tag in _DROPPED]:
            parent.remove(child)
    _lighten(root)
    _unique_ids(root, prefix=drawing.id or "figure")
    _unwrap(root)
    root.set("style", _STROKES)
    return root


def _unwrap(parent: ET.Element) -> None:
    """Remove the groups that say nothing, half of all elements; what is in them stays."""
    for child in parent:
        _unwrap(child)
    kept = [
        [*child] if child.tag == f"{{{_SVG}}}g" and not child.attrib else [child]
        for child in parent
    ]
    parent[:] = [each for some in kept for each in some]


def _lighten(root: ET.Element) -> None:
    """Store photographs as JPEG: a fraction of the size of the PNG that Matplotlib writes."""
    from PIL import Image

    for image in root.iter(f"{{{_SVG}}}image"):
        content = base64.b64decode(image.get(f"{{{_XLINK}}}href", "").partition(",")[2])
        picture = Image.open(io.BytesIO(content)).convert("RGBA")
        if len(content) > _HEAVY and picture.getchannel("A").getextrema() == (255, 255):
            jpeg = io.BytesIO()
            picture.convert("RGB").save(jpeg, "JPEG", quality=88)
            text = base64.b64encode(jpeg.getvalue()).decode()
            image.set(f"{{{_XLINK}}}href", f"data:image/jpeg;base64,{text}")


def _unique_ids(root: ET.Element, prefix: str) -> None:
    used = {match for element in root.iter() for match in _references(element)}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name and name.startswith("panel-"):
            element.set(_PANEL, name.removeprefix("panel-"))
        for key, value in element.attrib.items():
            element.set(key, re.sub(r"(url\(#|^#)(?=[\w.-]+\)?)", rf"\1{prefix}-", value))
        if name in used:
            element.set("id", f"{prefix}-{name}")


def _references(element: ET.Element) -> list[str]:
    return [
        m for value in element.attrib.values() for m in re.findall(r"(?:url\(#|^#)([\w.-]+)", value)
    ]
