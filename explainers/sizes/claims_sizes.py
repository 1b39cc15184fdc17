"""How large are maps, what happens at their borders, and to small objects: the claims."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated

import numpy as np

from explainers import ranges
from explainers.checks import Floats
from explainers.claim import Fact, Judged, Value, Values, claim, count, probability, share, times
from explainers.kinds import Choice, Number, Whole
from explainers.operators import (
    adaptive_windows,
    avg_pool2d,
    max_pool2d,
    max_unpool2d,
    pool_output_size,
    same_padding,
)
from explainers.records import Formula
from explainers.sizes import model
from explainers.sizes.model import HALVING, Pool, pooled_sizes

SEGMENTED_SIDE, ORIGINAL_SIDE = 100, 572  # a picture that does not fit; that of the first U-Net
ODD_SIDE, CHAIN_SIDE, CHAIN_DEPTH = 7, 299, 5  # a late map; the picture of Inception
STEM_SIDE, STEM = 112, (3, 2, 1)  # the map of ResNet's pooling; its kernel, stride and padding
UNEVEN, EVEN = 10, (14, 15)  # rows that seven adaptive windows do not share evenly; that they do
CEILED = 6  # rows of which `ceil_mode` makes one window more
FIVES = (5, 5, 5)  # the windows of SPPF
NEAR = 3  # pixels between two objects
OBJECT, STRENGTH, FALSE_ALARM = 2, 3.0, 0.05
SEVERAL = 40  # poolings that are tried before a map is said to bear any number
LITTLE = 1e-6  # a difference of two probabilities that does not matter

Side = Annotated[int, Whole(2, 1024, "side of the map")]
Window = Annotated[int, Whole(2, 16, "side of the window")]
Stride = Annotated[int, Whole(1, 16, "stride")]
Depth = Annotated[int, Whole(1, 5, "poolings of 2 × 2, one after the other")]
Padded = Annotated[str, Choice(ranges.POOL_PADDINGS.values, "padding of the pooling")]
Rounded = Annotated[str, Choice(ranges.ROUNDINGS.values, "how the number of windows is rounded")]
PadCounted = Annotated[str, Choice(ranges.PAD_COUNTED.values, "whether a mean counts the padding")]
Taken = Annotated[str, Choice(ranges.AGGREGATES.values, "what is taken of a window")]


def _fits(side: int, window: int, **_: object) -> bool:
    return window <= side


def _pool(window: int, stride: int, padding: str, rounding: str) -> Pool:
    """The pooling with these settings."""
    return Pool(window, stride, _around(window, padding), 1, rounding == "up")


def _around(window: int, padding: str) -> int:
    """Rows that are added on each side: none, or half a window."""
    return window // 2 if padding == "half" else 0


# ---- Encoders and decoders ----


def _levels_fit(side: int, depth: int, padding: str) -> bool:
    """Whether no pooling of a U-Net, with two convolutions of 3 × 3 before each, meets an odd map.

    Then the way up gives back what each level has, and skip connections fit.
    """
    both = Pool(5 if padding == "none" else 1, stride=1)  # two of 3 × 3 look at 5 × 5
    chain = pooled_sizes(side, [both, HALVING] * depth + [both])
    even = all(size % 2 == 0 for size in chain.sizes[1 : 2 * depth : 2])
    return chain.breaks_at is None and even


@claim(
    question="Why must a U-Net's picture be a multiple of 16?",
    examines="ronneberger-2015",
    kind=Judged(
        asked={
            "padding": ranges.CONVOLUTION_BORDERS,
            "depth": ranges.DEPTHS,
            "side": ranges.SEGMENTED,
        },
        margin=lambda v: v["fits"].value == v["divides"].value,
        domain=lambda padding, **_: padding != "none",
        condition="its convolutions are padded, so that they keep the size.",
        otherwise="Without padding, other sizes fit from three poolings on: the original U-Net "
        "takes {original} × {original}, which is no multiple of {multiple}.",
        tries=2500,
    ),
    says="The levels of a U-Net with n poolings of 2 × 2 fit together exactly where the sides of "
    "its picture are multiples of 2ⁿ.",
    statement="Of {side_shown} rows, {four} poolings of 2 × 2 and as many doublings would give "
    "back {back}: an odd size on the way down loses its last row, and {lost} rows are missing in "
    "the end. The next size that fits is {padded}. Of all sizes from {smallest} to {largest}, "
    "{fitting:.1%} fit {four} poolings and {fitting_five:.1%} fit {five}.",
    answer="A U-Net with {four} poolings of 2 × 2 needs a picture whose sides are multiples of "
    "{multiple} if its convolutions are padded: {side_shown} rows would come back as {back}. Each "
    "pooling drops the last row of an odd map, and doubling on the way up does not bring it back, "
    "so the skip connection of that level has a row too many. Pad the picture to the next "
    "multiple, here {padded}, and crop the result.",
    formula=Formula(
        r"2^n \left\lfloor \frac{H}{2^n} \right\rfloor = H",
        "H rows of the picture, and n poolings of 2 × 2 with as many doublings",
    ),
    prints=("back", "padded"),
    figure="sizes-that-close",
    code=model.closes,
    sources=("ronneberger-2015",),
)
def encoder_decoder_sizes(
    padding: Annotated[
        str, Choice(ranges.CONVOLUTION_BORDERS.values, "padding of the convolutions")
    ] = "zeros",
    depth: Depth = 4,
    side: Side = 96,
) -> Values:
    """Sizes that a U-Net gives back."""
    down = pooled_sizes(SEGMENTED_SIDE, [HALVING] * 4).sizes
    return {
        "fits": count(int(_levels_fit(side, depth, padding)), "1 if all levels fit, else 0"),
        "divides": count(int(side % 2**depth == 0), "1 if 2ⁿ divides the side, else 0"),
        "side_shown": count(SEGMENTED_SIDE, "rows of a picture that does not fit"),
        "four": count(4, "poolings"),
        "five": count(5, "poolings"),
        "multiple": count(2**4, "what the side must be a multiple of, four poolings"),
        "back": count(down[-1] << 4, "rows that come back, four poolings"),
        "lost": count(SEGMENTED_SIDE - (down[-1] << 4), "rows that do not"),
        "padded": count(model.next_size_that_closes(SEGMENTED_SIDE, 4), "the next size that fits"),
        "original": count(ORIGINAL_SIDE, "side of the original U-Net's picture, in pixels"),
        "smallest": count(16, "the smallest side that is looked at, in pixels"),
        "largest": count(512, "the largest"),
        "fitting": share(model.share_that_close(4, 16, 512), "of these sides fit four poolings"),
        "fitting_five": share(model.share_that_close(5, 16, 512), "fit five"),
    }


# ---- Rows that are lost ----


def _reaches_all(
    side: int, window: int, stride: int, padding: str, rounding: str, **_: object
) -> bool:
    """Whether no stride is longer than its window, and the last window reaches the last row."""
    around = _around(window, padding)
    outputs = pool_output_size(side, window, stride, around, ceil_mode=rounding == "up")[0]
    return stride <= window and (outputs - 1) * stride + window - around >= side


@claim(
    question="Does pooling look at every row of the map?",
    examines="pytorch",
    kind=Judged(
        asked={
            "side": ranges.FEATURE_MAPS,
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "padding": ranges.POOL_PADDINGS,
            "rounding": ranges.ROUNDINGS,
        },
        together=_fits,
        margin=lambda v: v["unseen"].value == 0,
        domain=_reaches_all,
        condition="no stride is longer than its window, the last window reaches the last row, "
        "and windows have no gaps (no dilation).",
        otherwise="Without padding, windows of 2 × 2 side by side miss the last row and column of "
        "a map with odd sides, unless incomplete windows count (ceil_mode in PyTorch).",
        tries=1500,
    ),
    says="A pooling looks at every row of its map.",
    statement="Windows of 2 × 2 side by side see {odd_seen} of {odd_side} rows: {odd_lost:.0%} of "
    "the values of a map of {odd_side} × {odd_side} are in no window. With `ceil_mode` none is "
    "left out. One after the other, {chain_depth} such poolings lose the last {chain_lost} of "
    "{chain_side} rows; with windows of 3 × 3 and stride 2, without padding, it is "
    "{chain_overlapping}.",
    answer="Pooling looks at every row and column only if its stride is no longer than its window "
    "and the last window reaches the border: 2 × 2 windows side by side miss {odd_lost:.0%} of a "
    "map of {odd_side} × {odd_side}. They do not see its last row and column. Later poolings that "
    "meet an odd size lose more, since a row then stands for several rows of the picture: of "
    "{chain_side} rows, {chain_depth} poolings lose {chain_lost}. In PyTorch's ceil mode, the "
    "incomplete window counts as well.",
    formula=Formula(
        r"(n - 1)\,s + k - p \ge H \quad \text{and} \quad s \le k",
        "n windows of k rows with stride s and padding p on each side, on a map of H rows",
    ),
    prints=("odd_lost", "chain_lost"),
    figure="chain-of-sizes",
    code=model.lost,
    sources=("pytorch",),
)
def rows_lost(
    side: Side = 224,
    window: Window = 2,
    stride: Stride = 2,
    padding: Padded = "none",
    rounding: Rounded = "down",
) -> Values:
    """Rows in no window, of one pooling and of several."""
    odd = ODD_SIDE - len(model.lost(ODD_SIDE, [HALVING]))
    overlapping = [Pool(3, 2)] * CHAIN_DEPTH
    return {
        "unseen": count(
            len(model.lost(side, [_pool(window, stride, padding, rounding)])), "rows in no window"
        ),
        "odd_side": count(ODD_SIDE, "side of a map with odd sides"),
        "odd_seen": count(odd, "of its rows are in a window"),
        "odd_lost": share(1 - Fraction(odd, ODD_SIDE) ** 2, "of its values are in none"),
        "chain_side": count(CHAIN_SIDE, "rows of the picture"),
        "chain_depth": count(CHAIN_DEPTH, "poolings of 2 × 2, one after the other"),
        "chain_lost": count(
            len(model.lost(CHAIN_SIDE, [HALVING] * CHAIN_DEPTH)), "of its rows that they lose"
        ),
        "chain_overlapping": count(
            len(model.lost(CHAIN_SIDE, overlapping)), "that windows of 3 × 3 with stride 2 lose"
        ),
    }


# ---- How many poolings ----


def _borne(side: int, pool: Pool) -> int:
    """How many such poolings find a window, one after the other; of so many that are tried."""
    chain = pooled_sizes(side, [pool] * SEVERAL)
    return len(chain.sizes) - 1


@claim(
    question="For how many poolings of stride 2 has a map room, before a dimension is negative?",
    examines="T6",
    kind=Judged(
        asked={
            "side": ranges.PICTURES,
            "window": ranges.WINDOWS,
            "padding": ranges.POOL_PADDINGS,
            "rounding": ranges.ROUNDINGS,
        },
        margin=lambda v: v["bears"].value == v["halvings"].value,
        domain=lambda window, padding, rounding, **_: (
            window == 2 and padding == "none" and rounding == "down"
        ),
        condition="windows are 2 × 2 without padding, and incomplete ones do not count.",
        otherwise="Padded, or with incomplete windows counted, it can have room for any number; "
        "of larger windows without padding, for fewer.",
    ),
    says="A map has room for as many poolings of stride 2 as its side can be halved, rounded down.",
    statement="A map of {small} rows has room for {small_bears} poolings of 2 × 2, and one of "
    "{large} rows for {large_bears}: then one row is left, and no window fits any more. Of windows "
    "of 3 × 3 with stride 2 and without padding, {large} rows have room for {large_wide}. A "
    "picture whose {channels} channels come first, read as if they came last, has {channels} rows, "
    "and room for {channels_bear}.",
    answer="Without padding, a map of {large} × {large} has room for {large_bears} poolings of 2 "
    "× 2, since each halves its side, rounded down, until one row is left. A map of {small} × "
    "{small} has room for {small_bears}. After that no window fits, and the error speaks of a "
    "negative dimension size, or of an output that is too small. If it comes sooner, look at the "
    "order of the axes: a picture with its channels first, read as channels last, has three rows.",
    formula=Formula(
        r"n = \left\lfloor \log_2 H \right\rfloor",
        "n poolings of 2 × 2 that find a window in a map of H rows, one after the other",
    ),
    prints=("large_bears", "small_bears"),
    figure="how-many-poolings",
    code=model.most_pools,
    sources=("pytorch",),
)
def pools_a_map_bears(
    side: Side = 224,
    window: Window = 2,
    padding: Padded = "none",
    rounding: Rounded = "down",
) -> Values:
    """How many poolings find a window."""
    bears = _borne(side, _pool(window, 2, padding, rounding))
    return {
        "bears": count(bears, f"poolings that find a window, of {SEVERAL} that are tried"),
        "halvings": count(int(math.log2(side)), "times that the side can be halved"),
        "small": count(32, "rows of a small picture"),
        "small_bears": count(model.most_pools(32), "poolings of 2 × 2 that it bears"),
        "large": count(224, "rows of a larger one"),
        "large_bears": count(model.most_pools(224), "poolings of 2 × 2 that it bears"),
        "large_wide": count(model.most_pools(224, 3, 2), "of 3 × 3 with stride 2"),
        "channels": count(3, "channels of a picture"),
        "channels_bear": count(model.most_pools(3), "poolings that three rows bear"),
    }


# ---- Adaptive pooling ----


def _replacement_rms(side: int, outputs: int) -> float:
    """RMS error of the usual replacement's means in white noise, in its standard deviations."""
    begins, ends = adaptive_windows(side, outputs)
    pool = model.usual_replacement(side, outputs)
    firsts = np.arange(outputs) * pool.step
    lengths, lasts = ends - begins, firsts + pool.kernel_size
    shared = np.minimum(ends, lasts) - np.maximum(begins, firsts)
    # Of two means: the variance of each, less twice what they have in common.
    own, both = (1 / lengths).mean(), (shared / lengths).mean() / pool.kernel_size
    return float(np.sqrt(own**2 + 1 / pool.kernel_size**2 - 2 * both**2))


