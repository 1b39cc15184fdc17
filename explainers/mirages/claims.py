"""Does pooling see objects that are not there? The claims, and their verdicts."""

from __future__ import annotations

import math
from typing import Annotated, SupportsFloat

import numpy as np

from explainers import ranges
from explainers.checks import Floats
from explainers.claim import (
    Earlier,
    Fact,
    Judged,
    Ruling,
    Value,
    Values,
    Verdict,
    claim,
    count,
    estimated,
    share,
)
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Whole
from explainers.mirages import dahlia, measured, model
from explainers.mirages.measured import ACCEPTED, DETECTORS, REPEATS, SHOWN
from explainers.mirages.model import SIZE, Parts
from explainers.records import Formula

DEPTHS = (1, 2, 3)
AS_TRUE = 0.1  # passes as true ones do, if not by more than this less often

Petals = Annotated[int, Whole(2, 12, "petals on the ring")]
Radius = Annotated[int, Whole(2, 15, "of the ring, in places")]
Size = Annotated[int, Whole(8, 64, "side of the map, in places")]
Window = Annotated[int, Whole(1, 256, "side of the window: a power of two")]
Channels = Annotated[str, Choice(("own", "shared"), "a channel for each petal, or one for all")]
Jitter = Annotated[int, Whole(0, 2, "how far a part may be off, in places")]
NoiseSd = Annotated[float, Number(0.001, 2, "standard deviation of the noise")]
Draws = Annotated[int, Whole(2, 2000, "flowers of each kind, to each threshold")]
Photographs = Annotated[int, Whole(2, 125, "noisy photographs, to each threshold")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random flowers")]


def bits(number: int, meaning: str) -> Value:
    """How much it takes to tell one of so many."""
    return Value(model.bits(number), "bits", meaning)


def places(number: SupportsFloat, meaning: str) -> Value:
    """Places that a part could be in, on average."""
    return Value(float(number), "places", meaning)


def estimate(
    shares: Interval[Floats], at: tuple[int, ...], meaning: str, over: str = "random flowers"
) -> Value:
    """A measured share."""
    return estimated(share, Interval(*(end[at] for end in shares)), meaning, over)


def of_tiles(shares: Interval[Floats], at: int, meaning: str) -> Value:
    """A share measured on the photograph."""
    return estimate(shares, (0, at), meaning, "noise and orders of its tiles on this photograph")


# ---- What the pooled map cannot say ----


@claim(
    question="How many rearrangements does a local max pool hide?",
    examines="T8",
    kind=Fact(
        "arrangements with one pooled map, the flower's own included; each part a 1 in a channel "
        "of its own, windows side by side.",
        "If all petals share a channel and a window holds several of them, more are hidden: some "
        "that cross windows, too.",
    ),
    says="Max pooling over windows side by side hides where in its window each part is.",
    statement="A flower of {parts} parts on a map of {size} × {size}: {count_2:,d} arrangements "
    "give the same map after 2 × 2 max pooling, and {count_4:,d} after 4 × 4: each part anywhere "
    "in its window. Of the {bits:.0f} bits that say where the parts are, that is {lost_2:.0f} and "
    "{lost_4:.0f}. The mean hides as many, {mean_2:,d}.",
    answer="For a flower of nine parts, each lighting up one value in a channel of its own, "
    "{count_2:,} arrangements give exactly the same map after non-overlapping 2 × 2 max pooling. "
    "Each part can be at any of the four places in its window, since the maximum does not say "
    "which one it comes from. After 4 × 4 pooling there are {count_4:words} such arrangements. "
    "What remains is which window each part is in; a part that lights up several windows gives "
    "more of its place away.",
    formula=Formula(
        r"N = (k^2)^m, \quad \log_2 N = 2 m \log_2 k \text{ of } 2 m \log_2 H \text{ bits}",
        "N arrangements that look alike, m parts with a channel each on maps of H × H, and "
        "non-overlapping windows of k × k",
    ),
    prints=("count_2", "count_4"),
    figure="invisible-arrangements",
    code=model.invisible,
    sources=("thread",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "A question of how many has a number for an answer, and no verdict. Whether only "
            "rearrangements inside windows are hidden is a claim of its own now.",
        ),
    ),
)
def rearrangements_invisible_to_local_pool(petals: Petals = 8, radius: Radius = 10) -> Values:
    """Windows side by side, each part in its own channel."""
    flower = model.flower(petals, radius, SIZE)
    counts = {k: model.invisible(flower, k) for k in (2, 4)}
    return {
        "parts": count(flower.row.size, "parts of the flower: a centre and its petals"),
        "size": count(SIZE, "height and width of the map"),
        "bits": bits(model.arrangements(flower), "to say where all parts are"),
        **{
            f"count_{k}": count(n, f"arrangements with the same map after {k} × {k} pooling")
            for k, n in counts.items()
        },
        "mean_2": count(model.invisible_to_mean(flower, 2), "the same, after 2 × 2 mean pooling"),
        **{f"lost_{k}": bits(n, f"lost by {k} × {k} windows") for k, n in counts.items()},
    }


