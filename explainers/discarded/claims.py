"""What does max pooling throw away? The claims, and what the chapter says of the thread's."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, SupportsFloat

import numpy as np

from explainers import flower, ranges
from explainers.activations import ACTIVATIONS, NEVER_FALL, leaky_relu
from explainers.checks import Floats, Ints
from explainers.claim import (
    Earlier,
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
from explainers.discarded import measured, model
from explainers.intervals import Interval, around, of_mean, standard_error, student, within
from explainers.kinds import Choice, Number, Whole
from explainers.maps import smooth_maps
from explainers.operators import avg_pool2d, max_pool2d, pool_output_size
from explainers.records import Formula

ODD_SIDE, STEM_SIDE = 7, 112  # a late map; the map of ResNet's first pooling
STEM = (3, 2, 1)  # its kernel_size, stride and padding
CHANNELS = (2, 8, 64)
HALF = Fraction(1, 2)
SD = "standard deviations of the picture"

Window = Annotated[int, Whole(2, 8, "side of the window")]
Overlap = Annotated[int, Whole(0, 6, "values that neighbouring windows share")]
Side = Annotated[int, Whole(2, 512, "side of the map")]
Zeros = Annotated[float, Number(0, 0.99, "share of zeros in the map")]
Smooth = Annotated[float, Number(0, 16, "correlation length of the map, in pixels")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random numbers")]


def _advances(window: int, overlap: int, **_: object) -> bool:
    return overlap < window


def _pixels(value: SupportsFloat, meaning: str) -> Value:
    return Value(float(value), "pixels", meaning)


def _interval(
    make: Callable[[SupportsFloat, str], Value],
    found: Interval[float],
    meaning: str,
    over: str = "random places",
) -> Value:
    return estimated(make, found, meaning, over)


# ---- Values ----


@claim(
    question="Does max pooling throw three quarters of the values away?",
    examines="T7",
    kind=Judged(
        asked={
            "window": ranges.WINDOWS,
            "overlap": ranges.OVERLAPS,
            "side": ranges.FEATURE_MAPS,
        },
        together=lambda window, overlap, side: window <= side and overlap < window,
        margin=lambda v: v["left"].value == 1 / 4,
        domain=lambda window, overlap, side: window == 2 and overlap == 0 and side % 2 == 0,
        condition="windows are 2 × 2 side by side, and the map has even sides.",
    ),
    says="Max pooling throws three quarters of the values away.",
    statement="Of a map of {side} × {side}, windows of {window} × {window} leave {left:.0%} of the "
    "values and throw {thrown:.0%} away. Of {odd_side} × {odd_side}, windows of 2 × 2 leave "
    "{odd:.1%}: none looks at the last row and column. Windows of 3 × 3 with stride 2 give as many "
    "outputs ({overlapping:.0%}), but only {distinct:.1%} of the values of a busy map are among "
    "them: some win more than one window.",
    answer="Max pooling throws {thrown:.0%} of the values away if its windows are 2 × 2 and do "
    "not overlap, and the feature map has even sides: of every four values it keeps the largest. "
    "With odd sides, the last row and column are usually in no window at all, so that even less "
    "is left. Of a 7 × 7 map it is {odd:.1%}. What remains is not a random quarter, though, but "
    "the strongest response of each window.",
    formula=Formula(
        r"\frac{\text{outputs}}{\text{inputs}} = \frac{\lfloor H / k \rfloor \lfloor W / k "
        r"\rfloor}{H W} = \frac{1}{k^2} \text{ if } k \text{ divides } H \text{ and } W",
        "a map of H × W, and non-overlapping windows of k × k without padding",
    ),
    prints=("thrown", "odd"),
    figure="winners-in-one-map",
    code=model.kept,
    sources=("thread",),
)
def three_quarters_of_values(window: Window = 2, overlap: Overlap = 0, side: Side = 224) -> Values:
    """Values left of maps with even sides and odd ones, and by overlapping windows."""
    stride = window - overlap
    # Windows that overlap repeat values: counted by the law for a busy map, away from the border.
    left = model.gradient_share(window, stride) if overlap else model.kept(side, window)
    return {
        "side": count(side, "side of the map"),
        "window": count(window, "side of the window"),
        "left": share(left, "of its values are among the outputs"),
        "thrown": share(1 - left, "thrown away"),
        "odd_side": count(ODD_SIDE, "side of a map with odd sides"),
        "odd": share(model.kept(ODD_SIDE, 2), "left of it by 2 × 2 windows"),
        "overlapping": share(model.kept(STEM_SIDE, *STEM), "outputs of 3 × 3 windows, stride 2"),
        "distinct": share(model.gradient_share(3, 2), "values of a busy map among these outputs"),
    }


# ---- Features ----


@cache
def _two_peaks_lost() -> tuple[int, int]:
    """Put two peaks at all pairs of places of a window, in two channels: lost ones, and pairs."""
    peaks = np.eye(4).reshape(4, 2, 2)
    first, second = np.repeat(peaks, 4, axis=0), np.tile(peaks, (4, 1, 1))
    pooled = max_pool2d(np.stack([first, second], axis=1), 2)
    return int((pooled == 0).sum()), len(first)


def _weaker_survives(channels: int, apart: int, place: int, window: int) -> bool:
    """Whether of a 2 at a place of its window and a 1 beside it both are left."""
    peaks = np.zeros((channels, window, 3 * window + 8))
    peaks[0, 0, place], peaks[-1, 0, place + apart] = 2, 1
    pooled = max_pool2d(peaks, window)
    return bool((pooled == 1).any() and (pooled == 2).any())


@claim(
    question="Does only the strongest feature survive max pooling?",
    examines="T7",
    kind=Judged(
        asked={
            "apart": ranges.MOVES,
            "channels": ranges.CHANNELS,
            "window": ranges.WINDOWS,
            "place": ranges.FEATURE_PLACES,
        },
        together=lambda place, window, **_: place < window,
        margin=lambda v: v["both"].value == 0,
        domain=lambda channels, place, apart, window: channels == 1 and place + apart < window,
        condition="both are of one channel and in one window, and windows lie side by side.",
        otherwise="Where windows overlap, the weaker one can win another window.",
    ),
    says="Of two features, max pooling keeps only the stronger one.",
    statement="Two features with a channel each, in one 2 × 2 window: {lost} lost in {pairs} "
    "placements. Two of one channel, one pixel apart along an axis, are in the same window in "
    "{one_channel:.0%} of their placements, and the weaker is lost. Each channel chooses its "
    "own place: with {few} independent channels {few_places:.2f} of a window's 4 places send "
    "something on, with {some} {some_places:.2f}, with {many} {many_places:.2f}. Two channels of "
    "opposite sign send on {opposed_places:.0f}.",
    answer="If two features are in the same channel and fall into the same window, "
    "non-overlapping max pooling keeps only the stronger one; with 2 × 2 windows that happens to "
    "{one_channel:.0%} of the pairs on adjacent pixels. Features in different channels do not "
    "compete at all, since each channel takes its own maximum. An edge and a corner in the same "
    "window both get through. With eight channels of independent values, {some_places:.1f} of the "
    "four places in a window are on average the maximum of some channel.",
    formula=Formula(
        r"\mathbb{E}[\text{places}] = n \left(1 - \left(1 - \frac{1}{n}\right)^C\right)",
        "a window of n places and C channels of independent values: so many places hold the "
        "maximum of at least one channel",
    ),
    prints=("one_channel", "some_places"),
    figure="survivors-by-channel",
    code=model.distinct_survivors,
    sources=("thread",),
)
def per_channel_survivors(
    channels: Annotated[int, Whole(1, 2, "channels of the two features")] = 1,
    apart: Annotated[int, Whole(1, 8, "pixels from one to the other")] = 1,
    place: Annotated[int, Whole(0, 7, "place of the first in its window")] = 0,
    window: Window = 2,
) -> Values:
    """Two features in one channel and in two, and the places that many channels keep."""
    lost, pairs = _two_peaks_lost()
    few, some, many = CHANNELS
    places = {
        name: Value(float(model.distinct_survivors(4, number)), "places", f"of 4, {number}")
        for name, number in (("few_places", few), ("some_places", some), ("many_places", many))
    }
    opposed = np.random.default_rng(0).standard_normal((100, 4))
    differ = (opposed.argmax(axis=1) != opposed.argmin(axis=1)).mean()
    both = _weaker_survives(channels, apart, place, window)
    return {
        "both": count(both, "1 if both features are left, 0 if only the stronger is"),
        "lost": count(lost, "features lost, two channels"),
        "pairs": count(pairs, "ways to put two features into a 2 × 2 window, one a channel"),
        "one_channel": share(
            model.share_a_window(2, dx=1), "of two lost, one channel, 1 pixel apart"
        ),
        **places,
        "opposed_places": Value(1 + float(differ), "places", "of 4, two channels x and −x"),
        "few": count(few, "channels"),
        "some": count(some, "channels"),
        "many": count(many, "channels"),
    }


# ---- Maps that look the same ----


def bytes_of(picture: Floats) -> Ints:
    """A picture's grey values, 0 to 255."""
    return np.rint(picture * 255).astype(np.int64)


