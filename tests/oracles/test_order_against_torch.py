"""The chapter on sizes against PyTorch's own layers: orders, masks, what numbers do, and chains.

Random maps and random arguments, the same ones each time. What PyTorch has a layer for goes through
that layer; which rows are seen is told by its automatic derivatives.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from explainers.activations import ACTIVATIONS, NEVER_FALL
from explainers.intervals import Interval
from explainers.maps import smooth_maps
from explainers.sizes import chain, masking, model, numerics, order
from explainers.sizes.model import Pool

Array = NDArray[Any]
Tensor = Any

torch.set_num_threads(1)


def times(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True)


SEEDS = st.integers(0, 2**32 - 1)
NOISE = st.fixed_dictionaries(
    {
        "length": st.sampled_from([0.0, 0.0, 0.7, 2.0, 4.0]),
        "maps": st.integers(2, 8),
        "size": st.integers(16, 24),
        "seed": SEEDS,
    }
)
WINDOWS, STRIDES, SHAPES = st.integers(1, 6), st.integers(1, 5), st.sampled_from(order.POOLS)

MODULES: dict[str, Callable[[], Any]] = {
    "relu": nn.ReLU,
    "leaky relu": nn.LeakyReLU,
    "relu6": nn.ReLU6,
    "elu": nn.ELU,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "hardswish": nn.Hardswish,
}


def noise(length: float, maps: int, size: int, seed: int) -> Tensor:
    """One picture, whose channels are the maps."""
    return torch.from_numpy(smooth_maps(maps, size, length, seed))[None]


def pooled(pool: str, window: int, stride: int | None = None) -> Any:
    if pool == "min":
        highest = nn.MaxPool2d(window, stride)
        return lambda maps: -highest(-maps)
    return {"max": nn.MaxPool2d, "mean": nn.AvgPool2d}[pool](window, stride)


def apart(one: Tensor, other: Tensor) -> order.Difference:
    """Largest and mean difference in units of the first; the share without what is rounding."""
    scale = float(one.square().mean().sqrt()) or 1.0
    away = (one - other).abs() / scale
    return order.Difference(
        float(away.max()), float(away.mean()), float((away > 1e-12).double().mean())
    )


def assert_as_far(found: order.Difference, theirs: order.Difference) -> None:
    """Two differences agree, or both are of rounding alone."""
    assert_allclose(found[:2], theirs[:2], rtol=1e-7, atol=2e-14)


def swapped(layer: Any, pool: Any, maps: Tensor) -> order.Difference:
    return apart(pool(layer(maps)), layer(pool(maps)))


def near(found: Interval[float], truth: float, error: float = 0) -> bool:
    """Whether a measured number is within five standard errors of a law, or of another."""
    own = (found.high - found.low) / 2 / 1.96
    return abs(found.value - truth) <= 5 * math.hypot(own, error) + 1e-12


# Activations


def test_each_activation_has_a_module() -> None:
    assert set(MODULES) == set(ACTIVATIONS)
    at = np.concatenate([np.linspace(-40, 40, 4001), [-800, -1e-300, -0.0, 1e-300, 800]])
    for name, module in MODULES.items():
        theirs = module()(torch.from_numpy(at)).numpy()
        # From 20 on, PyTorch takes softplus for the identity.
        assert_allclose(ACTIVATIONS[name](at), theirs, rtol=3e-9, atol=1e-13, err_msg=name)


@times(120)
@given(st.sampled_from(list(MODULES)), WINDOWS, SHAPES, NOISE)
def test_activation_and_pool(name: str, window: int, pool: str, drawn: dict[str, Any]) -> None:
    theirs = swapped(MODULES[name](), pooled(pool, window), noise(**drawn))
    found = order.activation_and_pool(name, window, pool, **drawn)
    assert_as_far(found, theirs)
    if name in NEVER_FALL and pool != "mean":
        assert theirs.share == 0
        assert found == order.Difference(0, 0, 0)
    if pool != "mean":
        assert found.share == pytest.approx(theirs.share, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in NEVER_FALL])
def test_what_dips_does_not_commute(name: str) -> None:
    """In PyTorch, too; and in a window of values above the dip it does."""
    theirs = swapped(MODULES[name](), pooled("max", 2), noise(0, 8, 32, 0))
    assert theirs.share > 0.001
    assert theirs.largest > 0.05
    assert order.activation_and_pool(name, maps=8).share == pytest.approx(theirs.share, abs=1e-12)
    above = noise(0, 8, 32, 0).abs()
    assert swapped(MODULES[name](), pooled("max", 2), above).largest == 0


@times(60)
@given(st.floats(-3, 3), WINDOWS, NOISE)
def test_leaky_and_max(slope: float, window: int, drawn: dict[str, Any]) -> None:
    leaky, maps = nn.LeakyReLU(slope), noise(**drawn)
    theirs, found = (
        swapped(leaky, pooled("max", window), maps),
        order.leaky_and_max(slope, window, **drawn),
    )
    assert_as_far(found, theirs)
    if slope >= 0 or window == 1:
        assert found == theirs == order.Difference(0, 0, 0)


# Batch normalisation


@times(100)
@given(
    st.floats(-4, 4),
    SHAPES,
    st.none() | SHAPES,
    WINDOWS,
    st.tuples(st.floats(-3, 3), st.floats(0, 9), st.floats(-3, 3)),
    NOISE,
)
def test_norm_at_inference(
    gamma: float,
    pool: str,
    instead: str | None,
    window: int,
    line: tuple[float, float, float],
    drawn: dict[str, Any],
) -> None:
    mean, variance, beta = line
    layer = nn.BatchNorm2d(1, dtype=torch.float64).eval()
    for parameter, value in (
        (layer.weight, gamma),
        (layer.bias, beta),
        (layer.running_mean, mean),
        (layer.running_var, variance),
    ):
        nn.init.constant_(parameter, value)
    maps = noise(**drawn).transpose(0, 1)
    with torch.no_grad():
        early = pooled(pool, window)(layer(maps))
        late = layer(pooled(instead or pool, window)(maps))
        own = layer(maps)
    found = order.norm_and_pool(
        gamma, pool, instead, window, mean=mean, variance=variance, beta=beta, **drawn
    )
    theirs = apart(early, late)
    # PyTorch multiplies out: where β and the mean cancel, more is rounded.
    reach = abs(gamma / math.sqrt(variance + order.EPS)) * (abs(mean) + 6) + abs(beta)
    scale = float(early.square().mean().sqrt()) or 1.0
    assert_allclose(found[:2], theirs[:2], rtol=1e-7, atol=1e-14 + 1e-14 * reach / scale)
    own_line = order.batch_norm(maps.numpy(), mean, variance, gamma, beta)
    assert_allclose(own_line, own.numpy(), rtol=0, atol=1e-14 * (1 + reach))
    turned = {"max": "min", "min": "max", "mean": "mean"}[pool]
    if pool != "mean" and (instead or pool) == (pool if gamma > 0 else turned):
        assert found == order.Difference(0, 0, 0)


@times(25)
@given(
    st.sampled_from(order.ORDERS),
    SHAPES,
    WINDOWS,
    st.integers(2, 5),
    st.sampled_from([0.0, 1.0]),
    SEEDS,
)
def test_norm_in_training(
    place: str, pool: str, window: int, batches: int, length: float, seed: int
) -> None:
    layer = nn.BatchNorm2d(1, dtype=torch.float64, affine=False).train()
    given_maps = noise(length, batches * 3, 18, seed).reshape(batches, 3, 1, 18, 18)
    both = [layer, pooled(pool, window)]
    each = []
    for batch in given_maps:
        for step in both if place == "before" else reversed(both):
            batch = step(batch)
        each.append((float(batch.mean()), float(batch.std(correction=0))))
    found = order.norm_in_training(
        place, pool, window, length=length, batches=batches, maps=3, size=18, seed=seed
    )
    assert_allclose([m.value for m in found], np.mean(each, axis=0), rtol=1e-9, atol=1e-12)


# Dropout


@times(24)
@given(
    st.floats(0, 0.9),
    st.sampled_from(order.ORDERS),
    st.integers(1, 4),
    st.sampled_from(order.VALUES),
    SEEDS,
)
def test_dropout_by_element(rate: float, place: str, window: int, values: str, seed: int) -> None:
    torch.manual_seed(seed)
    side = 16 // window * window
    maps = torch.rand(200, 1, side, side, dtype=torch.float64)
    if values == "rectified":
        maps = torch.randn(200, 1, side, side, dtype=torch.float64).relu()
    layers = [nn.Dropout(rate), nn.MaxPool2d(window)]
    net = nn.Sequential(*(layers if place == "before" else layers[::-1]))
    trained, kept = net.train()(maps), net.eval()(maps)
    told = ((trained == 0).double(), trained, kept)
    by_map = [each.mean(dim=(1, 2, 3)) for each in told]
    means = [float(each.mean()) for each in by_map]
    errors = [float(each.std()) / math.sqrt(len(each)) for each in by_map]
    found = order.dropout_and_max(rate, place, window, values=values, maps=200, seed=seed)
    for ours, mean, error in zip(found, means, errors, strict=False):
        assert near(ours, mean, error)
    if values == "uniform":
        law = order.dropout_law(rate, place, window)
        for truth, mean, error in zip(law, means, errors, strict=True):
            # A share so small that none was met has no error of its own.
            rare = math.sqrt(truth / kept.numel())
            assert abs(mean - truth) <= 5 * max(error, rare if truth < 0.01 else 0) + 1e-12


@times(50)
@given(st.floats(0, 0.9), WINDOWS, SHAPES, NOISE)
def test_dropout_by_channel(rate: float, window: int, pool: str, drawn: dict[str, Any]) -> None:
    """The same channels are dropped in both orders: PyTorch draws one number for each."""
    maps, layer, take = noise(**drawn), nn.Dropout2d(rate).train(), pooled(pool, window)
    torch.manual_seed(drawn["seed"])
    early = take(layer(maps))
    torch.manual_seed(drawn["seed"])
    theirs = apart(early, layer(take(maps)))
    found = order.channel_dropout_and_pool(rate, window, pool, **drawn)
    assert theirs.largest < 1e-14
    assert found.apart.largest < 1e-14
    if pool != "mean":
        assert theirs.largest == 0
        assert found.apart == order.Difference(0, 0, 0)


@pytest.mark.parametrize("rate", [0.1, 0.37, 0.8])
def test_share_of_dropped_channels(rate: float) -> None:
    torch.manual_seed(1)
    layer = nn.Dropout2d(rate).train()
    dropped = float((layer(torch.ones(1, 1000, 2, 2)).amax(dim=(2, 3)) == 0).double().mean())
    found = order.channel_dropout_and_pool(rate, maps=1000, size=16, seed=1).dropped
    for share in (dropped, found):
        assert share == pytest.approx(rate, abs=5 * math.sqrt(rate * (1 - rate) / 1000))


# Blur, and two convolutions


def blurred(taps: int, border: str) -> Any:
    """A fixed convolution of each channel by itself, with one tap more behind than before."""
    line = torch.tensor([math.comb(taps - 1, i) for i in range(taps)], dtype=torch.float64)
    kernel = torch.outer(line, line) / line.sum() ** 2
    before, behind = (taps - 1) // 2, taps // 2
    mode = "circular" if border == "circular" else "constant"

    def blur(maps: Tensor) -> Tensor:
        channels = maps.shape[1]
        around = functional.pad(maps, (before, behind, before, behind), mode=mode)
        weights = kernel.expand(channels, 1, taps, taps)
        return functional.conv2d(around, weights, groups=channels)

    return blur


def convolution(weights: Array, border: str = "zeros") -> Any:
    out, into, kernel, _ = weights.shape
    layer = nn.Conv2d(
        into, out, kernel, padding="same", bias=False, padding_mode=border, dtype=torch.float64
    )
    layer.weight = nn.Parameter(torch.from_numpy(weights), requires_grad=False)
    return layer


@times(30)
@given(
    st.integers(2, 7),
    st.sampled_from([1, 3, 5, 7]),
    st.sampled_from(["circular", "zeros"]),
    st.integers(16, 22),
    SEEDS,
)
def test_blur_and_convolution(taps: int, kernel: int, border: str, size: int, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    weights = drawn.standard_normal((order.CHANNELS, order.CHANNELS, kernel, kernel))
    pictures = torch.from_numpy(drawn.standard_normal((2, order.CHANNELS, size, size)))
    theirs = swapped(convolution(weights, border), blurred(taps, border), pictures)
    found = order.blur_and_convolution(taps, kernel, border, maps=2, size=size, seed=seed)
    assert_as_far(found, theirs)
    rounds = border == "circular" or kernel == 1
    assert (theirs.largest < 1e-13) == (found.largest < 1e-13) == rounds


@times(60)
@given(st.sampled_from(list(MODULES)), st.integers(2, 7), NOISE)
def test_blur_and_activation(name: str, taps: int, drawn: dict[str, Any]) -> None:
    theirs = swapped(MODULES[name](), blurred(taps, "circular"), noise(**drawn))
    assert_as_far(order.blur_and_activation(name, taps, **drawn), theirs)


@times(30)
@given(
    st.sampled_from(order.BETWEEN),
    st.integers(2, 5),
    st.sampled_from([1, 3, 5]),
    st.integers(16, 20),
    SEEDS,
)
def test_additivity(between: str, window: int, kernel: int, size: int, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    shape = (order.CHANNELS, order.CHANNELS, kernel, kernel)
    first = convolution(drawn.standard_normal(shape))
    pictures = torch.from_numpy(drawn.standard_normal((4, order.CHANNELS, size, size)))
    second = convolution(np.random.default_rng([seed, 1]).standard_normal(shape))
    bent = {
        "nothing": nn.Identity(),
        "max": nn.MaxPool2d(window),
        "mean": nn.AvgPool2d(window),
        "relu": nn.ReLU(),
    }
    net = nn.Sequential(first, bent[between], second)
    a, b = pictures[:2], pictures[2:]
    theirs = apart(net(a) + net(b), net(a + b))
    assert_as_far(order.additivity(between, window, kernel, maps=2, size=size, seed=seed), theirs)
    assert (theirs.largest < 1e-12) == (between in ("nothing", "mean"))


# What a pooling is, too


def by_rectifiers(values: Tensor) -> tuple[Tensor, int, int]:
    """The larger of two halves' largest, by one rectifier; how many it took, and steps."""
    if values.shape[-1] == 1:
        return values[..., 0], 0, 0
    half = values.shape[-1] // 2
    (one, few, short), (other, many, long) = map(
        by_rectifiers, (values[..., :half], values[..., half:])
    )
    return one + functional.relu(other - one), few + many + 1, max(short, long) + 1


