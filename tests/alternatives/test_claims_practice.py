"""The numbers of the claims on use, by a route that shares no code with the models."""

from __future__ import annotations

import json
import math
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from explainers import alternatives, ranges
from explainers.alternatives import measured, rebuilding, regions
from explainers.checks import Floats
from explainers.maps import smooth_maps
from explainers.networks.count import count
from tests.claiming import margin, values

RECORD = json.loads(Path(alternatives.__file__).with_name("timed.json").read_text("utf-8"))
DESIGNED = {"max": "as designed", "mean": "mean"}


# ---- Time, not operations ----


def recorded(network: str, side: int, layout: str, pooling: str) -> float:
    rows = [
        row["pools_ms"] / row["ms"]
        for row in RECORD["inside"]
        if (row["network"], row["size"], row["layout"]) == (network, side, layout)
        and row["pooling"] == DESIGNED[pooling]
    ]
    [share] = rows
    return float(share)


def of_operations(network: str, side: int) -> float:
    """Comparisons and additions of the poolings, of all that comes before the dense layers."""
    layers = count(network, side).layers
    ends = [layer.kind in ("Linear", "AdaptiveAvgPool2d") for layer in layers].index(True)
    made = {layer.name: sum(layer.work[:3]) for layer in layers[:ends]}
    pools = [layer.name for layer in layers[:ends] if layer.kind == "MaxPool2d"]
    return sum(made[name] for name in pools) / sum(made.values())


def test_pools_take_more_time_than_operations() -> None:
    v = values("pools-take-more-time-than-operations")
    first, last = "channels first", "channels last"
    assert v["operations"] == pytest.approx(of_operations("vgg16", 224))
    for name, network, layout, pooling in (
        ("first", "vgg16", first, "max"),
        ("last", "vgg16", last, "max"),
        ("mean_first", "vgg16", first, "mean"),
        ("mean_last", "vgg16", last, "mean"),
        ("resnet_first", "resnet50", first, "max"),
        ("resnet_last", "resnet50", last, "max"),
    ):
        assert v[name] == pytest.approx(recorded(network, 224, layout, pooling))
    maps = [(3, 64, 224), (64, 64, 224), (64, 128, 112), (128, 128, 112), (128, 256, 56)]
    maps += 2 * [(256, 256, 56)] + [(256, 512, 28)] + 2 * [(512, 512, 28)] + 3 * [(512, 512, 14)]
    convolved = sum((i + o) * s * s + 9 * i * o + o for i, o, s in maps)
    pooled = sum(
        c * s * s * 5 // 4
        for c, s in zip((64, 128, 256, 512, 512), (224, 112, 56, 28, 14), strict=True)
    )
    assert v["moved"] == pytest.approx(pooled / (pooled + convolved))


@pytest.mark.parametrize("network", ranges.TIMED_NETWORKS.values)
@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_time_and_operations_of_each_network(network: str, pooling: str) -> None:
    for side, layout in product((64, 96, 224), ("channels first", "channels last")):
        case = {"network": network, "side": side, "layout": layout, "pooling": pooling}
        v = values("pools-take-more-time-than-operations", **case)
        assert v["clock"] == pytest.approx(recorded(network, side, layout, pooling))
        assert v["made"] == pytest.approx(of_operations(network, side))
        said = margin("pools-take-more-time-than-operations", **case)
        assert said == pytest.approx(v["clock"] - v["made"])


def test_pools_compute_little_per_byte() -> None:
    v = values("pools-compute-little-per-byte")

    def convolution(taken: int, given: int, side: int) -> Fraction:
        weights = 9 * taken * given
        moved = 4 * ((taken + given) * side * side + weights + given)
        return Fraction(weights * side * side, moved)

    each = [convolution(*c) for c in ((3, 64, 224), (64, 64, 224), (256, 256, 56), (512, 512, 14))]
    assert v["least"] == pytest.approx(float(min(each)))
    assert v["most"] == pytest.approx(float(max(each)))
    assert (v["pool"], v["overlapping"], v["smallest"]) == (3 / 20, 8 / 20, 64)
    inputs = 512 * 7 * 7
    moved = 4 * (inputs + inputs * 4096 + 4096 + 4096)  # values, weights, biases, answers
    assert v["dense"] == pytest.approx(inputs * 4096 / moved)
    took = [
        row["pools_ms"]
        for row in RECORD["inside"]
        if (row["network"], row["size"], row["pooling"]) == ("vgg16", 224, "as designed")
    ]
    assert v["slower"] == pytest.approx(took[0] / took[1])


