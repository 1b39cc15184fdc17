"""The chapter's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers import flower, style
from explainers.checks import Floats
from explainers.detection import dahlia, model
from explainers.records import Number, figure
from explainers.rendering import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WHITE = "#fefefe"  # on a photograph, in both themes: it is no role's colour
Units = Annotated[int, Number(1, 64, "detectors in the window", whole=True)]
Seen = Annotated[int, Number(1, 64, "detectors that see the petal", whole=True)]
HitRate = Annotated[float, Number(0, 1, "probability that a detector fires on a petal")]
FalseAlarm = Annotated[float, Number(0, 1, "probability that a detector fires on background")]
PooledFalseAlarm = Annotated[
    float, Number(1e-6, 0.5, "false-alarm rate that every rule is tuned to")
]
Strength = Annotated[
    float, Number(0, 10, "d′: the petal's strength, in standard deviations of noise")
]
PixelNoise = Annotated[
    float, Number(0.001, 2, "standard deviation of the noise on the pixels, where white is 1")
]
MapNoise = Annotated[
    float, Number(0.001, 2, "standard deviation of the noise on each detector's correlation")
]
Draws = Annotated[int, Number(2, 500, "noise draws", whole=True)]
Seed = Annotated[int, Number(0, 2**31, "seed of the noise", whole=True)]


@figure(
    title="Misses fall, false alarms rise",
    caption="An *or* over detectors that fire on a petal with probability {hit:.0%} and on "
    "background with {false_alarm:.0%}. With {units} of them, misses fall from {miss:.1%} to "
    "{pooled_miss:.2%} if all see the petal, but only to {one_sees_miss:.1%} if one does; false "
    "alarms rise from {false_alarm:.1%} to {pooled_alarm:.1%}.",
    alt="Two panels against the number of detectors. Left: the share of petals missed falls from "
    "{miss:.1%} to {pooled_miss:.2%} at {units} detectors that all see the petal, and only to "
    "{one_sees_miss:.1%} when one of them does. Right: the share of background reported as a "
    "petal rises from {false_alarm:.1%} to {pooled_alarm:.1%}.",
)
def or_gate(units: Units = 4, hit: HitRate = 0.8, false_alarm: FalseAlarm = 0.05) -> Drawing:
    """Draw misses and false alarms of an OR against the number of its detectors."""
    n = np.arange(1, max(units, 9) + 1)
    rates = [np.full(count, false_alarm) for count in n]
    alarms = np.array([model.any_fires(background) for background in rates])
    all_miss = np.array([1 - model.any_fires(np.full(count, hit)) for count in n])
    one_miss = np.array([1 - model.any_fires([hit, *background[1:]]) for background in rates])
    canvas, (left, right) = style.canvas(2)
    for axes, title in ((left, "Petals missed"), (right, "Background reported")):
        axes.set(title=title, xlabel="detectors in the window", xlim=(1, n[-1]))
        axes.axvline(units, color=style.colour("muted"), linewidth=0.8, linestyle=(0, (2, 3)))
        style.percent_axis(axes.yaxis)
    left.plot(n, one_miss, "o--", color=style.colour("max"), markersize=4)
    left.plot(n, all_miss, "o-", color=style.colour("max"), markersize=4)
    right.plot(n, alarms, "o-", color=style.colour("max"), markersize=4)
    right.axhline(false_alarm, color=style.colour("single"))
    left.axhline(1 - hit, color=style.colour("single"))
    for axes, top in ((left, max(1 - hit, 0.02)), (right, max(alarms[-1], 0.02))):
        axes.set_ylim(0, 1.18 * top)
    last = n[-1]
    style.direct_label(left, last, 1 - hit, "one detector", "single", ha="right", va="bottom")
    style.direct_label(
        left, last, one_miss[-1] - 0.1 * (1 - hit), "or, one sees it", "max", ha="right"
    )
    style.direct_label(left, last, all_miss[-1], "or, all see it", "max", ha="right", va="bottom")
    style.direct_label(right, last, false_alarm, "one detector", "single", ha="right", va="bottom")
    style.direct_label(right, n[-2], alarms[-2], "or", "max", ha="right", va="bottom")
    at = units - 1
    return Drawing(
        canvas,
        {"detectors": n, "missed_all_see": all_miss, "missed_one_sees": one_miss, "alarms": alarms},
        {
            "miss": 1 - hit,
            "pooled_miss": all_miss[at],
            "one_sees_miss": one_miss[at],
            "pooled_alarm": alarms[at],
        },
    )


@figure(
    title="The fair comparison: every rule tuned to the same false alarms",
    caption="Hit rate against the strength of the petal, each rule's threshold set for "
    "{false_alarm:.0%} false alarms. At d′ = {d_prime:g}, if one of {units} detectors sees the "
    "petal, the max finds {max:.1%} of the petals, the mean {mean:.1%}, a detector at the known "
    "place {known:.1%}, a fixed detector when the place is unknown {unknown:.1%}. If all see it, "
    "the max finds {max_all:.1%}, the mean {mean_all:.1%}.",
    alt="Hit rate rising with the strength of the petal, in two panels. When one of {units} "
    "detectors sees the petal: at d prime {d_prime:g} a detector at the known place finds "
    "{known:.1%}, the max {max:.1%}, the mean {mean:.1%}, and a fixed detector, which levels off "
    "near one petal in {units}, {unknown:.1%}. When all see it: the mean finds {mean_all:.1%}, "
    "the max {max_all:.1%}, one detector {known:.1%}.",
)
def equal_false_alarms(
    units: Units = 4, false_alarm: PooledFalseAlarm = 0.05, d_prime: Strength = 2.0
) -> Drawing:
    """Draw the hit rates of all rules at one false-alarm rate."""
    strength = np.linspace(0, max(4.0, d_prime), 81)
    known = model.known_place_hit_rate(false_alarm, strength)
    unknown = model.unknown_place_hit_rate(false_alarm, strength, units, 1)
    largest = {s: model.max_hit_rate(false_alarm, strength, units, s) for s in (1, units)}
    average = {s: model.mean_hit_rate(false_alarm, strength, units, s) for s in (1, units)}
    canvas, (left, right) = style.canvas(2, sharey=True, height=3.6)
    left.plot(strength, known, color=style.colour("known"), linestyle=style.DASHED)
    left.plot(strength, unknown, color=style.colour("single"))
    right.plot(strength, known, color=style.colour("single"))
    for axes, seen in ((left, 1), (right, units)):
        axes.plot(strength, average[seen], color=style.colour("mean"), linestyle=style.DASHED)
        axes.plot(strength, largest[seen], color=style.colour("max"))
        axes.set(xlabel="d′, strength of the petal", xlim=(0, strength[-1]), ylim=(0, 1.02))
        style.percent_axis(axes.yaxis)
    left.set(title=f"One of {units} sees the petal", ylabel="petals found")
    right.set_title(f"All {units} see it")
    _label_at(left, strength, known, "known place", "known", 0.62, ha="right")
    _label_at(left, strength, largest[1], "max", "max", 0.66, ha="right")
    _label_at(left, strength, average[1], "mean", "mean", 0.93, va="top")
    style.direct_label(left, strength[-1], 0.17, "one, place unknown", "single", ha="right")
    _label_at(right, strength, average[units], "mean", "mean", 0.36, ha="right")
    _label_at(right, strength, largest[units], "max", "max", 0.42, ha="left")
    _label_at(right, strength, known, "one detector", "single", 0.52, ha="left")
    return Drawing(
        canvas,
        {
            "d_prime": strength,
            "known_place": known,
            "unknown_place": unknown,
            "max_one_sees": largest[1],
            "mean_one_sees": average[1],
            "max_all_see": largest[units],
            "mean_all_see": average[units],
        },
        {
            "max": model.max_hit_rate(false_alarm, d_prime, units, 1),
            "mean": model.mean_hit_rate(false_alarm, d_prime, units, 1),
            "known": model.known_place_hit_rate(false_alarm, d_prime),
            "unknown": model.unknown_place_hit_rate(false_alarm, d_prime, units, 1),
            "max_all": model.max_hit_rate(false_alarm, d_prime, units, units),
            "mean_all": model.mean_hit_rate(false_alarm, d_prime, units, units),
        },
    )


@figure(
    title="ROC curves of max, mean and one detector",
    caption="Every threshold at once: petals found against false alarms, at d′ = {d_prime:g}. "
    "Area under the curve if one of {units} detectors sees the petal: max {max_one:.3f}, mean "
    "{mean_one:.3f}. If all see it: max {max_all:.3f}, mean {mean_all:.3f}, one detector "
    "{one:.3f}.",
    alt="Two panels of ROC curves at d prime {d_prime:g}. When one of {units} detectors sees the "
    "petal, the area under the curve of the max is {max_one:.3f} and of the mean {mean_one:.3f}. "
    "When all see it, it is {max_all:.3f} for the max, {mean_all:.3f} for the mean and {one:.3f} "
    "for a single detector.",
)
def roc_curves(units: Units = 4, d_prime: Strength = 2.0) -> Drawing:
    """Draw the ROC curves when one detector sees the petal, and when all do."""
    alarm = np.concatenate([[0.0], np.logspace(-4, -1, 60), np.linspace(0.11, 1, 90)])
    one = model.known_place_hit_rate(alarm, d_prime)
    largest = {s: model.max_hit_rate(alarm, d_prime, units, s) for s in (1, units)}
    average = {s: model.mean_hit_rate(alarm, d_prime, units, s) for s in (1, units)}
    canvas, (left, right) = style.canvas(2, sharey=True, height=3.75)
    for axes, seen in ((left, 1), (right, units)):
        axes.plot([0, 1], [0, 1], color=style.colour("muted"), linewidth=0.8)
        axes.plot(alarm, largest[seen], color=style.colour("max"), label="max")
        axes.plot(alarm, average[seen], color=style.colour("mean"), ls=style.DASHED, label="mean")
        axes.set(xlabel="false alarms", xlim=(0, 1), ylim=(0, 1.01), aspect="equal")
        style.percent_axis(axes.xaxis)
        style.percent_axis(axes.yaxis)
    right.plot(alarm, one, color=style.colour("single"), label="one detector")
    left.set(title=f"One of {units} sees the petal", ylabel="petals found")
    right.set_title(f"All {units} see it")
    for axes in (left, right):
        style.coloured_legend(axes, loc="lower right")
    return Drawing(
        canvas,
        {
            "false_alarm": alarm,
            "one_detector": one,
            "max_one_sees": largest[1],
            "mean_one_sees": average[1],
            "max_all_see": largest[units],
            "mean_all_see": average[units],
        },
        {
            "one": model.max_auc(d_prime, 1, 1),
            "max_one": model.max_auc(d_prime, units, 1),
            "mean_one": model.mean_auc(d_prime, units, 1),
            "max_all": model.max_auc(d_prime, units, units),
            "mean_all": model.mean_auc(d_prime, units, units),
        },
    )


@figure(
    title="Where the max wins, and where the mean does",
    caption="Who has the larger area under the ROC curve, for a window of {units} detectors; the "
    "shades begin at a lead of {shades}. The line is the frontier: if {last:d} of {units} see the "
    "petal, the max still overtakes; if {always:d} or more do, it never does.",
    alt="A map over the petal's strength and the number of detectors that see it. Below a rising "
    "frontier, where few detectors see a strong petal, the max is better, by up to {most:.2f}; "
    "above it the mean is, by up to {least:.2f}. From {always:d} of {units} detectors on the "
    "frontier is gone: the mean is better at every strength.",
)
def max_against_mean(
    units: Annotated[int, Number(4, 64, "detectors in the window", whole=True)] = 16,
    strongest: Annotated[float, Number(2, 8, "largest d′ shown")] = 5.0,
) -> Drawing:
    """Draw who wins over the petal's strength and the share of detectors that see it."""
    strength, seen = np.linspace(0, strongest, 61), np.arange(1, units + 1)
    larger = model.max_auc(strength, units, seen[:, None])
    lead = larger - model.mean_auc(strength, units, seen[:, None])
    frontier = model.max_overtakes_mean(units, seen)
    crossed = frontier <= strongest
    steps = np.array([0.002, 0.02, 0.05, 0.1, 0.15, 0.2, 0.5])
    canvas, axes = style.canvas(height=3.9)
    opacity = np.linspace(0.12, 0.85, len(steps) - 1)
    for sign, role in ((1, "max"), (-1, "mean")):
        colours = [(style.colour(role), float(alpha)) for alpha in opacity]
        axes.contourf(strength, seen, sign * lead, levels=steps, colors=colours)
    axes.plot(frontier[crossed], seen[crossed], color=style.colour("ink"), linewidth=1.6)
    axes.plot(frontier[crossed], seen[crossed], "o", color=style.colour("ink"), markersize=3.5)
    axes.set(xlabel="d′, strength of the petal", ylabel=f"of {units} detectors, how many see it")
    axes.set(xlim=(0, strongest), ylim=(1, units), yticks=_whole_ticks(units))
    axes.grid(False)
    for x, y, text, role in ((0.72, 0.16, "max wins", "max"), (0.30, 0.6, "mean wins", "mean")):
        shown = {"ha": "center", "fontweight": "bold", "color": style.colour(role)}
        axes.text(x, y, text, transform=axes.transAxes, **shown)
    grid_strength, grid_seen = np.meshgrid(strength, seen)
    return Drawing(
        canvas,
        {
            "seen": grid_seen.ravel(),
            "d_prime": grid_strength.ravel(),
            "max_minus_mean": lead.ravel(),
        },
        {
            "most": lead.max(),
            "least": -lead.min(),
            "shades": ", ".join(f"{step:g}" for step in steps[:-1]),
            "last": int(seen[np.isfinite(frontier)][-1]),
            "always": int(seen[np.isinf(frontier)][0]),
        },
    )


