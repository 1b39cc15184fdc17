"""What the figures show: their data, by routes of their own."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
import sklearn.datasets
from numpy.testing import assert_allclose
from scipy import special

from explainers.mirages import dahlia, figures, measured
from explainers.mirages.measured import SCRAMBLES, WINDOWS, acceptance, example
from tests.drawing import assert_says, column, drawn
from tests.mirages.test_claims import PLACES, values
from tests.mirages.test_dahlia import orders_again
from tests.mirages.test_measured import pairs_again


def occupied(kind: str, window: int, seed: int) -> set[tuple[int, int, int]]:
    """Return which windows of which channel hold a part."""
    parts = example(kind, window, seed)
    return {
        (channel, int(r) // window, int(c) // window)
        for channel, (r, c) in enumerate(zip(parts.row, parts.column, strict=True))
    }


@pytest.mark.parametrize("seed", [0, 4])
def test_an_example_is_a_flower_or_what_its_scramble_says(seed: int) -> None:
    true = example("true", seed=seed)
    assert list(zip(true.row.tolist(), true.column.tolist(), strict=True)) == PLACES
    two, every = example("swapped", seed=seed), example("permuted", seed=seed)
    for parts, changed in ((two, 2), (every, 8)):
        places = list(zip(parts.row.tolist(), parts.column.tolist(), strict=True))
        assert Counter(places) == Counter(PLACES)
        assert sum(a != b for a, b in zip(places, PLACES, strict=True)) == changed
        assert places[0] == PLACES[0]
    for window in (2, 8):
        inside = example("inside", window, seed)
        assert (inside.row // window == true.row // window).all()
        assert (inside.column // window == true.column // window).all()
    assert repr(example()) == repr(true)
    assert repr(example("inside")) == repr(example("inside", 8, 0))
    assert not np.array_equal(example("anywhere", 8, 0).row, example("anywhere", 8, 1).row)


def test_examples_cover_their_windows() -> None:
    """Over many seeds each part comes to each place: of its window, or of the map."""
    inside = np.array([example("inside", 4, seed).row for seed in range(200)])
    assert (inside.min(axis=0) == np.array([r // 4 * 4 for r, _ in PLACES])).all()
    assert (inside.max(axis=0) == np.array([r // 4 * 4 + 3 for r, _ in PLACES])).all()
    anywhere = np.array([example("anywhere", 4, seed).column for seed in range(400)])
    assert (anywhere.min(), anywhere.max()) == (0, 31)
    with pytest.raises(ValueError, match=r"^kind must be one of 'true', 'inside', "):
        example("turned")
    with pytest.raises(ValueError, match=r"^stride must be one of"):
        example("inside", 3)


@pytest.mark.parametrize("doublings", [1, 3])
def test_scrambled_flowers_counts_what_it_outlines(doublings: int) -> None:
    window, kinds = 2**doublings, ["true", "inside", "swapped", "anywhere"]
    drawing = drawn(figures.scrambled_flowers, doublings=doublings, seed=3)
    true = occupied("true", window, 3)
    changed = [len(true ^ occupied(kind, window, 3)) for kind in kinds]
    assert column(drawing, "flower").tolist() == kinds
    assert column(drawing, "values_changed").tolist() == changed
    assert (changed[:2], drawing.values["all_global"]) == ([0, 0], 0)
    assert "The 9 global values all stay" in drawing.alt
    assert column(drawing, "global_values_changed").tolist() == [0] * 4
    assert drawing.values["values"] == 9 * (32 // window) ** 2
    assert drawing.values["anywhere"] == changed[3]
    found = acceptance([window, 32], kinds[1:], draws=8, repeats=12, seed=3)
    for at, name in enumerate(("accepted", "global_accepted")):
        shares = [found.true.value[at], *found.scrambled.value[:, at]]
        assert column(drawing, name).tolist() == shares
    assert drawing.values["accepted_global"] == min(found.scrambled.value[:, 1])
    assert drawing.values["accepted_swapped"] == found.scrambled.value[1, 0]


@pytest.mark.parametrize("petals", [3, 8])
def test_invisible_arrangements_by_counting_cells(petals: int) -> None:
    drawing = drawn(figures.invisible_arrangements, petals=petals)
    ring = [math.tau * i / petals for i in range(petals)]
    places = [(16, 16)] + [
        (16 + round(10 * math.sin(a)), 16 + round(10 * math.cos(a))) for a in ring
    ]
    sizes = {1: (1, 0), 2: (3, 1), 4: (6, 1), 8: (12, 2), 16: (24, 4), 32: (32, 0)}
    for stride, found, lapping in zip(
        WINDOWS, column(drawing, "side by side"), column(drawing, "overlapping"), strict=True
    ):
        assert found == (petals + 1) * 2 * math.log2(stride)
        kernel, padding = sizes[stride]
        begins = [b for b in range(-padding, 32, stride) if b + kernel <= 32 + padding]
        axis = [tuple(b for b in begins if b <= place < b + kernel) for place in range(32)]
        codes = Counter(itertools.product(axis, axis))
        expected = sum(math.log2(codes[axis[r], axis[c]]) for r, c in places)
        assert lapping == pytest.approx(expected)
    alike = 10 + math.log2(special.comb(1024, petals, exact=True))
    assert column(drawing, "petals share a channel")[-1] == pytest.approx(alike)
    assert drawing.values["every"] == 10 * (petals + 1)
    assert drawing.values["four"] == 4 * (petals + 1)


def test_scrambled_accepted_shows_the_experiment() -> None:
    drawing = drawn(figures.scrambled_accepted, draws=30, seed=2)
    kinds = ("inside", "swapped", "anywhere")
    for name, directed in (("own", True), ("alike", False)):
        found = acceptance(WINDOWS, kinds, directed=directed, draws=30, repeats=12, seed=2)
        assert column(drawing, f"{name}_true").tolist() == found.true.value.tolist()
        for row, kind in enumerate(kinds):
            for end, shares in zip(("", "_low", "_high"), found.scrambled, strict=True):
                shown = column(drawing, f"{name}_{kind}{end}")
                assert shown.tolist() == shares[row].tolist()
        assert drawing.values[f"{name}_16"] == found.scrambled.value[2, 4]
    assert drawing.values["swapped_1"] == column(drawing, "own_swapped")[0]
    assert drawing.values["alike_all"] == column(drawing, "alike_anywhere")[5]


@pytest.mark.parametrize("depth", [2, 3])
def test_overlap_code_by_walking(depth: int) -> None:
    """The windows that hold each place, followed from pooling to pooling."""
    drawing = drawn(figures.overlap_code, depth=depth)
    rows = list(zip(*drawing.table.values(), strict=True))
    assert [(row[0], row[1]) for row in rows] == list(itertools.product((2, 3, 4), (1,))) + list(
        itertools.product((2, 3, 4), (depth,))
    )
    for kernel, pools, window, stride, patterns, sharing in rows:
        held = {place: frozenset([place]) for place in range(400)}
        for _ in range(pools):
            held = {
                place: frozenset(
                    b for b in range(300) if any(2 * b <= i < 2 * b + kernel for i in units)
                )
                for place, units in held.items()
            }
        first = 10 * 2**pools
        codes = [held[place] for place in range(first, first + 2**pools)]
        count = Counter(codes)
        assert patterns == len(count) ** 2
        assert sharing == pytest.approx((sum(n**2 for n in count.values()) / 2**pools) ** 2)
        assert stride == 2**pools
        assert window == sum(20 in units for units in held.values())


def test_the_patches_are_the_places_of_one_pattern() -> None:
    for window, stride in ((2, 2), (3, 2), (4, 2), (15, 8), (22, 8), (1, 1)):
        patch = figures._patches(window, stride, 24)
        held = [
            frozenset(b for b in range(-64, 64, stride) if b <= place < b + window)
            for place in range(24)
        ]
        for a, b in itertools.combinations(range(24), 2):
            assert (patch[a] == patch[b]) == (held[a] == held[b])


@pytest.mark.slow
def test_overlap_pairs_shows_all_pairs_and_the_experiment() -> None:
    drawing = drawn(figures.overlap_pairs, draws=40, seed=1)
    for kernel in (2, 3, 5):
        told = pairs_again(kernel, 2, periods=11)
        assert_allclose(column(drawing, f"told_{kernel}"), [told[d][0] for d in range(1, 7)])
    for overlap, name in ((False, "side_by_side"), (True, "overlap")):
        found = acceptance(scrambles=["inside"], overlap=overlap, draws=40, repeats=12, seed=1)
        assert column(drawing, name).tolist() == found.scrambled.value[0].tolist()
        assert column(drawing, f"{name}_low").tolist() == found.scrambled.low[0].tolist()
    assert (drawing.values["near"], drawing.values["far"]) == (0, 1)
    assert drawing.values["overlap"] == column(drawing, "overlap")[2]
    assert drawing.values["plain"] == column(drawing, "side_by_side")[2]


@pytest.mark.slow
def test_overlap_makes_small_scrambles_visible_at_wide_strides() -> None:
    drawing = drawn(figures.overlap_pairs, draws=150)
    assert (column(drawing, "overlap_high")[2:5] < column(drawing, "side_by_side_low")[2:5]).all()


def test_pool_before_or_after_shows_the_experiment() -> None:
    drawing = drawn(figures.pool_before_or_after, draws=50, seed=5)
    shares = measured.before_or_after(draws=50, repeats=12, seed=5)
    for end, column_ in zip(("", "_low", "_high"), shares, strict=True):
        assert column(drawing, f"accepted{end}").tolist() == column_.ravel().tolist()
    assert column(drawing, "flower").tolist() == ["true", "moved", "swapped", "scrambled"] * 3
    assert drawing.values["after_scrambled"] == shares.value[1, 3]
    assert drawing.values["before_moved"] == shares.value[2, 1]
    assert drawing.values["place_true"] == shares.value[0, 0]


def test_dahlia_scrambled_shows_the_experiment() -> None:
    drawing = drawn(figures.dahlia_scrambled, rings=2, doublings=2, draws=10, seed=1)
    found = dahlia.acceptance(rings=2, doublings=2, draws=10, repeats=12, seed=1)
    assert column(drawing, "true").tolist() == found.true.value.tolist()
    for row, kind in enumerate(("around", "anywhere")):
        assert column(drawing, kind).tolist() == found.scrambled.value[row].tolist()
        assert column(drawing, f"{kind}_high").tolist() == found.scrambled.high[row].tolist()
    assert drawing.values["tiles"] == 8
    assert drawing.values["whole"] == found.scrambled.value[1, -1]
    assert drawing.values["four"] == found.scrambled.value[1, 2]
    [left, right, _] = [axes.images[0].get_array() for axes in drawing.canvas.axes[:3]]
    photo = sklearn.datasets.load_sample_image("flower.jpg")
    assert (np.asarray(left) == photo[38:406, 122:490]).all()
    [order] = orders_again(2, 4, "anywhere", 1, 1)
    assert (np.asarray(right) == dahlia.scrambled_photo(np.array(order), 2, 2)).all()


def test_the_photograph_is_credited() -> None:
    drawing = drawn(figures.dahlia_scrambled, draws=2)
    assert "photograph: vultilion, CC BY 2.0, adapted" in drawing.caption


def test_all_scrambles_have_a_look() -> None:
    assert set(figures.LOOKS) - {"true"} <= set(SCRAMBLES)


@pytest.mark.slow
def test_figures_say_the_claims_numbers() -> None:
    """What a figure and a claim both say is one number: of the same flowers, to the last digit."""
    local = values("rearrangements-invisible-to-local-pool")
    bits = {"every": local["bits"], "two": local["lost_2"], "four": local["lost_4"]}
    assert_says(figures.invisible_arrangements, bits | {"size": local["size"]})
    depth = values("depth-hides-more")
    names = {"two": "plain", "three": "overlap", "four": "wide"}
    sharing = {f"{name}_1": depth[f"{claimed}_1"] for name, claimed in names.items()}
    sharing |= {f"{name}_n": depth[f"{claimed}_3"] for name, claimed in names.items()}
    assert_says(figures.overlap_code, sharing)
    v, swapped = values("scrambled-flower-accepted"), values("exchanged-petals-accepted")
    assert_says(
        figures.scrambled_accepted,
        {
            "own_4": v["anywhere_4"],
            "own_16": v["anywhere_16"],
            "own_all": v["anywhere_global"],
            "alike_4": v["alike_4"],
            "alike_16": v["alike_16"],
            "swapped_1": swapped["window_1"],
        },
    )
    assert_says(figures.scrambled_flowers, {"accepted_swapped": swapped["window_8"]})
    pairs = values("overlap-keeps-position")
    apart = {"near": pairs["pairs_1"], "far": pairs["pairs_4"]}
    assert_says(figures.overlap_pairs, apart | {"plain": v["inside"]})
    v = values("arrangement-before-global-pool")
    shown = [f"{order}_{kind}" for order in ("after", "before") for kind in ("moved", "scrambled")]
    shown += ["place_moved", "before_swapped"]
    assert_says(figures.pool_before_or_after, {name: v[name] for name in shown})
    v = values("dahlia-scrambled-accepted")
    windows = {"four": v["window_4"], "sixteen": v["window_16"], "whole": v["window_256"]}
    assert_says(figures.dahlia_scrambled, windows | {"tiles": v["tiles"]})
