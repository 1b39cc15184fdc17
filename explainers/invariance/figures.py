"""The chapter's figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np

from explainers import maps as kit
from explainers.checks import Floats
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.invariance import dahlia, examples, measured, model
from explainers.invariance.measured import pooling
from explainers.kinds import Choice, Whole
from explainers.laws import lone_peak_unchanged
from explainers.records import figure
from explainers.wording import every, in_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Window = Annotated[int, Whole(1, 8, "side of the window")]
Move = Annotated[int, Whole(0, 3, "cells to the right")]
Maps = Annotated[int, Whole(2, 500, "random maps")]
ManyMaps = Annotated[int, Whole(2, 5000, "random maps")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random maps")]

# Marks that tell windows and depths apart, which have one colour.
MARKERS = ("o", "s", "^", "D", "v", "P")

# Which colour a way of pooling has, how its line is drawn, and what it is called.
LOOKS = {
    "max": ("max", style.SOLID, "max"),
    "mean": ("mean", style.DASHED, "mean"),
    "subsample": ("single", style.SOLID, "every second value"),
    "max blur": ("known", style.DASHED, "max, blurred"),
    "max polyphase": ("ink", style.DOTTED, "max, phase by strength"),
}


# Axes: 1 is what unrelated maps have.
_ERROR, _CHANGE = "error (1: unrelated maps)", "change (1: unrelated maps)"


NUMBERS = tuple(int(number) for row in examples.NUMBERS for number in row)
PEAK = tuple(map(int, examples.PEAK))
Sixteen = Annotated[tuple[int, ...], Whole(-99, 99, "the numbers of the map, row by row", many=16)]


@figure(
    title="Max pooling, and a move by one",
    caption="A map of numbers in four windows{marked}; beside it, what {operator} pooling keeps. "
    "Below, {moved}. Dashed: what differs. Of {pooled:d} pooled values {kept} stay, of {all:d} "
    "numbers {same}: {why}.",
    alt="Two rows. Above, 4 by 4 numbers in windows of 2 by 2 {whose} {above}, and beside them "
    "these four alone. Below, {moved}: {then} {below}. Of {pooled:d} pooled values {kept} "
    "stay, of {all:d} numbers {same}.",
)
def max_pooling_by_hand(
    move: Move = 1,
    numbers: Sixteen = NUMBERS,
    operator: Annotated[str, Choice(("max", "mean"), "what is kept of a window")] = "max",
) -> Drawing:
    """Draw a map of numbers in its windows with what pooling keeps, and the same moved."""
    given = np.array(numbers, float)
    before, now = (examples.numbers_example(d, given, operator) for d in (0, move))
    kept, same = now.pooled == before.pooled, now.map == before.map
    canvas, axes = style.canvas(2, 2, width=style.NARROW, height=4.5, width_ratios=(2, 1))
    for (left, right), shown in zip(axes, (before, now), strict=True):
        differs = shown.pooled != before.pooled
        _windows(left, shown.map, shown.pooled, differs, operator)
        _windows(right, shown.pooled, shown.pooled, differs, operator)
    axes[0, 0].set_title("a map, in windows")
    axes[0, 1].set_title(f"{operator}-pooled")
    axes[1, 0].set_title(f"moved to the right by {move}" if move else "not moved")
    axes[1, 1].set_title(f"{operator}-pooled")
    axes[1, 1].set_xlabel(f"{_count(kept)} of {kept.size} stay;\ndashed: differs")
    return Drawing(
        canvas,
        {
            "window": np.arange(before.pooled.size),
            _KEPT[operator].name: before.pooled.ravel(),
            f"{_KEPT[operator].name} after the move": now.pooled.ravel(),
            "stays": kept.ravel(),
        },
        {
            "moved": f"all numbers have moved to the right by {move}, and zeros enter"
            if move
            else "the same once more, as nothing has moved",
            "kept": _count(kept),
            "same": _count(same),
            "pooled": kept.size,
            "all": same.size,
            "above": _listed(before.pooled.ravel()),
            "below": _listed(now.pooled.ravel()),
            **_KEPT[operator]._asdict(),
        },
        title=_title_by_hand(move, operator),
    )


class _Kept(NamedTuple):
    """What is said of an operator that keeps one value of a window."""

    name: str
    marked: str
    whose: str
    then: str
    why: str


_KEPT = {
    "max": _Kept(
        "largest",
        ", the largest of each in colour",
        "with the largest",
        "the largest are",
        "a pooled value stays if its number stays in the window, and no larger one comes",
    ),
    "mean": _Kept(
        "mean",
        "",
        "of means",
        "the means are",
        "a mean stays if what enters its window makes up for what leaves it",
    ),
}


def _title_by_hand(move: int, operator: str) -> str:
    far = ("no move", "a move by one", "a move by two", "a move by three")
    return f"{operator.capitalize()} pooling, and {far[move]}"


def _count(kept: Any) -> str:
    return str(int(np.sum(kept))) if np.any(kept) else "none"


def _windows(axes: Axes, numbers: Floats, pooled: Floats, differs: Any, operator: str) -> None:
    """Draw numbers in windows side by side, what is kept of each in colour; those that differ."""
    from matplotlib.patches import Rectangle

    side = len(numbers) // len(pooled)
    longest = max(len(f"{number:g}") for number in numbers.flat)
    for (row, column), number in np.ndenumerate(numbers):
        wins = number == pooled[row // side, column // side] and (operator == "max" or side == 1)
        look: dict[str, Any] = {"ha": "center", "va": "center"}
        look["fontsize"] = 15 if longest < 4 else 11
        look["color"] = style.colour(operator if wins else "muted")
        look["fontweight"] = "bold" if wins else "normal"
        axes.text(column + 0.5, row + 0.48, in_digits(number, "g"), **look)
    for (row, column), differ in np.ndenumerate(differs):
        place, width = (column * side + 0.06, row * side + 0.06), side - 0.12
        edge: dict[str, Any] = {"edgecolor": style.colour(operator if differ else "muted")}
        edge |= {"linewidth": 2.4, "linestyle": style.DASHED if differ else style.SOLID}
        axes.add_patch(Rectangle(place, width, width, fill=False, **edge))
    style.picture_axes(axes)
    axes.set(xlim=(0, len(numbers)), ylim=(len(numbers), 0), aspect="equal")


@figure(
    title="Moved by one, one line leaves its windows, the other stays",
    caption="The map of a 3 × 3 detector of vertical lines, in {window} × {window} windows, and "
    "below it the max of each window; empty cells are 0. Outlined: max-pooled values that differ "
    "from those of the unmoved line. One pixel further, {max_words} of {cells:d} differ for the "
    "line {width_words} pixels wide; {thin}.",
    alt="Columns for moves of 0 to {last}, with map and max-pooled map of two lines. The upper "
    "one is {width_words} pixels wide: of {cells:d} max-pooled values there change {maxima}, move "
    "by move; of 36 values of the map, {maps}. One pixel wide: of {cells:d} max-pooled values, "
    "{thin_maxima}.",
)
def shift_strip(
    width: Annotated[int, Whole(2, 4, "pixels across the upper line")] = examples.LINE_WIDTH,
    move: Annotated[int, Whole(1, 3, "the largest move, in pixels")] = 3,
    window: Annotated[int, Whole(2, 3, "side of the windows")] = 2,
) -> Drawing:
    """Draw maps in their windows, and what is max-pooled of them, of two lines as they move."""
    shifts, widths = range(move + 1), (width, 1)
    changed = {w: [examples.line_example_changed(d, w, window) for d in shifts] for w in widths}
    canvas, panels = style.canvas(len(shifts), width=style.WIDE * len(shifts) / 4, height=6.8)
    canvas.set_layout_engine("constrained", w_pad=0.02, h_pad=0.08, wspace=0)
    for shift, axes in zip(shifts, panels, strict=True):
        for top, wide in zip((0.0, 13.2), widths, strict=True):
            _line_moved(axes, top, wide, shift, window)
        style.picture_axes(axes)
        axes.set(xlim=(-0.4, 6.8), ylim=(25.2, -1.2), aspect="equal")
        axes.set_title(f"moved by {shift}" if shift else "not moved")
    thick, thin = changed.values()
    leaves, stays = bool(thick[1].max_pooled), not thin[1].max_pooled
    return Drawing(
        canvas,
        {
            "shift": list(shifts),
            "map_changed": [c.feature_map for c in thick],
            "max_pooled_changed": [c.max_pooled for c in thick],
            "mean_pooled_changed": [c.mean_pooled for c in thick],
            "thin_map_changed": [c.feature_map for c in thin],
            "thin_max_pooled_changed": [c.max_pooled for c in thin],
            "thin_mean_pooled_changed": [c.mean_pooled for c in thin],
        },
        {
            "cells": (6 // window) ** 2,
            "width_words": ("two", "three", "four")[width - 2],
            "last": f"{move} pixel{'s' if move > 1 else ''}",
            "map_1": thick[1].feature_map,
            "max_1": thick[1].max_pooled,
            "max_words": _none(thick[1].max_pooled),
            "maxima": _counted([c.max_pooled for c in thick[1:]]),
            "maps": _counted([c.feature_map for c in thick[1:]]),
            "thin_maxima": _counted([c.max_pooled for c in thin[1:]]),
            "thin": "the line one pixel wide stays in its windows: none"
            if stays
            else f"for the line one pixel wide, {thin[1].max_pooled} differ too",
        },
        title="" if leaves and stays else "A line moves: what leaves its windows, and what stays",
    )


def _none(count: int) -> str:
    return str(count or "none")


def _counted(counts: list[int]) -> str:
    """Say counts one after the other."""
    *most, last = map(_none, counts)
    return f"{', '.join(most)} and {last}" if most else last


def _line_moved(axes: Axes, top: float, width: int, shift: int, window: int) -> None:
    """Draw the map of a moved line in its windows, its max below, and say how many differ."""
    still, now = (examples.line_example(d, width, window) for d in (0, shift))
    differs = now.max_pooled != still.max_pooled
    changed = examples.line_example_changed(shift, width, window)
    look: dict[str, Any] = {"fontsize": 9, "linespacing": 1.15}
    axes.text(0, top - 0.25, f"line {width} wide: map", color=style.colour("muted"), **look)
    _values(axes, now.feature_map, (0.0, top), window=window)
    unmoved = f"in {window} × {window} windows"
    said = _differ(changed.feature_map, now.feature_map.size) if shift else unmoved
    axes.text(0, top + 7.1, said, color=style.colour("ink"), **look)
    _values(axes, now.max_pooled, (0.0, top + 7.8), outlined=differs)
    where = "left its\nwindows" if differs.any() else "still in its\nwindows"
    said = f"{_differ(changed.max_pooled, differs.size)}:\n{where}" if shift else "the max\nof each"
    look |= {"va": "center", "color": style.colour("max" if differs.any() else "ink")}
    weight = "bold" if shift else "normal"
    axes.text(3.25, top + 9.3, said.replace(" differ", "\ndiffer"), fontweight=weight, **look)


def _differ(changed: int, count: int) -> str:
    return f"{changed} of {count} differ" if changed else "same"


def _values(
    axes: Axes,
    values: Floats,
    place: tuple[float, float],
    window: int = 1,
    outlined: Any = None,
) -> None:
    """Draw numbers on filled cells, 0 as an empty one, with frames round windows."""
    from matplotlib.patches import Rectangle

    left, top = place
    for (row, column), value in np.ndenumerate(values):
        if not value:
            continue
        corner, opacity = (left + column, top + row), style.legible_opacity("ink")
        filled: dict[str, Any] = {"facecolor": style.colour("ink"), "alpha": opacity}
        axes.add_patch(Rectangle(corner, 1, 1, linewidth=0, **filled))
        centre: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
        centre["color"] = style.on_fill("ink", opacity)
        axes.text(corner[0] + 0.5, corner[1] + 0.5, f"{value:g}", **centre)
    for row, column in np.ndindex(len(values) // window, len(values) // window):
        differs = outlined is not None and outlined[row, column]
        corner = (left + column * window, top + row * window)
        edge: dict[str, Any] = {"edgecolor": style.colour("max" if differs else "muted")}
        edge |= {"linewidth": 2.0 if differs else 0.8, "zorder": 3 if differs else 2}
        axes.add_patch(Rectangle(corner, window, window, fill=False, **edge))


@figure(
    title="How much of a max-pooled map stays",
    caption="Share that is unchanged to the last bit when the map moves along one axis, for "
    "windows side by side. Lines: the laws. Marks: all places of a lone peak; {maps:d} random "
    "maps. Moved by one, a 2 × 2 window keeps {lone:.0%} of lone peaks and {busy:.1%} of the "
    "values of a busy map.",
    alt="Two panels of falling lines for windows of 2, 3, 4 and 8. For a lone peak they are "
    "straight, from 100% to 0% at the window's width; at a move of one the window of 2 keeps "
    "{lone:.0%}. For a busy map they sag below: {busy:.1%}. Simulated marks lie along the lines.",
)
def unchanged_laws(maps: Maps = 60, seed: Seed = 0) -> Drawing:
    """Draw the laws of the lone peak and of the busy map, with simulation on them."""
    windows, moves, size = (2, 3, 4, 8), np.arange(9), 24
    noise, peaks = kit.busy_maps(maps, size, seed=seed), kit.lone_peaks(size)
    canvas, panels = style.canvas(2, sharey=True, height=3.5)
    table: dict[str, Any] = {"moved": moves}
    for k, shade, marker in zip(windows, (0.5, 0.65, 0.8, 1.0), MARKERS, strict=False):
        pool, shown = pooling("max", k), {"color": style.colour("max"), "alpha": shade}
        laws = {
            "lone": [float(lone_peak_unchanged(k, dx=int(d))) for d in moves],
            "busy": [float(model.busy_map_unchanged(k, dx=int(d))) for d in moves],
        }
        found = {
            "lone": [measured.unchanged(pool, peaks, dx=int(d), whole=True)[0] for d in moves],
            "busy": [measured.unchanged(pool, noise, dx=int(d))[0] for d in moves],
        }
        for axes, kind in zip(panels, laws, strict=True):
            axes.plot(moves[: k + 1], laws[kind][: k + 1], **shown)
            dots = {"marker": marker, "linestyle": "", "markersize": 5, "clip_on": False}
            axes.plot(moves[: k + 1], found[kind][: k + 1], label=f"{k} × {k}", **dots, **shown)
            table |= {f"{kind}_{k}": laws[kind], f"{kind}_{k}_found": found[kind]}
    for axes, title in zip(panels, ("A lone peak's map", "A value of a busy map"), strict=True):
        axes.set(title=title, xlabel="moved by, pixels", xlim=(-0.3, 8.3), ylim=(-0.04, 1.05))
        style.percent_axis(axes.yaxis)
        axes.set_ylabel("share unchanged")
    labels.key_above(canvas, title="lines: law; marks: measured", handlelength=1.2)
    return Drawing(canvas, table, {"lone": table["lone_2"][1], "busy": table["busy_2"][1]})


@figure(
    title="Larger windows leave more unchanged, longer moves less",
    caption="Share that stays exactly the same, by window and move along one axis, windows side "
    "by side. A window of {window:d} keeps {lone:.0%} of lone peaks moved by one pixel, and "
    "{busy:.0%} of the values of a busy map.",
    alt="Two tables of shares, windows of 2 to 8 down and moves of 1 to 7 across, dark where much "
    "stays. Shares grow with the window and shrink with the move, and are 0 from the window's "
    "width on. At window {window:d} and one pixel: {lone:.0%} of lone peaks, {busy:.0%} of a busy "
    "map.",
)
def unchanged_table(
    window: Annotated[int, Whole(2, 8, "window named in the caption")] = 2,
) -> Drawing:
    """Draw the two laws as tables over window and move."""
    windows, moves = np.arange(2, 9), np.arange(1, 8)
    laws = {
        "lone peak": [[lone_peak_unchanged(int(k), 0, int(d)) for d in moves] for k in windows],
        "busy map": [[model.busy_map_unchanged(int(k), 0, int(d)) for d in moves] for k in windows],
    }
    canvas, panels = style.canvas(2, sharey=True, height=3.4)
    for axes, (kind, law) in zip(panels, laws.items(), strict=True):
        _heat(axes, np.array(law, float), [str(d) for d in moves], [f"{k} × {k}" for k in windows])
        shown = "A lone peak" if kind == "lone peak" else "A value of a busy map"
        axes.set(title=f"{shown}: share unchanged", xlabel="moved by, pixels", ylabel="window")
    rows, columns = np.meshgrid(windows, moves, indexing="ij")
    shares = {kind: np.array(law, float).ravel() for kind, law in laws.items()}
    at = window - 2
    return Drawing(
        canvas,
        {"window": rows.ravel(), "moved": columns.ravel(), **shares},
        {"lone": float(laws["lone peak"][at][0]), "busy": float(laws["busy map"][at][0])},
    )


@figure(
    title="A 3 × 3 window absorbs 5/9 of one-pixel moves, not 5/8",
    caption="For each place of a peak in its window: how many of the eight moves by one pixel "
    "keep it inside. In the larger window it is {edge:d} on an edge, away from the corners; but "
    "over all places it is {larger:.1%} of the moves on average, not {wrong:.1%}.",
    alt="Two grids of counts. The 2 by 2 window has {corner:d} in each cell. The {window:d} by "
    "{window:d} window has {corner:d} in the corners, {edge:d} elsewhere on the edges and "
    "{centre:d} inside; on average {larger:.1%} of the moves keep the peak inside, and {two:.1%} "
    "in the 2 by 2 window.",
)
def eight_neighbours(
    window: Annotated[int, Whole(3, 8, "side of the larger window")] = 3,
) -> Drawing:
    """Draw how many one-pixel moves keep a peak in its window, place by place."""
    canvas, panels = style.canvas(2, height=2.7)
    counts = {k: model.directions_unchanged(k) for k in (2, window)}
    for axes, (k, count) in zip(panels, counts.items(), strict=True):
        said = "{} of 8" if k < 5 else "{}"  # else it is wider than its cell
        _heat(axes, count / 8, [""] * k, [""] * k, [[said.format(n) for n in r] for r in count])
        average = f"{k} × {k}: {model.eight_neighbours_unchanged(k)} on average"
        axes.set(title=average, aspect="equal", xlabel="moves that keep the peak inside")
    larger, share = counts[window], model.eight_neighbours_unchanged(window)
    guess = f", not {larger[0, 1]}/8" if window == 3 else ""
    article = "An" if window == 8 else "A"
    panels[1].set_title(f"{average}{guess}")
    values = np.concatenate([count.ravel() for count in counts.values()])
    return Drawing(
        canvas,
        {"window": [k for k, count in counts.items() for _ in count.flat], "of_eight": values},
        {
            "corner": int(larger[0, 0]),
            "edge": int(larger[0, 1]),
            "centre": int(larger[1, 1]),
            "two": float(model.eight_neighbours_unchanged(2)),
            "larger": float(share),
            "wrong": float(larger[0, 1] / 8),
        },
        title=f"{article} {window} × {window} window absorbs {share} of one-pixel moves{guess}",
    )


@figure(
    title="Every second value can miss a peak; a blur first keeps it",
    caption="{row} of eight values, not moved and moved by one. {found}",
    alt="Four rows of cells, once for eight values, {dense_0}, and once for them moved by one. "
    "Keeping every second value gives {kept_0}, then {kept_1}. Blurred first, it gives "
    "{blurred_0}, then {blurred_1}.",
)
def subsampling_by_hand(
    values: Annotated[tuple[int, ...], Whole(-9, 9, "the row's values", many=8)] = PEAK,
    blur: Annotated[int, Whole(2, 7, "taps of the blur")] = 3,
) -> Drawing:
    """Draw what every second value keeps of a row, such as a lone peak, with and without a blur."""
    canvas, axes = style.canvas(2, 4, height=3.2)
    steps = ("dense", "kept", "blurred", "blurred_kept")
    names = ("values", "every second", "blurred", "every second")
    shown = [examples.by_hand(np.array(values), shift, blur=blur) for shift in (0, 1)]
    for column, example in enumerate(shown):
        for row, (step, name) in enumerate(zip(steps, names, strict=True)):
            found = getattr(example, step)
            spread = found if found.size == 8 else np.stack([found, found * np.nan]).T.ravel()
            _cells(axes[row, column], spread, max(map(abs, values)) or 1.0)
            axes[row, column].set_ylabel(name, rotation=0, ha="right", va="center")
        axes[0, column].set_title("moved by one" if column else "not moved")
    rows = [(d, step, getattr(e, step)) for d, e in enumerate(shown) for step in steps]
    own = (values, blur) != (PEAK, 3)
    return Drawing(
        canvas,
        {
            "shift": [shift for shift, _, _ in rows],
            "step": [step for _, step, _ in rows],
            "values": [_listed(found) for _, _, found in rows],
        },
        {f"kept_{d}": _listed(e.kept) for d, e in enumerate(shown)}
        | {f"blurred_{d}": _listed(e.blurred_kept, ".3g") for d, e in enumerate(shown)}
        | {"dense_0": _listed(shown[0].dense), "row": "A row" if own else "A lone peak in a row"}
        | {"found": (_KEPT_TWICE if own else _FOUND).format(_weights(blur))},
        title="Every second value of a row, with a blur and without" if own else "",
    )


_FOUND = (
    "Keeping every second value shows the peak or nothing. After a blur with weights {} it shows "
    "the peak in both cases, over two values and in one."
)
_KEPT_TWICE = (
    "Every second value is kept, and below it every second one after a blur with weights {}. The "
    "row goes on at its other side."
)


def _weights(taps: int) -> str:
    """A row of Pascal's triangle over its sum."""
    row = [math.comb(taps - 1, k) for k in range(taps)]
    return f"({', '.join(map(str, row))})/{sum(row)}"