@claim(
    question="Does a local max pool hide only rearrangements inside its windows?",
    examines="T8",
    kind=Judged(
        asked={
            "window": ranges.FLOWER_WINDOWS,
            "channels": ranges.PART_CHANNELS,
            "petals": ranges.PETALS,
            "radius": ranges.Range("of the ring, in places", (3, 5, 10)),
        },
        margin=lambda v: v["hidden"].value == v["kept"].value,
        domain=lambda window, channels, petals, radius: (
            channels == "own" or _most_in_a_window(petals, radius, window) == 1
        ),
        condition="no window holds two like parts of one channel.",
    ),
    says="Max pooling over windows side by side hides only such rearrangements as leave as many "
    "parts in each window as before.",
    statement="With a channel for each part of the flower, none of the {hidden:,d} arrangements "
    "that 2 × 2 max pooling cannot tell apart moves a part to another window. Three like parts in "
    "one row, of one channel, two of them in one window, have {row_hidden} such arrangements, and "
    "in {row_crossing} of these a part has crossed to the other window. If the petals share a "
    "channel and four 16 × 16 windows hold them all, it is {crossing_16:.0%} of the arrangements.",
    answer="Non-overlapping max pooling hides only moves inside its windows unless a window holds "
    "two like features in one channel: three of them in two 2 × 2 windows have {row_hidden} "
    "arrangements that look alike, and in {row_crossing} one has changed windows. Here each "
    "lights up one value, all equally strong. The maximum says that a window holds a feature, but "
    "not how many, so one of two can leave unnoticed for a window that has one. Between windows, "
    "a feature with a channel of its own never moves unnoticed.",
    formula=Formula(
        r"N = \sum_{j=0}^{a} (-1)^j \binom{a}{j} \binom{(a-j) k^2}{m}, \quad N = (k^2)^m \text{ "
        r"if } a = m",
        "N arrangements that look alike, m like features in one channel, a windows of k × k that "
        "hold at least one, and j of these left out (inclusion and exclusion)",
    ),
    prints=("row_hidden", "row_crossing"),
    figure="invisible-arrangements",
    code=model.invisible_to_mean,
    sources=("thread",),
)
def invisible_only_inside_windows(
    window: Annotated[int, Whole(1, 32, "side of the window: a power of two")] = 2,
    channels: Channels = "own",
    petals: Petals = 8,
    radius: Radius = 10,
) -> Values:
    """Arrangements with the same pooled map, and those with as many parts in each window."""
    flower = model.flower(petals, radius, SIZE, directed=channels == "own")
    alike = model.flower(petals, radius, SIZE, directed=False)
    row = Parts(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([0, 0, 0]), 4)
    hidden, kept = model.invisible(row, 2), model.invisible_to_mean(row, 2)
    crossing = 1 - model.invisible_to_mean(alike, 16) / model.invisible(alike, 16)
    return {
        "hidden": count(model.invisible(flower, window), "arrangements with the same pooled map"),
        "kept": count(
            model.invisible_to_mean(flower, window),
            "arrangements with as many parts of each kind in each window",
        ),
        "row_hidden": count(hidden, "arrangements of three like parts with one pooled map"),
        "row_crossing": count(hidden - kept, "of them with a part in another window"),
        "crossing_16": share(crossing, "of those hidden by 16 × 16 windows, petals alike"),
    }


def _most_in_a_window(petals: int, radius: int, window: int) -> int:
    """How many petals a window holds at most."""
    flower = model.flower(petals, radius, SIZE)
    held = np.stack([flower.row, flower.column])[:, 1:] // window
    return int(np.unique(held, axis=1, return_counts=True)[1].max())