@figure(
    title="Pure noise looks like a weak petal to the max",
    caption="What the max and the mean of n detectors answer to pure noise, in its standard "
    "deviations: on average, and one standard deviation to each side. The max of {units} answers "
    "{mean:.2f} on average where there is nothing at all.",
    alt="The mean of the max of n noises rises with n, from 0 for one to {mean:.2f} for {units} "
    "and {last:.2f} for {most}, while its standard deviation shrinks from 1 to {last_sd:.2f}. The "
    "mean of n noises stays at 0.",
)
def max_of_noise(units: Units = 4) -> Drawing:
    """Draw mean and spread of the max and the mean of noise against the size of the window."""
    n = np.arange(1, 65)
    mean, sd = model.max_of_noise(n)
    canvas, axes = style.canvas(height=3.2)
    for role, centre, spread in (("mean", np.zeros(len(n)), 1 / np.sqrt(n)), ("max", mean, sd)):
        shade = style.colour(role)
        axes.fill_between(n, centre - spread, centre + spread, color=shade, alpha=0.18, linewidth=0)
        axes.plot(n, centre, color=shade, linestyle="-" if role == "max" else style.DASHED)
    axes.plot([units], mean[units - 1], "o", color=style.colour("max"), markersize=6)
    axes.annotate(
        f"{mean[units - 1]:.2f}",
        (units, mean[units - 1]),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        color=style.colour("max"),
        fontweight="bold",
    )
    axes.set_xscale("log", base=2)
    axes.set(xlabel="detectors in the window", ylabel="pooled answer to noise", xlim=(1, 64))
    axes.set_xticks([1, 2, 4, 9, 16, 25, 64], ["1", "2", "4", "9", "16", "25", "64"])
    axes.minorticks_off()
    style.direct_label(axes, 36, mean[35] - 0.35, "max", "max")
    style.direct_label(axes, 36, 0.28, "mean", "mean")
    return Drawing(
        canvas,
        {"detectors": n, "mean_of_max": mean, "sd_of_max": sd, "sd_of_mean": 1 / np.sqrt(n)},
        {"mean": mean[units - 1], "last": mean[-1], "last_sd": sd[-1], "most": int(n[-1])},
    )