@times(40)
@given(st.integers(1, 30), SEEDS)
def test_max_by_rectifiers(n: int, seed: int) -> None:
    whole = torch.from_numpy(np.random.default_rng(seed).integers(-999, 999, (5, n))).double()
    found = order.max_by_rectifiers(whole.numpy())
    theirs, rectifiers, steps = by_rectifiers(whole)
    assert (found.rectifiers, found.steps) == (rectifiers, steps)
    pool = nn.MaxPool1d(n)(whole[:, None])[:, 0, 0]
    assert_array_equal(found.largest, pool.numpy())
    assert_array_equal(theirs.numpy(), pool.numpy())


@times(50)
@given(st.integers(1, 8), STRIDES, NOISE)
def test_mean_as_convolution(window: int, stride: int, drawn: dict[str, Any]) -> None:
    """One convolution of all channels at once, in as many groups: MobileNet's depthwise one."""
    maps = noise(**drawn)
    channels = maps.shape[1]
    weights = torch.full((channels, 1, window, window), 1 / window**2, dtype=torch.float64)
    convolved = functional.conv2d(maps, weights, stride=stride, groups=channels)
    theirs = apart(functional.avg_pool2d(maps, window, stride), convolved)
    assert theirs.largest < 1e-13
    assert order.mean_as_convolution(window, stride, **drawn).largest < 1e-13


