"""Each claim's numbers again, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special, stats

from explainers import flower
from explainers.checks import Floats
from explainers.mirages import claims
from explainers.mirages.claims import CLAIMS, RULINGS
from explainers.records import Claim, Verdict
from explainers.sources import THREAD
from tests.flower import dahlia_again as again
from tests.mirages.test_mirages_dahlia import cut_again, pooled_again
from tests.mirages.test_mirages_experiments import Garden, pairs_again, pool_again

PLACES = [(16, 16)] + [
    (16 + round(10 * math.sin(math.pi * i / 4)), 16 + round(10 * math.cos(math.pi * i / 4)))
    for i in range(8)
]


def values(id: str) -> Mapping[str, float]:
    [claim] = [claim for claim in CLAIMS if claim.id == id]
    return {name: value.value for name, value in claim.computed().items()}


def near(found: float, again: float, trials: int, repeated: int) -> bool:
    """Within five standard errors of two simulations and their two thresholds."""
    error = math.sqrt(2 * (again * (1 - again) + 0.01) * (1 / trials + 1 / repeated))
    return abs(found - again) < 5 * error + 0.005


def intervals_are_wilsons(v: Mapping[str, float]) -> bool:
    """Every value with an interval has Wilson's, of the number of draws that is stated."""
    names = [name[:-4] for name in v if name.endswith("_low")]
    for name in names:
        wilson = stats.binomtest(round(v[name] * v["draws"]), int(v["draws"])).proportion_ci(
            0.95, method="wilson"
        )
        np.testing.assert_allclose((v[f"{name}_low"], v[f"{name}_high"]), wilson, atol=1e-12)
    return bool(names)