def photograph(window: int = 2) -> Floats:
    """The blue channel of the dahlia, cut so that windows tile it."""
    return measured.cut(flower.grey(), window)


def _bits_lost(window: int, levels: int, zeros: float, side: int) -> float:
    """Bits of a map that its max-pooled map does not tell, the values being independent."""
    chances = np.full(levels, (1 - zeros) / levels)
    chances[0] += zeros
    each = model.kept_bits_of(chances, 1)
    windows = (side // window) ** 2
    return side**2 * each - windows * model.kept_bits_of(chances, window)


def _rounded_means() -> int:
    """How many pictures have the dahlia's 2 × 2 means, rounded to bytes (halves upwards)."""
    box = np.ones(256, dtype=np.int64)
    sums = np.convolve(np.convolve(box, box), np.convolve(box, box))
    ways = np.bincount((np.arange(sums.size) + 2) // 4, sums).astype(np.int64)
    means = (np.rint(4 * avg_pool2d(bytes_of(photograph()).astype(float), 2)) + 2) // 4
    level, times = np.unique(means.astype(np.int64), return_counts=True)
    pairs = zip(ways[level].tolist(), times.tolist(), strict=True)
    return math.prod(way**repeated for way, repeated in pairs)


@cache
def _photo_digits() -> dict[str, int]:
    """Digits of the numbers of pictures with the dahlia's pooled image."""
    photo = bytes_of(photograph()).astype(np.float64)
    image, sums = max_pool2d(photo, 2), 4 * avg_pool2d(photo, 2)
    return {
        "max": model.digits(model.maps_with_one_image(image, 2)),
        "mean": model.digits(model.maps_with_one_image(sums, 2, "mean")),
        "mean_byte": model.digits(_rounded_means()),
    }


@claim(
    question="Do many different maps look the same after max pooling?",
    examines="T8",
    kind=Judged(
        asked={
            "window": ranges.WINDOWS,
            "levels": ranges.LEVELS,
            "zeros": ranges.ZEROS,
            "side": ranges.MAP_SIDES,
        },
        # Many: on average (of the logarithm) more than a thousand, 2¹⁰.
        margin=lambda v: v["lost"].value - 10,
        domain=lambda levels, zeros, side, **_: side**2 * (1 - zeros) * (levels - 1) / levels >= 5,
        condition="the maps are random, with five or more values above zero on average.",
        otherwise="An empty map is the only one with its pooled map.",
    ),
    says="Many different maps have one and the same max-pooled map.",
    statement="Of the {binary_of} windows of 2 × 2 detectors that fire or not, {binary} pool to a "
    "1. The rearrangements inside the windows of an {inside_side} × {inside_side} map are a "
    "number of {inside_digits} digits. After 2 × 2 pooling the dahlia's whole blue channel shares "
    "its max-pooled image with so many pictures that their number has {photo_max:,} digits; for "
    "its mean-pooled image it has {photo_mean:,} if the means are exact, and {photo_mean_byte:,} "
    "if they are rounded to bytes. Of a window of four independent bytes, {window_bits} bits, the "
    "max keeps {kept_max:.2f}, the first value {kept_subsample:.0f}, and the mean {kept_mean:.2f} "
    "exact or {kept_mean_byte:.2f} rounded.",
    answer="Many different maps look the same after max pooling unless all their values are zero: "
    "of the {binary_of} patterns of zeros and ones that a 2 × 2 window can hold, {binary} have "
    "the same maximum. Values can also change places inside each window. On an 8 × 8 map with no "
    "two values alike, the number of such rearrangements alone has {inside_digits} digits. Only a "
    "map of zeros after a ReLU is told for certain, since no other map has its pooled map.",
    formula=Formula(
        r"N = \prod_{w} \left((v_w + 1)^n - v_w^n\right)",
        "N maps of whole numbers from 0 on that have one pooled map, v the maximum of window w, "
        "and n values in each window",
    ),
    prints=("binary", "binary_of", "inside_digits"),
    figure="one-pooled-image",
    code=model.maps_with_one_image,
    sources=("thread", "dahlia"),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "A map of zeros alone shares its pooled map with no other, and a small map with very "
            "few values above zero with some hundred.",
        ),
    ),
)
def maps_with_one_pooled_image(
    window: Window = 2,
    levels: Annotated[int, Whole(2, 1024, "levels of a value")] = 256,
    zeros: Zeros = 0,
    side: Side = 8,
) -> Values:
    """Maps that share a pooled image: binary, rearranged, and all of a photograph."""
    inside = model.digits(model.rearrangements_in_windows(8, 2))
    uniform = np.full(256, 1 / 256)
    return {
        "lost": Value(
            _bits_lost(window, levels, zeros, side), "bits", "of a map, not told by its maxima"
        ),
        "binary": count(model.maps_with_one_image([[1]], 2, levels=2), "windows that pool to 1"),
        "binary_of": count(2**4, "windows of detectors that fire or not"),
        "inside_side": count(8, "side of the small map"),
        "inside_digits": count(inside, "digits of the number of its rearrangements"),
        **{
            f"photo_{name}": count(number, f"digits of the number of pictures, {name}")
            for name, number in _photo_digits().items()
        },
        "window_bits": Value(32, "bits", "in a 2 × 2 window of bytes"),
        **{
            f"kept_{name}": Value(model.kept_bits(name, 2), "bits", f"kept of them, {name}")
            for name in model.SUMMARIES
        },
        "kept_mean_byte": Value(
            model.kept_bits_of(uniform, 2, "mean", rounded=True), "bits", "kept, mean as a byte"
        ),
    }


