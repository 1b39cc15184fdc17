"""The chapter's figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers import operators
from explainers.checks import Floats, Ints
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Number, Whole
from explainers.records import figure
from explainers.sizes import masking, measured, model, numerics, order
from explainers.wording import how_many, in_digits, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

Maps = Annotated[int, Whole(2, 500, "random maps")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random numbers")]
Window = Annotated[int, Whole(2, 4, "side of the window")]
Around = Annotated[int, Whole(0, 3, "taps of a convolution on each side of its middle")]

# Which colour a summary of a window has, how its line is drawn, and what it is called.
LOOKS: dict[str, tuple[str, Any, str]] = {
    "max": ("max", style.SOLID, "max"),
    "mean": ("mean", style.DASHED, "mean"),
    "subsample": ("single", style.DOTTED, "every second value"),
}
# How lines of one colour are told apart.
STROKES: tuple[Any, ...] = (style.SOLID, style.DASHED, style.DOTTED, (0, (4, 1.4, 1, 1.4)))
PALE = 0.3  # of a filled cell: words in ink are read on it


# Sizes


@figure(
    title="What fills no window is cut off, pooling after pooling",
    caption="A map of {size:d} × {size:d}, pooled over windows of {window:d} × {window:d}; its "
    "sides: {sides}. {end} Hatched: what fills no window and is cut off. The squares inside each "
    "other: what the maps see of the first; the last map sees {seen:d} × {seen:d}, which is "
    "{share:.0%} of it.",
    alt="Squares to scale, pooled over {window:d} by {window:d}, of the sides {sides}. {end} "
    "Beside them, inside each other, the parts that each of them sees of the first map of {size:d} "
    "by {size:d}: the last {seen:d} by {seen:d}, {share:.0%} of it; the rest is hatched, if any.",
)
def chain_of_sizes(
    size: Annotated[int, Whole(8, 512, "height and width of the map")] = 28,
    poolings: Annotated[int, Whole(1, 8, "poolings, one after the other")] = 5,
    window: Window = 2,
) -> Drawing:
    """Draw a map's sizes from pooling to pooling, and what is cut off on the way."""
    pools = [model.Pool(window)] * poolings
    chain = model.pooled_sizes(size, pools)
    sizes = np.array(chain.sizes)
    cut = np.append(sizes[:-1] % window, 0)
    seen = [size - len(model.lost(size, pools[:number])) for number in range(len(sizes))]
    canvas, (left, right) = style.canvas(2, height=3.0, width_ratios=(1.7, 1))
    _in_a_row(left, sizes, cut, broken=chain.breaks_at is not None)
    _inside_each_other(right, seen)
    return Drawing(
        canvas,
        {"poolings": np.arange(len(sizes)), "size": sizes, "cut_off": cut, "seen": seen},
        {
            "sides": ", ".join(map(str, sizes)),
            "end": f"Pooling {chain.breaks_at} finds no window: there it breaks."
            if chain.breaks_at
            else "All poolings find a window.",
            "seen": seen[-1],
            "share": (seen[-1] / size) ** 2,
        },
    )


def _in_a_row(axes: Axes, sizes: Ints, cut: Ints, broken: bool) -> None:
    """Draw maps beside each other, each with its side below it and hatched where it is cut off."""
    unit, left = float(sizes[0]), 0.0
    least = 0.16 * unit  # room for a number
    for side, rest in zip(sizes.tolist(), cut.tolist(), strict=True):
        room = max(side, least)
        corner = (left + (room - side) / 2, 0.0)
        _fill(axes, corner, side, side, "single", PALE)
        _hatch_beyond(axes, corner, side, side - rest, apart=0.035 * unit)
        _say(axes, left + room / 2, -0.05 * unit, str(side), va="top")
        left += room + 0.06 * unit
    if broken:
        role = {"edgecolor": style.colour("max"), "linestyle": style.DASHED}
        _outline(axes, (left + 0.5 * least, 0), least, least, **role)
        red = {"color": style.colour("max"), "fontweight": "bold"}
        _say(axes, left + least, -0.05 * unit, "breaks", va="top", **red)
        left += 2.1 * least
    style.picture_axes(axes)
    axes.set(xlim=(-0.02 * unit, left), ylim=(-0.25 * unit, 1.02 * unit), aspect="equal")
    axes.set(title="The maps, to scale", anchor="NW")


def _inside_each_other(axes: Axes, seen: list[int]) -> None:
    """Draw what each map sees of the first: the rows and columns in front."""
    size, last = seen[0], seen[-1]
    corner = (0.0, float(size - last))
    _fill(axes, corner, last, last, "single", PALE)
    _hatch_beyond(axes, (0.0, 0.0), size, last, apart=0.035 * size)
    for side in sorted(set(seen)):
        _outline(axes, (0, size - side), side, side, edgecolor=style.colour("single"))
    _say(axes, last / 2, size - last / 2, f"{last} × {last}")
    style.picture_axes(axes)
    axes.set(xlim=(-0.02 * size, 1.02 * size), ylim=(-0.02 * size, 1.02 * size), aspect="equal")
    axes.set(title=f"Seen of {size} × {size}", anchor="NW")


@figure(
    title="With each pooling, half as many sizes come back",
    caption="Filled: the sizes up to {last:d} that an encoder–decoder with {deep} gives "
    "back: the multiples of {multiple:d}. {example} Bars: of the sizes from {smallest:d} to "
    "{largest:d}, {share:.1%} come back at this depth, and {next:.1%} with one pooling more.",
    alt="A grid of the sizes from 1 to {last:d}. With {deep} the multiples of {multiple:d} are "
    "filled. {example} Bars of the share that comes back of the sizes from {smallest:d} to "
    "{largest:d}, by depth: each about half as high as the one before, {share:.1%} at this depth "
    "and {next:.1%} with one pooling more.",
)
def sizes_that_close(
    depth: Annotated[int, Whole(1, 5, "poolings on the way down")] = 4,
    size: Annotated[int, Whole(1, 64, "size that the caption names")] = 50,
) -> Drawing:
    """Draw which sizes an encoder and a decoder give back, and their share by depth."""
    sizes, depths, ends = np.arange(1, 65), np.arange(1, 7), (16, 512)
    back = np.array([model.closes(int(each), depth) for each in sizes])
    shares = [float(model.share_that_close(int(each), *ends)) for each in depths]
    padded = model.next_size_that_closes(size, depth)
    canvas, (left, right) = style.canvas(2, height=3.5)
    grid = sizes.reshape(8, 8)
    _cells(left, 0.3 * back.reshape(8, 8), _written(grid), outlined=grid == size, role="mean")
    left.set_title(f"Sizes, {how_many(depth, 'pooling')}")
    for at, share in zip(depths.tolist(), shares, strict=True):
        opacity = 1.0 if at == depth else 0.4
        right.bar(at, share, color=style.colour("mean"), alpha=opacity, width=0.7, linewidth=0)
        _say(right, at, share + 0.01, f"{share:.1%}", va="bottom")
    right.set(title="Share of the sizes from {} to {}".format(*ends), xlabel="poolings")
    right.set(ylim=(0, 0.58), xticks=depths)
    style.percent_axis(right.yaxis)
    right.grid(visible=False, axis="x")
    missing = [None] * (len(sizes) - len(depths))
    return Drawing(
        canvas,
        {
            "size": sizes,
            "comes_back": back.astype(int),
            "depth": [*depths, *missing],
            "share": [*shares, *missing],
        },
        {
            "deep": how_many(depth, "pooling"),
            "example": f"Outlined: {size}, which comes back as it is."
            if padded == size
            else f"Outlined: {size}, which does not; it is to be padded to {padded}.",
            "last": int(sizes[-1]),
            "multiple": 2**depth,
            "smallest": ends[0],
            "largest": ends[1],
            "share": shares[depth - 1],
            "next": shares[depth],
        },
    )


