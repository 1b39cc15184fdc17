"""A card: its words and one picture, laid out as data that tests can read, then painted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, product
from math import ceil

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from explainers.claim import Verdict
from explainers.drawing import typeface
from explainers.drawing.style import PALETTE
from explainers.edition import SITE

WIDTH, HEIGHT = 1200, 630
MARGIN = 56
SMALLEST = 24  # pixels; twelve where the card is shown half as wide

_COLOUR = PALETTE["light"]
_HEADING, _REGULAR, _BOLD, _MONO = "heading", "text", "text-bold", "code"
_GUTTER = 44
_PICTURE = 720  # half the width that figures are stored at: the sharpest reduction
_MARK = 34
_PADDING, _DISC = 18, 18  # of a badge
_FINE = 4  # shapes are drawn so much larger: Pillow has no smooth edges


@dataclass(frozen=True)
class Card:
    """What a card says.

    Attributes
    ----------
    title, id
        The question or the title, and the page's id (none for the home page).
    verdict, condition
        Of a claim. A long condition is left out.
    number, meaning
        The number as its text has it, and what it is.
    texts
        What may stand beside the figure besides; the first that fits does.
    credit
        Whose photograph the figure shows.
    """

    title: str
    id: str
    verdict: Verdict | None = None
    condition: str = ""
    number: str = ""
    meaning: str = ""
    texts: tuple[str, ...] = ("",)
    credit: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends to the right."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Where it ends below."""
        return self.top + self.height


@dataclass(frozen=True)
class Text:
    """Lines of text; with a verdict they are a badge that has the verdict's sign."""

    box: Box
    lines: tuple[str, ...]
    face: str
    size: int
    colour: str
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Picture:
    """The place of the ``figure``, or of the site's ``mark``."""

    box: Box
    shows: str


Part = Text | Picture


# ---- Where it stands ----


