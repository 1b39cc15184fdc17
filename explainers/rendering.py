"""A drawing, and how it becomes bytes: SVG for the page, SVG and PNG to share, CSV for its data.

The same drawing gives the same bytes on every run and in every folder.
"""

from __future__ import annotations

import base64
import csv
import html
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeAlias

from explainers import style
from explainers.style import PALETTE, Theme

if TYPE_CHECKING:
    import matplotlib.figure
    from numpy.typing import NDArray

Column: TypeAlias = "Sequence[Any] | NDArray[Any]"

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_DROPPED = {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}
# What the dropped style sheet said; an inline one would apply to the whole page.
_STROKES = "stroke-linejoin:round;stroke-linecap:butt"
_FONT = "'DejaVu Sans'"
_HEAVY = 30_000  # bytes
_PICTURE_DPI = 150  # of photographs inside an SVG


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
    id, caption, alt, theme
        Set by the figure that draws it.
    """

    canvas: matplotlib.figure.Figure
    table: Mapping[str, Column]
    values: Mapping[str, Any]
    id: str = ""
    caption: str = ""
    alt: str = ""
    theme: Theme = "light"

    def _repr_html_(self) -> str:
        """Show the figure in a notebook, in the colours of the page around it."""
        return inline_html(self)


def draw(make: Callable[..., Drawing], theme: Theme = "light", **settings: Any) -> Drawing:
    """Draw in a theme."""
    with style.theme(theme):
        return make(**settings)


def svg(drawing: Drawing) -> bytes:
    """A stand-alone SVG, with title and description for screen readers."""
    root = _parsed(drawing)
    root.insert(0, _element("desc", drawing.alt))
    root.insert(0, _element("title", drawing.caption.partition(".")[0]))
    return _bytes(root).replace(_FONT.encode(), f"{_FONT}, Verdana, sans-serif".encode())


def inline_svg(drawing: Drawing) -> str:
    """An SVG to stand inside a page: its colours are the page's, as CSS variables.

    The drawing must be in the light theme, whose colours stand in as fallbacks.
    """
    root = _parsed(drawing)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", drawing.alt)
    text = _bytes(root).decode()
    roles = {value: role for role, value in PALETTE["light"].items()}
    return re.sub(
        r"#[0-9a-f]{6}\b",
        lambda m: f"var(--plot-{roles[m[0]]}, {m[0]})" if m[0] in roles else m[0],
        text,
    ).replace(_FONT, "inherit")


def inline_html(drawing: Drawing) -> str:
    """The figure as a notebook shows it."""
    caption = html.escape(re.sub(r"[*`$]", "", drawing.caption), quote=False)
    return (
        '<figure class="plot"><div class="plot__canvas" data-search-exclude>'
        f"{inline_svg(drawing)}</div><figcaption>{caption}</figcaption></figure>"
    )


def png(drawing: Drawing, dpi: int = 200) -> bytes:
    """A picture for slides and answers."""
    return _saved(drawing, format="png", dpi=dpi, metadata={"Software": None})


def table(drawing: Drawing) -> bytes:
    """The data that the figure shows, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(drawing.table)
    writer.writerows(
        [_cell(value) for value in row] for row in zip(*drawing.table.values(), strict=True)
    )
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, Integral):
        return str(int(value))
    # Twelve digits: what two machines agree on.
    return f"{value:.12g}" if isinstance(value, Real) else str(value)


def _saved(drawing: Drawing, **options: Any) -> bytes:
    target = io.BytesIO()
    with style.theme(drawing.theme), style.applied():
        drawing.canvas.savefig(target, facecolor=drawing.canvas.get_facecolor(), **options)
    return target.getvalue()


def _element(name: str, text: str) -> ET.Element:
    element = ET.Element(f"{{{_SVG}}}{name}")
    element.text = text
    return element


def _bytes(root: ET.Element) -> bytes:
    ET.register_namespace("", _SVG)
    # `xlink:href`, not plain `href`: Material's instant navigation throws on the latter in <use>.
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root)


def _parsed(drawing: Drawing) -> ET.Element:
    """Matplotlib's SVG without what it does not need, its ids made unique to the figure."""
    root = ET.fromstring(_saved(drawing, format="svg", dpi=_PICTURE_DPI, metadata={"Date": None}))
    for parent in root.iter():
        for child in [child for child in parent if child.tag in _DROPPED]:
            parent.remove(child)
    _prune(root)
    _lighten(root)
    root.set("style", _STROKES)
    _unique_ids(root, prefix=drawing.id or "figure")
    return root


def _prune(parent: ET.Element) -> None:
    """Remove groups with nothing in them."""
    for child in list(parent):
        _prune(child)
        if child.tag == f"{{{_SVG}}}g" and len(child) == 0:
            parent.remove(child)


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
        for key, value in element.attrib.items():
            element.set(key, re.sub(r"(url\(#|^#)(?=[\w.-]+\)?)", rf"\1{prefix}-", value))
        if name in used:
            element.set("id", f"{prefix}-{name}")


def _references(element: ET.Element) -> list[str]:
    return [
        m for value in element.attrib.values() for m in re.findall(r"(?:url\(#|^#)([\w.-]+)", value)
    ]
