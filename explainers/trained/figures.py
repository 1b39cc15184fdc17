"""The chapter's figures: means over networks with different seeds, with 95 % intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers.checks import Floats
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Whole
from explainers.records import figure
from explainers.trained import comparisons, statistics
from explainers.trained.arms import CONTROLS, Arm
from explainers.trained.comparisons import POOLED, Found
from explainers.trained.digits import CANVAS, MOVES, SIZES
from explainers.trained.layers import READOUTS
from explainers.trained.measured import LARGER, NOISES
from explainers.trained.model import CLASSES
from explainers.wording import how_many

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW, *_, MANY = SIZES

NOISY = ("accuracy", *(f"accuracy, noise {noise}" for noise in NOISES))
LARGE = ("accuracy", "accuracy, larger canvas")

# Which colour a network has, how its line is drawn, and what it is called.
LOOKS: dict[str, tuple[str, Any, str]] = {
    "none": ("single", style.SOLID, "no pooling"),
    "stride": ("known", style.DOTTED, "every second value"),
    "mean": ("mean", style.DASHED, "mean"),
    "max": ("max", style.SOLID, "max"),
    "overlap": ("max", style.DOTTED, "max, 3 × 3"),
    "blurred": ("known", style.DASHED, "max, blurred"),
    "dense": ("mean", style.DOTTED, "max, no subsampling"),
}
SHOWN = ("none", "stride", "mean", "max", "blurred")
TITLES = {"flatten": "maps flattened", "mean": "global mean", "max": "global max"}
# What stands in a pooling's place.
INSTEAD = {
    "stride": "a stride",
    "wide": "a stride, equal work",
    "broad": "a stride, equal work",
    "learned": "a convolution more",
    "thrifty": "the same, equal weights",
    "narrow": "nothing, equal work",
    "slim": "nothing, equal work",
}

MOVED = ("accuracy", *(f"accuracy, moved by {move}" for move in range(1, MOVES)))


def _curves(
    arm: Arm, measures: Sequence[str], dropped: bool = False
) -> tuple[Floats, Floats, Floats]:
    """Means of some measures of an arm's networks, and the ends of their intervals."""
    each = [comparisons.numbers(arm, measure, dropped) for measure in measures]
    found = [statistics.mean(numbers) for numbers in each]
    value, low, high = np.array(found).T
    return value, np.clip(low, 0, 1), np.clip(high, 0, 1)


def _line(axes: Axes, x: Sequence[float], curve: tuple[Floats, Floats, Floats], name: str) -> None:
    role, line, label = LOOKS[name]
    value, low, high = curve
    axes.fill_between(x, low, high, color=style.colour(role), alpha=0.15, linewidth=0)
    axes.plot(x, value, color=style.colour(role), linestyle=line, label=label)


def _columns(prefix: str, curve: tuple[Floats, Floats, Floats]) -> dict[str, Floats]:
    return {f"{prefix}{end}": c for end, c in zip(("", "_low", "_high"), curve, strict=True)}


def _shares(axes: Axes, ylabel: str) -> None:
    axes.set(ylabel=ylabel, ylim=(0, 1.03))
    style.percent_axis(axes.yaxis)


# ---- Moves ----


