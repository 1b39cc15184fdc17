"""What the figures show: their data, by routes of their own."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from numpy.testing import assert_allclose
from skimage.measure import block_reduce

from explainers.drawing import rendering, style
from explainers.invariance import examples, figures
from explainers.records import Figure
from tests.claiming import values
from tests.drawing import assert_says, column, drawn
from tests.invariance.reference import Dahlia, busy_unchanged, peaks_unchanged


def test_max_pooling_by_hand_by_hand() -> None:
    drawing = drawn(figures.max_pooling_by_hand)
    assert drawing.values.items() >= {
        "moved": "all numbers have moved to the right by 1, and zeros enter",
        "kept": "2", "same": "1", "pooled": 4, "all": 16,
        "above": "7, 9, 6, 8", "below": "7, 4, 1, 8",
    }.items()  # fmt: skip
    assert column(drawing, "stays").tolist() == [True, False, False, True]
    assert "pooled values none stay" in drawn(figures.max_pooling_by_hand, move=3).caption


@pytest.mark.parametrize("move", range(4))
def test_max_pooling_by_hand_marks_the_largest_and_what_differs(move: int) -> None:
    drawing = drawn(figures.max_pooling_by_hand, move=move)
    numbers = np.pad(np.array(examples.NUMBERS), ((0, 0), (4, 0)))[:, 4 - move : 8 - move]
    largest = block_reduce(numbers, (2, 2), np.max)
    differs = largest != [[7, 9], [6, 8]]
    left, right = drawing.canvas.axes[2:]
    shown = [float(text.get_text()) for text in left.texts]
    assert shown == numbers.ravel().tolist()
    bold = [text.get_fontweight() == "bold" for text in left.texts]
    assert bold == (numbers == largest.repeat(2, 0).repeat(2, 1)).ravel().tolist()
    assert [float(text.get_text()) for text in right.texts] == largest.ravel().tolist()
    red = to_rgba(style.colour("max"))
    for axes in (left, right):
        assert [each.get_edgecolor() == red for each in axes.patches] == differs.ravel().tolist()
        assert [each.get_linestyle() == "-" for each in axes.patches] == (~differs).ravel().tolist()


@pytest.mark.parametrize("operator", ["max", "mean"])
@pytest.mark.parametrize("move", range(4))
def test_max_pooling_by_hand_pools_a_readers_numbers(move: int, operator: str) -> None:
    numbers = np.random.default_rng(move).integers(-99, 100, (4, 4))
    drawing = drawn(
        figures.max_pooling_by_hand, move=move, operator=operator, numbers=(*numbers.flat,)
    )
    moved = np.pad(numbers, ((0, 0), (4, 0)))[:, 4 - move : 8 - move]
    pool = {"max": np.max, "mean": np.mean}[operator]
    before, after = (block_reduce(each, (2, 2), pool) for each in (numbers, moved))
    name = {"max": "largest", "mean": "mean"}[operator]
    assert column(drawing, name).tolist() == before.ravel().tolist()
    assert column(drawing, f"{name} after the move").tolist() == after.ravel().tolist()
    said = [t.get_text().replace("−", "-") for t in drawing.canvas.axes[3].texts]
    assert [float(number) for number in said] == after.ravel().tolist()
    assert drawing.values["kept"] == str(int((before == after).sum()) or "none")
    assert operator in drawing.caption
    assert ("in colour" in drawing.caption) == (operator == "max")
    far = ("no move", "a move by one", "a move by two", "a move by three")[move]
    assert drawing.title == f"{operator.capitalize()} pooling, and {far}"


ENDS: list[tuple[Figure, dict[str, object]]] = [
    (figures.max_pooling_by_hand, {"numbers": (-99,) * 16, "operator": "mean", "move": 2}),
    (figures.eight_neighbours, {"window": 4}),
    (figures.eight_neighbours, {"window": 8}),
    (figures.subsampling_by_hand, {"values": (-9, 9) * 4, "blur": 2}),
    (figures.subsampling_by_hand, {"values": (1, -3, 5, 7, -9, 2, 8, -6), "blur": 7}),
    (figures.shift_strip, {"window": 3, "width": 4}),
    (figures.shift_strip, {"move": 1}),
    (figures.max_pooling_by_hand, {"move": 0}),
    (figures.max_pooling_by_hand, {"move": 3}),
    (figures.unchanged_laws, {"maps": 2}),
    (figures.stacked_depth, {"depth": 1}),
    (figures.stacked_depth, {"depth": 6}),
    (figures.flower_shift, {"doublings": 2}),
]


@pytest.mark.parametrize(("figure", "settings"), [*((f, {}) for f in figures.FIGURES), *ENDS])
def test_no_word_touches_a_curve_a_mark_or_another_word(
    figure: Figure, settings: dict[str, object]
) -> None:
    drawing = drawn(figure, **settings)
    drawing.canvas.dpi = 72
    rendering.picture(drawing, dpi=72)  # everything is in its place now
    for axes in drawing.canvas.axes:
        boxes = [
            text.get_window_extent()
            for text in axes.findobj(Text)
            if isinstance(text, Text) and text.get_text().strip() and text.get_visible()
        ]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.padded(-0.5).overlaps(other), axes.get_title()
        lines = [line.get_path().transformed(line.get_transform()) for line in axes.lines]
        assert not any(path.intersects_bbox(box, filled=False) for path in lines for box in boxes)


def test_texts_are_true_at_the_ends_of_the_parameters() -> None:
    still = drawn(figures.max_pooling_by_hand, move=0)
    assert "nothing has moved" in still.caption
    assert "zeros enter" not in still.caption + still.alt
    one = drawn(figures.stacked_depth, depth=1)
    assert one.caption.endswith("at 50.0% of the places by one pooling.")
    assert one.alt.startswith("A line falling")
    for doublings, kept in ((1, "every second value"), (2, "every fourth value")):
        drawing = drawn(figures.flower_shift, doublings=doublings)
        for axes in drawing.canvas.axes:
            key = axes.get_legend()
            assert key is not None
            assert kept in [text.get_text() for text in key.get_texts()]
        assert kept in drawing.caption
        assert drawing.alt.count(kept) == 2


LINE_SAID = (": left its windows", ": still in its windows")


@pytest.mark.parametrize(("width", "window"), [(2, 2), (3, 2), (4, 2), (2, 3), (4, 3)])
def test_shift_strip_says_under_each_map_how_much_differs(width: int, window: int) -> None:
    drawing = drawn(figures.shift_strip, width=width, window=window)
    for wide, begins in ((width, 0), (1, 1)):
        still = line_maps(0, wide, window)
        for d, axes in enumerate(drawing.canvas.axes):
            now = line_maps(d, wide, window)
            said = [t.get_text().replace("\n", " ") for t in axes.texts if len(t.get_text()) > 1]
            title, of_map, of_max = said[3 * begins : 3 * begins + 3]
            assert f"line {wide} wide" in title
            if d == 0:
                assert (of_map, of_max) == (f"in {window} × {window} windows", "the max of each")
                continue
            for now_, before, words, (left, stays) in (
                (now[0], still[0], of_map, ("", "")),
                (now[1], still[1], of_max, LINE_SAID),
            ):
                changed = int((now_ != before).sum())
                differs = f"{changed} of {now_.size} differ{left}"
                assert words == (differs if changed else f"same{stays}")


def line_maps(shift: int, width: int, window: int) -> tuple[np.ndarray, np.ndarray]:
    """The line's map and its maxima: under a line, each detector sees three pixels of it."""
    columns = np.zeros(8)
    columns[3 + shift : 3 + shift + width] = 3
    feature_map = np.tile(columns[1:7], (6, 1))
    return feature_map, block_reduce(feature_map, (window, window), np.max)