@pytest.mark.parametrize(("network", "side"), [("resnet18", 32), ("resnet18", 64), ("vgg11", 96)])
def test_the_least_of_the_convolutions_against_the_most_of_the_poolings(
    network: str, side: int
) -> None:
    v = values("pools-compute-little-per-byte", network=network, side=side)
    pool = 0.4 if network == "resnet18" else 0.15
    assert v["pool_set"] == pytest.approx(pool)
    if network == "vgg11":
        weights = 9 * 3 * 64
        least = weights * side**2 / (4 * (67 * side**2 + weights + 64))
    else:  # the last shortcut: from 256 channels on 4 s × 4 s places to 512 on half as many
        places = (side // 32) ** 2
        weights = 256 * 512
        moved = 4 * (256 * 4 * places + 512 * places + weights + 2 * 512)
        least = weights * places / moved
    assert v["convolution_set"] == pytest.approx(least)
    said = margin("pools-compute-little-per-byte", network=network, side=side)
    assert said == pytest.approx(least - pool)
    assert (said > 0) == (side >= 64)


# ---- Regions ----


def beside(side: int, parts: int, stride: int) -> list[float]:
    """How far off each part looks, in pixels, wherever the region begins."""
    found = []
    for begins in range(stride):
        first, last = (
            math.floor(Fraction(x, stride) + Fraction(1, 2)) for x in (begins, begins + side)
        )
        wide = Fraction(last - first + 1, parts)
        for i in range(parts):
            low, high = first + math.floor(i * wide), first + math.ceil((i + 1) * wide)
            own = begins + Fraction((2 * i + 1) * side, 2 * parts)
            found.append(float(Fraction((low + high) * stride, 2) - own))
    return found


def test_rounded_regions_are_off() -> None:
    v = values("rounded-regions-are-off")
    assert (v["side_shown"], v["stride_shown"], v["parts_shown"]) == (100, 16, 7)
    off = beside(100, 7, 16)
    assert v["mean"] == pytest.approx(np.mean(off))
    assert v["spread"] == pytest.approx(np.std(off))
    assert v["largest"] == pytest.approx(max(abs(x - np.mean(off)) for x in off))
    assert v["wider"] == pytest.approx(regions.off(100).wider)


@pytest.mark.parametrize("stride", [4, 8, 16, 32])
def test_regions_of_all_sizes(stride: int) -> None:
    for side, parts in product((16, 100, 333), (7, 14)):
        case = {"side": side, "parts": parts, "stride": stride}
        spread = np.std(beside(side, parts, stride)) / stride
        assert values("rounded-regions-are-off", **case)["strides"] == pytest.approx(spread)
        assert margin("rounded-regions-are-off", **case) == pytest.approx(spread - 1 / 6)


# ---- What is rebuilt ----


def test_indices_rebuild_independent_values() -> None:
    v = values("indices-rebuild-independent-values")
    assert v["noise_mean"] == pytest.approx(math.sqrt(3 / 4), abs=0.01)
    for name, kept, picture, window in (
        ("noise_indices", "max and indices", "noise", 2),
        ("natural_indices", "max and indices", "natural", 2),
        ("natural_mean", "mean", "natural", 2),
        ("natural_max", "max", "natural", 2),
        ("natural_skipped", "every second value", "natural", 2),
        ("smooth_indices", "max and indices", "smooth", 2),
        ("smooth_mean", "mean", "smooth", 2),
        ("four", "mean", "natural", 4),
    ):
        other = rebuilding.rebuilt(kept, window, picture=picture, seed=9)
        slack = 0.04 if picture == "natural" else 0.02  # whose variance varies
        assert v[name] == pytest.approx(other.value, abs=slack), name


def test_what_the_indices_gain() -> None:
    for picture, window in product(ranges.PICTURES_TO_REBUILD.values, (2, 4)):
        case = {"picture": picture, "window": window, "seed": 3}
        errors = [
            rebuilding.rebuilt(kept, window, picture=picture, maps=20, seed=3).value
            for kept in ("mean", "max and indices")
        ]
        gain = errors[0] - errors[1]
        assert values("indices-rebuild-independent-values", **case)["gain"] == pytest.approx(gain)
        assert margin("indices-rebuild-independent-values", **case) == pytest.approx(gain)
        if picture != "natural":
            assert (gain > 0) == (picture != "smooth")


# ---- The gradient ----


def met(kernel: int, stride: int) -> list[int]:
    """How many windows each place of a cell lies in, both ways."""
    reach = 20 * stride
    along = Counter(first + i for first in range(0, reach, stride) for i in range(kernel))
    cell = [along[10 * stride + i] for i in range(stride)]
    return [down * across for down in cell for across in cell]


def test_strided_gradient_is_uneven() -> None:
    v = values("strided-gradient-is-uneven")
    assert (v["three_least"], v["three_most"]) == (min(met(3, 2)), max(met(3, 2)))
    assert {v["four_least"]} == set(met(4, 2))
    assert v["max_even"] == 0.25
    for kernel, stride in product(range(1, 9), (2, 3, 4)):
        case = {"kernel": kernel, "stride": stride}
        each = values("strided-gradient-is-uneven", **case)
        assert (each["fewest"], each["most"]) == (
            min(met(*case.values())),
            max(met(*case.values())),
        )
        assert margin("strided-gradient-is-uneven", **case) == (kernel % stride == 0)


def winners(plane: Floats) -> set[tuple[int, int]]:
    """The places that are the largest of some window of 2 × 2, round the map."""
    size = len(plane)
    found = set()
    for i, j in product(range(size), repeat=2):
        window = [((i + a) % size, (j + b) % size) for a in (0, 1) for b in (0, 1)]
        found.add(max(window, key=lambda place: plane[place]))
    return found


def test_blurred_max_reaches_more() -> None:
    v = values("blurred-max-reaches-more")
    assert v["max"] == 0.25
    rng = np.random.default_rng(7)
    noise = [len(winners(rng.standard_normal((32, 32)))) / 32**2 for _ in range(6)]
    assert v["noise"] == pytest.approx(np.mean(noise), abs=0.02)
    for name, length in (("share", 1), ("smooth", 4)):
        maps = smooth_maps(6, 32, length, 8)
        other = np.mean([len(winners(plane)) / 32**2 for plane in maps])
        assert v[name] == pytest.approx(other, abs=0.02)
    even = rebuilding.reaching("blurred max", length=1, seed=9).even.value
    assert v["even"] == pytest.approx(even, abs=0.02)


def test_margin_of_the_blurred_max() -> None:
    v = values("blurred-max-reaches-more", smoothness=2, seed=4)
    maps = smooth_maps(10, 32, 2, 4)
    reached = np.mean([len(winners(plane)) / 32**2 for plane in maps])
    assert v["reached"] == pytest.approx(reached)
    said = margin("blurred-max-reaches-more", smoothness=2, seed=4)
    assert said == pytest.approx(reached - 0.25)


# ---- The place ----


def test_soft_argmax_for_single_pixels() -> None:
    v = values("soft-argmax-for-single-pixels")
    assert v["single_max"] == pytest.approx(0.5, abs=0.02)  # of a cell of two: a guess
    others = {
        "single_strided": measured.place_error("strided convolution", width=0, noise=0.2, seed=5),
        "largest": measured.place_error("max", width=1.5, noise=0.02, seed=5),
        "mean": measured.place_error("mean", width=1.5, noise=0.02, seed=5),
        "skip": measured.place_error("none", width=1.5, noise=0.02, seed=5),
        "single_soft": measured.soft_argmax_error(0.1, width=0, noise=0.2, seed=5),
        "soft": measured.soft_argmax_error(0.15, width=1.5, noise=0.02, seed=5),
    }
    for name, other in others.items():
        assert v[name] == pytest.approx(other.value, abs=0.03, rel=0.1), name


@pytest.mark.parametrize(("pool", "width", "noise"), [("max", 0, 0.1), ("mean", 2, 0.1)])
def test_how_much_nearer_a_soft_argmax_is(pool: str, width: float, noise: float) -> None:
    case = {"pool": pool, "width": width, "noise": noise, "seed": 2}
    found = rebuilding.read_place(pool, width=width, noise=noise, samples=400, seed=2)
    gain = found.pooled.value - found.soft.value
    assert values("soft-argmax-for-single-pixels", **case)["nearer"] == pytest.approx(gain)
    assert margin("soft-argmax-for-single-pixels", **case) == pytest.approx(gain)
    assert (gain > 0) == (width == 0)