@claim(
    question="Does global pooling hide all rearrangements of the parts that its channels hold?",
    examines="T8",
    kind=Judged(
        asked={
            "petals": ranges.PETALS,
            "channels": ranges.PART_CHANNELS,
            "size": ranges.FLOWER_MAPS,
        },
        margin=lambda v: (
            v["every"].value == v["hidden"].value and v["every"].value == v["mean"].value
        ),
    ),
    says="Global pooling, by max or mean, hides all rearrangements of the parts that its channels "
    "hold.",
    statement="All of them. For {parts} parts on a map of {size} × {size} that is a number of "
    "{digits} digits: of the {bits:.0f} bits that say where the parts are, {left:.0f} are left.",
    answer="Global pooling, by maximum or mean, hides every rearrangement of the parts that its "
    "channels detect: for nine parts on a 32 × 32 map, each lighting up one value, the number of "
    "arrangements that look alike has {digits} digits. Neither a maximum nor a mean depends on "
    "the order of its values. It would take {bits:.0f} bits to say where the nine parts are, and "
    "none of them get through. Only what the layers before the pooling have already put together "
    "stays together.",
    formula=Formula(
        r"N = (H W)^m, \quad \log_2 N = m \log_2 (H W) \text{ bits}",
        "N arrangements that look alike, and m parts, with a channel each on maps of H × W",
    ),
    prints=("digits", "bits"),
    figure="invisible-arrangements",
    code=model.invisible,
    sources=("thread",),
)
def rearrangements_invisible_to_global_pool(
    petals: Petals = 8, channels: Channels = "own", size: Size = SIZE
) -> Values:
    """One window, as large as the map."""
    radius = min(10, (size - 1) // 2)
    flower = model.flower(petals, radius, size, directed=channels == "own")
    every, hidden = model.arrangements(flower), model.invisible(flower, size)
    return {
        "parts": count(flower.row.size, "parts of the flower"),
        "size": count(size, "height and width of the map"),
        "every": count(every, "arrangements in all"),
        "hidden": count(hidden, "of them with the same global max in each channel"),
        "mean": count(model.invisible_to_mean(flower, size), "with the same global mean"),
        "digits": count(len(str(hidden)), "digits of the number of arrangements that look alike"),
        "bits": bits(hidden, "about the places of the parts are lost"),
        "left": Value(model.bits(every) - model.bits(hidden), "bits", "of them are left"),
    }


# ---- What a detector on pooled maps accepts ----


def _passed(
    window: int, kind: str, channels: str, jitter: int, noise_sd: float, draws: int, seed: int
) -> Values:
    found = measured.acceptance(
        (window,), (kind,), directed=channels == "own", jitter=jitter, noise_sd=noise_sd,
        draws=draws, seed=seed,
    )  # fmt: skip
    return {
        "passed": share(found.scrambled.value[0, 0], "of the scrambled flowers pass"),
        "true": share(found.true.value[0], "of the true ones pass"),
    }


def _trial_of_scrambles(
    window: int, kind: str, channels: str, noise_sd: float, jitter: int, seed: int
) -> Values:
    return _passed(window, kind, channels, jitter, noise_sd, 50, seed)


@claim(
    question="Does a detector on max-pooled maps accept a flower whose parts are put elsewhere, "
    "inside their windows or anywhere?",
    examines="T8",
    kind=Judged(
        asked={
            "window": ranges.FLOWER_WINDOWS,
            "kind": ranges.SCRAMBLES,
            "channels": ranges.PART_CHANNELS,
            "noise_sd": ranges.SCENE_NOISE,
            "jitter": ranges.JITTERS,
        },
        margin=lambda v: v["passed"].value - v["true"].value + AS_TRUE,
        trial=_trial_of_scrambles,
        domain=lambda window, kind, **_: kind == "inside" or window == SIZE,
        condition="the parts stay in their windows, or the pool is global.",
        tries=110,
    ),
    says="A detector on max-pooled maps accepts flowers with their parts put elsewhere as often as "
    "true ones (to within a tenth).",
    statement="A detector that accepts {accepted:.0%} of true flowers accepts {inside:.1%} "
    "({inside.low:.1%}–{inside.high:.1%}) of those scrambled inside 4 × 4 windows. With the parts "
    "anywhere it accepts {anywhere_4:.1%} ({anywhere_4.low:.1%}–{anywhere_4.high:.1%}), with "
    "16 × 16 windows {anywhere_16:.1%} ({anywhere_16.low:.1%}–{anywhere_16.high:.1%}), and after "
    "global pooling {anywhere_global:.1%} ({anywhere_global.low:.1%}–{anywhere_global.high:.1%}). "
    "If all petals share a channel, it is {alike_4:.1%} ({alike_4.low:.1%}–{alike_4.high:.1%}) for "
    "4 × 4 and {alike_16:.1%} ({alike_16.low:.1%}–{alike_16.high:.1%}) for 16 × 16. 95% intervals; "
    "{repeats} thresholds, each with {draws:,d} flowers of each kind.",
    answer="In a simulation, a detector on max-pooled maps accepts {inside:.0%} of scrambled "
    "flowers if their nine parts only move inside its 4 × 4 windows, or anywhere with global "
    "pooling: just as many as of true ones ({accepted:.0%}). Each part is a peak in a channel of "
    "its own, and the noise a tenth of its height. If the parts are put anywhere, practically "
    "none pass with 4 × 4 windows, though most do in three times the noise. Small windows forgive "
    "small shifts, not all parts put far away.",
    formula=Formula(
        r"s = \sum_{c} \sum_{w} t_c(w) \max_{x \in w} a_c(x) \ge \theta, \quad \mathbb{P}(s \ge "
        r"\theta \mid \text{true flower}) = \alpha",
        "a the map of channel c, x the places in window w, t the mean pooled map of true flowers, "
        "s the score, θ the threshold for it, and α the share of true flowers to accept",
    ),
    prints=("inside", "accepted"),
    within=0.01,
    figure="scrambled-accepted",
    code=measured.acceptance,
    sources=("thread",),
    lighter={"draws": 50},
)
def scrambled_flower_accepted(
    window: Window = 4,
    kind: Annotated[str, Choice(("inside", "anywhere"), "where each part is put")] = "anywhere",
    channels: Channels = "own",
    noise_sd: NoiseSd = 0.1,
    jitter: Jitter = 1,
    draws: Draws = measured.DRAWS,
    seed: Seed = 0,
) -> Values:
    """A detector on max-pooled maps, and flowers scrambled inside windows and anywhere."""
    kinds, windows = ("inside", "anywhere"), (4, 16, SIZE, window)
    own, alike = (
        measured.acceptance(
            windows, kinds, directed=directed, jitter=jitter, noise_sd=noise_sd, accepted=ACCEPTED,
            draws=draws, repeats=REPEATS, seed=seed,
        )
        for directed in (True, False)
    )  # fmt: skip
    chosen = own if channels == "own" else alike
    return {
        "draws": count(draws, "flowers of each kind, to each threshold"),
        "repeats": count(REPEATS, "thresholds, set by flowers of their own"),
        "accepted": share(ACCEPTED, "of true ones that the threshold is to let pass"),
        "inside": estimate(own.scrambled, (0, 0), "scrambled inside 4 × 4 windows"),
        "anywhere_4": estimate(own.scrambled, (1, 0), "parts anywhere, 4 × 4 windows"),
        "anywhere_16": estimate(own.scrambled, (1, 1), "parts anywhere, 16 × 16 windows"),
        "anywhere_global": estimate(own.scrambled, (1, 2), "parts anywhere, global pool"),
        "alike_4": estimate(alike.scrambled, (1, 0), "anywhere, petals alike, 4 × 4 windows"),
        "alike_16": estimate(alike.scrambled, (1, 1), "anywhere, petals alike, 16 × 16 windows"),
        "passed": estimate(
            chosen.scrambled, (kinds.index(kind), 3), "of the scrambled flowers pass, as set"
        ),
        "true": estimate(chosen.true, (3,), "of the true ones pass, as set"),
    }


def _trial_of_exchanges(
    window: int, jitter: int, noise_sd: float, exchanged: str, petals: int, seed: int
) -> Values:
    found = measured.acceptance(
        (1, window), (exchanged,), petals=petals, jitter=jitter, noise_sd=noise_sd, draws=50,
        seed=seed,
    )  # fmt: skip
    without, pooled = found.scrambled.value[0]
    return {"without": share(without, "pass without a pool"), "pooled": share(pooled, "with one")}


@claim(
    question="Is it a local pool that lets exchanged petals pass?",
    examines="T8",
    kind=Judged(
        asked={
            "window": ranges.without(ranges.FLOWER_WINDOWS, SIZE),
            "jitter": ranges.JITTERS,
            "noise_sd": ranges.SCENE_NOISE,
            "exchanged": ranges.EXCHANGES,
            "petals": ranges.PETALS,
        },
        margin=lambda v: v["pooled"].value - v["without"].value,
        least=0.01,
        trial=_trial_of_exchanges,
        domain=lambda jitter, noise_sd, exchanged, **_: (
            jitter == 0 and noise_sd >= 0.2 and exchanged == "swapped"
        ),
        condition="two petals are exchanged, the parts of true flowers are exactly at their "
        "places, and the noise is at least a fifth of a part's answer.",
        otherwise="With less noise, or with all petals permuted, often none pass either way. If "
        "the parts vary, the detector without a pool is weak by itself.",
        tries=80,
    ),
    says="With a local pool, a detector accepts more flowers with exchanged petals than without a "
    "pool.",
    statement="If each part of a true flower is exactly at its place, and the noise {noise:.1f}, "
    "a detector without a pool accepts {without:.1%} ({without.low:.1%}–{without.high:.1%}) of "
    "flowers with two petals exchanged, and with 8 × 8 windows {pooled:.1%} "
    "({pooled.low:.1%}–{pooled.high:.1%}). If the parts vary by a place or two, and the noise is "
    "0.1, it is {window_1:.1%} ({window_1.low:.1%}–{window_1.high:.1%}) without a pool and "
    "{window_8:.1%} ({window_8.low:.1%}–{window_8.high:.1%}) with one: a detector that must "
    "forgive parts that are off forgives two in the wrong place. 95% intervals; {repeats} "
    "thresholds, each with {draws:,d} flowers of each kind and set to accept {accepted:.0%} of "
    "true ones.",
    answer="If true flowers always have their parts exactly in place, and the noise is a fifth of "
    "a part's response, a detector accepts about {pooled:.0%} of simulated flowers with two "
    "petals exchanged if it max-pools over 8 × 8, otherwise about {without:.0%}. Both accept "
    "{accepted:.0%} of true flowers; another run moves these shares by a few points. The largest "
    "noise in an empty window stands in for the petal. In half the noise practically none pass "
    "either way, and if true parts vary, no pooling is often more lenient.",
    formula=Formula(
        r"s = \sum_{c} \sum_{w} t_c(w) \max_{x \in w} a_c(x) \ge \theta, \quad \mathbb{P}(s \ge "
        r"\theta \mid \text{true flower}) = \alpha",
        "a the map of channel c, x the places in window w, t the mean pooled map of true flowers, "
        "s the score, θ the threshold for it, and α the share of true flowers to accept",
    ),
    prints=("pooled", "without"),
    within=0.02,
    figure="scrambled-accepted",
    code=measured.acceptance,
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.FAILS,
            "It looked at flowers whose parts vary in place. If they do not, the pool is what lets "
            "exchanged petals pass.",
        ),
    ),
    lighter={"draws": 50},
)
def exchanged_petals_accepted(
    window: Window = 8,
    jitter: Jitter = 0,
    noise_sd: NoiseSd = 0.2,
    exchanged: Annotated[str, Choice(("swapped", "permuted"), "two petals, or all")] = "swapped",
    petals: Petals = 8,
    draws: Draws = measured.DRAWS,
    seed: Seed = 0,
) -> Values:
    """Petals in each other's places, without a pool and with one."""
    found, varied = (
        measured.acceptance(
            (1, side), (kind,), petals=number, jitter=off, noise_sd=noise, accepted=ACCEPTED,
            draws=draws, repeats=REPEATS, seed=seed,
        ).scrambled
        for side, kind, number, off, noise in (
            (window, exchanged, petals, jitter, noise_sd),
            (8, "swapped", 8, 1, 0.1),
        )
    )  # fmt: skip
    return {
        "draws": count(draws, "flowers of each kind, to each threshold"),
        "repeats": count(REPEATS, "thresholds, set by flowers of their own"),
        "accepted": share(ACCEPTED, "of true ones that the threshold is to let pass"),
        "noise": Value(noise_sd, "ratio", "noise on each value; a part's answer is 1"),
        "without": estimate(found, (0, 0), "petals exchanged, no pool"),
        "pooled": estimate(found, (0, 1), "petals exchanged, max-pooled"),
        "window_1": estimate(varied, (0, 0), "two petals exchanged, parts vary, no pool"),
        "window_8": estimate(varied, (0, 1), "two petals exchanged, parts vary, 8 × 8 windows"),
    }


