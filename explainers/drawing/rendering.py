"""A drawing, and how it becomes bytes: SVG for the page; SVG, PDF and PNG to share; CSV, its data.

On its page, a figure's words are text in the page's type, and title and caption stand around it. A
file to share has its title and where it is from in it, and its words as outlines: it looks the same
wherever it is opened. In a PDF they are text, and the type is in the file. The same drawing gives
the same bytes on every run and in every folder.
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

from explainers.drawing import style, typeface
from explainers.drawing.framing import Frame, frame
from explainers.drawing.sheet import PLAIN, Sheet
from explainers.drawing.style import PALETTE, Theme

if TYPE_CHECKING:
    import matplotlib.figure
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray
    from PIL import Image

Column: TypeAlias = "Sequence[Any] | NDArray[Any]"
Extent: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top, in points

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
_REFERENCE = re.compile(r"(url\(#|^#)([\w.-]+)")
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
    title
        The figure's, unless the drawing has its own: with other parameters it may show another
        thing.
    id, caption, alt
        Set by the figure that draws it.
    source
        Where the figure is from, in one line: for files that stand alone.
    heading
        What stands above it in such files; its title unless another one is set, or none.
    sheet
        How it lies in such files.
    """

    canvas: matplotlib.figure.Figure
    table: Mapping[str, Column]
    values: Mapping[str, Any]
    id: str = ""
    caption: str = ""
    alt: str = ""
    title: str = ""
    source: str = ""
    heading: str | None = None
    sheet: Sheet = PLAIN

    def _repr_html_(self) -> str:
        """Show the figure in a notebook, in the colours of the page around it."""
        return inline_html(self)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        width, height = (72 * float(side) for side in self.canvas.get_size_inches())
        return width, height

    @cached_property
    def extents(self) -> tuple[list[Extent], list[Extent]]:
        """How far the keys of all panels reach, and all that stands by itself besides."""
        with _ready(self.canvas, 72):
            return [*map(_extent, self.canvas.legends)], [*map(_extent, _parts(self.canvas))]

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The parts of the figure that a narrow page puts below each other: a key, then columns.

        A column is what has a gap on both sides, from top to bottom. Columns that are narrower than
        a third of a phone are a table's: they stay together.
        """
        width, height = self.size
        keys, boxes = self.extents
        top = max((height - bottom for _, bottom, _, _ in keys), default=0.0)
        if top > height / 2:
            raise ValueError(f"{self.id}: a key of all panels must stand above them")
        above = [Panel(left - 2, 0.0, right - left + 4, top) for left, _, right, _ in keys]
        found: list[list[float]] = []
        for left, _, right, _ in sorted(boxes):
            if not found or left > found[-1][1]:
                found.append([left, right])
            found[-1][1] = max(found[-1][1], right)
        together = min(right - left for left, right in found) < _NARROWEST
        cuts = [] if together else [(a[1] + b[0]) / 2 for a, b in pairwise(found)]
        columns = [Panel(a, top, b - a, height - top) for a, b in pairwise([0.0, *cuts, width])]
        return (*above, *columns)

    @cached_property
    def svg(self) -> str:
        """The picture on a light page, its words as text, its ids its own."""
        return _bytes(_for_the_page(self)).decode()

    @cached_property
    def frame(self) -> Frame:
        """What stands around the picture where it stands alone."""
        return self.framed(self.size)

    def framed(self, size: tuple[float, float]) -> Frame:
        """What would stand around a picture of that size, in points."""
        heading = self.title if self.heading is None else self.heading
        return frame(size, heading, self.source)

    @property
    def box(self) -> Bbox:
        """The whole sheet in inches, from the lower left corner of the drawing, before scaling."""
        from matplotlib.transforms import Bbox

        (left, bottom), (right, top) = self.frame.box.get_points()
        aside, above = self.sheet.aside / 72, self.sheet.above / 72
        return Bbox([[left - aside, bottom - above], [right + aside, top + above]])

    @cached_property
    def alone(self) -> str:
        """The picture on a light page with what stands around it, its words as outlines."""
        return _bytes(_to_share(self)).decode()


def settle(drawing: Drawing) -> None:
    """Give everything in a drawing its place, which it keeps."""
    with _ready(drawing.canvas, 72):
        pass


def svg(drawing: Drawing, theme: Theme = "light") -> bytes:
    """A stand-alone SVG, with title and description for screen readers."""
    text = _exchanged(drawing.alone, PALETTE["light"], PALETTE[theme])
    about = _bytes(_element("title", drawing.title)) + _bytes(_element("desc", _said(drawing)))
    return _FIRST_TAG.sub(lambda tag: tag[0] + _plain(about), text, count=1).encode()


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


def pdf(drawing: Drawing, theme: Theme = "light") -> bytes:
    """A PDF of one page, for slides and papers: its words are text, in the site's own type."""
    from matplotlib.backends import backend_pdf

    target = io.BytesIO()
    with (
        _alone(drawing, _PICTURE_DPI),
        _recoloured(drawing.canvas, theme),
        backend_pdf.PdfPages(target) as pages,
    ):
        pages._file = _magnified(target, drawing)  # its only page is ours
        backend_pdf.FigureCanvasPdf(drawing.canvas).print_figure(pages, **_printed(drawing))
    return target.getvalue()


