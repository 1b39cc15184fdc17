"""The chapter's claims, and its verdict on what the thread says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, SupportsFloat

import numpy as np

from explainers import flower
from explainers.checks import Floats, Ints
from explainers.discarded import experiments, model
from explainers.invariance.experiments import Estimate
from explainers.operators import avg_pool2d, max_pool2d, pool_output_size
from explainers.records import Claim, Ruling, Value, Values, Verdict

SIDE, ODD_SIDE, STEM_SIDE = 224, 7, 112  # the usual picture, a late map, ResNet's first pooling
STEM = (3, 2, 1)  # its kernel_size, stride and padding
CHANNELS = (2, 8, 64)
HALF = Fraction(1, 2)
WIDTH = 1.5  # pixels: what counts as a smooth feature
NOISE = 0.02  # of the feature's height
SAMPLES = 2000


def share(value: SupportsFloat, meaning: str) -> Value:
    """A probability, or a share of what was tried."""
    return Value(float(value), "probability", meaning)


def number(value: int, meaning: str) -> Value:
    """A count."""
    return Value(int(value), "count", meaning)


def interval(name: str, estimate: Estimate, unit: str, meaning: str) -> Values:
    """A measured number, and the ends of its interval."""
    return {
        name: Value(estimate.value, unit, meaning),
        f"{name}_low": Value(estimate.low, unit, f"lower end of its 95% interval: {meaning}"),
        f"{name}_high": Value(estimate.high, unit, f"upper end of its 95% interval: {meaning}"),
    }


def photograph() -> Floats:
    """The dahlia in grey, without its last row: 2 × 2 windows tile it."""
    return flower.grey()[:-1]


def bytes_of(picture: Floats) -> Ints:
    """A picture's grey values, 0 to 255."""
    return np.rint(picture * 255).astype(np.int64)


def three_quarters_of_values() -> Values:
    """Values kept of maps with even sides and odd ones, and by overlapping windows."""
    even = model.kept(SIDE, 2)
    return {
        "side": number(SIDE, "side of the map with even sides"),
        "even": share(even, "kept of it by 2 × 2 windows"),
        "thrown": share(1 - even, "thrown away"),
        "odd_side": number(ODD_SIDE, "side of the map with odd sides"),
        "odd": share(model.kept(ODD_SIDE, 2), "kept of it by 2 × 2 windows"),
        "overlap": share(model.kept(STEM_SIDE, *STEM), "outputs of 3 × 3 windows, stride 2"),
        "distinct": share(model.gradient_share(3, 2), "values of a busy map among these outputs"),
    }


def two_peaks_lost() -> tuple[int, int]:
    """Put two peaks at all pairs of places of a window, in two channels: lost ones, and pairs."""
    peaks = np.eye(4).reshape(4, 2, 2)
    first, second = np.repeat(peaks, 4, axis=0), np.tile(peaks, (4, 1, 1))
    pooled = max_pool2d(np.stack([first, second], axis=1), 2)
    return int((pooled == 0).sum()), len(first)


def per_channel_survivors() -> Values:
    """Two peaks in one channel and in two, and the places that many channels keep."""
    lost, pairs = two_peaks_lost()
    few, some, many = CHANNELS
    return {
        "lost": number(lost, "peaks lost, two channels"),
        "pairs": number(pairs, "ways to put two peaks into a 2 × 2 window, one a channel"),
        "one_channel": share(model.share_a_window(2, dx=1), "one of two lost, one channel, 1 px"),
        "diagonal": share(model.share_a_window(2, 1, 1), "the same, one pixel on both axes"),
        "apart": share(model.share_a_window(2, dx=2), "the same, two pixels"),
        **{
            name: Value(float(model.distinct_survivors(4, channels)), "places", f"of 4, {channels}")
            for name, channels in (
                ("few_places", few),
                ("some_places", some),
                ("many_places", many),
            )
        },
        "few": number(few, "channels"),
        "some": number(some, "channels"),
        "many": number(many, "channels"),
    }


