"""The chapter's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers import flower, laws
from explainers.checks import Floats
from explainers.detection import dahlia, model
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Number, Whole
from explainers.records import figure
from explainers.wording import how_many, in_digits, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST = 0.001  # by how much a rule finds more, at least, to be called the best
_WHITE = "#fefefe"  # on a photograph, in both themes: it is no role's colour
Units = Annotated[int, Whole(1, 64, "detectors in the window")]
Seen = Annotated[int, Whole(1, 64, "detectors that see the petal")]
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
Draws = Annotated[int, Whole(2, 500, "noise draws")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the noise")]


@figure(
    title="Misses fall, false alarms rise",
    caption="Max pooling of yes-or-no answers is an *or*; here of independent detectors that fire "
    "on a petal with probability {fires} and on background with {invents}. One detector misses "
    "{miss:.2%} of the petals; an *or* over {detectors} misses {pooled_miss:.2%} if all see the "
    "petal, and {one_sees_miss:.2%} if one does. One detector raises {false_alarm:.2%} false "
    "alarms, the *or* {pooled_alarm:.2%}. The dotted line stands at {detectors}.",
    alt="Two panels against the number of detectors. First: the share of petals missed is "
    "{miss:.2%} for one detector; for an or over {detectors} it is {pooled_miss:.2%} when all see "
    "the petal, and {one_sees_miss:.2%} when one of them does. Second: the share of background "
    "reported as a petal is {false_alarm:.2%} for the one and {pooled_alarm:.2%} for the other.",
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
    shade, one = style.colour("max"), style.colour("single")
    left.axhline(1 - hit, color=one, label="one detector")
    look: dict[str, Any] = {"color": shade, "markersize": 4, "clip_on": False}
    look["marker"] = "o" if units <= 16 else ""  # where they would not touch
    left.plot(n, one_miss, "--", label="or, one sees it", **look)
    left.plot(n, all_miss, "-", label="or, all see it", **look)
    right.axhline(false_alarm, color=one, label="one detector")
    right.plot(n, alarms, "-", label="or, on background", **look)
    for axes, highest in ((left, one_miss.max()), (right, alarms[-1])):
        axes.set_ylim(-0.02 * max(highest, 0.02), 1.18 * max(highest, 0.02))
    labels.name_curves(canvas)
    at = units - 1
    return Drawing(
        canvas,
        {"detectors": n, "missed_all_see": all_miss, "missed_one_sees": one_miss, "alarms": alarms},
        {
            "fires": percent(hit),
            "invents": percent(false_alarm),
            "detectors": how_many(units, "detector"),
            "miss": 1 - hit,
            "pooled_miss": all_miss[at],
            "one_sees_miss": one_miss[at],
            "pooled_alarm": alarms[at],
        },
    )


@figure(
    title="The fair comparison: every rule tuned to the same false alarms",
    caption="Hit rate against the strength of the petal, each rule's threshold set for "
    "{tuned} false alarms. At d′ = {d_prime:g}, the petal's strength in standard deviations of "
    "the noise, {if_one}, the max finds {max:.1%} of the petals, the mean "
    "{mean:.1%}, a detector at the known place {known:.1%}, one fixed detector when the place is "
    "unknown {unknown:.1%}. If all see it, the max finds {max_all:.1%}, the mean {mean_all:.1%}.",
    alt="Hit rate rising with the strength of the petal, in two panels. First, at a "
    "strength of {d_prime:g} and {if_one}: a detector at the known place finds {known:.1%}, the "
    "max {max:.1%}, the mean {mean:.1%}, and one fixed detector {unknown:.1%}. Second, if all see "
    "it: the mean finds {mean_all:.1%}, the max {max_all:.1%}, one detector {known:.1%}.",
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
    one = {"color": style.colour("single"), "label": "one fixed detector"}
    place = {"color": style.colour("known"), "linestyle": style.DASHED, "label": "known place"}
    left.plot(strength, known, **place)
    left.plot(strength, unknown, **one)
    right.plot(strength, known, **one)
    for axes, seen in ((left, 1), (right, units)):
        for rule, hits, line in (("mean", average, style.DASHED), ("max", largest, style.SOLID)):
            look = {"color": style.colour(rule), "linestyle": line, "label": rule}
            axes.plot(strength, hits[seen], **look)
        axes.set(xlim=(0, strength[-1]), ylim=(0, 1.02), ylabel="petals found")
        axes.set_xlabel("strength of the petal, d′, in\nstandard deviations of the noise")
        style.percent_axis(axes.yaxis)
    left.set_title(_sees(1, units))
    right.set_title(_sees(units, units))
    labels.name_curves(canvas)
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
            "tuned": percent(false_alarm),
            "if_one": _if_one(units),
            "max": model.max_hit_rate(false_alarm, d_prime, units, 1),
            "mean": model.mean_hit_rate(false_alarm, d_prime, units, 1),
            "known": model.known_place_hit_rate(false_alarm, d_prime),
            "unknown": model.unknown_place_hit_rate(false_alarm, d_prime, units, 1),
            "max_all": model.max_hit_rate(false_alarm, d_prime, units, units),
            "mean_all": model.mean_hit_rate(false_alarm, d_prime, units, units),
        },
    )


@figure(
    title="If all detectors see the petal, the max never beats the mean",
    caption="Every threshold at once: petals found against false alarms, at d′ = {d_prime:g}. "
    "Area under the curve {if_one}: max {max_one:.3f}, mean {mean_one:.3f}. If all see it: max "
    "{max_all:.3f}, mean {mean_all:.3f}, one detector {one:.3f}.",
    alt="Two panels of ROC curves at d prime {d_prime:g}. First, {if_one}, the area under "
    "the curve of the max is {max_one:.3f} and of the mean {mean_one:.3f}. Second, if "
    "all see it, it is {max_all:.3f} for the max, {mean_all:.3f} for the mean and {one:.3f} for a "
    "single detector.",
)
def roc_curves(units: Units = 4, d_prime: Strength = 2.0) -> Drawing:
    """Draw the ROC curves when one detector sees the petal, and when all do."""
    alarm = np.concatenate([[0.0], np.logspace(-4, -1, 60), np.linspace(0.11, 1, 90)])
    one = model.known_place_hit_rate(alarm, d_prime)
    largest = {s: model.max_hit_rate(alarm, d_prime, units, s) for s in (1, units)}
    average = {s: model.mean_hit_rate(alarm, d_prime, units, s) for s in (1, units)}
    canvas, (left, right) = style.canvas(2, sharey=True, height=4.2)
    areas = {
        "one": model.max_auc(d_prime, 1, 1),
        "max_one": model.max_auc(d_prime, units, 1),
        "mean_one": model.mean_auc(d_prime, units, 1),
        "max_all": model.max_auc(d_prime, units, units),
        "mean_all": model.mean_auc(d_prime, units, units),
    }
    for axes, seen, name in ((left, 1, "one"), (right, units, "all")):
        axes.plot([0, 1], [0, 1], color=style.colour("muted"), linewidth=0.8)
        for rule, hits, line in (("max", largest, style.SOLID), ("mean", average, style.DASHED)):
            label = f"{rule}, area {areas[f'{rule}_{name}']:.3f}"
            axes.plot(alarm, hits[seen], color=style.colour(rule), linestyle=line, label=label)
        axes.set(xlabel="false alarms", ylabel="petals found")
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
        style.percent_axis(axes.xaxis)
        style.percent_axis(axes.yaxis)
    label = f"one detector, area {areas['one']:.3f}"
    right.plot(alarm, one, color=style.colour("single"), label=label)
    left.set_title(_sees(1, units))
    right.set_title(_sees(units, units))
    labels.key_each(canvas)
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
        areas | {"if_one": _if_one(units)},
    )


@figure(
    title="The max wins where few see a strong petal, else the mean",
    caption="Who has the larger area under the ROC curve, for a window of {units} detectors; the "
    "shades begin at a lead of {shades}, white is nearer to a tie. The line is the frontier: if "
    "{last:d} of {units} see the petal, the max overtakes at some strength; if {always:d} or more "
    "do, at none.",
    alt="A map over the petal's strength and the number of detectors that see it, up to {units}. "
    "Where few detectors see a strong petal the max leads, by up to {most:.2f}; above the frontier "
    "the mean does, by up to {least:.2f}. From {always:d} detectors on there is no frontier: the "
    "mean leads at every strength.",
)
def max_against_mean(
    units: Annotated[int, Whole(4, 64, "detectors in the window")] = 16,
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
    rows = (seen[:, None] + [-0.499, 0.499]).ravel()  # as many detectors as there are see it
    for sign, role in ((1, "max"), (-1, "mean")):
        colours = [(style.colour(role), float(alpha)) for alpha in opacity]
        bands = sign * np.repeat(lead, 2, axis=0)
        axes.contourf(strength, rows, bands, levels=steps, colors=colours)
        axes.fill_between([], [], color=style.colour(role), label=f"{role} wins (darker: by more)")
    edge = {"color": style.colour("ink"), "linewidth": 1.6, "label": "frontier"}
    axes.plot(np.repeat(frontier[crossed], 2), rows[: 2 * crossed.sum()], **edge)
    axes.set_xlabel("strength of the petal, d′, in standard deviations of the noise")
    axes.set_ylabel(f"of {units} detectors, how many see it")
    axes.set(xlim=(0, strongest), ylim=(0.5, units + 0.5), yticks=_whole_ticks(units))
    axes.grid(False)
    labels.key_above(canvas)
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
    "deviations: on average, and shaded one standard deviation to each side. The max of "
    "{detectors} answers {mean:.2f} on average where there is nothing at all.",
    alt="The mean of the max of n noises rises with n, from 0 for one to {last:.2f} for "
    "{most}{between}. Its standard deviation shrinks from 1 to {last_sd:.2f}. The mean of n noises "
    "stays at 0.",
)
def max_of_noise(units: Units = 4) -> Drawing:
    """Draw mean and spread of the max and the mean of noise against the size of the window."""
    n = np.arange(1, 65)
    mean, sd = laws.max_of_noise(n)
    canvas, axes = style.canvas(height=3.2)
    for role, centre, spread in (("mean", np.zeros(len(n)), 1 / np.sqrt(n)), ("max", mean, sd)):
        shade = style.colour(role)
        axes.fill_between(n, centre - spread, centre + spread, color=shade, alpha=0.14, linewidth=0)
        line = "-" if role == "max" else style.DASHED
        axes.plot(n, centre, color=shade, linestyle=line, label=f"{role} ± 1 standard deviation")
    axes.plot([units], mean[units - 1], "o", color=style.colour("max"), markersize=6)
    if units > 2:  # on the left of it there is no room
        value = f"{mean[units - 1]:.2f}"
        style.direct_label(axes, units, mean[units - 1], value, "max", ha="right", va="bottom")
    axes.set_xscale("log", base=2)
    axes.set(xlabel="detectors in the window", ylabel="pooled answer to noise", xlim=(0.93, 68))
    axes.set_xticks([1, 2, 4, 9, 16, 25, 64], ["1", "2", "4", "9", "16", "25", "64"])
    axes.minorticks_off()
    labels.name_curves(canvas)
    return Drawing(
        canvas,
        {"detectors": n, "mean_of_max": mean, "sd_of_max": sd, "sd_of_mean": 1 / np.sqrt(n)},
        {
            "detectors": how_many(units, "detector"),
            "mean": mean[units - 1],
            "between": f"; for {units} it is {mean[units - 1]:.2f}" if 1 < units < n[-1] else "",
            "last": mean[-1],
            "last_sd": sd[-1],
            "most": int(n[-1]),
        },
    )


@figure(
    title="Voting: the OR is one of a family",
    caption="The pooled unit fires if at least so many of {units} detectors do, every rule tuned "
    "to {tuned} false alarms, at d′ = {d_prime:g}. One vote, the *or*, finds "
    "{one_or:.1%} of the petals if one detector sees them, and {or_hit:.1%} if all do; then "
    "{best_said}.",
    alt="Hit rate against the number of votes needed. When one of {units} detectors sees the "
    "petal, it is {one_or:.1%} for the or, and {one_and:.1%} when all must agree. When all see it, "
    "the or finds {or_hit:.1%}; {best_said}.",
)
def voting(
    units: Annotated[int, Whole(2, 64, "detectors in the window")] = 4,
    false_alarm: PooledFalseAlarm = 0.05,
    d_prime: Strength = 2.0,
) -> Drawing:
    """Draw the hit rate of k-of-n voting at one false-alarm rate."""
    votes = np.arange(1, units + 1)
    seen = {1: "one sees the petal", units: f"all {units} see it"}
    hits = {s: model.vote_hit_rate(votes, false_alarm, d_prime, units, s) for s in seen}
    canvas, axes = style.canvas(height=3.2)
    for (s, text), line in zip(seen.items(), (style.DASHED, style.SOLID), strict=True):
        look = {"color": style.colour("max"), "linestyle": line, "label": text}
        axes.plot(votes, hits[s], marker="o" if units <= 16 else "", markersize=5, **look)
    axes.set(xlabel="k, votes needed (1 is the or)", ylabel="petals found", ylim=(-0.02, 1.05))
    axes.set_xticks(_whole_ticks(units))
    style.percent_axis(axes.yaxis)
    best = int(hits[units].argmax())
    _write_votes(axes, hits[1], hits[units])
    labels.name_curves(canvas)
    return Drawing(
        canvas,
        {"votes": votes, "one_sees": hits[1], "all_see": hits[units]},
        {
            "tuned": percent(false_alarm),
            "best": best + 1,
            "best_said": _best_said(hits[units]),
            "best_hit": hits[units][best],
            "or_hit": hits[units][0],
            "one_or": hits[1][0],
            "one_and": hits[1][-1],
        },
    )


@figure(
    title="Where detectors err together, the OR misses more",
    caption="An *or* over 2 × 2 detectors on the dahlia, at the threshold of the single detector. "
    "Noise on the photograph's pixels hits neighbouring detectors together (correlation "
    "{photo_correlation:.2f}): the *or* misses {photo_miss:.1%} of the petals where independent "
    "detectors of the same rates would miss {photo_promised:.1%}. With noise on each detector by "
    "itself it misses {map_miss:.1%}; such detectors would miss {map_promised:.1%}. The "
    "second panel has the background that the same three report. Thin lines: 95% intervals of the "
    "misses over {draws:d} noise draws.",
    alt="Two panels, petals missed and background reported, each for two kinds of noise. With "
    "noise on the pixels a single detector misses {photo_single:.1%} and the or {photo_miss:.1%}, "
    "where independence promises {photo_promised:.1%}; its false alarms are {photo_alarm:.1%}, "
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
    canvas, panels = style.canvas(2, height=3.4)
    least, most = (
        [1 - getattr(gain, side).pooled for gain in (photo, each)]
        for side in ("hit_high", "hit_low")
    )
    missed, alarms = [_missed(photo.hit), _missed(each.hit)], [photo.false_alarm, each.false_alarm]
    _bars(panels[0], missed, least, most)
    found = [float(rate.pooled) for rate in alarms]
    _bars(panels[1], alarms, found, found)
    panels[0].set_title("Petals missed")
    panels[1].set_title("Background reported")
    labels.key_above(canvas, handlelength=1.2)
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
    caption="The dahlia (photograph: vultilion, CC BY 2.0, adapted), with its {petals:d} petals "
    "that match the template better than {limit:g}. The strips: the flower unrolled around "
    "its centre, with noise on its pixels ({noise:g}, where white is 1); how well each place "
    "matches a petal; the same map after 2 × 2 max pooling. Dots: maxima at petals, where they "
    "stood in the map (petals found: {kept:d}). Crosses: petals invented ({invented:d}).",
    alt="Four panels. A photograph of an orange dahlia with {petals:d} of its petals marked in "
    "rings around the centre. The same flower unrolled into a strip, with noise. The petal map, "
    "the brighter the better a place matches a petal. The map after max pooling, with a quarter "
    "of the values; petals found: {kept:d}, invented: {invented:d}.",
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
        (_marked(found), pooled, "cividis", (-0.4, 0.8)),
    )
    from matplotlib.figure import Figure

    canvas = Figure(figsize=style.size(style.WIDE, 3.75), layout="constrained")
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
    title="A displaced petal costs every rule, at equal false alarms",
    caption="Petals found on the dahlia when the petal is 0 to 3 pixels from the detector, every "
    "rule tuned to {tuned} false alarms; bars: 95% intervals over {draws:d} noise "
    "draws. With noise on the pixels, one detector finds {unit_exact:.1%} of the petals exactly "
    "under it and the max {max_exact:.1%}; three pixels away, {unit_far:.1%} and {max_far:.1%}. "
    "With noise on each detector by itself, exactly under it the max finds {max_each:.1%}, the "
    "mean {mean_each:.1%}.",
    alt="Petals found, against displacement, in two panels. With noise on the pixels: at 0 "
    "pixels one detector finds {unit_exact:.1%}, the max {max_exact:.1%}, the mean "
    "{mean_exact:.1%}; at 3 pixels {unit_far:.1%}, {max_far:.1%} and {mean_far:.1%}. With noise "
    "on each detector: at 0 pixels {unit_each:.1%}, {max_each:.1%} and {mean_each:.1%}.",
)
def flower_displaced(
    noise: PixelNoise = 0.3,
    map_noise: MapNoise = 0.2,
    window: Annotated[int, Whole(2, 4, "side of the window")] = 2,
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
            axes.plot(rates.displacement, hit, **shown)
            bars = {"color": shown["color"], "linestyle": "none", "capsize": 3.5, "lw": 1.4}
            axes.errorbar(rates.displacement, hit, (hit - low, high - hit), label="_", **bars)
        axes.set(title=f"Noise on {name}", xlabel="pixels from the detector", ylim=(0, 1.02))
        axes.set_ylabel("petals found")
        axes.set_xticks(rates.displacement)
        style.percent_axis(axes.yaxis)
    labels.name_curves(canvas)
    names = ("unit", "max", "mean")
    return Drawing(
        canvas,
        table,
        {"tuned": percent(false_alarm)}
        | {f"{name}_exact": photo.hit.value[i, 0] for i, name in enumerate(names)}
        | {f"{name}_far": photo.hit.value[i, -1] for i, name in enumerate(names)}
        | {f"{name}_each": each.hit.value[i, 0] for i, name in enumerate(names)},
    )


@figure(
    title="A search after max pooling finds about as many petals",
    caption="The {petals:d} petals of the dahlia, searched for in the whole map: as it is, after "
    "2 × 2 max or mean pooling, and keeping every second value. With one threshold "
    "({threshold:g}) for all, {max_same}, and subsampling loses {subsample_more} than the full "
    "map; noise lowers correlations, those of no petals too. With thresholds tuned to one rate of "
    "invented petals, {invented:g} a photograph, {max_same_equal}, and all four lie within "
    "{spread:.1%}.",
    alt="Three panels against noise. With one threshold for all, {max_same}; subsampling loses "
    "{subsample_more}, and the mean {mean_more}. With thresholds tuned to equal false alarms "
    "{max_same_equal}, and all four are within {spread:.1%} of each other.",
)
def flower_counts(
    threshold: Annotated[
        float, Number(-1, 1, "the one threshold, a correlation")
    ] = dahlia.ONE_THRESHOLD,
    invented: Annotated[float, Number(0.1, 20, "invented petals a photograph, last panel")] = 3.0,
    draws: Draws = dahlia.SEARCHED,
    seed: Seed = 0,
) -> Drawing:
    """Draw petals lost and invented by four methods against the noise on the pixels."""
    levels = tuple(np.linspace(0, 0.5, 6).round(1).tolist())
    same = dahlia.petal_counts(levels, threshold=threshold, draws=draws, seed=seed)
    tuned = dahlia.petal_counts(levels, invented=invented, draws=draws, seed=seed)
    canvas, panels = style.canvas(3, height=4)
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
        axes.set(title=title, xlabel="noise", ylim=(0, None), ylabel="of the petals")
        axes.set_xticks([0.1, 0.3, 0.5])
        if rates is same.invented:
            axes.set_ylabel("petals invented, per photograph")
        else:
            axes.set_ylim(-0.02, 1.02)
            style.percent_axis(axes.yaxis)
    labels.key_each(canvas)
    lost, equal = (dict(zip(flower.METHODS, c.lost.value, strict=True)) for c in (same, tuned))
    gap = float(np.abs(lost["max"] - lost["none"]).max())
    equal_gap = float(np.abs(equal["max"] - equal["none"]).max())
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
            "max_gap": gap,
            "max_same": _as_many_lost(gap),
            "equal_gap": equal_gap,
            "max_same_equal": _as_many_lost(equal_gap),
            **_lost_more("subsample", lost["subsample"] - lost["none"]),
            **_lost_more("mean", lost["mean"] - lost["none"]),
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


def _best_said(hits: Floats) -> str:
    """Say with how many votes most is found, if it is more than the or finds."""
    if hits.max() - hits[0] < _LEAST:
        return f"no number of votes finds {_LEAST:.1%} more"
    votes = how_many(int(hits.argmax()) + 1, "vote")
    return f"the largest share, {hits.max():.1%}, is found with {votes}"


def _write_votes(axes: Axes, one: Floats, every: Floats) -> None:
    """Write at their points what the or finds, and the largest share, where there is room."""
    if len(one) > 16 or every[0] - one[0] < 0.2:
        return
    style.direct_label(axes, 1, one[0], f"{one[0]:.1%}", "max", va="bottom")
    style.direct_label(axes, 1, every[0], f"{every[0]:.1%}", "max", va="top")
    best = int(every.argmax())
    if 6 * best >= len(every) and every[best] - every[0] >= _LEAST:
        text = f"{every[best]:.1%}"
        style.direct_label(axes, best + 1, every[best], text, "max", ha="center", va="top")


def _bars(axes: Axes, rates: list[dahlia.Shares], least: list[float], most: list[float]) -> None:
    """Draw what one detector and an OR do, the promised and the measured, for two noises."""
    from matplotlib.ticker import MaxNLocator

    shade, one = style.colour("max"), style.colour("single")
    looks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("unit", "one detector", {"color": one}),
        ("independent", "or, if independent", {"facecolor": "none", "edgecolor": shade}),
        ("pooled", "or, measured", {"color": shade}),
    )
    for place, (name, text, look) in enumerate(looks):
        rows = np.array([0, 1]) + 0.27 * (place - 1)
        shares = np.array([getattr(rate, name) for rate in rates])
        axes.barh(rows, shares, 0.2, linewidth=1.2, label=text, **look)
        ends = np.maximum(shares, most) if name == "pooled" else shares
        for row, end, share in zip(rows, ends, shares, strict=True):
            role = "single" if name == "unit" else "max"
            style.direct_label(axes, end, row, f"{share:.1%}", role)
        if name == "pooled":
            axes.hlines(rows, least, most, color=style.colour("ink"), linewidth=1.4)
    axes.set_yticks([0, 1], ["noise on\nthe pixels", "noise on each\ndetector"])
    shown = [float(getattr(rate, name)) for rate in rates for name, _, _ in looks]
    axes.set_xlim(0, 1.3 * max(0.01, *most, *shown))
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(lambda share, _: percent(share))
    axes.xaxis.set_major_locator(MaxNLocator(5))


def _sees(seen: int, units: int) -> str:
    """The title of a panel in which that many detectors see the petal."""
    if units == 1:
        return "The one detector sees it"
    return f"All {units} see it" if seen == units else f"One of {units} sees the petal"


def _if_one(units: int) -> str:
    return "if the one detector sees it" if units == 1 else f"if one of {units} detectors sees it"


def _whole_ticks(n: int) -> list[int]:
    """Round tick marks from 1 to n."""
    step = next(step for step in (1, 2, 4, 8, 16) if n / step <= 9)
    return sorted({1, *range(step, n + 1, step)})


def _name(watcher: str) -> str:
    return "one detector" if watcher == "unit" else watcher


def _missed(hit: dahlia.Shares) -> dahlia.Shares:
    return dahlia.Shares(*(1 - np.asarray(hit)))


def _as_many_lost(gap: float) -> str:
    """How far apart what max pooling and the full map lose is at most, in words."""
    both = "max pooling and the full map lose"
    if gap == 0:
        return f"{both} the same share"
    return f"{both} shares that are at most {in_digits(gap, '.1%')} apart"


def _lost_more(method: str, more: Floats) -> dict[str, Any]:
    """By how much more of the petals a method loses at most, as a number and in words."""
    gap = float(more.max())
    said = f"up to {in_digits(gap, '.1%')} more" if gap > 0 else "no more"
    return {f"{method}_gap": gap, f"{method}_more": said}


def _marked(found: Any) -> str:
    """The title of the pooled map: what its marks are, and how many petals they are."""
    kept, invented = int(found.kept.sum()), int(found.invented.sum())
    return f"max pooled: ● at a petal ({kept} found)  × invented ({invented})"


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