def _chances(kind: str) -> Floats:
    """How probable each of 256 levels is."""
    level = np.arange(256)
    weights = {
        "uniform": np.ones(256),
        "normal": np.exp(-(((level - 127.5) / 32) ** 2) / 2),
        "exponential": np.exp(-level / 32),
        "sparse": np.where(level == 0, 9 * 255.0, 1.0),  # nine in ten are 0
    }[kind]
    return np.asarray(weights / weights.sum())


@claim(
    question="Does the mean of a window tell more of it than the max?",
    examines="T7",
    kind=Judged(
        asked={
            "precision": ranges.PRECISIONS,
            "values": ranges.GREY_LEVELS,
            "window": ranges.WINDOWS,
        },
        margin=lambda v: v["mean_set"].value - v["max_set"].value,
        domain=lambda precision, **_: precision == "exact",
        condition="the mean is kept exactly, in more digits than the values have.",
    ),
    says="The mean of a window of independent values tells more of it than the max does.",
    statement="Of four independent bytes, all equally likely, the mean keeps {mean:.2f} bits if it "
    "is exact, the max {max:.2f}. Rounded to a byte the mean keeps {mean_byte:.2f}. Of bytes that "
    "are distributed normally, an exact mean keeps {normal_mean:.2f}, the max {normal_max:.2f}, "
    "and a rounded mean {normal_mean_byte:.2f}.",
    answer="If it is kept exactly, the mean of a window of independent values, all distributed "
    "alike, tells more about them than the maximum: {mean:.1f} bits against {max:.1f}, of the 32 "
    "bits in four uniformly random bytes. The exact mean of four bytes can take almost four times "
    "as many different values. Rounded to a byte it loses most of that lead and tells "
    "{mean_byte:.1f} bits. For bytes with a bell-shaped distribution, a rounded mean can even "
    "tell less than the maximum.",
    formula=Formula(
        r"H = -\sum_{y} p_y \log_2 p_y",
        "H the entropy, in bits, of the maximum (or the mean) of a window, which is y with "
        "probability p",
    ),
    prints=("mean", "max", "mean_byte"),
    figure="kept-bits",
    code=model.kept_bits_of,
)
def mean_tells_more_than_max(
    values: Annotated[str, Choice(ranges.GREY_LEVELS.values, "distribution")] = "uniform",
    precision: Annotated[str, Choice(ranges.PRECISIONS.values, "how the mean is kept")] = "exact",
    window: Window = 2,
) -> Values:
    """Bits that an exact mean, a rounded mean, and the max keep."""
    rounded = precision == "rounded"

    def bits(kind: str, summary: str, rounded: bool = False, side: int = 2) -> Value:
        kept = model.kept_bits_of(_chances(kind), side, summary, rounded)
        how = f"{summary}, rounded" if rounded else summary
        return Value(kept, "bits", f"kept of a {side} × {side} window, {kind} bytes: {how}")

    return {
        "mean_set": bits(values, "mean", rounded, window),
        "max_set": bits(values, "max", side=window),
        "mean": bits("uniform", "mean"),
        "max": bits("uniform", "max"),
        "mean_byte": bits("uniform", "mean", rounded=True),
        "normal_mean": bits("normal", "mean"),
        "normal_max": bits("normal", "max"),
        "normal_mean_byte": bits("normal", "mean", rounded=True),
    }


# ---- The gradient ----


