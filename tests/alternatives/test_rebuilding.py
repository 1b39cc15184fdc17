"""What is rebuilt, and where gradients go: by loops, by differences, and by known laws."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, ndimage, stats

from explainers.alternatives import measured, rebuilding
from explainers.alternatives.rebuilding import (
    DOWN,
    KEPT,
    PICTURES,
    overlap,
    passed_back,
    pictures,
    reaching,
    read_place,
    rebuilt,
)
from explainers.checks import Floats
from explainers.maps import smooth_maps

# ---- Rebuilt ----


@pytest.mark.parametrize("window", [2, 4])
def test_means_of_independent_values_tell_of_the_mean_alone(window: int) -> None:
    for picture in ("noise", "rectified"):
        found = rebuilt("mean", window, picture=picture, maps=200, size=32)
        assert found.value == pytest.approx(math.sqrt(1 - 1 / window**2), abs=0.006)


@pytest.mark.parametrize("window", [2, 4])
def test_every_second_of_independent_values_is_all_that_comes_back(window: int) -> None:
    found = rebuilt("every second value", window, picture="noise", maps=200, size=32)
    assert found.value == pytest.approx(math.sqrt(1 - 1 / window**2), abs=0.006)


def below(most: float) -> float:
    """Mean of a normal value that is less than this."""
    return -float(stats.norm.pdf(most) / stats.norm.cdf(most))


def law_of_maxima(n: int, indices: bool) -> float:
    """Error of the best linear read-out of the largest of n normal values, and of its place."""

    def of_the_max(f: Callable[[float], float]) -> float:
        def weighed(m: float) -> float:
            chance = n * stats.norm.pdf(m) * stats.norm.cdf(m) ** (n - 1)
            return float(f(m) * chance)

        return float(integrate.quad(weighed, -9, 9)[0])

    mean = of_the_max(lambda m: m)
    spread = of_the_max(lambda m: (m - mean) ** 2)
    # With the place, the largest is known, and each of the others is read from it, linearly.
    others = of_the_max(below)
    if not indices:
        both = of_the_max(lambda m: (m - mean) * (m + (n - 1) * below(m)) / n)
        return math.sqrt(1 - both**2 / spread)
    squares = of_the_max(lambda m: 1 + m * below(m))  # of a value below m: its mean square
    both = of_the_max(lambda m: (m - mean) * below(m))
    left = squares - others**2 - both**2 / spread
    return math.sqrt((n - 1) / n * left)


@pytest.mark.parametrize(("window", "slack"), [(2, 0.01), (3, 0.01), (4, 0.015)])
def test_maxima_of_independent_values_by_their_law(window: int, slack: float) -> None:
    for kept in ("max", "max and indices"):
        size = 30 if window == 3 else 32
        found = rebuilt(kept, window, picture="noise", maps=200, size=size)
        law = law_of_maxima(window**2, kept != "max")
        assert found.value == pytest.approx(law, abs=slack), kept


def loops(kept: str, picture: Floats, window: int) -> Floats:
    """What is seen of each window of a picture, place by place."""
    side = len(picture) // window
    cells = [
        [
            [
                float(picture[window * i + a, window * j + b])
                for a in range(window)
                for b in range(window)
            ]
            for j in range(side)
        ]
        for i in range(side)
    ]
    ways: dict[str, Callable[[list[float]], float]] = {
        "mean": lambda x: sum(x) / len(x),
        "every second value": lambda x: x[0],
    }
    one = ways.get(kept, max)
    rows = []
    for i in range(side):
        for j in range(side):
            own = cells[i][j]
            row = [1.0]
            row += [
                one(cells[(i + a) % side][(j + b) % side]) for a in (-1, 0, 1) for b in (-1, 0, 1)
            ]
            if kept == "max and indices":
                first = own.index(max(own))
                row += [float(k == first) for k in range(len(own))]
                row += [own[k] * (k == first) for k in range(len(own))]
            rows.append(row + own)
    return np.array(rows)


@pytest.mark.parametrize("kept", KEPT)
def test_the_read_out_is_the_least_squares_one(kept: str) -> None:
    maps, window = 12, 2
    whole = pictures("natural", maps, 16, seed=3)
    both = [loops(kept, picture, window) for picture in whole]
    fit, test = np.concatenate(both[:6]), both[6:]
    read = np.linalg.pinv(fit[:, :-4]) @ fit[:, -4:]
    wrong = [((rows[:, :-4] @ read - rows[:, -4:]) ** 2).mean() for rows in test]
    found = rebuilt(kept, window, picture="natural", maps=maps, size=16, seed=3)
    assert found.value == pytest.approx(math.sqrt(np.mean(wrong)), rel=1e-6)
    error = 1.959964 * np.std(wrong, ddof=1) / math.sqrt(6)
    assert found.high**2 - found.value**2 == pytest.approx(error, rel=1e-6)


def test_pictures_are_what_they_are_called() -> None:
    assert set(PICTURES) == {"natural", "smooth", "noise", "rectified"}
    drawn = {kind: pictures(kind, 200, 32, seed=1) for kind in PICTURES}
    for kind, maps in drawn.items():
        assert maps.var() == pytest.approx(rebuilding.VARIANCES[kind], rel=0.05)
    near = {
        kind: np.corrcoef(maps[:, :, 1:].ravel(), maps[:, :, :-1].ravel())[0, 1]
        for kind, maps in drawn.items()
    }
    assert near["smooth"] == pytest.approx(math.exp(-1 / 8), abs=0.01)
    assert near["noise"] == pytest.approx(0, abs=0.01)
    assert (drawn["rectified"] == np.maximum(drawn["noise"], 0)).all()
    spectrum = (np.abs(np.fft.fft2(drawn["natural"])) ** 2).mean(axis=0)
    assert spectrum[1, 0] / spectrum[4, 0] == pytest.approx(16, rel=0.25)


def test_a_window_that_does_not_divide() -> None:
    with pytest.raises(ValueError, match="window must be a divisor of the size, 32; got 3"):
        rebuilt("max", 3)


# ---- The gradient ----


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("stride", range(1, 6))
def test_in_how_many_windows_a_place_lies(kernel: int, stride: int) -> None:
    reach = 20 * stride
    met = Counter(first + i for first in range(0, reach, stride) for i in range(kernel))
    middle = [met[10 * stride + i] for i in range(stride)]
    expected = [[down * across for across in middle] for down in middle]
    assert overlap(kernel, stride).tolist() == expected


def output(down: str, plane: Floats) -> Floats:
    """Each layer once more, by SciPy's filters: the map, halved; it goes on round."""
    if down == "blurred max":
        largest = ndimage.maximum_filter(plane, 2, mode="wrap", origin=-1)
        kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
        return np.asarray(ndimage.correlate(largest, kernel, mode="wrap")[::2, ::2])
    if down == "max":
        return np.asarray(ndimage.maximum_filter(plane, 2, mode="wrap", origin=-1)[::2, ::2])
    if down == "every second value":
        return plane[::2, ::2]
    side = {"mean": 2, "convolution 3": 3, "convolution 4": 4}[down]
    origin = 0 if side == 3 else (-1 if side == 2 else 0)
    whole = ndimage.uniform_filter(plane, side, mode="wrap", origin=origin)
    if side == 4:  # of an even kernel, SciPy's middle is behind the middle
        whole = np.roll(whole, (-1, -1), axis=(0, 1))
    return np.asarray(whole[::2, ::2])