@figure(
    title="Subsampling makes a comb of a network's accuracy, and a flattened map a cliff",
    caption="Share of digits told right after a move to the right; trained on others at one place, "
    "means of {seeds} networks each with 95% intervals. Behind a global max a move by "
    "{period} pixels changes nothing, as two subsamplings make steps of so many; with max pooling "
    "half as many will do. After {moved} it is {max_max:.0%} with max pooling, and {max_none:.0%} "
    "without. Flattened: {flatten_max:.0%} with max pooling, {flatten_none:.0%} without.",
    alt="Accuracy against moves from none to {moves} pixels, in three panels. After {moved}, maps "
    "flattened: {flatten_max:.0%} with max pooling, {flatten_none:.0%} without. Global mean: "
    "{mean_max:.0%} with max pooling, {mean_stride:.0%} with every second value, {mean_none:.0%} "
    "without. Global max: {max_max:.0%}, {max_stride:.0%} and {max_none:.0%}; every "
    "{period} pixels each is what it was.",
)
def moving_comb(
    move: Annotated[int, Whole(1, MOVES - 1, "pixels, named in the caption")] = 2,
) -> Drawing:
    """Draw accuracy against moves by up to eight pixels, by readout and pooling."""
    canvas, panels = style.canvas(3, height=3.6)
    table: dict[str, Any] = {"move": list(range(MOVES))}
    for axes, readout in zip(panels, READOUTS, strict=True):
        table |= _panel(axes, readout, range(MOVES), MOVED)
        axes.set(xlabel="move, in pixels", xticks=range(0, MOVES, 2))
    labels.key_above(canvas)
    return Drawing(
        canvas,
        table,
        _named(table, move)
        | {
            "moved": how_many(move, "pixel"),
            "period": 4,
            "moves": MOVES - 1,
            "seeds": comparisons.seeds(),
            "many": MANY,
        },
    )


def _panel(
    axes: Axes, readout: str, x: Sequence[float], measures: Sequence[str]
) -> dict[str, Floats]:
    """Draw some measures of networks with each pooling, and return them as columns."""
    table: dict[str, Floats] = {}
    for name in SHOWN:
        curve = _curves(Arm(name, readout), measures)
        _line(axes, x, curve, name)
        table |= _columns(f"{readout}_{name}", curve)
    axes.set_title(TITLES[readout])
    _shares(axes, "digits told right")
    return table


def _named(table: Mapping[str, Any], at: int, readouts: Sequence[str] = READOUTS) -> dict[str, Any]:
    """The numbers of one place along the curves, by readout and pooling."""
    names = [f"{readout}_{name}" for readout in readouts for name in SHOWN]
    return {name: float(table[name][at]) for name in names}


@figure(
    title="Trained at one place, and on moved digits",
    caption="Share of digits told right after a move, the maps being flattened; means of {seeds} "
    "networks each with 95% intervals; trained on {many:,d} digits. On average over all moves: "
    "without pooling {none_still:.0%} after training at one place and {none_moved:.0%} after "
    "training on moved digits; with max pooling {max_still:.0%} and {max_moved:.0%}.",
    alt="Four curves over moves from 0 to {moves} pixels. Two fall steeply: trained at one place "
    "without pooling, {none_still:.0%} on average, and with max pooling, {max_still:.0%}. Two "
    "are flat: trained on moved digits without pooling, {none_moved:.0%}, and with max pooling, "
    "{max_moved:.0%}.",
)
def moved_training() -> Drawing:
    """Draw accuracy against moves, trained at one place and on moved digits."""
    canvas, axes = style.canvas(height=3.6)
    table: dict[str, Any] = {"move": list(range(MOVES))}
    for trained in ("still", "moved"):
        for name in ("none", "max"):
            curve = _curves(Arm(name, moved=trained == "moved"), MOVED)
            role, line, label = LOOKS[name]
            line = line if trained == "still" else style.DASHED
            value, low, high = curve
            axes.fill_between(range(MOVES), low, high, color=style.colour(role), alpha=0.15, lw=0)
            axes.plot(
                value,
                color=style.colour(role),
                linestyle=line,
                label=label if trained == "still" else f"{label}, trained on moved digits",
            )
            table |= _columns(f"{name}_{trained}", curve)
    axes.set(xlabel="move, in pixels", xticks=range(MOVES))
    _shares(axes, "digits told right")
    labels.key_above(canvas)
    means = {
        name: float(np.mean(table[name]))
        for name in ("none_still", "none_moved", "max_still", "max_moved")
    }
    return Drawing(
        canvas, table, means | {"moves": MOVES - 1, "seeds": comparisons.seeds(), "many": MANY}
    )


# ---- Differences, with intervals ----


