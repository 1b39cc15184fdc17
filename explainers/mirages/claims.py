"""The chapter's claims, and its verdicts on what the thread says."""

from __future__ import annotations

import math
from typing import SupportsFloat

from explainers.mirages import dahlia, experiments, model
from explainers.mirages.experiments import Shares
from explainers.records import Claim, Ruling, Value, Values, Verdict

SIZE = experiments.SIZE
DRAWS = 500  # flowers of each kind
ACCEPTED = experiments.ACCEPTED
DAHLIA_DRAWS = 80
RINGS, DOUBLINGS = 3, 3  # the dahlia's tiles: three rings of eight
DEPTHS = (1, 2, 3, 4)


def share(value: SupportsFloat, meaning: str) -> Value:
    """A share of what was tried."""
    return Value(float(value), "probability", meaning)


def number(value: int, meaning: str) -> Value:
    """A count."""
    return Value(int(value), "count", meaning)


def bits(count: int, meaning: str) -> Value:
    """How much it takes to tell one of so many."""
    return Value(model.bits(count), "bits", meaning)


def estimate(name: str, shares: Shares, at: tuple[int, ...], meaning: str) -> dict[str, Value]:
    """A measured share with its 95 % interval."""
    return {
        name: share(shares.value[at], meaning),
        f"{name}_low": share(shares.low[at], f"lower end of the 95% interval: {meaning}"),
        f"{name}_high": share(shares.high[at], f"upper end of the 95% interval: {meaning}"),
    }


def rearrangements_invisible_to_local_pool() -> Values:
    """Windows side by side, each part in its own channel, or all petals in one."""
    flower, alike = model.flower(size=SIZE), model.flower(size=SIZE, directed=False)
    counts = {k: model.invisible(flower, k) for k in (2, 4, 8)}
    return {
        "parts": number(flower.row.size, "parts of the flower: a centre and its petals"),
        "size": number(SIZE, "height and width of the map"),
        "bits": bits(model.arrangements(flower), "to say where all parts are"),
        "count_2": number(counts[2], "arrangements with the same map after 2 × 2 pooling"),
        "count_4": number(counts[4], "arrangements with the same map after 4 × 4 pooling"),
        "mean_2": number(model.invisible_to_mean(flower, 2), "the same, after 2 × 2 mean pooling"),
        "alike_2": number(model.invisible(alike, 2), "after 2 × 2, all petals in one channel"),
        **{f"lost_{k}": bits(n, f"lost by {k} × {k} windows") for k, n in counts.items()},
    }


def rearrangements_invisible_to_global_pool() -> Values:
    """One window, as large as the map."""
    flower, alike = model.flower(size=SIZE), model.flower(size=SIZE, directed=False)
    every, hidden = model.arrangements(flower), model.invisible(flower, SIZE)
    return {
        "parts": number(flower.row.size, "parts of the flower"),
        "size": number(SIZE, "height and width of the map"),
        "digits": number(len(str(hidden)), "digits of the number of arrangements that look alike"),
        "share": share(hidden / every, "of all arrangements look alike"),
        "bits": bits(hidden, "about the places of the parts are lost"),
        "left": Value(model.bits(every) - model.bits(hidden), "bits", "of them are left"),
        "alike": bits(model.invisible(alike, SIZE), "are lost if all petals share one channel"),
        "alike_mean": bits(model.invisible_to_mean(alike, SIZE), "the same, by global mean"),
    }


def scrambled_flower_accepted() -> Values:
    """A detector on max-pooled maps, and flowers scrambled inside windows and anywhere."""
    kinds, windows = ("inside", "anywhere"), (4, 16, SIZE)
    directed = experiments.acceptance(windows, kinds, accepted=ACCEPTED, draws=DRAWS)
    alike = experiments.acceptance(windows, kinds, directed=False, accepted=ACCEPTED, draws=DRAWS)
    return {
        "draws": number(DRAWS, "flowers of each kind"),
        "accepted": share(ACCEPTED, "of true ones pass the threshold, as it is set"),
        "true": share(directed.true.value[0], "of true flowers accepted, 4 × 4 windows"),
        **estimate("inside", directed.scrambled, (0, 0), "scrambled inside 4 × 4 windows"),
        **estimate("anywhere_4", directed.scrambled, (1, 0), "parts anywhere, 4 × 4 windows"),
        **estimate("anywhere_16", directed.scrambled, (1, 1), "parts anywhere, 16 × 16 windows"),
        **estimate("anywhere_global", directed.scrambled, (1, 2), "parts anywhere, global pool"),
        **estimate("alike_4", alike.scrambled, (1, 0), "anywhere, petals alike, 4 × 4 windows"),
        **estimate("alike_16", alike.scrambled, (1, 1), "anywhere, petals alike, 16 × 16 windows"),
    }