def maps_with_one_pooled_image() -> Values:
    """Maps that share a pooled image: binary, rearranged, and all of a photograph."""
    photo = bytes_of(photograph()).astype(np.float64)
    image, sums = max_pool2d(photo, 2), 4 * avg_pool2d(photo, 2)
    alike = {
        "max": model.maps_with_one_image(image, 2),
        "mean": model.maps_with_one_image(sums, 2, "mean"),
    }
    return {
        "binary": number(model.maps_with_one_image([[1]], 2, levels=2), "windows that pool to 1"),
        "binary_of": number(2**4, "windows of detectors that fire or not"),
        "inside_side": number(8, "side of the small map"),
        "inside_digits": number(
            model.digits(model.rearrangements_in_windows(8, 2)), "digits of its rearrangements"
        ),
        **{
            f"photo_{name}": number(model.digits(count), f"digits of the pictures, {name}")
            for name, count in alike.items()
        },
        "window_bits": Value(32, "bits", "in a 2 × 2 window of bytes"),
        **{
            f"kept_{name}": Value(model.kept_bits(name, 2), "bits", f"kept of them, {name}")
            for name in model.SUMMARIES
        },
    }


def gradient_reaches_one_in_four() -> Values:
    """Shares of inputs that receive gradient."""
    measured = experiments.gradient_reach(*STEM)
    return {
        "side_by_side": share(model.gradient_share(2), "receive gradient, 2 × 2"),
        "three": share(model.gradient_share(3), "receive gradient, 3 × 3 side by side"),
        "overlap": share(model.gradient_share(3, 2), "receive gradient, 3 × 3, stride 2"),
        **interval("measured", measured.received, "probability", "the same, 32 × 32, padded"),
        "blocked": share(HALF**4, "of 2 × 2 windows send it to a zero, half of the values zero"),
        "useful": share(model.gradient_share(2, zeros=HALF), "receive it and are not zero"),
    }


def max_reconstructs_worse() -> Values:
    """Errors of the rebuilt dahlia, and of rebuilt noise."""
    unit = "standard deviations of the picture"
    values: dict[str, Value] = {}
    for method in experiments.REBUILDERS[:4]:
        errors = experiments.rebuilt(photograph(), method)
        values |= {
            f"photo_{method}": Value(errors.rms, unit, f"RMS error of the dahlia, {method}"),
            f"absolute_{method}": Value(errors.absolute, unit, f"mean absolute error, {method}"),
            f"rest_{method}": Value(errors.rest, unit, f"RMS, brightness corrected, {method}"),
        }
    for summary in model.SUMMARIES:
        loss = model.noise_loss(summary, 4)
        values |= {
            f"noise_{summary}": Value(loss.rms, unit, f"RMS error of noise, {summary}"),
            f"noise_rest_{summary}": Value(loss.rest, unit, f"the same, corrected, {summary}"),
        }
    return values


def position_still_decodable() -> Values:
    """Positions read from pooled values: of a smooth blob, of a single pixel, and globally."""
    common: dict[str, Any] = {"noise": NOISE, "samples": SAMPLES}
    cases = {
        "smooth": experiments.decode_position(2, width=WIDTH, **common),
        "sharp": experiments.decode_position(2, width=0, **common),
        "sharp_overlap": experiments.decode_position(3, 2, width=0, **common),
        "smooth_overlap": experiments.decode_position(3, 2, width=WIDTH, **common),
        "whole": experiments.decode_position(8, width=WIDTH, cells=1, **common),
    }
    values: dict[str, Value] = {
        "width": Value(WIDTH, "pixels", "σ of the smooth blob"),
        "noise": share(NOISE, "standard deviation of the noise, as a share of the height"),
    }
    for name, found in cases.items():
        values |= interval(name, found.error, "pixels", f"RMS error, {name}")
        values[f"{name}_chance"] = Value(found.chance, "pixels", f"error of guessing, {name}")
    return values