@figure(
    title="It stays, or it jumps by a whole cell",
    caption="A lone peak in a row of eight values (▾), moved one pixel at a time, and what four "
    "ways to pool show. The max at every place moves along. Keep every second of these: from this "
    "start the map stays at {stays:d} of the {moves:d} moves, and else it jumps by a "
    "whole cell. Every second value without a max shows the peak or nothing. A global max stays.",
    alt="Four panels of strips of 8 cells, moves of 0 to {moves:d} pixels down. The max at every "
    "place: {dense}. Every second max: {kept}. Every second value: {plain}. Global max: {whole}. "
    "Of {moves:d} moves {stays:d} leave every second max as it was.",
)
def stays_or_jumps() -> Drawing:
    """Draw a lone peak's pooled row, move by move, and say what happened to it."""
    moves = range(4)
    signal = np.eye(8)[2]
    by_max = [examples.by_hand(signal, d, 2) for d in moves]
    plain = [examples.by_hand(signal, d) for d in moves]
    rows = {
        "the peak": [e.dense for e in plain],
        "max at every place": [e.dense for e in by_max],
        "every second max": [e.kept for e in by_max],
        "every second value": [e.kept for e in plain],
        "global max": [e.dense.max(keepdims=True) for e in plain],
    }
    happened = {name: [_happened(strips, d) for d in moves] for name, strips in rows.items()}
    canvas, panels = style.canvas(2, 2, height=4.3)
    ways = [name for name in rows if name != "the peak"]
    for axes, name in zip(panels.flat, ways, strict=True):
        _strips(axes, rows[name], rows["the peak"], happened[name])
        axes.set_title(name)
    listed = {name: ", ".join(words[1:]) for name, words in happened.items()}
    return Drawing(
        canvas,
        {
            "shown": [name for name in rows for _ in moves],
            "moved": list(moves) * len(rows),
            "values": [_listed(strip) for strips in rows.values() for strip in strips],
            "happened": [word for words in happened.values() for word in words],
        },
        {
            "moves": len(moves) - 1,
            "stays": happened["every second max"].count("stays"),
            "dense": listed["max at every place"],
            "kept": listed["every second max"],
            "plain": listed["every second value"],
            "whole": listed["global max"],
        },
    )


