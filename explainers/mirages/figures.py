"""The chapter's figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray

from explainers import flower
from explainers.checks import Floats, Ints
from explainers.drawing import style
from explainers.drawing.rendering import Drawing
from explainers.intervals import Interval
from explainers.kinds import Whole
from explainers.mirages import dahlia, measured, model
from explainers.mirages.measured import DRAWS, REPEATS
from explainers.mirages.model import SIZE, Parts
from explainers.pictures import Picture
from explainers.records import figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Draws = Annotated[int, Whole(2, 2000, "flowers of each kind, to each threshold")]
Photographs = Annotated[int, Whole(2, 125, "noisy photographs, to each threshold")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random flowers")]

# Which colour a scramble has, how its line is drawn, and what it is called.
LOOKS = {
    "true": ("ink", style.DOTTED, "true flower"),
    "inside": ("max", style.SOLID, "parts inside windows"),
    "swapped": ("mean", style.DASHED, "two petals exchanged"),
    "anywhere": ("single", style.SOLID, "parts anywhere"),
}


@figure(
    title="Pooling does not see a scramble inside its windows",
    caption="A flower of {parts:d} parts, and what max pooling over {window:d} × {window:d} leaves "
    "of it. Each petal has a channel of its own, drawn as its direction; after pooling its place "
    "in a cell is the channel, too. Outlined: windows that differ from the true flower's. Of "
    "{values:,d} pooled values, scrambling inside windows changes {inside:d}, exchanging two "
    "petals {swapped:d} and putting the parts anywhere {anywhere:d}; a global pool's "
    "{global_values:d} values all stay as they were. Accepted: how many such flowers, varied and "
    "noisy, a detector lets pass; its threshold is set to let {level:.0%} of true ones pass.",
    alt="Four columns: a true flower, scrambled inside windows, with two petals exchanged, with "
    "its parts anywhere. Above: the parts; below: the map pooled over {window} by {window}. "
    "Of {values:,d} pooled values {inside:d}, {swapped:d} and {anywhere:d} "
    "change; accepted are {accepted_inside:.0%}, {accepted_swapped:.0%} and "
    "{accepted_anywhere:.0%}. The {global_values:d} global values all stay; accepted are at least "
    "{accepted_global:.0%}.",
)
def scrambled_flowers(
    doublings: Annotated[int, Whole(1, 4, "the window's side is 2 to this power")] = 3,
    draws: Draws = DRAWS,
    seed: Seed = 0,
) -> Drawing:
    """Draw a flower and three scrambles, as they are and as pooling leaves them."""
    stride, kinds = 2**doublings, tuple(LOOKS)
    shown = {kind: measured.example(kind, stride, seed) for kind in kinds}
    found = measured.acceptance((stride, SIZE), kinds[1:], draws=draws, repeats=REPEATS, seed=seed)
    accepted = np.vstack([found.true.value, found.scrambled.value])
    differ = {
        k: [int((_pooled(p, k) != _pooled(shown["true"], k)).sum()) for p in shown.values()]
        for k in (stride, SIZE)
    }
    values = _pooled(shown["true"], stride).size
    canvas, axes = style.canvas(4, 2, height=4.7)
    titles = ("true flower", "inside windows", "two exchanged", "parts anywhere")
    for (above, below), title, parts, changed, (local, whole) in zip(
        axes.T, titles, shown.values(), differ[stride], accepted, strict=True
    ):
        above.set_title(title, fontsize=10)
        below.set_title(f"pooled {stride} × {stride}", fontsize=9, fontweight="normal")
        for panel, window in ((above, 1), (below, stride)):
            _draw_parts(panel, parts, shown["true"], window, grid=stride)
        said = f"{changed} of {values:,} change:\n{local:.0%} accepted\npooled globally:\n"
        said += f"{whole:.0%} accepted"
        below.set_xlabel(said, fontsize=9, color=style.colour("ink"))
    return Drawing(
        canvas,
        {
            "flower": list(kinds),
            "values_changed": differ[stride],
            "accepted": accepted[:, 0],
            "global_values_changed": differ[SIZE],
            "global_accepted": accepted[:, 1],
        },
        {
            "parts": shown["true"].row.size,
            "window": stride,
            "level": measured.ACCEPTED,
            "repeats": REPEATS,
            "values": values,
            "global_values": _pooled(shown["true"], SIZE).size,
            "all_global": max(differ[SIZE]),
            "accepted_global": accepted[1:, 1].min(),
            **dict(zip(kinds, differ[stride], strict=True)),
            **{f"accepted_{k}": a for k, a in zip(kinds, accepted[:, 0], strict=True)},
        },
    )


@figure(
    title="The larger the stride, the more arrangement is hidden",
    caption="How many bits it takes to tell apart the arrangements of a flower that give the same "
    "max-pooled map; {petals:d} petals and a centre on a map of {size:d} × {size:d}. All "
    "arrangements: {every:.0f} bits. Side by side, 2 × 2 windows hide {two:.0f} of them and 4 × 4 "
    "windows {four:.0f}. Overlapping, half as wide again, they hide {overlap_two:.0f} and "
    "{overlap_four:.0f}. A global pool hides all; if all petals share a channel (thick line), "
    "there are fewer to tell apart.",
    alt="Bits hidden against the stride, from no pooling to one global window. Side by side the "
    "line rises straight, {two:.0f} bits at stride 2 and {four:.0f} at 4, to all {every:.0f}. "
    "With overlap it starts later: {overlap_two:.0f} at 2 and {overlap_four:.0f} at 4. With all "
    "petals in one channel it ends at {alike:.0f}.",
)
def invisible_arrangements(
    petals: Annotated[int, Whole(2, 12, "petals on the ring")] = 8,
) -> Drawing:
    """Draw the bits hidden against the stride."""
    own, alike = (model.flower(petals, directed=directed) for directed in (True, False))
    strides = measured.WINDOWS
    overlapping = [1.5 * s if 1 < s < SIZE else s for s in strides]
    lines = {
        "side by side": ("max", style.SOLID, [model.invisible(own, s) for s in strides]),
        "overlapping": (
            "single",
            style.DASHED,
            [
                model.invisible(own, int(k), s, (int(k) - s + 1) // 2)
                for k, s in zip(overlapping, strides, strict=True)
            ],
        ),
        "petals share a channel": (
            "mean",
            style.SOLID,
            [model.invisible(alike, s) for s in strides],
        ),
    }
    canvas, axes = style.canvas(height=3.4)
    table: dict[str, Any] = {"stride": strides}
    for name, (role, line, counts) in lines.items():
        table[name] = [model.bits(count) for count in counts]
        shown = {"color": style.colour(role), "linestyle": line, "marker": "o", "markersize": 4}
        # Where it coincides with another line, the wide one is seen on both sides of it.
        wide = {"linewidth": 7, "markersize": 0, "zorder": 1.9} if role == "mean" else {}
        axes.plot(table[name], label=name, **(shown | wide))
    every = model.bits(model.arrangements(own))
    axes.set(ylabel="bits hidden", xlabel="stride", ylim=(-0.02 * every, 1.14 * every))
    axes.axhline(every, color=style.colour("muted"), linewidth=1)
    axes.text(0, 1.02 * every, f"all there is: {every:.0f} bits", va="bottom", fontsize=9)
    _window_axis(axes)
    curves = axes.lines[: len(lines)]
    style.coloured_legend(canvas, handles=curves, loc="outside upper center", ncols=2)
    return Drawing(
        canvas,
        table,
        {
            "every": every,
            "size": SIZE,
            "two": table["side by side"][1],
            "four": table["side by side"][2],
            "overlap_two": table["overlapping"][1],
            "overlap_four": table["overlapping"][2],
            "alike": table["petals share a channel"][-1],
        },
    )


@figure(
    title="A global pool accepts flowers with parts anywhere",
    caption="Share of flowers that a detector on max-pooled maps accepts, its threshold set so "
    "that {level:.0%} of true ones pass. Each petal's direction has a channel of its own; or all "
    "petals share one, and two petals exchanged are the same flower. With 16 × 16 windows it "
    "accepts {own_16:.1%} of flowers with their parts anywhere in the first case and "
    "{alike_16:.1%} in the second; after global pooling {own_all:.1%} and {alike_all:.1%}. Bands: "
    "95% intervals; {repeats} thresholds, each with {draws:,d} flowers of each kind.",
    alt="Two panels of acceptance against the window. Of flowers scrambled inside windows, at "
    "least {inside:.0%} are accepted with any window. With parts anywhere, one channel a "
    "direction: {own_4:.0%} at 4 by 4, {own_16:.0%} at 16 by 16, {own_all:.0%} globally; petals "
    "in one channel: {alike_4:.0%}, {alike_16:.0%} and {alike_all:.0%}. With two petals "
    "exchanged, {swapped_1:.0%} are accepted without a pool.",
)
def scrambled_accepted(draws: Draws = DRAWS, seed: Seed = 0) -> Drawing:
    """Draw the acceptance of scrambled flowers against the window."""
    kinds = ("inside", "swapped", "anywhere")
    canvas, panels = style.canvas(2, sharey=True, height=3.7)
    table: dict[str, Any] = {"window": measured.WINDOWS}
    for axes, name in zip(panels, ("own", "alike"), strict=True):
        directed = name == "own"
        found = measured.acceptance(
            scrambles=kinds, directed=directed, draws=draws, repeats=REPEATS, seed=seed
        )
        _band(axes, found.true, "true")
        table |= _columns(f"{name}_true", found.true)
        for row, kind in enumerate(kinds):
            shares = Interval(*(column[row] for column in found.scrambled))
            table |= _columns(f"{name}_{kind}", shares)
            _band(axes, shares, kind)
        _window_axis(axes)
        axes.set(xlabel="side of the window", ylabel="accepted", ylim=(-0.03, 1.05))
        axes.set_title("a channel for each petal" if directed else "petals share a channel")
    style.percent_axis(panels[0].yaxis)
    lines = [panels[0].lines[i] for i in (0, 1, 2, 3)]
    style.coloured_legend(canvas, handles=lines, loc="outside upper center", ncols=2)
    at = {"4": 2, "16": 4, "all": 5}
    return Drawing(
        canvas,
        table,
        {
            f"{name}_{k}": table[f"{name}_anywhere"][i]
            for name in ("own", "alike")
            for k, i in at.items()
        }
        | {
            "inside": min(table["own_inside"].min(), table["alike_inside"].min()),
            "swapped_1": table["own_swapped"][0],
            "level": measured.ACCEPTED,
            "repeats": REPEATS,
        },
    )


@figure(
    title="Stacked poolings blur places, less so with overlap",
    caption="{side:d} × {side:d} places of a lone part. One patch is the places that the pooled "
    "map cannot tell apart; a larger patch has a stronger colour. Under each grid: in how many "
    "places the part could be, on average. After one pooling of stride 2 these are {two_1:.3g}, "
    "{three_1:.3g} and {four_1:.3g} for 2 × 2, 3 × 3 and 4 × 4 windows; after {depth:d} of them "
    "{two_n:.3g}, {three_n:.3g} and {four_n:.3g}.",
    alt="Six grids of patches, for windows of 2 by 2, 3 by 3 and 4 by 4, all of stride 2. After "
    "one pooling a part could be in {two_1:.3g}, {three_1:.3g} and {four_1:.3g} places on "
    "average; after {depth:d} poolings in {two_n:.3g}, {three_n:.3g} and {four_n:.3g}.",
)
def overlap_code(
    depth: Annotated[int, Whole(2, 4, "poolings in the lower row")] = 3,
) -> Drawing:
    """Draw the patches of places that share a pattern, after one pooling and after several."""
    kernels, side = {"two": 2, "three": 3, "four": 4}, 16
    canvas, axes = style.canvas(3, 2, width=style.NARROW, height=4.3)
    rows: list[tuple[Any, ...]] = []
    values: dict[str, Any] = {"side": side}
    for (row, (pools, at)), (column, (name, kernel)) in (
        (r, c) for r in enumerate(((1, "1"), (depth, "n"))) for c in enumerate(kernels.items())
    ):
        window, stride = model.stacked(kernel, 2, pools)
        code = model.lone_part_code(window, stride)
        _draw_patches(axes[row, column], _patches(window, stride, side))
        times = "one pooling" if pools == 1 else f"{pools} poolings"
        axes[row, column].set_title(f"{kernel} × {kernel}, {times}", fontsize=10)
        alike = f"{float(code.sharing):.3g} places look alike"
        said = alike if code.sharing > 1 else "each place looks different"
        axes[row, column].set_xlabel(said, fontsize=9, color=style.colour("ink"))
        rows.append((kernel, pools, window, stride, code.patterns, float(code.sharing)))
        values[f"{name}_{at}"] = float(code.sharing)
    names = ("kernel", "poolings", "window", "stride", "patterns", "places_on_average")
    return Drawing(canvas, dict(zip(names, zip(*rows, strict=True), strict=True)), values)


@figure(
    title="Overlapping windows see what windows side by side miss",
    caption="Pairs told apart: share of the pairs of like parts whose max-pooled map no other pair "
    "has, by the larger of their distances along the axes; all pairs. 3 × 3 windows of stride 2 "
    "tell {near:.0%} of the pairs that are one apart and {far:.0%} of those four apart. Scrambled: "
    "share of flowers accepted when each part moves within the square of its stride: {plain:.0%} "
    "with 4 × 4 windows side by side, {overlap:.0%} with 6 × 6 windows of the same stride. The "
    "threshold is set to accept {level:.0%} of true ones; bands: 95% intervals.",
    alt="Two panels. First: pairs told apart against their distance; for 3 by 3 windows of stride "
    "2 from {near:.0%} at one to {far:.0%} at four; for windows of 2 by 2 side by side the "
    "largest share is {side_by_side:.0%}. Second: flowers accepted against the stride: at stride 4 "
    "{plain:.0%} side by side and {overlap:.0%} with overlap.",
)
def overlap_pairs(draws: Draws = DRAWS, seed: Seed = 0) -> Drawing:
    """Draw how well pairs are told apart, and how well small scrambles are."""
    canvas, (left, right) = style.canvas(2, height=3.6)
    pairs = {k: model.pairs_told_apart(k, 2) for k in (2, 3, 5)}
    for (k, told), (role, line) in zip(
        pairs.items(),
        (("max", style.SOLID), ("single", style.DASHED), ("known", style.DOTTED)),
        strict=True,
    ):
        shown = {"color": style.colour(role), "linestyle": line, "marker": "o", "markersize": 4}
        left.plot(told.distance, told.told, label=f"{k} × {k}, stride 2", **shown)
    found = {
        overlap: measured.acceptance(
            scrambles=("inside",), overlap=overlap, draws=draws, repeats=REPEATS, seed=seed
        )
        for overlap in (False, True)
    }
    inside = {
        overlap: Interval(*(column[0] for column in accepted.scrambled))
        for overlap, accepted in found.items()
    }
    looks = (
        ("inside", "side by side (stride 4: 4 × 4)"),
        ("anywhere", "overlapping (stride 4: 6 × 6)"),
    )
    for shares, (look, name) in zip(inside.values(), looks, strict=True):
        _band(right, shares, look, name)
    titles = ("Pairs of like parts told apart", "Parts moved in a stride: accepted")
    for axes, title in zip((left, right), titles, strict=True):
        axes.set(title=title, ylim=(-0.03, 1.05))
        style.percent_axis(axes.yaxis)
    left.set_xlabel("distance of the two parts")
    right.set_xlabel("stride")
    _window_axis(right)
    for axes in (left, right):
        _legend_below(axes)
    distance = pairs[2].distance
    return Drawing(
        canvas,
        {
            "distance": distance,
            **{f"told_{k}": told.told for k, told in pairs.items()},
            "stride": measured.WINDOWS,
            **_columns("side_by_side", inside[False]),
            **_columns("overlap", inside[True]),
        },
        {
            "near": pairs[3].told[0],
            "far": pairs[3].told[3],
            "side_by_side": pairs[2].told.max(),
            "plain": inside[False].value[2],
            "overlap": inside[True].value[2],
            "level": measured.ACCEPTED,
            "repeats": REPEATS,
        },
    )


@figure(
    title="Looking before a global pool keeps more of the arrangement",
    caption="Three detectors, each of which accepts {level:.0%} of true flowers when its "
    "threshold is set. One compares the map with a flower at its usual place. One takes the "
    "global max of each part's channel, then compares: it accepts {after_scrambled:.0%} of "
    "flowers with their parts anywhere. One looks for a whole flower at each place, then takes the "
    "global max: it accepts {before_scrambled:.0%} of these, {before_swapped:.0%} of flowers with "
    "two petals exchanged, and {before_moved:.0%} of true flowers moved to anywhere. Lines: 95% "
    "intervals; {repeats} thresholds, each with {draws:,d} flowers of each kind.",
    alt="Bars for three detectors and four kinds of flowers. At its usual place: {place_true:.0%} "
    "of true, {place_moved:.0%} of moved, {place_swapped:.0%} of exchanged, {place_scrambled:.0%} "
    "of scrambled ones accepted. Pooled, then looked at: {after_true:.0%}, {after_moved:.0%}, "
    "{after_swapped:.0%}, {after_scrambled:.0%}. Looked for, then pooled: {before_true:.0%}, "
    "{before_moved:.0%}, {before_swapped:.0%}, {before_scrambled:.0%}.",
)
def pool_before_or_after(draws: Draws = DRAWS, seed: Seed = 0) -> Drawing:
    """Draw what detectors accept that look before a global pool or after it."""
    shares = measured.before_or_after(draws=draws, repeats=REPEATS, seed=seed)
    kinds = dict(zip(measured.SHOWN, ("ink", "known", "mean", "single"), strict=True))
    names = (
        "no pool: compare\nat its usual place",
        "global max per part,\nthen compare",
        "compare everywhere,\nthen global max",
    )
    canvas, panels = style.canvas(3, sharex=True, sharey=True, height=3)
    # Browsers that round the widths of letters set the names of the rows wider: they need room.
    canvas.set_layout_engine("constrained", w_pad=0.08, h_pad=0.08, wspace=0.12)
    for axes, name, row in zip(panels, names, range(3), strict=True):
        for lane, role in enumerate(kinds.values()):
            value, low, high = (column[row, lane] for column in shares)
            axes.barh(lane, value, height=0.62, color=style.colour(role), alpha=0.75)
            axes.hlines(lane, low, high, color=style.colour("ink"), linewidth=1.2)
            axes.text(1.12, lane, f"{value:.0%}", va="center", fontsize=9)
        # It begins above the names of the rows, as it is wider than the bars.
        axes.set_title(name, fontsize=9.5, x=-0.65)
        axes.set_xlabel("accepted", x=1 / 3)
        axes.spines["bottom"].set_bounds(0, 1)
        axes.grid(axis="y", visible=False)
        style.percent_axis(axes.xaxis)
    panels[0].set_yticks(range(4), ["true", "true, moved", "two exchanged", "parts anywhere"])
    panels[0].set(xlim=(0, 1.5), ylim=(3.6, -0.6), xticks=(0, 1))
    orders = ("place", "after", "before")
    return Drawing(
        canvas,
        {
            "detector": [name for name in measured.DETECTORS for _ in kinds],
            "flower": list(kinds) * 3,
            **_columns("accepted", Interval(*(column.ravel() for column in shares))),
        },
        {
            f"{order}_{kind}": shares.value[row, column]
            for row, order in enumerate(orders)
            for column, kind in enumerate(kinds)
        }
        | {"level": measured.ACCEPTED, "repeats": REPEATS},
    )


@figure(
    title="Wider windows let more scrambled dahlias pass",
    caption="The dahlia (photograph: vultilion, CC BY 2.0, adapted): as it is; its {tiles:d} "
    "tiles put in random order around each ring, and anywhere. The chart: share of such "
    "photographs whose max-pooled petal map is as near to the true one as {level:.0%} of the true, "
    "noisy photographs are. With 4 × 4 windows it is {four:.0%} for tiles anywhere, and "
    "{whole:.0%} with a global pool. Bands: 95% intervals.",
    alt="Three photographs of an orange dahlia: whole, with the tiles of each ring in random "
    "order, and with {tiles:d} tiles in random places. Below, acceptance against the window: with "
    "tiles anywhere {four:.0%} at 4 by 4, {sixteen:.0%} at 16 by 16 and {whole:.0%} globally; "
    "around the ring {around:.0%} globally.",
)
def dahlia_scrambled(
    rings: Annotated[int, Whole(1, 4, "rings the flower is cut into")] = 3,
    doublings: Annotated[int, Whole(1, 5, "each cut into 2 to this power")] = 3,
    draws: Photographs = dahlia.DRAWS,
    seed: Seed = 0,
) -> Drawing:
    """Draw the dahlia with its tiles in another order, and how often that passes."""
    found = dahlia.acceptance(
        rings=rings, doublings=doublings, draws=draws, repeats=REPEATS, seed=seed
    )
    tiles = rings * 2**doublings
    pictures = {"as it is": np.arange(tiles)} | {
        name: dahlia.orders(rings, doublings, scramble, seed=seed)[0]
        for name, scramble in (("around its ring", "around"), ("anywhere", "anywhere"))
    }
    canvas, grid = style.canvas(2, 2, height=7.3)
    # Column by column, as a narrow page shows them: the pictures, then the chart.
    *shown, below = grid.T.ravel()
    for axes, (name, order) in zip(shown, pictures.items(), strict=True):
        axes.imshow(dahlia.scrambled_photo(order, rings, doublings))
        axes.set_title(name)
        axes.set_anchor("NW")
        style.picture_axes(axes)
    table: dict[str, Any] = {"window": dahlia.WINDOWS}
    _band(below, found.true, "true", "true, fresh noise")
    table |= _columns("true", found.true)
    for row, (kind, look) in enumerate((("around", "swapped"), ("anywhere", "anywhere"))):
        name = "around their ring" if kind == "around" else kind
        shares = Interval(*(column[row] for column in found.scrambled))
        _band(below, shares, look, f"tiles {name}")
        table |= _columns(kind, shares)
    _window_axis(below, dahlia.WINDOWS)
    below.set(xlabel="side of the window", ylabel="accepted", ylim=(-0.03, 1.05))
    style.percent_axis(below.yaxis)
    style.coloured_legend(below, loc="lower left", bbox_to_anchor=(-0.02, 1), borderaxespad=0.2)
    _begin_alike(canvas, shown[-1], below)
    at = dict(zip(dahlia.WINDOWS, table["anywhere"], strict=True))
    return Drawing(
        canvas,
        table,
        {
            "tiles": tiles,
            "repeats": REPEATS,
            "level": measured.ACCEPTED,
            "four": at[4],
            "sixteen": at[16],
            "whole": at[256],
            "around": table["around"][-1],
        },
    )


@figure(
    title="One pooled picture, scrambled or not",
    caption="{subject}; the values inside each {window:d} × {window:d} window in random order; "
    "the windows in random order. Below: what max pooling over these windows makes of each. Of "
    "{values:,d} pooled values the first scramble changes none, the second one {share:.1%}; a "
    "global max changes with neither.",
    alt="Three grey pictures above, their max-pooled images below: {short}, its values shuffled "
    "inside windows of {window:d} by {window:d}, and its windows shuffled. The first two pooled "
    "images are the same, in all {values:,d} values; the third one differs in {share:.1%}.",
)
def picture_scrambled(
    doublings: Annotated[int, Whole(1, 5, "the window's side is 2 to this power")] = 3,
    seed: Seed = 0,
    *,
    picture: Picture | None = None,
) -> Drawing:
    """Draw a picture, two scrambles of it, and what pooling leaves of each."""
    window, seen = 2**doublings, picture or _dahlia()
    blocks = _blocks(seen.grey, window)
    rng = np.random.default_rng(seed)
    inside, across = rng.permuted(blocks, axis=-1), blocks.copy().reshape(-1, window**2)
    rng.shuffle(across)
    shown = {
        "as it is": blocks,
        "shuffled inside windows": inside,
        "windows shuffled": across.reshape(blocks.shape),
    }
    pooled = {name: each.max(axis=-1) for name, each in shown.items()}
    canvas, axes = style.canvas(3, 2, height=5.0)
    for (above, below), (name, each) in zip(axes.T, shown.items(), strict=True):
        for panel, values in ((above, _laid_out(each, window)), (below, pooled[name])):
            panel.imshow(values, cmap="gray", vmin=0, vmax=1)
            style.picture_axes(panel)
        above.set_title(name, fontsize=10)
        below.set_title(f"max-pooled {window} × {window}", fontsize=9, fontweight="normal")
    rows, columns = np.indices(blocks.shape[:2])
    first, same, other = (each.ravel() for each in pooled.values())
    return Drawing(
        canvas,
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "max": first,
            "max_shuffled_inside": same,
            "max_windows_shuffled": other,
        },
        {
            "window": window,
            "values": first.size,
            "share": float((first != other).mean()),
            "subject": seen.subject,
            "short": seen.short,
        },
    )


FIGURES = (
    scrambled_flowers,
    invisible_arrangements,
    scrambled_accepted,
    overlap_code,
    overlap_pairs,
    pool_before_or_after,
    dahlia_scrambled,
    picture_scrambled,
)


# What the figures share


def _blocks(picture: Floats, window: int) -> Floats:
    """A picture's windows side by side, shape (rows, columns, values of a window)."""
    rows, columns = (side // window for side in picture.shape)
    whole = picture[: rows * window, : columns * window]
    turned = whole.reshape(rows, window, columns, window).swapaxes(1, 2)
    return turned.reshape(rows, columns, -1)


def _laid_out(blocks: Floats, window: int) -> Floats:
    """The picture of these windows."""
    rows, columns, _ = blocks.shape
    turned = blocks.reshape(rows, columns, window, window).swapaxes(1, 2)
    return turned.reshape(rows * window, columns * window)


def _dahlia() -> Picture:
    """The picture that is scrambled if there is no other."""
    subject = "The blue channel of the dahlia (photograph: vultilion, CC BY 2.0, adapted)"
    return Picture(subject, "the flower", flower.grey()[78:366, 162:450])


def _pooled(parts: Parts, window: int) -> NDArray[np.bool_]:
    """Return which windows side by side hold a part, channel by channel."""
    side = parts.size // window
    held = np.zeros((parts.channel.max() + 1, side, side), bool)
    held[parts.channel, parts.row // window, parts.column // window] = True
    return held


def _draw_parts(axes: Axes, parts: Parts, true: Parts, window: int, grid: int) -> None:
    """Draw each part where a window puts it, petals as strokes in their direction."""
    down, right = np.sin(_angles(parts)), np.cos(_angles(parts))
    row, column = (place // window * window + window / 2 for place in (parts.row, parts.column))
    # A wide window may hold several parts: their strokes begin beside its middle.
    reach = np.array([-2.3, 2.3] if window < 8 else [0.14 * window, 0.45 * window])[:, None]
    axes.plot(
        column[1:] + reach * right, row[1:] + reach * down, color=style.colour("max"), linewidth=2.2
    )
    axes.plot(column[0], row[0], "o", color=style.colour("ink"), markersize=4)
    if window > 1:
        differ = (_pooled(parts, window) != _pooled(true, window)).any(axis=0)
        for top, left in np.argwhere(differ) * window:
            x, y = [left, left + window, left + window, left, left], [top, top]
            y += [top + window, top + window, top]
            axes.plot(x, y, color=style.colour("single"), linewidth=1.6, zorder=3)
    style.picture_axes(axes)
    lines = np.arange(0, SIZE + 1, grid)
    axes.hlines(lines, 0, SIZE, color=style.colour("grid"), linewidth=0.8, zorder=0)
    axes.vlines(lines, 0, SIZE, color=style.colour("grid"), linewidth=0.8, zorder=0)
    axes.set(xlim=(-2, SIZE + 2), ylim=(SIZE + 2, -2), aspect="equal")


def _angles(parts: Parts) -> Floats:
    """Return the direction that each petal's channel stands for."""
    petals = parts.row.size - 1
    return 2 * math.pi * np.arange(petals) / petals


def _patches(window: int, stride: int, side: int) -> Ints:
    """Number the places of an axis: the same number as long as the same windows hold them."""
    place = np.arange(side)
    held = np.stack([(place - window) // stride, place // stride])
    return np.cumsum((np.diff(held, axis=1, prepend=held[:, :1]) != 0).any(axis=0))


def _draw_patches(axes: Axes, patch: Ints) -> None:
    """Draw the patches, the stronger in colour the more places are in them."""
    from matplotlib.patches import Rectangle

    edges = pairwise([*np.flatnonzero(np.diff(patch, prepend=-1)), patch.size])
    strongest = 2 * math.log2(patch.size)
    for (top, bottom), (left, right) in product(edges, repeat=2):
        places = (bottom - top) * (right - left)
        fill: dict[str, Any] = {
            "facecolor": style.colour("single"),
            "alpha": 0.18 + 0.7 * math.log2(places) / strongest,
            "linewidth": 0,
        }
        corner, width, height = (left - 0.43, top - 0.43), right - left - 0.14, bottom - top - 0.14
        axes.add_patch(Rectangle(corner, width, height, **fill))
    lines = np.arange(patch.size + 1) - 0.5
    thin: dict[str, Any] = {"color": style.colour("grid"), "linewidth": 0.6, "zorder": 0}
    axes.hlines(lines, -0.5, patch.size - 0.5, **thin)
    axes.vlines(lines, -0.5, patch.size - 0.5, **thin)
    axes.set(xlim=(-0.6, patch.size - 0.4), ylim=(patch.size - 0.4, -0.6), aspect="equal")
    style.picture_axes(axes)


def _band(axes: Axes, shares: Interval[Floats], look: str, name: str = "") -> None:
    """Draw shares against windows that double, with their intervals."""
    role, line, usual = LOOKS[look]
    shown: dict[str, Any] = {"color": style.colour(role), "linestyle": line, "marker": "o"}
    axes.plot(shares.value, label=name or usual, markersize=3.5, **shown)
    places = np.arange(len(shares.value))
    axes.fill_between(places, *shares[1:], color=style.colour(role), alpha=0.15, linewidth=0)


def _columns(name: str, shares: Interval[Floats]) -> dict[str, Floats]:
    """Return shares as columns of a figure's data."""
    return {name: shares.value, f"{name}_low": shares.low, f"{name}_high": shares.high}


def _window_axis(axes: Axes, windows: Sequence[int] = measured.WINDOWS) -> None:
    """Mark the windows from none to all of the map."""
    names = ["none", *map(str, windows[1:-1]), "global"]
    axes.set_xticks(range(len(names)), names)


def _begin_alike(canvas: Figure, picture: Axes, chart: Axes) -> None:
    """Let a picture begin where the labels of the chart below it do, as no other has such."""
    if (layout := canvas.get_layout_engine()) is not None:
        layout.execute(canvas)
    canvas.set_layout_engine("none")
    labelled = chart.yaxis.label.get_window_extent()
    left, _ = canvas.transFigure.inverted().transform(labelled.min)
    box = picture.get_position()
    picture.set_position((left, box.y0, box.x1 - left, box.height))


def _legend_below(axes: Axes) -> None:
    style.coloured_legend(axes, loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=1)