@figure(
    title="Voting: the OR is one of a family",
    caption="The pooled unit fires if at least so many of {units} detectors do, every rule tuned "
    "to {false_alarm:.0%} false alarms, at d′ = {d_prime:g}. One vote, the *or*, finds "
    "{one_or:.1%} of the petals if one detector sees them, and {or_hit:.1%} if all do; then "
    "most are found with {best:d} votes, {best_hit:.1%}.",
    alt="Hit rate against the number of votes needed. When one of {units} detectors sees the "
    "petal, it goes from {one_or:.1%} for the or to {one_and:.1%} when all must agree. When all "
    "see it, it peaks at {best:d} votes with {best_hit:.1%}; the or finds {or_hit:.1%}.",
)
def voting(
    units: Annotated[int, Number(2, 64, "detectors in the window", whole=True)] = 4,
    false_alarm: PooledFalseAlarm = 0.05,
    d_prime: Strength = 2.0,
) -> Drawing:
    """Draw the hit rate of k-of-n voting at one false-alarm rate."""
    votes = np.arange(1, units + 1)
    seen = {1: "one sees the petal", units: f"all {units} see it"}
    hits = {s: model.vote_hit_rate(votes, false_alarm, d_prime, units, s) for s in seen}
    canvas, axes = style.canvas(height=3.2)
    looks = ((style.DASHED, "bottom"), (style.SOLID, "top"))
    for (s, text), (line, side) in zip(seen.items(), looks, strict=True):
        axes.plot(votes, hits[s], "o", color=style.colour("max"), linestyle=line, markersize=5)
        style.direct_label(axes, votes[0], hits[s][0], text, "max", va=side)
    axes.set(xlabel="k, votes needed (1 is the or)", ylabel="petals found", ylim=(0, 1.05))
    axes.set_xticks(_whole_ticks(units))
    style.percent_axis(axes.yaxis)
    best = int(hits[units].argmax())
    return Drawing(
        canvas,
        {"votes": votes, "one_sees": hits[1], "all_see": hits[units]},
        {
            "best": best + 1,
            "best_hit": hits[units][best],
            "or_hit": hits[units][0],
            "one_or": hits[1][0],
            "one_and": hits[1][-1],
        },
    )