def _strips(axes: Axes, strips: list[Floats], peaks: list[Floats], said: list[str]) -> None:
    """Draw strips below each other, as wide as the row they show, the peak's place above each."""
    from matplotlib.patches import Rectangle

    for move, (strip, peak, word) in enumerate(zip(strips, peaks, said, strict=True)):
        top, width = 1.6 * move, peak.size / strip.size
        axes.plot(
            peak.argmax() + 0.5, top - 0.28, "v", color=style.colour("max"), markersize=5, zorder=3
        )
        for place, value in enumerate(strip):
            opacity = 0.06 + 0.74 * value
            fill: dict[str, Any] = {"facecolor": style.colour("ink"), "alpha": opacity}
            corner = (place * width + 0.04, top)
            axes.add_patch(Rectangle(corner, width - 0.08, 0.92, linewidth=0, **fill))
        look: dict[str, Any] = {"va": "center", "fontsize": 9}
        moved = f"moved by {move}" if move else "not moved"
        muted, ink = style.colour("muted"), style.colour("ink")
        axes.text(-0.3, top + 0.46, moved, ha="right", color=muted, **look)
        axes.text(8.3, top + 0.46, word, fontweight="bold", color=ink, **look)
    style.picture_axes(axes)
    axes.set(xlim=(-4.4, 13.4), ylim=(1.6 * len(strips) - 0.5, -0.7))