@pytest.mark.parametrize(("width", "window"), [(2, 2), (3, 2), (4, 3)])
def test_shift_strip_counts_what_it_outlines(width: int, window: int) -> None:
    drawing = drawn(figures.shift_strip, width=width, window=window)
    red = to_rgba(style.colour("max"))
    for d in range(4):
        outlined = sum(each.get_edgecolor() == red for each in drawing.canvas.axes[d].patches)
        for name, wide in (("", width), ("thin_", 1)):
            pairs = zip(line_maps(d, wide, window), line_maps(0, wide, window), strict=True)
            changed = [int((now != still).sum()) for now, still in pairs]
            shown = [column(drawing, f"{name}{what}_changed")[d] for what in ("map", "max_pooled")]
            assert shown == changed
            outlined -= changed[1]
        assert outlined == 0


def test_shift_strip_says_what_is_so() -> None:
    own = drawn(figures.shift_strip)
    assert own.title == figures.shift_strip.title
    assert (
        "3 of 9 differ for the line two pixels wide; the line one pixel wide stays" in own.caption
    )
    assert column(own, "thin_max_pooled_changed").tolist() == [0, 0, 6, 6]
    broad = drawn(figures.shift_strip, width=3, move=1)
    assert "none of 9 differ for the line three pixels wide" in broad.caption
    assert broad.title != own.title
    assert len(broad.canvas.axes) == 2
    large = drawn(figures.shift_strip, window=3)
    assert "for the line one pixel wide, 4 differ too" in large.caption
    assert "change 2, 2 and 2, move by move" in large.alt


