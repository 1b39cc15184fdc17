"""What a pool keeps of place, change, bits, gradient and angle, and what it costs: the claims."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from explainers import ranges
from explainers.alternatives import dahlia, measured, model
from explainers.alternatives.aggregates import CLAMP, slope_in_p
from explainers.claim import Fact, Judged, Value, Values, claim, count, estimated, share, times
from explainers.kinds import Choice, Number, Seed, Whole
from explainers.records import Formula

LEVELS, CHANNELS, DRAWS = 8, 64, 20
CHANGE, MACS = "of unrelated maps", "multiply–accumulates"
MAPS, PLACES = "random maps", "random places"
ZEROED = (0.0, 1.0, 2.0, 3.0)  # a window with a zero, as a rectifier leaves them
TURN, FAR = 10.0, 20.0  # degrees of a turn; pixels from its centre
MOST_OF_SIDE = 0.4  # of a window's side: a move for which most features stay inside

Width = Annotated[float, Number(0, 8, "σ of the feature, in pixels; 0: a single pixel")]
Noise = Annotated[float, Number(0, 10, "noise, as a share of the feature's height")]
Shrunk = Annotated[str, Choice(ranges.SHRINKING.values, "what makes the map smaller")]
Draws = Annotated[int, Whole(2, 100, "noisy photographs")]


def _pixels(value: Any, meaning: str) -> Value:
    return Value(float(value), "pixels", meaning)


def _change(value: Any, meaning: str) -> Value:
    return Value(float(value), CHANGE, meaning)


# ---- What stays when the map moves ----


@claim(
    question="Which pool changes least when the map moves by one pixel?",
    examines="zhang-2019",
    kind=Fact(
        "RMS change of the pooled maps of smooth rectified maps, over that between unrelated maps; "
        "windows of 2 × 2 with stride 2, maps that go on round, a move by one pixel along an axis.",
    ),
    says="Of the pools over windows in the table, a blurred max changes least when a smooth map "
    "moves by a pixel.",
    statement="A blurred max changes by {blurred:.3f} ({blurred.low:.3f} to {blurred.high:.3f}), a "
    "blur alone by {blur:.3f}, the generalised mean by {gem:.3f}, mean and max by {mean:.3f} and "
    "{largest:.3f}, every second value by {skipped:.3f} and stochastic pooling, which draws anew, "
    "by {drawn:.3f}. A global pool does not change.",
    answer="When a smooth map moves by one pixel, a blurred max changes by {blurred:.2f} of what "
    "lies between unrelated maps, and max pooling by {largest:.2f}. Mean pooling changes by "
    "{mean:.2f}, as the max does, and taking every second value by {skipped:.2f}. So it matters "
    "little which pool between mean and max is taken. What lowers it is a blur before values are "
    "dropped; a global pool does not change at all if the map goes on round.",
    formula=Formula(
        r"\sqrt{\frac{\mathbb{E}\,(y - y')^2}{2 \operatorname{Var}(y)}}",
        "y the pooled map, y with a stroke that of the moved map",
    ),
    prints=("blurred", "largest", "mean", "skipped"),
    within=0.03,
    figure="change-by-pool",
    code=measured.moved,
    sources=("zhang-2019",),
)
def least_change_when_moved(seed: Seed = 0) -> Values:
    """Changes of pooled maps as the map moves by one pixel."""
    pools = {
        "blurred": "blurred max",
        "blur": "blur",
        "gem": "generalised mean",
        "mean": "mean",
        "largest": "max",
        "skipped": "every second value",
        "drawn": "stochastic",
    }
    return {
        name: estimated(_change, measured.moved(pool, seed=seed).change, f"change, {pool}", MAPS)
        for name, pool in pools.items()
    }


def _left_over(pool: str, dx: int, dy: int, seed: int) -> Values:
    found = measured.moved(pool, dy=dy, dx=dx, maps=4, seed=seed)
    return {"left": _change(found.equivariance.value, "change that no shift of it explains")}


def _goes_along(pool: str, dx: int, dy: int) -> bool:
    whole = dx % 2 == 0 and dy % 2 == 0 and pool != "stochastic"
    return pool in ("polyphase", "max polyphase") or whole


@claim(
    question="Is there a pool of stride 2 whose map moves along, whatever the move?",
    examines="chaman-2021",
    kind=Judged(
        asked={"pool": ranges.SHRINKING, "dx": ranges.MOVES, "dy": ranges.MOVES_ACROSS},
        margin=lambda v: bool(v["left"].value < 1e-6),
        trial=_left_over,
        domain=_goes_along,
        condition="the pool chooses by the map itself which values are kept (polyphase), or draws "
        "nothing at random and the move is a multiple of its stride in both directions.",
        otherwise="So it is on maps of even sides that go on round; at a border, values come in "
        "and go out.",
        tries=300,
    ),
    says="A pool of stride 2 gives the same map, shifted, when its map moves.",
    statement="A map moves by one pixel. Of the max pool's map, shifted as well as possible, "
    "{largest:.3f} ({largest.low:.3f} to {largest.high:.3f}) of the difference between unrelated "
    "maps remains; of a blurred max, {blurred:.3f}; of a max with the phase chosen by the map, "
    "nothing.",
    answer="A pool of stride 2 moves along with its map by any number of pixels only if it chooses "
    "its phase by the map (polyphase): max pooling leaves {largest:.2f} of the difference between "
    "unrelated maps after one pixel. A blur before the values are dropped brings that to "
    "{blurred:.2f}, and not to none. A polyphase pool keeps, of rows and of columns, the "
    "half with the largest norm, and these move along. What it drops is the phase itself.",
    formula=Formula(
        r"\min_k \sqrt{\frac{\mathbb{E}\,(y' - S_k y)^2}{2 \operatorname{Var}(y)}}",
        "y the pooled map, y with a stroke that of the moved map, S a shift by k whole values",
    ),
    prints=("largest", "blurred"),
    within=0.03,
    figure="change-by-pool",
    code=measured.moved,
    sources=("chaman-2021",),
)
def polyphase_moves_along(
    pool: Shrunk = "max polyphase",
    dx: Annotated[int, Whole(0, 64, "move along one axis")] = 1,
    dy: Annotated[int, Whole(0, 64, "move along the other")] = 0,
    seed: Seed = 0,
) -> Values:
    """What no shift of the pooled map explains."""
    shown = {"largest": "max", "blurred": "blurred max"}
    return {
        **_left_over(pool, dx, dy, seed),
        "phase": _left_over("max polyphase", 1, 0, seed)["left"],
        **{
            name: estimated(
                _change, measured.moved(each, seed=seed).equivariance, f"left over, {each}", MAPS
            )
            for name, each in shown.items()
        },
    }


# ---- The place ----


def _read_out(width: float, noise: float, seed: int) -> Values:
    errors = {
        method: measured.place_error(method, width=width, noise=noise, samples=500, seed=seed)
        for method in ("max", "strided convolution")
    }
    sooner = errors["max"].value - errors["strided convolution"].value
    return {"nearer": _pixels(sooner, "error behind the max, less that behind the convolution")}


@claim(
    question="Stride or pool, if the place of a feature is what the network is for?",
    examines="springenberg-2015",
    kind=Judged(
        asked={"width": ranges.FEATURE_WIDTHS, "noise": ranges.FEATURE_NOISE},
        margin=lambda v: v["nearer"].value,
        trial=_read_out,
    ),
    says="Behind a blur of 3 × 3 with stride 2, as a convolution can learn it, a linear read-out "
    "places a feature more exactly than behind 2 × 2 max pooling.",
    statement="A single pixel, noise {noise_shown:.0%} of its height, halved map: read behind the "
    "max to {largest:.3f} pixels ({largest.low:.3f} to {largest.high:.3f}), behind the mean to "
    "{mean:.3f}, behind every second value to {skipped:.3f}, behind the strided convolution to "
    "{strided:.3f} ({strided.low:.3f} to {strided.high:.3f}) and behind space to depth to "
    "{depth:.3f}. A blob of σ {width_shown:g} pixels is read behind all of these to between "
    "{strided_wide:.3f} and {skipped_wide:.3f}.",
    answer="Behind a strided 3 × 3 convolution the place of a single bright pixel can be read to "
    "{strided:.2f} pixels, and behind 2 × 2 max pooling to {largest:.2f}, which is guessing. A "
    "mean of 2 × 2 tells no more ({mean:.2f}), and every second value hardly ({skipped:.2f}). What "
    "helps is overlap: each pixel weighs on several outputs, and on each differently; of a feature "
    "that is some pixels wide, neighbouring values tell the place behind any of these. The "
    "convolution here blurs: another may tell less of that.",
    formula=Formula(
        r"\text{error} = \sqrt{\frac{1}{2}\, \mathbb{E}\bigl[|\hat{r} - r|^2\bigr]}, \quad "
        r"\hat{r} = A p + b",
        "r the feature's row and column inside its cell, r with a hat what is read from the values "
        "p of 5 × 5 cells, A and b fitted by least squares",
    ),
    prints=("strided", "largest", "mean", "skipped"),
    within=0.02,
    figure="place-by-pool",
    code=measured.place_error,
    sources=("springenberg-2015", "sunkara-2022"),
)
def strided_convolution_keeps_the_place(
    width: Width = 0.0, noise: Noise = measured.NOISE, seed: Seed = 0
) -> Values:
    """Errors of a place that is read behind what halves the map."""
    rows = {
        "largest": "max",
        "mean": "mean",
        "skipped": "every second value",
        "strided": "strided convolution",
        "depth": "space to depth",
    }
    found = {
        f"{name}{wide}": measured.place_error(row, width=width, seed=seed)
        for name, row in rows.items()
        for wide, width in (("", 0.0), ("_wide", measured.WIDTH))
    }
    return {
        **_read_out(width, noise, seed),
        "noise_shown": share(measured.NOISE, "noise, of the feature's height"),
        "width_shown": _pixels(measured.WIDTH, "σ of a wide feature"),
        **{
            name: estimated(_pixels, error, f"error of the place, {name}", PLACES)
            for name, error in found.items()
        },
    }


def _soft_or_hard(temperature: float, width: float, noise: float, seed: int) -> Values:
    case: dict[str, Any] = {"width": width, "noise": noise, "samples": 300, "seed": seed}
    hard, soft = (measured.soft_argmax_error(t, **case) for t in (0.0, temperature))
    return {"nearer": _pixels(hard.value - soft.value, "error of the argmax, less the soft one's")}


@claim(
    question="Is a place read more exactly by a softmax over the map than at its maximum?",
    examines="finn-2016",
    kind=Judged(
        asked={
            "temperature": ranges.SOFTNESS,
            "width": ranges.FEATURE_WIDTHS,
            "noise": ranges.FEATURE_NOISE,
        },
        margin=lambda v: v["nearer"].value,
        trial=_soft_or_hard,
        domain=lambda temperature, width, **_: temperature <= 0.2 and width >= 1,
        condition="the feature is a pixel wide or more (σ) and in the middle of a map of 10 × 10, "
        "and the temperature at most a fifth of its height.",
        otherwise="On larger maps, off the middle or at a higher temperature, the empty map draws "
        "what is read to its own middle; a single pixel is read without error by the maximum, in "
        "weak noise.",
    ),
    says="A soft-argmax reads the place of one feature more exactly than the place of the maximum.",
    statement="A blob of σ {width_shown:g} pixels on a map of 10 × 10 that is not pooled, noise "
    "{noise_shown:.0%} of its height: a soft-argmax at a temperature of {warm:g} of the height "
    "reads its place to {soft:.3f} pixels ({soft.low:.3f} to {soft.high:.3f}), the place of the "
    "maximum errs by {hard:.3f}. At a temperature of 1 it is {hot:.3f}.",
    answer="A soft-argmax reads the place of a blob to {soft:.2f} pixels where the place of the "
    "maximum errs by {hard:.2f}, if its temperature is low, here {warm:g} of the blob's height. It "
    "is the mean of all places, weighted by the softmax of their values, so it falls between "
    "pixels, and has a gradient. If its temperature is as large as the height, it counts the empty "
    "map and errs by {hot:.2f}, and the more, the larger the map. Two blobs it would place between "
    "the two.",
    formula=Formula(
        r"\hat{r} = \sum_i w_i r_i, \quad w_i = \frac{\exp(x_i / T)}{\sum_j \exp(x_j / T)}",
        "r the places of a map, counted by i and j; r with a hat what is read; x the values there; "
        "w the weights; T the temperature",
    ),
    prints=("soft", "hard", "hot"),
    within=0.02,
    figure="soft-argmax-by-temperature",
    code=measured.soft_argmax_error,
    sources=("finn-2016",),
)
def soft_argmax_reads_between_pixels(
    temperature: Annotated[float, Number(0, 100, "temperature, of the feature's height")] = 0.1,
    width: Width = measured.WIDTH,
    noise: Noise = measured.NOISE,
    seed: Seed = 0,
) -> Values:
    """Errors of a place that is read from a map as it is."""
    shown = {"soft": 0.1, "hard": 0.0, "hot": 1.0}
    return {
        **_soft_or_hard(temperature, width, noise, seed),
        "noise_shown": share(measured.NOISE, "noise, of the feature's height"),
        "width_shown": _pixels(measured.WIDTH, "σ of the feature"),
        "warm": Value(0.1, "ratio", "temperature, over the feature's height"),
        **{
            name: estimated(
                _pixels,
                measured.soft_argmax_error(each, seed=seed),
                f"error of the place, temperature {each:g}",
                PLACES,
            )
            for name, each in shown.items()
        },
    }


# ---- Bits and gradient ----


@claim(
    question="How much of a window does each pool keep?",
    examines="boureau-2010",
    kind=Fact(
        "bits of a window of 2 × 2 independent values of 8 levels, all equally likely, the output "
        "kept exactly.",
        "Rounded to the same levels, a mean keeps less: the statement gives both.",
    ),
    says="Max and mean together keep more bits of a window than each of them, and fewer than its "
    "values.",
    statement="Of {whole:.0f} bits, the max keeps {largest:.2f}, every second value "
    "{skipped:.2f}, the median {median:.2f}, the mean {mean:.2f} and max and mean together "
    "{both:.2f}. Rounded to as many levels as the values have, the mean keeps {mean_rounded:.2f}, "
    "and both together {both_rounded:.2f}. Space to depth keeps all.",
    answer="Of the {whole:.0f} bits in a window of four values with {levels} levels each, max "
    "pooling keeps {largest:.1f}, mean pooling {mean:.1f}, and both side by side {both:.1f}. All "
    "levels are taken to be equally likely and independent, and the mean to be kept exactly. One "
    "value of the four, always the same, keeps {skipped:.0f}. So the max keeps fewest, as it is "
    "one of the higher levels most of the time, and a second output costs little for what it "
    "tells.",
    formula=Formula(
        r"H = -\sum_y P(y) \log_2 P(y)",
        "H the bits kept; P how probable each output y of a random window is",
    ),
    prints=("whole", "largest", "mean", "both", "skipped"),
    figure="kept-by-pool",
    code=model.kept_bits,
    sources=("boureau-2010",),
)
def bits_by_pool() -> Values:
    """Bits of a window, and of what pools keep of it."""
    kept = {
        "whole": "none",
        "largest": "max",
        "skipped": "every second value",
        "median": "median",
        "mean": "mean",
        "both": "concatenated",
    }
    found = {name: model.kept_bits(pool, LEVELS) for name, pool in kept.items()}
    found |= {
        f"{name}_rounded": model.kept_bits(kept[name], LEVELS, rounded=True)
        for name in ("mean", "both")
    }
    return {
        "levels": count(LEVELS, "levels of a value"),
        **{name: Value(bits, "bits", f"kept, {name}") for name, bits in found.items()},
    }


@claim(
    question="Over how many values of its window does each pool spread the gradient?",
    examines="boureau-2010",
    kind=Fact(
        "windows of 2 × 2 independent values, uniform from 0 to 1; the number of values over which "
        "the gradient is as good as evenly spread, averaged over windows.",
    ),
    says="A generalised mean with p = 3 gives each value above zero of its window gradient, and "
    "most to the largest.",
    statement="The max passes its gradient to {largest_share:.0%} of the values. The mean spreads "
    "it evenly over {mean:.0f}, the generalised mean with p = 3 over {gem:.2f} ({gem.low:.2f} to "
    "{gem.high:.2f}), a softmax-weighted mean over {soft:.2f}, half max and half mean over "
    "{mixed:.2f}.",
    answer="In windows of 2 × 2, max pooling passes its gradient to one value, mean pooling to "
    "all {mean:.0f} evenly, and a generalised mean with p = 3 over as good as {gem:.1f} of them. "
    "Values here are independent and spread evenly from zero to one. So between mean and max each "
    "value above zero is still taught something, the largest most. A softmax-weighted mean at a "
    "temperature of one spreads it over {soft:.1f}, half max and half mean over {mixed:.1f}.",
    formula=Formula(
        r"\frac{\bigl(\sum_i |g_i|\bigr)^2}{\sum_i g_i^2}",
        "g the gradient of the pooled value by the values of its window, counted by i",
    ),
    prints=("mean", "gem", "soft", "mixed"),
    within=0.03,
    figure="kept-by-pool",
    code=measured.gradient_reach,
    sources=("boureau-2010",),
)
def gradient_by_pool(seed: Seed = 0) -> Values:
    """Over how many values a pool spreads its gradient."""
    reach = {
        name: measured.gradient_reach(pool, seed=seed)
        for name, pool in (
            ("largest", "max"),
            ("mean", "mean"),
            ("gem", "generalised mean"),
            ("soft", "softmax-weighted"),
            ("mixed", "mixed"),
        )
    }
    meaning = "values over which the gradient is as good as evenly spread"
    return {
        "largest_share": share(reach["largest"].share.value, "values that get gradient, max"),
        **{
            name: times(reach[name].number.value, f"{meaning}, {name}")
            for name in ("mean", "mixed")
        },
        **{
            name: estimated(times, reach[name].number, f"{meaning}, {name}", MAPS)
            for name in ("gem", "soft")
        },
    }


@claim(
    question="Why does a learned power of GeM become NaN?",
    examines="radenovic-2019",
    kind=Judged(
        asked={"p": ranges.POWERS, "largest": ranges.LARGEST, "clamp": ranges.CLAMPS},
        margin=lambda v: v["number"].value == 1,
        domain=lambda largest, clamp, **_: largest > 0 or clamp > 0,
        condition="some value of the window is above zero, or small values are lifted to a clamp "
        "whose power is above zero in the floats that are used.",
        otherwise="Without a clamp, a window of zeros makes it NaN, and a rectifier makes such "
        "windows. In half precision the usual clamp is no help: its power is rounded to zero.",
    ),
    says="The gradient by which a generalised mean learns its power is a number.",
    statement="Of a window of zeros, the gradient by p = 3 is NaN without a clamp. Of one with the "
    "values zero, one, two and three it is {slope:.4f}; without the zero it would be {others:.4f}. "
    "With small values lifted to {clamp_shown:.6f} both windows have a gradient.",
    answer="The power p of a generalised mean gets a gradient of NaN where all values of a window "
    "are zero, unless small values are lifted to a clamp, usually {clamp_shown:.6f}: the gradient "
    "divides by the sum of their powers. A rectifier in front makes such windows. Where the power "
    "is written with a logarithm, a single zero is enough. With that clamp, a window of zero, one, "
    "two and three has a gradient of {slope:.3f}, and its pooled value is as good as unchanged.",
    formula=Formula(
        r"\frac{\partial G}{\partial p} = \frac{G}{p} \left( \frac{\sum_i x_i^p \ln x_i}{\sum_i "
        r"x_i^p} - \ln G \right)",
        "G the generalised mean of the values x, counted by i; p its power",
    ),
    prints=("slope",),
    figure="slope-of-the-power",
    code=slope_in_p,
    sources=("radenovic-2019", "pytorch"),
)
def learned_power_is_nan(
    p: Annotated[float, Number(1, 1000, "power of the generalised mean")] = 3.0,
    largest: Annotated[float, Number(0, 1, "largest value of the window")] = 0.0,
    clamp: Annotated[float, Number(0, 1, "what smaller values are lifted to")] = CLAMP,
) -> Values:
    """The gradient by the power, where it is a number."""
    slope = float(slope_in_p([largest * value / max(ZEROED) for value in ZEROED], p, clamp))
    return {
        "number": count(int(math.isfinite(slope)), "1 if the gradient is a number, else 0"),
        "clamp_shown": Value(CLAMP, "ratio", "what smaller values are lifted to"),
        "slope": times(slope_in_p(ZEROED, 3, CLAMP), "gradient by the power, with a zero"),
        "others": times(slope_in_p(ZEROED[1:], 3, 0), "gradient by the power, without the zero"),
    }


# ---- What it costs ----


@claim(
    question="What does a strided convolution cost, against what pools channel by channel?",
    examines="springenberg-2015",
    kind=Judged(
        asked={"other": ranges.WITHOUT_MIXING, "channels": ranges.WIDTHS},
        margin=lambda v: v["more"].value,
    ),
    says="For each output value, a strided 3 × 3 convolution multiplies more often than a pool of "
    "2 × 2 that works channel by channel.",
    statement="On {channels_shown} channels, a value of a strided 3 × 3 convolution takes "
    "{strided:.0f} multiply–accumulates and {weights:.0f} weights for each channel that it makes. "
    "Space to depth with the 1 × 1 weights behind it takes {depth:.0f}, a blur {blur:.0f}, a mean "
    "{mean:.0f}, a softmax-weighted mean {soft:.0f} with {functions:.0f} exponentials and "
    "divisions, and a max {comparisons:.0f} comparisons and none.",
    answer="On {channels_shown} channels, one output of a strided 3 × 3 convolution takes "
    "{strided:.0f} multiplications, a mean over four values {mean:.0f} additions and a max of four "
    "{comparisons:.0f} comparisons. The convolution works on all channels at once, and the number "
    "grows with them. Space to depth, with the weights that mix its channels, takes {depth:.0f}. "
    "These are counts: how long they take depends on how much memory is read.",
    formula=Formula(
        r"k^2 C \quad \text{against} \quad k^2",
        "multiplications of a convolution and additions of a mean, for one output of a window of k "
        "by k values with C channels",
    ),
    prints=("strided", "mean", "comparisons", "depth"),
    figure="costs-by-pool",
    code=model.cost,
    sources=("springenberg-2015",),
)
def strided_convolution_costs_most(
    other: Annotated[
        str, Choice(ranges.WITHOUT_MIXING.values, "what it is compared with")
    ] = "softmax-weighted",
    channels: Annotated[int, Whole(1, 4096, "channels of the map")] = CHANNELS,
) -> Values:
    """Multiplications of a strided convolution more than another's; and what each row takes."""
    strided = model.cost("strided convolution", channels=channels).macs
    shown = {
        name: model.cost(row, channels=CHANNELS)
        for name, row in (
            ("strided", "strided convolution"),
            ("depth", "space to depth"),
            ("blur", "blur"),
            ("mean", "mean"),
            ("soft", "softmax-weighted"),
        )
    }
    more = strided - model.cost(other, channels=channels).macs
    return {
        "more": Value(float(more), MACS, "more for one output value"),
        "channels_shown": count(CHANNELS, "channels of the map"),
        **{
            name: Value(float(cost.macs), MACS, f"for one output value, {name}")
            for name, cost in shown.items()
        },
        "weights": Value(float(shown["strided"].weights), "weights", "for one output channel"),
        "functions": Value(float(shown["soft"].functions), "operations", "exponentials, divisions"),
        "comparisons": Value(float(model.cost("max").comparisons), "operations", "of a max"),
    }