def exchanged_petals_accepted() -> Values:
    """Two petals in each other's places, without a pool and with one."""
    windows = (1, 4, 8)
    directed, all_of_them, alike = (
        experiments.acceptance(windows, (kind,), directed=own, accepted=ACCEPTED, draws=DRAWS)
        for kind, own in (("swapped", True), ("permuted", True), ("permuted", False))
    )
    return {
        "draws": number(DRAWS, "flowers of each kind"),
        "accepted": share(ACCEPTED, "of true ones pass the threshold, as it is set"),
        **{
            name: value
            for at, k in enumerate(windows)
            for name, value in estimate(
                f"window_{k}", directed.scrambled, (0, at), f"two petals exchanged, window {k}"
            ).items()
        },
        **{
            f"all_{k}": share(all_of_them.scrambled.value[0, at], f"all exchanged, window {k}")
            for at, k in enumerate(windows)
        },
        "alike_1": share(alike.scrambled.value[0, 0], "all exchanged, petals alike, no pool"),
        "alike_true_1": share(alike.true.value[0], "true flowers, petals alike, no pool"),
    }


def overlap_keeps_position() -> Values:
    """What the pattern of windows tells of one part's place, and of two."""
    side_by_side, usual, wide = (model.lone_part_code(k, 2) for k in (2, 3, 4))
    pairs = experiments.pairs_told_apart(3, 2)
    flower = model.flower(size=SIZE)
    return {
        "places": number(side_by_side.places, "places in a cell of stride × stride"),
        "patterns_2": number(side_by_side.patterns, "of them told apart, 2 × 2 windows"),
        "patterns_3": number(usual.patterns, "of them told apart, 3 × 3 windows, stride 2"),
        "patterns_4": number(wide.patterns, "of them told apart, 4 × 4 windows, stride 2"),
        "count_2": number(model.invisible(flower, 2), "flowers with one map, 2 × 2 windows"),
        "count_3": number(
            model.invisible(flower, 3, 2, 1), "flowers with one map, 3 × 3, stride 2"
        ),
        **{
            f"pairs_{d}": share(pairs.told[d - 1], f"of pairs of like parts told, {d} apart")
            for d in (1, 2, 3, 4)
        },
    }


def depth_hides_more() -> Values:
    """Stacked pools, side by side and overlapping."""
    plain = {n: model.lone_part_code(*model.stacked(2, 2, n)) for n in DEPTHS}
    overlapping = {n: model.lone_part_code(*model.stacked(3, 2, n)) for n in DEPTHS}
    return {
        **{
            f"plain_{n}": Value(float(code.sharing), "places", f"share a pattern, {n} of 2 × 2")
            for n, code in plain.items()
        },
        **{
            f"overlap_{n}": Value(
                float(code.sharing), "places", f"the same, {n} of 3 × 3, stride 2"
            )
            for n, code in overlapping.items()
        },
        "window": number(model.stacked(3, 2, 3)[0], "side of the one window they amount to"),
    }


def arrangement_before_global_pool() -> Values:
    """Three detectors; the last one looks for a flower at every place before the pool."""
    shares = experiments.before_or_after(accepted=ACCEPTED, draws=DRAWS)
    kinds = ("true", "moved", "scrambled")
    return {
        "draws": number(DRAWS, "flowers of each kind"),
        "accepted": share(ACCEPTED, "of true ones pass the threshold, as it is set"),
        **{
            name: value
            for row, order in enumerate(("place", "after", "before"))
            for column, kind in enumerate(kinds)
            for name, value in estimate(
                f"{order}_{kind}", shares, (row, column), f"{kind}: {experiments.DETECTORS[row]}"
            ).items()
        },
    }