@figure(
    title="The OR needs detectors that err independently",
    caption="An *or* over 2 × 2 detectors on the dahlia, at the threshold of the single detector. "
    "Noise on the photograph's pixels hits neighbouring detectors together (correlation "
    "{photo_correlation:.2f}): the *or* misses {photo_miss:.1%} of the petals where independent "
    "detectors of the same rates would miss {photo_promised:.1%}. With noise on each detector by "
    "itself it misses {map_miss:.1%}, against {map_promised:.1%}. Bars: 95% intervals over "
    "{draws:d} noise draws.",
    alt="Two panels, petals missed and background reported, each for two kinds of noise. With "
    "noise on the pixels a single detector misses {photo_single:.1%} and the or {photo_miss:.1%}, "
    "where independence promises {photo_promised:.1%}; false alarms rise to {photo_alarm:.1%}, "
    "where it predicts {photo_promised_alarm:.1%}. With noise on each detector the or misses "
    "{map_miss:.1%} where independence promises {map_promised:.1%}.",
)
def correlated_or(
    noise: PixelNoise = 0.3,
    map_noise: MapNoise = 0.2,
    false_alarm: PooledFalseAlarm = 0.05,
    draws: Draws = dahlia.DRAWS,
    seed: Seed = 0,
) -> Drawing:
    """Draw what an OR misses and invents on the photograph, against the promise."""
    tuned = {"false_alarm": false_alarm, "draws": draws, "seed": seed}
    photo = dahlia.or_gain(noise, noise="photo", **tuned)  # type: ignore[arg-type]
    each = dahlia.or_gain(map_noise, noise="map", **tuned)  # type: ignore[arg-type]
    canvas, (left, right) = style.canvas(2, sharey=True, height=2.9)
    rows = np.array([1, 0])
    for axes, title, rates in (
        (left, "Petals missed", [_missed(photo.hit), _missed(each.hit)]),
        (right, "Background reported", [photo.false_alarm, each.false_alarm]),
    ):
        single, promised, found = (
            [getattr(rate, name) for rate in rates] for name in ("unit", "independent", "pooled")
        )
        axes.hlines(rows, promised, single, color=style.colour("grid"), linewidth=4, zorder=1)
        dot = {"linestyle": "none", "marker": "o"}
        axes.plot(single, rows, color=style.colour("single"), label="one detector", ms=8, **dot)
        hollow = {"fillstyle": "none", "markersize": 10, "markeredgewidth": 1.6}
        shade = style.colour("max")
        axes.plot(promised, rows, color=shade, label="or, if independent", **hollow, **dot)
        axes.plot(found, rows, color=shade, label="or, measured", markersize=6, **dot)
        axes.set(title=title, ylim=(-0.5, 1.5))
        axes.set_xlim(left=-0.006)
        axes.grid(axis="y", visible=False)
        style.percent_axis(axes.xaxis)
    left.set_yticks(rows, ["noise on\nthe pixels", "noise on each\ndetector"])
    least, most = (
        [1 - getattr(gain, side).pooled for gain in (photo, each)]
        for side in ("hit_high", "hit_low")
    )
    left.hlines(rows, least, most, color=style.colour("max"), linewidth=1.4)
    style.coloured_legend(
        canvas, handles=left.lines, loc="outside upper center", ncols=3, handletextpad=0.2
    )
    return Drawing(
        canvas,
        {
            "noise": ["pixels", "each detector"],
            "correlation": [photo.correlation, each.correlation],
            "missed_single": [1 - photo.hit.unit, 1 - each.hit.unit],
            "missed_or": [1 - photo.hit.pooled, 1 - each.hit.pooled],
            "missed_or_low": least,
            "missed_or_high": most,
            "missed_promised": [1 - photo.hit.independent, 1 - each.hit.independent],
            "alarms_single": [photo.false_alarm.unit, each.false_alarm.unit],
            "alarms_or": [photo.false_alarm.pooled, each.false_alarm.pooled],
            "alarms_promised": [photo.false_alarm.independent, each.false_alarm.independent],
        },
        {
            "photo_correlation": photo.correlation,
            "photo_single": 1 - photo.hit.unit,
            "photo_miss": 1 - photo.hit.pooled,
            "photo_promised": 1 - photo.hit.independent,
            "photo_alarm": photo.false_alarm.pooled,
            "photo_promised_alarm": photo.false_alarm.independent,
            "map_miss": 1 - each.hit.pooled,
            "map_promised": 1 - each.hit.independent,
        },
    )


