"""What the figures show: their data, by routes of their own."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose, assert_array_equal
from scipy import integrate, stats

from explainers.checks import Floats
from explainers.drawing import style
from explainers.maps import smooth_maps
from explainers.sizes import figures
from explainers.sizes.model import Pool
from tests.drawing import column, drawn
from tests.sizes import reference, reference_layers


def rectangles(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def strokes(axes: Axes) -> list[LineCollection]:
    return [each for each in axes.collections if isinstance(each, LineCollection)]


def test_the_figures_are_in_their_order() -> None:
    assert [figure.id for figure in figures.FIGURES] == [
        "chain-of-sizes",
        "sizes-that-close",
        "adaptive-windows",
        "same-or-symmetric",
        "divisor-at-the-border",
        "unpooled",
        "stacked-windows",
        "near-objects",
        "small-objects",
        "how-many-poolings",
        "norm-before-or-after",
        "dropout-before-or-after",
        "rectifier-and-collapse",
        "padded-tail",
        "diluted-mean",
        "nan-spreads",
        "rounded-pools",
        "gradient-order",
        "three-dimensions",
    ]


# Sizes


@pytest.mark.parametrize(
    ("size", "poolings", "window"), [(28, 5, 2), (28, 3, 2), (100, 4, 3), (224, 5, 2), (8, 2, 4)]
)
def test_chain_of_sizes_row_by_row(size: int, poolings: int, window: int) -> None:
    drawing = drawn(figures.chain_of_sizes, size=size, poolings=poolings, window=window)
    sizes = [size]
    while len(sizes) <= poolings and sizes[-1] >= window:
        sizes.append(sizes[-1] // window)
    assert column(drawing, "size").tolist() == sizes
    lost = [len(reference.rows_unseen(size, [Pool(window)] * n)) for n in range(len(sizes))]
    assert column(drawing, "seen").tolist() == [size - each for each in lost]
    cut = [a - window * b for a, b in itertools.pairwise(sizes)]
    assert column(drawing, "cut_off").tolist() == [*cut, 0]
    seen = size - lost[-1]
    assert drawing.values["seen"] == seen
    assert drawing.values["share"] == pytest.approx(seen**2 / size**2)
    assert drawing.values["sides"] == ", ".join(map(str, sizes))
    breaks = len(sizes) <= poolings
    said = f"Pooling {len(sizes)} finds no window" if breaks else "All poolings find a window."
    assert said in drawing.caption
    words = [text.get_text() for text in drawing.canvas.axes[0].texts]
    assert words == [*map(str, sizes), *["breaks"] * breaks]


def test_what_is_cut_off_is_hatched() -> None:
    """Of a map of 28, 16 rows are seen: strokes lie beyond, and reach to all of its edges."""
    _, right = drawn(figures.chain_of_sizes).canvas.axes
    ends = np.concatenate([np.array(each.get_segments()) for each in strokes(right)])
    x, y = ends.reshape(-1, 2).T
    assert ((x >= 16 - 1e-9) | (y <= 12 + 1e-9)).all()
    assert_allclose((x.min(), x.max(), y.min(), y.max()), (0, 28, 0, 28), atol=1e-9)
    assert_allclose(np.diff(ends, axis=1).reshape(-1, 2) @ [1, -1], 0, atol=1e-9)
    whole = drawn(figures.chain_of_sizes, size=64).canvas.axes[1]
    assert strokes(whole) == []


@pytest.mark.parametrize(("depth", "size"), [(4, 50), (1, 1), (3, 64), (5, 33)])
def test_sizes_that_close_down_and_up(depth: int, size: int) -> None:
    drawing = drawn(figures.sizes_that_close, depth=depth, size=size)

    def back(side: int, deep: int) -> bool:
        down = side
        for _ in range(deep):
            down = (down - down % 2) // 2
        return bool(down * 2**deep == side)

    shown = dict(zip(column(drawing, "size"), column(drawing, "comes_back"), strict=True))
    assert shown == {side: int(back(side, depth)) for side in range(1, 65)}
    shares = [np.mean([back(side, deep) for side in range(16, 513)]) for deep in range(1, 7)]
    assert_allclose(column(drawing, "share")[:6].astype(float), shares)
    assert drawing.values["share"] == pytest.approx(shares[depth - 1])
    assert drawing.values["next"] == pytest.approx(shares[depth])
    padded = next(side for side in itertools.count(size) if back(side, depth))
    said = "comes back as it is" if padded == size else f"is to be padded to {padded}."
    assert f"Outlined: {size}, which" in drawing.caption
    assert said in drawing.caption


@pytest.mark.parametrize(("size", "output"), [(10, 7), (15, 7), (14, 7), (24, 8), (8, 1)])
def test_adaptive_windows_in_fractions(size: int, output: int) -> None:
    drawing = drawn(figures.adaptive_windows, size=size, output=output, maps=100)
    rows = reference.adaptive_rows(size, output)
    assert column(drawing, "begin").tolist() == [window.start for window in rows]
    assert column(drawing, "end").tolist() == [window.stop for window in rows]
    stride = size // output
    usual = [range(i * stride, size - (output - 1 - i) * stride) for i in range(output)]
    assert column(drawing, "usual_begin").tolist() == [window.start for window in usual]
    assert column(drawing, "usual_end").tolist() == [window.stop for window in usual]
    twice = [row for row in range(size) if sum(row in window for window in rows) > 1]
    assert len(twice) == output - math.gcd(size, output)
    said = {0: "none of the values is", 1: "one value is"}.get(len(twice), f"{len(twice)} values")
    assert said in drawing.caption
    noise = np.random.default_rng(5).standard_normal((60, size, size))
    gaps = [
        reference.pooled(plane, rows, rows, "mean") - reference.pooled(plane, usual, usual, "mean")
        for plane in noise
    ]
    rms = math.sqrt(np.mean(np.square(gaps)))
    assert drawing.values["error"] == pytest.approx(rms, rel=0.08, abs=1e-12)
    words = "Its windows differ from these" if usual != rows else "Its windows are the same"
    assert words in drawing.caption
    bars = [patch for axes in drawing.canvas.axes for patch in axes.patches]
    strong = {patch.get_facecolor() for patch in bars if patch.get_alpha() == 1}
    assert len(strong) == (2 if usual != rows else 1)


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), [(8, 3, 2), (9, 3, 2), (7, 2, 3), (5, 5, 1), (16, 4, 1)]
)
def test_same_or_symmetric_row_by_row(size: int, kernel: int, stride: int) -> None:
    drawing = drawn(figures.same_or_symmetric, size=size, kernel=kernel, stride=stride)
    before, after = reference.same_pads(size, kernel, stride)
    each = math.ceil((before + after) / 2)
    same = reference.window_rows(size, kernel, stride, before)
    both = reference.window_rows(size, kernel, stride, each)
    firsts = np.arange(len(same)) * stride
    assert_array_equal(column(drawing, "same_begin"), firsts - before)
    assert_array_equal(column(drawing, "same_end"), firsts - before + kernel)
    assert_array_equal(column(drawing, "both_begin"), firsts - each)
    assert_array_equal(column(drawing, "both_end"), firsts - each + kernel)
    differ = [one != other for one, other in zip(same, both, strict=True)]
    assert column(drawing, "differs").tolist() == differ
    pads = tuple(drawing.values[name] for name in ("begin", "end", "symmetric"))
    assert pads == (before, after, each)
    equal = Fraction(0)
    for (one, other), (two, more) in itertools.product(zip(same, both, strict=True), repeat=2):
        windows = set(itertools.product(one, two)), set(itertools.product(other, more))
        equal += Fraction(len(windows[0] & windows[1]), len(windows[0] | windows[1]))
    assert drawing.values["share"] == pytest.approx(float(1 - equal / len(same) ** 2))
    bars = [bar for axes in drawing.canvas.axes for bar in rectangles(axes)]
    strong = {bar.get_facecolor() for bar in bars if bar.get_fill() and bar.get_alpha() == 1}
    assert strong == {to_rgba(style.colour("max" if any(differ) else "single"))}


def test_all_outputs_differ_or_none_whatever_is_set() -> None:
    """So the caption says one or the other."""
    for size, kernel, stride in itertools.product(range(5, 17), range(2, 6), range(1, 4)):
        before, after = reference.same_pads(size, kernel, stride)
        same = reference.window_rows(size, kernel, stride, before)
        both = reference.window_rows(size, kernel, stride, math.ceil((before + after) / 2))
        differ = [one != other for one, other in zip(same, both, strict=True)]
        assert set(differ) == {(before + after) % 2 == 1}
    assert "All 4 outputs are of other values" in drawn(figures.same_or_symmetric, size=8).caption
    assert "No output is of other values" in drawn(figures.same_or_symmetric, size=9).caption


@pytest.mark.parametrize(("size", "kernel", "stride"), [(6, 3, 2), (8, 5, 2), (7, 4, 3), (4, 2, 2)])
def test_divisor_at_the_border_place_by_place(size: int, kernel: int, stride: int) -> None:
    drawing = drawn(figures.divisor_at_the_border, size=size, kernel=kernel, stride=stride)
    pad, names = kernel // 2, ("count_include_pad", "ceil_mode", "row", "column", "divisor")
    assert drawing.values["padding"] == pad
    shown = list(zip(*(column(drawing, name).tolist() for name in names), strict=True))
    expected, corners = [], []
    for include, ceil in ((1, 0), (1, 1), (0, 0), (0, 1)):
        number = reference.outputs(size, Pool(kernel, stride, pad, ceil_mode=bool(ceil)))
        low, high = (-pad, size + pad) if include else (0, size)
        along = [
            len(range(max(i * stride - pad, low), min(i * stride - pad + kernel, high)))
            for i in range(number)
        ]
        for row, across in itertools.product(range(number), repeat=2):
            expected.append((include, ceil, row, across, along[row] * along[across]))
        corners.append(along[-1] ** 2)
    assert shown == expected
    said = (
        "divided by {} and {} if padding counts (without ceil_mode, and with it), else by {} and {}"
    )
    assert said.format(*corners) in drawing.caption


@pytest.mark.parametrize("seed", [0, 3])
def test_unpooled_window_by_window(seed: int) -> None:
    drawing = drawn(figures.unpooled, seed=seed)
    for side in (4, 5):
        grid = np.full((5, 5), np.nan)
        found = {}
        for name in ("map", "pooled", "unpooled"):
            cells = [np.nan if each is None else each for each in drawing.table[f"{name}_{side}"]]
            grid = np.array(cells, float).reshape(5, 5)
            found[name] = grid[~np.isnan(grid).all(axis=1)][:, ~np.isnan(grid).all(axis=0)]
        assert found["map"].shape == found["unpooled"].shape == (side, side)
        back = np.zeros((side, side))
        for top, left in itertools.product((0, 2), repeat=2):
            window = found["map"][top : top + 2, left : left + 2]
            assert found["pooled"][top // 2, left // 2] == window.max()
            row, across = np.argwhere(window == window.max())[0]
            back[top + row, left + across] = window.max()
        assert_array_equal(found["unpooled"], back)
    assert drawing.table["pooled_4"] == drawing.table["pooled_5"]
    assert (drawing.values["kept"], drawing.values["values"]) == (4, 16)
    small = [each for each in drawing.table["map_4"] if each is not None]
    assert (drawing.values["low"], drawing.values["high"]) == (min(small), max(small))


# Poolings on poolings


@pytest.mark.parametrize(("around", "poolings"), [(2, 3), (1, 2), (3, 2)])
def test_stacked_windows_by_counting(around: int, poolings: int) -> None:
    drawing, kernel = (
        drawn(figures.stacked_windows, around=around, poolings=poolings),
        2 * around + 1,
    )
    reach = {0}
    sides = []
    for _ in range(poolings):
        reach = {row + step for row in reach for step in range(-around, around + 1)}
        sides.append(len(reach))
    assert [side for side in drawing.table["side"] if side] == sides
    kernels = [kernel] * poolings
    whole, rows = (reference.compared(kernels, separable) for separable in (False, True))
    assert column(drawing, "comparisons").tolist() == [*whole, *rows]
    shown = ("stacked", "direct", "rows_stacked", "rows_direct")
    assert [drawing.values[name] for name in shown] == [*whole, *rows]
    squares = {p.get_width() for p in rectangles(drawing.canvas.axes[0]) if not p.get_fill()}
    assert squares == set(sides)


# Small objects


@pytest.mark.parametrize(("poolings", "distance"), [(4, 4), (2, 1), (3, 20)])
def test_near_objects_place_by_place(poolings: int, distance: int) -> None:
    drawing = drawn(figures.near_objects, poolings=poolings, distance=distance)

    def merged(apart: int, depth: int) -> float:
        side = 2**depth
        return float(np.mean([x // side == (x + apart) // side for x in range(side)]))

    distances = column(drawing, "distance").tolist()
    assert distances == list(range(1, 2**poolings + 1))
    for depth in range(1, poolings + 1):
        shown = column(drawing, f"poolings_{depth}")
        assert_allclose(shown, [merged(apart, depth) for apart in distances])
    assert drawing.values["merged"] == merged(distance, poolings)
    assert drawing.values["fewer"] == merged(distance, poolings - 1)
    never = drawing.values["never"]
    assert merged(never, poolings) == 0 < merged(never - 1, poolings)


@pytest.mark.parametrize(("poolings", "strength"), [(2, 3.0), (1, 1.5), (3, 4.0)])
def test_small_objects_by_scipy_and_scikit_image(poolings: int, strength: float) -> None:
    settings = {"poolings": poolings, "strength": strength, "false_alarm": 0.02, "width": 3}
    drawing = drawn(figures.small_objects, **settings)
    assert column(drawing, "width").tolist() == list(range(1, 17))
    for name in ("max", "mean", "subsample"):
        for width in (1, 3, 16):
            maps = reference.squares(width, 2**poolings, 32)
            left = reference.block_pooled(maps, 2**poolings, name).max(axis=(1, 2)).mean()
            assert column(drawing, f"height_{name}")[width - 1] == pytest.approx(left)
            hit = reference.found(width, poolings, name, strength, 0.02, "value")
            assert column(drawing, f"hit_{name}")[width - 1] == pytest.approx(hit, abs=1e-9)
        assert drawing.values[f"{name}_left"] == column(drawing, f"height_{name}")[2]
        assert drawing.values[f"{name}_hit"] == column(drawing, f"hit_{name}")[2]
        assert drawing.values[f"{name}_last"] == column(drawing, f"hit_{name}")[-1]
    assert_array_equal(column(drawing, "height_max"), 1)
    assert column(drawing, "height_mean")[0] < 1


@pytest.mark.parametrize(("size", "around"), [(224, 1), (100, 0), (8, 3)])
def test_how_many_poolings_backwards(size: int, around: int) -> None:
    """From a value of the last map to the picture: what it sees grows with each layer."""
    drawing = drawn(figures.how_many_poolings, size=size, around=around)
    sizes, views = [size], []
    while sizes[-1] > 1:
        sizes.append(sizes[-1] // 2)
    for number in range(len(sizes)):
        view = 1 + 2 * around
        for _ in range(number):
            view = 2 * view + 2 * around  # two values each, and what the convolution adds
        views.append(view)
    assert column(drawing, "size").tolist() == sizes
    assert column(drawing, "view").tolist() == views
    assert column(drawing, "step").tolist() == [2**number for number in range(len(sizes))]
    enough = [number for number, view in enumerate(views) if view >= size]
    many = f"{enough[0]} poolings" if enough and enough[0] > 1 else "one pooling"
    said = f"From {many} on" if enough else f"sees {views[-1]} of {size} rows"
    assert said in drawing.caption
    assert not enough or f"the map then has {sizes[enough[0]]} ×" in drawing.caption


# The order of layers


@pytest.mark.parametrize("window", [2, 3])
def test_norm_before_or_after_window_by_window(window: int) -> None:
    drawing = drawn(figures.norm_before_or_after, gamma=-0.5, window=window, maps=6)
    noise = smooth_maps(6, 32, 0, 0)

    def norm(values: Floats, gamma: float) -> Floats:
        return gamma * (values - 0.3) / math.sqrt(2 + 1e-5) + 0.1

    def apart(gamma: float, first: str, second: str) -> float:
        early = reference_layers.pooled(norm(noise, gamma), window, first)
        late = norm(reference_layers.pooled(noise, window, second), gamma)
        return reference_layers.apart(early, late)[1]

    gammas = column(drawing, "gamma")
    assert_allclose(gammas, np.arange(-20, 21) / 10)
    assert_allclose(column(drawing, "apart_max"), [apart(g, "max", "max") for g in gammas])
    assert_allclose(column(drawing, "apart_mean"), 0, atol=1e-14)
    assert_allclose(column(drawing, "apart_min"), 0, atol=1e-14)
    assert (column(drawing, "apart_max")[gammas >= 0] == 0).all()
    assert drawing.values["at_gamma"] == pytest.approx(apart(-0.5, "max", "max"))
    assert drawing.values["highest"] == column(drawing, "apart_max").max()
    count = window**2
    mean = reference_layers.moment_of_largest(count, 1)
    sd = math.sqrt(reference_layers.moment_of_largest(count, 2) - mean**2)
    said = [drawing.values[f"first_{name}"] for name in ("mean", "sd")]
    assert said == pytest.approx([mean, sd], abs=0.02)
    said = [drawing.values[f"last_{name}"] for name in ("mean", "sd")]
    assert said == pytest.approx([0, 1], abs=1e-4)


@pytest.mark.parametrize("window", [2, 3])
def test_dropout_before_or_after_by_scipy(window: int) -> None:
    rate, count = 0.3, window**2
    drawing = drawn(figures.dropout_before_or_after, rate=rate, window=window, maps=60)

    def expected(dropped: float) -> tuple[float, float]:
        """Zeros, and the mean of the largest of those that are kept, by their number."""
        kept = np.arange(count + 1)
        chances = stats.binom(count, 1 - dropped).pmf(kept)
        return float(chances[0]), float((chances * kept / (kept + 1)).sum() / (1 - dropped))

    inference = count / (count + 1)
    for row, each in enumerate(column(drawing, "rate")):
        zeros, mean = expected(each)
        laws = {"zeros_before": zeros, "mean_before": mean}
        laws |= {"zeros_after": each, "mean_after": inference}
        for name, law in laws.items():
            kind, way = name.split("_")
            assert column(drawing, name)[row] == pytest.approx(law, abs=1e-12)
            # Values lie between 0 and 1 / (1 − p), so their sd is at most half of that.
            error = 0.5 / (1 - each) / math.sqrt(60 * (32 // window) ** 2)
            found = column(drawing, f"{kind}_found_{way}")[row]
            assert found == pytest.approx(law, abs=4 * error)
    zeros, mean = expected(rate)
    said = [drawing.values[name] for name in ("zeros", "before", "after", "kept", "inference")]
    assert said == pytest.approx([zeros, mean, rate, inference, inference])


@pytest.mark.parametrize(("window", "around"), [(2, 1), (4, 0)])
def test_rectifier_and_collapse_by_scipy(window: int, around: int) -> None:
    drawing = drawn(figures.rectifier_and_collapse, window=window, around=around, maps=10)
    rng, side = np.random.default_rng(8), 2 * around + 1
    first, second = rng.standard_normal((2, 4, 4, side, side))
    a, b = rng.standard_normal((2, 4, 4, 32, 32))

    def stack(pictures: Floats, between: str) -> Floats:
        inner = reference_layers.convolved(pictures, first, "constant")
        if between == "relu":
            inner = np.maximum(inner, 0)
        elif between != "nothing":
            inner = reference_layers.pooled(inner, window, between)
        return reference_layers.convolved(inner, second, "constant")

    shown = dict(zip(drawing.table["between"], drawing.table["mean"], strict=True))
    assert list(shown) == ["nothing", "mean", "max", "relu"]
    for between, error in shown.items():
        _, mean = reference_layers.apart(
            stack(a, between) + stack(b, between), stack(a + b, between)
        )
        assert error == pytest.approx(mean, rel=0.4, abs=1e-13)
        assert drawing.values[between] == error
    assert max(shown["nothing"], shown["mean"]) < 1e-14 < 0.1 < min(shown["max"], shown["relu"])


# Padding that is data


def test_padded_tail_by_scipy() -> None:
    drawing = drawn(figures.padded_tail, bias=-1.5, length=7, draws=3000)
    lengths = column(drawing, "length")
    assert lengths.tolist() == list(range(1, 41))
    for bias in (0, 1, 2, 3):
        law = stats.norm.sf(-bias) ** lengths
        assert_allclose(column(drawing, f"law_{bias}"), law, rtol=1e-9)
        pairs = zip(law, drawing.table[f"found_{bias}"], strict=True)
        tried = [(share, found) for share, found in pairs if found is not None]
        assert len(tried) == 12
        for share, found in tried:
            assert found == pytest.approx(share, abs=4 * math.sqrt(0.25 / 3000))
    assert drawing.values["share"] == pytest.approx(stats.norm.cdf(1.5) ** 7)
    assert drawing.values["input"] == "0.78%"
    assert "one in 1,048,576" in drawn(figures.padded_tail, length=20).caption


@pytest.mark.slow
@pytest.mark.parametrize(("bias", "spread"), [(0.0, 0.3), (1.0, 0.0), (-0.5, 1.0)])
def test_diluted_mean_by_quadrature(bias: float, spread: float) -> None:
    settings = {"bias": bias, "spread": spread, "real": 0.4, "draws": 4000}
    drawing = drawn(figures.diluted_mean, **settings)

    def rectified(sd: float) -> float:
        if sd == 0:
            return max(bias, 0.0)
        normal = stats.norm(bias, sd)
        return float(integrate.quad(lambda x: x * normal.pdf(x), 0, bias + 12 * sd)[0])

    ratio = rectified(spread) / rectified(math.sqrt(1 + spread**2))
    shares = column(drawing, "real")
    assert_allclose(column(drawing, "law_input"), shares + (1 - shares) * ratio, rtol=1e-6)
    assert_allclose(column(drawing, "law_features"), shares)
    for padded in ("input", "features"):
        found = column(drawing, f"found_{padded}")[:-1].astype(float)
        assert_allclose(found, column(drawing, f"law_{padded}")[:-1], atol=0.03)
    assert drawing.values["features"] == 0.4
    assert drawing.values["input"] == pytest.approx(0.4 + 0.6 * ratio)


# Numbers


@pytest.mark.parametrize(("layers", "around"), [(4, 1), (3, 2), (2, 1)])
def test_nan_spreads_row_by_row(layers: int, around: int) -> None:
    drawing = drawn(figures.nan_spreads, layers=layers, around=around)
    for way, window in (("alone", 1), ("pooled", 2)):
        size, rows = 32, {15}
        sides, sizes, shares = [1], [32], [1 / 1024]
        for _ in range(layers):
            reached = {row + step for row in rows for step in range(-around, around + 1)}
            rows = {row // window for row in reached if 0 <= row < size}
            size //= window
            sides.append(len(rows))
            sizes.append(size)
            shares.append(len(rows) ** 2 / size**2)
        assert column(drawing, f"patch_{way}").tolist() == sides
        assert column(drawing, f"map_{way}").tolist() == sizes
        assert_allclose(column(drawing, f"share_{way}"), shares)
        assert drawing.values[way] == pytest.approx(shares[-1])
    pooled, alone = column(drawing, "share_pooled"), column(drawing, "share_alone")
    assert (pooled[1:] > alone[1:]).all()


def test_int8_by_simulation() -> None:
    drawing = drawn(figures.rounded_pools, window=3, maps=40)
    rng = np.random.default_rng(4)
    for window in (1, 2, 3, 5, 8):
        # Over many steps, and away from 0, where truncation is a floor.
        values = 500 + 100 * rng.standard_normal((20000, window**2))
        mean, wanted = np.rint(values).mean(axis=1), np.rint(values.mean(axis=1))
        for kind, found in (("half", np.rint(mean)), ("truncation", np.trunc(mean))):
            share = float((found == wanted).mean())
            law = column(drawing, f"law_{kind}")[window - 1]
            assert law == pytest.approx(share, abs=0.015)
            assert column(drawing, f"found_{kind}")[window - 1] == pytest.approx(law, abs=0.03)
    assert_array_equal(column(drawing, "max_same"), 1)
    said = drawing.values["even"], drawing.values["cut"]
    assert said == (column(drawing, "law_half")[2], column(drawing, "law_truncation")[2])


def test_float16_means_one_value_after_the_other() -> None:
    drawing = drawn(figures.rounded_pools, maps=40)
    assert drawing.table["values"][:5] == [49, 196, 784, 3136, 12544]
    rng, count = np.random.default_rng(5), 784
    values = np.maximum(rng.standard_normal((40, count)), 0).astype(np.float16)
    exact = values.astype(float).mean(axis=1)

    def pairs(numbers: list[np.float16]) -> np.float16:
        while len(numbers) > 1:
            odd = [numbers[-1]] if len(numbers) % 2 else []
            numbers = [a + b for a, b in zip(numbers[::2], numbers[1::2], strict=False)] + odd
        return numbers[0]

    totals = {
        "naive": [reference_layers.added(row) for row in values],
        "pairwise": [pairs(list(row)) for row in values],
        "float32": [reference_layers.added(row.astype(np.float32)) for row in values],
    }
    for way, sums in totals.items():
        means = (np.array(sums, np.float32) / np.float32(count)).astype(np.float16)
        rms = math.sqrt(np.mean((means / exact - 1) ** 2))
        assert drawing.table[f"error_{way}"][2] == pytest.approx(rms, rel=0.4)
    names = zip(("naive", "pairs", "single"), totals, strict=True)
    for name, way in names:
        assert drawing.values[name] == drawing.table[f"error_{way}"][4]


@pytest.mark.parametrize("window", [2, 3])
def test_gradient_order_term_by_term(window: int) -> None:
    drawing = drawn(figures.gradient_order, window=window, maps=8)
    assert column(drawing, "stride").tolist() == list(range(1, window + 1))
    rng = np.random.default_rng(6)
    for pool, stride in itertools.product(("max", "mean"), range(1, window + 1)):
        changed = most = values = 0
        for plane in rng.standard_normal((4, 32, 32)).astype(np.float32):
            terms: dict[tuple[int, int], list[np.float32]] = {}
            for top, left in itertools.product(range(0, 33 - window, stride), repeat=2):
                passed = np.float32(rng.standard_normal())
                cells = list(
                    itertools.product(range(top, top + window), range(left, left + window))
                )
                if pool == "max":
                    cells = [max(cells, key=lambda cell: float(plane[cell]))]
                for cell in cells:
                    terms.setdefault(cell, []).append(np.float32(passed / np.float32(len(cells))))
            for each in terms.values():
                other = [each[i] for i in rng.permutation(len(each))]
                changed += reference_layers.added(each) != reference_layers.added(other)
                most = max(most, len(each))
            values += plane.size
        at = stride - 1
        assert column(drawing, f"share_{pool}")[at] == pytest.approx(changed / values, abs=0.035)
        if pool == "mean" or stride == window:
            assert column(drawing, f"terms_{pool}")[at] == most
    for pool in ("max", "mean"):
        assert column(drawing, f"share_{pool}")[-1] == 0
        assert drawing.values[pool] == column(drawing, f"share_{pool}")[0]
        assert drawing.values[f"{pool}_terms"] == column(drawing, f"terms_{pool}")[0]


# Dimensions


@pytest.mark.parametrize(("window", "zeros"), [(2, 0.5), (3, 0.0), (4, 0.9)])
def test_three_dimensions_place_by_place(window: int, zeros: float) -> None:
    drawing = drawn(figures.three_dimensions, window=window, zeros=zeros)
    rng = np.random.default_rng(7)
    for n in (1, 2, 3):
        places = list(itertools.product(range(window), repeat=n))
        stays = np.mean([all(x + 1 < window for x in place) for place in places])
        along_one = np.mean([place[-1] + 1 < window for place in places])
        values = rng.random((20000, len(places))) * (rng.random((20000, len(places))) >= zeros)
        reached = (values.max(axis=1) > 0).mean() / len(places)
        shown = {name: column(drawing, name)[n - 1] for name in drawing.table}
        assert shown["kept"] == 1 / len(places)
        assert shown["stays"] == pytest.approx(stays)
        assert shown["stays_along_one"] == pytest.approx(along_one)
        assert shown["gradient"] == pytest.approx(reached, abs=0.01)
        for name in ("kept", "gradient", "stays"):
            assert drawing.values[f"{name}_{n}"] == shown[name]


def test_bars_say_what_they_are() -> None:
    _, right = drawn(figures.three_dimensions, window=4).canvas.axes
    words = [text.get_text() for text in right.texts]
    assert words == ["75.0%", "56.2%", "42.2%", "75.0%", "75.0%", "75.0%"]