@figure(
    title="Adaptive windows overlap where the sizes do not divide",
    caption="A row of {size:d} values, and the windows of an adaptive pooling to {output:d}: of "
    "{lengths}; {shared} in two of them (marked). {usual_first}, is commonly put in its place. "
    "Its windows {same}, and on {maps:d} square maps of independent values its means {err}.",
    alt="Two rows of {size:d} cells, with {windows} below each. Those of the adaptive "
    "pooling are of {lengths}, and {shared} in two of them. Those of the usual replacement, "
    "{usual}, {same}; its means {err}.",
)
def adaptive_windows(
    size: Annotated[int, Whole(8, 24, "values of the row")] = 10,
    output: Annotated[int, Whole(1, 8, "windows")] = 7,
    maps: Maps = 100,
    seed: Seed = 0,
) -> Drawing:
    """Draw the windows of an adaptive pooling and of the one that is put in its place."""
    layout, usual = model.adaptive_layout(size, output), model.usual_replacement(size, output)
    adaptive = np.stack(operators.adaptive_windows(size, output), axis=1)
    begins = usual.on(size).begins
    replaced = np.stack([begins, begins + usual.kernel_size], axis=1)
    times = (adaptive[:, :1] <= np.arange(size)) & (np.arange(size) < adaptive[:, 1:])
    twice = times.sum(axis=0) > 1
    error = measured.replacement_error(size, output, "mean", maps=maps, seed=seed).value
    differ = (adaptive != replaced).any(axis=1)
    canvas, (left, right) = style.canvas(2, height=1.45 + 0.2 * output)
    _windows(left, (0, size), size, adaptive, rows=twice)
    _windows(right, (0, size), size, replaced, windows=differ)
    left.set_title(f"Adaptive: {size} to {output}")
    right.set_title(f"Window {usual.kernel_size}, stride {usual.step}")
    return Drawing(
        canvas,
        {
            "window": np.arange(output),
            "begin": adaptive[:, 0],
            "end": adaptive[:, 1],
            "usual_begin": replaced[:, 0],
            "usual_end": replaced[:, 1],
        },
        {
            "windows": how_many(output, "window"),
            "lengths": _rows(layout.least, layout.largest),
            "shared": _are("value", layout.shared),
            "usual": f"a window of {usual.kernel_size} with stride {usual.step}",
            "usual_first": f"A window of {usual.kernel_size} with stride {usual.step}",
            "same": "differ from these" if differ.any() else "are the same",
            "error": error,
            "err": f"are off by {in_digits(error, '.2f')} standard deviations (RMS)"
            if differ.any()
            else "are the same",
        },
    )


def _rows(least: int, most: int) -> str:
    """Say how many values a window has."""
    return how_many(least, "value") if least == most else f"{least} to {most} values"


def _are(thing: str, number: int) -> str:
    """Say how many things are, none included."""
    if not number:
        return f"none of the {thing}s is"
    return f"one {thing} is" if number == 1 else f"{number} {thing}s are"


# Borders


@figure(
    title="Where SAME adds an odd number, its windows begin a value later",
    caption="Windows of {kernel:d} with stride {stride:d} on a row of {size:d} values. "
    "TensorFlow's SAME pads {begin:d} before and {end:d} after it, PyTorch {symmetric:d} on each "
    "side (hatched). {differing} of other values of the row. On a map of {size:d} × {size:d} "
    "{share:.0%} of the maxima differ.",
    alt="Two rows of {size:d} cells with hatched padding, and {outputs:d} windows of {kernel:d} "
    "below each. SAME pads {begin:d} before and {end:d} after, the other rule {symmetric:d} on "
    "each side. {differing} of other values; on a square map {share:.0%} of the maxima differ.",
)
def same_or_symmetric(
    size: Annotated[int, Whole(5, 16, "values of the row")] = 8,
    kernel: Annotated[int, Whole(2, 5, "values of a window")] = 3,
    stride: Annotated[int, Whole(1, 3, "values from one window to the next")] = 2,
) -> Drawing:
    """Draw the windows of TensorFlow's SAME and of padding on both sides."""
    pads = model.same_against_symmetric(size, kernel, stride)
    begins = stride * np.arange(pads.outputs)[:, None] + np.array([0, kernel])
    same, both = begins - pads.begin, begins - pads.symmetric
    differ = np.isin(np.arange(pads.outputs), pads.differ)
    ends = (-pads.symmetric, size + pads.symmetric)  # one scale for both
    canvas, (left, right) = style.canvas(2, height=1.45 + 0.2 * pads.outputs)
    _windows(left, (-pads.begin, size + pads.end), size, same, windows=differ, limits=ends)
    _windows(right, ends, size, both, windows=differ, limits=ends)
    left.set_title(f"TensorFlow SAME: {pads.begin} before, {pads.end} after")
    right.set_title(f"PyTorch: {pads.symmetric} on each side")
    return Drawing(
        canvas,
        {
            "output": np.arange(pads.outputs),
            "same_begin": same[:, 0],
            "same_end": same[:, 1],
            "both_begin": both[:, 0],
            "both_end": both[:, 1],
            "differs": differ.astype(int),
        },
        {
            "begin": pads.begin,
            "end": pads.end,
            "symmetric": pads.symmetric,
            "outputs": pads.outputs,
            "differing": f"All {pads.outputs} outputs are" if differ.any() else "No output is",
            "share": float(model.share_that_differs(size, kernel, stride)),
        },
    )


@figure(
    title="Two switches decide what a mean at the border divides by",
    caption="Divisors of the means of a map of {size:d} × {size:d}: windows of {kernel:d} × "
    "{kernel:d}, stride {stride:d}, padding {padding:d}. Outlined: where it is not {full:d}. "
    "Windows inside the map are divided by {full:d} in all four. The last corner is divided by "
    "{counted} if padding counts (without ceil_mode, and with it), else by {left_out}.",
    alt="Four grids of divisors, for windows of {kernel:d} by {kernel:d} with stride {stride:d} "
    "and padding {padding:d} on a map of {size:d} by {size:d}. A full window has {full:d}. In the "
    "last corner they are, with the padding counted or not, with whole windows or with a last "
    "one that is cut: {corners}.",
)
def divisor_at_the_border(
    size: Annotated[int, Whole(4, 8, "height and width of the map")] = 6,
    kernel: Annotated[int, Whole(2, 5, "side of the window")] = 3,
    stride: Annotated[int, Whole(2, 3, "values from one window to the next")] = 2,
) -> Drawing:
    """Draw what PyTorch's mean divides by at each place, for both of its switches."""
    padding, full = kernel // 2, kernel**2
    along = model.divisors(size, kernel, stride, padding)
    grids = {each: np.outer(counts, counts) for each, counts in along.items()}
    canvas, panels = style.canvas(2, 2, height=5.0)
    names = (
        {True: "Padding counted", False: "Not counted"},
        {False: "no ceil_mode", True: "ceil_mode"},
    )
    for axes, ((include, ceil), grid) in zip(panels.ravel(), grids.items(), strict=True):
        below = grid < full
        _cells(axes, np.where(below, 0.06, 0.2), _written(grid), outlined=below, role="max")
        axes.set_title(f"{names[0][include]}, {names[1][ceil]}")
    rows = [(each, *at, grid[at]) for each, grid in grids.items() for at in np.ndindex(grid.shape)]
    switches, down, across, divisors = zip(*rows, strict=True)
    corners = [int(grid[-1, -1]) for grid in grids.values()]
    return Drawing(
        canvas,
        {
            "count_include_pad": [int(include) for include, _ in switches],
            "ceil_mode": [int(ceil) for _, ceil in switches],
            "row": down,
            "column": across,
            "divisor": divisors,
        },
        {
            "full": full,
            "padding": padding,
            "corners": _listed(corners),
            "counted": _listed(corners[:2]),
            "left_out": _listed(corners[2:]),
        },
    )


def _listed(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}"