# ---- Over angles ----


def _bank_or_one(angle: float, bank: int, noise: float, draws: int, seed: int) -> Values:
    found = dahlia.hit_by_angle((angle,), bank, noise_sd=noise, draws=draws, seed=seed)
    return {"gain": share(found.gain.value[0], "petals found more with the bank")}


def _gain(angle: float, bank: int, noise: float, seed: int) -> Values:
    return _bank_or_one(angle, bank, noise, 4, seed)


@claim(
    question="Does a max over turned templates find petals at any angle?",
    examines="goodfellow-2016",
    kind=Judged(
        asked={
            "angle": ranges.TEMPLATE_ANGLES,
            "bank": ranges.BANKS,
            "noise": ranges.PHOTO_NOISE,
        },
        margin=lambda v: v["gain"].value,
        trial=_gain,
        domain=lambda angle, bank, **_: angle >= 45 and bank >= 12,
        condition="the petals are turned by 45 degrees or more, and a template stands every 30 "
        "degrees or closer.",
        otherwise="At the template's own angle the bank finds fewer, as each template adds false "
        "alarms of its own.",
        tries=24,
    ),
    says="The max over a bank of turned templates finds more petals than one template.",
    statement="On the dahlia, noise {noise_shown:g} of the white level and {alarm:.0%} false "
    "alarms: one template finds {upright:.0%} of the petals ({upright.low:.0%} to "
    "{upright.high:.0%}) at its own angle, {aslant:.0%} at 45 degrees and hardly any at 90. The "
    "max over {templates} templates all around finds {bank_upright:.0%} at the first of these "
    "angles and {bank_across:.0%} ({bank_across.low:.0%} to {bank_across.high:.0%}) at the last.",
    answer="On a noisy photograph of a dahlia, the max over {templates} turned templates finds "
    "{bank_across:.0%} of the petals at 45 degrees or at 90 from the first template, where that "
    "one finds {aslant:.0%} and hardly any. At its own angle, one template finds {upright:.0%}: "
    "the bank pays for all angles with false alarms of each. Max pooling over channels is how a "
    "network becomes tolerant to turns, if some channels have learned them. All are at "
    "{alarm:.0%} false alarms.",
    formula=Formula(
        r"\max_{j} \sum_i x_i\, t_{ij}",
        "x the values of a patch, counted by i; t the turned templates, counted by j",
    ),
    prints=("bank_across", "aslant", "upright"),
    within=0.005,
    figure="bank-of-angles",
    code=dahlia.hit_by_angle,
    sources=("dahlia", "goodfellow-2016"),
)
def bank_finds_turned_petals(
    angle: Annotated[float, Number(0, 180, "degrees between petal and template")] = 90,
    bank: Annotated[int, Whole(1, 36, "templates, all around")] = dahlia.BANK,
    noise: Annotated[float, Number(0, 2, "noise on the photograph")] = 0.3,
    draws: Draws = DRAWS,
    seed: Seed = 0,
) -> Values:
    """Petals found by one template and by a bank, at three angles."""
    found = dahlia.hit_by_angle((0, 45, 90), draws=draws, seed=seed)
    names = ("upright", "aslant", "across")
    over = "noise on this photograph"
    return {
        **_bank_or_one(angle, bank, noise, draws, seed),
        "noise_shown": Value(0.3, "of the white level", "noise on the photograph"),
        "alarm": share(0.05, "false alarms of each"),
        "templates": count(dahlia.BANK, "templates of the bank"),
        "across": share(found.single.value[2], "found, across: hardly any"),
        **{
            f"{prefix}{name}": estimated(
                share, type(rates)(*(end[i] for end in rates)), f"found, {prefix}{name}", over
            )
            for prefix, rates in (("", found.single), ("bank_", found.bank))
            for i, name in enumerate(names)
            if prefix or name != "across"
        },
    }