def _winning(window: int, overlap: int, smoothness: float, zeros: float, seed: int) -> Values:
    """Share of the values of a random map that win a window, away from the border."""
    stride = window - overlap
    side = 24 * stride if stride > 2 else 64
    maps = smooth_maps(1, side, smoothness, seed)
    clipped = np.maximum(maps - np.quantile(maps, zeros), 0) if zeros else maps
    won = model.winners(clipped, window, stride)[0] > 0
    inside = slice(8 // stride * stride, -16 // stride * stride)
    return {"received": share(won[inside, inside].mean(), "receive gradient")}


@claim(
    question="Does one input in four receive gradient through max pooling?",
    examines="T7",
    kind=Judged(
        asked={
            "window": ranges.WINDOWS,
            "overlap": ranges.OVERLAPS,
            "smoothness": ranges.SMOOTHNESS,
            "zeros": ranges.ZEROS,
        },
        together=_advances,
        # One in four: to half a percentage point.
        margin=lambda v: 0.005 - abs(v["received"].value - 1 / 4),
        trial=_winning,
        domain=lambda window, overlap, **_: window == 2 and overlap == 0,
        condition="windows are 2 × 2, side by side, and tile the map.",
        otherwise="Of a map with odd sides the last row and column are in no window, and it is "
        "less.",
        tries=400,
    ),
    says="One input in four of a max pooling receives gradient.",
    statement="Through 2 × 2 windows {side_by_side:.0%} of the inputs receive gradient, each "
    "all of its window's. Through 3 × 3 windows of stride 2 {overlap:.1%} of a map of independent "
    "values do, of a smooth map {smooth:.1%} ({smooth.low:.1%} to {smooth.high:.1%}), and through "
    "3 × 3 windows side by side {three:.1%}. If a rectifier made half of the values zero, "
    "{blocked:.2%} of the 2 × 2 windows send theirs to a zero, where it stops, and {useful:.1%} of "
    "the inputs are left.",
    answer="If 2 × 2 windows do not overlap and cover the whole map, {side_by_side:.0%} of the "
    "inputs of max pooling receive gradient: the largest value in each window gets all of it. The "
    "other three get none for a given image, but another image may have other winners. A ReLU "
    "before the pooling can stop some of it, where a whole window is zero. If it sets half of the "
    "values to zero, independently and at random, gradient passes through {useful:.1%} of the "
    "ReLUs.",
    formula=Formula(
        r"\text{share} = \frac{1}{s^2} \sum_{x} \sum_{S} (-1)^{|S| + 1} \frac{1 - z^{u_S}}{u_S}",
        "s the stride, x each of s × s neighbouring inputs, S each non-empty set of windows that "
        "hold x, u the number of inputs in these windows together, and z the probability that a "
        "ReLU made an input zero",
    ),
    prints=("side_by_side", "useful"),
    figure="gradient-shares",
    code=model.gradient_share,
)
def gradient_reaches_one_in_four(
    window: Window = 2,
    overlap: Overlap = 0,
    smoothness: Smooth = 0,
    zeros: Zeros = 0,
    seed: Seed = 0,
) -> Values:
    """Shares of inputs that receive gradient, by the law and in random maps."""
    smooth = (model.winners(smooth_maps(40, 64, 4, seed), 3, 2) > 0)[:, 6:-6, 6:-6]
    each = smooth.mean(axis=(1, 2))
    return {
        **_winning(window, overlap, smoothness, zeros, seed),
        "side_by_side": share(model.gradient_share(2), "receive gradient, 2 × 2"),
        "three": share(model.gradient_share(3), "receive gradient, 3 × 3 side by side"),
        "overlap": share(model.gradient_share(3, 2), "receive gradient, 3 × 3, stride 2"),
        "smooth": estimated(
            share, of_mean(each), "the same, correlation length 4 pixels", "random maps"
        ),
        "blocked": share(HALF**4, "of 2 × 2 windows send it to a zero, half of the values zero"),
        "useful": share(model.gradient_share(2, zeros=HALF), "receive it and are not zero"),
    }


@claim(
    question="Does overlap make the gradient of max pooling reach fewer inputs?",
    examines="T7",
    kind=Judged(
        asked={
            "against": ranges.COMPARED,
            "overlap": ranges.without(ranges.OVERLAPS, 0),
            "window": ranges.WINDOWS,
        },
        together=_advances,
        margin=lambda v: v["beside"].value - v["reached"].value,
        domain=lambda against, **_: against == "stride",
        condition="the stride stays the same, and windows grow until they overlap.",
        otherwise="If the windows stay the same, and overlap as the stride shrinks, it reaches "
        "more.",
    ),
    says="Windows that overlap let the gradient of max pooling reach fewer of a map's independent "
    "values.",
    statement="With stride 2, windows of 3 × 3 overlap and reach {overlapping:.1%} of independent "
    "values, and windows of 2 × 2 side by side {stride_two:.0%}. Windows of 3 × 3 side by side "
    "reach {three:.1%}.",
    answer="If the stride stays at 2 and the windows grow from 2 × 2 to 3 × 3, the gradient of "
    "max pooling reaches only {overlapping:.1%} of independent values instead of a quarter. There "
    "are as many windows as before, but where they overlap one large value can win several of "
    "them. Compared with non-overlapping 3 × 3 windows it is the other way round. Those reach "
    "only {three:.1%}, because there are fewer of them.",
    formula=Formula(
        r"\text{share}(k, k) = \frac{1}{k^2} < \text{share}(k, s) < \frac{1}{s^2} = "
        r"\text{share}(s, s) \quad \text{for } k > s",
        "the share of independent values that receive gradient through windows of k × k with "
        "stride s",
    ),
    prints=("overlapping", "three"),
    figure="gradient-shares",
    code=model.gradient_share,
)
def overlap_reaches_fewer(
    against: Annotated[str, Choice(ranges.COMPARED.values, "what stays the same")] = "stride",
    overlap: Overlap = 1,
    window: Window = 3,
) -> Values:
    """Overlapping windows, against windows side by side of the same stride or the same side."""
    stride = window - overlap
    side = stride if against == "stride" else window
    return {
        "reached": share(model.gradient_share(window, stride), "receive gradient, overlapping"),
        "beside": share(model.gradient_share(side), "receive it, side by side"),
        "overlapping": share(model.gradient_share(3, 2), "receive gradient, 3 × 3, stride 2"),
        "stride_two": share(model.gradient_share(2), "receive gradient, 2 × 2 side by side"),
        "three": share(model.gradient_share(3), "receive gradient, 3 × 3 side by side"),
    }


# ---- The picture ----


@cache
def _picture(name: str) -> Floats:
    """A channel of the photograph, its luminance, or a white page with one dark pixel in ten."""
    if name == "dots":
        return (np.random.default_rng(0).random((426, 640)) >= 0.1).astype(np.float64)
    photo = flower.photo() / 255.0
    if name == "luminance":
        return np.asarray(photo @ (0.299, 0.587, 0.114))
    return np.asarray(photo[..., ("red", "green", "blue").index(name)])


def _from_max_and_mean(picture: str, window: int, decoder: str, error: str) -> Values:
    cut = measured.cut(_picture(picture), window)
    return {
        f"from_{method}": Value(
            getattr(measured.rebuilt(cut, method, window, decoder), error),
            SD,
            f"{error} error of {picture}, {decoder}, {method} over {window} × {window}",
        )
        for method in ("max", "mean")
    }


@claim(
    question="Is the picture harder to rebuild from maxima than from means?",
    examines="T7",
    kind=Judged(
        asked={
            "picture": ranges.REBUILT,
            "error": ranges.ERRORS,
            "window": ranges.WINDOWS,
            "decoder": ranges.DECODERS,
        },
        margin=lambda v: v["from_max"].value - v["from_mean"].value,
        trial=_from_max_and_mean,
        least=1e-9,
        domain=lambda error, decoder, **_: error == "rms" and decoder != "fitted",
        condition="each pooled value is copied over its window, and the error is the root mean "
        "square.",
        otherwise="It holds as well if the brightness of the copies is corrected. By the mean "
        "absolute error maxima can win, as on a white page with fine dark dots.",
    ),
    says="A picture is harder to rebuild from maxima than from means.",
    statement="Copy each pooled value over its 2 × 2 window. The RMS error of the dahlia's blue "
    "channel, in its standard deviations, is {photo_mean:.3f} from means, {photo_median:.3f} from "
    "medians, {photo_subsample:.3f} from every second value and {photo_max:.3f} from maxima; of "
    "white noise, {noise_mean:.3f} from means, {noise_subsample:.3f} from every second value and "
    "{noise_max:.3f} from maxima. Maxima are too bright: with the brightness right, noise has "
    "{noise_rest_max:.3f}, and the dahlia {rest_max:.3f}. By absolute error a white page with one "
    "dark pixel in ten has {dots_mean:.3f} from means and {dots_max:.3f} from maxima.",
    answer="If you copy each pooled value back over its 2 × 2 window, the blue channel of a "
    "dahlia photo comes back with an RMS error of {photo_max:.0%} of its standard deviation from "
    "maxima, but only {photo_mean:.0%} from means. Any picture favours the mean by this measure, "
    "since no other single number has a smaller squared error over the window. By absolute error "
    "the maximum can win, for example on a white page with fine dark dots.",
    formula=Formula(
        r"\text{error} = \frac{1}{\sigma} \sqrt{\frac{1}{N} \sum_{i} (\hat{x}_i - x_i)^2}",
        "N pixels x with standard deviation σ, and x with a hat the maximum or mean of the window "
        "that holds pixel i",
    ),
    prints=("photo_max", "photo_mean"),
    figure="rebuilt-dahlia",
    code=measured.rebuilt,
    sources=("dahlia",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "It did not say by which error. Of the numbers that could stand for a window its mean "
            "has the least squared error; by absolute error it depends on the picture.",
        ),
    ),
)
def max_reconstructs_worse(
    picture: Annotated[str, Choice(ranges.REBUILT.values, "what is rebuilt")] = "blue",
    window: Window = 2,
    decoder: Annotated[str, Choice(ranges.DECODERS.values, "how it is rebuilt")] = "copied",
    error: Annotated[str, Choice(ranges.ERRORS.values, "which error")] = "rms",
) -> Values:
    """Errors of the rebuilt dahlia, of rebuilt noise, and of a rebuilt page."""
    photo = {
        method: measured.rebuilt(photograph(), method)
        for method in ("mean", "median", "subsample", "max")
    }
    noise = {summary: model.noise_loss(summary, 4) for summary in model.SUMMARIES}
    dots = {method: measured.rebuilt(_picture("dots"), method) for method in ("mean", "max")}
    numbers = {
        **{f"photo_{m}": (e.rms, f"RMS error of the dahlia, {m}") for m, e in photo.items()},
        **{
            f"absolute_{m}": (photo[m].absolute, f"mean absolute error of the dahlia, {m}")
            for m in ("mean", "median")
        },
        "rest_max": (photo["max"].rest, "RMS error of the dahlia, brightness corrected, max"),
        **{f"noise_{m}": (e.rms, f"RMS error of noise, {m}") for m, e in noise.items()},
        "noise_rest_max": (noise["max"].rest, "RMS error of noise, brightness corrected, max"),
        **{f"dots_{m}": (e.absolute, f"mean absolute error, dots, {m}") for m, e in dots.items()},
    }
    return {
        **_from_max_and_mean(picture, window, decoder, error),
        **{name: Value(value, SD, meaning) for name, (value, meaning) in numbers.items()},
    }