@figure(
    title="Unpooling puts each max back, leaves zeros, and must be told the size",
    caption="A map of 4 × 4 is pooled, and unpooled with the places of its maxima: {kept:d} of its "
    "{values:d} values come back, and all others are 0. With a row and a column more (hatched) it "
    "is pooled to the same, since what fills no window is cut off: only the size that is asked "
    "for tells the two apart.",
    alt="First a map of 4 by 4 numbers from {low:d} to {high:d}, its {kept:d} maxima, and the map "
    "unpooled: {kept:d} of {values:d} values, and zeros. Then the map with one row and column "
    "more, the same {kept:d} maxima, and unpooled to 5 by 5.",
)
def unpooled(seed: Seed = 0) -> Drawing:
    """Draw a map pooled and unpooled, and a larger one that is pooled to the same."""
    wide = np.random.default_rng(seed).permutation(np.arange(1, 26)).reshape(5, 5).astype(float)
    canvas, panels = style.canvas(2, 3, width=style.NARROW, height=6.4)
    table: dict[str, Any] = {"row": np.indices((5, 5))[0].ravel()}
    table["column"] = np.indices((5, 5))[1].ravel()
    for column, side in zip(panels.T, (4, 5), strict=True):
        values = wide[:side, :side]
        pooled, places = operators.max_pool2d(values, 2, return_indices=True)
        back = operators.max_unpool2d(pooled, places, 2, output_size=(side, side))
        kept = back > 0
        names = (
            f"a map, {side} × {side}",
            f"pooled from {side} × {side}",
            f"unpooled to {side} × {side}",
        )
        for axes, grid, name in zip(column, (values, pooled, back), names, strict=True):
            marked = kept if grid.shape == kept.shape else np.ones((2, 2), bool)
            _cells(axes, np.where(marked, 0.25, 0.06), _written(grid), outlined=marked)
            axes.set_title(name)
        table |= {f"map_{side}": _padded(values), f"unpooled_{side}": _padded(back)}
        table[f"pooled_{side}"] = _padded(pooled)
    _hatch_cut(panels[0, 1])
    small = wide[:4, :4]
    return Drawing(
        canvas,
        table,
        {"kept": 4, "values": 16, "low": int(small.min()), "high": int(small.max())},
    )


def _padded(grid: Floats) -> list[float | None]:
    """Lay a grid into one of 5 × 5, with nothing around it."""
    height, width = grid.shape
    rows = [[*row, *[None] * (5 - width)] for row in grid.tolist()]
    return [value for row in [*rows, *[[None] * 5] * (5 - height)] for value in row]


def _hatch_cut(axes: Axes) -> None:
    """Hatch the last row and column of a map of 5 × 5, whose rows are counted downwards."""
    for corner, width, height in (((4.04, 0.04), 0.92, 4.92), ((0.04, 4.04), 3.92, 0.92)):
        _hatch(axes, corner, width, height, "grid", apart=0.18, zorder=0.5)


# Poolings on poolings


@figure(
    title="Small max windows, one after the other, are one large window",
    caption="{number} of {kernel:d} × {kernel:d}, each at every place, see sides of {sides}. "
    "Each made of the one before takes {stacked:,d} comparisons for each value; each taken from "
    "the map itself {direct:,d}. Rows first, then columns, it is {rows_stacked:d} and "
    "{rows_direct:d}.",
    alt="Squares inside each other with the sides {sides}, on a grid of cells. Bars of comparisons "
    "for each value: {stacked:,d} one after the other, {direct:,d} each from the map; rows first, "
    "then columns, {rows_stacked:d} and {rows_direct:d}.",
)
def stacked_windows(
    around: Annotated[int, Whole(1, 3, "values on each side of a window's middle")] = 2,
    poolings: Annotated[int, Whole(2, 4, "poolings, one after the other")] = 3,
) -> Drawing:
    """Draw the windows that stacked poolings see, and what they compare."""
    kernel = 2 * around + 1
    kernels = [kernel] * poolings
    sides = [model.stacked_kernel(kernels[:n]).kernel_size for n in range(1, poolings + 1)]
    whole, by_rows = (model.comparisons(kernels, separable=each) for each in (False, True))
    canvas, (left, right) = style.canvas(2, height=3.2)
    _around_the_middle(left, sides)
    bars = {
        "one after the other": ("max", whole.stacked),
        "each from the map": ("single", whole.direct),
        "one after the other, by rows": ("max", by_rows.stacked),
        "each from the map, by rows": ("single", by_rows.direct),
    }
    for row, (name, (role, number)) in enumerate(bars.items()):
        right.barh(row, number, color=style.colour(role), height=0.34, linewidth=0)
        style.direct_label(right, 0, row - 0.17, f"{name}: {number:,d}", role, va="bottom")
    right.set(title="Comparisons for each value", ylim=(3.4, -0.7), yticks=[])
    right.set_xlim(0, 1.05 * whole.direct)
    right.locator_params(axis="x", nbins=4)
    right.grid(visible=False, axis="y")
    missing = [None] * (4 - poolings)
    return Drawing(
        canvas,
        {
            "way": list(bars),
            "comparisons": [number for _, number in bars.values()],
            "poolings": [*range(1, poolings + 1), *missing],
            "side": [*sides, *missing],
        },
        {
            "number": f"{poolings} max poolings",
            "kernel": kernel,
            "sides": _listed(sides),
            "stacked": whole.stacked,
            "direct": whole.direct,
            "rows_stacked": by_rows.stacked,
            "rows_direct": by_rows.direct,
        },
    )


def _around_the_middle(axes: Axes, sides: list[int]) -> None:
    """Draw squares around one middle, on a grid of cells, each with its side in its upper edge."""
    widest = sides[-1]
    thin: dict[str, Any] = {"color": style.colour("grid"), "linewidth": 0.5, "zorder": 0.6}
    axes.hlines(range(widest + 1), 0, widest, **thin)
    axes.vlines(range(widest + 1), 0, widest, **thin)
    for side in sides:
        corner = (widest - side) / 2
        _fill(axes, (corner, corner), side, side, "max", 0.12)
        _outline(axes, (corner, corner), side, side, edgecolor=style.colour("max"), zorder=3)
    middle = (widest - 1) / 2
    _fill(axes, (middle, middle), 1, 1, "ink", 1.0)
    axes.set_title(f"Sides {_listed(sides)}")
    style.picture_axes(axes)
    edge = 0.02 * widest
    axes.set(xlim=(-edge, widest + edge), ylim=(-edge, widest + edge), aspect="equal")


# Small objects


@figure(
    title="With each pooling, objects must be twice as far apart to stay two",
    caption="Two objects of one pixel, and the share of their places at which max poolings of "
    "2 × 2 make one value of both, by their distance along one axis. {apart}: {merged:.0%} after "
    "{deep}. From {never:d} pixels on it happens nowhere.",
    alt="Falling curves of the share of places at which two objects are one value, against their "
    "distance, one for each number of poolings. {apart} it is {merged:.0%} after {deep}, "
    "{fewer:.0%} with one pooling less. The curves end at 0% at {ends} pixels.",
)
def near_objects(
    poolings: Annotated[int, Whole(2, 5, "most poolings of a curve")] = 4,
    distance: Annotated[int, Whole(1, 32, "pixels from one to the other")] = 4,
) -> Drawing:
    """Draw how often two objects of one pixel become one value."""
    depths, distances = range(1, poolings + 1), np.arange(1, 2**poolings + 1)
    shares = {n: [float(model.merges(int(d), n).merged) for d in distances] for n in depths}
    canvas, axes = style.canvas(height=3.3)
    for depth, share in shares.items():
        inside = slice(0, 2**depth)
        shown: dict[str, Any] = {"alpha": 0.4 + 0.6 * depth / poolings, "clip_on": False}
        shown |= {
            "marker": "o",
            "markersize": 3,
            "label": f"after {depth}" + " poolings" * (depth == poolings),
        }
        axes.plot(distances[inside], share[inside], color=style.colour("max"), **shown)
    ticks = [2**n for n in range(poolings + 1)]
    axes.set(xlabel="pixels from one object to the other", ylabel="places at which they merge")
    axes.set(xscale="log", xlim=(0.9, 1.12 * ticks[-1]), ylim=(-0.02, 1.02))
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    style.percent_axis(axes.yaxis)
    labels.name_curves(canvas)
    deepest, before = (float(model.merges(distance, n).merged) for n in (poolings, poolings - 1))
    return Drawing(
        canvas,
        {"distance": distances} | {f"poolings_{n}": share for n, share in shares.items()},
        {
            "apart": f"{how_many(distance, 'pixel')} apart".capitalize(),
            "deep": how_many(poolings, "pooling"),
            "merged": deepest,
            "fewer": before,
            "never": 2**poolings,
            "ends": _listed(ticks[1:]),
        },
    )


