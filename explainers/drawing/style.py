"""One look for every figure. It is drawn in light; `rendering` exchanges the colours for dark.

A colour has a role, and the role has the same name in a figure, in the page's style sheet and in
the text: what is drawn in the colour *max* is written in the colour *max*.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from explainers.drawing import typeface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

Theme = Literal["light", "dark"]

# Widths of a figure in inches: of one panel, and of several.
NARROW, WIDE = 4.6, 7.2

# How much wider and higher canvases are than their figure asks.
_STRETCHED: ContextVar[tuple[float, float]] = ContextVar("stretched", default=(1.0, 1.0))

# How the rules are drawn beside their colour, for readers who see colours differently.
SOLID, DASHED, DOTTED = "-", (0, (4, 1.4)), (0, (1, 1.2))

# Light and dark value of each role. Words are set in these colours too, so that each one has a
# contrast of at least 4.5 to its page; tests measure it, and how far apart they stay for readers
# who see colours differently.
PALETTE: dict[Theme, dict[str, str]] = {
    "light": {
        "page": "#ffffff",
        "ink": "#1f2430",
        "muted": "#5b6472",
        "grid": "#d9dde3",
        "max": "#b8390e",
        "mean": "#0b7261",
        "single": "#3560d0",
        "known": "#6a1d58",
    },
    "dark": {
        "page": "#14171d",
        "ink": "#e7eaf0",
        "muted": "#a3acba",
        "grid": "#363c47",
        "max": "#ff8f66",
        "mean": "#4fd0b4",
        "single": "#9ab8ff",
        "known": "#bb6fc0",
    },
}


def colour(role: str) -> str:
    """The colour of a role on a light page; what is drawn becomes dark afterwards.

    >>> colour("max")
    '#b8390e'
    """
    return PALETTE["light"][role]


def contrast(first: str, second: str) -> float:
    """Contrast of two colours by WCAG 2, from 1 to 21; words need 4.5.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, bright = sorted((_luminance(first), _luminance(second)))
    return (bright + 0.05) / (dark + 0.05)


def _luminance(value: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(value[1:])]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def on_fill(role: str, opacity: float = 1.0) -> str:
    """The colour of words on an area of a role: the ink or the page, the one that is read better.

    Both themes count, the one with less contrast decides. Between, where neither is read,
    `legible_opacity` stays out.

    >>> on_fill("max") == colour("page"), on_fill("max", 0.2) == colour("ink")
    (True, True)
    """
    return colour(max(("ink", "page"), key=lambda words: _least_contrast(words, role, opacity)))


@cache
def legible_opacity(role: str, least: float = 4.5) -> float:
    """How much a role may cover the page, at most, with words in ink on it still legible.

    >>> legible_opacity("max")
    0.55
    """
    legible = (n / 100 for n in range(100, 0, -1) if _least_contrast("ink", role, n / 100) >= least)
    return next(legible)


def _least_contrast(words: str, role: str, opacity: float) -> float:
    """Contrast of words to an area of a role that covers the page partly, in the poorer theme."""
    return min(contrast(p[words], _blend(p[role], p["page"], opacity)) for p in PALETTE.values())


def _blend(over: str, under: str, opacity: float) -> str:
    parts = zip(bytes.fromhex(over[1:]), bytes.fromhex(under[1:]), strict=True)
    return "#" + bytes(round(opacity * a + (1 - opacity) * b) for a, b in parts).hex()


@contextmanager
def applied() -> Iterator[None]:
    """Give Matplotlib the house's settings and fonts inside the block, whatever it had before.

    A user's own settings must not change a figure: below the house's are Matplotlib's defaults.
    """
    import matplotlib as mpl

    with typeface.known(), mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
        kept = set(mpl.rcParamsDefault) - {"backend", "backend_fallback"}
        mpl.rcParams.update({name: mpl.rcParamsDefault[name] for name in kept})
        mpl.rcParams.update(settings())
        yield


