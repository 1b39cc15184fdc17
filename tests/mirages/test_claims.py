"""Each claim's numbers again, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special, stats

from explainers import catalogue
from explainers.catalogue import claim
from explainers.checks import Floats, Ints
from explainers.claim import Value
from tests.claiming import margin, values
from tests.flower import reference as by_loops
from tests.mirages import reference
from tests.mirages.reference import PLACES, Garden


def holds(value: Value, found: float) -> bool:
    """Whether the interval, half as wide again, holds what the other route finds."""
    assert value.low is not None
    assert value.high is not None
    reach = (value.high - value.low) / 4
    return value.low - reach <= found <= value.high + reach


class Sampled:
    """Flowers by their windows alone: no map is made.

    The max over n of a window's values with noise is drawn by its distribution, Φ(x)ⁿ.
    """

    def __init__(
        self, window: int, *, shared: bool = False, jitter: int = 1, noise: float = 0.1,
        flowers: int = 40_000,
    ) -> None:  # fmt: skip
        self.rng = np.random.default_rng(77)
        self.window, self.shared, self.jitter, self.noise = window, shared, jitter, noise
        self.flowers = flowers
        template = self.held(self.true())
        self.template = (template > 0).mean(axis=0)
        self.threshold = np.quantile(self.scores(self.true()), 0.05)

    def true(self) -> Ints:
        spot = np.array(PLACES)
        off = [
            self.rng.integers(-self.jitter, self.jitter + 1, (self.flowers, n, 2)) for n in (1, 9)
        ]
        return np.asarray(spot + off[0] + off[1])

    def held(self, places: Ints) -> Ints:
        """How many parts of each channel each window holds."""
        side = 32 // self.window
        channel = np.minimum(np.arange(9), 1) if self.shared else np.arange(9)
        at = (places // self.window * [side, 1]).sum(axis=2)
        held = np.zeros((len(places), channel.max() + 1, side * side), int)
        np.add.at(held, (np.arange(len(places))[:, None], channel, at), 1)
        return held

    def scores(self, places: Ints) -> Floats:
        used = self.template > 0  # the others have no weight
        held = self.held(places)[:, used]

        def largest(of: Ints) -> Floats:
            uniform = self.rng.random(of.shape)
            return np.where(of > 0, special.ndtri(uniform ** (1 / np.maximum(of, 1))), -np.inf)

        pooled = np.maximum(
            self.noise * largest(self.window**2 - held), 1 + self.noise * largest(held)
        )
        return np.asarray(pooled @ self.template[used])

    def accepted(self, places: Ints) -> float:
        return float((self.scores(places) >= self.threshold).mean())

    def anywhere(self) -> float:
        return self.accepted(self.rng.integers(0, 32, (self.flowers, 9, 2)))

    def exchanged(self) -> float:
        """Two petals, by drawing pairs until they differ."""
        places = self.true()
        a, b = self.rng.integers(1, 9, (2, self.flowers))
        draw = np.flatnonzero(a != b)
        first, second = places[draw, a[draw]], places[draw, b[draw]]
        places[draw, a[draw]], places[draw, b[draw]] = second, first
        return self.accepted(places[draw])


def test_rearrangements_invisible_to_local_pool() -> None:
    """By the cells of each part's window; no window holds two petals."""
    v = values("rearrangements-invisible-to-local-pool")
    assert (v["parts"], v["size"]) == (9, 32)
    assert v["bits"] == pytest.approx(9 * math.log2(1024))
    for k in (2, 4):
        label = np.kron(np.arange((32 // k) ** 2).reshape(32 // k, -1), np.ones((k, k), int))
        cells = [int((label == label[place]).sum()) for place in PLACES]
        assert v[f"lost_{k}"] == pytest.approx(sum(map(math.log2, cells)))
        assert v[f"count_{k}"] == math.prod(cells)
        assert len({label[place] for place in PLACES[1:]}) == 8
    assert v["mean_2"] == 4**9


def test_invisible_only_inside_windows() -> None:
    """By trying all triples of places, and by inclusion and exclusion for four windows."""
    v = values("invisible-only-inside-windows")
    cells = list(itertools.product(range(4), repeat=2))

    def count(parts: tuple[tuple[int, ...], ...]) -> Counter[tuple[int, int]]:
        return Counter((r // 2, c // 2) for r, c in parts)

    row = count(((0, 0), (0, 1), (0, 2)))
    alike = [count(p) for p in itertools.combinations(cells, 3) if set(count(p)) == set(row)]
    assert v["row_hidden"] == len(alike)
    assert v["row_crossing"] == sum(p != row for p in alike)
    assert v["hidden"] == v["kept"] == 4**9
    petals = Counter((r // 16, c // 16) for r, c in PLACES[1:])
    hidden = sum(
        (-1) ** j * math.comb(len(petals), j) * math.comb((len(petals) - j) * 256, 8)
        for j in range(len(petals) + 1)
    )
    kept = math.prod(math.comb(256, n) for n in petals.values())
    found = claim("invisible-only-inside-windows").computed(window=16, channels="shared")
    assert (found["hidden"].value, found["kept"].value) == (256 * hidden, 256 * kept)
    assert v["crossing_16"] == pytest.approx(1 - kept / hidden)
    for window, channels, right in ((16, "shared", False), (16, "own", True), (4, "shared", True)):
        said = margin("invisible-only-inside-windows", window=window, channels=channels)
        assert said is right


def test_the_condition_is_that_no_window_holds_two_like_petals() -> None:
    judged = claim("invisible-only-inside-windows").judged
    assert judged is not None
    for window in (2, 8, 16, 32):
        most = max(Counter((r // window, c // window) for r, c in PLACES[1:]).values())
        case = {"window": window, "petals": 8, "radius": 10}
        assert judged.domain(channels="shared", **case) is (most == 1)
        assert judged.domain(channels="own", **case)


def test_rearrangements_invisible_to_global_pool() -> None:
    v = values("rearrangements-invisible-to-global-pool")
    assert (v["parts"], v["size"], v["left"]) == (9, 32, 0)
    assert v["every"] == v["hidden"] == v["mean"] == 1024**9
    assert v["bits"] == pytest.approx(9 * math.log2(32 * 32))
    assert v["digits"] == math.floor(9 * math.log10(32 * 32)) + 1
    alike = claim("rearrangements-invisible-to-global-pool").computed(channels="shared", size=16)
    assert alike["hidden"].value == 256 * special.comb(256, 8, exact=True)


@pytest.mark.slow
def test_scrambled_flower_accepted() -> None:
    """By windows alone, without maps; in two cases a symmetry gives the number."""
    v = claim("scrambled-flower-accepted").computed()
    assert holds(v["inside"], 0.95)  # inside its window a part is where it could be anyway
    assert holds(v["anywhere_global"], 0.95)  # one window holds all
    for window in (4, 16):
        assert holds(v[f"anywhere_{window}"], Sampled(window).anywhere())
        assert holds(v[f"alike_{window}"], Sampled(window, shared=True).anywhere())
    assert (v["draws"].value, v["repeats"].value, v["accepted"].value) == (200, 12, 0.95)


def test_scrambled_flowers_pass_elsewhere_as_well() -> None:
    """Strong noise, and four windows: the parts are hardly needed."""
    settings = {"window": 16, "channels": "shared", "noise_sd": 0.3, "jitter": 2}
    passed = claim("scrambled-flower-accepted").computed(**settings, draws=100)["passed"]
    assert holds(passed, Sampled(16, shared=True, noise=0.3, jitter=2).anywhere())


@pytest.mark.slow
def test_exchanged_petals_accepted() -> None:
    """Without a pool by the normal distribution, with one by windows alone."""
    v = claim("exchanged-petals-accepted").computed()
    score = stats.norm(9, 3 * 0.2)  # nine parts, each with noise
    assert holds(v["without"], stats.norm(7, 3 * 0.2).sf(score.ppf(0.05)))
    assert holds(v["pooled"], Sampled(8, jitter=0, noise=0.2).exchanged())
    assert holds(v["window_8"], Sampled(8).exchanged())
    assert holds(v["window_1"], _exchanged_without_pool(0.1))
    assert (v["draws"].value, v["repeats"].value, v["accepted"].value) == (200, 12, 0.95)


def test_exchanged_petals_pass_without_a_pool_if_the_parts_vary() -> None:
    settings = {"jitter": 1, "noise_sd": 0.1, "draws": 60}
    expected = Sampled(8).exchanged() - _exchanged_without_pool(0.1)
    assert margin("exchanged-petals-accepted", **settings) == pytest.approx(expected, abs=0.08)


def _exchanged_without_pool(noise: float) -> float:
    """Each part matches by how far it is off; two match nothing."""
    rng, flowers = np.random.default_rng(3), 200_000
    near = np.array([1, 2, 3, 2, 1]) / 9
    off = rng.integers(-1, 2, (2, flowers, 9)) + rng.integers(-1, 2, (2, flowers, 1))
    match = near[off + 2].prod(axis=0)
    noise = noise * 3 * (near**2).sum() * rng.standard_normal(flowers)
    threshold = np.quantile(match.sum(axis=1) + noise, 0.05)
    return float((match[:, :7].sum(axis=1) + noise >= threshold).mean())


def test_overlap_keeps_position() -> None:
    """By the sets of windows that hold each of four neighbouring places."""
    v = values("overlap-keeps-position")
    for k in (2, 3, 4):
        held = {
            frozenset((b, c) for b in range(0, 60, 2) for c in range(0, 60, 2)
                      if b <= row < b + k and c <= column < c + k)
            for row, column in itertools.product((30, 31), repeat=2)
        }  # fmt: skip
        assert v[f"patterns_{k}"] == len(held)
    assert v["places"] == 4
    told = reference.pairs(3, 2, periods=9)
    assert [v[f"pairs_{d}"] for d in (1, 2, 3, 4)] == pytest.approx([told[d] for d in range(1, 5)])
    # each part's code is its own among all places of the map, border included
    rows = [tuple(b for b in range(-1, 31, 2) if b <= place < b + 3) for place in range(32)]
    codes = Counter(itertools.product(rows, rows))
    assert v["count_3"] == math.prod(codes[rows[r], rows[c]] for r, c in PLACES)
    assert v["count_2"] == 4**9
    assert v["border"] == codes[rows[31], rows[31]]
    thirds = {
        tuple(b for b in range(0, 90, 3) if b <= place < b + 4) for place in (30, 31, 32)
    }  # along an axis
    assert (v["patterns_43"], v["places_43"]) == (len(thirds) ** 2, 9)


@pytest.mark.parametrize(
    ("window", "stride", "border", "near"),
    [(3, 2, "middle", 0), (3, 2, "border", 0), (3, 2, "middle", 2), (3, 2, "middle", 4),
     (4, 3, "middle", 0), (5, 2, "middle", 0), (2, 1, "border", 1), (4, 2, "middle", 1)],
)  # fmt: skip
def test_the_place_is_told_by_pooling_all_arrangements(
    window: int, stride: int, border: str, near: int
) -> None:
    """By SciPy's filter on every map of one part, and of two, at most 16 away from each other."""
    size, pad = 32, (window - 1) // 2
    maps = np.eye(size * size, dtype=np.int8).reshape(-1, size, size)
    padded = np.pad(maps, ((0, 0), (pad, pad), (pad, pad)))
    dense = sliding_window_view(padded, (window, window), axis=(1, 2)).max(axis=(3, 4))
    pooled = dense[:, ::stride, ::stride].reshape(size * size, -1)
    start = size - stride if border == "border" else size // 2
    cell = list(itertools.product(range(start, start + stride), repeat=2))
    if not near:
        same = [(pooled == pooled[r * size + c]).all(axis=1).sum() for r, c in cell]
    else:
        codes = [int("".join(map(str, code)), 2) for code in pooled.tolist()]
        same = []
        for (r, c), (down, right) in itertools.product(cell, ((0, 1), (1, 0), (1, 1))):
            both = codes[r * size + c] | codes[(r - near * down) * size + c - near * right]
            within = [code for code in codes if not code & ~both]
            same.append(sum(a | b == both for a, b in itertools.combinations(within, 2)))
    case = {"window": window, "stride": stride, "border": border, "near": near}
    found = claim("overlap-keeps-position").computed(**case)["alike"].value
    assert found == max(same)
    assert margin("overlap-keeps-position", **case) is bool(max(same) == 1)


def test_depth_hides_more() -> None:
    """By pooling a row with a lone part at each place, again and by_loops."""
    v = values("depth-hides-more")
    parts = np.eye(512)
    for name, kernel in (("plain", 2), ("overlap", 3), ("wide", 4)):
        row = parts
        for depth in (1, 2, 3):
            row = sliding_window_view(row, kernel, axis=1).max(axis=-1)[:, ::2]
            cell = 2**depth
            middle = slice(256, 256 + cell)
            same = (row[middle, None] == row[None, 256 - cell : 256 + 2 * cell]).all(axis=-1)
            assert v[f"{name}_{depth}"] == pytest.approx(same.sum(axis=1).mean() ** 2)
    reach = parts
    for _ in range(3):
        reach = sliding_window_view(reach, 3, axis=1).max(axis=-1)[:, ::2]
    assert v["amounts"] == (reach[:, 20] > 0).sum()
    assert (v["one"], v["several"]) == (4, 64)
    for window, stride, depth, right in (
        (4, 2, 2, False), (4, 2, 3, True), (3, 1, 5, False), (5, 3, 2, True), (8, 2, 2, False),
    ):  # fmt: skip
        said = margin("depth-hides-more", window=window, stride=stride, depth=depth)
        assert said is right


@pytest.mark.slow
def test_arrangement_before_global_pool() -> None:
    """A flower's template laid on the map at each place, one element at a time.

    Three numbers are known by symmetry, and one by what each part matches.
    """
    v = claim("arrangement-before-global-pool").computed()
    for name in ("after_moved", "after_scrambled", "before_moved"):
        assert holds(v[name], 0.95)
    assert holds(v["place_moved"], _moved_at_the_usual_place())
    shown = []
    for seed in range(6):
        garden = Garden(draws=150, seed=[31, seed])
        accept = garden.searching()
        shown.append([accept(garden.scrambled_maps(kind)) for kind in ("swapped", "anywhere")])
    swapped, anywhere = np.mean(shown, axis=0)
    error = np.hypot(stats.sem(shown, axis=0)[0], (v["before_swapped"].high or 0) / 4.4
                     - (v["before_swapped"].low or 0) / 4.4)  # fmt: skip
    assert abs(v["before_swapped"].value - swapped) < 3 * error
    assert error < 0.05
    assert v["before_scrambled"].value <= 0.003
    assert anywhere <= 0.003
    assert (v["draws"].value, v["repeats"].value, v["accepted"].value) == (200, 12, 0.95)


def _moved_at_the_usual_place() -> float:
    """Each part matches by how far it is off its place, round the map."""
    rng, flowers = np.random.default_rng(4), 100_000
    near = np.zeros(32)
    near[[-2, -1, 0, 1, 2]] = np.array([1, 2, 3, 2, 1]) / 9
    shift = [rng.integers(-1, 2, (flowers, 2, n)) for n in (1, 9)]
    off = shift[0] + shift[1]
    noise = 0.1 * 3 * (near**2).sum() * rng.standard_normal(flowers)
    threshold = np.quantile(near[off].prod(axis=1).sum(axis=1) + noise, 0.05)
    away = (off + rng.integers(0, 32, (flowers, 2, 1))) % 32
    return float((near[away].prod(axis=1).sum(axis=1) + noise >= threshold).mean())


@pytest.mark.slow
def test_a_detector_that_sees_one_part_accepts_scrambled_flowers() -> None:
    """Five places wide it sees the centre alone, which every flower has."""
    settings = {"reach": 5, "draws": 60}
    v = claim("arrangement-before-global-pool").computed(**settings)
    assert holds(v["passed"], 0.95)
    assert margin("arrangement-before-global-pool", **settings) == pytest.approx(0.1, abs=0.05)
    assert margin("arrangement-before-global-pool", order="after", draws=60) > 0.05


@pytest.mark.slow
def test_dahlia_scrambled_accepted() -> None:
    """With scikit-learn's copy of the photograph, other noise and orders, and many thresholds."""
    v, photographs = claim("dahlia-scrambled-accepted").computed(), 150
    rng = np.random.default_rng(31)
    grey, readable = by_loops.blue(), by_loops.read_pixels()

    def petal_map(tiles: int) -> Floats:
        noise = np.where(readable, rng.standard_normal((427, 640)), 0)
        picture = by_loops.sampled(grey + 0.3 * noise)
        if tiles:
            picture = reference.pasted(picture, rng.permutation(tiles).tolist(), 3, tiles // 3)
        return by_loops.matched(picture, by_loops.template())

    true = np.array([petal_map(0) for _ in range(photographs)])
    for tiles, names in ((24, {4: "window_4", 16: "window_16", 64: "window_64", 256: "window_256"}),
                         (96, {256: "fine"})):  # fmt: skip
        wrong = np.array([petal_map(tiles) for _ in range(80)])
        for k, name in names.items():
            shown, scrambled = (reference.pooled_petals(maps, k) for maps in (true, wrong))
            passed = []
            for _ in range(40):
                order = rng.permutation(photographs)
                mean = shown[order[:60]].mean(axis=0)
                away = [((maps - mean) ** 2).sum(axis=(1, 2)) for maps in
                        (shown[order[60:]], scrambled)]  # fmt: skip
                passed.append((away[1] <= np.quantile(away[0], 0.95)).mean())
            tolerance = 0.02 if k < 64 else 0.09
            assert v[name].value == pytest.approx(np.mean(passed), abs=tolerance), name
    assert (v["tiles"].value, v["fine_tiles"].value, v["draws"].value) == (3 * 8, 3 * 32, 50)
    assert v["digits"].value == math.floor(special.gammaln(25) / math.log(10)) + 1
    assert v["passed"].value == v["window_256"].value


@pytest.mark.parametrize("id", ["arrangement-before-global-pool", "scrambled-flower-accepted"])
def test_weak_noise_is_a_tenth_of_a_parts_answer(id: str) -> None:
    """As the words around these numbers have it."""
    assert catalogue.claim(id).parameters["noise_sd"].default == 0.1