# ---- Overlap and depth ----


@claim(
    question="Do overlapping pools keep the position?",
    examines="hinton-2014",
    kind=Judged(
        asked={
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "border": ranges.PART_PLACES,
            "near": ranges.NEAR,
        },
        together=lambda window, stride, **_: window > stride,
        margin=lambda v: v["alike"].value == 1,
        domain=lambda window, stride, border, near: (
            border == "middle" and near == 0 and (stride == 1 or (stride == 2 and window % 2 == 1))
        ),
        condition="the stride is 1, or 2 with an odd window, and the part is away from the border "
        "and from like parts.",
    ),
    says="Overlapping max-pooling windows tell the place of each part.",
    statement="Over {places} neighbouring places of a lone part, the windows that hold it form "
    "{patterns_2} pattern with 2 × 2 windows side by side, but {patterns_3} with 3 × 3 windows of "
    "stride 2: then {count_3:,d} arrangement of our flower gives its map, not {count_2:,d}. With "
    "4 × 4 windows of stride 2 it is {patterns_4} pattern, no more than without overlap; with "
    "4 × 4 windows of stride 3, {patterns_43} for {places_43} places. At the far border 3 × 3 "
    "windows leave {border} places alike. And of pairs of like parts they tell {pairs_1:.0%} if "
    "the two are one apart, {pairs_2:.0%} at two, {pairs_3:.0%} at three and {pairs_4:.0%} at "
    "four.",
    answer="If a feature lights up one value, away from the border and from others of its "
    "channel, 3 × 3 max pooling with stride 2 keeps its exact place: each of {patterns_3} "
    "neighbouring places lights up its own set of windows. Overlap by itself is not enough. With "
    "4 × 4 windows and stride 2, all four places look alike, just as with non-overlapping 2 × 2 "
    "windows. And two like features blur each other: 3 × 3 windows pin down only {pairs_2:.0%} of "
    "pairs two places apart.",
    formula=Formula(
        r"\text{patterns} = 4 \text{ if } k \bmod s > 0, \text{ else } 1",
        "windows of k × k with stride s, and a pattern for each set of windows that one of s × s "
        "neighbouring places lights up",
    ),
    prints=("patterns_3", "pairs_2"),
    figure="overlap-code",
    code=model.lone_part_code,
    sources=("hinton-2014",),
)
def overlap_keeps_position(
    window: Annotated[int, Whole(1, 16, "side of the window")] = 3,
    stride: Annotated[int, Whole(1, 8, "at most the window's side")] = 2,
    border: Annotated[str, Choice(("middle", "border"), "where the part is")] = "middle",
    near: Annotated[int, Whole(0, 8, "places to the next like part, or 0")] = 0,
) -> Values:
    """What the pattern of windows tells of one part's place, and of two."""
    codes = {k: model.lone_part_code(k, 2) for k in (2, 3, 4)}
    wider, pairs = model.lone_part_code(4, 3), model.pairs_told_apart(3, 2)
    flower = model.flower(size=SIZE)
    at_border = model.alike_at_most(3, 2, border=True)
    return {
        "alike": count(
            model.alike_at_most(window, stride, border=border == "border", near=near),
            "arrangements that a pooled map may stand for, where it stands for most",
        ),
        "places": count(codes[2].places, "places in a cell of 2 × 2"),
        **{
            f"patterns_{k}": count(code.patterns, f"of them told apart, {k} × {k}, stride 2")
            for k, code in codes.items()
        },
        "places_43": count(wider.places, "places in a cell of 3 × 3"),
        "patterns_43": count(wider.patterns, "of them told apart, 4 × 4 windows, stride 3"),
        "border": count(at_border, "places alike at the far border, 3 × 3 windows, stride 2"),
        "count_2": count(model.invisible(flower, 2), "flowers with one map, 2 × 2 windows"),
        "count_3": count(model.invisible(flower, 3, 2, 1), "flowers with one map, 3 × 3, stride 2"),
        **{
            f"pairs_{d}": share(pairs.told[d - 1], f"of pairs of like parts told, {d} apart")
            for d in (1, 2, 3, 4)
        },
    }