@times(50)
@given(SHAPES, st.integers(1, 8), STRIDES, NOISE)
def test_pool_as_subsampling(pool: str, window: int, stride: int, drawn: dict[str, Any]) -> None:
    maps = noise(**drawn)
    everywhere = pooled(pool, window, 1)(maps)[..., ::stride, ::stride]
    theirs = apart(pooled(pool, window, stride)(maps), everywhere)
    found = order.pool_as_subsampling(pool, window, stride, **drawn)
    assert max(theirs.largest, found.largest) < 1e-13
    if pool != "mean":
        assert found.largest == theirs.largest == 0


# Stacked poolings


@times(80)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4)), min_size=1, max_size=4), SEEDS)
def test_stacked_poolings(stack: list[tuple[int, int]], seed: int) -> None:
    """What the first and the second value see, by derivatives; then max against max."""
    kernels, strides = zip(*stack, strict=True)
    means = nn.Sequential(*(nn.AvgPool1d(k, s) for k, s in stack))
    jump, reach = math.prod(strides), 1
    for k, s in reversed(stack):
        reach = (reach - 1) * s + k
    rows = torch.ones(1, 1, reach + jump, dtype=torch.float64, requires_grad=True)
    first, second = (
        torch.autograd.grad(means(rows)[0, 0, i], rows)[0][0, 0].nonzero()[:, 0] for i in (0, 1)
    )
    if len(first) < reach:
        with pytest.raises(ValueError, match="no row is left out"):
            model.stacked_kernel(kernels, strides)
        return
    pool = model.stacked_kernel(kernels, strides)
    assert pool == Pool(reach, stride=jump)
    assert (int(first[0]), int(second[0])) == (0, pool.step)
    values = torch.from_numpy(np.random.default_rng(seed).standard_normal((1, 2, 2 * reach + 30)))
    maxima = nn.Sequential(*(nn.MaxPool1d(k, s) for k, s in stack))(values)
    assert torch.equal(maxima, nn.MaxPool1d(pool.kernel_size, pool.step)(values))