def _forest(
    axes: Axes, rows: Sequence[tuple[str, str, Found]], title: str, xlabel: str
) -> list[tuple[float, float, float]]:
    """A row for each comparison: its difference and interval, in points."""
    ends = [tuple(100 * end for end in found.difference) for _, _, found in rows]
    axes.axvline(0, color=style.colour("muted"), linewidth=1)
    for y, ((role, _, _), (value, low, high)) in enumerate(zip(rows, ends, strict=True)):
        axes.plot([low, high], [y, y], color=style.colour(role), linewidth=1.6)
        axes.plot([value], [y], "o", color=style.colour(role), markersize=5)
    axes.set_yticks(range(len(rows)), [name for _, name, _ in rows])
    axes.set(xlabel=xlabel, ylim=(len(rows) - 0.4, -0.6))
    axes.set_title(title)
    return ends  # type: ignore[return-value]


@figure(
    title="What pooling adds to accuracy depends on what follows it",
    caption="Accuracy with each pooling less that without, in percentage points, by what follows "
    "the last maps; trained on {many:,d} digits at one place, {seeds} networks each, compared "
    "seed by seed. The intervals are corrected for {cases} comparisons. With max pooling: "
    "{flatten_max:.1f} points if the maps are flattened, {mean_max:.1f} before a global mean, "
    "{max_max:.1f} before a global max.",
    alt="Three panels with a mark and an interval for each pooling, around a line at 0 points. "
    "Max pooling: {flatten_max:.1f} points before flattening, {mean_max:.1f} before a global "
    "mean, {max_max:.1f} before a global max. Mean pooling: {flatten_mean:.1f}, {mean_mean:.1f} "
    "and {max_mean:.1f} points.",
)
def gains_by_arm() -> Drawing:
    """Draw the paired differences of accuracy, pooling by pooling."""
    canvas, panels = style.canvas(3, height=3.0)
    cases = comparisons.found("accuracy")
    table: dict[str, list[Any]] = {
        name: [] for name in ("readout", "pooling", "gain", "low", "high")
    }
    for axes, readout in zip(panels, READOUTS, strict=True):
        rows = [
            (LOOKS[name][0], LOOKS[name][2], cases[name, readout, "circular", "still", MANY])
            for name in POOLED
        ]
        ends = _forest(axes, rows, TITLES[readout], "points of accuracy")
        for name, (value, low, high) in zip(POOLED, ends, strict=True):
            for key, entry in zip(table, (readout, name, value, low, high), strict=True):
                table[key].append(entry)
    said = {
        f"{readout}_{name}": gain
        for readout, name, gain in zip(
            table["readout"], table["pooling"], table["gain"], strict=True
        )
        if name in ("max", "mean")
    }
    return Drawing(
        canvas, table, said | {"cases": len(cases), "seeds": comparisons.seeds(), "many": MANY}
    )