def dahlia_scrambled_accepted() -> Values:
    """The photograph, cut into tiles."""
    windows = (4, 16, 64, 256)
    found = dahlia.acceptance(
        windows,
        ("anywhere",),
        rings=RINGS,
        doublings=DOUBLINGS,
        accepted=ACCEPTED,
        draws=DAHLIA_DRAWS,
    )
    tiles = RINGS * 2**DOUBLINGS
    return {
        "tiles": number(tiles, "tiles of the flower"),
        "digits": number(len(str(math.factorial(tiles))), "digits of the number of their orders"),
        "draws": number(DAHLIA_DRAWS, "noisy photographs, each with an order of its own"),
        "accepted": share(ACCEPTED, "of true ones pass the threshold, as it is set"),
        "true": share(found.true.value[-1], "of the true photographs accepted, global pool"),
        **{
            name: value
            for at, k in enumerate(windows)
            for name, value in estimate(
                f"window_{k}", found.scrambled, (0, at), f"scrambled, windows of {k}"
            ).items()
        },
    }


MODEL, EXPERIMENTS = "explainers.mirages.model", "explainers.mirages.experiments"
TESTS = "tests/mirages/test_mirages_claims.py"

CLAIMS = (
    Claim(
        id="rearrangements-invisible-to-local-pool",
        question="How many rearrangements does a local max pool hide?",
        examines="T8",
        verdict=Verdict.ON_CONDITION,
        condition="the same windows hold a part of each kind afterwards. A part with no like one "
        "in its window must stay there.",
        statement="A flower of {parts} parts on a map of {size} × {size}: {count_2:,d} "
        "arrangements give the same map after 2 × 2 max pooling, and {count_4:,d} after 4 × 4: "
        "each part anywhere in its window. Of the {bits:.0f} bits that say where the parts are, "
        "that is {lost_2:.0f} and {lost_4:.0f}. The mean hides as many, {mean_2:,d}.",
        answer="If each of the {parts} parts of a flower on a {size} × {size} map has a channel of "
        "its own, {count_2:,} arrangements of them give the same map after 2 × 2 max pooling, and "
        "{count_4:,} after 4 × 4: those in which each part stays in its window. Of the {bits:.0f} "
        "bits that say where the parts are, the pools lose {lost_2:.0f} and {lost_4:.0f}.",
        formula=r"N = (k^2)^m, \quad \log_2 N = 2 m \log_2 k \text{ of } 2 m \log_2 H \text{ "
        r"bits}, \quad m \text{ parts on a map of } H \times H",
        prints=("count_2", "lost_2", "count_4", "lost_4", "bits"),
        values=rearrangements_invisible_to_local_pool,
        bears_out=lambda v: (
            all(v[f"count_{k}"] == k ** (2 * v["parts"]) for k in (2, 4))
            and v["count_2"] == v["mean_2"] == v["alike_2"]
            and v["lost_2"] < v["lost_4"] < v["lost_8"] < v["bits"]
        ),
        figure="invisible-arrangements",
        code=f"{MODEL}.invisible",
        test=f"{TESTS}::test_rearrangements_invisible_to_local_pool",
        sources=("thread",),
    ),
    Claim(
        id="rearrangements-invisible-to-global-pool",
        question="How many rearrangements does global pooling hide?",
        examines="T8",
        verdict=Verdict.HOLDS,
        statement="All of them. For {parts} parts on a map of {size} × {size} that is a number of "
        "{digits} digits: of the {bits:.0f} bits that say where the parts are, {left:.0f} are "
        "left.",
        answer="Global pooling, by max or mean, hides all rearrangements of an object's parts: for "
        "{parts} parts with a channel each on a {size} × {size} map their number has {digits} "
        "digits. Of the {bits:.0f} bits that say where the parts are, {left:.0f} are left.",
        formula=r"\max_{x} a_c(x) = 1 \text{ wherever part } c \text{ is, so } N = (H W)^m, \quad "
        r"\log_2 (H W)^m - \log_2 N = 0",
        prints=("digits", "bits", "left"),
        values=rearrangements_invisible_to_global_pool,
        bears_out=lambda v: v["share"] == 1 and v["left"] == 0 < v["bits"],
        figure="invisible-arrangements",
        code=f"{MODEL}.invisible",
        test=f"{TESTS}::test_rearrangements_invisible_to_global_pool",
        sources=("thread",),
    ),
    Claim(
        id="scrambled-flower-accepted",
        question="How often does a detector on pooled maps accept a scrambled flower?",
        examines="T8",
        verdict=Verdict.ON_CONDITION,
        condition="its parts stay in their windows, or a few windows cover the map and the petals "
        "share a channel, or the pool is global.",
        statement="A detector that accepts {accepted:.0%} of true flowers accepts {inside:.1%} "
        "({inside_low:.1%}–{inside_high:.1%}) of those scrambled inside 4 × 4 windows. With the "
        "parts anywhere it accepts {anywhere_4:.1%} "
        "({anywhere_4_low:.1%}–{anywhere_4_high:.1%}), with 16 × 16 windows {anywhere_16:.1%} "
        "({anywhere_16_low:.1%}–{anywhere_16_high:.1%}), and after global pooling "
        "{anywhere_global:.1%} ({anywhere_global_low:.1%}–{anywhere_global_high:.1%}). If all "
        "petals share a channel, it is {alike_4:.1%} ({alike_4_low:.1%}–{alike_4_high:.1%}) for "
        "4 × 4 and {alike_16:.1%} ({alike_16_low:.1%}–{alike_16_high:.1%}) for 16 × 16. 95% "
        "intervals, for the threshold as set; {draws:,d} flowers of each kind.",
        answer="A detector that compares max-pooled maps, one for each part of a flower, with "
        "those of true flowers and accepts {accepted:.0%} of these, accepts {inside:.1%} of "
        "flowers whose parts are scrambled inside the 4 × 4 pooling windows, but {anywhere_4:.1%} "
        "of those whose parts are anywhere. If the pool is global it accepts these as well, "
        "{anywhere_global:.1%} of them (simulations with 500 flowers of each kind).",
        formula=r"s = \sum_{c} \sum_{w} t_c(w) \max_{x \in w} a_c(x), \quad \text{accepted if } s "
        r"\ge \theta, \quad \mathbb{P}(s \ge \theta | \text{true flower}) = \alpha",
        prints=("inside", "anywhere_4", "anywhere_global"),
        values=scrambled_flower_accepted,
        bears_out=lambda v: (
            abs(v["inside"] - v["true"]) < 0.03
            and v["anywhere_4_high"] < 0.05
            and v["anywhere_16_high"] < 0.05
            and v["alike_4_high"] < 0.05 < 0.25 < v["alike_16_low"]
            and v["anywhere_global_low"] > 0.9
        ),
        figure="scrambled-accepted",
        code=f"{EXPERIMENTS}.acceptance",
        test=f"{TESTS}::test_scrambled_flower_accepted",
        within=0.04,
        sources=("thread",),
    ),
    Claim(
        id="exchanged-petals-accepted",
        question="Is it a local pool that lets exchanged petals pass?",
        examines="T8",
        verdict=Verdict.FAILS,
        statement="Without any pool the detector accepts {window_1:.1%} "
        "({window_1_low:.1%}–{window_1_high:.1%}) of flowers with two petals exchanged, and with "
        "8 × 8 windows {window_8:.1%} ({window_8_low:.1%}–{window_8_high:.1%}): it forgives two "
        "parts in the wrong place. With all petals exchanged it accepts {all_1:.1%} and "
        "{all_8:.1%}. If the petals share a channel, {alike_1:.1%} pass without any pool: nothing "
        "says which is which. 95% intervals, for the threshold as set; {draws:,d} flowers of each "
        "kind.",
        answer="A template detector without any pooling, on noisy maps, that accepts "
        "{accepted:.0%} of true flowers, made of a centre and eight different petals that vary in "
        "place, accepts {window_1:.1%} of those with two petals exchanged: it is not a local pool "
        "that lets them pass, since the detector forgives two parts in the wrong place. With all "
        "petals exchanged it accepts {all_1:.1%} (simulations with 500 flowers of each kind).",
        formula=r"s = \sum_{c} \sum_{x} t_c(x) a_c(x), \quad \text{accepted if } s \ge \theta, "
        r"\quad \mathbb{P}(s \ge \theta | \text{true flower}) = \alpha",
        prints=("window_1", "all_1"),
        values=exchanged_petals_accepted,
        bears_out=lambda v: (
            v["window_1_low"] > max(v["window_4_high"] - 0.1, v["window_8"])
            and v["all_1"] < 0.05 > v["all_8"]
            and 0.9 < v["alike_1"] < v["alike_true_1"] + 0.05
        ),
        figure="scrambled-accepted",
        code=f"{EXPERIMENTS}.acceptance",
        test=f"{TESTS}::test_exchanged_petals_accepted",
        within=0.03,
    ),
    Claim(
        id="overlap-keeps-position",
        question="Do overlapping pools keep the position?",
        examines="hinton-2014",
        verdict=Verdict.ON_CONDITION,
        condition="the stride does not divide the window, and no like part is near.",
        statement="Over {places} neighbouring places of a lone part, the windows that hold it form "
        "{patterns_2} pattern with 2 × 2 windows side by side, but {patterns_3} with 3 × 3 windows "
        "of stride 2: then {count_3:,d} arrangement of our flower gives its map, not "
        "{count_2:,d}. With 4 × 4 windows of stride 2 it is {patterns_4} again. And of pairs of "
        "like parts, 3 × 3 windows of stride 2 tell {pairs_1:.0%} if they are one apart, "
        "{pairs_2:.0%} at two, {pairs_3:.0%} at three and {pairs_4:.0%} at four.",
        answer="Over {places} neighbouring places of a lone part, the max pooling windows that "
        "hold it form {patterns_2} pattern if they are 2 × 2 side by side, {patterns_3} if they "
        "are 3 × 3 with stride 2, so that they tell its place, and {patterns_4} again if they are "
        "4 × 4 with stride 2, which divides the window. Of pairs of parts in one channel the 3 × 3 "
        "windows tell {pairs_2:.0%} that are two places apart, {pairs_3:.0%} at three and "
        "{pairs_4:.0%} at four.",
        formula=r"\text{patterns in } s \times s \text{ places} = 4 \text{ if } k \text{ mod } s > "
        r"0, \text{ else } 1, \quad \text{windows } k \times k \text{ with stride } s",
        prints=("patterns_3", "patterns_2", "patterns_4", "pairs_2", "pairs_3", "pairs_4"),
        values=overlap_keeps_position,
        bears_out=lambda v: (
            v["patterns_2"] == v["patterns_4"] < v["patterns_3"] == v["places"]
            and v["pairs_1"] < v["pairs_2"] < v["pairs_3"] < v["pairs_4"] == 1 == v["count_3"]
        ),
        figure="overlap-code",
        code=f"{MODEL}.lone_part_code",
        test=f"{TESTS}::test_overlap_keeps_position",
        sources=("hinton-2014",),
    ),
    Claim(
        id="depth-hides-more",
        question="Do several poolings hide more than one?",
        examines="T8",
        verdict=Verdict.HOLDS,
        statement="After one pooling of 2 × 2 a lone part could be in {plain_1:.0f} places, "
        "after two in {plain_2:.0f}, after three in {plain_3:.0f} and after four in "
        "{plain_4:.0f}. Overlap helps less and less: with 3 × 3 windows of stride 2 it is "
        "{overlap_1:.0f} place, then {overlap_2:.1f}, {overlap_3:.1f} and {overlap_4:.1f} on "
        "average, as three of these amount to one window of {window} × {window}.",
        answer="After one, two, three and four max poolings over 2 × 2 windows a lone part could "
        "be in {plain_1:.0f}, {plain_2:.0f}, {plain_3:.0f} and {plain_4:.0f} places with the same "
        "pooled map. Overlap helps less and less: with 3 × 3 windows of stride 2 it could be in "
        "{overlap_1:.0f}, {overlap_2:.2f}, {overlap_3:.1f} and {overlap_4:.1f} places on average.",
        formula=r"S = s^n, \quad K = 1 + (k - 1) \frac{s^n - 1}{s - 1}, \quad R = K \text{ mod } "
        r"S, \quad \text{places} = \left(\frac{R^2 + (S - R)^2}{S}\right)^2",
        prints=(
            "plain_1",
            "plain_2",
            "plain_3",
            "plain_4",
            "overlap_1",
            "overlap_2",
            "overlap_3",
            "overlap_4",
        ),
        values=depth_hides_more,
        bears_out=lambda v: (
            all(
                v[f"{kind}_{n + 1}"] > v[f"{kind}_{n}"] >= 1
                for kind in ("plain", "overlap")
                for n in DEPTHS[:-1]
            )
            and all(v[f"overlap_{n}"] < v[f"plain_{n}"] for n in DEPTHS)
        ),
        figure="overlap-code",
        code=f"{MODEL}.stacked",
        test=f"{TESTS}::test_depth_hides_more",
    ),
    Claim(
        id="arrangement-before-global-pool",
        question="Must a network with a global pool accept scrambled objects?",
        examines="T8",
        verdict=Verdict.ON_CONDITION,
        condition="nothing looks at the arrangement before the pool. A convolution may do so.",
        statement="Pooling each part's channel globally and then looking accepts "
        "{after_scrambled:.1%} ({after_scrambled_low:.1%}–{after_scrambled_high:.1%}) of "
        "scrambled flowers. Looking for a flower at each place, then pooling the answers "
        "globally, accepts {before_scrambled:.1%} "
        "({before_scrambled_low:.1%}–{before_scrambled_high:.1%}) of them, and "
        "{before_moved:.1%} ({before_moved_low:.1%}–{before_moved_high:.1%}) of true flowers "
        "moved to anywhere. Looking at the usual place only, {place_moved:.1%} "
        "({place_moved_low:.1%}–{place_moved_high:.1%}) of these. All accept {accepted:.0%} of "
        "true flowers; 95% intervals, for the threshold as set; {draws:,d} flowers of each kind.",
        answer="A detector that pools each part's channel over the whole map and looks at the "
        "result accepts {after_scrambled:.1%} of scrambled flowers and {after_moved:.1%} of true "
        "ones moved to anywhere. If it looks for the flower at every place, a convolution, before "
        "it pools the answers globally, it accepts {before_scrambled:.1%} of the scrambled and "
        "{before_moved:.1%} of the moved flowers (thresholds that {accepted:.0%} of true flowers "
        "pass).",
        formula=r"s_{\text{after}} = \sum_{c} t_c \max_{x} a_c(x), \quad s_{\text{before}} = "
        r"\max_{x} \sum_{c} \sum_{y} t_c(y) a_c(x + y), \quad \text{accepted if } s \ge \theta",
        prints=("after_moved", "before_moved", "after_scrambled", "before_scrambled"),
        values=arrangement_before_global_pool,
        bears_out=lambda v: (
            v["after_scrambled_low"] > 0.9
            and v["before_scrambled_high"] < 0.05 > v["place_moved_high"]
            and v["before_moved_low"] > 0.9
        ),
        figure="pool-before-or-after",
        code=f"{EXPERIMENTS}.before_or_after",
        test=f"{TESTS}::test_arrangement_before_global_pool",
        within=0.04,
    ),
    Claim(
        id="dahlia-scrambled-accepted",
        question="Does the pooled petal map of a scrambled dahlia pass for the true one's?",
        examines="T8",
        verdict=Verdict.ON_CONDITION,
        condition="hardly anything but the global maximum is kept.",
        statement="The dahlia, cut into {tiles} tiles, is put together at random: in one of a "
        "number of orders with {digits} digits. A detector whose threshold lets {accepted:.0%} of "
        "true photographs pass (of fresh ones, {true:.0%} passed after global pooling) accepts "
        "{window_4:.0%} ({window_4_low:.0%}–{window_4_high:.0%}) of the scrambled ones after "
        "pooling the petal map over 4 × 4, {window_16:.0%} "
        "({window_16_low:.0%}–{window_16_high:.0%}) over 16 × 16, and {window_256:.0%} "
        "({window_256_low:.0%}–{window_256_high:.0%}) globally. 95% intervals, for "
        "the threshold as set; {draws} noisy photographs of each kind.",
        answer="A photograph of a dahlia is cut into 24 tiles that are put together at random, and "
        "a detector on its max-pooled petal map, with a threshold that {accepted:.0%} of true "
        "noisy photographs pass, accepts {window_256:.0%} of the scrambled ones if the pool is "
        "global. It accepts {window_4:.0%} when the map is pooled over 4 × 4 windows and "
        "{window_16:.0%} over 16 × 16.",
        formula=r"s = \sum_{w} (p_w - \bar{p}_w)^2, \quad p_w = \max_{x \in w} a(x), \quad "
        r"\text{accepted if } s \le \theta, \quad \mathbb{P}(s \le \theta | \text{true "
        r"photograph}) = \alpha",
        prints=("window_4", "window_16", "window_256"),
        values=dahlia_scrambled_accepted,
        bears_out=lambda v: (
            max(v["window_4_high"], v["window_16_high"]) < 0.1 < 0.5 < v["window_256_low"]
        ),
        figure="dahlia-scrambled",
        code="explainers.mirages.dahlia.acceptance",
        test=f"{TESTS}::test_dahlia_scrambled_accepted",
        sources=("dahlia",),
    ),
)

RULINGS = (
    Ruling(
        "T8",
        Verdict.ON_CONDITION,
        "for local windows only rearrangements inside a window are invisible, for global pooling "
        "all are; and they are so to what comes after the pool, not to what comes before it.",
        (
            "rearrangements-invisible-to-local-pool",
            "rearrangements-invisible-to-global-pool",
            "scrambled-flower-accepted",
            "arrangement-before-global-pool",
        ),
    ),
)