@figure(
    title="A petal detector on a photograph",
    caption="The dahlia (photograph: vultilion, CC BY 2.0, adapted). Left: its {petals:d} petals "
    "that match the template better than {limit:g}. Right, from above: the flower unrolled around "
    "its centre, with noise of {noise:g} of the white level on its pixels; how well each place "
    "matches a petal; the same map after 2 × 2 max pooling. Dots: detections at petals, which "
    "find {kept:d} of them; crosses: {invented:d} invented.",
    alt="Four panels. A photograph of an orange dahlia with {petals:d} of its petals marked in "
    "rings around the centre. The same flower unrolled into a strip, noisy. The petal map: bright "
    "spots in rows where petals are. The map after max pooling, with a quarter of the values: "
    "{kept:d} petals are still found and {invented:d} detections are no petal.",
)
def flower_panels(
    noise: PixelNoise = 0.2,
    threshold: Annotated[
        float, Number(-1, 1, "correlation above which a petal is reported")
    ] = dahlia.ONE_THRESHOLD,
    seed: Seed = 0,
) -> Drawing:
    """Draw the photograph, unrolled, matched and pooled."""
    petals = flower.petals()
    found = dahlia.detections(noise, seed, method="max", threshold=threshold)
    grey, pooled = (
        flower.petal_map(noise, seed),
        flower.pooled(flower.petal_map(noise, seed), "max"),
    )
    strips = (
        ("unrolled, with noise", flower.unrolled(noise, seed), "gray", (-0.2, 1.2)),
        ("petal map", grey, "cividis", (-0.4, 0.8)),
        ("after 2 × 2 max pooling", pooled, "cividis", (-0.4, 0.8)),
    )
    from matplotlib.figure import Figure

    canvas = Figure(figsize=(7.2, 3.75), layout="constrained")
    grid = canvas.add_gridspec(3, 2, width_ratios=(1, 1.2))
    photo = canvas.add_subplot(grid[:, 0])
    photo.imshow(flower.photo())
    photo.set(xlim=(122, 490), ylim=(406, 38), title="the dahlia and its petals")
    photo.plot(petals.x, petals.y, **_ring(6, _WHITE, 2.6))
    photo.plot(petals.x, petals.y, **_ring(6, style.colour("single"), 1.3))
    for row, (title, picture, colours, (low, high)) in enumerate(strips):
        axes = canvas.add_subplot(grid[row, 1])
        axes.imshow(
            picture, cmap=colours, vmin=low, vmax=high, extent=_extent(picture), aspect="auto"
        )
        axes.set_title(title)
        style.picture_axes(axes)
    for marker, chosen in (("o", ~found.invented), ("x", found.invented)):
        axes.scatter(found.column[chosen], found.row[chosen], 22, _WHITE, marker=marker, lw=1.6)
    style.picture_axes(photo)
    return Drawing(
        canvas,
        {
            "row": found.row,
            "column": found.column,
            "score": found.score,
            "invented": found.invented.astype(int),
        },
        {
            "petals": petals.row.size,
            "limit": flower.PETAL_THRESHOLD,
            "kept": int(found.kept.sum()),
            "invented": int(found.invented.sum()),
        },
    )