# ---- The place ----


def _explained(
    width: float, window: int, overlap: int, noise: float, spread: float, cells: int, seed: int
) -> Values:
    found = measured.decode_position(
        window,
        window - overlap,
        width=width,
        noise=noise,
        spread=spread,
        cells=cells,
        samples=300,
        seed=seed,
    )
    return {"explained": _interval(share, found.explained, "of the place's variance that is read")}


def _has_places(window: int, overlap: int, **_: object) -> bool:
    return window - overlap >= 2  # with stride 1 there is one place only


@claim(
    question="Can the place inside a window still be read after max pooling?",
    examines="T7",
    kind=Judged(
        asked={
            "width": ranges.FEATURE_WIDTHS,
            "window": ranges.WINDOWS,
            "overlap": ranges.OVERLAPS,
            "cells": ranges.CELLS,
            "noise": ranges.FEATURE_NOISE,
            "spread": ranges.FEATURE_SPREADS,
        },
        together=_has_places,
        # Can be read: more than half of the variance is.
        margin=lambda v: v["explained"].value - 0.5,
        trial=_explained,
        domain=lambda width, window, overlap, cells, noise, **_: (
            cells > 1
            and noise <= 0.1
            and max(1, (window - overlap) / 3) <= width <= cells * (window - overlap) / 4
        ),
        condition="neighbouring windows are read too, the feature is some pixels wide, and the "
        "noise is weak.",
        otherwise="Its σ is to be at least one pixel and at least a third of the stride, and at "
        "most a quarter of the width that is read; the noise, at most a tenth of its height.",
        tries=320,
    ),
    says="After max pooling, a linear read-out still tells most of where in its window a feature "
    "was.",
    statement="A linear read-out of 5 × 5 neighbouring max-pooled values, with noise of "
    "{noise_shown:.0%} of the feature's height before the pooling. It places a blob of known "
    "height (σ {width_shown:g} pixels) inside its 2 × 2 window to {smooth:.3f} pixels, where "
    "guessing the middle errs by {smooth_chance:.3f}; if the height varies by half, to "
    "{unknown:.3f}. A single pixel it cannot place: {sharp:.2f}, guessing {sharp_chance:.2f}. "
    "Windows of 3 × 3 with stride 2 place the pixel to {sharp_overlap:.3f}, and the blob to "
    "{smooth_overlap:.3f}. One global max over 8 × 8 tells nothing: {whole:.2f}, guessing "
    "{whole_chance:.2f}.",
    answer="If a feature is a few pixels wide and the noise is weak, neighbouring max-pooled "
    "values still tell where in its 2 × 2 window it was: in a simulation, a linear read-out had "
    "an RMS error of only {smooth:.3f} pixels. The feature was a smooth blob of known height, and "
    "the noise {noise_shown:.0%} of that height. Its flanks reach into the windows around it, and "
    "their height there tells the place. A single bright pixel has no flanks, and unless windows "
    "overlap its place inside one is lost.",
    formula=Formula(
        r"\text{error} = \sqrt{\frac{1}{2}\, \mathbb{E}\bigl[|\hat{r} - r|^2\bigr]}, \quad "
        r"\hat{r} = A p + b",
        "r the feature's row and column inside the window, r with a hat what is read from the "
        "pooled values p, and A and b fitted by least squares",
    ),
    prints=("smooth",),
    figure="decoded-position",
    code=measured.decode_position,
    sources=("thread",),
)
def position_still_decodable(
    width: Annotated[float, Number(0, 64, "σ of the feature; 0: a single pixel")] = measured.WIDTH,
    window: Window = 2,
    overlap: Overlap = 0,
    noise: Annotated[
        float, Number(0, 10, "noise, as a share of the feature's height")
    ] = measured.NOISE,
    spread: Annotated[float, Number(0, 1, "how far the height may be from 1")] = 0,
    cells: Annotated[int, Whole(1, 15, "values read along each axis, odd")] = 5,
    seed: Seed = 0,
) -> Values:
    """Positions read from pooled values: of a smooth blob, of a single pixel, and globally."""
    shown, level = measured.WIDTH, measured.NOISE
    cases: dict[str, dict[str, Any]] = {
        "smooth": {"kernel_size": 2, "width": shown},
        "unknown": {"kernel_size": 2, "width": shown, "spread": 0.5},
        "sharp": {"kernel_size": 2, "width": 0},
        "sharp_overlap": {"kernel_size": 3, "stride": 2, "width": 0},
        "smooth_overlap": {"kernel_size": 3, "stride": 2, "width": shown},
        "whole": {"kernel_size": 8, "width": shown, "cells": 1},
    }
    values = {
        **_explained(width, window, overlap, noise, spread, cells, seed),
        "width_shown": _pixels(shown, "σ of the smooth blob"),
        "noise_shown": share(level, "standard deviation of the noise, of the feature's height"),
    }
    for name, case in cases.items():
        found = measured.decode_position(**case, seed=seed)
        values[name] = _interval(_pixels, found.error, f"RMS error, {name}")
        if name in ("smooth", "sharp", "whole"):
            values[f"{name}_chance"] = _pixels(found.chance, f"error of guessing, {name}")
    return values