def settings() -> dict[Any, Any]:
    """The house's settings for Matplotlib; with them the bytes repeat on every run."""
    ink, muted = colour("ink"), colour("muted")
    return {
        "font.family": [typeface.TEXT, typeface.FALLBACK],
        "font.size": 10,
        "text.hinting": "none",  # else words would be wider or narrower at another resolution
        "text.color": ink,
        "axes.titlesize": 10.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 9,
        "axes.titlecolor": ink,
        "axes.labelcolor": muted,
        "axes.labelpad": 5,
        "axes.edgecolor": muted,
        "axes.facecolor": "none",
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": colour("grid"),
        "grid.linewidth": 0.7,
        "xtick.color": muted,
        "ytick.color": muted,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "lines.linewidth": 2.0,
        "lines.solid_capstyle": "round",
        "legend.frameon": False,
        "legend.fontsize": 9,
        "legend.title_fontsize": 9,
        "legend.handlelength": 3.2,  # two dashes and more, beside a mark
        "figure.facecolor": colour("page"),
        "savefig.facecolor": "auto",  # the figure's
        "image.interpolation": "nearest",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,  # TrueType: some publishers take no other
        "svg.hashsalt": "explainers",
        "mathtext.fontset": "dejavusans",
        "path.simplify": True,
    }


def canvas(
    columns: int = 1,
    rows: int = 1,
    *,
    width: float | None = None,
    height: float = 3.4,
    **subplots: Any,
) -> tuple[Figure, Any]:
    """Return an empty figure in the house style and its axes (one, or an array of them).

    Sizes are in inches. A phone is 4.6 inches wide: panels that stand beside each other may take
    7.2, since a page puts them below each other where there is no room. So each has all its labels.
    """
    from matplotlib.figure import Figure

    wide = WIDE if columns > 1 else NARROW
    figure = Figure(figsize=size(width or wide, height), layout="constrained")
    figure.set_layout_engine("constrained", w_pad=0.08, h_pad=0.08, wspace=0.04)
    axes = figure.subplots(rows, columns, **subplots)
    for panel in figure.axes:
        panel.tick_params(labelleft=True, labelbottom=True)
    return figure, axes


def size(width: float, height: float) -> tuple[float, float]:
    """The size of a canvas, in inches, for a figure that asks for this one.

    >>> with stretched(2, 1):
    ...     size(4.6, 3.4)
    (9.2, 3.4)
    """
    aside, up = _STRETCHED.get()
    return width * aside, height * up


@contextmanager
def stretched(aside: float, up: float) -> Iterator[None]:
    """Let canvases be so many times as wide and as high as figures ask, inside the block.

    Type and lines stay as they are: a figure on a larger canvas has more room.
    """
    before = _STRETCHED.set((aside, up))
    try:
        yield
    finally:
        _STRETCHED.reset(before)


def percent_axis(axis: Any) -> None:
    """Write an axis of shares in per cent."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def direct_label(
    axes: Axes, x: float, y: float, text: str, role: str, *, ha: str = "left", va: str = "center"
) -> None:
    """Write a curve's name beside it, in its own colour, instead of in a legend."""
    axes.annotate(
        text,
        (x, y),
        xytext=({"left": 5, "right": -5, "center": 0}[ha], {"bottom": 4, "top": -4}.get(va, 0)),
        textcoords="offset points",
        ha=ha,
        va=va,
        color=colour(role),
        fontsize=9,
        fontweight="bold",
        annotation_clip=False,
    )


def coloured_legend(owner: Any, **options: Any) -> Legend:
    """Add a legend whose words have their line's colour."""
    key: Legend = owner.legend(labelcolor="linecolor", **options)
    for text in key.get_texts():
        text.set_fontweight("bold")
    return key


def key_above(axes: Axes, ncols: int) -> None:
    """Add a legend of one panel above it, where no curve can touch it."""
    coloured_legend(axes, ncols=ncols, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.4)


def picture_axes(axes: Axes) -> None:
    """Clear an axes that shows a picture: no ticks, no grid, no frame."""
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