@figure(
    title="A displaced petal, at equal false alarms",
    caption="Petals found on the dahlia when the petal is 0 to 3 pixels from the detector, every "
    "rule tuned to {false_alarm:.0%} false alarms; shaded: 95% intervals over {draws:d} noise "
    "draws. With noise on the pixels, one detector finds {unit_exact:.1%} of the petals exactly "
    "under it and the max {max_exact:.1%}; three pixels away, {unit_far:.1%} and {max_far:.1%}.",
    alt="Petals found, falling with displacement, in two panels. With noise on the pixels: at 0 "
    "pixels one detector finds {unit_exact:.1%}, the max {max_exact:.1%}, the mean "
    "{mean_exact:.1%}; at 3 pixels {unit_far:.1%}, {max_far:.1%} and {mean_far:.1%}. With noise "
    "on each detector: at 0 pixels {unit_each:.1%}, {max_each:.1%} and {mean_each:.1%}.",
)
def flower_displaced(
    noise: PixelNoise = 0.3,
    map_noise: MapNoise = 0.2,
    window: Annotated[int, Number(2, 4, "side of the window", whole=True)] = 2,
    false_alarm: PooledFalseAlarm = 0.05,
    draws: Draws = dahlia.DRAWS,
    seed: Seed = 0,
) -> Drawing:
    """Draw hit rates on the photograph against the petal's displacement."""
    tuned = {"window": window, "false_alarm": false_alarm, "draws": draws, "seed": seed}
    photo = dahlia.hit_rates(noise, noise="photo", **tuned)  # type: ignore[arg-type]
    each = dahlia.hit_rates(map_noise, noise="map", **tuned)  # type: ignore[arg-type]
    canvas, panels = style.canvas(2, sharey=True, height=3.4)
    looks = dict(zip(dahlia.WATCHERS, ("single", "max", "mean"), strict=True))
    lines = {"single": style.SOLID, "max": style.SOLID, "mean": style.DASHED}
    table: dict[str, Any] = {"displacement": photo.displacement}
    for axes, name, rates in ((panels[0], "pixels", photo), (panels[1], "each detector", each)):
        for row, (watcher, role) in enumerate(looks.items()):
            hit, low, high = (side[row] for side in rates.hit)
            key = f"{watcher}, noise on {name}"
            table |= {key: hit, f"{key}, low": low, f"{key}, high": high}
            shown = {"color": style.colour(role), "linestyle": lines[role], "label": _name(watcher)}
            axes.fill_between(rates.displacement, low, high, color=shown["color"], alpha=0.25, lw=0)
            axes.plot(rates.displacement, hit, marker="o", markersize=4, **shown)
        axes.set(title=f"Noise on {name}", xlabel="pixels from the detector", ylim=(0, 1.02))
        axes.set_xticks(rates.displacement)
        style.percent_axis(axes.yaxis)
        style.coloured_legend(axes, loc="lower left")
    panels[0].set_ylabel("petals found")
    names = ("unit", "max", "mean")
    return Drawing(
        canvas,
        table,
        {f"{name}_exact": photo.hit.value[i, 0] for i, name in enumerate(names)}
        | {f"{name}_far": photo.hit.value[i, -1] for i, name in enumerate(names)}
        | {f"{name}_each": each.hit.value[i, 0] for i, name in enumerate(names)},
    )