def _happened(strips: list[Floats], move: int) -> str:
    """Say what the last step of a move did to a strip."""
    if not move:
        return ""
    before, now = strips[move - 1], strips[move]
    if (now == before).all():
        return "stays"
    if not now.any():
        return "vanishes"
    if not before.any():
        return "appears"
    return "moves along" if now.size == 8 else "jumps by a cell"


@figure(
    title="The max moves along; every second of it, at even moves only",
    caption="Difference between pooling the moved map and moving the pooled map, as a share of "
    "that of unrelated maps ({maps:d} maps of independent values). The max over 2 × 2 "
    "at every place: {dense:.0f} at every move. Every second of these values: up to {kept:.2f}; "
    "every second value without a max: up to {plain:.2f}.",
    alt="Error against the move, for moves of 0 to 8 pixels. The max at every place stays at "
    "{dense:.0f}. Keeping every second of its values, the error jumps between 0 at even moves and "
    "{kept:.2f} at odd ones; without a max, between 0 and {plain:.2f}.",
)
def dense_or_subsampled(maps: Maps = measured.MAPS, seed: Seed = 0) -> Drawing:
    """Draw the equivariance error of the max at every place, and of what subsampling keeps."""
    shifts, noise = np.arange(9), kit.smooth_maps(maps, 64, 0, seed)
    operators = {
        "every second value": (pooling("subsample", 2), "single", -0.13),
        "every second max": (pooling("max", 2), "max", 0.13),
        "max at every place": (pooling("max", 2, 1), "ink", 0.0),
    }
    canvas, axes = style.canvas(height=3.2)
    table: dict[str, Any] = {"moved": shifts}
    for name, (operator, role, aside) in operators.items():
        errors = [measured.equivariance_error(operator, noise, dx=int(d)).value for d in shifts]
        axes.vlines(shifts + aside, 0, errors, color=style.colour(role), linewidth=3)
        dots = {"linestyle": "", "marker": "o", "markersize": 5, "color": style.colour(role)}
        axes.plot(shifts + aside, errors, label=name, **dots)
        table[name] = np.array(errors)
    axes.set(xlabel="moved by, pixels", ylabel=_ERROR, ylim=(-0.05, 1.1), xticks=shifts)
    axes.grid(visible=False, axis="x")
    style.key_above(axes, ncols=2)
    numbers = zip(("plain", "kept", "dense"), operators, strict=True)
    return Drawing(canvas, table, {number: table[name].max() for number, name in numbers})