@claim(
    question="Can adaptive pooling be replaced by an ordinary pooling without padding?",
    examines="pytorch",
    kind=Judged(
        asked={"outputs": ranges.ADAPTED, "side": ranges.FEATURE_MAPS},
        margin=lambda v: v["ordinary"].value == 1,
        domain=lambda outputs, side: side >= outputs and side % outputs <= 1,
        condition="there are as many rows as windows or more, and dealing them out evenly leaves "
        "one row over at most.",
        otherwise="Else windows have two lengths or unequal steps, or begin in the same row.",
    ),
    says="An adaptive pooling is an ordinary one without padding, with one window and one stride.",
    statement="Of {uneven} rows, {windows} adaptive windows take {least} or {largest} each, and "
    "{shared} rows are in two of them: no ordinary pooling does that. Of {even} rows it is one "
    "with windows of {even_window} and stride {even_stride}, of {over} one with windows of "
    "{over_window} and stride {over_stride}. The usual replacement on {uneven} rows, windows of "
    "{usual_window} with stride {usual_stride}, gives means of white noise with an RMS error of "
    "{error:.0%} of its standard deviation.",
    answer="Adaptive pooling can be replaced by an unpadded ordinary one if the rows, no fewer "
    "than the windows, can be dealt out evenly with at most one left over: {even} or {over} rows "
    "for {windows} windows, but not {uneven}. There adaptive windows have {least} or {largest} "
    "rows and overlap unevenly. The usual replacement takes the stride rounded down and a window "
    "long enough to end at the border. It gives as many values, but others: on white "
    "noise, averages are off by {error:.0%} of its standard deviation (RMS).",
    formula=Formula(
        r"\left\lfloor \frac{i\,H}{m} \right\rfloor \le \text{rows of window } i < "
        r"\left\lceil \frac{(i+1)\,H}{m} \right\rceil",
        "H rows, and m windows that are counted by i from zero",
    ),
    prints=("least", "largest", "error"),
    figure="adaptive-windows",
    code=model.adaptive_is_ordinary,
    sources=("pytorch",),
)
def adaptive_is_not_ordinary(
    outputs: Annotated[int, Whole(1, 64, "windows along an axis")] = 7, side: Side = 14
) -> Values:
    """Windows of an adaptive pooling, and the error of what is put in its place."""
    ordinary = model.adaptive_is_ordinary(side, outputs)
    layout = model.adaptive_layout(UNEVEN, 7)
    usual = model.usual_replacement(UNEVEN, 7)
    even, over = (model.usual_replacement(rows, 7) for rows in EVEN)
    return {
        "ordinary": count(int(ordinary is not None), "1 if an ordinary pooling has its windows"),
        "windows": count(7, "windows along an axis"),
        "uneven": count(UNEVEN, "rows that are not shared out evenly"),
        "least": count(layout.least, "rows of its shortest window"),
        "largest": count(layout.largest, "rows of its longest window"),
        "shared": count(layout.shared, "rows in two windows"),
        "even": count(EVEN[0], "rows that are"),
        "even_window": count(even.kernel_size, "rows of a window there"),
        "even_stride": count(even.step, "their stride"),
        "over": count(EVEN[1], "rows of which one is left over"),
        "over_window": count(over.kernel_size, "rows of a window there"),
        "over_stride": count(over.step, "their stride"),
        "usual_window": count(usual.kernel_size, "rows of a window of the usual replacement"),
        "usual_stride": count(usual.step, "its stride"),
        "error": Value(
            _replacement_rms(UNEVEN, 7), "standard deviations", "RMS error of its means, in noise"
        ),
    }