@claim(
    question="Do several poolings hide more than one?",
    examines="T8",
    kind=Judged(
        asked={
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "depth": ranges.without(ranges.DEPTHS, 1),
        },
        together=lambda window, stride, **_: window >= stride,
        margin=lambda v: v["several"].value > v["one"].value,
        domain=lambda window, stride, **_: (
            stride > 1 and (window == stride or window % stride != 0)
        ),
        condition="the windows lie side by side, or the stride is at least 2 and does not divide "
        "the window.",
    ),
    says="Several max poolings, one after another, hide more of a lone part's place than one.",
    statement="After one pooling of 2 × 2 a lone part could be in {plain_1:.0f} places, after two "
    "in {plain_2:.0f} and after three in {plain_3:.0f}. With 3 × 3 windows of stride 2 it is "
    "{overlap_1:.0f} place, then {overlap_2:.2f} and {overlap_3:.1f} on average, as three of these "
    "amount to one window of {amounts} × {amounts}. With 4 × 4 windows of stride 2, two hide no "
    "more than one: {wide_1:.0f}, {wide_2:.0f} and {wide_3:.0f} places.",
    answer="If nothing lies between them, three non-overlapping 2 × 2 max poolings hide a lone "
    "peak's place among {plain_3:.0f}, where one hides it among {plain_1:.0f}. Away from the "
    "border, overlapping 3 × 3 windows with stride 2 still show the exact place after one "
    "pooling, but after three poolings {overlap_3:.0f} places look alike on average. With 4 × 4 "
    "windows and stride 2, however, two poolings hide no more than one. Convolutions between the "
    "poolings, with several channels, can keep much more of the place.",
    formula=Formula(
        r"S = s^n, \quad K = 1 + (k - 1) \frac{s^n - 1}{s - 1}, \quad R = K \bmod S, \quad "
        r"\text{places} = \left(\frac{R^2 + (S - R)^2}{S}\right)^2",
        "n poolings over windows of k × k with stride s, which amount to one over K × K with "
        "stride S, and R what is left over if K is divided by S",
    ),
    prints=("plain_1", "plain_3", "overlap_3"),
    figure="overlap-code",
    code=model.stacked,
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "It looked at 2 × 2 and 3 × 3 windows. Two poolings over 4 × 4 windows with stride 2 "
            "hide no more than one, and with stride 1 none hides anything.",
        ),
    ),
)  # fmt: skip
def depth_hides_more(
    window: Annotated[int, Whole(1, 16, "side of the window")] = 2,
    stride: Annotated[int, Whole(1, 8, "at most the window's side")] = 2,
    depth: Annotated[int, Whole(1, 8, "poolings")] = 3,
) -> Values:
    """Stacked pools, side by side and overlapping."""

    def sharing(kernel: int, step: int, pools: int) -> Value:
        code = model.lone_part_code(*model.stacked(kernel, step, pools))
        meaning = f"share a pattern after {pools} of {kernel} × {kernel}, stride {step}"
        return places(code.sharing, meaning)

    return {
        **{
            f"{name}_{n}": sharing(kernel, 2, n)
            for name, kernel in (("plain", 2), ("overlap", 3), ("wide", 4))
            for n in DEPTHS
        },
        "amounts": count(model.stacked(3, 2, 3)[0], "side of the one window they amount to"),
        "one": sharing(window, stride, 1),
        "several": sharing(window, stride, depth),
    }