def _magnified(target: io.BytesIO, drawing: Drawing) -> Any:
    """A PDF file with a page of the sheet's size, on which all is as much larger."""
    from matplotlib.backends import backend_pdf

    scale = drawing.sheet.scale

    class File(backend_pdf.PdfFile):
        def newPage(self, width: float, height: float) -> None:  # noqa: N802  (Matplotlib's name)
            super().newPage(width * scale, height * scale)  # type: ignore[no-untyped-call]
            self.width, self.height = width, height  # beyond which no line is written
            if scale != 1:
                grown = (scale, 0, 0, scale, 0, 0, backend_pdf.Op.concat_matrix)
                self.output(*grown)  # type: ignore[no-untyped-call]

    about = {"Title": drawing.title, "Subject": _said(drawing), "Creator": None, "Producer": None}
    dated = {"CreationDate": None}
    return File(target, metadata=about | dated)  # type: ignore[no-untyped-call]


def _said(drawing: Drawing) -> str:
    """What a file's figure shows, and where it is from, in words."""
    return f"{drawing.alt} {drawing.source}".strip()


def _printed(drawing: Drawing) -> dict[str, Any]:
    """How Matplotlib is to print the sheet."""
    page = "none" if drawing.sheet.clear else "auto"
    return {"bbox_inches": drawing.box, "dpi": drawing.canvas.dpi, "facecolor": page}