@figure(
    title="With each pooling fewer moves are exact, unless phases adapt",
    caption="Difference between pooling the moved map and moving the pooled map, after one, two "
    "and three poolings of stride 2, as a share of that of unrelated maps ({maps:d} maps of "
    "independent values). For max and mean it is zero at multiples of 2, 4 and 8 only. Dotted: a "
    "max that chooses by their strength which values are kept, zero at every move.",
    alt="Three panels of error against shift. After one pooling the error of the max is 0 at even "
    "shifts and {one:.2f} at odd ones; after two it is 0 at multiples of 4 and up to {two:.2f} "
    "between; after three at multiples of 8, up to {three:.2f}. With an adaptive phase it is 0.",
)
def comb(maps: Maps = measured.MAPS, seed: Seed = 0) -> Drawing:
    """Draw the equivariance error against the shift after one to three poolings."""
    shifts = np.arange(17)
    canvas, panels = style.canvas(3, sharey=True, height=3.6)
    table: dict[str, Any] = {"shift": shifts}
    for depth, axes in enumerate(panels, start=1):
        for method in ("max", "mean", "max polyphase"):
            role, line, name = LOOKS[method]
            error = measured.comb(depth, shifts.tolist(), method, maps=maps, seed=seed).value
            shown = {"color": style.colour(role), "linestyle": line, "label": name}
            axes.plot(shifts, error, marker="o", markersize=2.5, linewidth=1.4, **shown)
            table[f"{method}, {depth}"] = error
        axes.set(title=f"{depth} pooling" + "s" * (depth > 1), xlabel="moved by, pixels")
        axes.set(ylabel=_ERROR, ylim=(-0.03, 1), xticks=range(0, 17, 4))
    labels.key_each(canvas)
    peaks = {n: table[f"max, {d}"].max() for d, n in ((1, "one"), (2, "two"), (3, "three"))}
    return Drawing(canvas, table, peaks)