def _over_guessing(border: str, pool: str, depth: int, seed: int) -> Values:
    found = measured.place_after_global_pooling(
        border, pool, depth=depth, channels=16, samples=200, seed=seed
    )
    return {"over_guessing": Value(found.error.value / found.chance, "ratio", "error to guessing")}


NETWORKS = 8  # random ones, whose errors are averaged


def _over_networks(border: str, pool: str, seed: int) -> Interval[Floats]:
    """The error of reading the place, over networks of their own random weights."""
    each = [
        measured.place_after_global_pooling(border, pool, samples=500, seed=seed + n).error.value
        for n in range(NETWORKS)
    ]
    return around(np.mean(each), standard_error(each), student(NETWORKS - 1))


@claim(
    question="Does one global pooling of a 16 × 16 map lose where a feature was?",
    examines="T7",
    kind=Judged(
        asked={
            "border": ranges.CONVOLUTION_BORDERS,
            "pool": ranges.AGGREGATES,
            "depth": ranges.CONVOLUTIONS_BEFORE,
        },
        # Lost: the error is at least nine tenths of that of guessing.
        margin=lambda v: v["over_guessing"].value - 0.9,
        trial=_over_guessing,
        domain=lambda border, **_: border == "wrap",
        condition="nothing before it knows the border, as when the convolutions wrap round.",
        otherwise="If convolutions pad with zeros, or do not pad at all, the channels tell the "
        "place; they tell it less well where no convolution reaches the border.",
    ),
    says="A global pooling of a map of 16 × 16 leaves next to nothing of where in it a feature "
    "was.",
    statement="A blob lies anywhere in a map of 16 × 16. After one 3 × 3 convolution with random "
    "weights and zero padding, and a rectifier, a linear read-out of the {channels} globally "
    "averaged channels places it to {mean_zeros:.1f} pixels ({mean_zeros.low:.1f} to "
    "{mean_zeros.high:.1f}; mean of {networks} such networks), of their global maxima to "
    "{max_zeros:.1f}; guessing the middle errs by {chance:.1f}. If the convolution wraps round, "
    "the errors are {mean_wrap:.1f} and {max_wrap:.1f}.",
    answer="If the convolution before it wraps round at the border, global average pooling of a "
    "16 × 16 map loses where a feature was: a linear read-out has an RMS error of {mean_wrap:.1f} "
    "pixels, no better than always guessing the middle. With zero padding, which is more usual, "
    "the same read-out of {channels} random filters, each with a ReLU, finds a blob with an error "
    "of {mean_zeros:.1f} pixels. Near the border the zeros change what the filters see, and that "
    "tells the place.",
    formula=Formula(
        r"\hat{r} = A g + b, \quad g_c = \frac{1}{N} \sum_{i} \max\bigl((w_c * x)_i, 0\bigr)",
        "r with a hat the place that is read, A and b fitted by least squares, g the global "
        "average of channel c, w its filter, x the map, and i each of its N places",
    ),
    prints=("mean_wrap", "mean_zeros"),
    figure="decoded-position",
    code=measured.place_after_global_pooling,
    sources=("islam-2021",),
)
def global_pool_loses_place(
    border: Annotated[str, Choice(measured.BORDERS, "padding of the convolutions")] = "wrap",
    pool: Annotated[str, Choice(measured.READOUTS, "global pooling")] = "mean",
    depth: Annotated[int, Whole(1, 7, "convolutions before it")] = 1,
    seed: Seed = 0,
) -> Values:
    """Places read from a global pooling, after convolutions with zero padding and without."""
    values: dict[str, Value] = {
        "channels": count(32, "channels that are pooled"),
        "networks": count(NETWORKS, "random networks, whose errors are averaged"),
    }
    for kind in ("zeros", "wrap"):
        for method in ("mean", "max"):
            meaning = f"RMS error, global {method}, {kind} around the map"
            found = _over_networks(kind, method, seed)
            values[f"{method}_{kind}"] = estimated(_pixels, found, meaning, "random networks")
    return {
        **_over_guessing(border, pool, depth, seed),
        **values,
        "chance": _pixels(16 / 12**0.5, "error of guessing the middle"),
    }