# ---- Borders ----


def _differ(side: int, window: int, stride: int, value: str, counted: str) -> float:
    """Share of the pooled values of white noise that SAME and PyTorch's padding do not share."""
    if counted == "left out":
        return float(model.share_that_differs(side, window, stride, value))
    # A mean that counts the padding is the same where the windows are, and lie inside the map.
    pads = model.same_against_symmetric(side, window, stride)
    divisors = model.divisors(side, window, stride, pads.symmetric)
    same = (divisors[True, False] == divisors[False, False])[: pads.outputs]
    same[pads.differ] = False
    return 1 - float(same.mean()) ** 2


def _valid_differ(side: int, window: int, stride: int) -> float:
    """The same without padding: all or none, as the numbers of values differ or not."""
    tensorflow = math.ceil((side - window + 1) / stride)
    return float(pool_output_size(side, window, stride) != (tensorflow, tensorflow))


def _pads_alike(
    padding: str, value: str, counted: str, window: int, stride: int, side: int
) -> bool:
    begin, end = same_padding(side, window, stride)
    return padding == "valid" or (
        begin == end and (value == "max" or counted == "left out" or end == 0)
    )


@claim(
    question="Do PyTorch and TensorFlow pool alike?",
    examines="tensorflow",
    kind=Judged(
        asked={
            "padding": ranges.KERAS_PADDINGS,
            "value": ranges.AGGREGATES,
            "counted": ranges.PAD_COUNTED,
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "side": ranges.FEATURE_MAPS,
        },
        together=lambda padding, value, counted, window, side, **_: (
            window <= side and (counted == "left out" or (value, padding) == ("mean", "same"))
        ),
        margin=lambda v: v["differ"].value == 0,
        domain=_pads_alike,
        condition="there is no padding, or SAME pads both sides alike and a mean leaves the "
        "padding out (count_include_pad=False in PyTorch).",
        otherwise="Where SAME needs an odd number of rows, it adds the odd one at the end, and "
        "PyTorch's padding adds one row too many at the beginning.",
        tries=2500,
    ),
    says="PyTorch and TensorFlow pool a map to the same values.",
    statement="Without padding they do. For windows of 3 × 3 with stride 2 on {side_shown} rows, "
    "SAME adds {begin} rows before and {end} after, and PyTorch's padding=1 one on each side: "
    "{noise:.1%} of the maxima of white noise differ. Of a map of 4 × 4 that counts from 1 to 16 "
    "the first maximum is {first_tensorflow} with SAME and {first_pytorch} in PyTorch. On an odd "
    "map, of {odd_side} rows, both pad alike; but PyTorch's mean counts the padding by default, "
    "and {odd_mean:.0%} of the means differ.",
    answer="Without padding PyTorch and TensorFlow pool alike, but of an odd padding SAME adds "
    "the odd row at the end: in 3 × 3 max pooling with stride 2, {noise:.0%} of the maxima of "
    "{side_shown} × {side_shown} white noise differ. PyTorch pads both sides. So the first "
    "maximum of a 4 × 4 map that counts from 1 to 16 is {first_pytorch} in PyTorch and "
    "{first_tensorflow} in TensorFlow. If both sides get equally much, the maxima agree, and so "
    "do means if PyTorch is told not to count the padding.",
    formula=Formula(
        r"P = \max\left(\left(\left\lceil \tfrac{H}{s} \right\rceil - 1\right) s + k - H,\ 0\right)"
        r",\quad \left\lfloor \tfrac{P}{2} \right\rfloor \text{ before},\ "
        r"\left\lceil \tfrac{P}{2} \right\rceil \text{ after}",
        "P rows that SAME adds to a map of H rows, for windows of k rows with stride s",
    ),
    prints=("first_pytorch", "first_tensorflow", "noise"),
    figure="same-or-symmetric",
    code=model.same_against_symmetric,
    sources=("tensorflow", "pytorch"),
)
def same_is_not_symmetric(
    padding: Annotated[str, Choice(ranges.KERAS_PADDINGS.values, "padding")] = "valid",
    value: Taken = "max",
    counted: PadCounted = "left out",
    window: Window = 3,
    stride: Stride = 2,
    side: Side = STEM_SIDE,
) -> Values:
    """Pooled values that differ, and the padding."""
    kernel, step, _ = STEM
    plane = np.arange(1.0, 17).reshape(4, 4)
    at_end = np.pad(plane, [same_padding(4, kernel, step)] * 2, constant_values=-np.inf)
    begin, end = same_padding(STEM_SIDE, kernel, step)
    differ = (
        _valid_differ(side, window, stride)
        if padding == "valid"
        else _differ(side, window, stride, value, counted)
    )
    return {
        "differ": share(differ, "of the pooled values of white noise differ"),
        "side_shown": count(STEM_SIDE, "rows of the map"),
        "begin": count(begin, "rows that SAME adds before"),
        "end": count(end, "rows that it adds after"),
        "noise": share(_differ(STEM_SIDE, kernel, step, "max", "left out"), "of its maxima differ"),
        "first_pytorch": count(int(max_pool2d(plane, *STEM)[0, 0]), "first maximum in PyTorch"),
        "first_tensorflow": count(int(max_pool2d(at_end, kernel, step)[0, 0]), "with SAME"),
        "odd_side": count(ODD_SIDE, "rows of an odd map"),
        "odd_mean": share(
            _differ(ODD_SIDE, kernel, step, "mean", "counted"),
            "of its means differ, PyTorch's with the padding",
        ),
    }