@figure(
    title="Strided convolutions in place of max pooling",
    caption="Accuracy of networks with something else in place of max pooling, less that with max "
    "pooling, in percentage points; trained on {many:,d} digits at one place, {seeds} networks "
    "each, compared seed by seed, with 95% intervals corrected for {cases} comparisons. Equal "
    "work: about as many multiplications as with max pooling. If the maps are flattened, a stride "
    "comes to {flatten_stride:.1f} points, a convolution more to {flatten_learned:.1f}, and no "
    "pooling with equal work to {flatten_slim:.1f}.",
    alt="Three panels with a mark and an interval for each network, around a line at 0 points, "
    "which is max pooling. Maps flattened: a stride {flatten_stride:.1f} points, a convolution "
    "more {flatten_learned:.1f}, nothing at equal work {flatten_slim:.1f}. Global mean: "
    "{mean_stride:.1f}, {mean_learned:.1f}, {mean_narrow:.1f}. Global max: {max_stride:.1f}, "
    "{max_learned:.1f}, {max_narrow:.1f}.",
)
def strided_instead() -> Drawing:
    """Draw the paired differences of accuracy from max pooling, network by network."""
    canvas, panels = style.canvas(3, height=3.0)
    names = {readout: ("stride", *CONTROLS[readout]) for readout in READOUTS}
    pairs = [(r, Arm(name, r), Arm("max", r)) for r in READOUTS for name in names[r]]
    differences = [
        comparisons.numbers(a, "accuracy") - comparisons.numbers(b, "accuracy") for _, a, b in pairs
    ]
    level = 1 - (1 - statistics.LEVEL) / len(pairs)
    table: dict[str, list[Any]] = {
        name: [] for name in ("readout", "network", "gain", "low", "high")
    }
    for axes, readout in zip(panels, READOUTS, strict=True):
        rows = [
            ("known" if arm.network in ("narrow", "slim") else "single", INSTEAD[arm.network], each)
            for (r, arm, _), each in zip(pairs, differences, strict=True)
            if r == readout
        ]
        found = [
            (role, name, Found(0, 0, statistics.mean(each, level), len(each), len(pairs)))
            for role, name, each in rows
        ]
        ends = _forest(axes, found, TITLES[readout], "points of accuracy")
        for name, (value, low, high) in zip(names[readout], ends, strict=True):
            for key, entry in zip(table, (readout, name, value, low, high), strict=True):
                table[key].append(entry)
    said = {
        f"{readout}_{name}": gain
        for readout, name, gain in zip(
            table["readout"], table["network"], table["gain"], strict=True
        )
    }
    return Drawing(
        canvas, table, said | {"cases": len(pairs), "seeds": comparisons.seeds(), "many": MANY}
    )


# ---- Training and test, noise, canvas ----


@figure(
    title="In training and in the test, by the number of digits trained on",
    caption="Share told right of the digits trained on, and of others (dashed), against the number "
    "trained on; maps flattened, means of {seeds} networks each with 95% intervals. With {few:d} "
    "digits {known:.1%} of those trained on are told right with max pooling, and of "
    "others {test_max:.1%}; without pooling {test_none:.1%}.",
    alt="Two pairs of curves over {few:d}, {middle:d} and {many:,d} training digits. Those for "
    "training digits stay near 100%. Those for test digits rise: with max pooling from "
    "{test_max:.1%} to {test_max_many:.1%}, without from {test_none:.1%} to {test_none_many:.1%}.",
)
def gaps_by_size() -> Drawing:
    """Draw accuracy in training and test against the number of training digits."""
    canvas, axes = style.canvas(height=3.6)
    table: dict[str, Any] = {"size": list(SIZES)}
    for name in ("none", "max", "blurred", "dropout"):
        role, _, label = LOOKS.get(name, ("mean", style.SOLID, "no pooling, dropout"))
        arms = [Arm("none" if name == "dropout" else name, size=size) for size in SIZES]
        for measure, line, kind in (
            ("training accuracy", style.SOLID, "train"),
            ("accuracy", style.DASHED, "test"),
        ):
            curves = [_curves(arm, [measure], dropped=name == "dropout") for arm in arms]
            value, low, high = (np.concatenate(ends) for ends in zip(*curves, strict=True))
            axes.fill_between(SIZES, low, high, color=style.colour(role), alpha=0.15, lw=0)
            axes.plot(
                SIZES,
                value,
                color=style.colour(role),
                linestyle=line,
                marker="o",
                markersize=4,
                label=f"{label}, {'trained on' if kind == 'train' else 'unseen'}",
            )
            table |= _columns(f"{name}_{kind}", (value, low, high))
    axes.set_xscale("log")
    axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
    axes.minorticks_off()
    axes.set(ylim=(0.795, 1.005), yticks=np.linspace(0.8, 1, 5))
    axes.set(xlabel="digits trained on", ylabel="digits told right")
    style.percent_axis(axes.yaxis)
    labels.key_above(canvas)
    return Drawing(
        canvas,
        table,
        {
            "known": float(table["max_train"][0]),
            "test_max": float(table["max_test"][0]),
            "test_none": float(table["none_test"][0]),
            "test_max_many": float(table["max_test"][-1]),
            "test_none_many": float(table["none_test"][-1]),
            "few": FEW,
            "middle": SIZES[1],
            "many": MANY,
            "seeds": comparisons.seeds(),
        },
    )


