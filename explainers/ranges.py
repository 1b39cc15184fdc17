"""What people use: the one table of the ranges that questions ask about.

A question covers the whole range of each setting that its words leave free. Nothing here is
narrowed for a claim that would fail: only words in its question may narrow it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Range:
    """The values of one setting that people use.

    Attributes
    ----------
    what
        What is set, in words and with its unit.
    values
        Those that a sweep tries, from end to end: numbers in ascending order, or words.
    between
        Whether any number between the ends is meant; else these values alone.
    """

    what: str
    values: tuple[Any, ...]
    between: bool = False

    def at_random(self, rng: np.random.Generator) -> Any:
        """A value of the range: on a scale of ratios where the ends are that far apart.

        >>> import numpy as np
        >>> WINDOWS.at_random(np.random.default_rng(0)) in WINDOWS.values
        True
        """
        if not self.between:
            return self.values[int(rng.integers(len(self.values)))]
        low, high = float(self.values[0]), float(self.values[-1])
        if low > 0 and high / low > 10:
            return math.exp(rng.uniform(math.log(low), math.log(high)))
        return float(rng.uniform(low, high))


def without(asked: Range, *values: Any) -> Range:
    """A range less what the words of a question exclude."""
    return Range(asked.what, tuple(v for v in asked.values if v not in values), asked.between)


# ---- Windows, strides and maps ----

WINDOWS = Range("side of the window, in values", (2, 3, 4, 5, 8))
STRIDES = Range("stride, in values", (1, 2, 3, 4))
DEPTHS = Range("poolings of stride 2, one after the other", (1, 2, 3, 4, 5))
MOVES = Range("move along one axis, in pixels", (1, 2, 3, 4, 5, 6, 7, 8))
MOVES_ACROSS = Range("move along the other axis, in pixels", (0, 1, 2, 3, 4))
MAP_SIDES = Range("side of a random map, in values", (8, 16, 32, 64, 128))
SMOOTHNESS = Range("correlation length of the map, in pixels", (0, 1, 2, 4, 8))
ZEROS = Range("share of zeros in the map", (0.0, 0.25, 0.5, 0.75, 0.9), between=True)
KERNELS = Range("side of a convolution's kernel", (1, 3, 5, 7, 11))
BLURS = Range("taps of the blur", (3, 5, 7))
PLACES = Range("place of the peak along the axis, in pixels", (0, 1, 2, 3, 4, 5, 6, 7))
STAGES = Range("poolings of stride 2 before the global one", (0, 1, 2, 3, 4, 5))
BORDERS = Range("border of the picture", ("circular", "zeros"))
AGGREGATES = Range("what is taken of a window", ("max", "mean"))
WHOLE_OR_PARTS = Range("moves of the pooled map that are tried", ("whole", "parts"))
BETWEEN = Range("what lies between two poolings", ("nothing", "convolutions"))

# ---- Detectors and noise ----

# The units of windows of 2 × 2, 3 × 3, 4 × 4, 5 × 5 and 7 × 7.
UNITS = Range("detectors in the window", (4, 9, 16, 25, 49))
SEEN = Range("detectors that see the petal", (1, 2, 3, 4, 9, 16, 25, 49))
HITS = Range(
    "probability that a detector fires on a petal", (0.3, 0.5, 0.8, 0.9, 0.99), between=True
)
FALSE_ALARMS = Range("probability of a false alarm", (0.001, 0.01, 0.05, 0.1, 0.2), between=True)
STRENGTHS = Range(
    "d′: strength of the petal, in standard deviations of the noise",
    (0.25, 0.5, 1.0, 2.0, 3.0, 4.0),
    between=True,
)
CORRELATIONS = Range("correlation of two detectors' noise", (0.0, 0.3, 0.7, 0.9), between=True)
NOISES = Range("what the noise is on: the pixels, or each detector by itself", ("photo", "map"))
PHOTO_NOISE = Range(
    "noise, in units of the white level or of the correlation", (0.05, 0.1, 0.2, 0.3, 0.5)
)
PHOTO_WINDOWS = Range("side of the window on the photograph's map", (2, 3, 4))
COUNTED = Range(
    "which petals are counted, by thresholds of equal firing or by one for all",
    ("found before", "all petals", "one threshold"),
)
DISPLACEMENTS = Range("pixels between the petal and where the detector looks", (0, 1, 2, 3))

# ---- What is left of a window ----

# From the pictures and maps of LeNet-5, AlexNet, VGG and ResNet, odd sides and even ones.
FEATURE_MAPS = Range(
    "side of the map of a pooling layer, in values", (7, 13, 14, 27, 28, 55, 56, 112, 224)
)
OVERLAPS = Range("values that neighbouring windows share along an axis", (0, 1, 2))
LEVELS = Range("levels that a value can have", (2, 16, 256))
FEATURE_PLACES = Range("place of the first feature in its window", (0, 1, 2, 3, 4, 5, 6, 7))
COMPARED = Range(
    "what stays the same when windows overlap: the stride, or the window", ("stride", "window")
)
CHANNELS = Range("channels that two features have: the same, or one each", (1, 2))
PRECISIONS = Range("how a mean is kept: exactly, or rounded like the values", ("exact", "rounded"))
GREY_LEVELS = Range(
    "how the values of a window are distributed", ("uniform", "normal", "exponential", "sparse")
)
REBUILT = Range(
    "picture that is rebuilt: a channel of the photograph, its luminance, or a white page with "
    "fine dark dots",
    ("blue", "green", "red", "luminance", "dots"),
)
DECODERS = Range(
    "how it is rebuilt: copied over the window, with its mean brightness corrected, or by the "
    "best linear filter of 3 × 3 pooled values",
    ("copied", "corrected", "fitted"),
)
ERRORS = Range("error: root mean square, or mean absolute", ("rms", "absolute"))
FEATURE_WIDTHS = Range(
    "σ of the feature, in pixels (0: a single pixel)", (0, 0.25, 0.5, 1, 1.5, 2, 3, 4)
)
FEATURE_NOISE = Range("noise, as a share of the feature's height", (0.02, 0.1, 0.2))
FEATURE_SPREADS = Range("how far the feature's height may be from 1", (0, 0.5))
CELLS = Range("neighbouring pooled values that are read, along each axis", (1, 3, 5))
CONVOLUTION_BORDERS = Range("padding of the convolutions", ("zeros", "none", "wrap"))
CONVOLUTIONS_BEFORE = Range("convolutions before the pooling", (1, 2, 4))
LEAKS = Range("slope of the rectifier below zero", (0, 0.01, 0.1, 0.2))
ACTIVATIONS = Range(
    "activation",
    (
        "relu", "leaky relu", "relu6", "elu", "softplus", "tanh", "sigmoid",
        "gelu", "silu", "mish", "hardswish",
    ),
)  # fmt: skip
PADDERS = Range(
    "what pads: the pooling itself, or a layer of zeros before it", ("pooling", "layer")
)
PADDED_MAPS = Range(
    "values of the map: all negative, noise of both signs, or rectified noise",
    ("negative", "noise", "rectified"),
)

# ---- Sizes and borders ----

# Of pictures that are segmented: multiples of powers of 2, others, and the 572 of the first U-Net.
SEGMENTED = Range(
    "side of the picture, in pixels",
    (
        16, 28, 32, 48, 64, 96, 100, 112, 128, 150, 188, 200, 224, 225, 250, 256, 299, 300, 320,
        388, 400, 500, 512, 572,
    ),
)  # fmt: skip
POOL_PADDINGS = Range("padding of the pooling: none, or half a window", ("none", "half"))
ROUNDINGS = Range(
    "how the number of windows is rounded: down, or up as with ceil_mode", ("down", "up")
)
ADAPTED = Range("windows of an adaptive pooling, along an axis", (1, 2, 3, 4, 5, 6, 7, 8, 14, 16))
KERAS_PADDINGS = Range("padding, by the name that Keras gives it", ("valid", "same"))
PAD_COUNTED = Range(
    "whether a mean counts the padding, as it does by default in PyTorch", ("counted", "left out")
)
TOLD = Range("whether the unpooling is told the size of the map", ("told", "not told"))
STACKED = Range("equal poolings, one after the other", (2, 3, 4))
SMALL_OBJECTS = Range("side of a small object, in pixels", (1, 2, 3, 4, 6, 8))
TAKEN = Range(
    "what is taken of a window: its max, its mean or its first value", ("max", "mean", "subsample")
)
LOOKED_AT = Range(
    "where the object is looked for: in one pooled value, or in the largest of all",
    ("value", "picture"),
)
AXES = Range("axes of the data: one in sound, two in pictures, three in films", (1, 2, 3))

# ---- Networks ----

NETWORKS = Range(
    "network",
    (
        "lenet5", "alexnet2012", "alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "resnet18",
        "resnet34", "resnet50", "resnet101", "resnet50_2015", "resnet101_2015",
    ),
)  # fmt: skip
# 32 as in CIFAR-10 and for LeNet-5, 96 as in STL-10; 299 leaves maps of odd sides.
PICTURES = Range("side of the picture, in pixels", (32, 64, 96, 128, 224, 299, 320, 512))
WIDTHS = Range("channels", (16, 64, 256, 512))
LAYER_SIDES = Range("side of a layer's map, in values", (7, 14, 28, 56, 75, 112, 224))
EARLY = Range("which part of the layers is called early", ("quarter", "third", "half"))
BUDGETS = Range("layers that the budget pays without pooling", (5, 10, 20, 50, 100))
POOL_EVERY = Range("layers before each pooling", (1, 2, 3, 4))
WIDENED = Range("times the channels behind each pooling", (1, 2))
CONVOLUTIONS = Range("convolutions before each pooling", (0, 1, 2, 3, 4))
COUNTERS = Range("counter", ("torch", "fvcore", "torchinfo", "thop", "ptflops"))
COUNT_RATIOS = Range(
    "times as many multiplications as the other", (1.05, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 100.0)
)

# ---- Flowers of parts ----

JITTERS = Range("how far each part may lie from its place, in pixels", (0, 1, 2))
SCENE_NOISE = Range("noise on each value of the scene", (0.1, 0.2, 0.3))
FLOWER_MAPS = Range("side of the map that the flower is on, in places", (8, 16, 32, 64))
FLOWER_WINDOWS = Range(
    "side of the window, in places; windows side by side cover the map", (2, 4, 8, 16, 32)
)
PETALS = Range("petals on the ring", (4, 8, 12))
PART_CHANNELS = Range("each petal has a channel of its own, or all share one", ("own", "shared"))
SCRAMBLES = Range("where each part is put: inside its window, or anywhere", ("inside", "anywhere"))
EXCHANGES = Range("how many petals change places: two, or all", ("swapped", "permuted"))
ORDERS = Range("whether the detector looks after the global pool or before it", ("after", "before"))
REACHES = Range("side of what a detector sees before the global pool, in places", (5, 11, 21, 32))
NEAR = Range("places to the next like part; 0 if there is none near", (0, 1, 2, 3, 4))
PART_PLACES = Range("where on the map the part is", ("middle", "border"))
RINGS = Range("rings that the photograph is cut into", (1, 2, 3, 4))
CUTS = Range("times that each ring is halved", (1, 2, 3, 4, 5))
PETAL_MAP_WINDOWS = Range("side of the window on the map of 60 × 256", (4, 16, 64, 256))

# ---- Trained networks ----

TRAINED_POOLINGS = Range(
    "pooling behind each convolution: mean or max over 2 × 2, max over 3 × 3 with stride 2, max "
    "with a blur before the subsampling, or max without a subsampling",
    ("mean", "max", "overlap", "blurred", "dense"),
)
TRAINED_NETWORKS = Range(
    "what follows each convolution: one of these poolings, a subsampling alone, or nothing",
    ("none", "stride", *TRAINED_POOLINGS.values),
)
TRAINED_READOUTS = Range(
    "how the last maps become one row of numbers: flattened, or each map's mean or max",
    ("flatten", "mean", "max"),
)
TRAINED_STRIDES = Range(
    "convolution with a stride in place of the pooling: the same, with more channels (wide or "
    "broad), or a further one that is learned, with as many channels or with as many weights "
    "(thrifty)",
    ("stride", "wide", "broad", "learned", "thrifty"),
)
TRAININGS = Range("where each training picture lies: at one place, or moved", ("still", "moved"))
TRAINED_ON = Range("pictures that are trained on", (100, 300, 1297))
TRAINED_LAYERS = Range("layer whose weights the gradient may reach", ("first", "last"))
TRAINED_NOISES = Range("noise on the pixels, in per cent of black", (10, 20, 40))

# ---- The order of layers, padded clips and rounding ----

NORM_FACTORS = Range(
    "γ of a batch normalisation", (-1.0, -0.1, 0.0, 0.1, 0.5, 1.0, 2.0), between=True
)
NORM_VARIANCES = Range(
    "running variance of a batch normalisation", (0.01, 1.0, 100.0), between=True
)
DROPOUT_RATES = Range(
    "probability that dropout drops a value", (0.1, 0.2, 0.3, 0.5, 0.8), between=True
)
DROPOUTS = Range("what dropout drops: single values, or whole channels", ("values", "channels"))
DROPPED_VALUES = Range(
    "values that dropout meets: from 0 to 1, or rectified noise", ("uniform", "rectified")
)
LINEAR_LAYERS = Range("what lies between two convolutions", ("nothing", "mean", "max"))
LAYER_KERNELS = Range("side of the kernels before and behind a pooling", (1, 3, 5, 7))
MEAN_PADDINGS = Range(
    "padding of a mean pooling: none, zeros that count, or zeros that are left out of the mean",
    ("none", "counted", "left out"),
)
BIASES = Range(
    "bias of a filter, in standard deviations of its response",
    (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0),
    between=True,
)
# From a tweet of one word to some seconds of sound.
CLIPS = Range("places of a clip, without its padding", (1, 2, 5, 10, 20, 50, 100, 500))
CLIP_SHARES = Range(
    "the clip's share of the length that it is filled up to", (0.1, 0.25, 0.5, 0.75, 0.9),
    between=True,
)  # fmt: skip
LONGEST = Range("places of the longest clip in the batch", (25, 30, 40, 80, 200))
FILLED = Range("where zeros fill up a clip: the input, or the features", ("input", "features"))
RECTIFIED = Range("what stands before the pooling", ("rectifier", "nothing"))
MASKS = Range("whether a mask leaves the padding out", ("none", "mask"))
INT8_STEPS = Range("steps of int8 in a standard deviation", (1, 4, 8, 16, 24, 32), between=True)
ROUNDED_TO = Range("how a mean is made whole", ("half to even", "half away", "truncation"))
AVERAGED = Range("side of a map that is averaged as a whole, in values", (7, 14, 28, 56, 112))
SUMS = Range(
    "how values are added: in float32, or in float16, in pairs or one after the other",
    ("float32", "pairwise", "naive"),
)

# ---- What people use instead ----

POWERS = Range("power p of a generalised mean", (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0), between=True)
LARGEST = Range("largest value of the window, rectified", (0.0, 1e-6, 0.01, 0.5))
CLAMPS = Range("what smaller values are lifted to; 0: nothing is", (0.0, 1e-6, 1e-3))
QUERIES = Range(
    "what the query of an attention fits: units that see the feature, all alike, or others",
    ("known", "unknown", "wrong"),
)
FITS = Range("how much better the query fits these: log of the weight", (0.5, 1.0, 2.0, 3.0, 5.0))
SOFTNESS = Range(
    "temperature of a soft-argmax, as a share of the feature's height", (0.05, 0.1, 0.2, 0.5, 1.0)
)
SHRINKING = Range(
    "what makes a map of half the sides: a pool, a blur, or a choice of every second value",
    (
        "every second value", "mean", "max", "min", "median", "Lp", "generalised mean",
        "softmax-weighted", "log-sum-exp", "mixed", "stochastic", "stochastic test",
        "concatenated", "strided convolution", "space to depth", "blur", "blurred max",
        "polyphase", "max polyphase",
    ),
)  # fmt: skip
WITHOUT_MIXING = Range(
    "what takes the place of a strided convolution: anything that multiplies no channels",
    tuple(v for v in SHRINKING.values if v not in ("strided convolution", "space to depth")),
)
TEMPLATE_ANGLES = Range(
    "angle between petal and template, in degrees",
    (0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180),
)
BANKS = Range("templates in the bank, all around", (4, 8, 12, 24, 36))
TURNS = Range(
    "turn of the picture, in degrees", (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 45.0, 90.0, 180.0),
    between=True,
)  # fmt: skip
TURN_RADII = Range(
    "distance from the centre of the turn, in pixels", (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    between=True,
)  # fmt: skip

# ---- In use: time, regions, what comes back ----

TIMED_NETWORKS = Range(
    "network that was timed", ("alexnet", "vgg11", "vgg16", "resnet18", "resnet50")
)
TIMED_SIDES = Range("side of the picture that was timed, in pixels", (64, 96, 224))
LAYOUTS = Range(
    "how maps lie in memory: channel by channel, or pixel by pixel",
    ("channels first", "channels last"),
)
TIMED_POOLINGS = Range("which pooling was timed: a max, or a mean in its place", ("max", "mean"))
REGION_STRIDES = Range("pixels of the picture for one value of the map", (4, 8, 16, 32))
REGION_PARTS = Range("parts of a region, along an axis", (7, 14))
REGION_SIDES = Range(
    "side of a region, in pixels", (16, 24, 32, 50, 64, 100, 128, 200, 224, 256, 400, 512)
)
PICTURES_TO_REBUILD = Range(
    "picture: waves as in nature, smooth noise, independent values, or these rectified",
    ("natural", "smooth", "noise", "rectified"),
)
REBUILD_WINDOWS = Range("side of the window that is rebuilt", (2, 4))
STRIDED_KERNELS = Range("side of a strided convolution's kernel", (1, 2, 3, 4, 5, 6, 7, 8))
KERNEL_STRIDES = Range("stride of the convolution", (2, 3, 4))
PLACE_POOLS = Range(
    "what the place is read behind",
    ("max", "mean", "every second value", "strided convolution"),
)

TABLE: dict[str, Range] = {
    name: value for name, value in list(globals().items()) if isinstance(value, Range)
}