@figure(
    title="Petals lost and invented as the noise grows",
    caption="The {petals:d} petals of the dahlia, searched for in the whole map: as it is, after "
    "2 × 2 max or mean pooling, and keeping every second value. Left and middle: one threshold "
    "({threshold:g}) for all; max pooling then loses at most {max_gap:.1%} of them more or fewer "
    "than the full map, subsampling up to {subsample_gap:.1%} of them more. Right: thresholds "
    "tuned to {invented:g} invented petals a photograph; all four lie within {spread:.1%}.",
    alt="Three panels against noise. With one threshold for all, the shares of petals lost by max "
    "pooling and by the full map are at most {max_gap:.1%} apart, while subsampling loses up to "
    "{subsample_gap:.1%} more and the mean up to {mean_gap:.1%} more. With thresholds tuned to "
    "equal false alarms all four are within {spread:.1%} of each other.",
)
def flower_counts(
    threshold: Annotated[
        float, Number(-1, 1, "the one threshold, a correlation")
    ] = dahlia.ONE_THRESHOLD,
    invented: Annotated[float, Number(0.1, 20, "invented petals a photograph, right panel")] = 3.0,
    draws: Draws = dahlia.SEARCHED,
    seed: Seed = 0,
) -> Drawing:
    """Draw petals lost and invented by four methods against the noise on the pixels."""
    levels = tuple(np.linspace(0, 0.5, 6).round(1).tolist())
    same = dahlia.petal_counts(levels, threshold=threshold, invented=None, draws=draws, seed=seed)
    tuned = dahlia.petal_counts(levels, invented=invented, draws=draws, seed=seed)
    canvas, panels = style.canvas(3, height=3.3)
    shares = (
        ("Lost,\none threshold", same.lost),
        ("Invented,\none threshold", same.invented),
        ("Lost,\nequal false alarms", tuned.lost),
    )
    looks = {
        "max": ("max", style.SOLID, "max"),
        "mean": ("mean", style.DASHED, "mean"),
        "subsample": ("single", style.SOLID, "every second value"),
        "none": ("ink", style.DOTTED, "full map"),
    }
    for axes, (title, rates) in zip(panels, shares, strict=True):
        for row, method in enumerate(flower.METHODS):
            role, line, name = looks[method]
            shown = {"color": style.colour(role), "linestyle": line, "label": name}
            axes.plot(levels, rates.value[row], **shown)
        axes.set(title=title, xlabel="noise", xlim=(0, levels[-1]), ylim=(0, None))
        if rates is not same.invented:
            axes.set_ylim(0, 1)
            style.percent_axis(axes.yaxis)
    style.coloured_legend(canvas, handles=axes.lines, loc="outside upper center", ncols=2)
    lost = dict(zip(flower.METHODS, same.lost.value, strict=True))
    table: dict[str, Any] = {"noise": levels}
    for row, method in enumerate(flower.METHODS):
        table |= {
            f"lost_{method}": same.lost.value[row],
            f"invented_{method}": same.invented.value[row],
            f"lost_{method}_equal": tuned.lost.value[row],
        }
    return Drawing(
        canvas,
        table,
        {
            "petals": same.petals,
            "max_gap": np.abs(lost["max"] - lost["none"]).max(),
            "subsample_gap": (lost["subsample"] - lost["none"]).max(),
            "mean_gap": (lost["mean"] - lost["none"]).max(),
            "spread": np.ptp(tuned.lost.value, axis=0).max(),
        },
    )