@figure(
    title="The max keeps the height of a small object; the mean thins it",
    caption="A square object among zeros, after {deep} of 2 × 2: its height that is left, on "
    "average over its places, and how often it is found in noise with {alarm} false alarms a "
    "value, its height {strength:g} times the noise's spread. {wide} wide, its max "
    "finds it in {max_hit:.0%}, its mean in {mean_hit:.0%}, every second value in "
    "{subsample_hit:.0%} of the cases; {last:d} pixels wide in {max_last:.0%}, {mean_last:.0%} "
    "and {subsample_last:.0%}.",
    alt="Two panels against the width of an object, from 1 to {last:d} pixels, after {deep}. "
    "Height that is left: the max keeps all of it; {wide} wide, the mean keeps {mean_left:.0%} and "
    "every second value {subsample_left:.0%}. Found at that width: max {max_hit:.0%}, mean "
    "{mean_hit:.0%}, every second value {subsample_hit:.0%}; at {last:d} pixels {max_last:.0%}, "
    "{mean_last:.0%} and {subsample_last:.0%}.",
)
def small_objects(
    poolings: Annotated[int, Whole(1, 4, "poolings, one after the other")] = 2,
    strength: Annotated[float, Number(0.5, 6, "height in standard deviations")] = 3.0,
    false_alarm: Annotated[float, Number(0.001, 0.2, "share of false alarms")] = 0.05,
    width: Annotated[int, Whole(1, 8, "width named in the caption, in pixels")] = 2,
) -> Drawing:
    """Draw what is left of an object, and how often it is found, by its width."""
    widths = np.arange(1, 17)
    canvas, panels = style.canvas(2, height=3.4)
    table: dict[str, Any] = {"width": widths}
    for name, (role, line, label) in LOOKS.items():
        left = [float(model.survives(int(w), poolings, name).height) for w in widths]
        hit = [model.hit_rate(int(w), poolings, name, strength, false_alarm) for w in widths]
        shown: dict[str, Any] = {"color": style.colour(role), "linestyle": line, "label": label}
        shown["linewidth"] = 4 if name == "max" else 2  # all end at the top, where it lies below
        for axes, values in zip(panels, (left, hit), strict=True):
            axes.plot(widths, values, clip_on=False, zorder=3, **shown)
        table |= {f"height_{name}": left, f"hit_{name}": hit}
    for axes, title in zip(panels, ("Height that is left", "Objects found in noise"), strict=True):
        axes.set(title=title, xlabel="width of the object, pixels", ylim=(-0.02, 1.04))
        axes.set(xlim=(0.5, 16.5), xticks=(1, 4, 8, 12, 16))
        style.percent_axis(axes.yaxis)
    labels.key_above(canvas)
    numbers = {f"{name}_left": table[f"height_{name}"][width - 1] for name in LOOKS}
    numbers |= {f"{name}_hit": table[f"hit_{name}"][width - 1] for name in LOOKS}
    numbers |= {f"{name}_last": table[f"hit_{name}"][-1] for name in LOOKS}
    words = {"deep": how_many(poolings, "pooling"), "alarm": percent(false_alarm)}
    words["wide"] = how_many(width, "pixel").capitalize()
    return Drawing(canvas, table, numbers | words | {"last": 16})


