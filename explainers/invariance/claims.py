"""The chapter's claims, and its verdicts on what the thread says."""

from __future__ import annotations

from fractions import Fraction
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from explainers.invariance import dahlia, examples, experiments, model
from explainers.invariance.experiments import pooling
from explainers.operators import conv2d, shift2d
from explainers.records import Claim, Ruling, Value, Values, Verdict

KERNEL, SIDE = 3, 224  # a 3 × 3 convolution of a picture of the usual size
WINDOWS = (2, 3, 4)
SMOOTH = 4  # pixels: what counts as a smooth map
MAPS = 60
MANY_MAPS = 300  # where sixty leave the second decimal open


def share(value: SupportsFloat, meaning: str) -> Value:
    """A probability, or a share of what was tried."""
    return Value(float(value), "probability", meaning)


def number(value: int, meaning: str) -> Value:
    """A count."""
    return Value(int(value), "count", meaning)


def error(value: SupportsFloat, meaning: str) -> Value:
    """A relative root-mean-square difference."""
    return Value(float(value), "of unrelated maps", meaning)


def feature_map_moves_with_picture() -> Values:
    """A convolution of a moved picture, against the moved convolution of the picture."""
    rng = np.random.default_rng(0)
    picture = rng.integers(1, 99, (1, 32, 32)).astype(float)
    weight = rng.integers(1, 9, (1, 1, KERNEL, KERNEL)).astype(float)

    def differ(mode: str) -> NDArray[np.bool_]:
        around = {"padding": KERNEL // 2, "padding_mode": mode}
        moved = conv2d(shift2d(picture, 0, 1, mode=mode), weight, **around)  # type: ignore[arg-type]
        along = shift2d(conv2d(picture, weight, **around), 0, 1, mode=mode)  # type: ignore[arg-type]
        different: NDArray[np.bool_] = (moved != along)[0]
        return different

    border = model.convolution_border(SIDE, SIDE, KERNEL, dx=1)
    return {
        "side": number(SIDE, "pixels along each side of the picture"),
        "border": number(border, "outputs that do not move along, zeros around the picture"),
        "outputs": number(SIDE**2, "outputs in all"),
        "border_share": share(border / SIDE**2, "of the outputs do not move along"),
        "inside": number(differ("zeros")[:, 2:-1].sum(), "of them away from the border"),
        "circular": number(differ("circular").sum(), "with a border that wraps round"),
    }


def lone_peak_stays() -> Values:
    """Side-by-side windows, and a single peak."""
    values = {
        f"window_{k}": share(model.lone_peak_unchanged(k, dx=1), f"{k} × {k} windows, one pixel")
        for k in WINDOWS
    }
    return {
        **values,
        "diagonal_2": share(
            model.lone_peak_unchanged(2, 1, 1), "2 × 2 windows, one pixel on both axes"
        ),
        "two_pixels_2": share(model.lone_peak_unchanged(2, dx=2), "2 × 2 windows, two pixels"),
    }


def eight_neighbours() -> Values:
    """The share of the eight one-pixel moves that a window absorbs."""
    edge = Fraction(int(model.directions_unchanged(3)[0, 1]), 8)
    return {
        "window_2": share(model.eight_neighbours_unchanged(2), "average for 2 × 2: three in eight"),
        "window_3": share(model.eight_neighbours_unchanged(3), "average for 3 × 3: five in nine"),
        "edge": share(edge, "a peak in the middle of an edge of 3 × 3: five in eight"),
    }


def busy_map_stays() -> Values:
    """Side-by-side windows, and values everywhere."""
    half, textbook = Fraction(1, 2), examples.textbook_example()
    return {
        **{
            f"window_{k}": share(model.busy_map_unchanged(k, dx=1), f"{k} × {k} windows, one pixel")
            for k in WINDOWS
        },
        "diagonal_2": share(
            model.busy_map_unchanged(2, 1, 1), "2 × 2 windows, one pixel on both axes"
        ),
        "clipped_2": share(
            model.busy_map_unchanged(2, dx=1, zeros=half), "2 × 2 windows, half of the values zero"
        ),
        "textbook": number(
            (textbook.pooled == textbook.moved_pooled).sum(), "maxima that stay in the textbook"
        ),
        "textbook_of": number(textbook.pooled.size, "maxima in the textbook's example"),
        "textbook_detectors": number(
            (textbook.detector == textbook.moved_detector).sum(), "detectors that stay there"
        ),
    }


def mean_never_stays() -> Values:
    """The same for the mean."""
    plain, clipped = (
        model.mean_unchanged(2, dx=1),
        model.mean_unchanged(2, dx=1, zeros=Fraction(1, 2)),
    )
    return {
        "busy": share(plain.busy_map, "a mean over 2 × 2 of a busy map, one pixel"),
        "max": share(model.busy_map_unchanged(2, dx=1), "the max, for comparison"),
        "clipped": share(clipped.busy_map, "the mean, half of the values zero"),
        "lone_peak": share(plain.lone_peak, "the mean of a lone peak's map"),
    }


def smooth_map_change() -> Values:
    """Change of pooled maps by one pixel, from rough to smooth."""
    methods = ("max", "mean", "subsample")
    series = experiments.change_by_smoothness((0, SMOOTH), methods, maps=MANY_MAPS)
    changes = {
        f"{method}_{kind}{end}": error(
            getattr(series, side)[row, column],
            f"{name}, {kind} maps" + (f", 95% interval, {side}" if end else ""),
        )
        for row, (method, name) in enumerate(
            zip(methods, ("max", "mean", "every second value"), strict=True)
        )
        for column, kind in enumerate(("rough", "smooth"))
        for end, side in (("", "value"), ("_low", "low"), ("_high", "high"))
    }
    return {"length": Value(SMOOTH, "pixels", "correlation length of the smooth maps"), **changes}


def quoted_example_fails() -> Values:
    """The tutorial's line, moved by one pixel."""
    right, left = examples.line_example_changed(1), examples.line_example_changed(-1)
    shape = examples.line_example()
    return {
        "map": number(right.feature_map, "values of the feature map that change"),
        "map_of": number(shape.feature_map.size, "values in it"),
        "max": number(right.max_pooled, "max-pooled values that change"),
        "max_left": number(left.max_pooled, "the same, moved to the left"),
        "mean": number(right.mean_pooled, "mean-pooled values that change"),
        "of": number(shape.max_pooled.size, "pooled values"),
    }


def subsampling_breaks_it() -> Values:
    """The error of pooling at every place, and of keeping every second value."""
    noise = experiments.smooth_maps(MAPS, 64)
    kept = experiments.equivariance_error(pooling("max", 2), noise, dx=1)
    dense = experiments.equivariance_error(pooling("max", 2, 1), noise, dx=1)
    plain = experiments.equivariance_error(pooling("subsample", 2), noise, dx=1)
    return {
        "dense": error(dense.value, "max over 2 × 2 at every place"),
        "kept": error(kept.value, "every second of them"),
        "kept_low": error(kept.low, "lower end of its 95% interval"),
        "kept_high": error(kept.high, "upper end of its 95% interval"),
        "plain": error(plain.value, "every second value without a max"),
    }


def exact_only_at_multiples_of_stride() -> Values:
    """The comb: where the error is zero, and where it is least and largest in between."""
    values: dict[str, Value] = {}
    for depth in (1, 2, 3):
        period = 2**depth
        comb = experiments.comb(depth, range(period + 1), maps=MANY_MAPS)
        between = comb.value[1:-1]
        least = 1 + int(between.argmin())
        values |= {
            f"period_{depth}": Value(period, "pixels", f"exact at multiples of, after {depth}"),
            f"at_period_{depth}": error(comb.value[-1], f"error there, after {depth}"),
            f"least_{depth}": error(between.min(), f"least error in between, after {depth}"),
            f"least_{depth}_low": error(comb.low[least], "lower end of its 95% interval"),
            f"least_{depth}_high": error(comb.high[least], "upper end of its 95% interval"),
            f"most_{depth}": error(between.max(), f"largest error in between, after {depth}"),
        }
    return values


def blur_before_subsampling() -> Values:
    """What is left of the error with a blur, and with an adaptive phase."""
    noise = experiments.smooth_maps(MAPS, 64)
    blurs = experiments.blur_repair((3, 5, 7), ("max blur",), maps=MAPS).value[0]
    bare, adaptive = (
        experiments.equivariance_error(pooling(method, 2), noise, dx=1, fractional=True).value
        for method in ("max", "max polyphase")
    )
    return {
        "none": error(bare, "without a blur"),
        **{
            f"taps_{taps}": error(left, f"with a blur of {taps} taps")
            for taps, left in zip((3, 5, 7), blurs, strict=True)
        },
        "adaptive": error(adaptive, "with an adaptive phase, the map wrapping round"),
    }


def depth_widens_the_window() -> Values:
    """Stacked pools, against one window as wide."""
    stacked = {
        f"depth_{n}": share(model.stacked_unchanged(2, n, 1), f"{n} poolings, one pixel")
        for n in (1, 2, 3)
    }
    return {
        **stacked,
        "one_window": share(model.lone_peak_unchanged(8, dx=1), "one window of 8 × 8, one pixel"),
    }


def overlap_never_exact() -> Values:
    """Overlapping windows, against windows side by side."""
    return {
        "overlap": share(model.lone_peak_unchanged(3, dx=1, stride=2), "3 × 3 windows, stride 2"),
        "side_by_side": share(model.lone_peak_unchanged(3, dx=1), "3 × 3 windows, stride 3"),
        "busy": share(model.busy_map_unchanged(3, dx=1), "one value of a busy map, in either case"),
    }


def global_pool_is_invariant() -> Values:
    """One number for the whole map, which wraps round or loses what leaves it."""
    size = 12
    noise, peaks = experiments.busy_maps(MAPS, size), experiments.lone_peaks(size)
    whole = pooling("max", size)
    lost = np.mean(shift2d(peaks, 0, 1).max(axis=(1, 2)) != peaks.max(axis=(1, 2)))
    return {
        "busy": share(
            min(experiments.unchanged(whole, noise, dx=d).value for d in range(size)),
            "of busy maps unchanged, at any move, the map wrapping round",
        ),
        "side": number(size, "pixels along each side of the map"),
        "lost": share(lost, "of lone peaks lost by a move of one, the map not wrapping round"),
    }


def flower_photo_shift() -> Values:
    """The dahlia's photograph moved by one and two pixels."""
    methods = ("max", "mean", "subsample")
    rates = dahlia.moved([1, 2], methods, equal_firing=True)
    full = dahlia.moved([1, 2], ["max"], window=1, equal_firing=True)
    return {
        f"{name}_{method}_{pixels}": make(column[row, at], f"{method}, {text}, {pixels} px")
        for row, method in enumerate(methods)
        for at, pixels in enumerate((1, 2))
        for name, column, make, text in (
            ("change", rates.change, error, "change of the pooled map"),
            ("stays", rates.stays, share, "petals that the same value still finds"),
        )
    } | {
        "stays_full_1": share(full.stays[0, 0], "full map, petals still found, 1 px"),
        "stays_full_2": share(full.stays[0, 1], "full map, petals still found, 2 px"),
        "unchanged": share(rates.unchanged.max(), "of the pooled values stay exactly, at most"),
    }


MODEL, EXPERIMENTS = "explainers.invariance.model", "explainers.invariance.experiments"
TESTS = "tests/invariance/test_invariance_claims.py"

CLAIMS = (
    Claim(
        id="feature-map-moves-with-picture",
        question="Does a feature map move with the picture?",
        examines="T1",
        verdict=Verdict.HOLDS,
        statement="Move the picture, and the map moves with it: away from the border {inside} of "
        "the outputs differ, and with a border that wraps round {circular}. With zeros around a "
        "picture of {side} × {side}, a 3 × 3 convolution and a move by one pixel, {border} of "
        "{outputs} outputs differ ({border_share:.1%}).",
        answer="If a picture of 224 × 224 pixels moves by one pixel, the feature map of a 3 × 3 "
        "convolution with zeros around the picture moves along, except {border} of its {outputs} "
        "outputs ({border_share:.1%}). These are at the border; away from it {inside} outputs "
        "differ, which is equivariance and not invariance.",
        formula=r"f(S_d\,x)=S_d\,f(x)\ \text{away from the border},"
        r"\quad N_{\text{border}}=H\,(p+\min(p,d)),\quad p=\frac{k-1}{2}",
        prints=("border_share", "border", "outputs", "inside"),
        values=feature_map_moves_with_picture,
        bears_out=lambda v: v["inside"] == 0 == v["circular"] and 0 < v["border_share"] < 0.05,
        figure="shift-strip",
        code=f"{MODEL}.convolution_border",
        test=f"{TESTS}::test_feature_map_moves_with_picture",
        sources=("thread", "goodfellow-2016"),
    ),
    Claim(
        id="lone-peak-stays",
        question="How often does max pooling hide the move of a lone peak?",
        examines="T2",
        verdict=Verdict.ON_CONDITION,
        condition="the peak stays in its window.",
        statement="Moved by one pixel, a lone peak leaves its max-pooled map unchanged at "
        "{window_2:.0%} of its places for 2 × 2 windows, {window_3:.1%} for 3 × 3 and "
        "{window_4:.0%} for 4 × 4; moved along both axes, at {diagonal_2:.0%} for 2 × 2. Moved by "
        "two pixels, 2 × 2 windows always show it.",
        answer="If a lone peak among zeros moves by one pixel, its max-pooled map stays unchanged "
        "at {window_2:.0%} of the peak's places for 2 × 2 windows side by side, {window_3:.1%} "
        "for 3 × 3 and {window_4:.0%} for 4 × 4, namely where the peak stays in its window. For 2 "
        "× 2 windows it is {diagonal_2:.0%} if the peak moves by one pixel along both axes, and "
        "{two_pixels_2:.0%} if it moves by two pixels.",
        formula=r"\mathbb{P}(\text{unchanged})=\frac{\max(0,k-|d_y|)\,\max(0,k-|d_x|)}{k^2}",
        prints=("window_2", "window_3", "window_4", "diagonal_2", "two_pixels_2"),
        values=lone_peak_stays,
        bears_out=lambda v: v["two_pixels_2"] == 0 < v["diagonal_2"] < v["window_2"] < 1,
        figure="unchanged-laws",
        code=f"{MODEL}.lone_peak_unchanged",
        test=f"{TESTS}::test_lone_peak_stays",
        sources=("thread",),
    ),
    Claim(
        id="eight-neighbours",
        question="Does a window absorb 3/8 of the eight one-pixel moves for 2 × 2, and 5/8 for 3 "
        "× 3?",
        examines="T2",
        verdict=Verdict.FAILS,
        statement="For 2 × 2 it is 3/8 ({window_2:.1%}). For 3 × 3 it is 5/9 ({window_3:.1%}). "
        "The 5/8 ({edge:.1%}) that is often copied is right for a peak in the middle of an edge "
        "of its window only.",
        answer="If a lone peak moves to one of its eight neighbours, max pooling hides "
        "{window_2:.1%} of these moves with 2 × 2 windows and {window_3:.1%} with 3 × 3, averaged "
        "over the peak's places in its window. The 5/8 ({edge:.1%}) often given for 3 × 3 is "
        "right only for a peak in the middle of an edge of its window.",
        formula=r"\mathbb{P}(\text{absorbed})=\frac{(k-1)(2k-1)}{2k^2}",
        prints=("window_3", "window_2", "edge"),
        values=eight_neighbours,
        bears_out=lambda v: v["window_2"] == 3 / 8 and v["window_3"] != v["edge"] == 5 / 8,
        figure="eight-neighbours",
        code=f"{MODEL}.eight_neighbours_unchanged",
        test=f"{TESTS}::test_eight_neighbours",
    ),
    Claim(
        id="busy-map-stays",
        question="Do most max-pooled values stay when a busy map moves a little?",
        examines="goodfellow-2016",
        verdict=Verdict.ON_CONDITION,
        condition="the move is less than a third of the window.",
        statement="Of a map of independent values moved by one pixel, {window_2:.1%} of the "
        "max-pooled values stay exactly the same for 2 × 2 windows, {window_3:.0%} for 3 × 3 and "
        "{window_4:.0%} for 4 × 4. If a rectifier made half of the values zero, {clipped_2:.1%} "
        "stay for 2 × 2.",
        answer="If a feature map of independent values moves by one pixel, {window_2:.1%} of its "
        "max-pooled values stay exactly the same for 2 × 2 windows, {window_3:.0%} for 3 × 3 and "
        "{window_4:.0%} for 4 × 4. Most stay only if the move is less than a third of the window; "
        "if a rectifier made half of the values zero, {clipped_2:.1%} stay for 2 × 2.",
        formula=r"\mathbb{P}(\text{unchanged})=z^{u}+(1-z^{u})\,\frac{m}{u},\quad m=k(k-d),"
        r"\quad u=k(k+d),\quad z=\mathbb{P}(\text{value}=0)",
        prints=("window_2", "window_3", "window_4", "clipped_2"),
        values=busy_map_stays,
        bears_out=lambda v: v["window_2"] < v["window_3"] == 1 / 2 < v["window_4"],
        figure="unchanged-laws",
        code=f"{MODEL}.busy_map_unchanged",
        test=f"{TESTS}::test_busy_map_stays",
        sources=("goodfellow-2016",),
    ),
    Claim(
        id="mean-never-stays",
        question="Does mean pooling leave anything exactly unchanged?",
        examines="T2",
        verdict=Verdict.ON_CONDITION,
        condition="what moves is a lone peak, or zeros. The mean of a busy map always changes.",
        statement="Moved by one pixel, {busy:.0%} of the means of a busy map stay, against "
        "{max:.1%} of the maxima. If half of the values are zero, {clipped:.1%} of the means do. "
        "For a lone peak the mean keeps as much as the max, {lone_peak:.0%}.",
        answer="If a feature map of independent values moves by one pixel, {busy:.0%} of the "
        "means over 2 × 2 windows stay exactly the same, against {max:.1%} of the maxima. A mean "
        "stays only when all values that leave and enter its window are zero: {clipped:.2%} of "
        "the means, if a rectifier made half of the values zero.",
        formula=r"\mathbb{P}(\text{mean unchanged})=z^{2kd},\quad\mathbb{P}(\text{max unchanged})="
        r"\frac{k-d}{k+d}\ \text{for}\ z=0,\quad z=\mathbb{P}(\text{value}=0)",
        prints=("busy", "max", "clipped"),
        values=mean_never_stays,
        bears_out=lambda v: v["busy"] == 0 < v["clipped"] < v["max"] < v["lone_peak"],
        figure="what-stays",
        code=f"{MODEL}.mean_unchanged",
        test=f"{TESTS}::test_mean_never_stays",
    ),
    Claim(
        id="smooth-map-change",
        question="Is it the pooling that makes a map robust to small moves?",
        examines="ruderman-2018",
        verdict=Verdict.ON_CONDITION,
        condition="the map is rough. On a smooth map all ways to pool change alike.",
        statement="Moved by one pixel, a rough map changes by {max_rough:.2f} after max pooling "
        "and by {subsample_rough:.2f} if every second value is kept (1 is the difference of "
        "unrelated maps). A map with a correlation length of {length} pixels changes by "
        "{max_smooth:.3f} and {subsample_smooth:.3f} (95% intervals {max_smooth_low:.3f} to "
        "{max_smooth_high:.3f} and {subsample_smooth_low:.3f} to {subsample_smooth_high:.3f}): its "
        "smoothness does it.",
        answer="If a feature map of independent noise moves by one pixel, it changes by "
        "{max_rough:.2f} after 2 × 2 max pooling and by {subsample_rough:.2f} if every second "
        "value is kept, where 1 is the difference of unrelated maps. A smooth map, with a "
        "correlation length of {length} pixels, changes by {max_smooth:.1f} with the max and "
        "{subsample_smooth:.1f} without: its smoothness makes it robust, not the pooling.",
        formula=r"\text{change}=\sqrt{\frac{\mathbb{E}\,(p(S_d\,x)-p(x))^2}{2\,\text{Var}\,p(x)}},"
        r"\quad\text{every second value:}\ \sqrt{1-e^{-d^2/(2L^2)}}",
        prints=("max_rough", "subsample_rough", "max_smooth", "subsample_smooth"),
        values=smooth_map_change,
        bears_out=lambda v: (
            v["max_rough"] < 0.8 * v["subsample_rough"]
            and v["max_rough_high"] < v["subsample_rough_low"]
            and abs(v["max_smooth"] / v["subsample_smooth"] - 1) < 0.05
        ),
        figure="smooth-maps",
        code=f"{EXPERIMENTS}.change_by_smoothness",
        test=f"{TESTS}::test_smooth_map_change",
        sources=("ruderman-2018",),
    ),
    Claim(
        id="quoted-example-fails",
        question="Does the tutorial's own example survive a move by one pixel?",
        examines="T2",
        verdict=Verdict.FAILS,
        statement="Move its vertical line by one pixel, and {max} of {of} max-pooled values "
        "change, to the left as to the right; of the mean-pooled ones {mean} do, and of the "
        "feature map {map} of {map_of}. The same share changes with the max as without any "
        "pooling.",
        answer="If the vertical line of a much quoted tutorial on pooling, two pixels wide in an "
        "8 × 8 picture, moves by one pixel, {max} of {of} max-pooled values change. That is the "
        "same share as without pooling, {map} of {map_of} in the feature map, and with mean "
        "pooling {mean} of {of} change.",
        formula=r"N=\sum_{i}\,[\,p(f(S_1\,x))_i\ne p(f(x))_i\,]",
        prints=("max", "of", "map", "map_of", "mean", "of"),
        values=quoted_example_fails,
        bears_out=lambda v: (
            v["max"] == v["max_left"] > 0 and v["max"] * v["map_of"] == v["map"] * v["of"]
        ),
        figure="shift-strip",
        code="explainers.invariance.examples.line_example_changed",
        test=f"{TESTS}::test_quoted_example_fails",
        sources=("thread",),
    ),
    Claim(
        id="subsampling-breaks-it",
        question="Which of pooling's jobs breaks the exact move?",
        examines="T2",
        verdict=Verdict.FAILS,
        statement="The max over 2 × 2 at every place moves along exactly: its error is "
        "{dense:.0f}. Keep every second of these values, and a move by one pixel leaves an error "
        "of {kept:.2f}, where 1 is the difference of unrelated maps (95% interval {kept_low:.2f} "
        "to {kept_high:.2f}). Down-sampling does not give robustness: it takes exactness away.",
        answer="If 2 × 2 max pooling keeps every second value (stride 2), moving a map of noise "
        "by one pixel leaves an error of {kept:.2f}, where 0 is a pooled map that merely moved "
        "along and 1 the difference of unrelated maps. With the max taken at every place (stride "
        "1) the error is {dense:.0f}, so it is the down-sampling that breaks the exact move.",
        formula=r"\text{error}=\sqrt{\frac{\mathbb{E}\,\min_{m=0,1}|p(S_1\,x)-S_m\,p(x)|^2}"
        r"{2\,\mathbb{E}\,|p(x)-\bar{p}|^2}}",
        prints=("kept", "dense"),
        values=subsampling_breaks_it,
        bears_out=lambda v: v["dense"] == 0 < v["kept_low"] < v["plain"],
        figure="dense-or-subsampled",
        code=f"{EXPERIMENTS}.equivariance_error",
        test=f"{TESTS}::test_subsampling_breaks_it",
        sources=("thread", "zhang-2019"),
    ),
    Claim(
        id="exact-only-at-multiples-of-stride",
        question="For which moves does a pooled map move along exactly?",
        examines="T2",
        verdict=Verdict.ON_CONDITION,
        condition="the move is a multiple of all strides multiplied.",
        statement="After one, two and three poolings of stride 2 the pooled map moves along "
        "exactly at multiples of {period_1}, {period_2} and {period_3} pixels. In between the "
        "error is at least {least_1:.2f}, {least_2:.2f} and {least_3:.2f}, where 1 is the "
        "difference of unrelated maps (95% intervals {least_1_low:.2f} to {least_1_high:.2f}, "
        "{least_2_low:.2f} to {least_2_high:.2f} and {least_3_low:.2f} to {least_3_high:.2f}).",
        answer="After one, two and three max poolings with 2 × 2 windows and stride 2, the pooled "
        "map moves along exactly only if the feature map moves by a multiple of {period_1}, "
        "{period_2} and {period_3} pixels, respectively. In between it does not: if noise moves "
        "by one pixel, a single pooling leaves an error of {least_1:.2f}, where 1 is the "
        "difference of unrelated maps.",
        formula=r"p_n(S_d\,x)=S_m\,p_n(x)\ \text{for every}\ x\quad\text{if and only if}"
        r"\quad d=2^n\,m,\quad m=0,1,2,\ldots",
        prints=("least_1", "period_1", "period_2", "period_3"),
        values=exact_only_at_multiples_of_stride,
        bears_out=lambda v: all(v[f"at_period_{n}"] == 0 < v[f"least_{n}"] for n in (1, 2, 3)),
        figure="comb",
        code=f"{EXPERIMENTS}.comb",
        test=f"{TESTS}::test_exact_only_at_multiples_of_stride",
        sources=("azulay-2019",),
    ),
    Claim(
        id="blur-before-subsampling",
        question="Does a blur before subsampling repair it?",
        examines="zhang-2019",
        verdict=Verdict.ON_CONDITION,
        condition="the pooled map may move by parts of a pixel; what is left shrinks with the "
        "blur.",
        statement="After a move by one pixel the error of 2 × 2 max pooling falls from {none:.2f} "
        "to {taps_3:.2f} with a blur of three taps, {taps_5:.2f} with five and {taps_7:.2f} with "
        "seven, where 1 is the difference of unrelated maps. Choosing the phase with the largest "
        "norm makes it {adaptive:.0f}, if the map wraps round.",
        answer="If 2 × 2 max pooling blurs its maxima before keeping every second one, the error "
        "after a move by one pixel falls from {none:.2f} to {taps_3:.2f} with a binomial blur of "
        "three taps, {taps_5:.2f} with five and {taps_7:.2f} with seven. Measured on noise, 0 is "
        "a pooled map that merely moved along, by half a pixel of its own, and 1 the difference "
        "of unrelated maps.",
        formula=r"\text{error}=\sqrt{\frac{\mathbb{E}\,(p(S_1\,x)-S_{1/2}\,p(x))^2}"
        r"{2\,\text{Var}\,p(x)}},\quad p=\text{max, blur, every second value}",
        prints=("none", "taps_3", "taps_5", "taps_7"),
        values=blur_before_subsampling,
        bears_out=lambda v: (
            v["adaptive"] == 0 < v["taps_7"] < v["taps_5"] < v["taps_3"] < v["none"]
        ),
        figure="blur-repair",
        code=f"{EXPERIMENTS}.blur_repair",
        test=f"{TESTS}::test_blur_before_subsampling",
        sources=("zhang-2019", "chaman-2021"),
    ),
    Claim(
        id="depth-widens-the-window",
        question="Do several poolings absorb more than one?",
        examines="T2",
        verdict=Verdict.HOLDS,
        statement="A lone peak moved by one pixel is absorbed at {depth_1:.0%} of its places by "
        "one pooling of 2 × 2, at {depth_2:.0%} by two and {depth_3:.1%} by three: as by one "
        "window of 8 × 8.",
        answer="A lone peak that moves by one pixel leaves the pooled map unchanged at "
        "{depth_1:.0%} of its places after one max pooling over 2 × 2 windows, at {depth_2:.0%} "
        "after two and at {depth_3:.1%} after three. Three act as one pooling over 8 × 8 windows "
        "({one_window:.1%}), because the max of maxima is the max of all.",
        formula=r"\mathbb{P}(\text{unchanged after}\ n)=\max(0,\,1-\frac{d}{k^n})",
        prints=("depth_1", "depth_2", "depth_3", "one_window"),
        values=depth_widens_the_window,
        bears_out=lambda v: v["depth_1"] < v["depth_2"] < v["depth_3"] == v["one_window"],
        figure="stacked-depth",
        code=f"{MODEL}.stacked_unchanged",
        test=f"{TESTS}::test_depth_widens_the_window",
    ),
    Claim(
        id="overlap-never-exact",
        question="Do overlapping 3 × 3 windows of stride 2 keep a lone peak's map?",
        examines="T2",
        verdict=Verdict.FAILS,
        statement="With 3 × 3 windows of stride 2 no move by one pixel leaves the max-pooled map "
        "of a lone peak unchanged ({overlap:.0%}); side by side, {side_by_side:.1%} do. A single "
        "value of a busy map stays as often in either case, {busy:.0%}.",
        answer="If max pooling uses overlapping 3 × 3 windows with stride 2, a lone peak that "
        "moves by one pixel leaves the pooled map unchanged at {overlap:.0%} of its places, "
        "against {side_by_side:.1%} with 3 × 3 windows side by side. On a map of independent "
        "values, a single pooled value stays equally often either way, {busy:.0%}.",
        formula=r"\mathbb{P}(\text{lone peak})=\frac{\max(0,r-d)+\max(0,s-r-d)}{s},"
        r"\quad r=k-s\,\lfloor k/s\rfloor,\quad\mathbb{P}(\text{busy value})=\frac{k-d}{k+d}",
        prints=("overlap", "side_by_side", "busy"),
        values=overlap_never_exact,
        bears_out=lambda v: v["overlap"] == 0 < v["busy"] < v["side_by_side"],
        figure="what-stays",
        code=f"{MODEL}.lone_peak_unchanged",
        test=f"{TESTS}::test_overlap_never_exact",
    ),
    Claim(
        id="global-pool-is-invariant",
        question="Is global max pooling invariant?",
        examines="T2",
        verdict=Verdict.ON_CONDITION,
        condition="nothing that matters leaves the map.",
        statement="If the map wraps round, {busy:.0%} of the globally max-pooled values stay at "
        "any move. If not, a move by one pixel loses {lost:.1%} of the lone peaks of a map of "
        "{side} × {side}: those at its edge.",
        answer="Global max pooling, the max of the whole feature map, is invariant to moves as "
        "long as nothing leaves the map: if the map wraps round, {busy:.0%} of the pooled values "
        "stay. If it does not, a move by one pixel loses {lost:.1%} of the lone peaks of a map of "
        "{side} × {side}, those at its edge.",
        formula=r"\max(S_d\,x)=\max(x)\ \text{if the map wraps round},"
        r"\quad\mathbb{P}(\text{peak lost})=\frac{d}{W}\ \text{if not}",
        prints=("busy", "lost"),
        values=global_pool_is_invariant,
        bears_out=lambda v: v["busy"] == 1 and 0 < v["lost"] < 0.5,
        figure="what-stays",
        code=f"{EXPERIMENTS}.unchanged",
        test=f"{TESTS}::test_global_pool_is_invariant",
    ),
    Claim(
        id="flower-photo-shift",
        question="Is a petal still found when the photograph moves by a pixel?",
        examines="T4",
        verdict=Verdict.ON_CONDITION,
        condition="the move is a pixel or two, and *found* is a matter of a threshold; the values "
        "themselves all change.",
        statement="The dahlia moved by one pixel: {stays_max_1:.1%} of the petals that a "
        "max-pooled value found are found by the same value, {stays_subsample_1:.1%} if every "
        "second value is kept, {stays_full_1:.1%} without pooling; by two pixels, "
        "{stays_max_2:.1%}, {stays_subsample_2:.1%} and {stays_full_2:.1%}. But "
        "the pooled maps change as much either way, by {change_max_1:.2f} and "
        "{change_subsample_1:.2f}, and {unchanged:.0%} of the values stay exactly.",
        answer="When the photograph of a dahlia moves by one pixel, {stays_max_1:.1%} of the "
        "petals found by a 2 × 2 max-pooled value are still found by it, against "
        "{stays_subsample_1:.1%} if every second value is kept and {stays_full_1:.1%} without "
        "pooling. Found means above a threshold that an equal share of the values passes in each "
        "case; {unchanged:.0%} of the pooled values stay exactly the same.",
        formula=r"\text{stays}=\mathbb{P}(p(S_d\,x)_c>t\;|\;p(x)_c>t),"
        r"\quad\text{unchanged}=\mathbb{P}(p(S_d\,x)_i=p(x)_i)",
        prints=("stays_max_1", "stays_subsample_1", "stays_full_1", "unchanged"),
        values=flower_photo_shift,
        bears_out=lambda v: (
            v["unchanged"] < 0.01
            and all(v[f"stays_max_{d}"] > v[f"stays_subsample_{d}"] + 0.05 for d in (1, 2))
            and abs(v["change_max_1"] - v["change_subsample_1"]) < 0.02
        ),
        figure="flower-shift",
        code="explainers.invariance.dahlia.moved",
        test=f"{TESTS}::test_flower_photo_shift",
        sources=("dahlia",),
    ),
)

RULINGS = (
    Ruling(
        "T1",
        Verdict.HOLDS,
        "move the picture, and the map moves with it. That is equivariance.",
        ("feature-map-moves-with-picture",),
    ),
    Ruling(
        "T2",
        Verdict.ON_CONDITION,
        "the max hides a move while the peak stays in its window. Down-sampling by itself is what "
        "breaks exactness.",
        ("lone-peak-stays", "busy-map-stays", "subsampling-breaks-it", "quoted-example-fails"),
    ),
    Ruling(
        "T4",
        Verdict.ON_CONDITION,
        "exact laws say how often: a lone peak while it stays in its window, a busy map less "
        "often.",
        ("lone-peak-stays", "busy-map-stays", "flower-photo-shift"),
        part="moves",
    ),
    Ruling(
        "T5",
        Verdict.FAILS,
        "convolution is equivariant, not invariant: its output moves. Borders break even that.",
        ("feature-map-moves-with-picture",),
    ),
)