# ---- Activations and padding ----


def _noise(seed: int, maps: int = 100) -> Floats:
    return np.random.default_rng(seed).standard_normal((maps, 32, 32))


@claim(
    question="May the rectifier come after max pooling as well as before?",
    examines="T7",
    kind=Judged(
        asked={"window": ranges.WINDOWS, "slope": ranges.LEAKS},
        margin=lambda v: v["differ"].value == 0,
    ),
    says="A rectifier may come after max pooling as well as before: the result is the same.",
    statement="With max pooling over {window} × {window}, {differ} of {tried:,} values differ if "
    "the rectifier comes after instead of before, and only {evaluated:.0%} of the rectifiers are "
    "left to evaluate. With mean pooling of symmetric noise {mean_same:.1%} of the values are "
    "the same: those of windows without mixed signs.",
    answer="A ReLU may come after max pooling as well as before, with exactly the same result, "
    "and after non-overlapping 2 × 2 pooling only {evaluated:.0%} of the ReLUs are left to "
    "compute. A ReLU never reverses the order of two values, so the largest stays the largest. "
    "With mean pooling the order matters. If each value is positive or negative, independently "
    "and equally likely, only {mean_same:.1%} of the 2 × 2 means stay the same: those of windows "
    "where all four have the same sign.",
    formula=Formula(
        r"\max_{i} \max(x_i, 0) = \max\bigl(\max_{i} x_i, 0\bigr), \quad \mathbb{P}(\text{means "
        r"are the same}) = 2^{1 - n}",
        "x each of the n values of a window, numbered by i, and for the means positive or "
        "negative, independently and equally likely",
    ),
    prints=("evaluated", "mean_same"),
    figure="rectifier-and-pooling",
    code=model.mean_commutes,
)
def relu_commutes_with_max(
    window: Window = 2,
    slope: Annotated[float, Number(0, 1, "slope of the rectifier below zero")] = 0,
    seed: Seed = 0,
) -> Values:
    """A rectifier before pooling and after, on random maps."""
    noise = _noise(seed)
    early = max_pool2d(leaky_relu(noise, slope), window)
    late = leaky_relu(max_pool2d(noise, window), slope)
    outputs = pool_output_size(noise.shape[1:], window)
    return {
        "window": count(window, "side of the window"),
        "differ": count(int((early != late).sum()), "max-pooled values that differ"),
        "tried": count(early.size, "max-pooled values"),
        "mean_same": share(model.mean_commutes(window), "means that do not differ"),
        "evaluated": share(math.prod(outputs) / noise[0].size, "rectifiers left to evaluate"),
    }


def _differing(activation: str, window: int, seed: int, maps: int = 10) -> Values:
    """Share of max-pooled values that the order changes; rounding does not count."""
    function, noise = ACTIVATIONS[activation], _noise(seed, maps)
    gap = np.abs(max_pool2d(function(noise), window) - function(max_pool2d(noise, window)))
    each = (gap > 1e-12).mean(axis=(1, 2))
    found = within(of_mean(each), 0, 1)
    return {"differ": estimated(share, found, f"values that differ, {activation}", "random maps")}


