"""The chapter's figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers.alternatives import dahlia, figures_practice, measured, model, pools
from explainers.alternatives.aggregates import CLAMP, slope_in_p
from explainers.checks import Floats
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.intervals import Interval
from explainers.kinds import Number, Whole
from explainers.records import figure
from explainers.wording import how_many

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Units = Annotated[int, Whole(2, 196, "units of the window")]
DPrime = Annotated[float, Number(0.5, 4, "d′ of the feature in one unit")]
Noise = Annotated[float, Number(0.01, 0.5, "noise, as a share of the feature's height")]
Maps = Annotated[int, Whole(2, 200, "random maps")]
Draws = Annotated[int, Whole(2, 100, "noisy photographs")]

SHARED, TRIALS = 0.5, 5000
# What each row is drawn with, where it is one of those that the text compares.
ROLES = {
    "max": "max",
    "mean": "mean",
    "every second value": "single",
    "strided convolution": "single",
}
MARKS = ("o", "s", "D", "^")

SUMMARIES = (
    "every second value", "max", "min", "median", "mean", "mixed", "generalised mean",
    "softmax-weighted", "log-sum-exp", "concatenated", "stochastic", "stochastic test",
)  # fmt: skip
DECIDERS = (
    "every second value", "min", "median", "mean", "generalised mean", "log-sum-exp", "mixed",
    "max", "stochastic", "stochastic test", "concatenated", "attention, known",
    "attention, unknown", "attention, wrong",
)  # fmt: skip
SHRINKING = tuple(row for row in pools.POOLS if row != "none")
"""Rows of the figures: what makes one number of a window, what decides, what makes maps smaller."""


# Rows


def _rows(
    axes: Axes, names: Sequence[str], series: Mapping[str, tuple[str, Sequence[float]]]
) -> None:
    """Draw a mark for each row and series; of one series alone, rows have the roles of `ROLES`."""
    places = np.arange(len(names))[::-1]
    for (label, (role, values)), mark in zip(series.items(), MARKS, strict=False):
        one = len(series) == 1
        colours = [style.colour(ROLES.get(name, role) if one else role) for name in names]
        axes.scatter(values, places, c=colours, marker=mark, s=34, zorder=3)
        if not one:
            axes.plot([], [], mark, color=style.colour(role), label=label)
    axes.set_yticks(places, names)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.grid(True, axis="y", linestyle=style.DOTTED)


def _columns(found: Sequence[Interval[float]], name: str) -> dict[str, list[float]]:
    """A column for the numbers, and two for the ends of their intervals."""
    return {
        f"{name}{end}": [float(each[i]) for each in found]
        for i, end in enumerate(("", "_low", "_high"))
    }


# What is found


def _found(row: str, units: int, seen: int, d_prime: float, correlation: float) -> Interval[float]:
    """A row's hit rate, by law where there is one."""
    case: dict[str, Any] = {"d_prime": d_prime}
    noisy = {**case, "correlation": correlation}
    if row == "every second value":
        return _exact(model.fixed_hit_rate(units, seen, **case))
    if row == "mean":
        return _exact(model.mean_hit_rate(units, seen, **noisy))
    ranks = {"max": 1, "min": units} | ({"median": (units + 1) // 2} if units % 2 else {})
    if row in ranks:
        return _exact(model.ranked_hit_rate(ranks[row], units, seen, **noisy))
    if row.startswith("attention"):
        query = row.partition(", ")[2]
        return _exact(model.attention_hit_rate(units, seen, query, **noisy))
    if row == "concatenated":
        return measured.concatenated_hit_rate(units, seen, **noisy, trials=TRIALS).hit
    soft = {"temperature": 1 / d_prime} if row == "log-sum-exp" else {}
    return measured.hit_rate(row, units, seen, **noisy, **soft, trials=TRIALS)  # type: ignore[arg-type]


def _exact(value: float) -> Interval[float]:
    return Interval(value, value, value)


@figure(
    title="What finds most depends on what the noise shares",
    caption="{sees} a feature of d′ = {d_prime:g}; 5% false alarms. With noise of its own in each "
    "unit the max finds {max:.0%}, the mean {mean:.0%}, a generalised mean {gem:.0%}. If half of "
    "the noise is shared, it is {max_shared:.0%}, {mean_shared:.0%} and {gem_shared:.0%}, and max "
    "and mean together find {both_shared:.0%}. Attention counts some units more: those that see "
    "it (known), all alike (unknown), or others (wrong).",
    alt="Two panels of hit rates by pool, {sees_small} the feature. Own noise: max {max:.0%}, mean "
    "{mean:.0%}, generalised mean {gem:.0%}, max and mean together {both:.0%}. Shared noise: max "
    "{max_shared:.0%}, mean {mean_shared:.0%}, generalised mean {gem_shared:.0%}, together "
    "{both_shared:.0%}.",
)
def hits_by_pool(
    units: Units = 49,
    seen: Annotated[int, Whole(1, 196, "units that see the feature, at most all")] = 7,
    d_prime: DPrime = 2.0,
) -> Drawing:
    """Draw hit rates by pool, with own noise and with shared noise."""
    some = min(seen, units)
    own, shared = (
        [_found(row, units, some, d_prime, correlation) for row in DECIDERS]
        for correlation in (0.0, SHARED)
    )
    canvas, panels = style.canvas(2, height=4.3)
    for axes, found, title in zip(
        panels, (own, shared), ("Own noise", "Shared noise"), strict=True
    ):
        _rows(axes, DECIDERS, {"hits": ("known", [each.value for each in found])})
        axes.set(xlim=(-0.03, 1.03), xlabel="hit rate", title=title)
        style.percent_axis(axes.xaxis)
    named = {"max": "max", "mean": "mean", "generalised mean": "gem", "concatenated": "both"}
    verb = "sees" if some == 1 else "see"
    sees = f"{'One' if some == 1 else some} of {units} units {verb}"
    return Drawing(
        canvas,
        {"pool": list(DECIDERS), **_columns(own, "own"), **_columns(shared, "shared")},
        {
            "sees": sees,
            "sees_small": sees.replace("One", "one"),
            **{
                f"{short}{suffix}": found[DECIDERS.index(row)].value
                for row, short in named.items()
                for suffix, found in (("", own), ("_shared", shared))
            },
        },
    )


@figure(
    title="The fewer see it, the higher the best power",
    caption="Hit rates of a generalised mean of rectified values by its power p, from their mean "
    "towards their max, with noise of its own in each of {units:d} units; d′ = {d_prime:g}, 5% "
    "false alarms. If one unit sees the feature, p = {one:g} is best of those that are tried; if "
    "√n of n do, here {some:d}, p = {some_best:g}; if all do, p = {all_best:g}.",
    alt="Curves of hit rates by the power p from 1 to 100, for {units:d} units. If one sees the "
    "feature the best power is {one:g} with {one_hits:.0%} of hits, if {some:d} do it is "
    "{some_best:g} with {some_hits:.0%}, and if all do it is {all_best:g} with {all_hits:.0%}.",
)
def frontier_of_powers(
    units: Annotated[int, Whole(4, 100, "units of the window")] = 49, d_prime: DPrime = 2.0
) -> Drawing:
    """Draw the hit rate by power, for one, some and all units that see it."""
    some = math.isqrt(units)
    seen = (1, some, units)
    found = measured.frontier(units=units, seen=seen, d_prime=d_prime, trials=TRIALS)
    canvas, axes = style.canvas(height=3.4)
    names = ("one sees it", f"{some} see it", "all see it")
    for i, (name, role) in enumerate(zip(names, ("max", "known", "mean"), strict=True)):
        axes.plot(found.settings, found.hit.value[i], color=style.colour(role), label=name)
        at = found.best[i]
        axes.plot(found.settings[at], found.hit.value[i][at], "o", color=style.colour(role))
    axes.set(xscale="log", ylim=(0, 1.04), xlabel="power p", ylabel="hit rate")
    axes.set_xticks([1, 2, 3, 6, 12, 100], ["1", "2", "3", "6", "12", "100"])
    axes.minorticks_off()
    style.percent_axis(axes.yaxis)
    labels.name_curves(canvas)
    best, hits = found.settings[found.best], found.hit.value.max(axis=1)
    columns = zip(("one", "some", "all"), found.hit.value, strict=True)
    return Drawing(
        canvas,
        {"p": found.settings, **{f"hits_{name}": values for name, values in columns}},
        {
            "one": best[0],
            "some_best": best[1],
            "all_best": best[2],
            "some": some,
            **dict(zip(("one_hits", "some_hits", "all_hits"), hits, strict=True)),
        },
    )


@figure(
    title="From how many units on the mean finds more than the max",
    caption="For windows of 4 to 196 units. With noise of its own in each unit, the mean leads "
    "from {large:d} of 196 units on that see a feature of d′ = {d_prime:g}; the line of dots is "
    "the root of their number. If half of the noise is shared, from {large_shared:d}. False "
    "alarms are 5%.",
    alt="Two rising curves over the number of units, 4 to 196: how many must see a feature for the "
    "mean to lead. Own noise: {some:d} of 49 and {large:d} of 196, near the root of the number. "
    "Shared noise: {some_shared:d} of 49 and {large_shared:d} of 196.",
)
def where_the_mean_leads(d_prime: DPrime = 2.0) -> Drawing:
    """Draw from how many units on the mean leads, by the number of units."""
    sizes = np.array([4, 9, 16, 25, 49, 100, 196])
    own, shared = (
        [model.mean_leads_from(n, d_prime=d_prime, correlation=r) for n in sizes.tolist()]
        for r in (0.0, SHARED)
    )
    canvas, axes = style.canvas(height=3.3)
    axes.plot(sizes, shared, color=style.colour("max"), label="shared noise")
    axes.plot(sizes, own, color=style.colour("mean"), linestyle=style.DASHED, label="own noise")
    axes.plot(sizes, np.sqrt(sizes), color=style.colour("muted"), linestyle=style.DOTTED)
    axes.set(xscale="log", yscale="log", xlabel="units", ylabel="units that must see it")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([4, 16, 49, 196] if axis is axes.xaxis else [1, 4, 16, 49, 196])
        axis.set_major_formatter("{x:.0f}")
    axes.minorticks_off()
    axes.set_ylim(0.8, 230)
    labels.name_curves(canvas)
    values = {
        f"{name}{suffix}": found[sizes.tolist().index(n)]
        for name, n in (("some", 49), ("large", 196))
        for suffix, found in (("", own), ("_shared", shared))
    }
    return Drawing(canvas, {"units": sizes, "own": own, "shared": shared}, values)


@figure(
    title="Attention finds what its query fits",
    caption="One of {units:d} units sees a feature of d′ = {d_prime:g}; 5% false alarms. A query "
    "that fits none more than others is the mean: {mean:.0%}. One that gives the right unit 20 "
    "times the weight (the grey line) finds {known:.0%}, and the wrong unit {wrong:.1%}. Dotted: "
    "the max.",
    alt="Hit rates of attention by how many times the weight of others the query gives, from 1 to "
    "400. From {mean:.0%}, the mean, the curve of the right query goes to {known:.0%} at 20 times "
    "the weight and {most:.0%} at 400; that of a wrong query to {wrong:.1%}. The max has "
    "{max:.0%}.",
)
def attention_by_fit(units: Units = 49, d_prime: DPrime = 2.0) -> Drawing:
    """Draw hit rates of attention by how well its query fits."""
    fits = np.linspace(0, 6, 25)
    known, wrong = (
        [model.attention_hit_rate(units, 1, query, float(fit), d_prime=d_prime) for fit in fits]
        for query in ("known", "wrong")
    )
    largest = model.max_hit_rate(units, 1, d_prime=d_prime)
    canvas, axes = style.canvas(height=3.3)
    weights = np.exp(fits)
    axes.axvline(np.exp(3), color=style.colour("grid"), linewidth=3)
    axes.axhline(largest, color=style.colour("max"), linestyle=style.DOTTED)
    axes.plot(weights, known, color=style.colour("known"), label="right query")
    axes.plot(
        weights, wrong, color=style.colour("muted"), linestyle=style.DASHED, label="wrong query"
    )
    axes.set(xscale="log", ylim=(0, 1.02), xlabel="weight of what fits, over others")
    axes.set(ylabel="hit rate")
    axes.set_xticks([1, 3, 10, 30, 100, 300], ["1", "3", "10", "30", "100", "300"])
    axes.minorticks_off()
    style.percent_axis(axes.yaxis)
    labels.name_curves(canvas)
    at = int(np.argmin(np.abs(fits - 3)))
    return Drawing(
        canvas,
        {"weight": weights, "known": known, "wrong": wrong},
        {
            "mean": known[0],
            "known": known[at],
            "wrong": wrong[at],
            "most": known[-1],
            "max": largest,
        },
    )


# What stays, and where it was


@figure(
    title="What changes when the map moves by one pixel, and what no shift explains",
    caption="Round marks: the change of the pooled map, where 1 is that between unrelated maps; "
    "squares: what is left of it if the pooled map may be shifted. Smooth rectified maps, windows "
    "of 2 × 2. The max changes by {max:.2f}, a blurred max by {blurred:.2f}. Polyphase pools "
    "leave nothing after a shift.",
    alt="Marks for {rows:d} pools. The pooled map changes by {max:.2f} for the max, {mean:.2f} "
    "for the mean, {skipped:.2f} for every second value and {blurred:.2f} for a blurred max. If "
    "it may be shifted, {max_left:.2f}, {mean_left:.2f}, {skipped_left:.2f} and "
    "{blurred_left:.2f} are left; for polyphase pools nothing.",
)
def change_by_pool(maps: Maps = 100) -> Drawing:
    """Draw the change of pooled maps, and what no shift of them explains."""
    found = [measured.moved(row, maps=maps) for row in SHRINKING]
    change, left = ([getattr(each, name) for each in found] for name in ("change", "equivariance"))
    canvas, axes = style.canvas(height=5.2)
    series = {"change": ("known", _values(change)), "left after a shift": ("single", _values(left))}
    _rows(axes, SHRINKING, series)
    axes.set(xlim=(-0.02, 0.7), xlabel="RMS change, 1 between unrelated maps")
    labels.key_above(canvas)
    named = {
        "max": "max",
        "mean": "mean",
        "every second value": "skipped",
        "blurred max": "blurred",
    }
    places = {short: SHRINKING.index(row) for row, short in named.items()}
    return Drawing(
        canvas,
        {"pool": list(SHRINKING), **_columns(change, "change"), **_columns(left, "left")},
        {
            "rows": len(SHRINKING),
            **{short: change[i].value for short, i in places.items()},
            **{f"{short}_left": left[i].value for short, i in places.items()},
        },
    )


def _values(found: Sequence[Interval[float]]) -> list[float]:
    return [each.value for each in found]


@figure(
    title="How exactly a place can be read behind each pool",
    caption="RMS error of a linear read-out of neighbouring pooled values, in pixels, noise "
    "{noise:.0%} of the feature's height. A single pixel: {max:.2f} behind the max, {strided:.2f} "
    "behind a strided 3 × 3 convolution. A blob of σ 1.5 pixels: {max_wide:.3f} and "
    "{strided_wide:.3f}.",
    alt="Two panels of errors by pool. A single pixel: max {max:.2f}, mean {mean:.2f}, every "
    "second value {skipped:.2f}, strided convolution {strided:.2f} pixels. A blob of sigma 1.5 "
    "pixels: max {max_wide:.3f}, mean {mean_wide:.3f}, every second value {skipped_wide:.3f}, "
    "strided convolution {strided_wide:.3f} pixels.",
)
def place_by_pool(noise: Noise = measured.NOISE) -> Drawing:
    """Draw the error of the place that is read behind each pool."""
    rows = tuple(row for row in SHRINKING if not row.endswith("polyphase"))
    pixel, wide = (
        [measured.place_error(row, width=width, noise=noise, samples=1000) for row in rows]
        for width in (0.0, measured.WIDTH)
    )
    canvas, panels = style.canvas(2, height=4.4)
    titles = ("A single pixel", "A blob of σ 1.5 pixels")
    for axes, found, title in zip(panels, (pixel, wide), titles, strict=True):
        _rows(axes, rows, {"error": ("known", _values(found))})
        axes.set(xlabel="error in pixels", title=title, xlim=(0, None))
    named = {"max": "max", "mean": "mean", "every second value": "skipped"}
    named |= {"strided convolution": "strided"}
    return Drawing(
        canvas,
        {"pool": list(rows), **_columns(pixel, "pixel"), **_columns(wide, "blob")},
        {
            f"{short}{suffix}": found[rows.index(row)].value
            for row, short in named.items()
            for suffix, found in (("", pixel), ("_wide", wide))
        },
    )


@figure(
    title="The temperature must be neither too low nor too high",
    caption="Error of the place of a blob whose σ is {wide}, on a map of 10 × 10, noise "
    "{noise:.0%} of its height. Cold, it is the place of the maximum: {hard:.2f} pixels. At "
    "{best:g} of the height it errs least of those that are tried, {least:.3f}; at the height "
    "itself, {hot:.2f}: it counts the empty map as well.",
    alt="A curve of the error by temperature, from 0.02 to 2 of the blob's height: least at "
    "{best:g}, where it is {least:.3f} pixels; {hot:.2f} at the height itself. A dashed line at "
    "{hard:.2f}, the place of the maximum.",
)
def soft_argmax_by_temperature(
    width: Annotated[float, Number(0.5, 4, "σ of the blob, in pixels")] = measured.WIDTH,
    noise: Noise = measured.NOISE,
) -> Drawing:
    """Draw the error of a soft-argmax by its temperature."""
    case = {"width": width, "noise": noise, "samples": 1000}
    steps = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
    found = [measured.soft_argmax_error(step, **case) for step in steps]  # type: ignore[arg-type]
    hard = measured.soft_argmax_error(0.0, **case)  # type: ignore[arg-type]
    errors = _values(found)
    canvas, axes = style.canvas(height=3.2)
    colour = style.colour("max")
    axes.plot([0.02, 2], [hard.value] * 2, color=colour, linestyle=style.DASHED, label="maximum")
    axes.plot(steps, errors, color=style.colour("known"), label="soft-argmax")
    axes.set(xscale="log", xlabel="temperature, over the blob's height", ylabel="error in pixels")
    axes.set_ylim(0, None)
    axes.set_xticks([0.02, 0.1, 0.5, 2], ["0.02", "0.1", "0.5", "2"])
    axes.minorticks_off()
    labels.name_curves(canvas)
    return Drawing(
        canvas,
        {"temperature": list(steps), **_columns(found, "error")},
        {
            "wide": how_many(width, "pixel"),
            "hard": hard.value,
            "best": steps[int(np.argmin(errors))],
            "least": min(errors),
            "hot": errors[steps.index(1.0)],
        },
    )


@figure(
    title="What a pool keeps of its window, and whom it teaches",
    caption="Of four independent values of {levels:d} levels, {whole:.1f} bits in all: round marks "
    "count the output exactly, squares after rounding to as many levels. Max {max:.1f}, mean "
    "{mean:.1f}, max and mean together {both:.1f}. Second panel: over how many of the four values "
    "the gradient is as good as evenly spread: {max_reach:.1f}, {mean_reach:.1f}, and "
    "{gem_reach:.1f} for a generalised mean.",
    alt="Two panels by pool. Bits kept of {whole:.1f}: max {max:.1f}, mean {mean:.1f}, both "
    "{both:.1f}. Values over which the gradient is spread, of four: max {max_reach:.1f}, mean "
    "{mean_reach:.1f}, generalised mean {gem_reach:.1f}.",
)
def kept_by_pool(levels: Annotated[int, Whole(2, 12, "levels of a value")] = 8) -> Drawing:
    """Draw the bits that are kept, and over how many values the gradient is spread."""
    exact, rounded = (
        [model.kept_bits(row, levels, rounded=rounded) for row in SUMMARIES]
        for rounded in (False, True)
    )
    reach = [measured.gradient_reach(row).number for row in SUMMARIES]
    canvas, (left, right) = style.canvas(2, height=4.4)
    _rows(left, SUMMARIES, {"exact": ("known", exact), "rounded": ("single", rounded)})
    left.set(title="Bits kept", xlabel="bits", xlim=(0, None))
    _rows(right, SUMMARIES, {"values": ("known", _values(reach))})
    right.set(title="Gradient", xlabel="values, of four", xlim=(0.8, 4.2))
    labels.key_above(canvas)
    at = {"max": "max", "mean": "mean", "both": "concatenated", "gem": "generalised mean"}
    places = {short: SUMMARIES.index(row) for short, row in at.items()}
    return Drawing(
        canvas,
        {
            "pool": list(SUMMARIES),
            "exact": exact,
            "rounded": rounded,
            **_columns(reach, "gradient"),
        },
        {
            "whole": 4 * math.log2(levels),
            **{short: exact[i] for short, i in places.items()},
            **{f"{short}_reach": reach[i].value for short, i in places.items()},
        },
    )


@figure(
    title="A window of zeros makes the gradient of the power NaN",
    caption="First: the gradient by p = {p:g} of a window with three values of 1, 2 and 3 and a "
    "fourth that goes towards zero. It stays near {limit:.3f}, at zero itself, too. Second: how "
    "many rectified windows hold zeros alone, if half of all values are zero: {four:.1%} of "
    "windows of four. There it is NaN, unless small values are lifted to a clamp (the grey line).",
    alt="Two panels. The gradient by the power {p:g} over the smallest value, from a billionth to "
    "1: {end:.3f} at 1 and {limit:.3f} towards zero. Bars of the share of windows that hold zeros "
    "alone: {two:.0%} of two values, {four:.1%} of four, {nine:.1%} of nine.",
)
def slope_of_the_power(p: Annotated[float, Number(1, 10, "power p")] = 3.0) -> Drawing:
    """Draw the gradient by the power, and how many windows hold zeros alone."""
    smallest = np.logspace(-9, 0, 10)
    slopes = np.array([float(slope_in_p([each, 1, 2, 3], p, 0)) for each in smallest])
    sizes = np.array([1, 2, 4, 9, 16, 25, 36, 49, 64, 81])
    shares = 0.5**sizes
    canvas, (left, right) = style.canvas(2, height=3.0)
    left.axvline(CLAMP, color=style.colour("grid"), linewidth=3)
    left.plot(smallest, slopes, color=style.colour("known"))
    left.set(xscale="log", xlabel="smallest value", ylabel="gradient by p", title="The gradient")
    left.set_ylim(0, 1.25 * slopes.max())
    left.set_xticks([1e-9, 1e-6, 1e-3, 1], ["1e−9", "1e−6", "1e−3", "1"])
    left.minorticks_off()
    few = slice(0, 5)
    right.bar([str(n) for n in sizes[few]], shares[few], color=style.colour("max"), width=0.6)
    right.set(title="Windows of zeros", xlabel="values of the window", ylabel="share")
    right.set_ylim(0, 0.55)
    style.percent_axis(right.yaxis)
    return Drawing(
        canvas,
        {"smallest": smallest, "gradient": slopes, "values": sizes, "all_zero": shares},
        {
            "limit": float(slope_in_p([0, 1, 2, 3], p)),
            "end": slopes[-1],
            "two": shares[1],
            "four": shares[2],
            "nine": shares[3],
        },
    )


# What it costs


@figure(
    title="What one output value costs",
    caption="For one channel of {channels:,d}: round marks are multiply–accumulates, squares "
    "comparisons, diamonds powers, roots, exponentials and divisions. A strided 3 × 3 convolution "
    "takes {strided:,.0f}, space to depth with weights behind it {depth:,.0f}, a blur {blur:.0f}, "
    "a mean {mean:.0f}, and a max {max:.0f} comparisons.",
    alt="Marks on a scale of ratios for {rows:d} pools. Multiply–accumulates for one value: "
    "strided convolution {strided:,.0f}, space to depth {depth:,.0f}, blur {blur:.0f}, mean "
    "{mean:.0f}; a max takes {max:.0f} comparisons and none.",
)
def costs_by_pool(
    channels: Annotated[int, Whole(1, 1024, "channels of the map")] = 64,
) -> Drawing:
    """Draw what each pool needs for one output value."""
    found = {row: model.cost(row, channels=channels) for row in SHRINKING}
    kinds = {"macs": "known", "comparisons": "max", "functions": "single"}
    columns = {
        kind: [float(getattr(cost, kind)) for cost in found.values()]
        for kind in (*kinds, "weights")
    }
    canvas, axes = style.canvas(height=5.2)
    shown = {
        name: (role, [value or math.nan for value in columns[name]]) for name, role in kinds.items()
    }
    _rows(axes, SHRINKING, shown)
    axes.set(xscale="log", xlabel="for one output value")
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.set_xlim(0.6, 12_000)
    axes.minorticks_off()
    labels.key_above(canvas)
    at = {"strided": "strided convolution", "depth": "space to depth", "blur": "blur"}
    values = {short: float(found[row].macs) for short, row in at.items()}
    values |= {"mean": float(found["mean"].macs), "max": float(found["max"].comparisons)}
    return Drawing(canvas, {"pool": list(SHRINKING), **columns}, {"rows": len(SHRINKING), **values})


# Over angles


@figure(
    title="A bank of turned templates finds petals at any angle, for a price",
    caption="Petals of the dahlia found at 5% false alarms, by the angle between petal and "
    "template; noise {noise:g} of the white level. One template finds {upright:.0%} at its own "
    "angle and {aslant:.0%} at 45 degrees; the max over {bank:d} templates all around, "
    "{bank_upright:.0%} and {bank_aslant:.0%}.",
    alt="Two curves of the petals found, by the angle from 0 to 180 degrees. One template goes "
    "from {upright:.0%} to {aslant:.0%} at 45 degrees and {across:.1%} at 90. The max over "
    "{bank:d} stays between {lowest:.1%} and {highest:.1%}.",
)
def bank_of_angles(
    bank: Annotated[int, Whole(4, 36, "templates, all around")] = dahlia.BANK,
    noise: Annotated[float, Number(0.05, 0.5, "noise on the photograph")] = 0.3,
    draws: Draws = 20,
) -> Drawing:
    """Draw how many petals one template and a bank find, by angle."""
    found = dahlia.hit_by_angle(bank=bank, noise_sd=noise, draws=draws)
    canvas, axes = style.canvas(height=3.3)
    for rates, role, line, name in (
        (found.single, "single", style.DASHED, "one template"),
        (found.bank, "max", style.SOLID, "max over the bank"),
    ):
        colour = style.colour(role)
        axes.fill_between(found.angle, rates.low, rates.high, color=colour, alpha=0.1, linewidth=0)
        axes.plot(found.angle, rates.value, color=colour, linestyle=line, label=name)
    axes.set(xlabel="angle between petal and template, in degrees", ylabel="petals found")
    axes.set(ylim=(0, 1.03), xlim=(0, 180))
    axes.set_xticks([0, 45, 90, 135, 180])
    style.percent_axis(axes.yaxis)
    labels.name_curves(canvas)
    angles = found.angle.tolist()
    named = {"upright": angles.index(0), "aslant": angles.index(45), "across": angles.index(90)}
    return Drawing(
        canvas,
        {
            "angle": found.angle,
            **_bands(found.single, "single"),
            **_bands(found.bank, "bank"),
        },
        {
            **{name: found.single.value[i] for name, i in named.items()},
            **{f"bank_{name}": found.bank.value[i] for name, i in named.items()},
            "lowest": found.bank.value.min(),
            "highest": found.bank.value.max(),
        },
    )


def _bands(rates: Interval[Floats], name: str) -> dict[str, Floats]:
    return {name: rates.value, f"{name}_low": rates.low, f"{name}_high": rates.high}


@figure(
    title="How far a picture may turn before a feature leaves its window",
    caption="Share of the features that stay in their window of {window:d} × {window:d} as the "
    "picture turns, by their distance from its centre. At a turn of 10 degrees, {middle:.0%} stay "
    "at 5 pixels and {far:.0%} at 20.",
    alt="Three falling curves over turns from half a degree to 90 degrees, for distances of 1, 5 "
    "and 20 pixels from the centre. At 10 degrees, {near:.0%}, {middle:.0%} and {far:.0%} of the "
    "features are still in their window of {window:d} by {window:d}.",
)
def turn_inside_a_window(
    window: Annotated[int, Whole(2, 8, "side of the window")] = 2,
) -> Drawing:
    """Draw which features stay in their window as the picture turns."""
    turns = np.append(np.logspace(np.log10(0.5), np.log10(90), 40), 10.0)
    turns.sort()
    radii = (1.0, 5.0, 20.0)
    stays = np.array([[dahlia.tolerated(float(t), r, window) for t in turns] for r in radii])
    canvas, axes = style.canvas(height=3.3)
    looks = (("mean", style.SOLID), ("known", style.DASHED), ("max", style.DOTTED))
    for radius, row, (role, line) in zip(radii, stays, looks, strict=True):
        name = how_many(radius, "pixel")
        axes.plot(turns, row, color=style.colour(role), linestyle=line, label=name)
    axes.set(xscale="log", ylim=(0, 1.03), xlabel="turn in degrees", ylabel="features that stay")
    axes.set_xticks([0.5, 1, 3, 10, 30, 90], ["0.5", "1", "3", "10", "30", "90"])
    axes.minorticks_off()
    style.percent_axis(axes.yaxis)
    labels.name_curves(canvas)
    near, middle, far = stays[:, turns.tolist().index(10.0)]
    return Drawing(
        canvas,
        {"turn": turns, "near": stays[0], "middle": stays[1], "far": stays[2]},
        {"near": near, "middle": middle, "far": far},
    )


FIGURES = (
    hits_by_pool,
    frontier_of_powers,
    where_the_mean_leads,
    attention_by_fit,
    change_by_pool,
    place_by_pool,
    soft_argmax_by_temperature,
    kept_by_pool,
    slope_of_the_power,
    costs_by_pool,
    bank_of_angles,
    turn_inside_a_window,
    *figures_practice.FIGURES,
)