@pytest.mark.parametrize("down", DOWN)
def test_the_gradient_is_that_of_small_differences(down: str) -> None:
    rng = np.random.default_rng(5)
    plane, upstream = rng.standard_normal((8, 8)), rng.standard_normal((4, 4))
    found = passed_back(down, plane[None], upstream[None])[0]
    expected = np.empty_like(plane)
    for place in np.ndindex(plane.shape):
        moved = np.zeros_like(plane)
        moved[place] = 1e-6
        change = output(down, plane + moved) - output(down, plane - moved)
        expected[place] = (change * upstream).sum() / 2e-6
    assert_allclose(found, expected, atol=1e-7)


def test_of_equal_values_the_first_gets_the_gradient() -> None:
    found = passed_back("max", np.zeros((1, 4, 4)), np.ones((1, 2, 2)))
    assert found[0].tolist() == [[1, 0, 1, 0], [0] * 4, [1, 0, 1, 0], [0] * 4]


@pytest.mark.parametrize("shape", [(4, 4), (1, 3, 3), (1, 4, 6)])
def test_maps_that_cannot_be_halved(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape of maps"):
        passed_back("mean", np.zeros(shape), np.ones((1, 2, 2)))
    with pytest.raises(ValueError, match="shape of upstream"):
        passed_back("mean", np.zeros((1, 4, 4)), np.ones((1, 4, 4)))


@pytest.mark.parametrize("down", DOWN)
def test_where_gradients_arrive(down: str) -> None:
    found = reaching(down, length=1, maps=10, size=16, seed=4)
    given = smooth_maps(10, 16, 1, 4)
    each = [passed_back(down, plane[None], np.ones((1, 8, 8)))[0] for plane in given]
    shares = [np.count_nonzero(gradient) / 256 for gradient in each]
    even = [np.abs(g).sum() ** 2 / (g**2).sum() / 256 for g in each]
    assert found.share.value == pytest.approx(np.mean(shares))
    assert found.even.value == pytest.approx(np.mean(even))
    squares = np.array(
        [[np.mean([(g[i::2, j::2] ** 2).mean() for g in each]) for j in (0, 1)] for i in (0, 1)]
    )
    assert_allclose(found.by_place, squares / squares.mean())
    if down == "max":
        assert found.share == (0.25, 0.25, 0.25)


def test_by_place_a_convolution_has_the_squares_of_its_overlap() -> None:
    for kernel in (3, 4):
        # The windows of these kernels begin one place before a cell: its places change places.
        lies = np.roll(overlap(kernel, 2), 1, axis=(0, 1))
        squares = lies.astype(float) ** 2
        assert_allclose(reaching(f"convolution {kernel}").by_place, squares / squares.mean())


# ---- The place ----


@pytest.mark.parametrize(("pool", "width", "noise"), [("max", 0, 0.2), ("mean", 1.5, 0.1)])
def test_places_are_those_that_are_measured_elsewhere(
    pool: str, width: float, noise: float
) -> None:
    found = read_place(pool, width=width, noise=noise, samples=300, seed=2)
    case = {"width": width, "noise": noise, "samples": 300, "seed": 2}
    assert found.pooled == measured.place_error(pool, **case)  # type: ignore[arg-type]
    assert found.skip == measured.place_error("none", **case)  # type: ignore[arg-type]
    tried = [measured.soft_argmax_error(t, **case) for t in rebuilding.TEMPERATURES]  # type: ignore[arg-type]
    assert found.soft == min(tried)
    assert tried[rebuilding.TEMPERATURES.index(found.temperature)] == found.soft
