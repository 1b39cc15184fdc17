"""Which pool finds a feature at equal false alarms: the claims on the columns of hit rates."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

from explainers import normal, ranges
from explainers.alternatives import measured, model
from explainers.claim import (
    Fact,
    Judged,
    Value,
    Values,
    claim,
    count,
    estimated,
    probability,
    share,
)
from explainers.kinds import Choice, Number, Seed, Whole
from explainers.records import Formula

N, SOME, FEW = 49, 7, 4  # units of a window of 7 × 7; the root of their number; of one of 2 × 2
D_PRIME, FALSE_ALARM, SHARED = 2.0, 0.05, 0.5  # as in the table
TRIED = 2000  # windows in a case of a sweep
LITTLE = 0.005  # a difference of two hit rates that does not matter
WINDOWS = "random maps"

Case: TypeAlias = dict[str, Any]
Units = Annotated[int, Whole(2, 1000, "units of the window")]
Seen = Annotated[int, Whole(1, 1000, "units that see the feature")]
DPrime = Annotated[float, Number(0.01, 10, "d′ of the feature in one unit")]
FalseAlarm = Annotated[float, Number(0, 1, "false-alarm rate", open=True)]
Correlation = Annotated[float, Number(0, 0.99, "correlation of any two units' noise")]
Trials = Annotated[int, Whole(100, 1_000_000, "windows with a feature, and as many without")]
Query = Annotated[str, Choice(ranges.QUERIES.values, "what the query fits")]
Fit = Annotated[float, Number(0, 100, "how much better it fits these: log of the weight")]


def _sees(units: int, seen: int, **_: object) -> bool:
    return seen <= units


# ---- One of the units sees it ----


def _behind_the_best(
    units: int, seen: int, d_prime: float, correlation: float, seed: int
) -> Values:
    case: Case = {"d_prime": d_prime, "correlation": correlation, "trials": TRIED, "seed": seed}
    best = measured.best_hit_rate(units, seen, **case)
    soft = measured.hit_rate("log-sum-exp", units, seen, temperature=1 / d_prime, **case)
    return {"behind": share(best.value - soft.value, "hits that the best test has more")}


@claim(
    question="One unit sees the feature: is there a pool that no other beats?",
    examines="boureau-2010",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "d_prime": ranges.STRENGTHS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        # As much: to half a percentage point.
        margin=lambda v: LITTLE - v["behind"].value,
        trial=_behind_the_best,
        domain=lambda seen, correlation, **_: seen == 1 and correlation == 0,
        condition="one unit sees it, and the noise is each unit's own.",
        otherwise="With shared noise the best test also takes off what all units have in common.",
        tries=60,
    ),
    says="A log-sum-exp whose temperature is one over d′ finds a feature as often as the best test "
    "that does not know its place.",
    statement="One of {units_shown} units sees a feature of d′ = {d_shown:g}; false alarms are "
    "{alarm:.0%}. The best test finds it in {best:.1%} of windows ({best.low:.1%} to "
    "{best.high:.1%}), a log-sum-exp of that temperature in {soft:.1%}, the max in {largest:.1%} "
    "and the mean in {mean:.1%}.",
    answer="If one of {units_shown} units sees a feature of d′ = {d_shown:g} and the noise is each "
    "unit's own, no pool finds it more often than a log-sum-exp: {soft:.1%} at {alarm:.0%} false "
    "alarms, against {largest:.1%} for the max. Its temperature must be one over d′. It adds up "
    "how likely the feature is in each unit, which is what the best test does by theory. The max "
    "is near it, unless the feature is weak.",
    formula=Formula(
        r"G = T \log \frac{1}{n} \sum_{i=1}^{n} \exp(x_i / T), \quad T = \frac{1}{d}",
        "x the values of n units, counted by i; T the temperature; d the strength d′; G the pooled "
        "value",
    ),
    prints=("soft", "largest"),
    within=0.012,
    figure="hits-by-pool",
    code=measured.best_hit_rate,
    sources=("boureau-2010",),
)
def log_sum_exp_is_best_for_one(
    units: Units = 4,
    seen: Seen = 1,
    d_prime: DPrime = D_PRIME,
    correlation: Correlation = 0.0,
    seed: Seed = 0,
) -> Values:
    """Hits of the best test, of a log-sum-exp, of the max and of the mean."""
    best = measured.best_hit_rate(FEW, 1, seed=seed)
    soft = measured.hit_rate("log-sum-exp", FEW, 1, temperature=1 / D_PRIME, seed=seed)
    return {
        **_behind_the_best(units, seen, d_prime, correlation, seed),
        "units_shown": count(FEW, "units of the window"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each pool"),
        "best": estimated(share, best, "hits of the best test", WINDOWS),
        "soft": estimated(share, soft, "hits of the log-sum-exp", WINDOWS),
        "largest": probability(model.max_hit_rate(FEW, 1), "hits of the max"),
        "mean": probability(model.mean_hit_rate(FEW, 1), "hits of the mean"),
    }


# ---- Some of them see it ----


def _over_both(units: int, seen: int, d_prime: float, correlation: float, seed: int) -> Values:
    case: Case = {"d_prime": d_prime, "correlation": correlation, "trials": TRIED, "seed": seed}
    found = measured.hit_rate("generalised mean", units, seen, **case)
    other = _max_or_mean(units, seen, d_prime, correlation)
    return {"over": share(found.value - other, "hits more than max and mean")}


@lru_cache(maxsize=256)
def _max_or_mean(units: int, seen: int, d_prime: float, correlation: float) -> float:
    """Hits of the one that finds more; by law, so it is the same under each seed."""
    case = {"d_prime": d_prime, "correlation": correlation}
    return max(model.max_hit_rate(units, seen, **case), model.mean_hit_rate(units, seen, **case))


def _about_the_root(units: int, seen: int, d_prime: float, correlation: float, **_: object) -> bool:
    near = math.sqrt(units) / 2 < seen <= 1.3 * math.sqrt(units)
    return near and units >= 9 and d_prime >= 2 and correlation == 0


@claim(
    question="Does generalised-mean pooling (GeM), p = 3, find more than both max and mean?",
    examines="radenovic-2019",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "d_prime": ranges.STRENGTHS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        margin=lambda v: v["over"].value,
        trial=_over_both,
        domain=_about_the_root,
        condition="about √n of n units see the feature, at least nine in all, its d′ is two or "
        "more, and the noise is each unit's own.",
        otherwise="About: from half of √n to 1.3 times. If one unit sees a strong feature, the max "
        "finds more; if all do, the mean; with shared noise, max and mean together.",
        tries=60,
    ),
    says="A generalised mean with p = 3 of rectified values finds more than the max and the mean.",
    statement="{some} of {units_shown} units see a feature of d′ = {d_shown:g}, at {alarm:.0%} "
    "false alarms: the generalised mean with p = 3 finds {found:.1%} ({found.low:.1%} to "
    "{found.high:.1%}), the max {largest:.1%}, the mean {mean:.1%}, the mean of rectified values "
    "{rectified:.1%}, and the best test that does not know the place {best:.1%}.",
    answer="If about √n of n units see a feature of d′ = {d_shown:g} and the noise is each unit's "
    "own, a generalised mean (GeM) with p = 3 finds far more than max or mean pooling: {found:.0%} "
    "for {some} of {units_shown} units. The max finds {largest:.0%} and the mean {mean:.0%}, all "
    "at {alarm:.0%} false alarms. A part of this is the rectifier in front: the mean of rectified "
    "values finds {rectified:.0%}. Cubes do the rest: they let the strong units count, and still "
    "add them up.",
    formula=Formula(
        r"G = \Bigl(\frac{1}{n} \sum_{i=1}^{n} x_i^{\,p}\Bigr)^{1/p}",
        "x the rectified values of n units, counted by i; p the power; G the pooled value",
    ),
    prints=("found", "largest", "mean", "rectified"),
    within=0.012,
    figure="frontier-of-powers",
    code=measured.hit_rate,
    sources=("radenovic-2019",),
    lighter={"trials": TRIED},
)
def generalised_mean_finds_more(
    units: Units = 9,
    seen: Seen = 3,
    d_prime: DPrime = D_PRIME,
    correlation: Correlation = 0.0,
    trials: Trials = measured.TRIALS,
    seed: Seed = 0,
) -> Values:
    """Hits of the generalised mean, of its two ends, and of the best test."""
    found, rectified = (
        measured.hit_rate("generalised mean", N, SOME, p=p, trials=trials, seed=seed)
        for p in (3, 1)
    )
    best = measured.best_hit_rate(N, SOME, trials=TRIED, seed=seed)
    return {
        **_over_both(units, seen, d_prime, correlation, seed),
        "units_shown": count(N, "units of the window"),
        "some": count(SOME, "of them see the feature"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each pool"),
        "found": estimated(share, found, "hits of the generalised mean", WINDOWS),
        "rectified": estimated(share, rectified, "hits of the mean of rectified values", WINDOWS),
        "best": estimated(share, best, "hits of the best test", WINDOWS),
        "largest": probability(model.max_hit_rate(N, SOME), "hits of the max"),
        "mean": probability(model.mean_hit_rate(N, SOME), "hits of the mean"),
    }


# ---- Their noise is shared ----


def _together(units: int, seen: int, d_prime: float, correlation: float, seed: int) -> Values:
    case: Case = {"d_prime": d_prime, "correlation": correlation, "trials": 2 * TRIED}
    rule = measured.concatenated_hit_rate(units, seen, **case, seed=seed)
    other = _max_or_mean(units, seen, d_prime, correlation)
    return {"over": share(rule.hit.value - other, "hits more than max and mean")}


@claim(
    question="Do max and mean together find more than each of them?",
    examines="boureau-2010",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "d_prime": ranges.STRENGTHS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        margin=lambda v: v["over"].value,
        trial=_together,
        domain=lambda units, seen, d_prime, correlation: (
            correlation >= 0.5 and d_prime >= 1 and seen <= math.sqrt(units)
        ),
        condition="half of the noise or more is shared, at most √n of n units see the feature, "
        "and its d′ is one or more.",
        otherwise="If all units see it, the mean alone is the best test there is.",
        tries=60,
    ),
    says="The best weighted sum of max and mean finds more than the max and the mean.",
    statement="{some} of {units_shown} units see a feature of d′ = {d_shown:g}; any two units' "
    "noise has a correlation of {shared:g}. At {alarm:.0%} false alarms the best sum of max and "
    "mean finds {both:.1%} ({both.low:.1%} to {both.high:.1%}), the max {largest:.1%}, the mean "
    "{mean:.1%}. In that sum the mean counts {weight:.2f}, the max {max_weight:.2f}: it is taken "
    "off.",
    answer="If half of the noise is shared by all units, as a change of brightness is, max and "
    "mean side by side find {both:.0%} of features that {some} of {units_shown} units see, where "
    "the max alone finds {largest:.0%}. The mean alone finds {mean:.0%}, all at {alarm:.0%} false "
    "alarms. The layer behind the two learns to take the mean off: what is left of the max is how "
    "far it stands out. So concatenating both is worth its price there.",
    formula=Formula(
        r"a \max_i x_i + b\, \frac{1}{n} \sum_{i=1}^{n} x_i, \quad b < 0",
        "x the values of n units, counted by i; a and b the weights of max and mean, each in units "
        "of its own standard deviation on background",
    ),
    prints=("both", "largest", "mean"),
    within=0.03,
    figure="hits-by-pool",
    code=measured.concatenated_hit_rate,
    sources=("boureau-2010",),
    lighter={"trials": 2 * TRIED},
)
def max_less_mean_with_shared_noise(
    units: Units = 9,
    seen: Seen = 3,
    d_prime: DPrime = D_PRIME,
    correlation: Correlation = SHARED,
    trials: Trials = measured.TRIALS,
    seed: Seed = 0,
) -> Values:
    """Hits of max and mean together, and of each; and the weights of the best sum."""
    rule = measured.concatenated_hit_rate(N, SOME, correlation=SHARED, trials=trials, seed=seed)
    largest, mean = (
        law(N, SOME, correlation=SHARED) for law in (model.max_hit_rate, model.mean_hit_rate)
    )
    return {
        **_together(units, seen, d_prime, correlation, seed),
        "units_shown": count(N, "units of the window"),
        "some": count(SOME, "of them see the feature"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "shared": Value(SHARED, "correlation", "of any two units' noise"),
        "alarm": probability(FALSE_ALARM, "false alarms of each pool"),
        "both": estimated(share, rule.hit, "hits of the best sum of max and mean", WINDOWS),
        "largest": probability(largest, "hits of the max"),
        "mean": probability(mean, "hits of the mean"),
        "weight": Value(rule.mean_weight, "standard deviations", "weight of the mean in the sum"),
        "max_weight": Value(rule.max_weight, "standard deviations", "weight of the max in the sum"),
    }


# ---- Attention ----


@claim(
    question="Attention pooling or a class token instead of the mean?",
    examines="ilse-2018",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "query": ranges.QUERIES,
            "fit": ranges.FITS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        margin=lambda v: v["gain"].value - 1,
        domain=lambda query, units, seen, **_: query == "known" and seen < units,
        condition="its query fits all units that see the feature alike, and not all units do.",
        otherwise="If the query fits all units alike, attention is the mean; if it fits others, it "
        "finds less.",
        tries=1200,
    ),
    says="Attention finds more than the mean.",
    statement="One of {units_shown} units sees a feature of d′ = {d_shown:g}, at {alarm:.0%} false "
    "alarms. The mean finds it in {mean:.1%} of windows, as does attention whose query fits all "
    "units alike. With a query that gives this unit {weight:.0f} times the weight of others it is "
    "{known:.1%}, with one that favours another unit {wrong:.1%}; the max finds {largest:.1%}.",
    answer="Attention pooling, or a class token, finds more than the mean if its query fits the "
    "units that see the feature: {known:.0%} against {mean:.1%} if one of {units_shown} does, with "
    "{weight:.0f} times the weight. With a query that fits all units alike it is the mean, to the "
    "last digit; with one that fits others, it finds {wrong:.1%}. All this is at {alarm:.0%} false "
    "alarms, and the keys carry no noise. So attention is as good as what it has learned to look "
    "for.",
    formula=Formula(
        r"\frac{d \sum_{i \le s} w_i}{\sqrt{\rho \left(\sum_i w_i\right)^2 + (1 - \rho) \sum_i "
        r"w_i^2}}, \quad w_i = \exp(q \cdot k_i)",
        "the strength behind attention; d a unit's own; units counted by i, the first s of which "
        "see; w the weights, q the query, k the keys; ρ the noise's correlation",
    ),
    prints=("mean", "known", "wrong", "weight"),
    figure="attention-by-fit",
    code=model.attention_hit_rate,
    sources=("ilse-2018", "dosovitskiy-2021"),
)
def attention_needs_its_query(
    units: Units = N,
    seen: Seen = 1,
    query: Query = "known",
    fit: Fit = 3.0,
    correlation: Correlation = 0.0,
) -> Values:
    """The strength behind attention over that behind the mean; and hits of one of many."""
    attention, mean = (
        _strength(model.attention_hit_rate(units, seen, one, fit, **_WEAK, correlation=correlation))
        for one in (query, "unknown")
    )
    known, wrong = (model.attention_hit_rate(N, 1, one) for one in ("known", "wrong"))
    return {
        "gain": Value(attention / mean, "ratio", "strength behind attention, over the mean's"),
        "units_shown": count(N, "units of the window"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each pool"),
        "weight": Value(math.exp(3), "ratio", "weight of what the query fits, over others"),
        "mean": probability(model.mean_hit_rate(N, 1), "hits of the mean"),
        "known": probability(known, "hits of attention whose query fits the right unit"),
        "wrong": probability(wrong, "hits of attention whose query fits another unit"),
        "largest": probability(model.max_hit_rate(N, 1), "hits of the max"),
    }


_WEAK = {"d_prime": 1.0, "false_alarm": 0.5}  # so that no hit rate is 1 to all digits


def _strength(hits: float) -> float:
    """The d′ of what hits so often at half false alarms: one unit's strength is 1."""
    return float(normal.ppf(hits))


