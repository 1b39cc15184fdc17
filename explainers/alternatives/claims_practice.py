"""In use: time and not operations, regions, what is rebuilt, and the gradient: the claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from explainers import ranges
from explainers.alternatives import measured, rebuilding, regions, timed, traffic
from explainers.claim import Judged, Value, Values, claim, count, estimated, share, times
from explainers.kinds import Choice, Number, Seed, Whole
from explainers.records import Formula

NETWORK, SIDE = "vgg16", 224  # those of the page
REGION, STRIDE, PARTS = 100, 16, 7
WIDE, SINGLE = (1.5, 0.02), (0, 0.2)  # a feature's width, and its noise
LEAST = 1 / 6  # of the stride
MAPS = "random maps"


def _pixels(value: Any, meaning: str) -> Value:
    return Value(float(value), "pixels", meaning)


def _operations(value: Any, meaning: str) -> Value:
    return Value(float(value), "operations", meaning)


def _deviations(value: Any, meaning: str) -> Value:
    return Value(float(value), "standard deviations of the picture", meaning)


# ---- Time, not operations ----


def _by_clock(network: str, side: int, layout: str, pooling: str) -> Values:
    how: Any = "as designed" if pooling == "max" else pooling
    took = timed.inside(network, layout, side, how).share.value
    made = traffic.pools_share(network, side, how).operations
    return {
        "clock": share(took, "of the time of a forward pass, its poolings"),
        "made": share(made, "of its operations"),
    }


@claim(
    question="Do poolings take more of a network's time than of its operations?",
    examines="T6",
    kind=Judged(
        asked={
            "network": ranges.TIMED_NETWORKS,
            "side": ranges.TIMED_SIDES,
            "layout": ranges.LAYOUTS,
            "pooling": ranges.TIMED_POOLINGS,
        },
        margin=lambda v: v["clock"].value - v["made"].value,
        trial=_by_clock,
    ),
    says="As timed here, poolings take a larger share of a network's time than of its operations.",
    statement="Timed in PyTorch on one core, the five poolings of VGG-16 took {first:.1%} of the "
    "forward pass if its maps lay channel by channel, and {last:.1%} if they lay pixel by pixel. "
    "They make {operations:.3%} of the operations, and move {moved:.0%} of the bytes. Mean "
    "poolings in their place took {mean_first:.1%} and {mean_last:.1%}. The one pooling of "
    "ResNet-50 took {resnet_first:.1%} and {resnet_last:.1%}.",
    answer="Poolings take more time than their operations suggest: in a forward pass of VGG-16, "
    "timed in PyTorch on one core, the five max poolings make {operations:.3%} of the operations "
    "and took {first:.1%} of the time. They read and write whole maps, {moved:.0%} of the bytes "
    "that its layers move, and compute next to nothing. But bytes are not all: with the channels "
    "of each pixel side by side in memory (channels last) they took {last:.1%}. Other machines and "
    "libraries will differ.",
    formula=Formula(
        r"\frac{t_{p}}{t} > \frac{N_{p}}{N}",
        "t the time of a forward pass and N its operations, and with p those of its poolings",
    ),
    prints=("operations", "moved", "first", "last"),
    figure="time-beside-operations",
    code=timed.inside,
)
def pools_take_more_time_than_operations(
    network: Annotated[str, Choice(ranges.TIMED_NETWORKS.values, "network")] = NETWORK,
    side: Annotated[int, Choice(ranges.TIMED_SIDES.values, "side of the picture")] = SIDE,
    layout: Annotated[str, Choice(ranges.LAYOUTS.values, "how maps lie")] = "channels first",
    pooling: Annotated[str, Choice(ranges.TIMED_POOLINGS.values, "pooling")] = "max",
) -> Values:
    """Shares of the recorded time, and of what is counted."""
    counted = traffic.pools_share(NETWORK, SIDE)

    def took(which: str, layout: str, how: Any = "as designed") -> Value:
        found = timed.inside(which, layout, SIDE, how).share.value
        return share(found, f"of the time of {which}, {layout}, its poolings {how}")

    first, last = timed.LAYOUTS
    return {
        **_by_clock(network, side, layout, pooling),
        "operations": share(counted.operations, "of the operations of VGG-16"),
        "moved": share(counted.moved, "of the bytes that its layers move"),
        "first": took(NETWORK, first),
        "last": took(NETWORK, last),
        "mean_first": took(NETWORK, first, "mean"),
        "mean_last": took(NETWORK, last, "mean"),
        "resnet_first": took("resnet50", first),
        "resnet_last": took("resnet50", last),
    }


def _by_byte(network: str, side: int) -> Values:
    found = traffic.extremes(network, side)
    return {
        "pool_set": _operations(found.pool, "a byte: the pooling that makes most"),
        "convolution_set": _operations(found.convolution, "a byte: the convolution with least"),
    }


@claim(
    question="Does a pooling compute less with each byte that it moves than the convolutions do?",
    examines="T6",
    kind=Judged(
        asked={"network": ranges.NETWORKS, "side": ranges.PICTURES},
        margin=lambda v: v["convolution_set"].value - v["pool_set"].value,
        trial=_by_byte,
        domain=lambda side, **_: side >= 64,
        condition="the network is one of those tried, LeNet to ResNet, and the picture has 64 "
        "pixels a side or more.",
        otherwise="On maps of one place, a convolution moves its weights for one use each. A "
        "depthwise convolution makes few operations a byte, too.",
        together=lambda network, side: traffic.fits(network, side),
    ),
    says="Every pooling makes fewer operations for each byte that it moves than any convolution of "
    "its network.",
    statement="Each max pooling of VGG-16 makes {pool:.2f} operations for each byte that it has to "
    "read or write, in float32; its convolutions make from {least:.1f} to {most:.0f}, and its "
    "first dense layer {dense:.2f}. A max over 3 × 3 of stride 2, as in ResNet, makes "
    "{overlapping:.1f}. The bytes are the same in both memory layouts; in PyTorch on one core the "
    "poolings took {slower:.0f} times as long channel by channel as pixel by pixel.",
    answer="If the picture has at least {smallest} pixels a side, any pooling makes fewer "
    "operations for each byte that it moves than all convolutions of its network: in VGG-16 "
    "{pool:.2f} a byte, against {least:.1f} to {most:.0f}. So a count of operations cannot tell "
    "how long a pooling takes. The bytes set a limit that no code can beat, and a slow loop may "
    "take far longer: in PyTorch on one core the same poolings took {slower:.0f} times as long in "
    "one memory layout as in the other.",
    formula=Formula(
        r"\frac{k^2 - 1}{4 (s^2 + 1)} \quad\text{and}\quad "
        r"\frac{k^2 C D P}{4 (C P + D P + k^2 C D + D)}",
        "k the side of a window or kernel, s the stride of the pooling, C and D the channels in "
        "and out, and P the places of the map",
    ),
    prints=("pool", "least", "most", "slower"),
    figure="operations-a-byte",
    code=traffic.traffic,
)
def pools_compute_little_per_byte(
    network: Annotated[str, Choice(ranges.NETWORKS.values, "network")] = NETWORK,
    side: Annotated[int, Whole(1, 1024, "side of the picture")] = SIDE,
) -> Values:
    """Operations a byte, of the layers of VGG-16 and of a network that is set."""
    rows = traffic.traffic(NETWORK, SIDE)
    made = {row.name: row.intensity for row in rows}
    convolutions = [row.intensity for row in rows if row.kind == "convolution"]
    first, last = (timed.inside(NETWORK, layout) for layout in timed.LAYOUTS)
    return {
        **_by_byte(network, side),
        "smallest": count(64, "pixels a side"),
        "pool": _operations(made["pool1"], "a byte, max pooling of 2 × 2"),
        "least": _operations(min(convolutions), "a byte, the convolution with least"),
        "most": _operations(max(convolutions), "a byte, the convolution with most"),
        "dense": _operations(made["fc6"], "a byte, the first dense layer"),
        "slower": times(first.pools / last.pools, "time channel by channel, to pixel by pixel"),
        "overlapping": _operations(
            traffic.extremes("resnet50", SIDE).pool, "a byte, max pooling of 3 × 3, stride 2"
        ),
    }


# ---- Regions ----


def _beside(side: int, parts: int, stride: int) -> Values:
    found = regions.off(side, parts=parts, stride=stride)
    return {"strides": times(found.spread / stride, "strides: root mean square about the mean")}


@claim(
    question="Does RoI pooling look where the region is?",
    examines="he-2017",
    kind=Judged(
        asked={
            "side": ranges.REGION_SIDES,
            "parts": ranges.REGION_PARTS,
            "stride": ranges.REGION_STRIDES,
        },
        margin=lambda v: v["strides"].value - LEAST,
        trial=_beside,
    ),
    says="RoI pooling, which rounds a region to whole cells of the map, looks beside the parts of "
    "the region by a sixth of the stride or more, even if its mean offset is corrected.",
    statement="Of a region of {side_shown} pixels on a map of stride {stride_shown}, each of "
    "{parts_shown} parts looks on average {mean:.1f} pixels too far on, and {spread:.1f} pixels "
    "(root mean square) beside that, at most {largest:.1f}. It looks at {wider:.1f} times the "
    "length of the part. RoI alignment rounds nothing, and is off by nothing inside the map.",
    answer="RoI pooling looks beside the region: of a region of {side_shown} pixels on a map with "
    "one value for every {stride_shown}, its parts look {spread:.1f} pixels off (root mean "
    "square), even after the mean offset is corrected. Both ends of the region are rounded to "
    "whole cells of the map, and so is each part. RoI alignment interpolates instead, and looks at "
    "the middle of each part. That matters for masks and key points, and less for telling what is "
    "there.",
    formula=Formula(
        r"a = \left\lfloor \frac{x}{s} + \frac{1}{2} \right\rfloor, \quad "
        r"b = \left\lfloor \frac{x + l}{s} + \frac{1}{2} \right\rfloor, \quad w = b - a + 1",
        "x and l where a region begins and how long it is, s the stride, a and b the first and the "
        "last cell that is looked at, and w their number",
    ),
    prints=("spread",),
    figure="regions-off",
    code=regions.misplaced,
    sources=("girshick-2015", "he-2017"),
)
def rounded_regions_are_off(
    side: Annotated[int, Whole(1, 2000, "side of the region, in pixels")] = REGION,
    parts: Annotated[int, Whole(1, 28, "parts along an axis")] = PARTS,
    stride: Annotated[int, Whole(1, 64, "pixels for each value of the map")] = STRIDE,
) -> Values:
    """How far off the parts of regions are, over all places in a cell."""
    found = regions.off(REGION, parts=PARTS, stride=STRIDE)
    return {
        **_beside(side, parts, stride),
        "side_shown": count(REGION, "side of the region", "pixels"),
        "stride_shown": count(STRIDE, "stride of the map", "pixels"),
        "parts_shown": count(PARTS, "parts along an axis"),
        "mean": _pixels(found.mean, "mean offset"),
        "spread": _pixels(found.spread, "root mean square about the mean"),
        "largest": _pixels(found.largest, "largest distance from the mean"),
        "wider": times(found.wider, "length looked at, to that of a part"),
    }


# ---- What is rebuilt ----


def _from_indices(picture: str, window: int, seed: int) -> Values:
    errors = {
        kept: rebuilding.rebuilt(kept, window, picture=picture, maps=20, seed=seed).value
        for kept in ("mean", "max and indices")
    }
    meaning = "less error than from means"
    return {"gain": _deviations(errors["mean"] - errors["max and indices"], meaning)}


@claim(
    question="Is a picture rebuilt better from maxima with their indices than from means?",
    examines="badrinarayanan-2017",
    kind=Judged(
        asked={"picture": ranges.PICTURES_TO_REBUILD, "window": ranges.REBUILD_WINDOWS},
        margin=lambda v: v["gain"].value,
        trial=_from_indices,
        domain=lambda picture, **_: picture in ("noise", "rectified"),
        condition="its neighbouring values are independent, and normal about zero or rectified.",
        otherwise="Where neighbours are alike, a mean tells of all of them, and an index of one. "
        "Of values that are mostly at their highest, a mean tells more, too.",
    ),
    says="A picture is rebuilt with less error from the maxima of its windows and their indices "
    "than from the means.",
    statement="Of independent values in windows of 2 × 2, the best linear read-out misses "
    "{noise_indices:.2f} of the standard deviation from maxima with indices, and {noise_mean:.2f} "
    "from means. Of a picture with waves as in nature it is {natural_indices:.2f} and "
    "{natural_mean:.2f}, {natural_max:.2f} from maxima alone and {natural_skipped:.2f} from every "
    "second value. Of a smooth picture it is {smooth_indices:.2f} and {smooth_mean:.2f}. A skip "
    "connection between two poolings brings {four:.2f}, of means over 4 × 4, down to "
    "{natural_mean:.2f}.",
    answer="If neighbouring values are independent, a picture is rebuilt better from the maxima of "
    "2 × 2 windows with their indices than from means: {noise_indices:.2f} against "
    "{noise_mean:.2f} of a standard deviation are missed. If they are alike, as in a smooth "
    "picture, it is the other way round, {smooth_indices:.2f} against {smooth_mean:.2f}. An index "
    "says where one value was; a mean says something of all. A skip connection hands on the map "
    "itself, from which nothing has to be rebuilt.",
    formula=Formula(
        r"\sqrt{\frac{\mathbb{E}\,(x - r)^2}{\operatorname{Var}(x)}}",
        "x the values of the picture, and r what a linear read-out of the pooled map makes of them",
    ),
    prints=("noise_indices", "noise_mean", "smooth_indices", "smooth_mean"),
    within=0.03,
    figure="rebuilt-with-indices",
    code=rebuilding.rebuilt,
    sources=("badrinarayanan-2017",),
)
def indices_rebuild_independent_values(
    picture: Annotated[str, Choice(ranges.PICTURES_TO_REBUILD.values, "picture")] = "natural",
    window: Annotated[int, Choice(ranges.REBUILD_WINDOWS.values, "side of the window")] = 2,
    seed: Seed = 0,
) -> Values:
    """Errors of what is rebuilt from means, maxima, indices and every second value."""

    def missed(kept: str, picture: str, window: int = 2) -> Value:
        found = rebuilding.rebuilt(kept, window, picture=picture, seed=seed)
        return estimated(_deviations, found, f"missed, {picture}, {kept}, {window}", MAPS)

    return {
        **_from_indices(picture, window, seed),
        "noise_indices": missed("max and indices", "noise"),
        "noise_mean": missed("mean", "noise"),
        "natural_indices": missed("max and indices", "natural"),
        "natural_mean": missed("mean", "natural"),
        "natural_max": missed("max", "natural"),
        "natural_skipped": missed("every second value", "natural"),
        "smooth_indices": missed("max and indices", "smooth"),
        "smooth_mean": missed("mean", "smooth"),
        "four": missed("mean", "natural", 4),
    }


# ---- The gradient ----


def _evenly(kernel: int, stride: int) -> Values:
    met = rebuilding.overlap(kernel, stride)
    return {
        "fewest": count(int(met.min()), "windows that the place with fewest lies in"),
        "most": count(int(met.max()), "windows that the place with most lies in"),
    }


@claim(
    question="Does a strided convolution pass gradient to all places alike?",
    examines="odena-2016",
    kind=Judged(
        asked={"kernel": ranges.STRIDED_KERNELS, "stride": ranges.KERNEL_STRIDES},
        margin=lambda v: v["fewest"].value == v["most"].value,
        trial=_evenly,
        domain=lambda kernel, stride: kernel % stride == 0,
        condition="its stride divides the side of its kernel.",
        otherwise="Else some places lie in more windows than others, in a chequered pattern.",
    ),
    says="A strided convolution passes gradient to every place from equally many windows.",
    statement="With kernels of 3 × 3 and stride 2, a place lies in {three_least} to {three_most} "
    "windows; with 4 × 4, every place in {four_least}. A mean of 2 × 2 passes every value the "
    "same. A max passes one value in four all of it, {max_even:.0%} of an even spread, and favours "
    "no place. Every second value passes it to the same place each time.",
    answer="A strided convolution passes gradient to all places from equally many windows only if "
    "its stride divides its kernel's side: with stride 2 and a side of three, places lie in "
    "{three_least} to {three_most} windows, with a side of four in {four_least}. What a "
    "discriminator tells a generator comes back through such layers, and an uneven overlap leaves "
    "a chequered pattern. A mean passes its gradient evenly. A max passes it to one value in four, "
    "but favours no place.",
    formula=Formula(
        r"\left\lceil \frac{k - i}{s} \right\rceil",
        "k the side of the kernel, s the stride, and i the place from the first of a window on, "
        "from 0 to s minus 1: in so many windows it lies, along an axis",
    ),
    prints=("three_least", "three_most", "four_least"),
    figure="gradient-by-place",
    code=rebuilding.overlap,
    sources=("odena-2016",),
)
def strided_gradient_is_uneven(
    kernel: Annotated[int, Whole(1, 64, "side of the kernel")] = 3,
    stride: Annotated[int, Whole(1, 64, "stride")] = 2,
) -> Values:
    """In how many windows a place lies, and how evenly a max passes its gradient."""
    three, four = rebuilding.overlap(3, 2), rebuilding.overlap(4, 2)
    return {
        **_evenly(kernel, stride),
        "three_least": count(int(three.min()), "windows at least, 3 × 3 and stride 2"),
        "three_most": count(int(three.max()), "windows at most, 3 × 3 and stride 2"),
        "four_least": count(int(four.min()), "windows, 4 × 4 and stride 2"),
        "max_even": share(rebuilding.reaching("max").even.value, "of an even spread, max"),
    }


def _reached(smoothness: float, seed: int) -> Values:
    found = rebuilding.reaching("blurred max", length=smoothness, maps=10, seed=seed)
    return {"reached": share(found.share.value, "of the values that get gradient")}


@claim(
    question="Does the gradient of a blurred max reach more values than that of max pooling?",
    examines="zhang-2019",
    kind=Judged(
        asked={"smoothness": ranges.SMOOTHNESS},
        margin=lambda v: v["reached"].value - 1 / 4,
        trial=_reached,
    ),
    says="The gradient of a blurred max reaches more values than that of a max pooling of 2 × 2 "
    "does.",
    statement="On maps with a correlation length of one pixel, the gradient of a blurred max "
    "reaches {share:.0%} ({share.low:.0%} to {share.high:.0%}) of the values, spread as over "
    "{even:.0%}; on independent values {noise:.0%}, on maps smooth over four pixels {smooth:.0%}. "
    "That of max pooling reaches {max:.0%}.",
    answer="The gradient of a blurred max reaches {noise:.0%} of the values of a map of "
    "independent noise, and that of max pooling over 2 × 2 reaches {max:.0%}. A blurred max takes "
    "the largest of every window of 2 × 2, and not of every second one: so more values win. The "
    "smoother the map, the more: on maps smooth over four pixels it is {smooth:.0%}. In both of "
    "them what arrives favours no place.",
    formula=Formula(
        r"\frac{\#\{i : \partial L / \partial x_i \neq 0\}}{N}",
        "x the N values of the map, numbered by i, and L what is to be lowered",
    ),
    prints=("noise", "max", "smooth"),
    within=0.02,
    figure="gradient-by-place",
    code=rebuilding.reaching,
    sources=("zhang-2019",),
)
def blurred_max_reaches_more(
    smoothness: Annotated[float, Number(0, 8, "correlation length of the map, in pixels")] = 1,
    seed: Seed = 0,
) -> Values:
    """Shares of values that get gradient, through a blurred max and through a max."""
    found = {
        length: rebuilding.reaching("blurred max", length=length, seed=seed) for length in (0, 1, 4)
    }
    meaning = "of the values that get gradient, blurred max"
    return {
        **_reached(smoothness, seed),
        "share": estimated(share, found[1].share, meaning, MAPS),
        "even": estimated(share, found[1].even, "of an even spread, blurred max", MAPS),
        "noise": estimated(share, found[0].share, f"{meaning}, independent values", MAPS),
        "smooth": estimated(share, found[4].share, f"{meaning}, smooth over four", MAPS),
        "max": share(rebuilding.reaching("max", seed=seed).share.value, "the same, max"),
    }


# ---- Where a feature was ----


def _nearer(pool: str, width: float, noise: float, seed: int) -> Values:
    found = rebuilding.read_place(pool, width=width, noise=noise, samples=400, seed=seed)
    gain = found.pooled.value - found.soft.value
    return {"nearer": _pixels(gain, "nearer by soft-argmax than behind the pool")}


@claim(
    question="Is a spatial softmax of the whole map nearer to a feature's place than what a linear "
    "layer reads behind a pool?",
    examines="finn-2016",
    kind=Judged(
        asked={
            "pool": ranges.PLACE_POOLS,
            "width": ranges.FEATURE_WIDTHS,
            "noise": ranges.FEATURE_NOISE,
        },
        margin=lambda v: v["nearer"].value,
        trial=_nearer,
        domain=lambda width, **_: width == 0,
        condition="the feature is a single pixel.",
        otherwise="A wide feature reaches into several windows, and a layer that is fitted to them "
        "reads its place from how high it is in each.",
        tries=48,
    ),
    says="A soft-argmax of the whole map reads a feature's place with less error than a fitted "
    "linear layer does behind a pool of 2 × 2.",
    statement="A single pixel in noise of a fifth of its height is read to {single_soft:.2f} of a "
    "pixel by a soft-argmax at its best temperature, behind a max to {single_max:.2f} and behind a "
    "strided convolution to {single_strided:.2f}. A feature 1.5 pixels wide in little noise is "
    "read to {soft:.3f} by the soft-argmax, to {largest:.3f} behind a max, to {mean:.3f} behind a "
    "mean, and with a skip connection, from the map itself, to {skip:.3f}.",
    answer="If the feature is a single pixel, a soft-argmax reads its place better than a linear "
    "layer behind a pool: to {single_soft:.2f} of a pixel in strong noise, and behind a 2 × 2 max "
    "to {single_max:.2f}, which is a guess. A wide feature, 1.5 pixels, is read to {soft:.3f} by "
    "the soft-argmax and to {mean:.3f} behind a mean pool, by a layer that was fitted to such "
    "features. Of the soft-argmax only the temperature was chosen.",
    formula=Formula(
        r"\sum_{i} i \, \frac{\exp(x_i / T)}{\sum_{j} \exp(x_j / T)}",
        "x the values of the map, at places i or j, and T the temperature",
    ),
    prints=("single_soft", "single_max", "soft", "mean"),
    within=0.04,
    figure="place-beside-pools",
    code=rebuilding.read_place,
    sources=("finn-2016",),
)
def soft_argmax_for_single_pixels(
    pool: Annotated[str, Choice(ranges.PLACE_POOLS.values, "what is read behind")] = "max",
    width: Annotated[float, Number(0, 8, "σ of the feature, in pixels")] = 1.5,
    noise: Annotated[float, Number(0, 1, "noise, as a share of its height")] = 0.02,
    seed: Seed = 0,
) -> Values:
    """Errors of places, of a single pixel in noise and of a wide feature."""

    def read(which: tuple[float, float]) -> rebuilding.Read:
        width, noise = which
        return rebuilding.read_place("max", width=width, noise=noise, seed=seed)

    def behind(pool: str, which: tuple[float, float]) -> Any:
        width, noise = which
        return measured.place_error(pool, width=width, noise=noise, seed=seed)

    def off(found: Any, meaning: str) -> Value:
        return estimated(_pixels, found, f"error of the place, {meaning}", "random places")

    wide, single = read(WIDE), read(SINGLE)
    return {
        **_nearer(pool, width, noise, seed),
        "single_soft": off(single.soft, "single pixel, soft-argmax"),
        "single_max": off(single.pooled, "single pixel, behind a max"),
        "single_strided": off(
            behind("strided convolution", SINGLE), "single pixel, behind a convolution"
        ),
        "soft": off(wide.soft, "wide, soft-argmax"),
        "largest": off(wide.pooled, "wide, behind a max"),
        "mean": off(behind("mean", WIDE), "wide, behind a mean"),
        "skip": off(wide.skip, "wide, from the map itself"),
    }


_CLAIMS = (
    pools_take_more_time_than_operations,
    pools_compute_little_per_byte,
    rounded_regions_are_off,
    indices_rebuild_independent_values,
    strided_gradient_is_uneven,
    blurred_max_reaches_more,
    soft_argmax_for_single_pixels,
)
TESTS = "tests/alternatives/test_claims_practice.py"
CLAIMS = tuple(replace(each, test=f"{TESTS}::{each.test.partition('::')[2]}") for each in _CLAIMS)