@figure(
    title="Each pooling halves the map, and doubles what a value sees, or more",
    caption="A picture of {size:d} × {size:d}, pooled by 2 × 2 with {kernel} before each pooling "
    "and after the last. Dotted: the side of the picture. {all}",
    alt="Two lines on a doubling scale against the number of poolings, 0 to {most:d}. The side of "
    "the map falls from {size:d} to {left:d}; what one value sees rises from {view_first:d} to "
    "{view_last:,d}. {all}",
)
def how_many_poolings(
    size: Annotated[int, Whole(8, 512, "height and width of the picture")] = 224,
    around: Around = 1,
) -> Drawing:
    """Draw a map's side and what one value sees, by the number of poolings."""
    levels = model.levels(size, convolution=2 * around + 1)
    numbers, sizes, views, steps = (np.array(column) for column in zip(*levels, strict=True))
    canvas, axes = style.canvas(height=3.4)
    shown: dict[str, Any] = {"marker": "o", "markersize": 4}
    axes.plot(numbers, sizes, color=style.colour("single"), label="side of the map", **shown)
    shown |= {"linestyle": style.DASHED, "label": "side that one value sees"}
    axes.plot(numbers, views, color=style.colour("max"), **shown)
    axes.axhline(size, color=style.colour("muted"), linestyle=style.DOTTED, linewidth=1)
    axes.set(xlabel="poolings", ylabel="pixels or values", yscale="log", xticks=numbers)
    top = 2 ** int(np.ceil(np.log2(views[-1])))
    ticks = [4**n for n in range(8) if 4**n <= top]
    axes.set_yticks(ticks, [f"{tick:,d}" for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set(ylim=(0.8, 1.25 * top), xlim=(-0.25, numbers[-1] + 0.25))
    labels.key_above(canvas)
    enough = np.flatnonzero(views >= size)
    return Drawing(
        canvas,
        {"poolings": numbers, "size": sizes, "view": views, "step": steps},
        {
            "kernel": f"a convolution of {2 * around + 1} × {2 * around + 1}"
            if around
            else "no convolution",
            "all": _sees_all(int(numbers[enough[0]]), int(sizes[enough[0]]))
            if enough.size
            else f"Even after the last one a value sees {views[-1]:,d} of {size} rows.",
            "most": int(numbers[-1]),
            "left": int(sizes[-1]),
            "view_first": int(views[0]),
            "view_last": int(views[-1]),
        },
    )


def _sees_all(poolings: int, side: int) -> str:
    """Say from where on a value may see all of a picture."""
    return (
        f"From {how_many(poolings, 'pooling')} on a value sees all rows of the picture, or more; "
        f"the map then has {side} × {side}."
    )


# The order of layers


@figure(
    title="At inference batch norm and max may change places, unless its factor is negative",
    caption="At inference: mean difference between a batch normalisation before a {window:d} × "
    "{window:d} pooling and the same after it, as a share of the result (RMS), by its factor; "
    "{maps:d} maps. {example} In training: mean and standard deviation of what leaves; before the "
    "max {first_mean:.2f} ± {first_sd:.2f}, after it {last_mean:.2f} ± {last_sd:.2f}.",
    alt="At inference, the difference against the factor from −2 to 2. With the max it is 0% from "
    "0 on, and below up to {highest:.0%}; with the mean, or with a min in place of the max where "
    "it is negative, 0% everywhere. {example} In training what leaves has {first_mean:.2f} ± "
    "{first_sd:.2f} with the norm before the max, {last_mean:.2f} ± {last_sd:.2f} after it.",
)
def norm_before_or_after(
    gamma: Annotated[float, Number(-2, 2, "factor that the caption names")] = -1.0,
    window: Window = 2,
    maps: Maps = 20,
    seed: Seed = 0,
) -> Drawing:
    """Draw how far both orders of norm and pooling are apart, by factor; what training gives."""
    gammas = np.linspace(-2, 2, 41).round(2)
    several = {"maps": maps, "seed": seed}

    def apart(factor: float, pool: str, instead: str | None = None) -> float:
        return order.norm_and_pool(factor, pool, instead, window, **several).mean

    curves = {
        "max": [apart(each, "max") for each in gammas],
        "mean": [apart(each, "mean") for each in gammas],
        "min": [apart(each, "max", "min" if each < 0 else "max") for each in gammas],
    }
    trained = {way: order.norm_in_training(way, "max", window, seed=seed) for way in order.ORDERS}
    canvas, (left, right) = style.canvas(2, height=3.4)
    names = {"max": "max", "min": "min if below 0", "mean": "mean"}
    looks = {"max": ("max", style.SOLID), "min": ("known", style.DASHED)}
    looks["mean"] = ("mean", style.DOTTED)
    for name, (role, line) in looks.items():
        width = 2.0 if name == "max" else 3.0
        shown = {"color": style.colour(role), "linestyle": line, "label": names[name]}
        left.plot(gammas, curves[name], linewidth=width, zorder=3, clip_on=False, **shown)
    found = apart(gamma, "max")
    left.plot(gamma, found, "o", color=style.colour("max"), markersize=6, clip_on=False, zorder=4)
    top = max(curves["max"])
    left.set(
        title="Inference: how far apart the orders are",
        xlabel="factor γ",
        ylim=(-0.03 * top, 1.06 * top),
    )
    style.percent_axis(left.yaxis)
    for row, (way, moments) in enumerate(trained.items()):
        role = ("max", "single")[row]
        middle, sd = moments.mean.value, moments.sd.value
        look: dict[str, Any] = {"color": style.colour(role), "linewidth": 3}
        right.plot((middle - sd, middle + sd), (row, row), **look)
        right.plot(middle, row, "o", markersize=9, **look)
        said = f"norm {way}: {in_digits(middle, '.2f')} ± {sd:.2f}"
        style.direct_label(right, middle, row - 0.13, said, role, ha="center", va="bottom")
    right.set(title="Training: what leaves", xlabel="mean ± standard deviation", yticks=[])
    right.set(ylim=(1.5, -0.75), xlim=(-2.1, 3.1))
    right.grid(visible=False, axis="y")
    style.key_above(left, ncols=3)
    left.set_title("Inference: how far apart the orders are", pad=24)
    right.set_title("Training: what leaves", pad=24)
    first, last = trained.values()
    return Drawing(
        canvas,
        {"gamma": gammas} | {f"apart_{name}": values for name, values in curves.items()},
        {
            "example": _orders_at(gamma, found),
            "highest": top,
            "at_gamma": found,
            "first_mean": first.mean.value,
            "first_sd": first.sd.value,
            "last_mean": last.mean.value,
            "last_sd": last.sd.value,
        },
    )


def _orders_at(gamma: float, apart: float) -> str:
    """Say how far the two orders are apart at one factor."""
    at = f"With a factor of {in_digits(gamma, '.3g')},"
    if apart == 0:
        return f"{at} both orders give the same."
    return f"{at} they are {in_digits(apart, '.0%')} apart."


@figure(
    title="Before a max, dropout drops fewer values and enlarges the rest",
    caption="Dropout of independent values from 0 to 1, and max pooling over {window:d} × "
    "{window:d}. Lines: the law; dots: {maps:d} random maps. At a rate of {often}, {zeros:.2%} of "
    "the outputs are 0 with dropout before the pooling, {after:.1%} after it. Their mean is "
    "{before:.2f} and {kept:.2f}; at inference {inference:.2f}.",
    alt="Two panels against the share that is dropped. Outputs that are 0: after the pooling a "
    "straight line, before it far below; at {often} {after:.1%} and {zeros:.1%}. Mean output: "
    "after the pooling {kept:.2f} as at inference, {inference:.2f}; before it larger, "
    "{before:.2f}.",
)
def dropout_before_or_after(
    rate: Annotated[float, Number(0.05, 0.95, "share dropped that the caption names")] = 0.5,
    window: Window = 2,
    maps: Maps = 50,
    seed: Seed = 0,
) -> Drawing:
    """Draw what dropout before and after a max pooling gives, by the share that is dropped."""
    rates = np.linspace(0, 0.95, 20).round(2)
    table: dict[str, Any] = {"rate": rates}
    for way in order.ORDERS:
        law = [order.dropout_law(each, way, window) for each in rates]
        found = [order.dropout_and_max(each, way, window, maps=maps, seed=seed) for each in rates]
        table |= {f"zeros_{way}": [each.zeros for each in law]}
        table |= {f"zeros_found_{way}": [each.zeros.value for each in found]}
        table |= {f"mean_{way}": [each.value for each in law]}
        table |= {f"mean_found_{way}": [each.value.value for each in found]}
    canvas, panels = style.canvas(2, height=3.4)
    for axes, kind in zip(panels, ("zeros", "mean"), strict=True):
        for way, role, line in (
            ("before", "max", style.SOLID),
            ("after", "single", style.DASHED),
        ):
            look: dict[str, Any] = {"color": style.colour(role), "clip_on": False}
            name = f"dropout {way}"
            axes.plot(rates, table[f"{kind}_{way}"], linestyle=line, label=name, **look)
            axes.plot(rates, table[f"{kind}_found_{way}"], "o", markersize=3.5, **look)
        axes.set(xlabel="share of the values that is dropped", xlim=(-0.04, 1.0))
        style.percent_axis(axes.xaxis)
    style.percent_axis(panels[0].yaxis)
    panels[0].set(title="Outputs that are 0", ylim=(-0.04, 1))
    top = 1.08 * max(table["mean_before"])
    panels[1].set(title="Mean output in training", ylim=(-0.04 * top, top))
    labels.key_above(canvas)
    before, after = (order.dropout_law(rate, way, window) for way in order.ORDERS)
    return Drawing(
        canvas,
        table,
        {
            "often": percent(rate),
            "zeros": before.zeros,
            "after": after.zeros,
            "before": before.value,
            "kept": after.value,
            "inference": after.inference,
        },
    )


@figure(
    title="Between linear layers a max bends as a rectifier does; a mean does not",
    caption="Two convolutions of {kernel:d} × {kernel:d}, and what lies between them. Bars: how "
    "far f(a) + f(b) is from f(a + b) on average, as a share of the result (RMS), on {maps:d} "
    "pairs of random pictures. It is 0 for what is linear, but for rounding: such a stack is one "
    "linear layer. Max pooling over {window:d} × {window:d}: {max:.0%}; the rectifier: {relu:.0%}.",
    alt="Four bars of how far f(a) + f(b) is from f(a + b). Nothing between the layers: "
    "{nothing:.0%}; mean pooling over {window:d} by {window:d}: {mean:.0%}; max pooling: "
    "{max:.0%}; a rectifier: {relu:.0%}.",
)
def rectifier_and_collapse(
    window: Window = 2,
    around: Around = 1,
    maps: Maps = 10,
    seed: Seed = 0,
) -> Drawing:
    """Draw how far from additive two convolutions are, by what lies between them."""
    kernel = 2 * around + 1
    names = {"nothing": ("muted", "nothing"), "mean": ("mean", "mean pooling")}
    names |= {"max": ("max", "max pooling"), "relu": ("single", "rectifier")}
    errors = {name: order.additivity(name, window, kernel, maps=maps, seed=seed) for name in names}
    canvas, axes = style.canvas(height=2.8)
    for row, (name, (role, label)) in enumerate(names.items()):
        error = errors[name].mean
        axes.barh(row, error, color=style.colour(role), height=0.36, linewidth=0)
        said = f"{label}: {error:.0%}" if error > 1e-9 else f"{label}: 0%, but for rounding"
        style.direct_label(axes, 0, row - 0.18, said, role, va="bottom")
    axes.set(xlabel="f(a) + f(b) less f(a + b), share of the result", yticks=[])
    axes.set(ylim=(3.4, -0.8), xlim=(0, 1.1 * max(error.mean for error in errors.values())))
    style.percent_axis(axes.xaxis)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(visible=False, axis="y")
    return Drawing(
        canvas,
        {
            "between": list(errors),
            "mean": [error.mean for error in errors.values()],
            "largest": [error.largest for error in errors.values()],
        },
        {"kernel": kernel} | {name: error.mean for name, error in errors.items()},
    )


# Padding that is data


@figure(
    title="The lower the bias, the more maxima a padded tail takes over",
    caption="Share of filters whose max over time is not the clip's own, once zeros are put after "
    "their responses, by the length of the clip and the bias. Lines: the law; dots: {draws:,d} "
    "filters. A bias of {said} and {long}: {share:.1%}. Zeros in the input: {input}, whatever the "
    "bias, which is the line for a bias of 0.",
    alt="Falling curves of the share of filters whose max a padded tail takes over, against the "
    "length of the clip, for biases of 0, −1, −2 and −3. With a bias of {said} and {long} it is "
    "{share:.1%}; with zeros in the input {input}. Dots of {draws:,d} filters lie along them.",
)
def padded_tail(
    bias: Annotated[float, Number(-4, 2, "bias that the caption names")] = -2.0,
    length: Annotated[int, Whole(1, 40, "responses to the clip itself")] = 20,
    draws: Annotated[int, Whole(8, 20000, "filters, each on a clip of its own")] = 2000,
    seed: Seed = 0,
) -> Drawing:
    """Draw how often a padded tail has the max, by the clip's length and the filter's bias."""
    lengths, tried = np.arange(1, 41), (1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40)
    biases, places = (-3, -2, -1, 0), lengths.tolist()
    canvas, axes = style.canvas(height=3.5)
    table: dict[str, Any] = {"length": lengths}
    for each, line in zip(biases, STROKES, strict=True):
        law = [masking.tail_takes_over(each, n, "features") for n in places]
        found = [_taken_over(each, n, draws, seed) if n in tried else None for n in places]
        look: dict[str, Any] = {"color": style.colour("max"), "clip_on": False}
        name = f"bias {each}".replace("-", "−")
        axes.plot(lengths, law, linestyle=line, label=name, **look)
        dots = [float("nan") if share is None else share for share in found]
        axes.plot(lengths, dots, "o", markersize=3.5, **look)
        table |= {f"law_{-each}": law, f"found_{-each}": found}
    share = masking.tail_takes_over(bias, length, "features")
    ring: dict[str, Any] = {"fillstyle": "none", "markersize": 11, "clip_on": False, "zorder": 4}
    axes.plot(length, share, "o", color=style.colour("ink"), **ring)
    axes.set(xlabel="length of the clip, responses", ylabel="filters whose max changes")
    axes.set(xlim=(0, 41), ylim=(-0.02, 1.02))
    style.percent_axis(axes.yaxis)
    labels.key_above(canvas)
    return Drawing(
        canvas,
        table,
        {
            "said": in_digits(bias, ".3g"),
            "long": how_many(length, "response"),
            "share": share,
            "input": _rare(masking.tail_takes_over(bias, length, "input")),
        },
    )


def _taken_over(bias: float, length: int, filters: int, seed: int) -> float:
    # There may be no positive response, and so no mean, which is not looked at here.
    with np.errstate(invalid="ignore"):
        tried = masking.tails(bias, length, 2 * length, "features", filters=filters, seed=seed)
    return tried.taken_over.value


def _rare(share: float) -> str:
    """Write a share that may be very small."""
    return percent(float(f"{share:.2g}")) if share > 1e-4 else f"one in {1 / share:,.0f}"


@figure(
    title="The more padding, the smaller the mean over time",
    caption="Mean over time of rectified responses to a padded clip, as a share of the mean over "
    "the clip itself, by how much of the length is the clip. Lines: the law; dots: {draws:,d} "
    "filters, with biases of {said} ± {spread:g}. If {real:.0%} is the clip, zeros among the "
    "features leave {features:.0%} of the mean, and zeros in the input {input:.0%}.",
    alt="Two rising lines from almost all padding to none, where both are at 100%. Zeros among "
    "the features: a straight line, {features:.0%} of the mean if {real:.0%} is the clip. Zeros in "
    "the input, with biases of {said} ± {spread:g}: {input:.0%} there. Dots lie along them.",
)
def diluted_mean(
    real: Annotated[float, Number(0.1, 0.9, "share of the length that is the clip")] = 0.5,
    bias: Annotated[float, Number(-1, 2, "mean bias of the filters")] = 0.0,
    spread: Annotated[float, Number(0, 2, "standard deviation of their biases")] = 0.3,
    draws: Annotated[int, Whole(8, 20000, "filters, each on a clip of its own")] = 2000,
    seed: Seed = 0,
) -> Drawing:
    """Draw how a mean over time shrinks with padding."""
    length, padded_to = 20, (200, 100, 67, 50, 40, 33, 29, 25, 22)
    shares = np.array([*(length / whole for whole in padded_to), 1.0])
    canvas, axes = style.canvas(height=3.4)
    table: dict[str, Any] = {"real": shares}
    several: dict[str, Any] = {"spread": spread, "filters": draws, "seed": seed}
    for padded, role, line, name in (
        ("input", "single", style.SOLID, "zeros in the input"),
        ("features", "max", style.DASHED, "zeros behind the filters"),
    ):
        law = [masking.diluted_mean(each, bias, spread, padded) for each in shares]
        found = [
            masking.tails(bias, length, whole, padded, **several).diluted.value
            for whole in padded_to
        ]
        look: dict[str, Any] = {"color": style.colour(role), "clip_on": False}
        axes.plot(shares, law, linestyle=line, label=name, **look)
        axes.plot(shares[:-1], found, "o", markersize=4, **look)
        table |= {f"law_{padded}": law, f"found_{padded}": [*found, None]}
    axes.set(xlabel="share of the length that is the clip", ylabel="share of the mean that is left")
    axes.set(xlim=(-0.03, 1.02), ylim=(-0.04, 1.04))
    style.percent_axis(axes.xaxis)
    style.percent_axis(axes.yaxis)
    labels.key_above(canvas)
    return Drawing(
        canvas,
        table,
        {
            "said": in_digits(bias, ".3g"),
            "features": masking.diluted_mean(real, bias, spread, "features"),
            "input": masking.diluted_mean(real, bias, spread, "input"),
        },
    )


# Numbers


@figure(
    title="One NaN spreads with each layer; with poolings it fills the map sooner",
    caption="One NaN in a map of {size:d} × {size:d}, and what it spoils, layer by layer: "
    "convolutions of {kernel:d} × {kernel:d} alone (above), and each with a max pooling of 2 × 2 "
    "behind it (below). All maps are drawn equally large. After {deep} {alone:.0%} of the map is "
    "spoiled without poolings, {pooled:.0%} with them.",
    alt="Two rows of maps with a spoiled patch that grows. Convolutions of {kernel:d} by "
    "{kernel:d} alone: patches of side {alone_sides} in maps of {size:d}, {alone:.0%} at last. "
    "With poolings: {pooled_sides} in maps of {pooled_maps}, {pooled:.0%} at last.",
)
def nan_spreads(
    layers: Annotated[int, Whole(2, 4, "convolutions, one after the other")] = 4,
    around: Annotated[int, Whole(1, 2, "taps of a convolution on each side of its middle")] = 1,
) -> Drawing:
    """Draw what one NaN spoils, layer by layer, with poolings and without."""
    size, kernel = 32, 2 * around + 1
    ways = {"alone": _spoiled(size, kernel, layers, 1), "pooled": _spoiled(size, kernel, layers, 2)}
    canvas, axes = style.canvas(height=0.2 + 4.45 * 3.4 / (1.12 * (layers + 1)))
    titles = ("convolutions alone", "each with a pooling behind it")
    for row, (title, maps) in enumerate(zip(titles, ways.values(), strict=True)):
        top = 1.75 * row
        axes.text(0, top - 0.08, title, va="bottom", fontsize=10, fontweight="bold")
        for layer, spoiled in enumerate(maps):
            _map_with_patch(axes, (1.12 * layer, top), spoiled)
            said = f"{_side(spoiled)} of {len(spoiled)}"
            _say(axes, 1.12 * layer + 0.5, top + 1.06, said, va="top")
    style.picture_axes(axes)
    axes.set(xlim=(-0.02, 1.12 * (layers + 1) - 0.1), ylim=(3.08, -0.35), aspect="equal")
    sides = {way: [_side(each) for each in maps] for way, maps in ways.items()}
    shares = {way: [float(each.mean()) for each in maps] for way, maps in ways.items()}
    table: dict[str, Any] = {"layer": np.arange(layers + 1)}
    for way, maps in ways.items():
        table |= {f"map_{way}": [len(each) for each in maps], f"patch_{way}": sides[way]}
        table[f"share_{way}"] = shares[way]
    return Drawing(
        canvas,
        table,
        {
            "size": size,
            "kernel": kernel,
            "deep": how_many(layers, "layer"),
            "alone": shares["alone"][-1],
            "pooled": shares["pooled"][-1],
            "alone_sides": _listed(sides["alone"]),
            "pooled_sides": _listed(sides["pooled"]),
            "pooled_maps": _listed(table["map_pooled"]),
        },
    )


def _spoiled(size: int, kernel: int, layers: int, window: int) -> list[NDArray[np.bool_]]:
    """Follow one NaN near the middle of a map: where it is, layer by layer."""
    values, weights = np.ones((1, size, size)), np.ones((1, 1, kernel, kernel))
    values[0, size // 2 - 1, size // 2 - 1] = np.nan
    found = [np.isnan(values[0])]
    for _ in range(layers):
        values = operators.max_pool2d(operators.conv2d(values, weights, padding="same"), window)
        found.append(np.isnan(values[0]))
    return found


def _side(spoiled: NDArray[np.bool_]) -> int:
    return int(spoiled.any(axis=1).sum())


def _map_with_patch(axes: Axes, corner: tuple[float, float], spoiled: NDArray[np.bool_]) -> None:
    """Draw a map of side 1 and the patch in it; rows are counted downwards."""
    size, (left, top) = len(spoiled), corner
    first = int(spoiled.any(axis=1).argmax())
    _fill(axes, corner, 1, 1, "ink", 0.08)
    side = _side(spoiled) / size
    _fill(axes, (left + first / size, top + first / size), side, side, "max", 1.0)
    if size <= 16:
        thin: dict[str, Any] = {"color": style.colour("page"), "linewidth": 0.7, "zorder": 2}
        cells = np.linspace(0, 1, size + 1)[1:-1]
        axes.hlines(top + cells, left, left + 1, **thin)
        axes.vlines(left + cells, top, top + 1, **thin)


@figure(
    title="In few digits, the max stays exact and the mean is rounded",
    caption="In int8: values pooled, against floats pooled and then made int8. The max is always "
    "the same; the mean of {window:d} × {window:d} in {even:.1%} of the windows if it is rounded, "
    "in {cut:.1%} if it is truncated. Lines: the law for values of many steps; dots: {maps:d} "
    "maps of {centre:d} ± {spread:d} steps. In float16: error of a global mean of rectified "
    "normal values. Of {values:,d} values added one after the other it is {naive:.0%}, in pairs "
    "{pairs:.2%}, in float32 {single:.2%}.",
    alt="In int8, by window: the max is exact in {max_same:.0%}; the rounded mean of {window:d} "
    "by {window:d} is the same in {even:.1%}, the truncated one in {cut:.1%}. In float16, by "
    "number of values: errors of float16 means; of {values:,d} values {naive:.0%} one after the "
    "other, {pairs:.2%} in pairs, {single:.2%} in float32.",
)
def rounded_pools(
    window: Annotated[int, Whole(2, 8, "side of the window that the caption names")] = 2,
    maps: Maps = 50,
    seed: Seed = 0,
) -> Drawing:
    """Draw how often int8 poolings are exact, and the error of global means in float16."""
    windows, centre, spread = np.arange(1, 9), 40, 16
    # Away from 0, next to which truncation does better than its law says.
    of_maps: dict[str, Any] = {"centre": centre, "steps": spread, "maps": maps, "seed": seed}
    canvas, (left, right) = style.canvas(2, height=3.8)
    table: dict[str, Any] = {"window": windows}
    for rounding, line, name in (
        ("half to even", style.SOLID, "mean, rounded"),
        ("truncation", style.DASHED, "mean, truncated"),
    ):
        law = [float(numerics.int8_mean_same(int(each), rounding)) for each in windows]
        tried = [numerics.int8_pooling(int(w), rounding, **of_maps) for w in windows]
        found = [each.mean_same.value for each in tried]
        look: dict[str, Any] = {"color": style.colour("mean"), "clip_on": False}
        left.plot(windows, law, linestyle=line, label=name, **look)
        left.plot(windows, found, "o", markersize=4, **look)
        kind = rounding.split()[0]
        table |= {f"law_{kind}": law, f"found_{kind}": found}
    table["max_same"] = [1 - each.max_differ.value for each in tried]
    top: dict[str, Any] = {"color": style.colour("max"), "clip_on": False, "marker": "o"}
    left.plot(windows, table["max_same"], label="max", markersize=4, **top)
    left.set(title="int8: the same as rounded floats", xlabel="side of the window", ylim=(0, 1.03))
    left.set(xticks=windows)
    style.percent_axis(left.yaxis)
    errors = _float16_errors(right, maps, seed)
    labels.key_each(canvas)
    missing = [None] * (len(windows) - len(numerics.COUNTS))
    table |= {"values": [*numerics.COUNTS, *missing]}
    table |= {f"error_{way}": [*found, *missing] for way, found in errors.items()}
    naive, pairs, single = (errors[way][-1] for way in numerics.WAYS)
    return Drawing(
        canvas,
        table,
        {
            "even": table["law_half"][window - 1],
            "cut": table["law_truncation"][window - 1],
            "centre": centre,
            "spread": spread,
            "max_same": min(table["max_same"]),
            "values": numerics.COUNTS[-1],
            "naive": naive,
            "pairs": pairs,
            "single": single,
        },
    )


def _float16_errors(axes: Axes, maps: int, seed: int) -> dict[str, list[float]]:
    """Draw the error of global means, by their number of values, for each way to add."""
    looks: dict[str, tuple[str, Any, str]] = {
        "naive": ("max", style.SOLID, "one by one"),
        "pairwise": ("single", style.DASHED, "in pairs"),
        "float32": ("ink", style.DOTTED, "in float32"),
    }
    errors: dict[str, list[float]] = {}
    for way, (role, line, name) in looks.items():
        errors[way] = [
            numerics.global_mean_error(count, "float16", way, maps=maps, seed=seed).rms
            for count in numerics.COUNTS
        ]
        look: dict[str, Any] = {"color": style.colour(role), "linestyle": line, "label": name}
        axes.plot(numerics.COUNTS, errors[way], marker="o", markersize=4, **look)
    axes.set(title="float16: error of a global mean", xlabel="values of the mean")
    axes.set(xscale="log", yscale="log", ylim=(5e-5, 1), xlim=(35, 18000))
    axes.set_xticks(numerics.COUNTS, [f"{count:,d}" for count in numerics.COUNTS])
    axes.set_yticks([1e-4, 1e-3, 1e-2, 1e-1, 1], ["0.01%", "0.1%", "1%", "10%", "100%"])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([], minor=True)
    return errors


@figure(
    title="Only where windows overlap may the order of sums change a gradient",
    caption="Share of values whose gradient in float32 changes if its terms are added in another "
    "order, for windows of {window:d} × {window:d}, by stride; {maps:d} random maps. Side by side "
    "(stride {window:d}) none does: there is one term. With stride 1, {mean:.0%} of all change "
    "with a mean, of up to {mean_terms:d} terms, and {max:.1%} with a max.",
    alt="Pairs of bars by stride, 1 to {window:d}, of the share of gradients that change with the "
    "order of their terms. Windows of {window:d} by {window:d} with stride 1: {mean:.0%} for the "
    "mean, {max:.1%} for the max. Side by side: 0% for both.",
)
def gradient_order(
    window: Annotated[int, Whole(2, 5, "side of the window")] = 3,
    maps: Maps = 20,
    seed: Seed = 0,
) -> Drawing:
    """Draw the share of gradients that change with the order of their terms."""
    strides = range(1, window + 1)
    found = {
        pool: [numerics.gradient_order(pool, window, s, maps=maps, seed=seed) for s in strides]
        for pool in numerics.GRADIENTS
    }
    canvas, axes = style.canvas(height=3.2)
    for aside, (pool, each) in zip((-0.19, 0.19), found.items(), strict=True):
        shares = [reordered.share for reordered in each]
        places = np.array(strides) + aside
        look: dict[str, Any] = {"color": style.colour(pool), "linewidth": 0, "width": 0.34}
        axes.bar(places, shares, label=pool, **look)
        for at, share in zip(places, shares, strict=True):
            said = {"color": style.colour(pool), "fontweight": "bold", "va": "bottom"}
            _say(axes, at, share + 0.012, f"{in_digits(share, '.0%')}", **said)
    names = [f"{stride}" for stride in strides]
    names[-1] += ": side by side"
    axes.set_xticks(strides, names)
    highest = max(each.share for some in found.values() for each in some)
    axes.set(xlabel="stride", ylabel="gradients that change", ylim=(0, 1.15 * highest))
    axes.set_xlim(0.4, window + 0.75)
    style.percent_axis(axes.yaxis)
    axes.grid(visible=False, axis="x")
    labels.key_above(canvas)
    return Drawing(
        canvas,
        {"stride": list(strides)}
        | {f"share_{pool}": [each.share for each in some] for pool, some in found.items()}
        | {f"terms_{pool}": [each.terms for each in some] for pool, some in found.items()},
        {pool: some[0].share for pool, some in found.items()}
        | {f"{pool}_terms": some[0].terms for pool, some in found.items()},
    )


# Dimensions


@figure(
    title="With each dimension a window keeps fewer values and fewer peaks",
    caption="Max pooling over {window:d} values along each axis, in one dimension (sound), two "
    "(pictures) and three (films, volumes). Kept: {kept_1:.1%}, {kept_2:.1%} and {kept_3:.1%} of "
    "the values. Receive gradient, if {zeros:.0%} of the values are zeros behind a rectifier: "
    "{gradient_1:.1%}, {gradient_2:.1%} and {gradient_3:.1%}. A lone peak that moves by one along "
    "each axis stays in {stays_1:.1%}, {stays_2:.1%} and {stays_3:.1%} of its places.",
    alt="Two panels of bars for 1, 2 and 3 dimensions. Values kept: {kept_1:.1%}, {kept_2:.1%}, "
    "{kept_3:.1%}; with gradient {gradient_1:.1%}, {gradient_2:.1%}, {gradient_3:.1%}. Peaks that "
    "stay: {stays_1:.1%}, {stays_2:.1%}, {stays_3:.1%} if they move along each axis; "
    "{stays_1:.1%} in all of them if along one.",
)
def three_dimensions(
    window: Window = 2,
    zeros: Annotated[float, Number(0, 0.9, "share of values that are 0")] = 0.5,
) -> Drawing:
    """Draw what a window keeps in one, two and three dimensions."""
    dimensions, share = (1, 2, 3), Fraction(zeros).limit_denominator(10**6)
    along = [model.along_axes(window, (1,) * n, share) for n in dimensions]
    one = [model.along_axes(window, (0,) * (n - 1) + (1,)).stays for n in dimensions]
    table: dict[str, Any] = {
        "dimensions": dimensions,
        "kept": [float(each.kept) for each in along],
        "gradient": [float(each.gradient) for each in along],
        "stays": [float(each.stays) for each in along],
        "stays_along_one": [float(each) for each in one],
    }
    canvas, (left, right) = style.canvas(2, height=3.4)
    for axes, bars in (
        (left, {"kept": ("single", "kept"), "gradient": ("max", "with gradient")}),
        (right, {"stays": ("max", "along each axis"), "stays_along_one": ("single", "along one")}),
    ):
        for aside, (name, (role, label)) in zip((-0.21, 0.21), bars.items(), strict=True):
            places = np.array(dimensions) + aside
            look: dict[str, Any] = {"color": style.colour(role), "linewidth": 0, "width": 0.38}
            axes.bar(places, table[name], label=label, **look)
            for at, height in zip(places, table[name], strict=True):
                said: dict[str, Any] = {"color": style.colour(role), "fontweight": "bold"}
                _say(axes, at, height + 0.01, in_digits(height, ".1%"), va="bottom", **said)
        axes.set(xlabel="dimensions", xticks=dimensions, ylim=(0, 0.95))
        style.percent_axis(axes.yaxis)
        axes.grid(visible=False, axis="x")
    left.set(title="Values", ylim=(0, 1.2 * max(table["kept"])))
    right.set(title="Peaks that stay, moved by one", ylim=(0, 1.2 * max(table["stays"])))
    for axes in (left, right):
        style.key_above(axes, ncols=2)
        axes.set_title(axes.get_title(loc="left"), pad=24)
    numbers = {
        f"{name}_{n}": table[name][n - 1]
        for name in ("kept", "gradient", "stays")
        for n in dimensions
    }
    return Drawing(canvas, table, numbers)


FIGURES = (
    chain_of_sizes,
    sizes_that_close,
    adaptive_windows,
    same_or_symmetric,
    divisor_at_the_border,
    unpooled,
    stacked_windows,
    near_objects,
    small_objects,
    how_many_poolings,
    norm_before_or_after,
    dropout_before_or_after,
    rectifier_and_collapse,
    padded_tail,
    diluted_mean,
    nan_spreads,
    rounded_pools,
    gradient_order,
    three_dimensions,
)


def _windows(
    axes: Axes,
    reach: tuple[int, int],
    size: int,
    spans: Ints,
    *,
    rows: NDArray[np.bool_] | None = None,
    windows: NDArray[np.bool_] | None = None,
    limits: tuple[int, int] | None = None,
) -> None:
    """Draw a row of cells, hatched where it is padding, and below it each window as a bar.

    What `rows` and `windows` mark has another colour.
    """
    first, last = limits or reach
    for place in range(*reach):
        if 0 <= place < size:
            red = rows is not None and bool(rows[place])
            _fill(axes, (place + 0.04, 0), 0.92, 1, "max" if red else "ink", 0.5 if red else 0.1)
            if size <= 16 or place % 2 == 0:
                _say(axes, place + 0.5, 0.5, str(place + 1))
        else:
            _hatch(axes, (place + 0.04, 0), 0.92, 1, "muted", apart=0.25)
    for number, (begin, end) in enumerate(spans.tolist()):
        red = windows is not None and bool(windows[number])
        corner, length = (begin + 0.1, 1.45 + number), end - begin - 0.2
        _fill(axes, corner, length, 0.6, "max" if red else "single", 1.0)
    style.picture_axes(axes)
    axes.set(xlim=(first - 0.1, last + 0.1), ylim=(1.5 + len(spans), -0.15))


def _cells(
    axes: Axes,
    opacity: Floats,
    words: list[list[str]],
    *,
    outlined: Any,
    role: str = "ink",
) -> None:
    """Draw a grid of cells with words on them, some outlined; rows are counted downwards."""
    height, width = opacity.shape
    for (row, column), each in np.ndenumerate(opacity):
        corner = (column + 0.04, row + 0.04)
        # What is not filled shows the page's ink a little.
        _fill(axes, corner, 0.92, 0.92, role if each else "ink", float(each) or 0.06)
        if outlined[row, column]:
            edge = {"edgecolor": style.colour("max"), "linewidth": 2, "zorder": 3}
            _outline(axes, corner, 0.92, 0.92, **edge)
        _say(axes, column + 0.5, row + 0.5, words[row][column])
    style.picture_axes(axes)
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")


def _written(values: Any) -> list[list[str]]:
    return [[f"{value:g}" for value in row] for row in values]


def _hatch_beyond(
    axes: Axes, corner: tuple[float, float], side: float, kept: float, apart: float
) -> None:
    """Hatch what is cut off of a square: the columns on the right and the rows below."""
    if kept == side:
        return
    left, bottom = corner
    _hatch(axes, (left + kept, bottom), side - kept, side, "max", apart=apart)
    _hatch(axes, (left, bottom), kept, side - kept, "max", apart=apart)


def _hatch(
    axes: Axes,
    corner: tuple[float, float],
    width: float,
    height: float,
    role: str,
    *,
    apart: float,
    zorder: float = 1,
) -> None:
    """Draw strokes over a rectangle, so far apart: Matplotlib's own move with what is around."""
    from matplotlib.collections import LineCollection

    left, bottom = corner
    begins = np.arange(left - bottom - height, left + width - bottom, apart)[1:]
    low = np.maximum(bottom, left - begins)
    high = np.minimum(bottom + height, left + width - begins)
    strokes = np.stack([[begins + low, low], [begins + high, high]]).transpose(2, 0, 1)
    look: dict[str, Any] = {"colors": style.colour(role), "linewidths": 0.9, "zorder": zorder}
    axes.add_collection(LineCollection([*strokes], **look), autolim=False)


def _fill(
    axes: Axes, corner: tuple[float, float], width: float, height: float, role: str, alpha: float
) -> None:
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = {"facecolor": style.colour(role), "alpha": alpha, "linewidth": 0}
    axes.add_patch(Rectangle(corner, width, height, **look))


def _outline(
    axes: Axes, corner: tuple[float, float], width: float, height: float, **look: Any
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle(corner, width, height, **({"fill": False, "linewidth": 1.5} | look)))


def _say(axes: Axes, x: float, y: float, words: str, **look: Any) -> None:
    centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    axes.text(x, y, words, **(centred | look))