@claim(
    question="May the activation come after max pooling as well as before?",
    examines="T7",
    kind=Judged(
        asked={"activation": ranges.ACTIVATIONS, "window": ranges.WINDOWS},
        margin=lambda v: v["differ"].value == 0,
        trial=_differing,
        domain=lambda activation, **_: activation in NEVER_FALL,
        condition="the activation never falls as its input rises (ReLU, leaky ReLU, ELU, "
        "softplus, tanh, sigmoid).",
        otherwise="With GELU, SiLU, Mish or hard swish the order matters.",
    ),
    says="An activation may come after max pooling as well as before: the result is the same.",
    statement="With max pooling over 2 × 2 of standard normal noise, {relu:.1%} of the values "
    "differ if ReLU comes after instead of before, {gelu:.1%} with GELU ({gelu.low:.1%} to "
    "{gelu.high:.1%}), and {silu:.1%} with SiLU ({silu.low:.1%} to {silu.high:.1%}).",
    answer="An activation can come after max pooling instead of before it if it never falls as "
    "its input rises, like ReLU, tanh or sigmoid; with GELU, {gelu:.1%} of the 2 × 2 maxima of "
    "Gaussian noise come out different. A function that never falls puts no smaller value above a "
    "larger one, so the largest stays the largest. GELU, SiLU and Mish dip below zero and come "
    "back up. That can only matter in windows where all values are negative.",
    formula=Formula(
        r"\max_{i} f(x_i) = f\bigl(\max_{i} x_i\bigr) \quad \text{if } x \le y \text{ implies } "
        r"f(x) \le f(y)",
        "f the activation, x and y any two of its inputs, and i the number of a value in its "
        "window",
    ),
    prints=("gelu",),
    figure="rectifier-and-pooling",
    code=max_pool2d,
)
def activation_commutes_with_max(
    activation: Annotated[str, Choice(ranges.ACTIVATIONS.values, "activation")] = "relu",
    window: Window = 2,
    seed: Seed = 0,
) -> Values:
    """An activation before pooling and after, on random maps."""
    return {
        **_differing(activation, window, seed),
        **{name: _differing(name, 2, seed, 100)["differ"] for name in ("relu", "gelu", "silu")},
    }


def _invented(padder: str, values: str, window: int, side: int, seed: int) -> Values:
    """Maxima of a map, padded by half a window, that no value of the map is."""
    noise = np.random.default_rng(seed).standard_normal((20, side, side))
    maps = {"negative": -np.abs(noise), "noise": noise, "rectified": np.maximum(noise, 0)}[values]
    around = window // 2
    layer = np.pad(maps, ((0, 0), (around, around), (around, around)))
    pooled = (
        max_pool2d(maps, window, 2, around) if padder == "pooling" else max_pool2d(layer, window, 2)
    )
    outside = _own_maxima(maps, window, around)
    return {"changed": count(int((pooled != outside).sum()), "maxima that the padding has won")}


def _own_maxima(maps: Floats, window: int, around: int) -> Floats:
    """Maxima of the values that each padded window holds of the map itself."""
    starts = range(-around, maps.shape[-1] + around - window + 1, 2)
    spans = [slice(max(s, 0), s + window) for s in starts]
    rows = np.stack([maps[:, span].max(axis=1) for span in spans], axis=1)
    return np.stack([rows[..., span].max(axis=-1) for span in spans], axis=-1)


@claim(
    question="Does max pooling pad with −∞ rather than with zeros?",
    examines="T7",
    kind=Judged(
        asked={
            "padder": ranges.PADDERS,
            "values": ranges.PADDED_MAPS,
            "window": ranges.WINDOWS,
            "side": ranges.FEATURE_MAPS,
        },
        together=lambda side, window, **_: window <= side,
        margin=lambda v: v["changed"].value == 0,
        trial=_invented,
        domain=lambda padder, **_: padder == "pooling",
        condition="the padding is the pooling's own, as in PyTorch and TensorFlow.",
        otherwise="A layer of zeros before the pooling pads with zeros, and they may win.",
        tries=270,
    ),
    says="Max pooling pads with −∞, so that no padded place wins a window.",
    statement="Pool a map of {side_shown} × {side_shown} negative values over 3 × 3 windows with "
    "stride 2 and padding 1: {zeros} of {windows:,} maxima are 0. With a layer of zeros around the "
    "map {touching} are: all windows that reach into the padding. In symmetric noise zeros "
    "win {invented:.1f} windows on average.",
    answer="If it does its own padding, as in PyTorch and TensorFlow, max pooling pads with minus "
    "infinity, so that none of the {windows:,} maxima per channel in ResNet's first pooling layer "
    "(input of 224 × 224) comes from the padding. A separate layer of zeros before the pooling is "
    "another matter. In a channel of negative values they would win all {touching} windows that "
    "reach into them. After a ReLU, as in ResNet, there is no difference, because nothing is "
    "below zero.",
    formula=Formula(
        r"\mathbb{E}[\text{windows that zeros win}] = \sum_{w} z^{m_w}",
        "w each window that reaches into a border of zeros, m the number of independent values of "
        "the map in it, and z the probability that one of them is negative",
    ),
    prints=("windows", "touching"),
    figure="padding-a-negative-map",
    code=model.zero_padding,
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "It did not say whose padding: networks that pad with a layer of their own, as some of "
            "Keras do, pad with zeros before max pooling.",
        ),
    ),
)
def max_pads_with_minus_infinity(
    padder: Annotated[str, Choice(ranges.PADDERS.values, "what pads")] = "pooling",
    values: Annotated[str, Choice(ranges.PADDED_MAPS.values, "values of the map")] = "negative",
    window: Window = 3,
    side: Side = 112,
    seed: Seed = 0,
) -> Values:
    """Padding around a map of negative values, and around noise."""
    law = model.zero_padding(STEM_SIDE, *STEM)
    pooled = max_pool2d(-np.ones((STEM_SIDE, STEM_SIDE)), *STEM)
    return {
        **_invented(padder, values, window, side, seed),
        "side_shown": count(STEM_SIDE, "side of the map"),
        "zeros": count(int((pooled >= 0).sum()), "pooled values that are 0, the map negative"),
        "windows": count(law.windows, "pooled values"),
        "touching": count(law.touching, "of them that zeros around the map make 0"),
        "invented": Value(float(law.invented), "count", "maxima that zeros win in noise"),
    }


CLAIMS = (
    three_quarters_of_values,
    per_channel_survivors,
    maps_with_one_pooled_image,
    mean_tells_more_than_max,
    gradient_reaches_one_in_four,
    overlap_reaches_fewer,
    max_reconstructs_worse,
    position_still_decodable,
    global_pool_loses_place,
    relu_commutes_with_max,
    activation_commutes_with_max,
    max_pads_with_minus_infinity,
)

RULINGS = (
    Ruling(
        "T7",
        Verdict.ON_CONDITION,
        "of each channel and window the largest *value* is kept, and not where it was. Two "
        "different features in one window both survive if each has a channel of its own; of two "
        "of one channel, the weaker is lost if windows lie side by side. Whether dropping the "
        "rest helps detection: see T3 and T4.",
        ("per-channel-survivors", "three-quarters-of-values", "position-still-decodable"),
    ),
)
