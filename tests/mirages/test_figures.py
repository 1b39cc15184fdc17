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

from explainers import flower
from explainers.catalogue import claim
from explainers.claim import Value
from explainers.drawing.rendering import Drawing
from explainers.mirages import dahlia, figures, measured
from tests.claiming import values
from tests.drawing import assert_says, column, drawn
from tests.mirages import reference


def interval(drawing: Drawing, name: str, at: int) -> tuple[float, float, float]:
    """A share of the figure's data, and the ends of its interval."""
    value, low, high = (float(column(drawing, f"{name}{end}")[at]) for end in ("", "_low", "_high"))
    return value, low, high


def ends_of(value: Value) -> tuple[float, float | None, float | None]:
    return value.value, value.low, value.high


def occupied(kind: str, window: int, seed: int) -> set[tuple[int, int, int]]:
    """Return which windows of which channel hold a part."""
    parts = measured.example(kind, window, seed)
    return {
        (channel, int(r) // window, int(c) // window)
        for channel, (r, c) in enumerate(zip(parts.row, parts.column, strict=True))
    }


@pytest.mark.parametrize("doublings", [1, 3])
def test_scrambled_flowers_counts_what_it_outlines(doublings: int) -> None:
    window, kinds = 2**doublings, ["true", "inside", "swapped", "anywhere"]
    drawing = drawn(figures.scrambled_flowers, doublings=doublings, draws=40, seed=3)
    true = occupied("true", window, 3)
    changed = [len(true ^ occupied(kind, window, 3)) for kind in kinds]
    assert column(drawing, "flower").tolist() == kinds
    assert column(drawing, "values_changed").tolist() == changed
    assert (changed[:2], drawing.values["all_global"]) == ([0, 0], 0)
    assert "The 9 global values all stay" in drawing.alt
    assert column(drawing, "global_values_changed").tolist() == [0] * 4
    assert drawing.values["values"] == 9 * (32 // window) ** 2
    assert drawing.values["anywhere"] == changed[3]
    # by symmetry: one window holds all, and inside its window a part is where it could be anyway
    assert_allclose(column(drawing, "global_accepted"), 0.95, atol=0.1)
    assert_allclose(column(drawing, "accepted")[:2], 0.95, atol=0.1)
    assert drawing.values["accepted_global"] == column(drawing, "global_accepted")[1:].min()
    assert drawing.values["accepted_swapped"] == column(drawing, "accepted")[2]


def test_invisible_arrangements_by_counting_cells() -> None:
    petals = 5
    drawing = drawn(figures.invisible_arrangements, petals=petals)
    ring = [math.tau * i / petals for i in range(petals)]
    places = [(16, 16)] + [
        (16 + round(10 * math.sin(a)), 16 + round(10 * math.cos(a))) for a in ring
    ]
    for stride, found, lapping in zip(
        measured.WINDOWS,
        column(drawing, "side by side"),
        column(drawing, "overlapping"),
        strict=True,
    ):
        assert found == (petals + 1) * 2 * math.log2(stride)
        kernel, begins = reference.begins(stride, overlap=True)
        axis = [tuple(b for b in begins if b <= place < b + kernel) for place in range(32)]
        codes = Counter(itertools.product(axis, axis))
        expected = sum(math.log2(codes[axis[r], axis[c]]) for r, c in places)
        assert lapping == pytest.approx(expected)
    alike = 10 + math.log2(special.comb(1024, petals, exact=True))
    assert column(drawing, "petals share a channel")[-1] == pytest.approx(alike)
    assert drawing.values["every"] == 10 * (petals + 1)
    assert drawing.values["four"] == 4 * (petals + 1)


def test_overlap_code_by_walking() -> None:
    """The windows that hold each place, followed from pooling to pooling."""
    drawing = drawn(figures.overlap_code, depth=2)
    rows = list(zip(*drawing.table.values(), strict=True))
    assert [row[:2] for row in rows] == [(k, n) for n in (1, 2) for k in (2, 3, 4)]
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
        count = Counter(held[place] for place in range(first, first + 2**pools))
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
def test_overlap_pairs_tells_pairs_and_small_scrambles_at_wide_strides() -> None:
    drawing = drawn(figures.overlap_pairs, draws=150)
    for kernel in (2, 3, 5):
        told = reference.pairs(kernel, 2, periods=11)
        assert_allclose(column(drawing, f"told_{kernel}"), list(told.values()))
    assert (drawing.values["near"], drawing.values["far"]) == (0, 1)
    assert (column(drawing, "overlap_high")[2:5] < column(drawing, "side_by_side_low")[2:5]).all()
    assert_allclose(column(drawing, "side_by_side"), 0.95, atol=0.03)
    assert drawing.values["overlap"] == column(drawing, "overlap")[2]
    assert drawing.values["plain"] == column(drawing, "side_by_side")[2]


@pytest.mark.parametrize("scramble", ["around", "anywhere"])
def test_dahlia_scrambled_shows_what_its_claim_has(scramble: str) -> None:
    settings = {"rings": 2, "doublings": 2, "draws": 10, "seed": 1}
    drawing = drawn(figures.dahlia_scrambled, **settings)
    found = claim("dahlia-scrambled-accepted").computed(scramble=scramble, **settings)
    for window in (4, 16, 64, 256):
        at = dahlia.WINDOWS.index(window)
        assert interval(drawing, scramble, at) == ends_of(found[f"window_{window}"])
    assert drawing.values["tiles"] == found["tiles"].value == 8


def test_dahlia_scrambled_shows_the_photograph_and_its_tiles() -> None:
    drawing = drawn(figures.dahlia_scrambled, rings=2, doublings=2, draws=2, seed=1)
    photo = sklearn.datasets.load_sample_image("flower.jpg")
    whole, anywhere, around = (
        np.asarray(axes.images[0].get_array()) for axes in drawing.canvas.axes[:3]
    )
    assert (whole == photo[38:406, 122:490]).all()
    for shown, scramble in ((around, "around"), (anywhere, "anywhere")):
        [order] = reference.orders(2, 4, scramble, draws=1, seed=1)
        assert (shown == dahlia.scrambled_photo(np.array(order), 2, 2)).all()


def test_the_photograph_is_credited() -> None:
    drawing = drawn(figures.dahlia_scrambled, draws=2)
    assert "photograph: vultilion, CC BY 2.0, adapted" in drawing.caption


def test_all_scrambles_have_a_look() -> None:
    assert set(figures.LOOKS) - {"true"} <= set(measured.SCRAMBLES)


def test_scrambled_accepted_shows_the_claims_intervals() -> None:
    settings = {"draws": 30, "seed": 2}
    drawing = drawn(figures.scrambled_accepted, **settings)
    assert column(drawing, "window").tolist() == list(measured.WINDOWS)
    found = claim("scrambled-flower-accepted").computed(
        window=16, kind="inside", channels="shared", **settings
    )
    for name, at, claimed in (
        ("own_inside", 2, "inside"),
        ("own_anywhere", 2, "anywhere_4"),
        ("own_anywhere", 4, "anywhere_16"),
        ("own_anywhere", 5, "anywhere_global"),
        ("alike_anywhere", 2, "alike_4"),
        ("alike_anywhere", 4, "alike_16"),
        ("alike_inside", 4, "passed"),
        ("alike_true", 4, "true"),
    ):
        assert interval(drawing, name, at) == ends_of(found[claimed])
    found = claim("exchanged-petals-accepted").computed(**settings)
    for window in (1, 8):
        at = measured.WINDOWS.index(window)
        assert interval(drawing, "own_swapped", at) == ends_of(found[f"window_{window}"])
    # without directions, an exchange leaves the same flower
    for name in ("own_true", "alike_true", "alike_swapped"):
        assert_allclose(column(drawing, name), 0.95, atol=0.1)
    assert drawing.values["own_16"] == column(drawing, "own_anywhere")[4]
    assert drawing.values["alike_all"] == column(drawing, "alike_anywhere")[5]


def test_pool_before_or_after_shows_the_claims_intervals() -> None:
    drawing = drawn(figures.pool_before_or_after, draws=30, seed=5)
    found = claim("arrangement-before-global-pool").computed(draws=30, seed=5)
    kinds = ["true", "moved", "swapped", "scrambled"]
    assert column(drawing, "flower").tolist() == kinds * 3
    for at, name in enumerate(f"{o}_{k}" for o in ("place", "after", "before") for k in kinds):
        known = found["true"] if name == "before_true" else found.get(name)
        assert known is None or interval(drawing, "accepted", at) == ends_of(known)
        assert drawing.values[name] == column(drawing, "accepted")[at]
    # by symmetry: at the usual place, and after a global pool
    assert_allclose(column(drawing, "accepted")[[0, 4, 5, 6, 7]], 0.95, atol=0.1)


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


def test_a_picture_scrambled_inside_its_windows_is_pooled_alike() -> None:
    """The pooled values again from the photograph, window by window."""
    drawing = drawn(figures.picture_scrambled, doublings=4)
    grey = flower.grey()[78:366, 162:450]
    maxima = [
        grey[y : y + 16, x : x + 16].max() for y in range(0, 288, 16) for x in range(0, 288, 16)
    ]
    assert column(drawing, "max").tolist() == maxima
    assert column(drawing, "max_shuffled_inside").tolist() == maxima
    other = column(drawing, "max_windows_shuffled").tolist()
    assert other != maxima
    assert sorted(other) == sorted(maxima)
    assert drawing.values["share"] == np.mean(np.not_equal(other, maxima))
    assert drawing.values["values"] == 18 * 18
    panels = [np.asarray(axes.images[0].get_array()) for axes in drawing.canvas.axes[:3]]
    assert all(np.array_equal(np.sort(p, axis=None), np.sort(panels[0], axis=None)) for p in panels)
    assert not np.array_equal(panels[0], panels[1])