def test_unchanged_laws_shows_laws_and_simulation_together() -> None:
    drawing = drawn(figures.unchanged_laws, maps=40)
    for k in (2, 3, 4, 8):
        for kind in ("lone", "busy"):
            law, found = column(drawing, f"{kind}_{k}"), column(drawing, f"{kind}_{k}_found")
            assert_allclose(law, found, atol=1e-12 if kind == "lone" else 0.05)
    assert column(drawing, "busy_3")[2] == pytest.approx(busy_unchanged(3, 0, 2), abs=0.01)
    assert (drawing.values["lone"], drawing.values["busy"]) == (0.5, 1 / 3)


def test_unchanged_table_by_enumeration_and_simulation() -> None:
    drawing = drawn(figures.unchanged_table, window=3)
    written = [text.get_text() for text in drawing.canvas.axes[0].texts]
    assert {"88%", "63%", "38%", "13%"} <= {*written[-7:]}, "halves are rounded up"
    shown = zip(
        *(column(drawing, c) for c in ("window", "moved", "lone peak", "busy map")), strict=True
    )
    for k, d, lone, busy in shown:
        assert lone == float(peaks_unchanged(k, k, [(0, d)]))
        assert busy == pytest.approx(max(0, (k - d) / (k + d)))
    assert drawing.values["lone"] == pytest.approx(2 / 3)


def test_eight_neighbours_counts() -> None:
    drawing = drawn(figures.eight_neighbours)
    counts = column(drawing, "of_eight")
    assert counts[:4].tolist() == [3] * 4
    assert counts[4:].tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert drawing.values["larger"] == counts[4:].mean() / 8
    assert drawing.values["wrong"] == 5 / 8
    assert [str(Fraction(int(c.sum()), 8 * c.size)) for c in (counts[:4], counts[4:])] == [
        "3/8", "5/9",
    ]  # fmt: skip
    first, second = (axes.get_title(loc="left") for axes in drawing.canvas.axes)
    assert (first, second) == ("2 × 2: 3/8 on average", "3 × 3: 5/9 on average, not 5/8")
    assert "5/9 of one-pixel moves, not 5/8" in drawing.title


@pytest.mark.parametrize("window", range(3, 9))
def test_eight_neighbours_of_any_window(window: int) -> None:
    """By walking: which of the eight neighbours of a cell are in the window too."""
    drawing = drawn(figures.eight_neighbours, window=window)
    steps = [step for step in itertools.product((-1, 0, 1), repeat=2) if step != (0, 0)]
    walked = [
        sum(0 <= row + down < window and 0 <= column + right < window for down, right in steps)
        for row, column in itertools.product(range(window), repeat=2)
    ]
    assert column(drawing, "of_eight")[4:].tolist() == walked
    written = [text.get_text() for text in drawing.canvas.axes[1].texts]
    assert [int(text.split()[0]) for text in written] == walked
    share = Fraction(sum(walked), 8 * window**2)
    assert drawing.values["larger"] == float(share)
    assert f"{window} × {window} window absorbs {share} of one-pixel moves" in drawing.title
    assert ("5/8" in drawing.title) == (window == 3)