def picture(drawing: Drawing, theme: Theme = "light", dpi: float = 200) -> Image.Image:
    """The figure in pixels with what stands around it; opaque, unless its page is to be clear."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    target = io.BytesIO()
    # A little more: where it must be a whole number of pixels, it is no fraction less.
    fine = dpi * drawing.sheet.scale * (1 + 1e-9)
    with _alone(drawing, fine), _recoloured(drawing.canvas, theme):
        canvas = FigureCanvasAgg(drawing.canvas)
        canvas.print_figure(target, format="rgba", **_printed(drawing))
    pixels = target.getvalue()
    width = int(drawing.box.width * fine)
    size = width, len(pixels) // (4 * width)
    shown = Image.frombuffer("RGBA", size, pixels)
    return shown if drawing.sheet.clear else shown.convert("RGB")


def bare(picture: Image.Image, drawing: Drawing) -> Image.Image:
    """A picture of the figure without what stands around it: for a place that says it itself."""
    scale = picture.width / drawing.size[0]
    top, height = drawing.frame.top * scale, drawing.size[1] * scale
    return picture.crop((0, round(top), picture.width, round(top) + round(height)))


def png(picture: Image.Image, dpi: float = 200, compression: int = _COMPRESSION) -> bytes:
    """A picture for slides and answers."""
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=compression, dpi=(dpi, dpi))
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


def _extent(part: Any) -> Extent:
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


@contextmanager
def _alone(drawing: Drawing, dpi: float) -> Iterator[None]:
    """The canvas as it stands alone, inside the block."""
    with _ready(drawing.canvas, dpi), drawing.frame.around(drawing.canvas):
        yield


def _for_the_page(drawing: Drawing) -> ET.Element:
    """The SVG of which pages show the panels: each part says to which it belongs."""
    keys, canvas = len(drawing.canvas.legends), drawing.canvas
    with _ready(canvas, _PICTURE_DPI):
        for number, key in enumerate(canvas.legends):
            key.set_gid(f"panel-{number}")
        for part, (left, _, right, _) in zip(_parts(canvas), drawing.extents[1], strict=True):
            before = sum(box.left <= (left + right) / 2 for box in drawing.panels[keys:])
            part.set_gid(f"panel-{keys + before - 1}")
        root = _parsed(canvas, dpi=canvas.dpi)
    for element in root.iter():
        if element.get("id", "").startswith("panel-"):
            element.set(_PANEL, element.attrib.pop("id").removeprefix("panel-"))
    _name_ids(root, prefix=f"{drawing.id or 'figure'}-")
    _unwrap(root)
    return root


def _to_share(drawing: Drawing) -> ET.Element:
    """The SVG of a file: words are outlines, which need no font where it is opened."""
    import matplotlib as mpl

    with _alone(drawing, _PICTURE_DPI), mpl.rc_context({"svg.fonttype": "path"}):
        root = _parsed(drawing.canvas, **_printed(drawing))
    for side in _SIZE if drawing.sheet.scale != 1 else ():
        points = float(root.get(side, "").removesuffix("pt"))
        root.set(side, f"{points * drawing.sheet.scale:.6f}".rstrip("0").rstrip(".") + "pt")
    _name_ids(root)
    _unwrap(root)
    _shorten(root)
    return root


def _parsed(canvas: matplotlib.figure.Figure, **printed: Any) -> ET.Element:
    """Matplotlib's SVG without what it does not need."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    target = io.BytesIO()
    printed |= {"format": "svg", "metadata": {"Date": None}}
    FigureCanvasSVG(canvas).print_figure(target, **printed)
    root = ET.fromstring(target.getvalue())
    for parent in root.iter():
        for child in [child for child in parent if child.tag in _DROPPED]:
            parent.remove(child)
    _lighten(root)
    root.set("style", _STROKES)
    return root


def _shorten(root: ET.Element) -> None:
    """Write the places of letters with fewer signs: half of what outlines take."""
    for element in root.iter():
        if element.tag == f"{{{_SVG}}}path":
            element.set("d", " ".join(element.get("d", "").split()))
        aside = re.fullmatch(r"translate\(([\d.-]+) 0\)", element.get("transform", ""))
        if element.tag == f"{{{_SVG}}}use" and aside:
            del element.attrib["transform"]
            element.set("x", f"{float(aside[1]):.4g}")


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


def _name_ids(root: ET.Element, prefix: str = "") -> None:
    """Give the ids that are used short names, with the figure's before them; remove the others."""
    used = {name for element in root.iter() for name in _references(element)}
    found = [name for element in root.iter() if (name := element.get("id")) in used]
    names = {name: f"{prefix}n{number}" for number, name in enumerate(found)}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        for key, value in element.attrib.items():
            element.set(key, _REFERENCE.sub(lambda m: m[1] + names.get(m[2], m[2]), value))
        if name in names:
            element.set("id", names[name])


def _references(element: ET.Element) -> list[str]:
    return [m[2] for value in element.attrib.values() for m in _REFERENCE.finditer(value)]