# ---- What comes before the pool ----


def _look(found: Interval[Floats], order: str, kind: str) -> Value:
    at = (1 + ("after", "before").index(order), SHOWN.index(kind))
    return estimate(found, at, f"{kind}: {DETECTORS[at[0]]}")


SCRAMBLED = ("swapped", "scrambled")


def _trial_of_orders(
    order: str, reach: int, kind: str, noise_sd: float, jitter: int, seed: int
) -> Values:
    found = measured.before_or_after(
        jitter=jitter, noise_sd=noise_sd, reach=reach, draws=40, seed=seed
    )
    return {"passed": _look(found, order, kind), "true": _look(found, order, "true")}


@claim(
    question="Must a network with a global pool accept scrambled objects?",
    examines="T8",
    kind=Judged(
        asked={
            "order": ranges.ORDERS,
            "reach": ranges.REACHES,
            "kind": ranges.Range("two petals exchanged, or all parts anywhere", SCRAMBLED),
            "noise_sd": ranges.SCENE_NOISE,
            "jitter": ranges.JITTERS,
        },
        together=lambda order, reach, **_: order == "before" or reach == SIZE,
        margin=lambda v: v["passed"].value - v["true"].value + AS_TRUE,
        trial=_trial_of_orders,
        domain=lambda order, reach, **_: order == "after" or reach <= 5,
        condition="nothing before the pool sees two of the parts together.",
        tries=44,
    ),
    says="A detector with a global max pool accepts scrambled flowers as often as true ones (to "
    "within a tenth).",
    statement="Pooling each part's channel globally and then looking accepts "
    "{after_scrambled:.1%} ({after_scrambled.low:.1%}–{after_scrambled.high:.1%}) of flowers with "
    "their parts anywhere. Looking for a whole flower at each place, then pooling the answers "
    "globally, accepts {before_scrambled:.1%} "
    "({before_scrambled.low:.1%}–{before_scrambled.high:.1%}) of them, {before_swapped:.1%} "
    "({before_swapped.low:.1%}–{before_swapped.high:.1%}) of flowers with two petals exchanged, "
    "and {before_moved:.1%} ({before_moved.low:.1%}–{before_moved.high:.1%}) of true flowers "
    "moved to anywhere. Looking at the usual place only, {place_moved:.1%} "
    "({place_moved.low:.1%}–{place_moved.high:.1%}) of these. All are set to accept "
    "{accepted:.0%} of true flowers; 95% intervals; {repeats} thresholds, each with {draws:,d} "
    "flowers of each kind.",
    answer="If nothing before the pooling sees two parts of an object together, a detector with "
    "global max pooling accepts scrambled flowers, their parts put anywhere, as often as true "
    "ones ({accepted:.0%} in a simulation). But a network can look at the arrangement before it "
    "pools. In weak noise, a convolution that covers the whole flower, followed by global max "
    "pooling, accepts practically no scrambled flower, though about half of those with two petals "
    "exchanged. Of true flowers that are moved as a whole, it accepts {before_moved:.0%}.",
    formula=Formula(
        r"s_{\text{after}} = \sum_{c} t_c \max_{x} a_c(x) \ge \theta, \quad s_{\text{before}} = "
        r"\max_{x} \sum_{c} \sum_{y} t_c(y)\, a_c(x + y) \ge \theta",
        "a the map of channel c, x and y places, t the mean of true flowers, s the score of a "
        "detector that looks after the pooling or before it, and θ the threshold from which on it "
        "accepts",
    ),
    prints=("before_moved", "accepted"),
    within=0.01,
    figure="pool-before-or-after",
    code=measured.before_or_after,
    lighter={"draws": 50},
)
def arrangement_before_global_pool(
    order: Annotated[str, Choice(("after", "before"), "when the detector looks")] = "before",
    reach: Annotated[int, Whole(1, SIZE, "side of what it sees before the pool")] = 32,
    kind: Annotated[str, Choice(SCRAMBLED, "how the flowers are scrambled")] = "scrambled",
    noise_sd: NoiseSd = 0.1,
    jitter: Jitter = 1,
    draws: Draws = measured.DRAWS,
    seed: Seed = 0,
) -> Values:
    """Three detectors; the last one looks for a flower at every place before the pool."""
    found = measured.before_or_after(
        jitter=jitter, noise_sd=noise_sd, reach=reach, accepted=ACCEPTED, draws=draws,
        repeats=REPEATS, seed=seed,
    )  # fmt: skip
    return {
        "draws": count(draws, "flowers of each kind, to each threshold"),
        "repeats": count(REPEATS, "thresholds, set by flowers of their own"),
        "accepted": share(ACCEPTED, "of true ones that the threshold is to let pass"),
        "place_moved": estimate(found, (0, SHOWN.index("moved")), f"moved: {DETECTORS[0]}"),
        "after_moved": _look(found, "after", "moved"),
        "after_scrambled": _look(found, "after", "scrambled"),
        "before_moved": _look(found, "before", "moved"),
        "before_swapped": _look(found, "before", "swapped"),
        "before_scrambled": _look(found, "before", "scrambled"),
        "passed": _look(found, order, kind),
        "true": _look(found, order, "true"),
    }