def layout(card: Card, picture: tuple[int, int]) -> list[Part]:
    """Place all that the card says around a picture of that size.

    From above: the title; the column of texts with the picture to its right; the site and the id.
    """
    title = _title(card.title)
    foot = _foot(card.id)
    top, bottom = title.box.bottom + 30, min(part.box.top for part in foot) - 26
    scale = min(_PICTURE / picture[0], (bottom - top) / picture[1])
    width, height = round(picture[0] * scale), round(picture[1] * scale)
    shown = Box(WIDTH - MARGIN - width, top + (bottom - top - height) // 2, width, height)
    place = Box(MARGIN, top, shown.left - _GUTTER - MARGIN, bottom - top)
    return [title, *_column(card, place, shown), Picture(shown, "figure"), *foot]


def _title(text: str) -> Text:
    """The title: at most three lines, the fewer and the larger the better."""
    for count, size in [(1, 52), (1, 48), (2, 46), (2, 42), (2, 38), (3, 38), (3, 34)]:
        lines = _balanced(text, _HEADING, size, WIDTH - 2 * MARGIN)
        if len(lines) <= count:
            return _text(lines, _HEADING, size, "ink", MARGIN, MARGIN - 8)
    raise ValueError(f"the title {text!r} is too long for a card")


def _foot(id: str) -> list[Part]:
    """The last line: the site to the left, the id to the right."""
    mark = Picture(Box(MARGIN, HEIGHT - MARGIN + 4 - _MARK, _MARK, _MARK), "mark")
    site = _text((SITE,), _BOLD, SMALLEST, "ink")
    name = _text((id,), _MONO, SMALLEST, "muted")
    top = mark.box.bottom + 1 - site.box.height
    parts: list[Part] = [mark, _moved(site, mark.box.right + 12, top)]
    return [*parts, _moved(name, WIDTH - MARGIN - name.box.width, top)] if id else parts


def _column(card: Card, place: Box, picture: Box) -> list[Part]:
    """The texts beside the picture: the first choice that fits in a good size, else in a small."""
    good, small = (product(card.texts, (card.condition, ""), s) for s in ((30, 28, 26), (24,)))
    for text, condition, size in chain(good, small):
        blocks = list(_blocks(replace(card, condition=condition), text, size, place.width))
        width = max(block.box.width for _, block in blocks)
        height = sum(gap + block.box.height for gap, block in blocks) - blocks[0][0]
        if width <= place.width and height <= place.height:
            break
    else:
        raise ValueError(f"what {card.title!r} says beside its figure is too long for a card")
    # Level with the picture's top; a column higher than the picture is centred on it.
    top = max(place.top, picture.top + min(0, picture.height - height) // 2) - blocks[0][0]
    placed: list[Part] = []
    for gap, block in blocks:
        placed.append(_moved(block, place.left, top + gap))
        top = placed[-1].box.bottom
    return placed


def _blocks(card: Card, text: str, size: int, width: int) -> Iterator[tuple[int, Text]]:
    """What stands in the column, each with the space above it."""
    if card.verdict:
        yield 0, _badge(card.verdict)
    if card.condition:
        yield 10, _wrapped(card.condition, SMALLEST, "muted", width)
    if card.number:
        yield 22, _number(card.number, width)
        yield 2, _wrapped(card.meaning, min(size, 28), "ink", width)
    if text:
        yield 0, _wrapped(text, size, "ink", width)
    if card.credit and card.credit.lower() not in text.lower():
        yield 18, _wrapped(card.credit, SMALLEST, "muted", width)


def _number(text: str, width: int) -> Text:
    size = next(s for s in range(84, 0, -2) if _width(text, _BOLD, s) <= width)
    return _text((text,), _BOLD, size, "max")


def _badge(verdict: Verdict) -> Text:
    words = _text((str(verdict).capitalize(),), _BOLD, SMALLEST, "page")
    width = _PADDING + _DISC + 10 + words.box.width + _PADDING
    return replace(words, box=Box(0, 0, width, 46), verdict=verdict)


def _wrapped(text: str, size: int, colour: str, width: int) -> Text:
    return _text(_wrap(text, _REGULAR, size, width), _REGULAR, size, colour)


def _text(
    lines: tuple[str, ...], face: str, size: int, colour: str, left: int = 0, top: int = 0
) -> Text:
    width = max(ceil(_width(line, face, size)) for line in lines)
    height = (len(lines) - 1) * _leading(size) + sum(typeface.font(face, size).getmetrics())
    return Text(Box(left, top, width, height), lines, face, size, _COLOUR[colour])


def _moved(text: Text, left: int, top: int) -> Text:
    return replace(text, box=replace(text.box, left=left, top=top))


def _balanced(text: str, face: str, size: int, width: int) -> tuple[str, ...]:
    """Wrap into as few lines as the width allows, these about equally long."""
    lines = _wrap(text, face, size, width)
    for narrower in range(width, 0, -size):
        tried = _wrap(text, face, size, narrower)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def _wrap(text: str, face: str, size: int, width: int) -> tuple[str, ...]:
    """Break a text at its spaces, but not at those of a formula."""
    first, *words = re.split(r"(?<![×=<>]) (?![×=<>])", text)
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if _width(longer, face, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _leading(size: int) -> int:
    return round(1.25 * size)


@cache
def _width(text: str, face: str, size: int) -> float:
    return typeface.font(face, size).getlength(text)


# ---- How it is painted ----


def paint(parts: list[Part], figure: Image.Image) -> Image.Image:
    """Paint the parts of a card."""
    card = Image.new("RGB", (WIDTH, HEIGHT), _COLOUR["page"])
    for part in parts:
        if isinstance(part, Text):
            _write(card, part)
        else:
            size = part.box.width, part.box.height
            shown = figure if part.shows == "figure" else _mark()
            card.paste(shown.resize(size, Image.Resampling.LANCZOS), (part.box.left, part.box.top))
    return card


def _write(card: Image.Image, text: Text) -> None:
    left, top = text.box.left, text.box.top
    font, pen = typeface.font(text.face, text.size), ImageDraw.Draw(card)
    if text.verdict:
        card.paste(_pill(text.box, text.verdict), (left, top))
        left = text.box.right - _PADDING - ceil(_width(text.lines[0], text.face, text.size))
        top += (text.box.height - sum(font.getmetrics())) // 2
    for line in text.lines:
        pen.text((left, top + font.getmetrics()[0]), line, text.colour, font, anchor="ls")
        top += _leading(text.size)


def _pill(box: Box, verdict: Verdict) -> Image.Image:
    """A badge without its words; its sign is the site's: a full, a half, an empty disc."""
    ink, page = _COLOUR["ink"], _COLOUR["page"]
    pill = Image.new("RGB", (box.width * _FINE, box.height * _FINE), page)
    pen = ImageDraw.Draw(pill)
    pen.rounded_rectangle((0, 0, pill.width - 1, pill.height - 1), pill.height // 2, ink)
    above = (box.height - _DISC) // 2
    disc = [n * _FINE for n in (_PADDING, above, _PADDING + _DISC, above + _DISC)]
    pen.ellipse(disc, ink, page, 3 * _FINE)
    start, end = {Verdict.HOLDS: (0, 360), Verdict.ON_CONDITION: (90, 270)}.get(verdict, (0, 0))
    pen.pieslice(disc, start, end, page)
    return pill.reduce(_FINE)


@cache
def _mark() -> Image.Image:
    """The site's sign, as the browser's tab shows it: three windows, and a petal."""
    unit = 16  # pixels of the drawing, which is 24 units wide
    mark = Image.new("RGB", (24 * unit, 24 * unit), _COLOUR["page"])
    pen = ImageDraw.Draw(mark)
    for left, top in [(1.5, 1.5), (1.5, 13), (13, 13)]:
        box = [n * unit for n in (left, top, left + 9.5, top + 9.5)]
        pen.rounded_rectangle(box, 2 * unit, "#aab1bc")
    sides = np.array(
        [
            [(12.6, 11.4), (11.6, 4.6), (15.4, 0.9), (23.1, 0.9)],
            [(23.1, 0.9), (23.1, 8.6), (19.4, 12.4), (12.6, 11.4)],
        ]
    )
    t = np.linspace(0, 1, 40)[:, None]
    bernstein = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    petal = np.vstack(bernstein @ sides)
    pen.polygon([tuple(point) for point in petal * unit], _COLOUR["max"])
    return mark


def png(card: Image.Image) -> bytes:
    """The card as a small PNG of 256 colours, the page's exactly."""
    reduced = card.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = reduced.getpalette() or []
    page = 3 * reduced.tobytes()[0]  # what the corner became
    colours[page : page + 3] = ImageColor.getrgb(_COLOUR["page"])
    reduced.putpalette(colours)
    target = io.BytesIO()
    reduced.save(target, "PNG", compress_level=6)  # 9 takes five times as long for 3% less
    return target.getvalue()