def test_rearrangements_invisible_to_local_pool() -> None:
    """By the cells of each part's window; no window holds two petals."""
    v = values("rearrangements-invisible-to-local-pool")
    assert (v["parts"], v["size"]) == (9, 32)
    assert v["bits"] == pytest.approx(9 * math.log2(1024))
    for k in (2, 4, 8):
        label = np.kron(np.arange((32 // k) ** 2).reshape(32 // k, -1), np.ones((k, k), int))
        cells = [int((label == label[place]).sum()) for place in PLACES]
        assert v[f"lost_{k}"] == pytest.approx(sum(map(math.log2, cells)))
        if k < 8:
            assert v[f"count_{k}"] == math.prod(cells)
            assert len({label[place] for place in PLACES[1:]}) == 8
    assert v["mean_2"] == v["alike_2"] == v["count_2"]


def test_rearrangements_invisible_to_global_pool() -> None:
    v = values("rearrangements-invisible-to-global-pool")
    assert (v["parts"], v["size"], v["share"], v["left"]) == (9, 32, 1, 0)
    assert v["bits"] == pytest.approx(9 * math.log2(32 * 32))
    assert v["digits"] == math.floor(9 * math.log10(32 * 32)) + 1
    alike = math.log2(1024) + math.log2(special.comb(1024, 8, exact=True))
    assert v["alike"] == v["alike_mean"] == pytest.approx(alike)


def test_scrambled_flower_accepted() -> None:
    """By the loops of the experiments' tests, with other random numbers."""
    v = values("scrambled-flower-accepted")
    true, inside, anywhere = Garden().rates(4, ["inside", "anywhere"], pool_again(4))
    assert near(v["true"], true, 500, 500)
    assert near(v["inside"], inside, 500, 500)
    assert near(v["anywhere_4"], anywhere, 500, 500)
    for k, name in ((16, "anywhere_16"), (32, "anywhere_global")):
        assert near(v[name], Garden().rates(k, ["anywhere"], pool_again(k))[1], 500, 500)
    alike = Garden(directed=False)
    for k in (4, 16):
        assert near(v[f"alike_{k}"], alike.rates(k, ["anywhere"], pool_again(k))[1], 500, 500)
    assert (v["draws"], v["accepted"]) == (500, 0.95)
    assert intervals_are_wilsons(v)


def test_exchanged_petals_accepted() -> None:
    v = values("exchanged-petals-accepted")
    for k in (1, 4, 8):
        _, two, every = Garden().rates(k, ["swapped", "permuted"], pool_again(k))
        assert near(v[f"window_{k}"], two, 500, 500)
        assert near(v[f"all_{k}"], every, 500, 500)
    true, every = Garden(directed=False).rates(1, ["permuted"], pool_again(1))
    assert near(v["alike_1"], every, 500, 500)
    assert near(v["alike_true_1"], true, 500, 500)
    assert (v["draws"], v["accepted"]) == (500, 0.95)
    assert intervals_are_wilsons(v)


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
    told = pairs_again(3, 2, periods=9)
    assert [v[f"pairs_{d}"] for d in (1, 2, 3, 4)] == pytest.approx(
        [told[d][0] for d in range(1, 5)]
    )
    # each part's code is its own among all places of the map, border included
    rows = [tuple(b for b in range(-1, 31, 2) if b <= place < b + 3) for place in range(32)]
    codes = Counter(itertools.product(rows, rows))
    assert v["count_3"] == math.prod(codes[rows[r], rows[c]] for r, c in PLACES)
    assert v["count_2"] == 4**9


def test_depth_hides_more() -> None:
    """By pooling a row with a lone part at each place, again and again."""
    v = values("depth-hides-more")
    parts = np.eye(512)
    for name, kernel in (("plain", 2), ("overlap", 3)):
        row = parts
        for depth in (1, 2, 3, 4):
            row = sliding_window_view(row, kernel, axis=1).max(axis=-1)[:, ::2]
            cell = 2**depth
            middle = slice(256, 256 + cell)
            same = (row[middle, None] == row[None, 256 - cell : 256 + 2 * cell]).all(axis=-1)
            assert v[f"{name}_{depth}"] == pytest.approx(same.sum(axis=1).mean() ** 2)
    reach = parts
    for _ in range(3):
        reach = sliding_window_view(reach, 3, axis=1).max(axis=-1)[:, ::2]
    assert v["window"] == (reach[:, 20] > 0).sum()


def test_arrangement_before_global_pool() -> None:
    """A flower's template laid on the map at each place, one element at a time."""
    v = values("arrangement-before-global-pool")
    garden = Garden(draws=400)
    template = garden.many(garden.true, noisy=False).mean(axis=0)

    def best(maps: Floats) -> Floats:
        matches = np.zeros((len(maps), 32, 32))
        for c, r, k in np.argwhere(template):
            matches += template[c, r, k] * np.roll(maps[:, c], (-r, -k), (1, 2))
        return np.asarray(matches.max(axis=(1, 2)))

    threshold = np.quantile(best(garden.many(garden.true)), 0.05)
    shown = {
        "true": garden.many(garden.true),
        "moved": garden.many(garden.moved),
        "scrambled": garden.many(lambda: garden.scrambled("anywhere", 1)),
    }
    place, after = garden.accepts(1, pool_again(1)), garden.accepts(32, pool_again(32))
    for kind, maps in shown.items():
        assert near(v[f"before_{kind}"], float((best(maps) >= threshold).mean()), 500, 400)
        assert near(v[f"place_{kind}"], place(maps), 500, 400)
        assert near(v[f"after_{kind}"], after(maps), 500, 400)
    assert (v["draws"], v["accepted"]) == (500, 0.95)
    assert intervals_are_wilsons(v)


def test_dahlia_scrambled_accepted() -> None:
    """With scikit-learn's copy of the photograph, other noise and other orders."""
    v, draws = values("dahlia-scrambled-accepted"), 60
    rng = np.random.default_rng(31)

    def petal_maps(*, cut: bool) -> Floats:
        maps = []
        for _ in range(draws):
            noise = np.where(again.read_pixels(), rng.standard_normal((427, 640)), 0)
            picture = again.sampled(again.blue() + 0.3 * noise)
            if cut:
                picture = cut_again(picture, rng.permutation(24).tolist(), 3, 8)
            maps.append(again.matched(picture, flower.template()))
        return np.array(maps)

    learnt, tuned, fresh = (petal_maps(cut=False) for _ in range(3))
    wrong = petal_maps(cut=True)
    for k in (4, 16, 64, 256):
        mean = pooled_again(learnt, k, "max").mean(axis=0)
        away = [
            ((pooled_again(maps, k, "max") - mean) ** 2).sum(axis=(1, 2))
            for maps in (tuned, fresh, wrong)
        ]
        limit = np.quantile(away[0], 0.95)
        assert near(v[f"window_{k}"], float((away[2] <= limit).mean()), 80, draws)
        if k == 256:
            assert near(v["true"], float((away[1] <= limit).mean()), 80, draws)
    assert (v["tiles"], v["draws"], v["accepted"]) == (3 * 8, 80, 0.95)
    assert v["digits"] == math.floor(special.gammaln(25) / math.log(10)) + 1
    assert intervals_are_wilsons(v)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_refuses_other_numbers(claim: Claim) -> None:
    computed = claim.computed()
    assert claim.condition or claim.verdict is not Verdict.ON_CONDITION
    assert not claim.bears_out(dict.fromkeys(computed, 0.0))


def test_rulings_rest_on_claims() -> None:
    known = {claim.id for claim in CLAIMS}
    assert [ruling.examines for ruling in RULINGS] == ["T8"]
    assert {ruling.examines for ruling in RULINGS} <= set(THREAD)
    assert all(set(ruling.rests_on) <= known for ruling in RULINGS)
    assert claims.SIZE == 32