@times(40)
@given(st.lists(st.sampled_from([1, 3, 5, 7]), min_size=1, max_size=4), NOISE)
def test_stacked_poolings_with_padding(kernels: list[int], drawn: dict[str, Any]) -> None:
    stacked = nn.Sequential(*(nn.MaxPool2d(k, 1, k // 2) for k in kernels))(noise(**drawn))
    side = model.stacked_kernel(kernels).kernel_size
    assert torch.equal(stacked, nn.MaxPool2d(side, 1, side // 2)(noise(**drawn)))


# Masks


@times(100)
@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
    st.integers(1, 3),
    st.integers(0, 5),
    st.sampled_from([0.0, 1e9, math.nan, math.inf]),
    SEEDS,
)
def test_masked_over_time(
    lengths: list[int], channels: int, more: int, tail: float, seed: int
) -> None:
    """Against a fill with −∞ and a sum of what is kept, and clip by clip without any padding."""
    places = max(lengths) + more
    drawn = np.random.default_rng(seed).standard_normal((len(lengths), channels, places))
    real = torch.arange(places) < torch.tensor(lengths)[:, None, None]
    values = torch.from_numpy(drawn).masked_fill(~real, tail)
    largest = masking.masked_max(values.numpy(), real.numpy())
    mean = masking.masked_mean(values.numpy(), real.numpy())
    assert_array_equal(largest, values.masked_fill(~real, -math.inf).amax(dim=-1).numpy())
    summed = values.masked_fill(~real, 0).sum(dim=-1) / real.sum(dim=-1)
    assert_allclose(mean, summed.numpy(), rtol=1e-12, atol=1e-14)
    for clip, length in enumerate(lengths):
        alone = values[clip : clip + 1, :, :length]
        assert_array_equal(largest[clip], functional.adaptive_max_pool1d(alone, 1)[0, :, 0].numpy())
        own = functional.adaptive_avg_pool1d(alone, 1)[0, :, 0].numpy()
        assert_allclose(mean[clip], own, rtol=1e-12, atol=1e-14)
        # To the last bit the same, however long the padding is.
        whole = np.ones(length, bool)
        assert_array_equal(mean[clip], masking.masked_mean(alone[0].numpy(), whole))


@times(40)
@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.1, 0.9), SEEDS)
def test_masked_over_a_map(height: int, width: int, share: float, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    values = torch.from_numpy(drawn.standard_normal((2, 3, height, width)))
    mask = torch.from_numpy(drawn.random((2, 1, height, width)) < share)
    mask[..., 0, 0] = True
    largest = masking.masked_max(values.numpy(), mask.numpy(), axes=2)
    mean = masking.masked_mean(values.numpy(), mask.numpy(), axes=2)
    for picture, channel in np.ndindex(2, 3):
        kept = torch.masked_select(values[picture, channel], mask[picture, 0])
        assert largest[picture, channel] == float(kept.max())
        assert mean[picture, channel] == pytest.approx(float(kept.mean()), rel=1e-12, abs=1e-14)


@times(14)
@given(
    st.floats(-2, 2),
    st.integers(2, 12),
    st.integers(1, 20),
    st.sampled_from(masking.PADDED),
    st.floats(0, 1),
    st.booleans(),
    SEEDS,
)
def test_tails(
    bias: float,
    length: int,
    more: int,
    padded: str,
    spread: float,
    rectified: bool,
    seed: int,
) -> None:
    """The same laws on filters of PyTorch's, each on a clip of its own that is padded."""
    torch.manual_seed(seed)
    filters, channels = 4000, 4
    layer = nn.Conv1d(filters * channels, filters, 1, groups=filters, dtype=torch.float64)
    with torch.no_grad():
        layer.weight /= layer.weight.norm(dim=1, keepdim=True)
        layer.bias.copy_(bias + spread * torch.randn(filters, dtype=torch.float64))
        clips = torch.randn(1, filters * channels, length, dtype=torch.float64)
        alone = layer(clips)
        pad = nn.ConstantPad1d((0, more), 0.0)
        whole = layer(pad(clips)) if padded == "input" else pad(alone)
        bent = nn.ReLU() if rectified else nn.Identity()
        longest = [nn.AdaptiveMaxPool1d(1)(bent(each)) for each in (whole, alone)]
        mean = [functional.adaptive_avg_pool1d(each.relu(), 1)[0, :, 0] for each in (whole, alone)]
    changed = float((longest[0] != longest[1]).double().mean())
    found = masking.tails(
        bias,
        length,
        length + more,
        padded,
        spread=spread,
        rectified=rectified,
        channels=channels,
        seed=seed,
    )
    error = math.sqrt(max(changed * (1 - changed), 1 / filters) / filters)
    assert near(found.taken_over, changed, error)
    if spread == 0:
        law = masking.tail_takes_over(bias, length, padded, rectified)
        assert abs(changed - law) <= 5 * math.sqrt(max(law * (1 - law), 1 / filters) / filters)
    ratio = float(mean[0].sum() / mean[1].sum())
    error = float((mean[0] - ratio * mean[1]).std() / math.sqrt(filters) / mean[1].mean())
    law = masking.diluted_mean(length / (length + more), bias, spread, padded)
    assert abs(ratio - law) <= 5 * error + 1e-9
    assert near(found.diluted, ratio, error)
    assert found.masked == 0


# NaN and ∞


@pytest.mark.parametrize("bad", numerics.BAD)
@pytest.mark.parametrize("count", range(5))
def test_window_with(bad: str, count: int) -> None:
    values = torch.tensor([float(bad)] * count + [1.0, 2.0, 3.0, 4.0][count:]).double()
    ordered = values.sort().values
    middle = ordered[1:3].mean() if not values.isnan().any() else math.nan
    square = values.reshape(1, 1, 2, 2)
    for pool, theirs in (
        *((name, pooled(name, 2)(square)) for name in order.POOLS),
        ("median", middle),
    ):
        assert_array_equal(numerics.window_with(bad, pool, count), float(theirs))


@times(40)
@given(
    st.integers(0, 3),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["max", "mean"]),
    st.booleans(),
    SEEDS,
)
def test_how_far_a_nan_spreads(
    layers: int, kernel: int, window: int, stride: int, pool: str, rectified: bool, seed: int
) -> None:
    """Through convolutions with random weights; a NaN comes through ReLU and through a max."""
    patch = numerics.nan_patch(layers, kernel, window, stride)
    seen = 1 + (kernel + window - 2) * sum(stride**i for i in range(layers))
    jump = stride**layers
    assume(jump * (seen + jump) ** 2 <= 50_000)
    torch.manual_seed(seed)
    taken = {"max": nn.MaxPool2d, "mean": nn.AvgPool2d}[pool]
    steps = [
        nn.Sequential(
            nn.Conv2d(1, 1, kernel, dtype=torch.float64),
            nn.ReLU() if rectified else nn.Identity(),
            taken(window, stride),
        )
        for _ in range(layers)
    ]
    net = nn.Sequential(*steps)
    sides = []
    for place in range(jump):
        maps = torch.randn(1, 1, *[2 * (seen + jump)] * 2, dtype=torch.float64)
        maps[0, 0, seen + place, seen + place] = math.nan
        with torch.no_grad():
            spoilt = net(maps).isnan()[0, 0]
        rows, columns = int(spoilt.any(dim=1).sum()), int(spoilt.any(dim=0).sum())
        assert rows == columns
        assert int(spoilt.sum()) == rows**2
        sides.append(rows)
    assert (min(sides), max(sides)) == patch
    tried = numerics.nan_patch_tried(layers, kernel, window, stride, pool, rectified=rectified)
    assert_array_equal(tried, sides)


@times(100)
@given(
    st.integers(1, 9), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), st.integers(1, 8)
)
def test_windows_of_padding(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    assume(padding <= kernel // 2 and size + 2 * padding > dilation * (kernel - 1))
    maxima = nn.MaxPool2d(kernel, stride, padding, dilation)(torch.zeros(1, size, size))
    found = numerics.windows_of_padding(size, kernel, stride, padding, dilation)
    assert found == int((maxima == -math.inf).sum())


def test_the_one_window_of_padding_is_minus_infinity_here_too() -> None:
    assert float(nn.MaxPool2d(2, 1, 1, 2)(torch.zeros(1, 1, 1))) == -math.inf
    assert numerics.windows_of_padding(1, 2, padding=1, dilation=2) == 1


# int8


def int8(values: Tensor, step: float = 1.0) -> Tensor:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*deprecated")  # it still says how it rounds
        return torch.quantize_per_tensor(values.float(), step, 0, torch.qint8)


@times(60)
@given(st.sampled_from([0.25, 0.5, 1.0, 2.0, 8.0]), st.sampled_from([1, 8, 300]), SEEDS)
def test_quantised(step: float, reach: int, seed: int) -> None:
    """Multiples of a quarter of a step, so that float32 has them, halfway ones included."""
    quarters = np.random.default_rng(seed).integers(-4 * reach, 4 * reach, 300) * step / 4
    theirs = int8(torch.from_numpy(quarters), step).int_repr().numpy()
    found = numerics.quantised(quarters, step)
    assert found.dtype == theirs.dtype
    assert_array_equal(found, theirs)


@times(30)
@given(
    st.integers(1, 6),
    st.sampled_from(numerics.ROUNDINGS),
    st.floats(0.5, 32),
    st.floats(-20, 20),
    st.integers(8, 24),
    SEEDS,
)
def test_int8_pooling(
    window: int, rounding: str, steps: float, centre: float, size: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).standard_normal((6, size, size))
    values = torch.from_numpy(centre + steps * drawn)
    whole = values.round().clamp(-128, 127)  # as `int8` does, but for float32
    quantised, wanted = int8(whole[None]), functional.avg_pool2d(values, window)
    maxima = functional.max_pool2d(quantised, window).int_repr()[0].double()
    rounded = functional.max_pool2d(values, window).round().clamp(-128, 127)
    sums = (functional.avg_pool2d(whole, window) * window**2).round()
    n = window**2
    if rounding == "half to even":
        means = functional.avg_pool2d(quantised, window).int_repr()[0].double()
    elif rounding == "truncation":
        means = torch.div(sums, n, rounding_mode="trunc")
    else:
        means = sums.sign() * torch.div(2 * sums.abs() + n, 2 * n, rounding_mode="floor")
    off = (means - wanted.round().clamp(-128, 127)).abs()
    found = numerics.int8_pooling(
        window, rounding, steps=steps, centre=centre, maps=6, size=size, seed=seed
    )
    assert torch.equal(maxima, rounded)
    assert found.max_differ.value == 0
    assert found.mean_same.value == pytest.approx(float((off == 0).double().mean()), abs=1e-12)
    assert found.farthest == int(off.max())


@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_int8_mean_law(window: int) -> None:
    """Of values that spread evenly over all levels, and of PyTorch's own int8 mean."""
    torch.manual_seed(window)
    values = torch.rand(40, 1, 48, 48, dtype=torch.float64) * 200 - 100
    means = functional.avg_pool2d(int8(values), window).int_repr()
    same = (means == functional.avg_pool2d(values, window).round()).double()
    law = float(numerics.int8_mean_same(window))
    error = math.sqrt(max(law * (1 - law), 1e-6) / same.numel())
    assert float(same.mean()) == pytest.approx(law, abs=5 * error)


# Sums of floats


def in_order(values: Tensor) -> Tensor:
    total = torch.zeros_like(values[:, 0])
    for column in values.T:
        total = total + column
    return total


def in_pairs(values: Tensor) -> Tensor:
    while values.shape[1] > 1:
        if values.shape[1] % 2:
            values = functional.pad(values, (0, 1))
        values = values[:, 0::2] + values[:, 1::2]
    return values[:, 0]


@times(30)
@given(
    st.integers(1, 400) | st.sampled_from([784, 3136]),
    st.sampled_from(["float16", "float32"]),
    st.sampled_from(numerics.WAYS),
    SEEDS,
)
def test_global_mean_error(count: int, dtype: str, way: str, seed: int) -> None:
    noise = np.random.default_rng(seed).standard_normal((5, count))
    # Not cast by PyTorch: from float64 to float16 it rounds twice, by way of float32.
    values = torch.from_numpy(np.maximum(noise, 0).astype(dtype))
    exact = values.double().mean(dim=1)
    sums: dict[str, Callable[[Tensor], Tensor]] = {
        "naive": in_order,
        "pairwise": in_pairs,
        "float32": lambda given: in_order(given.float()),
    }
    means = (sums[way](values).float() / count).to(values.dtype).double()
    error = (means - exact).abs() / exact.where(exact > 0, torch.ones(()).double())
    found = numerics.global_mean_error(count, dtype, way, maps=5, seed=seed)
    assert_allclose(found.largest, float(error.max()), rtol=1e-6, atol=1e-15)
    assert_allclose(found.rms, float(error.square().mean().sqrt()), rtol=1e-6, atol=1e-15)


@pytest.mark.parametrize("count", [49, 784, 12544])
def test_pytorchs_own_mean_of_float16_is_summed_in_float32(count: int) -> None:
    """So it is as near as the way `float32`, by one rounding, and not as far as the naive one."""
    noise = np.random.default_rng(0).standard_normal((100, count))
    values = torch.from_numpy(noise).relu().half()
    exact = values.double().mean(dim=1)
    side = math.isqrt(count)
    pooled_means = functional.adaptive_avg_pool2d(values.reshape(100, 1, side, side), 1)
    error = float(((pooled_means[:, 0, 0, 0].double() - exact).abs() / exact).max())
    assert error <= 2**-11
    assert numerics.global_mean_error(count, way="float32").largest <= 2**-11
    assert numerics.global_mean_error(count, way="naive").largest > error


@times(30)
@given(
    st.sampled_from(numerics.GRADIENTS),
    st.integers(1, 4),
    st.integers(1, 4),
    st.booleans(),
    SEEDS,
)
def test_gradient_order(pool: str, window: int, stride: int, positive: bool, seed: int) -> None:
    """PyTorch's gradients of a map, and of the same upside down: what is added in another order."""
    found = numerics.gradient_order(
        pool, window, stride, positive=positive, maps=4, size=16, seed=seed
    )
    drawn = np.random.default_rng(seed)
    maps = torch.from_numpy(drawn.standard_normal((4, 1, 16, 16)).astype(np.float32))
    layer = pooled(pool, window, stride)
    # Windows must lie alike upside down.
    side = (16 - window) // stride * stride + window
    ones, passed = (torch.ones(1),) * 2
    gradients = []
    for turned in (False, True):
        rows = maps[..., :side, :side].flip(2, 3) if turned else maps[..., :side, :side]
        rows = rows.clone().requires_grad_()
        out = layer(rows)
        if not turned:
            torch.manual_seed(seed % 2**31)
            passed = torch.randn(out.shape)
            passed = passed.abs() if positive else passed
            ones = torch.full(out.shape, float(window**2 if pool == "mean" else 1))
            counts = torch.autograd.grad(out, rows, ones, retain_graph=True)[0]
        given_back = torch.autograd.grad(out, rows, passed.flip(2, 3) if turned else passed)[0]
        gradients.append(given_back.flip(2, 3) if turned else given_back)
    assert found.terms == round(float(counts.max()))
    assert torch.allclose(*gradients, rtol=1e-4, atol=1e-5)
    if found.terms <= 2:
        assert found.share == 0
        assert torch.equal(*gradients)
    elif pool == "mean":
        assert found.share > 0
        assert not torch.equal(*gradients)


@times(30)
@given(st.sampled_from(numerics.GRADIENTS), st.integers(1, 4), st.integers(1, 4), SEEDS)
def test_gradients_added_in_two_orders(pool: str, window: int, stride: int, seed: int) -> None:
    """The same terms, added by PyTorch, in float32 and one after the other."""
    drawn = np.random.default_rng(seed)
    maps = torch.from_numpy(drawn.standard_normal((3, 1, 12, 12)).astype(np.float32))
    every = torch.arange(maps.numel()).reshape(maps.shape).double()
    windows = functional.unfold(every, window, stride=stride).transpose(1, 2).long()
    if pool == "max":
        values = functional.unfold(maps, window, stride=stride).transpose(1, 2)
        windows = windows.gather(2, values.argmax(dim=2, keepdim=True))
    passed = torch.from_numpy(drawn.standard_normal((*windows.shape[:2], 1)).astype(np.float32))
    terms = (passed / windows.shape[2]).expand(windows.shape).reshape(-1)
    other = torch.from_numpy(drawn.permutation(terms.numel()))
    places, nothing = windows.reshape(-1), torch.zeros(maps.numel())
    one = nothing.index_add(0, places, terms)
    two = nothing.index_add(0, places[other], terms[other])
    larger = torch.maximum(one.abs(), two.abs())
    last = torch.nextafter(larger, torch.tensor(math.inf)) - larger
    found = numerics.gradient_order(pool, window, stride, maps=3, size=12, seed=seed)
    assert found.share == pytest.approx(float((one != two).double().mean()), abs=1e-9)
    assert found.farthest == pytest.approx(float(((one - two).abs() / last).max()))
    assert found.terms == int(torch.bincount(places).max())


# Ties


@pytest.mark.parametrize(("window", "levels"), [(1, 3), (2, 1), (2, 2), (2, 5), (2, 9), (3, 2)])
def test_ties_in_all_windows_that_there_are(window: int, levels: int) -> None:
    every = torch.cartesian_prod(*[torch.arange(levels)] * window**2).reshape(-1, window**2)
    tied = (every == every.amax(dim=1, keepdim=True)).sum(dim=1) > 1
    assert numerics.tied(window, levels) == Fraction(int(tied.sum()), len(every))


@times(20)
@given(st.integers(1, 4), st.integers(1, 40), SEEDS)
def test_ties_tried(window: int, levels: int, seed: int) -> None:
    """A tie is where a max pooling of the map turned round has another winner."""
    side = 20 // window * window
    drawn = np.random.default_rng(seed).integers(levels, size=(5, side, side))
    maps = torch.from_numpy(drawn).double()
    _, first = functional.max_pool2d(maps, window, return_indices=True)
    _, last = functional.max_pool2d(maps.flip(1, 2), window, return_indices=True)
    ties = (first != side**2 - 1 - last.flip(1, 2)).double().mean()
    found = numerics.tied_tried(window, levels, maps=5, size=20, seed=seed)
    assert found.value == pytest.approx(float(ties), abs=1e-12)


# Chains


def pools(most: int = 4) -> Any:
    def made(kernel: int, stride: int | None, half: int, dilation: int, ceil: bool) -> Pool:
        return Pool(kernel, stride, min(half, kernel // 2), dilation, ceil)

    dilations = st.sampled_from([1, 1, 1, 2, 3])
    strides = st.none() | st.integers(1, 4)
    each = st.builds(made, st.integers(1, 5), strides, st.integers(0, 2), dilations, st.booleans())
    return st.lists(each, min_size=1, max_size=most)


def highest(pool: Pool) -> Any:
    shape = (pool.kernel_size, pool.step, pool.padding, pool.dilation)
    return nn.MaxPool1d(*shape, ceil_mode=pool.ceil_mode)


def followed(size: int, chain_of: list[Pool]) -> tuple[list[int], int | None]:
    """The sizes by PyTorch's own layers, and which of them is the first to refuse."""
    rows, sizes = torch.zeros(1, 1, size), [size]
    for number, pool in enumerate(chain_of, start=1):
        try:
            rows = highest(pool)(rows)
        except RuntimeError:
            return sizes, number
        sizes.append(rows.shape[-1])
    return sizes, None


def unseen(size: int, chain_of: list[Pool]) -> Array:
    """Rows that get no gradient, each in a map of its own in which it is the one that stands out.

    A window of padding alone has an index outside the map, where the backward pass writes, so that
    PyTorch 2.13 may end in the middle of it: there, by which peaks come out.
    """
    net, peaks = nn.Sequential(*map(highest, chain_of)), torch.eye(size)[:, None]
    if net(torch.zeros(1, 1, size)).isinf().any():
        seen = (net(peaks) == 1).any(dim=-1)[:, 0]
    else:
        peaks.requires_grad_()
        net(peaks).sum().backward()
        assert peaks.grad is not None
        seen = peaks.grad[:, 0].diagonal() > 0
    return np.asarray((~seen).nonzero()[:, 0].numpy())


@times(300)
@given(st.integers(1, 70), pools())
def test_chains(size: int, chain_of: list[Pool]) -> None:
    sizes, refuses = followed(size, chain_of)
    found = model.pooled_sizes(size, chain_of)
    assert list(found.sizes) == sizes
    assert found.breaks_at == refuses
    if refuses:
        assert found.would_give is not None
        assert found.would_give < 1
        with pytest.raises(ValueError, match=f"pooling {refuses} of {len(chain_of)} finds no"):
            model.lost(size, chain_of)
        return
    rows = unseen(size, chain_of)
    assert_array_equal(model.lost(size, chain_of), rows)
    assert chain.works(size, chain_of) == (len(rows) == 0)


@times(100)
@given(st.integers(1, 60), pools(3))
def test_lost_rows_get_no_gradient_of_a_mean(size: int, chain_of: list[Pool]) -> None:
    """The gradient of the sum of all outputs, whatever the values are; means know no dilation."""
    plain = [Pool(p.kernel_size, p.stride, p.padding, 1, p.ceil_mode) for p in chain_of]
    assume(model.pooled_sizes(size, plain).breaks_at is None)
    layers = (nn.AvgPool1d(p.kernel_size, p.step, p.padding, p.ceil_mode) for p in plain)
    rows = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    nn.Sequential(*layers)(rows).sum().backward()
    assert rows.grad is not None
    assert_array_equal(model.lost(size, plain), (rows.grad[0, 0] == 0).nonzero()[:, 0].numpy())


@times(30)
@given(st.integers(1, 60), st.integers(1, 3), pools(1))
def test_nearest_sizes_that_work(size: int, number: int, one: list[Pool]) -> None:
    every = one * number
    within = range(max(size - 12, 1), size + 13)
    fine = [n for n in within if followed(n, every)[1] is None and not len(unseen(n, every))]
    first = next((n for n in range(1, 200) if followed(n, every)[1] is None), None)
    assert first is not None
    assert chain.least(every) == first
    begin = max(size + 1, first)
    later = range(begin, begin + 12)
    found = chain.nearest(size, every, reach=12)
    assert found.below == max((n for n in fine if n < size), default=None)
    works = (n for n in later if followed(n, every)[1] is None and not len(unseen(n, every)))
    assert found.above == next(works, None)


@pytest.mark.parametrize("depth", range(6))
def test_closes(depth: int) -> None:
    """Down and up again through PyTorch's layers; then skip connections fit on each level."""
    for size in range(2**depth, 2**depth + 70):
        levels, rows = [], torch.zeros(1, 1, size)
        for _ in range(depth):
            levels.append(rows)
            rows = nn.MaxPool1d(2)(rows)
        fit = []
        for skip in reversed(levels):
            rows = nn.Upsample(scale_factor=2)(rows)
            fit.append(rows.shape == skip.shape)
        assert model.closes(size, depth) == all(fit)
        padded = model.next_size_that_closes(size, depth)
        assert model.closes(padded, depth)
        assert not any(model.closes(n, depth) for n in range(size, padded))


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (2, 1), (3, 3), (5, 4)])
def test_most_pools(kernel: int, stride: int) -> None:
    pool = Pool(kernel, stride)
    for size in (1, 2, 3, 5, 8, 15, 31, 32, 47, 64):
        _, refuses = followed(size, [pool] * 70)
        assert refuses == model.most_pools(size, kernel, stride) + 1


@times(60)
@given(st.integers(1, 40), pools(1))
def test_divisors(size: int, one: list[Pool]) -> None:
    """One over the gradient that a window's mean sends to each of its rows."""
    kernel, stride, padding = one[0].kernel_size, one[0].step, one[0].padding
    assume(size + 2 * padding >= kernel)
    found = model.divisors(size, kernel, stride, padding)
    for (include, ceil), ours in found.items():
        mean = nn.AvgPool1d(kernel, stride, padding, ceil, include)
        sent = torch.autograd.functional.jacobian(mean, torch.zeros(1, size, dtype=torch.float64))
        assert_allclose(ours, 1 / sent[0, :, 0].amax(dim=-1).numpy(), rtol=1e-12)


@times(60)
@given(st.integers(1, 40), st.integers(1, 20))
def test_adaptive_windows(size: int, outputs: int) -> None:
    mean = nn.AdaptiveAvgPool1d(outputs)
    sent = torch.autograd.functional.jacobian(mean, torch.zeros(1, size, dtype=torch.float64))
    seen = sent[0, :, 0] > 0
    lengths = seen.sum(dim=1)
    shared = int((seen.sum(dim=0) > 1).sum())
    expected = (int(lengths.min()), int(lengths.max()), shared)
    assert model.adaptive_layout(size, outputs) == expected
    ordinary = model.adaptive_is_ordinary(size, outputs)
    shapes = itertools.product(range(1, size + 1), range(1, size + 1))
    fitting = [
        shape
        for shape in shapes
        if (size - shape[0]) // shape[1] + 1 == outputs
        and torch.equal(seen, windows_of(size, *shape))
    ]
    assert (ordinary is None) == (not fitting)
    if ordinary is not None:
        assert (ordinary.kernel_size, ordinary.step) in fitting


def windows_of(size: int, kernel: int, stride: int) -> Tensor:
    """Which rows each window of an ordinary pooling sees."""
    places = torch.arange(size)[None, None].double()
    starts = -functional.max_pool1d(-places, kernel, stride)[0, 0]
    ends = functional.max_pool1d(places, kernel, stride)[0, 0]
    return (places[0] >= starts[:, None]) & (places[0] <= ends[:, None])