@figure(
    title="Noise that no network was trained on",
    caption="Share of digits told right against the noise on their pixels, in parts of black; no "
    "network was trained on any. Means of {seeds} networks each with 95% intervals, trained on "
    "{many:,d} digits. With noise of {noise:.0%}: behind a global max {max_none:.0%} without "
    "pooling, {max_max:.0%} with max pooling, {max_stride:.0%} with every second value; flattened "
    "{flatten_none:.0%}, {flatten_max:.0%} and {flatten_stride:.0%}.",
    alt="Falling curves of accuracy against noise from none to {most:.0%} of black, three panels. "
    "At {noise:.0%}, maps flattened: {flatten_none:.0%} without pooling, {flatten_max:.0%} with "
    "max pooling, {flatten_mean:.0%} with mean pooling. Global mean: {mean_none:.0%}, "
    "{mean_max:.0%}, {mean_mean:.0%}. Global max: {max_none:.0%}, {max_max:.0%}, {max_mean:.0%}.",
)
def noise_by_readout(
    level: Annotated[int, Whole(1, len(NOISES), "which of the noises the caption names")] = 2,
) -> Drawing:
    """Draw accuracy against noise, by readout and pooling."""
    noises = [0.0, *NOISES]
    canvas, panels = style.canvas(3, height=3.6)
    table: dict[str, Any] = {"noise": noises}
    for axes, readout in zip(panels, READOUTS, strict=True):
        table |= _panel(axes, readout, noises, NOISY)
        axes.set(xlabel="noise, in parts of black")
        style.percent_axis(axes.xaxis)
    labels.key_above(canvas)
    return Drawing(
        canvas,
        table,
        _named(table, level)
        | {
            "noise": noises[level],
            "most": noises[-1],
            "seeds": comparisons.seeds(),
            "many": MANY,
        },
    )


@figure(
    title="On a larger canvas than the one trained on",
    caption="Share of digits told right on the canvas of {side} × {side} that was trained on, and "
    "on one of {larger} × {larger}; means of {seeds} networks each with 95% intervals. With a "
    "global max: {max_max:.1%} with max pooling, {max_none:.1%} without. With a global mean: "
    "{mean_max:.1%} with max pooling, {mean_mean:.1%} with mean pooling, {mean_none:.1%} without.",
    alt="Two panels with lines from the accuracy on a canvas of {side} by {side} to that on "
    "{larger} by {larger}. Global mean: {mean_max:.1%} are left with max pooling, {mean_mean:.1%} "
    "with mean pooling, {mean_none:.1%} without. Global max: flat lines, at {max_max:.1%} with "
    "max pooling and {max_none:.1%} without.",
)
def larger_canvas() -> Drawing:
    """Draw accuracy on the canvas that was trained on, and on a larger one."""
    canvas, panels = style.canvas(2, height=3.4)
    table: dict[str, Any] = {"canvas": [CANVAS, LARGER]}
    for axes, readout in zip(panels, READOUTS[1:], strict=True):
        table |= _panel(axes, readout, (0, 1), LARGE)
        axes.set_xticks([0, 1], [f"{side} × {side}" for side in (CANVAS, LARGER)])
        axes.set(xlabel="canvas", xlim=(-0.15, 1.15))
    labels.key_above(canvas)
    return Drawing(
        canvas,
        table,
        _named(table, 1, READOUTS[1:])
        | {"side": CANVAS, "larger": LARGER, "seeds": comparisons.seeds()},
    )


# ---- Networks in rows ----


def _rows_of(
    axes: Axes, arms: Sequence[Arm], measure: str, xlabel: str
) -> tuple[Floats, Floats, Floats]:
    """A row for each arm: the mean of a share, and its interval."""
    found = [_curves(arm, [measure]) for arm in arms]
    value, low, high = (np.concatenate(ends) for ends in zip(*found, strict=True))
    for y, arm in enumerate(arms):
        colour = style.colour(LOOKS[arm.network][0])
        axes.plot([low[y], high[y]], [y, y], color=colour, linewidth=1.6)
        axes.plot([value[y]], [y], "o", color=colour, markersize=5)
    axes.set_yticks(range(len(arms)), [LOOKS[arm.network][2] for arm in arms])
    axes.set(xlabel=xlabel, ylim=(len(arms) - 0.4, -0.6))
    style.percent_axis(axes.xaxis)
    return value, low, high