@claim(
    question="Does average pooling divide by the whole window at the border?",
    examines="pytorch",
    kind=Judged(
        asked={
            "counted": ranges.PAD_COUNTED,
            "rounding": ranges.ROUNDINGS,
            "padding": ranges.POOL_PADDINGS,
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "side": ranges.FEATURE_MAPS,
        },
        together=_fits,
        margin=lambda v: v["smallest"].value == v["whole"].value,
        domain=lambda counted, rounding, **_: counted == "counted" and rounding == "down",
        condition="the padding counts (count_include_pad, PyTorch's default) and the number of "
        "windows is rounded down.",
        otherwise="TensorFlow does not count the padding. What a last window has beyond the "
        "padding, with ceil_mode, PyTorch does not count either.",
    ),
    says="An average pooling divides by the number of places in its window, at the border too.",
    statement="On a map of ones, windows of 3 × 3 with stride 2 and padding 1 give {corner:.0%} "
    "in the first corner and {edge:.0%} along the first row in PyTorch, as the padding counts by "
    "default; if it does not, and in TensorFlow, they give {corner_out:.0%} everywhere. With "
    "`ceil_mode`, a map of {ceiled} rows has one window more along each axis: the last corner has "
    "{ceiled_inside} value in it, which PyTorch divides by {ceiled_divisor}.",
    answer="Where the padding counts, as by default in PyTorch, average pooling divides by all "
    "places of a 3 × 3 window even in the corner: with padding 1, a map of ones has {corner:.0%} "
    "there, and {edge:.0%} along the first row. So padded zeros darken the border. In "
    "TensorFlow, and in PyTorch if it is told not to count them, the mean is of the values that "
    "are really there. In PyTorch's ceil mode, what a window has beyond the padding is not counted "
    "either.",
    formula=Formula(
        r"\text{corner} = \left(\frac{k-p}{k}\right)^2,\qquad \text{edge} = \frac{k-p}{k}",
        "windows of k × k that reach into a padding of p rows; a map of ones, the padding counted",
    ),
    prints=("corner", "edge"),
    figure="divisor-at-the-border",
    code=model.divisors,
    sources=("pytorch", "tensorflow"),
)
def divisor_counts_padding(
    counted: PadCounted = "counted",
    rounding: Rounded = "down",
    padding: Padded = "half",
    window: Window = 3,
    stride: Stride = 2,
    side: Side = STEM_SIDE,
) -> Values:
    """What a mean is divided by, in the worst corner, and what becomes of ones."""
    table = model.divisors(side, window, stride, _around(window, padding))
    divisor = table[counted == "counted", rounding == "up"]
    ones = np.ones((STEM_SIDE, STEM_SIDE))
    with_padding = avg_pool2d(ones, *STEM)
    without = avg_pool2d(ones, *STEM, count_include_pad=False)
    ceiled = model.divisors(CEILED, *STEM)
    return {
        "smallest": count(int(divisor.min()) ** 2, "the least that a sum is divided by"),
        "whole": count(window**2, "places in a window"),
        "corner": share(with_padding[0, 0], "of a one is left in the corner, padding counted"),
        "edge": share(with_padding[0, 1], "of a one is left along the edge"),
        "corner_out": share(without[0, 0], "in the corner, padding not counted"),
        "ceiled": count(CEILED, "rows of a map with an incomplete window"),
        "ceiled_inside": count(int(ceiled[False, True][-1]) ** 2, "values in its last window"),
        "ceiled_divisor": count(int(ceiled[True, True][-1]) ** 2, "what their sum is divided by"),
    }


