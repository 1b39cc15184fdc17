"""Which layers may change places with a pooling, and what padding and rounding do: the claims."""

from __future__ import annotations

import math
from typing import Annotated, Any, SupportsFloat

import numpy as np

from explainers import laws, normal, ranges
from explainers.claim import (
    Judged,
    Value,
    Values,
    claim,
    count,
    estimated,
    probability,
    share,
    times,
)
from explainers.intervals import Interval, around, scalar, standard_error, student
from explainers.kinds import Choice, Number, Whole
from explainers.maps import smooth_maps
from explainers.operators import avg_pool2d, blur2d, conv2d, pool_output_size
from explainers.records import Formula
from explainers.sizes import masking, numerics, order

ROUNDED = 1e-9  # what is less apart, of numbers near 1, differs by rounding
MAPS = 10  # random maps in each case of a sweep
CORNER = (0, 0)

Window = Annotated[int, Whole(2, 8, "side of the window")]
Stride = Annotated[int, Whole(1, 8, "values from one window to the next")]
Overlap = Annotated[int, Whole(0, 6, "values that neighbouring windows share")]
Smooth = Annotated[float, Number(0, 8, "correlation length of the map, in values")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random numbers")]
Pool = Annotated[str, Choice(ranges.AGGREGATES.values, "what is taken of a window")]
Bias = Annotated[float, Number(-8, 8, "bias, in standard deviations of a response")]
Filled = Annotated[str, Choice(ranges.FILLED.values, "where the zeros are put")]
Before = Annotated[str, Choice(ranges.RECTIFIED.values, "what stands before the pooling")]


def _sds(value: SupportsFloat, meaning: str) -> Value:
    return Value(float(value), "standard deviations", meaning)


# ---- Batch normalisation ----


def _normed(gamma: float, window: int, variance: float, smoothness: float, seed: int) -> Values:
    found = order.norm_and_pool(
        gamma, window=window, variance=variance, length=smoothness, maps=MAPS, seed=seed
    )
    return {"differ": share(found.share, "max-pooled values that differ, in the last bit or more")}


@claim(
    question="May batch normalisation come after max pooling as well as before, at inference?",
    examines="T7",
    kind=Judged(
        asked={
            "gamma": ranges.NORM_FACTORS,
            "window": ranges.WINDOWS,
            "variance": ranges.NORM_VARIANCES,
            "smoothness": ranges.SMOOTHNESS,
        },
        margin=lambda v: v["differ"].value == 0,
        trial=_normed,
        domain=lambda gamma, **_: gamma >= 0,
        condition="the factor of the channel (γ) is not negative.",
        otherwise="If it is negative, a max after the normalisation is a min before it.",
        tries=300,
    ),
    says="At inference, batch normalisation may come after max pooling as well as before: the "
    "result is the same.",
    statement="With a factor of {gamma_up:.1f}, {up:.0%} of the values differ if a batch "
    "normalisation at inference comes after 2 × 2 max pooling instead of before, in the last bit "
    "or more; with a factor of {gamma_down:.1f}, {down:.0%} do, and {turned:.0%} if the pooling "
    "in front takes the min. Normal values, normalised with a factor of −1, are {off:.2f} apart "
    "on average. After the pooling {evaluated:.0%} of the values are left to normalise.",
    answer="At inference, batch normalisation may come after max pooling as well as before if its "
    "factor is not negative; after 2 × 2 pooling only {evaluated:.0%} of the values are left to "
    "normalise. With fixed mean and variance it is a straight line for each channel, and a line "
    "that rises keeps the largest value the largest. With a factor of −1 the order matters: for "
    "independent Gaussian values the two results are {off:.2f} standard deviations apart on "
    "average.",
    formula=Formula(
        r"\max_{i} (a x_i + b) = a \max_{i} x_i + b \quad \text{if } a \ge 0",
        "x each of the values of a window, numbered by i, a the factor γ divided by the running "
        "standard deviation, and b the offset",
    ),
    prints=("evaluated", "off"),
    within=0.005,
    figure="norm-before-or-after",
    code=order.norm_and_pool,
)
def norm_commutes_with_max(
    gamma: Annotated[float, Number(-100, 100, "γ of the channel")] = 0.5,
    window: Window = 2,
    variance: Annotated[float, Number(0, 100, "running variance")] = 2.0,
    smoothness: Smooth = 0,
    seed: Seed = 0,
) -> Values:
    """A batch normalisation with fixed moments, before a pooling and after."""
    up, down = 0.5, -0.5
    tried = {
        "up": order.norm_and_pool(up, seed=seed),
        "down": order.norm_and_pool(down, seed=seed),
        "turned": order.norm_and_pool(down, "max", "min", seed=seed),
    }
    return {
        **_normed(gamma, window, variance, smoothness, seed),
        "gamma_up": times(up, "γ that is positive"),
        "gamma_down": times(down, "γ that is negative"),
        **{name: share(found.share, f"that differ, {name}") for name, found in tried.items()},
        "off": _sds(2 * float(laws.max_of_noise(4).mean), "from max to min of four normal values"),
        "evaluated": share(1 / 2**2, "left to normalise, 2 × 2 windows side by side"),
    }


def _leaves(window: int, smoothness: float, seed: int) -> Values:
    found = order.norm_in_training(
        window=window, length=smoothness, batches=100, maps=4, seed=seed
    ).mean
    meaning = "mean of what leaves the pooling, of normalised maps"
    return {"mean_set": estimated(_sds, found, meaning, "random maps")}


@claim(
    question="Is it the same in training whether batch normalisation comes before or after max "
    "pooling?",
    examines="T7",
    kind=Judged(
        asked={"window": ranges.WINDOWS, "smoothness": ranges.SMOOTHNESS},
        # What leaves a normalisation has the mean 0: the same, to a hundredth of its spread.
        margin=lambda v: 0.01 - abs(v["mean_set"].value),
        trial=_leaves,
    ),
    says="In training it is the same whether batch normalisation comes before max pooling or "
    "after it.",
    statement="Normalised by the moments of the batch, independent normal values leave 2 × 2 max "
    "pooling with mean {mean:.2f} and standard deviation {sd:.2f}; normalised after the pooling, "
    "with mean 0 and standard deviation 1. Of 3 × 3 windows the mean is {mean_three:.2f}. If "
    "values are correlated over {length:.0f} places, it is {smooth:.3f} ({smooth.low:.3f} "
    "to {smooth.high:.3f}) of 2 × 2 windows.",
    answer="In training it is not the same whether batch normalisation comes before or after max "
    "pooling: normalised Gaussian values, independent of each other, leave 2 × 2 pooling with "
    "mean {mean:.2f} and standard deviation {sd:.2f}. Normalised after the pooling, they would "
    "leave with mean zero and standard deviation one. Within a batch, and if the factor is not "
    "negative, the two orders differ by one factor and one offset for each channel, so a trained "
    "factor and offset can make up for it on average.",
    formula=Formula(
        r"\mathbb{E}[\max_{i} z_i] = \int x \, n \varphi(x) \Phi(x)^{n-1} \, dx > 0",
        "z each of the n values of a window after the normalisation, numbered by i, independent "
        "and normal; φ the normal density and Φ its distribution function, at x; d of the integral",
    ),
    prints=("mean", "sd"),
    within=0.003,
    figure="norm-before-or-after",
    code=order.norm_in_training,
)
def norm_after_max_in_training(
    window: Window = 2, smoothness: Smooth = 0, seed: Seed = 0
) -> Values:
    """What leaves a normalisation and a pooling, by the law and on random maps."""
    length, (mean, sd) = 2, laws.max_of_noise(4)
    return {
        **_leaves(window, smoothness, seed),
        "mean": _sds(float(mean), "mean of the max of four normalised values"),
        "sd": _sds(float(sd), "its standard deviation"),
        "mean_three": _sds(float(laws.max_of_noise(9).mean), "mean of the max of nine"),
        "length": Value(length, "places", "correlation length"),
        "smooth": _leaves(2, length, seed)["mean_set"],
    }


# ---- Dropout ----


def _dropped(drops: str, rate: float, window: int, values: str, seed: int) -> Values:
    """How large the outputs are in training, relative to what dropout after the pooling gives."""
    if drops == "channels":
        apart = order.channel_dropout_and_pool(rate, window, maps=MAPS, seed=seed).apart
        ratio = 1 + apart.mean
    else:
        found = order.dropout_and_max(rate, window=window, values=values, maps=MAPS, seed=seed)
        ratio = found.value.value / found.inference.value
    return {"times_set": times(ratio, "mean output in training, of what it should be")}


@claim(
    question="Does dropout before max pooling make its outputs too large in training?",
    examines="T7",
    kind=Judged(
        asked={
            "drops": ranges.DROPOUTS,
            "rate": ranges.DROPOUT_RATES,
            "window": ranges.WINDOWS,
            "values": ranges.DROPPED_VALUES,
        },
        margin=lambda v: v["times_set"].value - 1,
        trial=_dropped,
        domain=lambda drops, **_: drops == "values",
        condition="single values are dropped, and not whole channels, and some windows hold more "
        "than one value above zero.",
        otherwise="Dropout of whole channels may come before max pooling as well as after.",
        tries=300,
    ),
    says="Dropout before max pooling makes its outputs larger in training than at inference, on "
    "average.",
    statement="Of independent values from 0 to 1, dropped with probability {rate_shown:.0%}, the "
    "max of a 2 × 2 window is {training:.3f} on average in training and {inference:.1f} at "
    "inference: {times:.2f} times as large. {zeros:.2%} of the outputs are 0; after the pooling, "
    "dropout makes {after_zeros:.0%} of them 0, and keeps the mean.",
    answer="If dropout removes single values, max pooling after it gives outputs that are too "
    "large in training: {times:.2f} times those at inference, for 2 × 2 windows, half of all "
    "dropped, and values spread evenly from zero to one. Dropout doubles the values it keeps, and "
    "a doubled one usually wins the window. At that rate only {zeros:.2%} of the outputs are "
    "dropped. After the pooling, dropout keeps the mean, and so does dropping whole channels.",
    formula=Formula(
        r"\mathbb{E}\Bigl[\max_{i} \frac{d_i x_i}{1 - p}\Bigr] \ge \max_{i} \mathbb{E}\Bigl["
        r"\frac{d_i x_i}{1 - p}\Bigr] = \max_{i} x_i",
        "x each of the values of a window, numbered by i, and d what dropout makes of it: 0 with "
        "probability p, else 1",
    ),
    prints=("times", "zeros"),
    figure="dropout-before-or-after",
    code=order.dropout_law,
)
def dropout_before_max_is_biased(
    drops: Annotated[str, Choice(ranges.DROPOUTS.values, "what is dropped")] = "values",
    rate: Annotated[float, Number(0, 0.99, "probability that a value is dropped")] = 0.5,
    window: Window = 2,
    values: Annotated[str, Choice(ranges.DROPPED_VALUES.values, "values of the map")] = "uniform",
    seed: Seed = 0,
) -> Values:
    """Mean outputs in training and at inference, by the law and on random maps."""
    shown = 0.5
    before, after = (order.dropout_law(shown, place) for place in order.ORDERS)
    return {
        **_dropped(drops, rate, window, values, seed),
        "rate_shown": probability(shown, "that a value is dropped"),
        "training": Value(before.value, "ratio", "mean output in training, dropout before"),
        "inference": Value(before.inference, "ratio", "mean output at inference"),
        "times": times(before.value / before.inference, "mean output, training to inference"),
        "zeros": probability(before.zeros, "that an output is 0, dropout before"),
        "after_zeros": probability(after.zeros, "that an output is 0, dropout after"),
    }


# ---- Blur ----


def _blurred(activation: str, taps: int, smoothness: float, seed: int) -> Values:
    found = order.blur_and_activation(activation, taps, length=smoothness, maps=2, seed=seed)
    return {"apart": times(found.largest, "largest difference, to the root mean square")}


@claim(
    question="May a blur come before the activation as well as after it?",
    examines="zhang-2019",
    kind=Judged(
        asked={
            "activation": ranges.ACTIVATIONS,
            "taps": ranges.BLURS,
            "smoothness": ranges.SMOOTHNESS,
        },
        margin=lambda v: v["apart"].value < ROUNDED,
        trial=_blurred,
        tries=200,
    ),
    says="A blur may come before the activation as well as after it: the result is the same.",
    statement="Of independent normal values, a blur of 3 × 3 before the rectifier leaves "
    "{left:.1%} of the mean that it leaves after it. Where all {under} values under it have one "
    "sign, in {same:.2%} of the places, the order does not matter. Before or after a convolution, "
    "a blur gives the same away from the border, but for rounding.",
    answer="A blur before a ReLU does not give the same as a blur after it: of independent "
    "Gaussian noise, the usual 3 × 3 blur (weights 1, 2, 1 each way) leaves {left:.1%} of the mean "
    "output there. Blurred first, positive and negative values cancel. The order makes no "
    "difference only where all {under} values under the blur have one sign, at {same:.2%} of the "
    "places. Right behind a convolution, a blur is a part of it, and it cannot smooth what the "
    "ReLU cuts.",
    formula=Formula(
        r"\max\Bigl(\sum_{j} w_j x_j, 0\Bigr) \le \sum_{j} w_j \max(x_j, 0), \quad "
        r"\frac{\mathbb{E}[\text{left}]}{\mathbb{E}[\text{right}]} = \sqrt{\sum_{j} w_j^2}",
        "w the positive weights of the blur, which add up to 1, and x the values under it, "
        "numbered by j; for the means, independent and normal around 0",
    ),
    prints=("left", "same"),
    figure="rectifier-and-collapse",
    code=order.blur_and_activation,
    sources=("zhang-2019",),
)
def blur_before_or_after_rectifier(
    activation: Annotated[str, Choice(ranges.ACTIVATIONS.values, "activation")] = "relu",
    taps: Annotated[int, Whole(2, 7, "taps of the blur")] = 3,
    smoothness: Smooth = 0,
    seed: Seed = 0,
) -> Values:
    """A blur before an activation and after it, on random maps; laws for the rectifier."""
    point = np.zeros((5, 5))
    point[2, 2] = 1
    weights = blur2d(point, 3)
    under = int((weights > 0).sum())
    return {
        **_blurred(activation, taps, smoothness, seed),
        "left": share(math.sqrt((weights**2).sum()), "of the mean, blurred before the rectifier"),
        "under": count(under, "values under a blur of 3 × 3"),
        "same": probability(2.0 ** (1 - under), "that all of them have one sign"),
    }


# ---- Linear or not ----


def _linear(between: str, window: int, kernel: int, seed: int) -> Values:
    found = order.additivity(between, window, kernel, maps=2, seed=seed)
    return {"apart": times(found.largest, "f(a) + f(b) against f(a + b), largest difference")}


@claim(
    question="Does a stack of convolutions and poolings collapse to a single linear map if it has "
    "no rectifier?",
    examines="T7",
    kind=Judged(
        asked={
            "between": ranges.LINEAR_LAYERS,
            "window": ranges.WINDOWS,
            "kernel": ranges.LAYER_KERNELS,
        },
        margin=lambda v: v["apart"].value < ROUNDED,
        trial=_linear,
        domain=lambda between, **_: between != "max",
        condition="every pooling takes the mean, and no layer adds a bias.",
        otherwise="Max pooling bends as rectifiers do. Biases add a constant, and no more.",
    ),
    says="Without a rectifier, a stack of convolutions and poolings collapses to a single linear "
    "map.",
    statement="The max of a 2 × 2 window of a sum of two maps of independent normal values is "
    "{gap:.2f} standard deviations lower on average than the sum of their maxima, so max pooling "
    "is not linear; the mean of a sum is the sum of the means. Written with rectifiers and sums, "
    "the max of 2 × 2 takes {rectifiers} rectifiers, and the max of 3 × 3 takes "
    "{rectifiers_three}.",
    answer="Without a ReLU, a stack of convolutions and poolings collapses to a single linear map "
    "only if none of the poolings takes the max; a 2 × 2 max bends as much as the {rectifiers} "
    "ReLUs that it takes to write it. Mean pooling is linear and does not help. Of a linear map, "
    "the response to a sum is the sum of the responses. Maxima of two independent Gaussian maps "
    "add up to {gap:.2f} standard deviations more, on average, than the maximum of their sum.",
    formula=Formula(
        r"\max(a, b) = a + \max(b - a, 0), \quad \mathbb{E}\bigl[\max_{i} x_i + \max_{i} y_i - "
        r"\max_{i} (x_i + y_i)\bigr] = (2 - \sqrt{2})\, m",
        "a and b two values, x and y those of two windows, numbered by i, all independent and "
        "standard normal, and m the mean of a window's maximum",
    ),
    prints=("rectifiers", "gap"),
    within=0.005,
    figure="rectifier-and-collapse",
    code=order.additivity,
)
def max_needs_no_rectifier(
    between: Annotated[
        str, Choice(ranges.LINEAR_LAYERS.values, "between two convolutions")
    ] = "mean",
    window: Window = 2,
    kernel: Annotated[int, Choice(ranges.LAYER_KERNELS.values, "side of the kernels")] = 3,
    seed: Seed = 0,
) -> Values:
    """Whether two convolutions and what is between them are additive; what a max is made of."""
    largest = float(laws.max_of_noise(4).mean)
    two, three = (order.max_by_rectifiers(np.arange(n)).rectifiers for n in (4, 9))
    return {
        **_linear(between, window, kernel, seed),
        "gap": _sds((2 - math.sqrt(2)) * largest, "sum of two maxima, less the max of the sum"),
        "rectifiers": count(two, "rectifiers that make the max of 2 × 2"),
        "rectifiers_three": count(three, "rectifiers that make the max of 3 × 3"),
    }


def _convolved(padding: str, window: int, stride: int, seed: int) -> Values:
    noise = smooth_maps(MAPS, 32, seed=seed)
    around = 0 if padding == "none" else window // 2
    pooled = avg_pool2d(noise, window, stride, around, count_include_pad=padding == "counted")
    weights = np.full((1, 1, window, window), 1 / window**2)
    convolved = conv2d(noise[:, None], weights, stride=stride, padding=around)[:, 0]
    apart = order.difference(pooled, convolved).largest
    return {"apart": times(apart, "largest difference, to the root mean square")}


@claim(
    question="Is mean pooling a convolution?",
    examines="springenberg-2015",
    kind=Judged(
        asked={
            "padding": ranges.MEAN_PADDINGS,
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
        },
        margin=lambda v: v["apart"].value < ROUNDED,
        trial=_convolved,
        domain=lambda padding, **_: padding != "left out",
        condition="there is no padding, or its zeros count in the mean, and no window is "
        "incomplete.",
        otherwise="If they do not count, the weights are larger at the border.",
    ),
    says="Mean pooling is a convolution of each channel by itself, with equal weights that are not "
    "trained.",
    statement="Mean pooling over 3 × 3 is a convolution of each channel, whose weights are all "
    "{weight:.1%}, with the stride of the pooling. Where a padding of one is left out of the mean, "
    "they are {corner:.1%} in the corners of the map. A convolution of {channels} channels to as "
    "many has {trained:,} weights to train, and mean pooling has none.",
    answer="Mean pooling is a convolution with fixed, equal weights if it has no padding, or its "
    "padded zeros count: over 3 × 3, each of the nine weights is {weight:.1%}, with the stride of "
    "the pooling. Each channel is convolved by itself, and nothing is trained. If padding is left "
    "out of the mean, as an option of PyTorch does, it is no convolution at the border: in a "
    "corner, where four values of the map are left, their weights are {corner:.1%}.",
    formula=Formula(
        r"y_u = \sum_{v \in W} \frac{1}{k^2}\, x_{s u + v}",
        "x the map, y what is left of it at place u, k the side of the window W, v each of its "
        "places, and s the stride",
    ),
    prints=("weight", "corner"),
    figure="divisor-at-the-border",
    code=order.mean_as_convolution,
    sources=("springenberg-2015",),
)
def mean_pool_is_a_convolution(
    padding: Annotated[str, Choice(ranges.MEAN_PADDINGS.values, "padding of the mean")] = "none",
    window: Window = 2,
    stride: Stride = 2,
    seed: Seed = 0,
) -> Values:
    """Mean pooling against a convolution on random maps; the weights that a value has."""
    point, channels = np.zeros((9, 9)), 64
    point[CORNER] = 1
    counted, left_out = (
        float(avg_pool2d(point, 3, 2, 1, count_include_pad=counts)[CORNER])
        for counts in (True, False)
    )
    return {
        **_convolved(padding, window, stride, seed),
        "weight": share(counted, "weight of a value in a mean over 3 × 3"),
        "corner": share(left_out, "its weight in a corner, padding left out"),
        "channels": count(channels, "channels"),
        "trained": count(3 * 3 * channels**2, "of a 3 × 3 convolution of them", "weights"),
    }


# ---- Padding that is data ----


@claim(
    question="Does zero padding after a short clip leave its max over time as it is?",
    examines="T7",
    kind=Judged(
        asked={
            "padded": ranges.FILLED,
            "before": ranges.RECTIFIED,
            "length": ranges.CLIPS,
            "bias": ranges.BIASES,
        },
        # As it is: for all but one filter in a hundred.
        margin=lambda v: 0.01 - v["changed"].value,
        domain=lambda before, length, **_: before == "rectifier" and length >= 10,
        condition="a rectifier stands before the pooling, the clip has ten independent responses "
        "or more, and no filter sees clip and padding at once.",
        otherwise="Without a rectifier, zeros among the features win wherever all responses to "
        "the clip are negative.",
    ),
    says="Zero padding after a clip leaves its max over time as it is, for nearly all filters.",
    statement="If a filter's {places} responses to a clip are independent and normal, "
    "{below} standard deviations below 0 on average, zeros among the features win the max over "
    "time with probability {features:.0%}. Zeros in the input leave the filter's bias there, and "
    "it wins if all responses are below it: with probability {few_input:.1%} of {few} responses, "
    "and {ten_input:.1%} of {ten}. Behind a rectifier no zero wins.",
    answer="Zero padding after a clip changes its max over time for at most {ten_input:.1%} of "
    "the filters if a ReLU stands before the pooling, the clip has ten independent responses or "
    "more, and no filter sees clip and padding at once. Without a ReLU, zeros among the features "
    "win where all responses are negative: with {places} Gaussian responses, {below} standard "
    "deviations below zero on average, in {features:.0%} of the cases. If it is the input that is "
    "padded, the filter's bias stands there, and it seldom beats all responses.",
    formula=Formula(
        r"\mathbb{P}(\text{input}) = 2^{-n}, \quad \mathbb{P}(\text{features}) = \Phi(-b)^n",
        "the padding wins, where n responses to the clip are independent and normal around the "
        "bias b, in their standard deviations, without a rectifier; Φ the normal distribution",
    ),
    prints=("ten_input", "features"),
    figure="padded-tail",
    code=masking.tail_takes_over,
)
def padded_tail_takes_over(
    padded: Filled = "features",
    before: Before = "rectifier",
    length: Annotated[int, Whole(1, 1000, "places of the clip")] = 20,
    bias: Bias = -2.0,
) -> Values:
    """How probable it is that padding wins the max over time."""
    below, places, few, ten = 2, 20, 5, 10
    changed = masking.tail_takes_over(bias, length, padded, rectified=before == "rectifier")
    features = masking.tail_takes_over(-below, places, "features")
    return {
        "changed": probability(changed, "that the padding changes the max"),
        "places": count(places, "responses to the clip"),
        "below": count(below, "below zero, on average", "standard deviations"),
        "features": probability(features, "that zeros among the features win"),
        "few": count(few, "responses to the clip"),
        "few_input": probability(masking.tail_takes_over(0, few), f"that the bias beats {few}"),
        "ten": count(ten, "responses to the clip"),
        "ten_input": probability(masking.tail_takes_over(0, ten), f"that the bias beats {ten}"),
    }


def _mean(bias: float, before: str) -> float:
    """Mean response to a clip: normal values around the bias, rectified or not."""
    return float(bias * normal.cdf(bias) + normal.pdf(bias)) if before == "rectifier" else bias


@claim(
    question="Does zero padding after a short clip lower its mean over time?",
    examines="T7",
    kind=Judged(
        asked={
            "before": ranges.RECTIFIED,
            "bias": ranges.BIASES,
            "real": ranges.CLIP_SHARES,
            "padded": ranges.FILLED,
        },
        margin=lambda v: v["lower"].value,
        domain=lambda before, **_: before == "rectifier",
        condition="a rectifier stands before the pooling, and the zeros are put among its "
        "features, or into an input with mean zero before a single layer.",
        otherwise="Without a rectifier, zeros among the features raise a mean that is negative, "
        "and zeros in the input leave it as it is on average.",
    ),
    says="Zero padding after a short clip lowers its mean over time, on average.",
    statement="If half of the length is padding, zeros among the rectified features leave "
    "{features:.0%} of a clip's mean over time. Zeros in the input leave {input_none:.0%} of it if "
    "the filter has no bias, and {input:.0%} if its bias is {bias_shown:.1f} standard deviations "
    "of a response.",
    answer="Zero padding after a short clip lowers its mean over time if a ReLU stands before the "
    "pooling and the zeros are put among its features: where half of the length is padding, zeros "
    "among the features leave {features:.0%} of the mean. Zeros in the input leave more if the "
    "filter has a positive bias, as it then responds to them: {input:.0%}, if the bias is "
    "{bias_shown:.1f} standard deviations of a Gaussian response. Divide by the clip's own length "
    "instead, and the padding no longer counts.",
    formula=Formula(
        r"\frac{\text{with padding}}{\text{without}} = r + (1 - r) \frac{t}{m}, \quad m = b "
        r"\Phi(b) + \varphi(b)",
        "r the clip's share of the length, m the mean of rectified responses around the bias b, t "
        "the response to padding: none, or b if positive; φ the normal density and Φ its "
        "distribution function",
    ),
    prints=("features", "input"),
    figure="diluted-mean",
    code=masking.diluted_mean,
)
def padding_dilutes_the_mean(
    before: Before = "rectifier",
    bias: Bias = 0.0,
    real: Annotated[float, Number(0, 1, "the clip's share of the length")] = 0.5,
    padded: Filled = "features",
) -> Values:
    """Mean over time with padding and without."""
    tail = 0.0 if padded == "features" else max(bias, 0.0) if before == "rectifier" else bias
    shown = 0.5
    return {
        "lower": _sds((1 - real) * (_mean(bias, before) - tail), "mean without less mean with"),
        "features": share(masking.diluted_mean(0.5, padded="features"), "left, features padded"),
        "input_none": share(masking.diluted_mean(0.5), "left, input padded, no bias"),
        "input": share(masking.diluted_mean(0.5, shown), "left, input padded, with a bias"),
        "bias_shown": _sds(shown, "bias of the filter"),
    }


def _in_two_batches(
    mask: str, pool: str, length: int, longest: int, padded: str, seed: int
) -> Values:
    """Pool a clip over time alone, and in a batch with a longer one."""
    answers = masking.in_batches((length, longest), length, padded, seed=seed)
    kind = "masked" if mask == "mask" else "plain"
    alone, beside = getattr(answers, f"{kind}_{pool}")
    changed = int(np.count_nonzero(alone != beside))
    return {"changed": count(changed, "filters, of 64, whose pooled answer is another")}


@claim(
    question="Does the pooled answer to a clip depend on which clips are in its batch?",
    examines="T7",
    kind=Judged(
        asked={
            "mask": ranges.MASKS,
            "pool": ranges.AGGREGATES,
            "length": ranges.CLIPS,
            "longest": ranges.LONGEST,
            "padded": ranges.FILLED,
        },
        together=lambda length, longest, **_: length < longest,
        margin=lambda v: v["changed"].value,
        trial=_in_two_batches,
        domain=lambda mask, pool, **_: mask == "none" and pool == "mean",
        condition="it is a mean over time, and no mask leaves the padding out.",
        otherwise="A max of rectified responses to many places hardly depends on it. With a mask, "
        "max and mean are the same to the last bit if values are added in their order, and no "
        "feature has seen the padding.",
    ),
    says="The pooled answer to a clip depends on the longest clip in its batch.",
    statement="The mean over time of a clip of {length} places, with zeros among its features, is "
    "{twice:.0%} of its own if the longest clip in the batch has {longer} places, and {four:.0%} "
    "if it has {most}. With a mask it is the same in all batches: of {filters} filters, {masked} "
    "change their max or mean.",
    answer="A clip's mean over time depends on the longest clip in its batch unless a mask leaves "
    "the padding out: filled up with zeros, {length} features keep {twice:.0%} of their mean "
    "beside a clip of {longer}, and {four:.0%} beside one of {most}. With a mask, the mean adds "
    "up the clip's own values and divides by their number, and the max looks at nothing else, so "
    "neither depends on the batch, if no layer before has looked at the padding.",
    formula=Formula(
        r"\frac{1}{T} \sum_{t=1}^{T} x_t = \frac{n}{T} \cdot \frac{1}{n} \sum_{t=1}^{n} x_t "
        r"\quad \text{if } x_t = 0 \text{ for } t > n",
        "x the features of a clip at place t, n its own length, and T that of the longest clip in "
        "the batch",
    ),
    prints=("twice", "four"),
    figure="diluted-mean",
    code=masking.in_batches,
)
def batch_mates_change_the_answer(
    mask: Annotated[str, Choice(ranges.MASKS.values, "whether there is a mask")] = "none",
    pool: Pool = "mean",
    length: Annotated[int, Whole(1, 1000, "places of the clip")] = 20,
    longest: Annotated[int, Whole(21, 2000, "places of the longest clip")] = 40,
    padded: Filled = "features",
    seed: Seed = 0,
) -> Values:
    """One clip's pooled answers in batches with longer and longer clips."""
    short, longer, most = 20, 40, 80
    answers = masking.in_batches((short, longer, most), short, "features", seed=seed)
    masked = [np.ptp(each, axis=0) > 0 for each in (answers.masked_max, answers.masked_mean)]
    return {
        **_in_two_batches(mask, pool, length, longest, padded, seed),
        "length": count(short, "of the clip", "places"),
        "longer": count(longer, "of the longest clip in one batch", "places"),
        "most": count(most, "of the longest clip in another", "places"),
        "twice": share(masking.diluted_mean(short / longer, padded="features"), "of the mean"),
        "four": share(masking.diluted_mean(short / most, padded="features"), "of the mean"),
        "filters": count(masked[0].size, "filters"),
        "masked": count(int((masked[0] | masked[1]).sum()), "that change, with a mask"),
    }


# ---- Numbers that are none, and numbers of few digits ----


def _spoiled(layers: int, kernel: int, window: int, stride: int) -> float:
    """Side of the picture for which one NaN makes the outputs NaN, at most, in pixels."""
    return float(numerics.nan_patch(layers, kernel, window, stride).most * stride**layers)


@claim(
    question="Does pooling keep a NaN from spreading?",
    examines="T3",
    kind=Judged(
        asked={
            "layers": ranges.DEPTHS,
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "kernel": ranges.KERNELS,
        },
        # It keeps it if a smaller part of the picture is spoiled than without pooling.
        margin=lambda v: v["without"].value - v["spoiled"].value,
    ),
    says="Pooling keeps a NaN from spreading over the map.",
    statement="In a map of {side} × {side} values, one NaN spoils up to {patch} × {patch} of the "
    "{left} × {left} values that {layers_shown} pairs of a 3 × 3 convolution and 2 × 2 pooling "
    "leave: {pooled:.0%}. Without the pooling it spoils {plain_patch} × {plain_patch} of "
    "{side} × {side}, {plain:.2%}. Max and mean are alike, where NaN wins a comparison, as in "
    "NumPy and PyTorch; and a rectifier lets it pass.",
    answer="Pooling does not keep a NaN from spreading: after {layers_shown} pairs of a 3 × 3 "
    "convolution and max pooling, one NaN has spoiled up to {pooled:.0%} of the map, against "
    "{plain:.2%} without the pooling. The map had {side} values a side, and pooling by 2 × 2 left "
    "{left}. In NumPy and PyTorch a NaN wins each window that it is in, and a ReLU lets it pass. "
    "Behind a pooling, each value sees more of the picture, and so a larger share of them sees the "
    "NaN.",
    formula=Formula(
        r"\text{side} = \left\lceil \frac{R}{s^n} \right\rceil, \quad R = 1 + (k + w - 2) "
        r"\sum_{i=0}^{n-1} s^i",
        "the side of the patch that one NaN spoils at most, n pairs of a convolution of k × k and "
        "a pooling of w × w with stride s, R what an output sees, and i each pair",
    ),
    prints=("pooled", "plain"),
    figure="nan-spreads",
    code=numerics.nan_patch,
)
def nan_spreads(
    layers: Annotated[int, Whole(1, 8, "pairs of a convolution and a pooling")] = 5,
    window: Window = 2,
    stride: Stride = 2,
    kernel: Annotated[int, Whole(1, 11, "side of the kernels")] = 3,
) -> Values:
    """What one NaN spoils, with poolings behind the convolutions and without."""
    side, shown = 224, 5
    left = side // 2**shown
    patch, plain = (numerics.nan_patch(shown, 3, step, step).most for step in (2, 1))
    return {
        "spoiled": Value(_spoiled(layers, kernel, window, stride), "pixels", "side, with pooling"),
        "without": Value(_spoiled(layers, kernel, 1, 1), "pixels", "side, without pooling"),
        "side": count(side, "side of the map"),
        "layers_shown": count(shown, "convolutions"),
        "left": count(left, "side of what the poolings leave"),
        "patch": count(patch, "side of the patch that is NaN, with pooling, at most"),
        "plain_patch": count(plain, "side of the patch that is NaN, without"),
        "pooled": share((patch / left) ** 2, "of the pooled map that is NaN, at most"),
        "plain": share((plain / side) ** 2, "of the map that is NaN, without pooling"),
    }


def _whole(pool: str, window: int, rounding: str, steps: float, seed: int) -> Values:
    found = numerics.int8_pooling(window, rounding, steps=steps, maps=MAPS, size=32, seed=seed)
    differ = found.max_differ.value if pool == "max" else 1 - found.mean_same.value
    return {"differ": share(differ, "of the pooled values, by pooling int8")}


@claim(
    question="Does pooling int8 values give what pooling the floats and then rounding gives?",
    examines="T7",
    kind=Judged(
        asked={
            "pool": ranges.AGGREGATES,
            "window": ranges.WINDOWS,
            "rounding": ranges.ROUNDED_TO,
            "steps": ranges.INT8_STEPS,
        },
        margin=lambda v: v["differ"].value == 0,
        trial=_whole,
        domain=lambda pool, **_: pool == "max",
        condition="it takes the max, and both have the same steps.",
        otherwise="A mean is rounded a second time, and comes out different in some windows.",
        tries=250,
    ),
    says="Pooling int8 values gives exactly what pooling the floats and then rounding gives.",
    statement="Of values that spread over many steps of int8, {differ_max:.0%} of the 2 × 2 "
    "maxima differ from the rounded maximum of the floats, and {rounded:.1%} of the rounded means "
    "from the rounded mean of the floats; over 3 × 3 it is {rounded_three:.1%} of the means. If "
    "the mean is truncated instead, {truncated:.1%} of those over 2 × 2 differ.",
    answer="Pooling int8 values gives what pooling the floats and then rounding gives if it takes "
    "the max; of 2 × 2 means, {rounded:.1%} come out different. Rounding keeps the order of "
    "values, so the rounded maximum is the maximum of the rounded values. A mean of rounded values "
    "has to be rounded again, and the first rounding errors are still in it. If the division "
    "truncates, {truncated:.1%} of the means differ (both shares are for independent values that "
    "spread over many steps).",
    formula=Formula(
        r"\operatorname{round}\bigl(\max_{i} x_i\bigr) = \max_{i} \operatorname{round}(x_i)",
        "x each of the values of a window, in steps of int8, numbered by i",
    ),
    prints=("rounded", "truncated"),
    within=0.002,
    figure="rounded-pools",
    code=numerics.int8_pooling,
)
def int8_max_is_exact(
    pool: Pool = "max",
    window: Window = 2,
    rounding: Annotated[str, Choice(ranges.ROUNDED_TO.values, "rounding")] = "half to even",
    steps: Annotated[float, Number(0.25, 32, "steps in a standard deviation")] = 24,
    seed: Seed = 0,
) -> Values:
    """Pooled int8 against pooled floats, on random maps and by the law."""
    laws_of = {
        "rounded": numerics.int8_mean_same(2),
        "rounded_three": numerics.int8_mean_same(3),
        "truncated": numerics.int8_mean_same(2, "truncation"),
    }
    return {
        **_whole(pool, window, rounding, steps, seed),
        "differ_max": _whole("max", 2, "half to even", 24, seed)["differ"],
        **{
            name: probability(1 - same, f"that the mean differs, {name}")
            for name, same in laws_of.items()
        },
    }


def _sum_of_ones(number: int, dtype: type[np.floating[Any]] = np.float16) -> float:
    """Add ones one after the other, and round each time."""
    return float(np.cumsum(np.ones(number, dtype))[-1])


def _averaged(way: str, side: int, seed: int) -> Values:
    found = numerics.global_mean_error(side**2, way=way, maps=20, seed=seed)
    return {"error": share(found.largest, "relative error of the mean, the largest of 20 maps")}


@claim(
    question="Is the mean of a whole map in float16 right to a thousandth?",
    examines="T7",
    kind=Judged(
        asked={"way": ranges.SUMS, "side": ranges.AVERAGED},
        margin=lambda v: 0.001 - v["error"].value,
        trial=_averaged,
        domain=lambda way, **_: way == "float32",
        condition="the sum is kept in float32.",
        otherwise="Added in pairs in float16, it can be about a thousandth off, as long as the sum "
        "is in its range; one after the other, on a large map, far more.",
    ),
    says="The mean of a whole map of standard normal values, rectified, is right to a thousandth "
    "in float16.",
    statement="Add the ones of a map of {side_shown} × {side_shown} one after the other in "
    "float16, and the sum stops at {stuck:,}: the mean comes out as {mean:.3f}, {missing:.0%} too "
    "low. Of {small_side} × {small_side} ones it is {small:.0f}, as it should be; and with the sum "
    "in float32 that of the large map is {single:.0f}, too.",
    answer="The mean of a whole map in float16 is right to a thousandth if the sum is kept in "
    "float32; added one by one in float16, the mean of a map of {side_shown} × {side_shown} ones "
    "comes out as {mean:.3f}. The sum stops at {stuck:,}: from there on, float16 moves in steps of "
    "two, and adding one changes nothing. NumPy keeps the sum in float32 when it takes the mean of "
    "float16 values. Adding in pairs helps, too, as partial sums stay of like size.",
    formula=Formula(
        r"\operatorname{fl}(2^p + 1) = 2^p \quad \text{for floats of } p \text{ bits}",
        "p the bits of a float's significand, 11 for float16; halves are rounded to even",
    ),
    prints=("stuck", "mean"),
    figure="rounded-pools",
    code=numerics.global_mean_error,
)
def half_precision_mean(
    way: Annotated[str, Choice(ranges.SUMS.values, "how values are added")] = "float32",
    side: Annotated[int, Whole(1, 256, "side of the map")] = 112,
    seed: Seed = 0,
) -> Values:
    """Errors of global means on random maps; sums of ones in float16."""
    large, small = 112, 7
    stuck, few = (_sum_of_ones(n**2) for n in (large, small))
    return {
        **_averaged(way, side, seed),
        "side_shown": count(large, "side of the map"),
        "stuck": count(int(stuck), "sum of its ones, one after the other, in float16"),
        "mean": times(stuck / large**2, "mean of its ones"),
        "missing": share(1 - stuck / large**2, "of the mean that is missing"),
        "small_side": count(small, "side of a late map"),
        "small": times(few / small**2, "mean of its ones"),
        "single": times(_sum_of_ones(large**2, np.float32) / large**2, "the sum in float32"),
    }


# ---- The order of sums ----

REPEATED = 50  # pairs of maps, over which shares are averaged
GRADIENT_SIDE = 32  # of each of them


def _reordered(pool: str, window: int, overlap: int, seed: int) -> Values:
    found = numerics.gradient_order(pool, window, window - overlap, maps=2, seed=seed)
    return {"differ": share(found.share, "gradients that another order of their terms changes")}


def _over_maps(pool: str, seed: int) -> Interval[float]:
    """The share of gradients that the order changes, of 3 × 3 windows with stride 2."""
    each = [_reordered(pool, 3, 1, seed + n)["differ"].value for n in range(REPEATED)]
    return scalar(around(np.mean(each), standard_error(each), student(REPEATED - 1)))


def _of_four_terms(found: Interval[float]) -> Interval[float]:
    """The same share, of the gradients alone that are sums of four terms: no others change."""
    inside = pool_output_size((GRADIENT_SIDE, GRADIENT_SIDE), 3, 2)[0] - 1
    return scalar(Interval(*(np.array(found) * (GRADIENT_SIDE / inside) ** 2)))


@claim(
    question="Is the gradient of a pooling the same in whatever order its terms are added?",
    examines="T7",
    kind=Judged(
        asked={
            "pool": ranges.AGGREGATES,
            "overlap": ranges.OVERLAPS,
            "window": ranges.WINDOWS,
        },
        together=lambda window, overlap, **_: overlap < window,
        margin=lambda v: v["differ"].value == 0,
        trial=_reordered,
        domain=lambda overlap, **_: overlap == 0,
        condition="windows do not overlap.",
        otherwise="Where three windows or more hold a value, its gradient is a sum whose last "
        "bits depend on the order.",
    ),
    says="The gradient of a pooling in float32 is the same to the last bit in whatever order its "
    "terms are added.",
    statement="Windows of 3 × 3 with stride 2 hold a value up to {terms} times. Added in a random "
    "order in float32, {mean_share:.1%} of mean pooling's gradients with {terms} terms differ from "
    "those added row by row ({mean_share.low:.1%} to {mean_share.high:.1%}), and {max_share:.2%} "
    "of all gradients of max pooling on maps of {side} × {side} ({max_share.low:.2%} to "
    "{max_share.high:.2%}). Windows side by side hold each value once, and nothing differs.",
    answer="The gradient of a pooling is the same to the last bit in any order of its terms if "
    "windows do not overlap; in mean pooling over 3 × 3 with stride 2, random orders change "
    "{mean_share:.0%} of sums of {terms} terms. A value has so many where {terms} windows hold "
    "it, and a float sum of three terms or more depends on their order. It is a matter of "
    "rounding, but processors that add what comes first need not repeat a training run to the "
    "last bit.",
    formula=Formula(
        r"\frac{\partial L}{\partial x} = \sum_{w \ni x} g_w a_w, \quad "
        r"\operatorname{fl}(\operatorname{fl}(a + b) + c) \ne "
        r"\operatorname{fl}(a + \operatorname{fl}(b + c))",
        "L the loss, x a value, w each window that holds it, g what comes back to the window, and "
        "a the share of x in it; and floats a, b, c, where fl rounds to a float",
    ),
    prints=("mean_share", "terms"),
    within=0.015,
    figure="gradient-order",
    code=numerics.gradient_order,
)
def overlapping_gradients_repeat(
    pool: Pool = "mean", overlap: Overlap = 0, window: Window = 2, seed: Seed = 0
) -> Values:
    """Gradients added row by row and in a random order."""
    mean_share, max_share = (_over_maps(kind, seed) for kind in ("mean", "max"))
    of_four = "gradients of mean pooling with four terms that the order changes"
    of_all = "gradients of max pooling that the order changes"
    terms = numerics.gradient_order("mean", 3, 2, maps=2).terms
    return {
        **_reordered(pool, window, overlap, seed),
        "mean_share": estimated(share, _of_four_terms(mean_share), of_four, "random maps"),
        "max_share": estimated(share, max_share, of_all, "random maps"),
        "side": count(GRADIENT_SIDE, "side of the maps"),
        "terms": count(terms, "windows that hold one value, at most, 3 × 3 with stride 2"),
    }


CLAIMS = (
    norm_commutes_with_max,
    norm_after_max_in_training,
    dropout_before_max_is_biased,
    blur_before_or_after_rectifier,
    max_needs_no_rectifier,
    mean_pool_is_a_convolution,
    padded_tail_takes_over,
    padding_dilutes_the_mean,
    batch_mates_change_the_answer,
    nan_spreads,
    int8_max_is_exact,
    half_precision_mean,
    overlapping_gradients_repeat,
)