@figure(
    title="The wider the blur before subsampling, the more it repairs",
    caption="Error left after the best move of the pooled map, by a part of a pixel too, when the "
    "map moved by one pixel; {maps:d} maps of independent values. Before subsampling by 2 the max "
    "is blurred: from {none:.2f} without a blur to {three:.2f} with three taps and {seven:.2f} "
    "with seven.",
    alt="Error against the number of taps of the blur, falling. For the max over 2 by 2 it is "
    "{none:.2f} without a blur, {three:.2f} with three taps, {seven:.2f} with seven; for plain "
    "subsampling it falls from {plain:.2f} to {plain_seven:.2f}.",
)
def blur_repair(maps: Maps = measured.MAPS, seed: Seed = 0) -> Drawing:
    """Draw the equivariance error against the size of the blur."""
    taps, blurs = np.arange(1, 8), tuple(range(2, 8))
    noise = kit.smooth_maps(maps, 64, 0, seed)
    repaired = measured.blur_repair(blurs, maps=maps, seed=seed).value
    bare = [
        measured.equivariance_error(pooling(method, 2), noise, 0, 1, fractional=True).value
        for method in ("max", "subsample")
    ]
    errors = np.column_stack([bare, repaired])
    canvas, axes = style.canvas(height=3.3)
    for error, role, name in zip(
        errors, ("max", "single"), ("max over 2 × 2", "every second value"), strict=True
    ):
        axes.plot(taps, error, "o-", color=style.colour(role), label=name)
    for tap in (1, 3, 7):
        error = errors[0, tap - 1]
        style.direct_label(axes, tap, error, f"{error:.2f}", "max", ha="right", va="top")
    axes.set(xlabel="taps of the blur (1: none)", ylabel="error left after a move by one pixel")
    axes.set(xlim=(0.25, 7.3), xticks=taps, ylim=(-0.1, 1.05))
    style.key_above(axes, ncols=2)
    return Drawing(
        canvas,
        {"taps": taps, "max": errors[0], "subsample": errors[1]},
        {
            "none": errors[0, 0],
            "three": errors[0, 2],
            "seven": errors[0, 6],
            "plain": errors[1, 0],
            "plain_seven": errors[1, 6],
        },
    )


@figure(
    title="On smooth maps it hardly matters how you pool over 2 × 2",
    caption="How much the map pooled over 2 × 2 changes when the map moves by one pixel: 0 is not "
    "at all, 1 as much as between unrelated maps. On rough maps the max changes by "
    "{max_rough:.2f}, keeping every second value by {sub_rough:.2f}; on maps with a correlation "
    "length of {last:g} pixels the max changes by {max_smooth:.3f}, and the two differ by "
    "less than {within:g}. *Max, blurred*: the max at every place, blurred before every second "
    "value is kept.",
    alt="Change against smoothness for four ways to pool. At length 0 they spread from "
    "{blur_rough:.2f} for the blurred max over {mean_rough:.2f} for the mean and {max_rough:.2f} "
    "for the max to {sub_rough:.2f} for every second value. They meet as maps become smooth: "
    "at length {last:g} the max changes by {max_smooth:.3f}, less than {within:g} away from every "
    "second value.",
)
def smooth_maps(maps: Maps = measured.MAPS, seed: Seed = 0) -> Drawing:
    """Draw the change of pooled maps against the smoothness of the maps."""
    lengths, methods = (0, 0.5, 1, 1.5, 2, 3, 4, 6, 8), ("max", "mean", "subsample", "max blur")
    series = measured.change_by_smoothness(lengths, methods, maps=maps, seed=seed)
    canvas, axes = style.canvas(height=3.3)
    for method, values in zip(methods, series.value, strict=True):
        role, line, name = LOOKS[method]
        axes.plot(lengths, values, color=style.colour(role), linestyle=line, label=name)
    axes.set(xlabel="correlation length of the map, pixels", ylim=(0, 1.05))
    axes.set(xlim=(0, lengths[-1]), ylabel="change when moved by one pixel")
    style.key_above(axes, ncols=2)
    names, smooth = ("max", "mean", "sub", "blur"), dict(zip(methods, series.value, strict=True))
    return Drawing(
        canvas,
        {"length": lengths, **smooth},
        {"last": lengths[-1], "within": _beyond(smooth["max"][-1] - smooth["subsample"][-1])}
        | {f"{name}_rough": row[0] for name, row in zip(names, series.value, strict=True)}
        | {f"{name}_smooth": row[-1] for name, row in zip(names, series.value, strict=True)},
    )