@figure(
    title="The gradient of a picture reaches a part of its maps; in the end, nearly all weights",
    caption="Share of the first convolution's values to which the gradient of one picture comes "
    "back, and of its weights to which some gradient came during training; maps flattened, means "
    "of {seeds} networks each with 95% intervals, trained on {many:,d} digits. With max pooling "
    "{values_max:.0%} of the values and {weights_max:.1%} of the weights; without "
    "{values_none:.0%} and {weights_none:.1%}.",
    alt="Two panels with a row for each pooling. Values with gradient: {values_none:.0%} without "
    "pooling, {values_mean:.0%} with mean pooling, {values_max:.0%} with max pooling. Weights: "
    "all near {weights_max:.0%}.",
)
def reached_by_gradient() -> Drawing:
    """Draw what the gradient reaches: values of a map, and weights."""
    canvas, panels = style.canvas(2, height=3.0)
    table: dict[str, Any] = {"pooling": list(LOOKS)}
    for axes, name in zip(panels, ("values", "weights"), strict=True):
        measure = {"values": "first positions reached", "weights": "first weights reached"}[name]
        curve = _rows_of(axes, [Arm(n) for n in LOOKS], measure, f"{name} with gradient")
        axes.set_xlim(0, 1.04)
        axes.set_title({"values": "for one picture", "weights": "in all of the training"}[name])
        table |= _columns(name, curve)
    said = {
        f"{name}_{network}": float(table[name][list(LOOKS).index(network)])
        for name in ("values", "weights")
        for network in ("none", "mean", "max")
    }
    return Drawing(canvas, table, said | {"seeds": comparisons.seeds(), "many": MANY})


@figure(
    title="With the quarters of the digits exchanged, most answers change",
    caption="Share of digits that are answered as before when their quarters are exchanged, by "
    "what follows the last maps; means of {seeds} networks each with 95% intervals, trained on "
    "{many:,d} digits. Without pooling: {flatten_none:.0%} if the maps are flattened, "
    "{mean_none:.0%} before a global mean, {max_none:.0%} before a global max. Guessing comes to "
    "{guessed:.0%}.",
    alt="Three panels with a row for each pooling. Maps flattened: all near {guessed:.0%}. Global "
    "mean: from {mean_least:.0%} to {mean_most:.0%}. Global max: from {max_least:.0%} to "
    "{max_most:.0%}.",
)
def parts_exchanged() -> Drawing:
    """Draw how many answers stay when the quarters of each digit are exchanged."""
    canvas, panels = style.canvas(3, height=3.0)
    table: dict[str, Any] = {"pooling": list(LOOKS)}
    for axes, readout in zip(panels, READOUTS, strict=True):
        arms = [Arm(name, readout) for name in LOOKS]
        curve = _rows_of(axes, arms, "kept, taken apart", "answers as before")
        axes.axvline(1 / CLASSES, color=style.colour("muted"), linewidth=1)
        axes.set_xlim(0, 0.62)
        axes.set_title(TITLES[readout])
        table |= _columns(readout, curve)
    said = {
        f"{readout}_{end}": float(number)
        for readout in READOUTS
        for end, number in (
            ("none", table[readout][0]),
            ("least", min(table[readout])),
            ("most", max(table[readout])),
        )
    }
    return Drawing(
        canvas,
        table,
        said | {"guessed": 1 / CLASSES, "seeds": comparisons.seeds(), "many": MANY},
    )


FIGURES = (
    moving_comb,
    gains_by_arm,
    strided_instead,
    gaps_by_size,
    moved_training,
    noise_by_readout,
    larger_canvas,
    reached_by_gradient,
    parts_exchanged,
)