# ---- What leaves units out ----


@claim(
    question="Does taking every second value find less than the max of a window?",
    examines="springenberg-2015",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "d_prime": ranges.STRENGTHS,
            "false_alarm": ranges.FALSE_ALARMS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        margin=lambda v: v["gain"].value,
        tries=400,
    ),
    says="One value of each window, always at the same place, finds less than the max of the "
    "window.",
    statement="Of {units_shown} units one sees a feature of d′ = {d_shown:g}, any of them alike. "
    "At {alarm:.0%} false alarms one fixed unit finds it in {fixed:.1%} of windows, the max in "
    "{largest:.1%}. If all units see it, it is {fixed_all:.1%} against {largest_all:.1%}.",
    answer="Taking every second value instead of a max finds less: {fixed:.0%} against "
    "{largest:.0%} if any one of {units_shown} units sees a feature of d′ = {d_shown:g}, at "
    "{alarm:.0%} false alarms. Three times in four the value that is kept has not seen it. Even if "
    "all units see it the max finds more, {largest_all:.0%} against {fixed_all:.0%}. This is of "
    "units as they are: a strided convolution that was trained for it can gather what its "
    "neighbours saw.",
    formula=Formula(
        r"\frac{s}{n}\, \Phi(d - z) + \Bigl(1 - \frac{s}{n}\Bigr) \alpha",
        "hits of one unit of n, s of which see; d the strength d′; α the false alarms; z the "
        "threshold that they set; Φ the normal distribution",
    ),
    prints=("fixed", "largest", "largest_all", "fixed_all"),
    figure="hits-by-pool",
    code=model.fixed_hit_rate,
    sources=("springenberg-2015",),
)
def every_second_value_finds_less(
    units: Units = FEW,
    seen: Seen = 1,
    d_prime: DPrime = D_PRIME,
    false_alarm: FalseAlarm = FALSE_ALARM,
    correlation: Correlation = 0.0,
) -> Values:
    """Hits of one fixed unit, and of the max."""
    case = {"d_prime": d_prime, "false_alarm": false_alarm}
    fixed = model.fixed_hit_rate(units, seen, **case)
    largest = model.max_hit_rate(units, seen, **case, correlation=correlation)
    return {
        "gain": probability(largest - fixed, "hits of the max more"),
        "units_shown": count(FEW, "units of the window"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each"),
        "fixed": probability(model.fixed_hit_rate(FEW, 1), "hits of a fixed unit, one sees"),
        "largest": probability(model.max_hit_rate(FEW, 1), "hits of the max, one sees"),
        "fixed_all": probability(model.fixed_hit_rate(FEW, FEW), "hits of a fixed unit, all see"),
        "largest_all": probability(model.max_hit_rate(FEW, FEW), "hits of the max, all see"),
    }


@claim(
    question="Is there a use for min pooling?",
    examines="pytorch",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "d_prime": ranges.STRENGTHS,
            "false_alarm": ranges.FALSE_ALARMS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        margin=lambda v: v["behind"].value,
        tries=400,
    ),
    says="To find a feature that raises the units that see it, a min pool finds less than the "
    "mean.",
    statement="If one of {units_shown} units sees a feature of d′ = {d_shown:g}, the min finds it "
    "in {smallest:.1%} of windows at {alarm:.0%} false alarms, the mean in {mean:.1%}; if all see "
    "it, in {smallest_all:.1%} and {mean_all:.1%}. Behind a rectifier, the min of {units_shown} "
    "independent values, half of them negative, is zero in {zeros:.1%} of windows.",
    answer="Min pooling finds less than the mean: {smallest:.1%} against {mean:.1%} if one of "
    "{units_shown} units sees a feature of d′ = {d_shown:g}, at {alarm:.0%} false alarms. It asks "
    "whether all units see it, and one that does not is enough for a no. Behind a rectifier it is "
    "zero in {zeros:.0%} of windows, if half of the values are negative. Its use is for features "
    "that lower the units: it is a max pool of the negated map.",
    formula=Formula(
        r"\min_i x_i = -\max_i (-x_i)",
        "x the values of a window, counted by i",
    ),
    prints=("smallest", "mean", "zeros"),
    figure="hits-by-pool",
    code=model.ranked_hit_rate,
    sources=("pytorch",),
)
def min_finds_less(
    units: Units = FEW,
    seen: Seen = 1,
    d_prime: DPrime = D_PRIME,
    false_alarm: FalseAlarm = FALSE_ALARM,
    correlation: Correlation = 0.0,
) -> Values:
    """Hits of the min and of the mean."""
    case = {"d_prime": d_prime, "false_alarm": false_alarm, "correlation": correlation}
    mean = model.mean_hit_rate(units, seen, **case)
    smallest = model.ranked_hit_rate(units, units, seen, **case)
    return {
        "behind": probability(mean - smallest, "hits of the mean more"),
        "units_shown": count(FEW, "units of the window"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each"),
        "smallest": probability(model.ranked_hit_rate(FEW, FEW, 1), "hits of the min, one sees"),
        "mean": probability(model.mean_hit_rate(FEW, 1), "hits of the mean, one sees"),
        "smallest_all": probability(model.ranked_hit_rate(FEW, FEW, FEW), "of the min, all see"),
        "mean_all": probability(model.mean_hit_rate(FEW, FEW), "hits of the mean, all see"),
        "zeros": probability(1 - 0.5**FEW, "minima of rectified noise are zero"),
    }


@claim(
    question="Of how many units must the feature be seen for the mean to beat the max?",
    examines="boureau-2010",
    kind=Fact(
        "d′ is 2 in each unit that sees the feature and false alarms are 5%; the noise is each "
        "unit's own.",
        "With a correlation of 0.5 between any two units' noise it takes nearly all of them.",
    ),
    says="At a d′ of two, the mean beats the max once about the root of the number of units see "
    "the feature.",
    statement="Of {small}, {middle}, {units_shown} and {large} units, {small_from}, {middle_from}, "
    "{some_from} and {large_from} have to see it: about the root of their number. If half of the "
    "noise is shared, {small_shared}, {middle_shared}, {some_shared} and {large_shared}.",
    answer="The mean of {large} units beats their max from {large_from} units on that see a "
    "feature of d′ = {d_shown:g}, if the noise is each unit's own and false alarms are "
    "{alarm:.0%}. That is about the root of their number, and so it is for {small}, {middle} and "
    "{units_shown} units. If half of the noise is shared by all units, it takes {large_shared} of "
    "{large}; a weaker feature takes fewer, a stronger one more. So a global mean suits what fills "
    "the picture, and a global max what is small.",
    formula=Formula(
        r"\min \{ s : H_{\text{mean}}(n, s) > H_{\max}(n, s) \}",
        "H the hit rates of mean and max over n units, s of which see the feature",
    ),
    prints=("large_from", "large_shared"),
    figure="where-the-mean-leads",
    code=model.mean_leads_from,
    sources=("boureau-2010",),
)
def mean_leads_from_the_root() -> Values:
    """Units that must see it, for windows of several sizes."""
    found = {
        "small": FEW,
        "middle": 16,
        "some": N,
        "large": 196,
    }
    return {
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each"),
        "units_shown": count(N, "units of a window of 7 × 7"),
        **{name: count(units, f"units, {name}") for name, units in found.items() if name != "some"},
        **{
            f"{name}_from": count(model.mean_leads_from(units), f"must see, of {units}")
            for name, units in found.items()
        },
        **{
            f"{name}_shared": count(
                model.mean_leads_from(units, correlation=SHARED), f"with shared noise, of {units}"
            )
            for name, units in found.items()
        },
    }


# ---- Drawn at random ----


def _drawn_or_weighted(
    units: int, seen: int, d_prime: float, correlation: float, seed: int
) -> Values:
    case: Case = {"d_prime": d_prime, "correlation": correlation, "trials": TRIED, "seed": seed}
    weighted, drawn = (
        measured.hit_rate(name, units, seen, **case).value
        for name in ("stochastic test", "stochastic")
    )
    return {"gain": share(weighted - drawn, "hits of the weighted mean more")}


@claim(
    question="Does stochastic pooling find more at test time, when it weights instead of drawing?",
    examines="zeiler-2013",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "seen": ranges.SEEN,
            "d_prime": ranges.STRENGTHS,
            "correlation": ranges.CORRELATIONS,
        },
        together=_sees,
        margin=lambda v: v["gain"].value,
        trial=_drawn_or_weighted,
        domain=lambda d_prime, correlation, **_: d_prime >= 2 and correlation == 0,
        condition="the noise is each unit's own, the feature's d′ is two or more, and false alarms "
        "are 5%.",
        otherwise="A weak feature, or one in shared noise, or at fewer false alarms, may be found "
        "less often so.",
        tries=60,
    ),
    says="Stochastic pooling finds more if it weights each value by its probability than if it "
    "draws one.",
    statement="One of {units_shown} units sees a feature of d′ = {d_shown:g}; values are "
    "rectified. At {alarm:.0%} false alarms a drawn value finds it in {drawn:.1%} of windows "
    "({drawn.low:.1%} to {drawn.high:.1%}), the weighted mean in {weighted:.1%} "
    "({weighted.low:.1%} to {weighted.high:.1%}); the max finds {largest:.1%}.",
    answer="Stochastic pooling finds {drawn:.0%} of features that one of {units_shown} units sees "
    "while it draws, and {weighted:.0%} when it weights each value by its probability, if d′ = "
    "{d_shown:g} and the noise is each unit's own. Both are at {alarm:.0%} false alarms. It draws "
    "in training, so that no unit is relied upon, and weights at test time. The max finds "
    "{largest:.0%} there: of what one unit sees, stochastic pooling is no way to see more.",
    formula=Formula(
        r"p_i = \frac{x_i}{\sum_j x_j}, \quad G = \sum_i p_i x_i",
        "x the rectified values of a window, counted by i and j; p the probability to be drawn; G "
        "what is taken at test time",
    ),
    prints=("drawn", "weighted", "largest"),
    within=0.012,
    figure="hits-by-pool",
    code=measured.hit_rate,
    sources=("zeiler-2013",),
)
def stochastic_pooling_at_test(
    units: Units = FEW,
    seen: Seen = 1,
    d_prime: DPrime = D_PRIME,
    correlation: Correlation = 0.0,
    seed: Seed = 0,
) -> Values:
    """Hits of a drawn value, of the weighted mean, and of the max."""
    drawn, weighted = (
        measured.hit_rate(name, FEW, 1, seed=seed) for name in ("stochastic", "stochastic test")
    )
    return {
        **_drawn_or_weighted(units, seen, d_prime, correlation, seed),
        "units_shown": count(FEW, "units of the window"),
        "d_shown": Value(D_PRIME, "d′", "strength of the feature"),
        "alarm": probability(FALSE_ALARM, "false alarms of each"),
        "drawn": estimated(share, drawn, "hits of a value that is drawn", WINDOWS),
        "weighted": estimated(share, weighted, "hits of the weighted mean", WINDOWS),
        "largest": probability(model.max_hit_rate(FEW, 1), "hits of the max"),
    }


CLAIMS = (
    log_sum_exp_is_best_for_one,
    generalised_mean_finds_more,
    max_less_mean_with_shared_noise,
    attention_needs_its_query,
    mean_leads_from_the_root,
    every_second_value_finds_less,
    min_finds_less,
    stochastic_pooling_at_test,
)