def relu_commutes_with_max() -> Values:
    """A rectifier before pooling and after, on random maps."""
    noise = np.random.default_rng(0).standard_normal((100, 32, 32))
    early, late = max_pool2d(np.maximum(noise, 0), 2), np.maximum(max_pool2d(noise, 2), 0)
    mean_early, mean_late = avg_pool2d(np.maximum(noise, 0), 2), np.maximum(avg_pool2d(noise, 2), 0)
    outputs = pool_output_size(noise.shape[1:], 2)
    return {
        "differ": number((early != late).sum(), "max-pooled values that differ"),
        "tried": number(early.size, "max-pooled values"),
        "mean_same": share(model.mean_commutes(2), "means that do not differ"),
        "mean_found": share((mean_early == mean_late).mean(), "the same, in the maps tried"),
        "evaluated": share(np.prod(outputs) / noise[0].size, "rectifiers left to evaluate"),
    }


def max_pads_with_minus_infinity() -> Values:
    """Padding around a map of negative values, and around noise."""
    law = model.zero_padding(STEM_SIDE, *STEM)
    pooled = max_pool2d(-np.ones((STEM_SIDE, STEM_SIDE)), *STEM)
    return {
        "side": number(STEM_SIDE, "side of the map"),
        "zeros": number((pooled >= 0).sum(), "pooled values that are 0, the map negative"),
        "windows": number(law.windows, "pooled values"),
        "touching": number(law.touching, "of them that zeros around the map would make 0"),
        "invented": Value(float(law.invented), "count", "maxima that zeros would win in noise"),
    }


MODEL, EXPERIMENTS = "explainers.discarded.model", "explainers.discarded.experiments"
TESTS = "tests/discarded/test_discarded_claims.py"