# ---- Unpooling ----


def _unpooled(side: int, pool: Pool, told: str) -> int:
    """Rows that unpooling gives back, of a map of ones."""
    sizes = (pool.kernel_size, pool.step, pool.padding)
    ones = np.ones((side, side))
    pooled, places = max_pool2d(ones, *sizes, ceil_mode=pool.ceil_mode, return_indices=True)
    # All of them are put in the first place, which is in a map of any size.
    back = max_unpool2d(pooled, 0 * places, *sizes, (side, side) if told == "told" else None)
    return len(back)


def _displaced() -> Fraction:
    """Share of the places that windows see in an odd map that another width displaces."""
    seen = ODD_SIDE - 1
    row, column = np.indices((seen, seen))
    index = row * ODD_SIDE + column  # counts along the rows of the map that was pooled
    stays = (index // seen == row) & (index % seen == column)
    return Fraction(int((~stays).sum()), seen**2)


@claim(
    question="Does max unpooling give back the size of the map?",
    examines="pytorch",
    kind=Judged(
        asked={
            "told": ranges.TOLD,
            "rounding": ranges.ROUNDINGS,
            "padding": ranges.POOL_PADDINGS,
            "window": ranges.WINDOWS,
            "stride": ranges.STRIDES,
            "side": ranges.FEATURE_MAPS,
        },
        together=_fits,
        margin=lambda v: v["back"].value == v["side"].value,
        domain=lambda told, padding, window, stride, side, **_: (
            told == "told" or (side + 2 * _around(window, padding) - window) % stride == 0
        ),
        condition="it is told that size (output_size in PyTorch), or the last window ends where "
        "the padded map ends.",
    ),
    says="Max unpooling gives back the size of the map that was pooled.",
    statement="Maps of {odd_side} × {odd_side} and of {odd_back} × {odd_back} have equally large "
    "images under 2 × 2 pooling; not told which it was, unpooling makes {odd_back} × {odd_back}. "
    "The places are counted along the rows of the map that was pooled: at the other width "
    "{displaced:.0%} of them are elsewhere, or outside. At the right size {kept:.0%} of the values "
    "of a map without equal values are back, and the others are 0.",
    answer="Max unpooling gives back the size of the map only if it is told that size or no row "
    "was left over: it makes {odd_back} × {odd_back} of what was {odd_side} × {odd_side}, pooled "
    "by 2 × 2. Both sizes pool to the same one. Worse, the stored indices count along the rows of "
    "the old width, so that {displaced:.0%} of them now name another place, or none. Even at the "
    "right size only one value per window is back, {kept:.0%} of them; the rest are zeros.",
    formula=Formula(
        r"H' = (n - 1)\,s + k - 2p",
        "H′ rows that come back of n pooled rows, with windows of k rows, stride s and padding p",
    ),
    prints=("odd_back", "displaced", "kept"),
    figure="unpooled",
    code=max_unpool2d,
    sources=("pytorch",),
)
def unpooling_is_ambiguous(
    told: Annotated[str, Choice(ranges.TOLD.values, "whether it is told the size")] = "not told",
    rounding: Rounded = "down",
    padding: Padded = "none",
    window: Window = 2,
    stride: Stride = 2,
    side: Side = 14,
) -> Values:
    """Sizes that come back, places that do, and values."""
    plane = np.arange(1.0, 197).reshape(14, 14)
    pooled, places = max_pool2d(plane, 2, return_indices=True)
    back = max_unpool2d(pooled, places, 2)
    return {
        "back": count(_unpooled(side, _pool(window, stride, padding, rounding), told), "rows back"),
        "side": count(side, "rows of the map"),
        "odd_side": count(ODD_SIDE, "rows of an odd map"),
        "odd_back": count(_unpooled(ODD_SIDE, HALVING, "not told"), "rows that come back of it"),
        "displaced": share(_displaced(), "of its places are others at that width"),
        "kept": share((back == plane).mean(), "of the values are back, at the right size"),
    }


# ---- Several poolings, one window ----


def _weights(side: int, pool: Pool) -> Floats:
    """How often each window sees each row."""
    seen = np.zeros((pool.on(side).windows, side))
    for windows, rows in pool.on(side).taps():
        seen[windows, rows] += np.eye(len(range(side)[rows]))
    return seen


def _is_one(value: str, window: int, number: int, stride: int, padding: str, side: int) -> bool:
    """Whether equal poolings weigh the rows as one does; of a max it only matters which they are.

    A mean counts the padding, as by default in PyTorch.
    """
    pool = _pool(window, stride, padding, "down")
    steps = sum(stride**i for i in range(number))
    whole, around = 1 + (window - 1) * steps, pool.padding * steps
    if around > whole // 2:
        return False  # no pooling is padded so
    stacked = np.eye(side)
    for _ in range(number):
        stacked = _weights(len(stacked), pool) @ stacked
    single = _weights(side, Pool(whole, stride**number, around))
    if stacked.shape != single.shape:
        return False
    if value == "max":
        return bool(np.array_equal(stacked > 0, single > 0))
    return bool(np.array_equal(stacked * whole, single * window**number))


def _one_finds_a_window(window: int, number: int, stride: int, side: int, **_: object) -> bool:
    steps: int = sum(stride**i for i in range(number))
    return 1 + (window - 1) * steps <= side


@claim(
    question="Are several small poolings the same as one large pooling?",
    examines="yolov5",
    kind=Judged(
        asked={
            "window": ranges.WINDOWS,
            "number": ranges.STACKED,
            "stride": ranges.STRIDES,
            "padding": ranges.POOL_PADDINGS,
            "value": ranges.AGGREGATES,
            "side": ranges.FEATURE_MAPS,
        },
        together=_one_finds_a_window,
        margin=lambda v: v["same"].value == 1,
        domain=lambda value, window, stride, padding, **_: (
            value == "max"
            and stride <= window
            and (padding == "none" or (stride == 1 and window % 2 == 1))
        ),
        condition="they take the max, no stride is longer than its window, and any padding is half "
        "of an odd window at a stride of 1.",
        otherwise="Means do not weigh all rows alike, unless no window overlaps another.",
        tries=2500,
    ),
    says="Several equal poolings, one after the other, are one pooling with a larger window.",
    statement="Max poolings of {five} × {five} with stride 1, padded to keep the size, are after "
    "two one of {second} × {second}, and after three one of {third} × {third}, to the last bit. "
    "To hand on all three maps takes {stacked} comparisons a value one after the other, and "
    "{direct} with each from the map itself: {saved:.0%} are saved. If rows and columns are "
    "searched apart, it is {stacked_apart} and {direct_apart}. Two means of {five} values weigh "
    "the middle row {middle:.0f} times as much as the outermost.",
    answer="Max poolings of stride 1, one after the other, are one with a larger window if each "
    "is padded by half of its odd window: three of {five} × {five} are one of {third} × {third}. "
    "Without padding it is so at larger strides, too, as long as no stride exceeds its window. "
    "SPPF in YOLOv5 gets windows of {five}, {second} and {third} that way, with {stacked} "
    "comparisons a value instead of {direct}. Averages of stride 1 are not one average, since "
    "rows in the middle get more weight.",
    formula=Formula(
        r"K = 1 + \sum_{i=1}^{n} (k - 1)\, s^{i-1}",
        "n max poolings with windows of k rows and stride s, counted by i, which are one with "
        "windows of K rows",
    ),
    prints=("third", "second", "stacked", "direct"),
    figure="stacked-windows",
    code=model.stacked_kernel,
    sources=("yolov5",),
)
def stacked_small_windows(
    window: Window = 5,
    number: Annotated[int, Whole(1, 5, "equal poolings, one after the other")] = 3,
    stride: Annotated[int, Whole(1, 8, "stride")] = 1,
    padding: Padded = "half",
    value: Taken = "max",
    side: Annotated[int, Whole(2, 512, "side of the map")] = 28,
) -> Values:
    """Poolings in a row against one, and what they compare."""
    found, apart = model.comparisons(FIVES), model.comparisons(FIVES, separable=True)
    twice = np.convolve(np.ones(5), np.ones(5))
    one = _is_one(value, window, number, stride, padding, side)
    return {
        "same": count(int(one), "1 if one pooling with a larger window is the same"),
        "five": count(FIVES[0], "rows of each window"),
        "second": count(model.stacked_kernel(FIVES[:2]).kernel_size, "rows that two of them see"),
        "third": count(model.stacked_kernel(FIVES).kernel_size, "rows that three of them see"),
        "stacked": count(found.stacked, "comparisons a value, one after the other"),
        "direct": count(found.direct, "comparisons a value, each from the map itself"),
        "saved": share(found.saved, "of the comparisons are saved"),
        "stacked_apart": count(apart.stacked, "if rows and columns are searched apart"),
        "direct_apart": count(apart.direct, "the same, each from the map itself"),
        "middle": times(twice.max() / twice[0], "weight of the middle row, two means"),
    }


# ---- Small objects ----


def _merged(depth: int, apart: int, across: int = 0) -> Fraction:
    """Share of the places at which two pixels are in one window along both axes."""
    other = model.merges(across, depth).merged if across else 1
    return model.merges(apart, depth).merged * other


@claim(
    question="Do poolings of 2 × 2 merge objects that are near each other?",
    examines="T7",
    kind=Judged(
        asked={"apart": ranges.MOVES, "depth": ranges.DEPTHS, "across": ranges.MOVES_ACROSS},
        margin=lambda v: v["merged"].value == 0,
        domain=lambda apart, depth, across: max(apart, across) >= 2**depth,
        condition="along one axis or the other they are 2ⁿ pixels apart or more, n being the "
        "number of poolings.",
        otherwise="Nearer ones have one value in common at some of their places.",
    ),
    says="Two objects of one pixel stay two values through max poolings of 2 × 2.",
    statement="Two pixels that are {near} apart along one axis are one value in {two:.0%} of their "
    "places after two poolings, in {three:.1%} after three and in {five:.1%} after five; if they "
    "are {far} apart, in {far_two:.0%} after two. Every second value merges none, but after two "
    "such steps it shows both pixels in {kept:.2%} of their places at most.",
    answer="Two objects of one pixel merge in 2 × 2 max poolings unless they are 2ⁿ pixels or more "
    "apart along one axis: at {near} pixels, {two:.0%} of pairs are one value after two poolings. "
    "After three poolings it is {three:.1%}, depending on where the pair lies. In that channel, "
    "nothing that comes later can tell such a pair from a single one. Keeping every second value "
    "instead merges none, but after two of these steps it shows both in {kept:.2%} of places at "
    "most.",
    formula=Formula(
        r"\mathbb{P}(\text{one value}) = \frac{\max(0, K - d)}{K},\qquad K = 2^n",
        "n poolings of 2 × 2, which together have windows of K pixels, and two pixels that are d "
        "apart along one axis",
    ),
    prints=("two", "three", "kept"),
    figure="near-objects",
    code=model.merges,
    sources=("thread",),
)
def near_objects_merge(
    apart: Annotated[int, Whole(1, 64, "pixels from one to the other along an axis")] = 4,
    depth: Depth = 2,
    across: Annotated[int, Whole(0, 64, "pixels along the other axis")] = 0,
) -> Values:
    """Shares of the places at which two pixels are one value."""
    return {
        "merged": share(_merged(depth, apart, across), "of the places have one value for both"),
        "near": count(NEAR, "apart", "pixels"),
        "two": share(_merged(2, NEAR), "of the places, after two poolings"),
        "three": share(_merged(3, NEAR), "of the places, after three"),
        "five": share(_merged(5, NEAR), "of the places, after five"),
        "far": count(NEAR + 1, "apart", "pixels"),
        "far_two": share(_merged(2, NEAR + 1), "of the places, after two poolings"),
        "kept": share(
            model.merges(NEAR + 1, 2, "subsample").both, "of the places show both, every second"
        ),
    }


def _hit(depth: int, value: str, meaning: str) -> Value:
    found = model.hit_rate(OBJECT, depth, value, STRENGTH, FALSE_ALARM)
    return probability(found, meaning)


@claim(
    question="Do small objects fade with each pooling?",
    examines="T7",
    kind=Judged(
        asked={
            "width": ranges.SMALL_OBJECTS,
            "depth": ranges.DEPTHS,
            "value": ranges.TAKEN,
            "where": ranges.LOOKED_AT,
            "strength": ranges.STRENGTHS,
            "false_alarm": ranges.FALSE_ALARMS,
        },
        margin=lambda v: v["before"].value - v["after"].value,
        domain=lambda width, depth, where, **_: 2**depth > 2 * width and where == "value",
        condition="the windows of all poolings together are more than twice as wide as the object, "
        "it is at most four standard deviations high, and each pooled value is tested by itself.",
        otherwise="Poolings that the object is large enough for can make it easier to find. For "
        "the largest value of the whole picture, max pooling changes nothing.",
        least=LITTLE,
    ),
    says="Each further pooling of 2 × 2 makes a small object in white noise harder to find.",
    statement="An object of {size} × {size} pixels, {strength_shown:.0f} standard deviations of "
    "the noise high, is found in one pixel in {none:.1%} of all cases, at {alarms:.0%} false "
    "alarms a value. After two poolings it is found in {max_two:.1%} with the max, in "
    "{mean_two:.1%} with the mean and in {every_two:.1%} with every second value; after four in "
    "{max_four:.1%}, {mean_four:.1%} and {every_four:.1%}.",
    answer="Once the windows of all poolings together are more than twice as wide as an object, "
    "one 2 × 2 pooling more makes it harder to find: after four max poolings, {max_four:.0%} of 2 "
    "× 2 objects in noise are found. They are {strength_shown:.0f} standard deviations high, at "
    "{alarms:.0%} false alarms a value; after two poolings it was {max_two:.0%}. The mean dilutes "
    "them, and finds {mean_four:.0%} after four. Keeping every second value mostly misses them: "
    "it finds {every_four:.1%}, hardly more than the false alarms.",
    formula=Formula(
        r"\mathbb{P}(\text{max finds it}) = 1 - \Phi(t)^{n-m}\, \Phi(t-d)^{m}",
        "Φ the normal distribution function, t the threshold, n pixels in the window of all "
        "poolings, m of which see an object of height d",
    ),
    prints=("max_two", "max_four", "mean_four", "every_four"),
    figure="small-objects",
    code=model.hit_rate,
    sources=("thread",),
)
def small_objects_fade(
    width: Annotated[int, Whole(1, 32, "side of the object, in pixels")] = 2,
    depth: Depth = 4,
    value: Annotated[str, Choice(ranges.TAKEN.values, "what is taken of a window")] = "max",
    where: Annotated[
        str, Choice(ranges.LOOKED_AT.values, "where the object is looked for")
    ] = "value",
    strength: Annotated[float, Number(0.1, 20, "height, in standard deviations")] = STRENGTH,
    false_alarm: Annotated[float, Number(1e-6, 0.5, "share of false alarms")] = FALSE_ALARM,
) -> Values:
    """Hit rates at equal false alarms."""
    before, after = (
        model.hit_rate(width, poolings, value, strength, false_alarm, where)
        for poolings in (depth - 1, depth)
    )
    return {
        "before": probability(before, "it is found with one pooling less"),
        "after": probability(after, "it is found after all poolings"),
        "size": count(OBJECT, "wide and high is the object", "pixels"),
        "strength_shown": Value(STRENGTH, "standard deviations", "its height"),
        "alarms": probability(FALSE_ALARM, "a false alarm"),
        "none": _hit(0, "max", "found without pooling"),
        **{
            f"{short}_{word}": _hit(number, taken, f"found after {word} poolings: {taken}")
            for short, taken in zip(("max", "mean", "every"), ranges.TAKEN.values, strict=True)
            for word, number in (("two", 2), ("four", 4))
        },
    }


@claim(
    question="Why is the first pooling removed for pictures of 32 × 32?",
    examines="he-2016",
    kind=Fact(
        "multiply–accumulates of ResNet-18 for one picture of 32 × 32 and ten classes, its first "
        "convolution being 3 × 3 with stride 1 and its max pooling removed.",
        "With the max pooling alone removed there are fewer: the statement gives both.",
    ),
    says="With a stem for small pictures, the last map of ResNet-18 is more than one value on "
    "pictures of 32 × 32.",
    statement="As designed, ResNet-18 makes {designed:words} multiply–accumulates for a picture "
    "of {picture} × {picture}, and its last map is {last} × {last}. Without its max pooling it "
    "makes {pool_removed:words}, and the map is {last_removed} × {last_removed}; with a first "
    "convolution of 3 × 3 and stride 1 as well, {small:words} and {last_small} × {last_small}: "
    "{ratio:.1f} times as many as designed.",
    answer="On pictures of {picture} × {picture}, ResNet-18 ends in a map of {last_small} × "
    "{last_small} if its max pooling is removed and its first convolution does not stride, "
    "against a single value per channel as designed. The design for ImageNet halves the picture "
    "five times, which leaves a small picture no places to tell apart. The price of that stem, "
    "with a convolution of 3 × 3, is {small:words} multiply–accumulates a picture, {ratio:.0f} "
    "times as many as the {designed:words} before.",
    formula=Formula(
        r"\text{last map} = \left\lceil \frac{H}{2^n} \right\rceil",
        "H rows of the picture and n layers with stride 2: five in a ResNet as designed, three "
        "with the stem for small pictures",
    ),
    prints=("last_small", "small", "designed", "ratio"),
    figure="how-many-poolings",
    code=model.stems,
    sources=("he-2016",),
)
def stem_for_small_pictures(
    picture: Annotated[int, Whole(1, 512, "side of the picture, in pixels")] = 32,
) -> Values:
    """ResNet-18 with three stems."""
    designed, removed, small = model.stems(picture).values()
    works = "multiply–accumulates"
    return {
        "picture": count(picture, "side of the picture", "pixels"),
        "designed": count(designed.macs, "as designed", works),
        "pool_removed": count(removed.macs, "without the max pooling", works),
        "small": count(small.macs, "also with a convolution of 3 × 3 and stride 1 first", works),
        "ratio": times(small.macs / designed.macs, "the last over the first"),
        "last": count(designed.last, "rows of the last map, as designed"),
        "last_removed": count(removed.last, "without the max pooling"),
        "last_small": count(small.last, "also with a convolution of 3 × 3 and stride 1 first"),
    }


# ---- One, two or three axes ----


@claim(
    question="What does pooling keep in one, two and three dimensions?",
    examines="T7",
    kind=Judged(
        asked={
            "axes": ranges.AXES,
            "window": ranges.WINDOWS,
            "overlap": ranges.OVERLAPS,
            "side": ranges.FEATURE_MAPS,
        },
        together=lambda window, overlap, side, **_: window <= side and overlap < window,
        margin=lambda v: v["left"].value == v["law"].value,
        domain=lambda window, overlap, side, **_: overlap == 0 and side % window == 0,
        condition="windows lie side by side and fill the map.",
        otherwise="Rows that are left over lower the share, and windows that overlap raise it.",
    ),
    says="With windows of k values along each of n axes, pooling gives one value for every kⁿ.",
    statement="Windows of 2 along each axis give {one:.0%} as many values in sound, {two:.0%} in "
    "pictures and {three:.1%} in volumes and films. A lone peak that moves by one along every axis "
    "stays in its window with probability {stays_one:.0%}, {stays_two:.0%} and "
    "{stays_three:.1%}. Through a max, {gradient_one:.1%}, {gradient_two:.1%} and "
    "{gradient_three:.1%} of the values before a rectifier receive gradient, if half of them are "
    "clipped.",
    answer="Pooling with windows of 2 along each axis, side by side and without rows left over, "
    "leaves {one:.0%} of the values in sound, {two:.0%} in pictures and {three:.1%} in volumes. "
    "Each axis takes its own factor. A lone peak that moves by one along all three axes stays in "
    "its window in {stays_three:.1%} of its places. So the same window throws more away in films "
    "and scans than in pictures, and leaves a peak less room to move.",
    formula=Formula(
        r"\frac{\text{outputs}}{\text{inputs}} = \frac{1}{k^n}",
        "windows of k values along each of n axes, side by side",
    ),
    prints=("one", "two", "three", "stays_three"),
    figure="three-dimensions",
    code=model.along_axes,
    sources=("thread",),
)
def pooling_in_three_dimensions(
    axes: Annotated[int, Whole(1, 3, "axes of the data")] = 3,
    window: Window = 2,
    overlap: Annotated[int, Whole(0, 6, "values that neighbouring windows share")] = 0,
    side: Side = 56,
) -> Values:
    """What is left along one axis, two and three."""
    outputs = Pool(window, window - overlap).on(side).windows
    found = {
        word: model.along_axes(2, (1,) * number, Fraction(1, 2))
        for number, word in enumerate(("one", "two", "three"), start=1)
    }
    law = model.along_axes(window, (0,) * axes).kept
    return {
        "left": share(Fraction(outputs, side) ** axes, "values that there are afterwards"),
        "law": share(law, "one in every window"),
        **{name: share(axis.kept, f"left, axes: {name}") for name, axis in found.items()},
        **{
            f"stays_{name}": probability(axis.stays, f"a peak stays in its window, axes: {name}")
            for name, axis in found.items()
        },
        **{
            f"gradient_{name}": share(axis.gradient, f"receive gradient, axes: {name}")
            for name, axis in found.items()
        },
    }


CLAIMS = (
    encoder_decoder_sizes,
    rows_lost,
    pools_a_map_bears,
    adaptive_is_not_ordinary,
    same_is_not_symmetric,
    divisor_counts_padding,
    unpooling_is_ambiguous,
    stacked_small_windows,
    near_objects_merge,
    small_objects_fade,
    stem_for_small_pictures,
    pooling_in_three_dimensions,
)