def _beyond(difference: float) -> float:
    """The next larger power of ten, from 0.0001 on."""
    return max(1e-4, 10.0 ** (math.floor(math.log10(abs(difference) or 1e-4)) + 1))


@figure(
    title="Depth widens the window",
    caption="Share of places from which a lone peak can move without a change after poolings of "
    "2 × 2, one after the other. Each pooling doubles the window. A move by one pixel is "
    "absorbed at {first:.1%} of the places by one pooling{deeper}.",
    alt="{lines}. A move of one pixel is absorbed at {first:.1%} of the places by one "
    "pooling{deeper}.",
)
def stacked_depth(
    depth: Annotated[int, Whole(1, 6, "poolings, one after the other")] = 4,
) -> Drawing:
    """Draw the share unchanged against the move, for stacked poolings."""
    moves = np.arange(2**depth + 1)
    canvas, axes = style.canvas(height=3.2)
    table: dict[str, Any] = {"moved": moves}
    for n in range(1, depth + 1):
        share = [float(model.stacked_unchanged(2, n, int(d))) for d in moves]
        shown = {"color": style.colour("max"), "alpha": 0.4 + 0.6 * n / depth}
        shown |= {"marker": MARKERS[n - 1], "markersize": 4, "markevery": max(1, 2**n // 8)}
        named = f"{n} pooling" + "s" * (n > 1)
        axes.plot(moves[: 2**n + 1], share[: 2**n + 1], label=named, **shown)
        table[f"depth_{n}"] = share
    axes.set(
        xlabel="moved by, pixels",
        ylabel="share of places unchanged",
        ylim=(-0.03, 1.04),
        xlim=(-0.03 * moves[-1], 1.03 * moves[-1]),
    )
    style.percent_axis(axes.yaxis)
    style.key_above(axes, ncols=3)
    axes.xaxis.get_major_locator().set_params(integer=True)
    first, last = table["depth_1"][1], table[f"depth_{depth}"][1]
    deeper = f", and at {last:.1%} by {depth}" if depth > 1 else ""
    lines = "A line falling straight with the move from 100% to 0% at 2 pixels"
    if depth > 1:
        lines = (
            f"Lines falling straight with the move, one for each depth from 1 to {depth}; the "
            "first reaches 0% at 2 pixels, each further one at twice the move of the one before"
        )
    numbers = {"first": first, "last": last, "deeper": deeper, "lines": lines}
    return Drawing(canvas, table, numbers)


@figure(
    title="Moved by a pixel, pooled maps find fewer petals again",
    caption="The photograph of chapter one, moved by whole pixels: change of the petal map pooled "
    "{window} × {window}, and share of all petals that the same value finds before and after, with "
    "thresholds of equal firing; not moved, those found at all. Moved by one pixel, the pooled map "
    "changes by {change_max:.2f} with the max and {change_subsample:.2f} with {kept}; "
    "{again_max:.1%} and {again_subsample:.1%} of the petals are found again, and {again_full:.1%} "
    "without pooling.",
    alt="Two panels against the move. First: change rises together for max, mean and {kept}, "
    "{change_max:.2f}, {change_mean:.2f} and {change_subsample:.2f} at one pixel. Second: "
    "the share of petals found again falls; at one pixel {again_max:.1%} for the max, "
    "{again_mean:.1%} for the mean, {again_subsample:.1%} for {kept} and "
    "{again_full:.1%} for the full map.",
)
def flower_shift(
    doublings: Annotated[int, Whole(1, 2, "the window's side is 2 to this power")] = 1,
) -> Drawing:
    """Draw what stays of the pooled petal map when the photograph moves."""
    distances, methods, window = np.arange(7), ("max", "mean", "subsample"), 2**doublings
    rates, kept = dahlia.moved(distances, methods, window=window, equal_firing=True), every(window)
    canvas, (left, right) = style.canvas(2, height=3.6)
    table: dict[str, Any] = {"moved": distances}
    for row, method in enumerate(methods):
        role, line, name = LOOKS[method]
        name = kept if method == "subsample" else name
        shown = {"color": style.colour(role), "linestyle": line, "marker": "o", "markersize": 4}
        left.plot(distances, rates.change[row], label=name, **shown)
        again = rates.found[row] * rates.stays[row]
        right.plot(distances, again, label=name, **shown)
        table |= {f"change_{method}": rates.change[row], f"again_{method}": again}
    full = dahlia.moved(distances, ["max"], window=1, equal_firing=True)
    table["again_full"] = full.found[0] * full.stays[0]
    unpooled = {"color": style.colour("ink"), "linestyle": style.DOTTED, "marker": "o"}
    right.plot(distances, table["again_full"], markersize=4, label="not pooled", **unpooled)
    left.set(title="Change of the pooled map", ylim=(0, 1))
    left.set_ylabel(_CHANGE)
    right.set(title="Found before and after the move", ylim=(0, 1.02), ylabel="of all petals")
    style.percent_axis(right.yaxis)
    for axes in (left, right):
        axes.set(xlabel="moved by, pixels of the photograph", xticks=distances)
    labels.key_each(canvas)
    numbers = {name: column[1] for name, column in table.items() if name != "moved"}
    return Drawing(canvas, table, numbers | {"window": window, "kept": kept})


@figure(
    title="What stays unchanged: a global max, whatever the move",
    caption="Share that is unchanged to the last bit: the whole pooled map of a lone peak, over "
    "all its places, and one pooled value of a busy map, for windows of the max by the law, else "
    "over {maps:,d} maps. Maps wrap round. Every second value mostly does not show the peak at "
    "all, neither before nor after: that counts as unchanged.",
    alt="A table of shares, ways to pool down, moves of 1 to 4 pixels across, for a lone peak and "
    "a busy map. Max over 2 by 2, moved by one: {lone:.0%} and {busy:.0%}. Max over 3 by 3 with "
    "stride 2: {overlap:.0%} of lone peaks. Global max: {whole:.0%} of both.",
)
def what_stays(maps: ManyMaps = 2000, seed: Seed = 0) -> Drawing:
    """Draw the share unchanged as a table of operators and moves."""
    size, moves = 12, (1, 2, 3, 4)
    windows = (2, 3, 4, 3)  # of the first operators, which have a law
    operators = {
        "max 2 × 2": pooling("max", 2),
        "max 3 × 3": pooling("max", 3),
        "max 4 × 4": pooling("max", 4),
        "max 3 × 3, stride 2": pooling("max", 3, 2),
        "mean 2 × 2": pooling("mean", 2),
        "every second value": pooling("subsample", 2),
        "global max": pooling("max", size),
    }
    peaks, noise = kit.lone_peaks(size), kit.busy_maps(maps, size, seed=seed)
    stays = np.array(
        [
            [
                [measured.unchanged(op, x, dx=d, whole=w)[0] for d in moves]
                for op in operators.values()
            ]
            for x, w in ((peaks, True), (noise, False))
        ]
    )
    laws = [[float(model.busy_map_unchanged(k, 0, d)) for d in moves] for k in windows]
    stays[1, : len(laws)] = laws
    canvas, panels = style.canvas(2, sharey=True, height=3.6)
    names = [
        name.replace("second value", "second value\n(peak mostly unseen)") for name in operators
    ]
    for axes, title, shares in zip(
        panels, ("A lone peak: the whole map", "A busy map: one value"), stays, strict=True
    ):
        _heat(axes, shares, [str(d) for d in moves], names)
        axes.set(title=title, xlabel="moved by, pixels")
    return Drawing(
        canvas,
        {
            "operator": [name for name in operators for _ in moves],
            "moved": list(moves) * len(operators),
            "lone_peak": stays[0].ravel(),
            "busy_map": stays[1].ravel(),
        },
        {
            "lone": stays[0, 0, 0],
            "busy": stays[1, 0, 0],
            "overlap": stays[0, 3, 0],
            "whole": stays[:, -1].min(),
        },
    )


FIGURES = (
    max_pooling_by_hand,
    shift_strip,
    unchanged_laws,
    unchanged_table,
    eight_neighbours,
    stays_or_jumps,
    subsampling_by_hand,
    dense_or_subsampled,
    comb,
    blur_repair,
    smooth_maps,
    stacked_depth,
    flower_shift,
    what_stays,
)


def _cells(axes: Axes, values: Floats, most: float) -> None:
    """Draw a row of values of at most that size as cells, filled by it; a NaN leaves a gap."""
    from matplotlib.patches import Rectangle

    for place, value in enumerate(values):
        if np.isnan(value):
            continue
        opacity = 0.06 + 0.6 * abs(value) / most
        fill: dict[str, Any] = {"facecolor": style.colour("ink"), "alpha": opacity}
        axes.add_patch(Rectangle((place + 0.04, 0.04), 0.92, 0.92, linewidth=0, **fill))
        centre: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
        centre["color"] = style.on_fill("ink", opacity)
        axes.text(place + 0.5, 0.5, in_digits(round(value, 3), ".3g"), **centre)
    style.picture_axes(axes)
    axes.set(xlim=(0, values.size), ylim=(1, 0), aspect="equal")


def _heat(
    axes: Axes,
    shares: Floats,
    columns: list[str],
    rows: list[str],
    text: list[list[str]] | None = None,
) -> None:
    """Draw shares as a table, its cells the darker the larger."""
    from matplotlib.patches import Rectangle

    for (row, column), share in np.ndenumerate(shares):
        opacity = 0.04 + (style.legible_opacity("max") - 0.04) * float(share)
        fill: dict[str, Any] = {"facecolor": style.colour("max"), "alpha": opacity}
        axes.add_patch(Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, linewidth=0, **fill))
        centre: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
        centre["color"] = style.on_fill("max", opacity)
        label = text[row][column] if text else f"{math.floor(100 * share + 0.5)}%"  # halves up
        axes.text(column + 0.5, row + 0.5, label, **centre)
    style.picture_axes(axes)
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns)
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows)


def _listed(values: Floats, digits: str = "g") -> str:
    return ", ".join(in_digits(value, digits) for value in values)