@pytest.mark.parametrize("blur", range(2, 8))
def test_subsampling_by_hand_of_a_readers_values(blur: int) -> None:
    """Blurred by another route: the mean of two neighbours, so often."""
    row = (1, -3, 5, 7, -9, 2, 8, -6)
    drawing = drawn(figures.subsampling_by_hand, values=row, blur=blur)
    shown = zip(*(drawing.table[name] for name in ("shift", "step", "values")), strict=True)
    found = {(d, step): [*map(signed, values.split(", "))] for d, step, values in shown}
    for d in (0, 1):
        blurred = np.roll(np.array(row, float), d)
        assert found[d, "kept"] == blurred[::2].tolist()
        for _ in range(blur - 1):
            blurred = (blurred + np.roll(blurred, -1)) / 2
        blurred = np.roll(blurred, (blur - 1) // 2)
        assert_allclose(found[d, "blurred_kept"], blurred[::2], rtol=1e-5)
    weights = {2: "(1, 1)/2", 3: "(1, 2, 1)/4", 5: "(1, 4, 6, 4, 1)/16"}
    assert weights.get(blur, "") in drawing.caption
    assert "the peak" not in drawing.caption
    assert drawing.title != figures.subsampling_by_hand.title


def signed(text: str) -> float:
    return float(text.replace("−", "-"))


def test_subsampling_by_hand_by_hand() -> None:
    drawing = drawn(figures.subsampling_by_hand)
    rows = dict(
        zip(
            zip(drawing.table["shift"], drawing.table["step"], strict=True),
            drawing.table["values"],
            strict=True,
        )
    )
    assert rows[0, "kept"] == "0, 0, 0, 0"
    assert rows[1, "kept"] == "0, 0, 1, 0"
    assert rows[0, "blurred_kept"] == "0, 0.25, 0.25, 0"
    assert rows[1, "blurred_kept"] == "0, 0, 0.5, 0"


def test_dense_or_subsampled_shows_what_the_claim_says() -> None:
    drawing, v = drawn(figures.dense_or_subsampled, maps=30), values("subsampling-breaks-it")
    assert (column(drawing, "max at every place") == 0).all()
    for name in ("every second max", "every second value"):
        assert (column(drawing, name)[::2] == 0).all()
    assert column(drawing, "every second max")[1::2] == pytest.approx(v["kept"], abs=0.02)
    assert (column(drawing, "every second value")[1::2] > 0.9).all()
    assert drawing.values["kept"] == column(drawing, "every second max").max()


def test_comb_is_zero_at_its_teeth_only() -> None:
    drawing = drawn(figures.comb, maps=4)
    shift = column(drawing, "shift")
    for depth, method in itertools.product((1, 2, 3), ("max", "mean")):
        error = column(drawing, f"{method}, {depth}")
        assert ((error == 0) == (shift % 2**depth == 0)).all()
    for depth in (1, 2, 3):
        assert (column(drawing, f"max polyphase, {depth}") == 0).all()
    assert drawing.values["two"] == column(drawing, "max, 2").max()


def test_blur_repair_shows_what_the_claim_says() -> None:
    drawing, v = drawn(figures.blur_repair, maps=30), values("blur-before-subsampling")
    error = column(drawing, "max")
    for taps, name in ((1, "none"), (3, "taps_3"), (5, "taps_5"), (7, "taps_7")):
        assert error[taps - 1] == pytest.approx(v[name], abs=0.01)
    assert (np.diff(column(drawing, "subsample")) < 0).all()
    assert drawing.values["plain"] == column(drawing, "subsample")[0]


def test_stacked_depth_by_pooling() -> None:
    drawing = drawn(figures.stacked_depth, depth=3)
    peaks = np.eye(32)[:, None]
    for depth, moved in itertools.product((1, 2, 3), range(9)):
        pooled = [
            block_reduce(x, (1, 1, 2**depth), np.max) for x in (peaks, np.roll(peaks, moved, 2))
        ]
        share = np.mean((pooled[0] == pooled[1]).all(axis=(1, 2)))
        assert column(drawing, f"depth_{depth}")[moved] == share
    assert drawing.values["last"] == 7 / 8


def test_flower_shift_petal_by_petal() -> None:
    drawing = drawn(figures.flower_shift)
    for name, window in (("max", 2), ("mean", 2), ("subsample", 2), ("full", 1)):
        method = "max" if name == "full" else name
        reference = Dahlia(method, window, 1)
        cells, _, both = reference.petals(reference.equal()).sum(axis=0)
        assert column(drawing, f"again_{name}")[1] == pytest.approx(both / cells)
        if name != "full":
            change = pytest.approx(reference.change(), abs=1e-7)
            assert column(drawing, f"change_{name}")[1] == change


def test_stays_or_jumps_by_hand() -> None:
    drawing = drawn(figures.stays_or_jumps)
    happened = dict(
        zip(
            zip(*(drawing.table[c] for c in ("shown", "moved")), strict=True),
            drawing.table["happened"],
            strict=True,
        )
    )
    expected = {
        "max at every place": ["moves along"] * 3,
        "every second max": ["stays", "jumps by a cell", "stays"],
        "every second value": ["vanishes", "appears", "vanishes"],
        "global max": ["stays"] * 3,
    }
    for name, words in expected.items():
        assert [happened[name, d] for d in (1, 2, 3)] == words
    assert (drawing.values["stays"], drawing.values["moves"]) == (2, 3)
    shown = dict(
        zip(
            zip(drawing.table["shown"], drawing.table["moved"], strict=True),
            drawing.table["values"],
            strict=True,
        )
    )
    assert shown["every second max", 1] == shown["every second max", 0] == "0, 1, 0, 0"
    assert shown["every second value", 1] == "0, 0, 0, 0"


def test_what_stays_by_enumeration_and_simulation() -> None:
    drawing = drawn(figures.what_stays, maps=400)
    rows = {
        (operator, moved): (lone, busy)
        for operator, moved, lone, busy in zip(*drawing.table.values(), strict=True)
    }
    for k, d in itertools.product((2, 3, 4), (1, 2, 3, 4)):
        lone, busy = rows[f"max {k} × {k}", d]
        assert lone == pytest.approx(float(peaks_unchanged(k, k, [(0, d)])))
        assert busy == pytest.approx(max(0, (k - d) / (k + d)), abs=1e-12)
        assert rows["max 3 × 3, stride 2", d] == (0, rows["max 3 × 3", d][1])
        assert rows["mean 2 × 2", d] == (rows["max 2 × 2", d][0], 0)
        assert rows["global max", d] == (1, 1)
        # a peak that is kept neither before nor after the move leaves nothing to see
        assert rows["every second value", d] == (0.75 if d % 2 == 0 else 0.5, 0)


@pytest.mark.slow
def test_figures_say_the_claims_numbers() -> None:
    """What a figure and a claim both say is one number: of the same maps, to the last digit."""
    v = values("quoted-example-fails")
    assert_says(figures.shift_strip, {"map_1": v["map"], "max_1": v["max"]})
    lone, busy = values("lone-peak-stays"), values("busy-map-stays")
    stays = {"lone": lone["window_2"], "busy": busy["window_2"]}
    assert_says(figures.unchanged_laws, stays)
    assert_says(figures.unchanged_table, stays)
    v = values("eight-neighbours")
    assert_says(
        figures.eight_neighbours,
        {"two": v["window_2"], "larger": v["window_3"], "wrong": v["edge"]},
    )
    v = values("subsampling-breaks-it")
    assert_says(figures.dense_or_subsampled, {"dense": v["dense"], "kept": v["kept"]})
    assert_says(figures.comb, {"one": v["kept"]})
    assert_says(figures.comb, {"one": values("exact-only-at-multiples-of-stride")["least_1"]})
    v = values("blur-before-subsampling")
    assert_says(
        figures.blur_repair, {"none": v["none"], "three": v["taps_3"], "seven": v["taps_7"]}
    )
    v = values("depth-widens-the-window")
    assert_says(figures.stacked_depth, {"first": v["depth_1"]})
    v = values("flower-photo-shift")
    again = {"again_max": v["all"], "again_subsample": v["plain"], "again_full": v["full"]}
    change = {"change_max": v["change"], "change_subsample": v["plain_change"]}
    assert_says(figures.flower_shift, again | change)
    overlap, v = values("overlap-never-exact")["overlap"], values("global-pool-is-invariant")
    lone_peaks = {"lone": lone["window_2"], "overlap": overlap, "whole": v["busy"]}
    assert_says(figures.what_stays, lone_peaks)


def test_the_change_is_the_claims_on_rough_maps_and_on_smooth_ones() -> None:
    by_max, by_mean = values("smooth-map-change"), values("mean-changes-less")
    drawing = figures.smooth_maps()
    at = list(drawing.table["length"]).index(by_max["length"])
    for name, method, v in (
        ("max", "max", by_max),
        ("max", "max", by_mean),
        ("sub", "subsample", by_max),
        ("mean", "mean", by_mean),
    ):
        rough = drawing.values[f"{name}_rough"]
        assert rough == pytest.approx(v[f"{method}_rough"], rel=1e-12)
        smooth = column(drawing, method)[at]
        assert smooth == pytest.approx(v[f"{method}_smooth"], rel=1e-12)
        assert (np.diff(column(drawing, method)) < 0).all()


def test_the_busy_maps_of_the_table_stay_as_the_claim_says_to_the_digits_shown() -> None:
    busy = figures.what_stays().values["busy"]
    assert f"{busy:.0%}" == f"{values('busy-map-stays')['window_2']:.0%}"


@pytest.mark.parametrize("maps", [2, 30])
def test_smooth_maps_says_how_near_the_two_come(maps: int) -> None:
    drawing = drawn(figures.smooth_maps, maps=maps)
    apart = abs(column(drawing, "max")[-1] - column(drawing, "subsample")[-1])
    within = drawing.values["within"]
    assert apart < within <= max(1e-4, 10 * apart * (1 + 1e-12))
    assert f"the two differ by less than {within:g}." in drawing.caption