FIGURES = (
    or_gate,
    equal_false_alarms,
    roc_curves,
    max_against_mean,
    max_of_noise,
    voting,
    flower_panels,
    flower_displaced,
    flower_counts,
    correlated_or,
)


def _label_at(
    axes: Axes,
    x: Floats,
    y: Floats,
    text: str,
    role: str,
    share: float,
    *,
    ha: str = "left",
    va: str = "center",
) -> None:
    """Name a curve beside the point at that share of the axis."""
    place = axes.get_xlim()[0] + share * np.diff(axes.get_xlim())[0]
    style.direct_label(axes, place, float(np.interp(place, x, y)), text, role, ha=ha, va=va)


def _whole_ticks(n: int) -> list[int]:
    """Round tick marks from 1 to n."""
    step = next(step for step in (1, 2, 4, 8, 16) if n / step <= 9)
    return sorted({1, *range(step, n + 1, step)})


def _name(watcher: str) -> str:
    return "one detector" if watcher == "unit" else watcher


def _missed(hit: dahlia.Shares) -> dahlia.Shares:
    return dahlia.Shares(*(1 - np.asarray(hit)))


def _ring(size: float, edge: str, width: float) -> dict[str, Any]:
    """A hollow circle, drawn twice so that it shows on light and on dark."""
    return {
        "linestyle": "none",
        "marker": "o",
        "markersize": size,
        "markerfacecolor": "none",
        "markeredgecolor": edge,
        "markeredgewidth": width,
    }


def _extent(picture: Floats) -> tuple[float, float, float, float]:
    """Where a picture lies in units of the petal map, however coarse it is."""
    scale = 256 / picture.shape[1]
    return (-0.5, 255.5, scale * picture.shape[0] - 0.5, -0.5)