@claim(
    question="Does pooling over space make a network rotation invariant?",
    examines="goodfellow-2016",
    kind=Judged(
        asked={
            "turn": ranges.TURNS,
            "radius": ranges.TURN_RADII,
            "window": ranges.WINDOWS,
        },
        margin=lambda v: v["stays"].value - 0.5,
        domain=lambda turn, radius, window: _moved_by(turn, radius) <= MOST_OF_SIDE * window,
        condition="the turn moves them by at most two fifths of the window's side.",
        otherwise="How far a feature moves grows with its distance from the centre: small turns "
        "move what is far out by many pixels.",
    ),
    says="When the picture turns, most features stay in their windows.",
    statement="At a turn of {turn_shown:g} degrees, of the features {near:.0f} pixel from the "
    "centre {stay_near:.0%} stay in their window of 2 × 2, of those {middle:.0f} pixels away "
    "{stay_middle:.0%}, and of those {far:.0f} pixels away none. These move by {moved:.1f} "
    "pixels.",
    answer="When the picture turns by {turn_shown:g} degrees, {stay_middle:.0%} of the features "
    "{middle:.0f} pixels from the centre stay in their 2 × 2 window; most stay if the turn moves "
    "them by at most two fifths of its side. {far:.0f} pixels out, they move by {moved:.1f} pixels "
    "and none stays. So pooling over space tolerates turns of small "
    "things near the centre. What tolerates more is a pool over channels that have learned several "
    "angles.",
    formula=Formula(
        r"\delta = 2 r \sin\frac{\theta}{2}, \quad P(\text{stays}) = 1 - \frac{4 \delta}{\pi k} + "
        r"\frac{\delta^2}{\pi k^2}",
        "r the distance from the centre, θ the turn, δ how far a feature moves, k the window's "
        "side, P the share that stays, for δ up to k",
    ),
    prints=("stay_middle", "moved"),
    within=0.01,
    figure="turn-inside-a-window",
    code=dahlia.tolerated,
    sources=("goodfellow-2016",),
)
def turn_inside_a_window(
    turn: Annotated[float, Number(0, 180, "degrees")] = 2.0,
    radius: Annotated[float, Number(0, 1000, "pixels from the centre")] = 10.0,
    window: Annotated[int, Whole(1, 64, "side of the window")] = 2,
) -> Values:
    """Features that stay in their windows as the picture turns."""
    near, middle = 1.0, 5.0
    return {
        "stays": share(dahlia.tolerated(turn, radius, window), "of the features stay"),
        "turn_shown": count(int(TURN), "turn of the picture, in degrees"),
        "near": _pixels(near, "from the centre, near"),
        "middle": _pixels(middle, "from the centre, not far"),
        "far": _pixels(FAR, "from the centre, far"),
        "stay_near": share(dahlia.tolerated(TURN, near), "stay, near the centre"),
        "stay_middle": share(dahlia.tolerated(TURN, middle), "stay, not far from the centre"),
        "stay_far": share(dahlia.tolerated(TURN, FAR), "stay, far from the centre"),
        "moved": _pixels(_moved_by(TURN, FAR), "that features far from the centre move"),
    }


def _moved_by(turn: float, radius: float) -> float:
    """The chord, in pixels."""
    return float(2 * radius * np.sin(np.radians(turn) / 2))


CLAIMS = (
    least_change_when_moved,
    polyphase_moves_along,
    strided_convolution_keeps_the_place,
    soft_argmax_reads_between_pixels,
    bits_by_pool,
    gradient_by_pool,
    learned_power_is_nan,
    strided_convolution_costs_most,
    bank_finds_turned_petals,
    turn_inside_a_window,
)