# ---- On the photograph ----


def _trial_of_tiles(
    window: int, doublings: int, noise_sd: float, rings: int, scramble: str, seed: int
) -> Values:
    found = dahlia.acceptance(
        (window,), (scramble,), rings=rings, doublings=doublings, noise_sd=noise_sd, draws=10,
        seed=seed,
    )  # fmt: skip
    return {"passed": share(found.scrambled.value[0, 0], "of the scrambled ones pass")}


@claim(
    question="Does the pooled petal map of a scrambled dahlia pass for the true one's?",
    examines="T8",
    kind=Judged(
        asked={
            "window": ranges.PETAL_MAP_WINDOWS,
            "doublings": ranges.CUTS,
            "noise_sd": ranges.PHOTO_NOISE,
            "rings": ranges.RINGS,
            "scramble": ranges.Range("tiles put in their ring, or anywhere", dahlia.SCRAMBLES),
        },
        margin=lambda v: v["passed"].value - 0.5,
        trial=_trial_of_tiles,
        domain=lambda window, doublings, noise_sd, **_: (
            window == dahlia.WINDOWS[-1] and doublings <= 3 and noise_sd >= 0.2
        ),
        condition="the pool is global, a ring is cut into 8 tiles or fewer, and the noise is at "
        "least 0.2 of the white level.",
        tries=40,
    ),
    says="The max-pooled petal map of a scrambled dahlia passes for the true one's more often than "
    "not.",
    statement="The dahlia, cut into {tiles} tiles, is put together at random: in one of a number "
    "of orders with {digits} digits. A detector whose threshold is to let {accepted:.0%} of true "
    "photographs pass accepts {window_4:.0%} ({window_4.low:.0%}–{window_4.high:.0%}) of the "
    "scrambled ones after pooling the petal map over 4 × 4, {window_16:.0%} "
    "({window_16.low:.0%}–{window_16.high:.0%}) over 16 × 16, {window_64:.0%} "
    "({window_64.low:.0%}–{window_64.high:.0%}) over 64 × 64, which leaves four values, and "
    "{window_256:.0%} ({window_256.low:.0%}–{window_256.high:.0%}) globally. Cut into tiles "
    "narrower than a petal, {fine_tiles} of them, it is {fine:.0%} "
    "({fine.low:.0%}–{fine.high:.0%}) globally. 95% intervals; {repeats} thresholds, each with "
    "{draws} noisy photographs of each kind.",
    answer="If a map of petal responses is max-pooled globally, a detector that accepts "
    "{accepted:.0%} of very noisy copies of a dahlia photo also accepts {window_256:.0%} of "
    "scrambled ones, cut into 24 tiles and put together at random. The one number that is left "
    "tells how well the best petal matches, and the tiles still show whole petals. In this noise "
    "(0.3 of the white level), a detector on 16 × 16 windows rejects practically all scrambled "
    "photos. With tiles narrower than a petal, global pooling rejects most as well.",
    formula=Formula(
        r"s = \sum_{w} (p_w - \bar{p}_w)^2 \le \theta, \quad p_w = \max_{x \in w} a(x), \quad "
        r"\mathbb{P}(s \le \theta \mid \text{true photograph}) = \alpha",
        "a the petal map, x the places in window w, p its maximum, p with a bar the mean over "
        "true photographs, s the distance, θ its threshold, and α the share of true photographs "
        "to accept",
    ),
    prints=("window_256",),
    figure="dahlia-scrambled",
    code=dahlia.acceptance,
    sources=("dahlia",),
    lighter={"draws": 10},
)
def dahlia_scrambled_accepted(
    window: Window = 256,
    doublings: Annotated[int, Whole(0, 5, "each ring cut into 2 to this power")] = 3,
    noise_sd: NoiseSd = 0.3,
    rings: Annotated[int, Whole(1, 4, "rings the flower is cut into")] = 3,
    scramble: Annotated[str, Choice(dahlia.SCRAMBLES, "where a tile may be put")] = "anywhere",
    draws: Photographs = dahlia.DRAWS,
    seed: Seed = 0,
) -> Values:
    """The photograph, cut into tiles."""
    windows, finest = (4, 16, 64, 256), 5
    found, fine = (
        dahlia.acceptance(
            sides, (scramble,), rings=rings, doublings=cut, noise_sd=noise_sd, accepted=ACCEPTED,
            draws=draws, repeats=REPEATS, seed=seed,
        )
        for sides, cut in (((*windows, window), doublings), (windows[-1:], finest))
    )  # fmt: skip
    tiles = rings * 2**doublings
    return {
        "tiles": count(tiles, "tiles of the flower"),
        "digits": count(len(str(math.factorial(tiles))), "digits of the number of their orders"),
        "draws": count(draws, "noisy photographs to each threshold, each with its own order"),
        "repeats": count(REPEATS, "thresholds, set by photographs of their own"),
        "accepted": share(ACCEPTED, "of true ones that the threshold is to let pass"),
        **{
            f"window_{k}": of_tiles(found.scrambled, at, f"scrambled, windows of {k}")
            for at, k in enumerate(windows)
        },
        "fine_tiles": count(rings * 2**finest, "tiles, the smaller ones"),
        "fine": of_tiles(fine.scrambled, 0, "scrambled in the smaller tiles, global pool"),
        "passed": of_tiles(found.scrambled, len(windows), "of the scrambled ones, as set"),
    }


CLAIMS = (
    rearrangements_invisible_to_local_pool,
    invisible_only_inside_windows,
    rearrangements_invisible_to_global_pool,
    scrambled_flower_accepted,
    exchanged_petals_accepted,
    overlap_keeps_position,
    depth_hides_more,
    arrangement_before_global_pool,
    dahlia_scrambled_accepted,
)

RULINGS = (
    Ruling(
        "T8",
        Verdict.ON_CONDITION,
        "for windows side by side, rearrangements inside a window are invisible, and they alone if "
        "no window holds two like parts of one channel; for global pooling all are. They are "
        "invisible to what comes after the pool, not to what comes before it.",
        (
            "rearrangements-invisible-to-local-pool",
            "invisible-only-inside-windows",
            "rearrangements-invisible-to-global-pool",
            "scrambled-flower-accepted",
            "arrangement-before-global-pool",
        ),
    ),
)
