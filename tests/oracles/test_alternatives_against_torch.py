"""The chapter's pools and their gradients against PyTorch, and its laws against simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from torch.nn import functional as F  # noqa: N812

from explainers.alternatives import model, rebuilding
from explainers.alternatives.aggregates import (
    AGGREGATES,
    aggregate,
    attention,
    generalised_mean,
    slope_in_p,
    soft_argmax,
    softmax_weighted,
    stochastic,
)
from explainers.alternatives.pools import pool
from tests.oracles.torch_pools import GLOBAL, POOLS, class_token, stochastic_test, windows
from tests.oracles.torch_pools import attention as attention_of

torch.set_num_threads(1)

SIMPLE = [name for name in POOLS if name not in ("stochastic", "concatenated", "attention")]
APART = {"polyphase", "max polyphase"}  # they choose by all channels of a map
DRAWS = np.random.default_rng(0)


def positive(*shape: int) -> Any:
    return torch.from_numpy(DRAWS.random(shape))


# ---- Pools ----


@pytest.mark.parametrize("name", SIMPLE)
def test_a_pool_is_what_it_is_in_torch(name: str) -> None:
    for size in (2, 6, 16):
        maps = positive(1 if name in APART else 3, 1, size, size)
        theirs = POOLS[name](maps).numpy()[:, 0]
        ours = pool(name)(maps.numpy()[:, 0])[:, 0]
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("name", ["mean", "max", "min", "median", "Lp", "softmax-weighted",
                                  "log-sum-exp", "mixed", "blur", "blurred max"])  # fmt: skip
def test_a_pool_of_values_of_both_signs(name: str) -> None:
    maps = torch.from_numpy(np.random.default_rng(1).standard_normal((4, 1, 8, 8)))
    theirs = POOLS[name](maps).numpy()[:, 0]
    np.testing.assert_allclose(pool(name)(maps.numpy()[:, 0])[:, 0], theirs, rtol=1e-9, atol=1e-12)


def test_two_maps_side_by_side() -> None:
    maps = positive(2, 1, 8, 8)
    ours = pool("concatenated")(maps.numpy()[:, 0])
    np.testing.assert_allclose(ours, POOLS["concatenated"](maps).numpy(), rtol=1e-12)


@pytest.mark.parametrize("stride", [2, 3, 4])
def test_space_to_depth_is_pixel_unshuffle(stride: int) -> None:
    maps = positive(2, 1, 12, 12)
    theirs = F.pixel_unshuffle(maps, stride).numpy()
    assert (pool("space to depth", stride)(maps.numpy()[:, 0]) == theirs).all()


@pytest.mark.parametrize(("side", "stride"), [(1, 2), (3, 2), (3, 3), (5, 4)])
def test_a_strided_convolution_of_a_map_that_goes_on_round(side: int, stride: int) -> None:
    maps = positive(2, 1, 12, 12)
    kernel = torch.from_numpy(np.random.default_rng(2).standard_normal((side, side)))
    half = side // 2
    around = F.pad(maps, (half, half, half, half), mode="circular") if half else maps
    theirs = F.conv2d(around, kernel[None, None], stride=stride).numpy()
    ours = pool("strided convolution", 2, stride, kernel=kernel.numpy())(maps.numpy()[:, 0])
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, 7.0])
def test_powers(p: float) -> None:
    maps = positive(3, 1, 8, 8)
    lp = F.lp_pool2d(maps, p, 2).numpy()[:, 0]
    np.testing.assert_allclose(pool("Lp", p=p)(maps.numpy()[:, 0])[:, 0], lp, rtol=1e-9)
    mean = (F.avg_pool2d(maps.clamp(min=1e-6) ** p, 2) ** (1 / p)).numpy()[:, 0]
    ours = pool("generalised mean", p=p)(maps.numpy()[:, 0])[:, 0]
    np.testing.assert_allclose(ours, mean, rtol=1e-9)


@pytest.mark.parametrize("name", ["global mean", "global max", "global generalised mean"])
def test_one_value_for_the_whole_map(name: str) -> None:
    maps = positive(3, 1, 14, 14)
    method = name.removeprefix("global ")
    theirs = GLOBAL[name](maps).numpy().ravel()
    ours = aggregate(method).pool(maps.numpy().reshape(3, -1))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_attention_is_scaled_dot_product_attention() -> None:
    rng = np.random.default_rng(3)
    keys, query = rng.standard_normal((5, 9, 6)), rng.standard_normal(6)
    values = rng.standard_normal((5, 9))
    asked = torch.from_numpy(query)[None, None].expand(5, 1, 6)
    theirs = F.scaled_dot_product_attention(
        asked, torch.from_numpy(keys), torch.from_numpy(values)[..., None]
    )
    ours = attention(values, keys @ query / math.sqrt(6))
    np.testing.assert_allclose(ours, theirs.numpy()[:, 0, 0], rtol=1e-9)


def test_attention_over_windows_and_a_class_token() -> None:
    rng = np.random.default_rng(4)
    maps = torch.from_numpy(rng.standard_normal((2, 5, 6, 6)))
    query = torch.from_numpy(rng.standard_normal(5))
    scores = (maps * query[None, :, None, None]).sum(dim=1, keepdim=True) / math.sqrt(5)
    ours = attention(windows(maps).numpy(), windows(scores).numpy())
    np.testing.assert_allclose(ours, attention_of(maps, query).numpy(), rtol=1e-9)
    whole = attention(maps.flatten(2).numpy(), scores.flatten(2).numpy())
    np.testing.assert_allclose(whole, class_token(maps, query).numpy()[..., 0, 0], rtol=1e-9)


def test_stochastic_pooling_draws_as_torch_does_on_average() -> None:
    maps = positive(1, 1, 4, 4)
    theirs = torch.stack([POOLS["stochastic"](maps) for _ in range(4000)]).mean(dim=0)
    seen = windows(maps).numpy()[0, 0].reshape(-1, 4)
    ours = stochastic(np.repeat(seen[None], 4000, axis=0), seed=1).mean(axis=0)
    law = stochastic_test(maps).numpy().ravel()
    np.testing.assert_allclose(theirs.numpy().ravel(), law, atol=0.03)
    np.testing.assert_allclose(ours, law, atol=0.03)


def test_a_soft_argmax_of_a_softmax() -> None:
    maps = torch.from_numpy(np.random.default_rng(5).standard_normal((3, 7, 9)))
    for temperature in (0.1, 1.0, 10.0):
        weights = (maps / temperature).flatten(1).softmax(dim=1).reshape(maps.shape)
        rows = (weights.sum(dim=2) * torch.arange(7)).sum(dim=1)
        columns = (weights.sum(dim=1) * torch.arange(9)).sum(dim=1)
        theirs = torch.stack([rows, columns], dim=1).numpy()
        np.testing.assert_allclose(soft_argmax(maps.numpy(), temperature), theirs, rtol=1e-9)


# ---- Gradients ----

WRITTEN: dict[str, Any] = {
    "every second value": lambda x: x[..., 0],
    "mean": lambda x: x.mean(dim=-1),
    "max": lambda x: x.max(dim=-1).values,
    "min": lambda x: x.min(dim=-1).values,
    "median": lambda x: torch.quantile(x, 0.5, dim=-1),
    "Lp": lambda x: torch.linalg.vector_norm(x, 3, dim=-1),
    "generalised mean": lambda x: (x.clamp(min=1e-6) ** 3).mean(dim=-1) ** (1 / 3),
    "softmax-weighted": lambda x: (x.softmax(dim=-1) * x).sum(dim=-1),
    "log-sum-exp": lambda x: x.logsumexp(dim=-1) - math.log(x.shape[-1]),
    "mixed": lambda x: (x.max(dim=-1).values + x.mean(dim=-1)) / 2,
    "stochastic test": lambda x: (x**2).sum(dim=-1) / x.sum(dim=-1),
}


@pytest.mark.parametrize("name", [name for name in AGGREGATES if name != "stochastic"])
@pytest.mark.parametrize("units", [1, 4, 9])
def test_gradients_are_those_of_automatic_differentiation(name: str, units: int) -> None:
    values = torch.from_numpy(np.random.default_rng(6).random((20, units))).requires_grad_()
    pooled = WRITTEN[name](values)
    pooled.sum().backward()
    one = aggregate(name)
    np.testing.assert_allclose(one.pool(values.detach().numpy()), pooled.detach(), rtol=1e-9)
    np.testing.assert_allclose(
        one.gradient(values.detach().numpy()), values.grad, rtol=1e-7, atol=1e-12
    )


def test_the_gradient_of_what_was_drawn_goes_to_it() -> None:
    values = np.random.default_rng(7).random((50, 4))
    drawn = stochastic(values, seed=3)
    place = (values == drawn[:, None]).argmax(axis=1)
    asked = torch.from_numpy(values).requires_grad_()
    asked.gather(1, torch.from_numpy(place)[:, None]).sum().backward()
    np.testing.assert_array_equal(aggregate("stochastic", seed=3).gradient(values), asked.grad)


def slope(row: Any, clamp: float, *, logarithms: bool) -> float:
    """The gradient by p at 3, of a power as such or written with a logarithm."""
    p = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    lifted = torch.as_tensor(row, dtype=torch.float64).clamp(min=clamp)
    powers = torch.exp(p * torch.log(lifted)) if logarithms else lifted**p
    (powers.mean() ** (1 / p)).backward()
    assert p.grad is not None
    return float(p.grad)


@pytest.mark.parametrize("clamp", [0.0, 1e-6, 1e-2])
@pytest.mark.parametrize("logarithms", [True, False])
def test_the_slope_in_p(clamp: float, logarithms: bool) -> None:
    for row in np.random.default_rng(8).random((6, 5)) + 0.05:
        theirs = slope(row, clamp, logarithms=logarithms)
        np.testing.assert_allclose(slope_in_p(row, 3, clamp), theirs, rtol=1e-9)


def test_where_the_slope_in_p_is_nan() -> None:
    """PyTorch's own power: where all are zero. Written with a logarithm: at one zero."""
    zero, zeros = [0.0, 1.0, 2.0, 3.0], [0.0] * 4
    theirs = slope(zero, 0, logarithms=False)
    np.testing.assert_allclose(slope_in_p(zero, 3, 0), theirs, rtol=1e-9)
    assert math.isnan(slope(zero, 0, logarithms=True))
    assert math.isnan(slope(zeros, 0, logarithms=False))
    assert math.isnan(slope_in_p(zeros, 3, 0))
    for window in (zero, zeros):
        theirs = slope(window, 1e-6, logarithms=False)
        np.testing.assert_allclose(slope_in_p(window, 3, 1e-6), theirs, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("down", rebuilding.DOWN)
def test_gradients_through_halvings(down: str) -> None:
    rng = np.random.default_rng(9)
    maps = torch.from_numpy(rng.standard_normal((2, 1, 8, 8))).requires_grad_()
    upstream = rng.standard_normal((2, 4, 4))
    kernels = {"convolution 3": (3, 1, 1), "convolution 4": (4, 1, 2)}
    if down in kernels:
        side, before, after = kernels[down]
        around = F.pad(maps, (before, after, before, after), mode="circular")
        kernel = torch.full((1, 1, side, side), 1 / side**2, dtype=torch.float64)
        halved = F.conv2d(around, kernel, stride=2)
    else:
        halved = POOLS[down](maps)
    (halved[:, 0] * torch.from_numpy(upstream)).sum().backward()
    assert maps.grad is not None
    ours = rebuilding.passed_back(down, maps.detach().numpy()[:, 0], upstream)
    np.testing.assert_allclose(ours, maps.grad.numpy()[:, 0], rtol=1e-9, atol=1e-12)


def test_a_window_of_equal_values_as_torch_takes_it() -> None:
    maps = torch.zeros(1, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    F.max_pool2d(maps, 2).sum().backward()
    assert maps.grad is not None
    ours = rebuilding.passed_back("max", np.zeros((1, 4, 4)), np.ones((1, 2, 2)))
    np.testing.assert_array_equal(ours, maps.grad.numpy()[:, 0])


def test_in_how_many_windows_places_lie_by_folding() -> None:
    for kernel, stride in ((3, 2), (4, 2), (5, 3), (7, 4)):
        side = kernel + 10 * stride
        taps = torch.ones(1, kernel**2, 11**2)
        lies = F.fold(taps, (side, side), kernel, stride=stride)[0, 0].numpy()
        cell = lies[4 * stride : 5 * stride, 4 * stride : 5 * stride]
        np.testing.assert_array_equal(rebuilding.overlap(kernel, stride), cell)


# ---- Laws, by quadrature and by simulation ----


@pytest.mark.parametrize("correlation", [0.0, 0.4])
@pytest.mark.parametrize(("units", "seen"), [(4, 1), (9, 3)])
def test_hit_rate_of_the_max_by_quadrature(units: int, seen: int, correlation: float) -> None:
    own, shared = math.sqrt(1 - correlation), math.sqrt(correlation)

    def silent(threshold: float, number: int) -> float:
        def given(common: float) -> float:
            away = (threshold - shared * common) / own
            others = stats.norm.cdf(away) ** (units - number)
            return float(others * stats.norm.cdf(away - 2 / own) ** number * stats.norm.pdf(common))

        return float(integrate.quad(given, -9, 9, epsabs=1e-12)[0])

    low, high = 0.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - silent(middle, 0) > 0.05 else (low, middle)
    found = model.max_hit_rate(units, seen, correlation=correlation)
    np.testing.assert_allclose(found, 1 - silent(low, seen), atol=1e-8)


@pytest.mark.parametrize("query", model.QUERIES)
def test_hit_rate_of_attention_by_simulation(query: str) -> None:
    rng = np.random.default_rng(10)
    scores = model.attention_scores(9, 2, query)
    noise = rng.standard_normal((400_000, 9))
    scene = rng.standard_normal((400_000, 9)) + 2 * (np.arange(9) < 2)
    threshold = np.quantile(attention(noise, scores), 0.95)
    hit = (attention(scene, scores) > threshold).mean()
    np.testing.assert_allclose(model.attention_hit_rate(9, 2, query), hit, atol=0.004)


def test_generalised_mean_and_softmax_go_from_mean_to_max_as_torch_does() -> None:
    values = np.random.default_rng(11).random((5, 16))
    tensor = torch.from_numpy(values)
    for p in (1.0, 5.0, 200.0):
        power = torch.logsumexp(p * tensor.log(), dim=1) - math.log(16)
        np.testing.assert_allclose(generalised_mean(values, p), (power / p).exp(), rtol=1e-6)
    for temperature in (1e-3, 1.0, 1e6):
        weighted = ((tensor / temperature).softmax(dim=1) * tensor).sum(dim=1)
        np.testing.assert_allclose(softmax_weighted(values, temperature), weighted, rtol=1e-9)