CLAIMS = (
    Claim(
        id="three-quarters-of-values",
        question="Does max pooling throw three quarters of the values away?",
        examines="T7",
        verdict=Verdict.ON_CONDITION,
        condition="windows are 2 × 2 side by side, and the map has even sides.",
        statement="Of a map of {side} × {side}, 2 × 2 windows keep {even:.0%} of the values and "
        "throw {thrown:.0%} away. Of {odd_side} × {odd_side} they keep {odd:.1%}: no window looks "
        "at the last row and column. Windows of 3 × 3 with stride 2 give as many outputs "
        "({overlap:.0%}), but only {distinct:.1%} of the values of a busy map are among them: "
        "some win more than one window.",
        answer="Max pooling over 2 × 2 windows side by side throws {thrown:.0%} of the values away "
        "if the map has even sides, as {side} × {side} has; of a {odd_side} × {odd_side} map only "
        "{odd:.1%} are left, since no window looks at the last row and column. Overlapping 3 × 3 "
        "windows with stride 2 give as many outputs, but only {distinct:.1%} of the values of a "
        "map of independent values are among them.",
        formula=r"\frac{\text{outputs}}{\text{inputs}} = \frac{\lfloor H / k \rfloor \lfloor W / k "
        r"\rfloor}{H W} = \frac{1}{k^2} \text{ if } k \text{ divides } H \text{ and } W",
        prints=("thrown", "odd", "distinct"),
        values=three_quarters_of_values,
        bears_out=lambda v: (
            v["thrown"] == 3 / 4 and v["odd"] < v["even"] == v["overlap"] > v["distinct"]
        ),
        figure="winners-in-one-map",
        code=f"{MODEL}.kept",
        test=f"{TESTS}::test_three_quarters_of_values",
        sources=("thread",),
    ),
    Claim(
        id="per-channel-survivors",
        question="Does only the strongest feature survive max pooling?",
        examines="T7",
        verdict=Verdict.ON_CONDITION,
        condition="the strongest of each channel does. Two different features in one window both "
        "survive; of two of the same, one is lost.",
        statement="Two features with a channel each, in one 2 × 2 window: {lost} lost in {pairs} "
        "placements. Two of one channel, one pixel apart along an axis, are in the same window in "
        "{one_channel:.0%} of their placements, and the weaker is lost. Each channel chooses its "
        "own place: with {few} channels {few_places:.2f} of a window's 4 places send something "
        "on, with {some} {some_places:.2f}, with {many} {many_places:.2f}.",
        answer="Max pooling over 2 × 2 windows loses {lost} features in the {pairs} ways to place "
        "two of them in a window if each has a channel of its own; of two in one channel, one "
        "pixel apart along an axis, it loses the weaker in {one_channel:.0%} of their placements. "
        "Each channel chooses its own place, so that {some} channels of independent values send on "
        "{some_places:.2f} of a window's 4 places on average.",
        formula=r"\mathbb{E}[\text{places sent on}] = n \left(1 - \left(1 - "
        r"\frac{1}{n}\right)^C\right), \quad n \text{ places, } C \text{ channels}",
        prints=("lost", "pairs", "one_channel", "some_places"),
        values=per_channel_survivors,
        bears_out=lambda v: (
            v["lost"] == 0 == v["apart"] < v["diagonal"] < v["one_channel"]
            and v["few_places"] < v["some_places"] < v["many_places"] <= 4
        ),
        figure="survivors-by-channel",
        code=f"{MODEL}.distinct_survivors",
        test=f"{TESTS}::test_per_channel_survivors",
        sources=("thread",),
    ),
    Claim(
        id="maps-with-one-pooled-image",
        question="Do many different maps look the same after max pooling?",
        examines="T8",
        verdict=Verdict.HOLDS,
        statement="Of the {binary_of} windows of 2 × 2 detectors that fire or not, {binary} pool "
        "to a 1. The rearrangements inside the windows of an {inside_side} × {inside_side} map are "
        "a number of {inside_digits} digits. The dahlia shares its max-pooled image with so many "
        "pictures that their number has {photo_max:,} digits; for its mean-pooled image it has "
        "{photo_mean:,}. Of a window of four independent bytes, {window_bits} bits, the max keeps "
        "{kept_max:.2f}, the first value {kept_subsample:.0f} and the mean {kept_mean:.2f}.",
        answer="Of the {binary_of} states of a 2 × 2 window of detectors that fire or not, "
        "{binary} give the same max, and of the {window_bits} bits in four independent bytes the "
        "max keeps {kept_max:.2f}. A photograph of a dahlia with 426 × 640 grey values shares its "
        "max-pooled image with so many pictures that their number has {photo_max:,} digits.",
        formula=r"\text{pictures with the same maxima } v_w = \prod_{w} \left((v_w + 1)^n - "
        r"v_w^n\right), \quad n \text{ values in a window } w",
        prints=("binary", "binary_of", "kept_max", "photo_max"),
        values=maps_with_one_pooled_image,
        bears_out=lambda v: (
            v["binary"] == 15
            and v["photo_max"] > 10_000
            and v["kept_max"] < v["kept_subsample"] < v["kept_mean"] < v["window_bits"]
        ),
        figure="one-pooled-image",
        code=f"{MODEL}.maps_with_one_image",
        test=f"{TESTS}::test_maps_with_one_pooled_image",
        sources=("thread", "dahlia"),
    ),
    Claim(
        id="gradient-reaches-one-in-four",
        question="Does one input in four receive gradient through max pooling?",
        examines="T7",
        verdict=Verdict.ON_CONDITION,
        condition="windows are 2 × 2 side by side. The usual overlap reaches fewer.",
        statement="Through 2 × 2 windows {side_by_side:.0%} of the inputs receive gradient, each "
        "all of its window's. Through 3 × 3 windows of stride 2 {overlap:.1%} of a busy map do; on "
        "padded maps of 32 × 32, {measured:.1%} (95% interval {measured_low:.1%} to "
        "{measured_high:.1%}). If a rectifier made half of the values zero, {blocked:.2%} of the 2 "
        "× 2 windows send theirs to a zero, which stops it, and {useful:.1%} of the inputs are "
        "left.",
        answer="Through max pooling over 2 × 2 windows side by side {side_by_side:.0%} of the "
        "inputs receive gradient, and {useful:.1%} if a rectifier before it made half of the "
        "values zero. Through overlapping 3 × 3 windows with stride 2 only {overlap:.1%} of the "
        "values of a map of independent values do, because some of them are the max of several "
        "windows.",
        formula=r"\text{share} = \frac{1}{s^2} \sum_{x} \sum_{S} (-1)^{|S| + 1} \frac{1 - z^u}{u}, "
        r"\quad S \text{ a set of windows that hold } x, \; u \text{ values in all}, \; z \text{ "
        r"the share of zeros}",
        prints=("side_by_side", "useful", "overlap"),
        values=gradient_reaches_one_in_four,
        bears_out=lambda v: (
            v["three"] < v["overlap"] < v["useful"] < v["side_by_side"] == 1 / 4
            and v["overlap"] < v["measured_low"] < v["measured_high"] < v["side_by_side"]
        ),
        figure="gradient-shares",
        code=f"{MODEL}.gradient_share",
        test=f"{TESTS}::test_gradient_reaches_one_in_four",
    ),
    Claim(
        id="max-reconstructs-worse",
        question="Is the picture harder to rebuild from maxima than from means?",
        examines="T7",
        verdict=Verdict.HOLDS,
        statement="Copy each pooled value over its 2 × 2 window. The dahlia's RMS error, in its "
        "standard deviations, is {photo_mean:.3f} from means, {photo_median:.3f} from medians, "
        "{photo_subsample:.3f} from every second value and {photo_max:.3f} from maxima; of white "
        "noise, {noise_mean:.3f} from means, {noise_subsample:.3f} from every second value and "
        "{noise_max:.3f} from maxima. Maxima are too bright: with the brightness right, noise has "
        "{noise_rest_max:.3f}, less than from every second value; the dahlia has "
        "{rest_max:.3f}, still more.",
        answer="When each value of a 2 × 2 pooling is copied over its window, a photograph of a "
        "dahlia comes back with a root mean square error of {photo_mean:.3f} of its standard "
        "deviation from means and {photo_max:.3f} from maxima, and white noise with "
        "{noise_mean:.3f} and {noise_max:.3f}. Part of that is that maxima are too bright, but "
        "with the brightness corrected the photograph's error from maxima is still {rest_max:.3f}.",
        formula=r"\text{error} = \frac{1}{\sigma_x} \sqrt{\frac{1}{N} \sum_{i} (\hat{x}_i - "
        r"x_i)^2}, \quad \hat{x}_i = \text{mean or max of the window that holds } i",
        prints=("photo_mean", "photo_max", "rest_max", "noise_mean", "noise_max"),
        values=max_reconstructs_worse,
        bears_out=lambda v: (
            v["photo_mean"] < v["photo_median"] < v["photo_subsample"] < v["photo_max"]
            and v["noise_mean"] < v["noise_rest_max"] < v["noise_subsample"] < v["noise_max"]
            and v["absolute_median"] < v["absolute_mean"] < v["absolute_max"]
            and v["rest_max"] > v["rest_subsample"]
        ),
        figure="rebuilt-dahlia",
        code=f"{EXPERIMENTS}.rebuilt",
        test=f"{TESTS}::test_max_reconstructs_worse",
        sources=("dahlia",),
    ),
    Claim(
        id="position-still-decodable",
        question="Can the place inside a window still be read after max pooling?",
        examines="T7",
        verdict=Verdict.ON_CONDITION,
        condition="the feature is wider than a pixel, or the windows overlap; and the neighbouring "
        "windows are there to read.",
        statement="A linear read-out of 5 × 5 neighbouring max-pooled values, with noise of "
        "{noise:.0%} of the feature's height before the pooling. It places a blob (σ {width:g} "
        "pixels) inside its 2 × 2 window to {smooth:.3f} pixels, where guessing the middle errs by "
        "{smooth_chance:.3f}. A single pixel it cannot place: {sharp:.2f}, guessing "
        "{sharp_chance:.2f}. Windows of 3 × 3 with stride 2 place the pixel to "
        "{sharp_overlap:.3f}, and the blob no better than before, to {smooth_overlap:.3f}. One "
        "global max over 8 × 8 tells nothing: {whole:.2f}, guessing {whole_chance:.2f}.",
        answer="A linear read-out of 5 × 5 neighbouring max-pooled values places a smooth blob (σ "
        "of {width:g} pixels, noise of {noise:.0%} of its height) inside its 2 × 2 window with a "
        "root mean square error of {smooth:.3f} pixels. If the feature is a single pixel and the "
        "windows do not overlap, its place cannot be read: the error is {sharp:.2f} pixels, as "
        "large as that of guessing the middle.",
        formula=r"\text{error} = \sqrt{\frac{1}{2} \mathbb{E} |\hat{r} - r|^2}, \quad \hat{r} = A "
        r"p + b, \quad r \text{ the place in the window, } p \text{ the pooled values}",
        prints=("smooth", "sharp"),
        values=position_still_decodable,
        bears_out=lambda v: (
            0 < v["smooth_high"] < v["smooth_chance"] / 10
            and abs(v["sharp"] / v["sharp_chance"] - 1) < 0.05
            and abs(v["whole"] / v["whole_chance"] - 1) < 0.05
            and v["sharp_overlap_high"] < v["sharp_chance"] / 10
            and v["smooth_overlap_high"] > v["smooth_low"]
        ),
        figure="decoded-position",
        code=f"{EXPERIMENTS}.decode_position",
        test=f"{TESTS}::test_position_still_decodable",
        sources=("thread",),
    ),
    Claim(
        id="relu-commutes-with-max",
        question="May the rectifier come after max pooling as well as before?",
        examines="T7",
        verdict=Verdict.HOLDS,
        statement="With max pooling over 2 × 2, {differ} of {tried:,} values differ if the "
        "rectifier comes after instead of before, and only {evaluated:.0%} of the rectifiers are "
        "left to evaluate. With mean pooling of symmetric noise {mean_same:.1%} of the values are "
        "the same: those of windows without mixed signs.",
        answer="It makes no difference whether a rectifier comes before max pooling or after it: "
        "over 2 × 2 windows {differ} of {tried:,} pooled values of random maps differ, and after "
        "the pooling only {evaluated:.0%} of the rectifiers are left to evaluate. With mean "
        "pooling of symmetric noise only {mean_same:.1%} of the values stay the same, those of "
        "windows without mixed signs.",
        formula=r"\max_{i} \max(x_i, 0) = \max\left(\max_{i} x_i, 0\right), \quad "
        r"\mathbb{P}(\text{means are the same}) = 2^{1 - n}",
        prints=("differ", "tried", "evaluated", "mean_same"),
        values=relu_commutes_with_max,
        bears_out=lambda v: (
            v["differ"] == 0 < v["tried"]
            and v["mean_same"] == 1 / 8
            and abs(v["mean_found"] - v["mean_same"]) < 0.01
        ),
        figure="rectifier-and-pooling",
        code=f"{MODEL}.mean_commutes",
        test=f"{TESTS}::test_relu_commutes_with_max",
    ),
    Claim(
        id="max-pads-with-minus-infinity",
        question="Does max pooling pad with −∞ rather than with zeros?",
        examines="T7",
        verdict=Verdict.HOLDS,
        statement="Pool a map of {side} × {side} negative values over 3 × 3 windows with stride 2 "
        "and padding 1: {zeros} of {windows:,} maxima are 0. With zeros around the map "
        "{touching} would be: all windows that reach into the padding. In symmetric noise zeros "
        "would win {invented:.1f} windows on average.",
        answer="Max pooling pads with −∞: over 3 × 3 windows with stride 2 and padding 1, {zeros} "
        "of the {windows:,} maxima of a {side} × {side} map of negative values are zero, while "
        "zeros as padding would win {touching} windows, all that reach into it. In a map of "
        "symmetric noise they would win {invented:.1f} windows on average.",
        formula=r"\mathbb{E}[\text{windows that zeros would win}] = \sum_{w} z^{m_w}, \quad w "
        r"\text{ reaches into the padding}, \; m_w \text{ real values}, \; z = \mathbb{P}(x < 0)",
        prints=("zeros", "touching", "windows", "invented"),
        values=max_pads_with_minus_infinity,
        bears_out=lambda v: v["zeros"] == 0 < v["invented"] < v["touching"] < v["windows"],
        figure="padding-a-negative-map",
        code=f"{MODEL}.zero_padding",
        test=f"{TESTS}::test_max_pads_with_minus_infinity",
    ),
)

RULINGS = (
    Ruling(
        "T7",
        Verdict.ON_CONDITION,
        "the strongest *position* of each channel is kept. Two different features in one window "
        "both survive; of two of the same, one is lost.",
        ("per-channel-survivors", "three-quarters-of-values", "position-still-decodable"),
    ),
)
