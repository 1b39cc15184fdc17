"""Does pooling make detection robust? The claims on noisy petal detectors, and their verdicts."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np

from explainers import flower, laws, normal, ranges
from explainers.claim import (
    Earlier,
    Fact,
    Judged,
    Ruling,
    Value,
    Values,
    Verdict,
    claim,
    count,
    estimated,
    points,
    probability,
    share,
    times,
)
from explainers.detection import dahlia, model
from explainers.intervals import Interval, around, standard_error, student
from explainers.kinds import Choice, Number, Whole
from explainers.records import Formula

STRENGTHS = (1, 2, 3)
SD = "standard deviations"
ON_THIS_PHOTOGRAPH = "noise on this photograph"

Units = Annotated[int, Whole(1, 64, "detectors in the window")]
Seen = Annotated[int, Whole(1, 64, "detectors that see the petal")]
Hit = Annotated[float, Number(0, 1, "probability that a detector fires on a petal")]
FalseAlarm = Annotated[float, Number(1e-6, 0.5, "probability of a false alarm")]
Strength = Annotated[float, Number(0, 10, "d′: the petal's strength, in standard deviations")]
Correlation = Annotated[float, Number(0, 0.999, "correlation of two detectors' noise")]
Noise = Annotated[str, Choice(("photo", "map"), "noise on the pixels, or on each detector")]
NoiseSd = Annotated[float, Number(0.001, 2, "its standard deviation")]
Window = Annotated[int, Whole(1, 8, "side of the window")]
Displacement = Annotated[int, Whole(0, 3, "pixels between petal and detector")]
Draws = Annotated[int, Whole(2, 500, "noise draws")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the noise")]


@claim(
    question="All four detectors see the petal: does their OR find it more often than one does?",
    examines="T3",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "hit": ranges.HITS,
            "correlation": ranges.CORRELATIONS,
        },
        margin=lambda v: v["pooled"].value - v["single"].value,
    ),
    says="The OR of detectors that all see a petal finds it more often than one of them does.",
    statement="If each of {units} detectors that err independently fires on a petal with "
    "probability {single:.0%}, at least one of them fires with {pooled:.2%}: misses fall from "
    "{single_miss:.0%} to {pooled_miss:.2%}.",
    answer="If four petal detectors in a pooling window each miss {single_miss:.0%} of the "
    "petals, and their errors are independent, only {pooled_miss:.2%} of the petals "
    "escape all four. Max pooling of their yes-or-no answers is an OR: it fires if any of "
    "the four fires. Neighbouring detectors often err together, since they look at nearly "
    "the same pixels. Then the OR usually still finds more than one detector does, but it "
    "gains less.",
    formula=Formula(
        r"\mathbb{P}(\text{at least one of } n \text{ fires}) = 1-(1-p)^n",
        "n detectors that err independently, each of which fires with probability p",
    ),
    prints=("pooled_miss", "single_miss"),
    figure="or-gate",
    code=model.any_fires,
    sources=("thread",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "What is judged now is that the OR finds more, not how much more: that holds for "
            "detectors that err together too. The gain printed needs independence, and says so.",
        ),
    ),
)
def or_of_four_hit(units: Units = 4, hit: Hit = 0.8, correlation: Correlation = 0.0) -> Values:
    """All units see the petal."""
    pooled = (
        model.any_fires_correlated(hit, units, correlation)
        if correlation
        else model.any_fires([hit] * units)
    )
    return {
        "units": count(units, "detectors in the window"),
        "single": probability(hit, "one detector fires on a petal"),
        "pooled": probability(pooled, "the OR fires on a petal that all see"),
        "single_miss": probability(1 - hit, "one detector misses a petal"),
        "pooled_miss": probability(1 - pooled, "the OR misses a petal that all see"),
    }


@claim(
    question="Is the OR of four detectors robust to noise on the background?",
    examines="T3",
    kind=Judged(
        asked={
            "units": ranges.UNITS,
            "false_alarm": ranges.FALSE_ALARMS,
            "correlation": ranges.CORRELATIONS,
        },
        margin=lambda v: v["single"].value - v["pooled"].value,
    ),
    says="The OR of several detectors fires on background no more often than one of them.",
    statement="If each of {units} independent detectors fires on background with probability "
    "{single:.0%}, their OR does with {pooled:.1%}: {times:.1f} times as often.",
    answer="Taking the OR of four detectors raises false alarms: if each fires on {single:.0%} "
    "of the empty background, independently of the others, at least one of the four fires in "
    "{pooled:.1%} of empty windows. That is {times:.1f} times as often as one detector at one "
    "place. A whole picture has only a quarter as many windows as detectors, so there the "
    "alarms are no more in all. The OR, which is max pooling of yes-or-no answers, never asks "
    "whether there is anything to find.",
    formula=Formula(
        r"\frac{\mathbb{P}(\text{at least one of } n \text{ "
        r"fires})}{\mathbb{P}(\text{one fires})} = \frac{1-(1-p)^n}{p}",
        "n detectors that err independently, each of which fires on background with probability p",
    ),
    prints=("pooled", "times"),
    figure="or-gate",
    code=model.any_fires,
    sources=("thread",),
)
def or_of_four_false_alarm(
    units: Units = 4, false_alarm: FalseAlarm = 0.05, correlation: Correlation = 0.0
) -> Values:
    """No unit sees a petal."""
    pooled = (
        model.any_fires_correlated(false_alarm, units, correlation)
        if correlation
        else model.any_fires([false_alarm] * units)
    )
    return {
        "units": count(units, "detectors in the window"),
        "single": probability(false_alarm, "one detector fires on background"),
        "pooled": probability(pooled, "the OR fires on background"),
        "times": times(pooled / false_alarm, "how many times as often"),
    }


@claim(
    question="Only one of the four detectors sees the petal: does the OR still find more?",
    examines="T3",
    kind=Judged(
        asked={"units": ranges.UNITS, "hit": ranges.HITS, "false_alarm": ranges.FALSE_ALARMS},
        margin=lambda v: v["pooled"].value - v["fixed"].value,
    ),
    says="If one detector of the window sees the petal, the OR finds it more often than a fixed "
    "detector does, the petal being anywhere in the window, and raises more false alarms.",
    statement="The OR fires with {pooled:.1%}, the detector that sees the petal alone with "
    "{single:.0%}: the {luck:.1f} points between them are false alarms of the other "
    "detectors. A fixed detector, the petal being anywhere in the window, fires with "
    "{fixed:.1%}. On background the OR fires with {alarm:.1%}, one detector with "
    "{false_alarm:.0%}.",
    answer="Take four independent petal detectors with {single:.0%} hits and {false_alarm:.0%} "
    "false alarms: if each petal lies before only one of them, at random, their OR fires "
    "on {pooled:.0%} of the petals, and any fixed one on {fixed:.0%}. So with the OR, "
    "which is max pooling of yes-or-no answers, nobody has to know where the petal is. "
    "What it adds to the {single:.0%} of the detector before the petal is luck, though: false "
    "alarms of the other three. Where there is no petal at all, it fires {alarm:.0%} of the time.",
    formula=Formula(
        r"\frac{h+(n-1)\,\alpha}{n} < h < 1-(1-h)(1-\alpha)^{n-1}",
        "n independent detectors, h the hits of the one before the petal, and α, which "
        "is less, the false alarms of each; on the left a fixed detector, on the right "
        "the OR",
    ),
    prints=("pooled", "fixed", "alarm"),
    figure="or-gate",
    code=model.any_fires,
    sources=("thread",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "The condition was part of the question: a fixed detector is the rival where the place "
            "is unknown. The two rules also raise different numbers of false alarms, which was not "
            "said.",
        ),
    ),
)
def or_of_four_one_sees(units: Units = 4, hit: Hit = 0.8, false_alarm: FalseAlarm = 0.05) -> Values:
    """One unit sees the petal; the others see background."""
    pooled = float(model.any_fires([hit] + [false_alarm] * (units - 1)))
    return {
        "units": count(units, "detectors in the window"),
        "single": probability(hit, "the detector that sees the petal fires"),
        "false_alarm": probability(false_alarm, "each of the other detectors fires"),
        "pooled": probability(pooled, "the OR fires on a petal that one of them sees"),
        "luck": points(pooled - hit, "the gain: only the other detectors' false alarms"),
        "fixed": probability(
            (hit + (units - 1) * false_alarm) / units,
            "one fixed detector fires, the petal being anywhere in the window",
        ),
        "alarm": probability(
            model.any_fires([false_alarm] * units), "the OR fires where there is no petal"
        ),
    }


EQUAL = {
    "seen": ranges.SEEN,
    "d_prime": ranges.STRENGTHS,
    "units": ranges.UNITS,
    "false_alarm": ranges.FALSE_ALARMS,
}


def _some_see(units: int, seen: int, **_: object) -> bool:
    return seen <= units


@claim(
    question="In normal noise, does pooling still help when it is allowed no more false alarms?",
    examines="T3",
    kind=Judged(
        asked=EQUAL,
        together=_some_see,
        margin=lambda v: v["pooled"].value - v["unknown"].value,
    ),
    says="If the petal may be anywhere in the window, and each detector has normal noise of its "
    "own, equally strong, the max over the window finds more petals than one fixed detector, at "
    "equal false alarms.",
    statement="At {false_alarm:.0%} false alarms and d′ = {d_prime:g}, one of {units} independent "
    "detectors seeing the petal, the max finds {pooled:.1%} of the petals and a fixed detector "
    "{unknown:.1%}. A single detector that is told the place finds {known:.1%}.",
    answer="If a petal lifts one of four independent detectors, at random, by two standard "
    "deviations of its Gaussian noise, their max finds {pooled:.0%} of such petals and a "
    "fixed detector {unknown:.0%}, both at {false_alarm:.0%} false alarms. So max pooling "
    "pays here though it is allowed no more false alarms than a single detector. It is no "
    "full replacement for knowing the place: a detector that is told where to look finds "
    "{known:.0%} of these petals. In noise with heavier tails the max can lose.",
    formula=Formula(
        r"\mathbb{P}(\text{max finds it}) = 1-\Phi(t-d')\,\Phi(t)^{n-1} \quad "
        r"\text{with} \quad \Phi(t)^n = 1-\alpha",
        "n detectors with normal noise, d′ the petal's strength in standard deviations, "
        "α the false alarms, t the threshold, and Φ the normal distribution",
    ),
    prints=("pooled", "unknown", "known"),
    figure="equal-false-alarms",
    code=model.max_hit_rate,
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "It said that pooling pays only if the place is unknown. If two or more detectors see "
            "the petal, the max beats one detector at a known place too. It is two claims now: "
            "this one, and whether a detector at the known place beats the max.",
        ),
    ),
)
def or_at_equal_false_alarm(
    units: Units = 4, seen: Seen = 1, d_prime: Strength = 2.0, false_alarm: FalseAlarm = 0.05
) -> Values:
    """All rules tuned to the same false alarms."""
    return {
        "units": count(units, "detectors in the window"),
        "seen": count(seen, "of them see the petal"),
        "d_prime": Value(d_prime, "d′", "strength of the petal, in standard deviations"),
        "false_alarm": probability(false_alarm, "false-alarm rate of every rule"),
        "pooled": probability(
            model.max_hit_rate(false_alarm, d_prime, units, seen), "the max finds it"
        ),
        "known": probability(
            model.known_place_hit_rate(false_alarm, d_prime), "one detector at the known place does"
        ),
        "unknown": probability(
            model.unknown_place_hit_rate(false_alarm, d_prime, units, seen),
            "one fixed detector does, the petal being anywhere in the window",
        ),
    }


@claim(
    question="Does one detector at the known place find more than the max of the window?",
    examines="T3",
    kind=Judged(
        asked=EQUAL,
        together=_some_see,
        margin=lambda v: v["known"].value - v["pooled"].value,
        domain=lambda seen, **_: seen == 1,
        condition="exactly one of the window's detectors sees the petal.",
    ),
    says="At equal false alarms, and in independent normal noise, one detector that is told the "
    "petal's place finds more petals than the max over the window.",
    statement="At {false_alarm:.0%} false alarms and d′ = {d_prime:g}, a detector at the known "
    "place finds {known:.1%} of the petals. The max of {units} independent detectors finds "
    "{one:.1%} if one of them sees the petal, {two:.1%} if two do, and {all:.1%} if all do.",
    answer="If only one of four independent detectors sees a petal, at two standard deviations "
    "of Gaussian noise, that detector alone finds {known:.0%} of such petals and the max "
    "of all four {one:.0%}, both at {false_alarm:.0%} false alarms. So if you know where "
    "to look, look there: the max also picks up the noise of the other three. That can "
    "change when several detectors see the petal. The max finds {two:.0%} of the same "
    "petals if two of the four see them, and {all:.0%} if all do.",
    formula=Formula(
        r"\Phi(d'-z) > 1-\Phi(t-d')^{s}\,\Phi(t)^{n-s} \quad \text{with} \quad \Phi(z) "
        r"= \Phi(t)^n = 1-\alpha",
        "s of n detectors seeing a petal of d′ standard deviations, α the false alarms, "
        "Φ the normal distribution, and z and t the thresholds of one detector and of "
        "the max",
    ),
    prints=("known", "one", "two", "all"),
    figure="equal-false-alarms",
    code=model.known_place_hit_rate,
)
def known_place_beats_max(
    units: Units = 4, seen: Seen = 1, d_prime: Strength = 2.0, false_alarm: FalseAlarm = 0.05
) -> Values:
    """A detector at the known place, against the max of a window that one or more see."""
    found = {
        name: probability(
            model.max_hit_rate(false_alarm, d_prime, units, number), f"the max does, if {who}"
        )
        for name, number, who in (
            ("one", 1, "one sees it"),
            ("two", min(2, units), "two see it"),
            ("all", units, "all see it"),
            ("pooled", seen, "as many see it as are set"),
        )
    }
    return {
        "units": count(units, "detectors in the window"),
        "seen": count(seen, "of them see the petal"),
        "d_prime": Value(d_prime, "d′", "strength of the petal, in standard deviations"),
        "false_alarm": probability(false_alarm, "false-alarm rate of every rule"),
        "known": probability(
            model.known_place_hit_rate(false_alarm, d_prime),
            "one detector at the known place finds it",
        ),
        **found,
    }


def _areas(units: int, seen: int, d_prime: float) -> Values:
    """Areas under the ROC curves of max and mean, at the strengths shown and at the one set."""
    return {
        "units": count(units, "detectors in the window"),
        "seen": count(seen, "of them see the petal"),
        **{
            f"{name}{end}": Value(
                float(law(strength, units, seen)),
                "area under the ROC curve",
                f"{name} at d′ = {strength:g}",
            )
            for name, law in (("max", model.max_auc), ("mean", model.mean_auc))
            for end, strength in [*((f"_{d}", d) for d in STRENGTHS), ("", d_prime)]
        },
    }


@claim(
    question="One of four detectors sees the petal: does the max beat the mean?",
    examines="boureau-2010",
    kind=Judged(
        asked={"d_prime": ranges.STRENGTHS},
        margin=lambda v: v["max"].value - v["mean"].value,
        least=1e-9,
        domain=lambda d_prime: d_prime > float(model.max_overtakes_mean(4, 1)),
        condition="the petal's strength d′ is above {overtakes:.2f}; below it the mean is better.",
    ),
    says="If one of four detectors with independent normal noise sees the petal, the max tells "
    "petals from noise better than the mean.",
    statement="Area under the ROC curve of the max against the mean: {max_1:.3f} to "
    "{mean_1:.3f} at d′ = 1, {max_2:.3f} to {mean_2:.3f} at 2, {max_3:.3f} to {mean_3:.3f} at "
    "3.",
    answer="If just one of four units sees a feature, at two standard deviations of their "
    "independent Gaussian noise, the max exceeds that of an empty window in {max_2:.0%} "
    "of cases, and the mean in {mean_2:.0%}. These shares are the areas under the ROC "
    "curves. Average pooling dilutes the one good answer with the noise of the three "
    "others. For features below {overtakes:.2f} standard deviations the mean's area is the "
    "larger one.",
    formula=Formula(
        r"1-n\int_{-\infty}^{\infty}\Phi(x-d')\,\Phi(x)^{2n-2}\,\varphi(x)\,\mathrm{d}x "
        r"\quad \text{against} \quad \Phi\left(\frac{d'}{\sqrt{2n}}\right)",
        "n units, one of which sees a feature of d′ standard deviations, x a value, Φ "
        "and φ the normal distribution and density; the areas under the ROC curves of "
        "max and mean",
    ),
    prints=("max_2", "mean_2", "overtakes"),
    figure="roc-curves",
    code=model.max_auc,
    test="test_max_versus_mean",
    sources=("boureau-2010",),
)
def max_versus_mean_one_sees(units: Units = 4, d_prime: Strength = 2.0) -> Values:
    """One unit sees the petal."""
    overtakes = float(model.max_overtakes_mean(units, 1))
    meaning = "strength above which the max is better, by area under the ROC curve"
    return {**_areas(units, 1, d_prime), "overtakes": Value(overtakes, "d′", meaning)}


@claim(
    question="All detectors of a window see the petal: does the max beat the mean?",
    examines="boureau-2010",
    kind=Judged(
        asked={"d_prime": ranges.STRENGTHS, "units": ranges.UNITS},
        margin=lambda v: v["max"].value - v["mean"].value,
        least=1e-9,
    ),
    says="If all detectors of a window see the petal, with independent normal noise, the max tells "
    "petals from noise better than the mean.",
    statement="Area under the ROC curve of the max against the mean: {max_1:.3f} to "
    "{mean_1:.3f} at d′ = 1, {max_2:.3f} to {mean_2:.3f} at 2, {max_3:.5f} to {mean_3:.5f} at "
    "3.",
    answer="If all four units see a feature, at one standard deviation of their independent "
    "Gaussian noise, average pooling beats max pooling: the max exceeds that of an empty "
    "window in {max_1:.0%} of cases, the mean in {mean_1:.0%}. These shares are the areas "
    "under the ROC curves. Averaging cancels noise, while the max keeps one good answer "
    "and throws three away. If all units see the feature equally strongly, nothing beats "
    "the mean in such noise.",
    formula=Formula(
        r"1-n\int_{-\infty}^{\infty}\Phi(x-d')^{n}\,\Phi(x)^{n-1}\,\varphi(x)\,\mathrm{d}"
        r"x < \Phi\left(d'\sqrt{\frac{n}{2}}\right)",
        "n units that all see a feature of d′ standard deviations, x a value, Φ and φ "
        "the normal distribution and density; the areas under the ROC curves of max and "
        "mean",
    ),
    prints=("max_1", "mean_1"),
    figure="roc-curves",
    code=model.mean_auc,
    test="test_max_versus_mean",
    sources=("boureau-2010",),
)
def max_versus_mean_all_see(units: Units = 4, d_prime: Strength = 2.0) -> Values:
    """All units see the petal."""
    return _areas(units, units, d_prime)


@claim(
    question="How strong must a petal be for the max to beat the mean?",
    examines="boureau-2010",
    kind=Fact(
        "by area under the ROC curve, one of the detectors seeing the petal and all having "
        "independent normal noise.",
        "By hit rate it depends on the false alarms that are allowed: the statement gives both.",
    ),
    says="The max overtakes the mean when the petal is strong enough.",
    statement="One of {units} detectors sees the petal: by area under the ROC curve the max "
    "overtakes the mean at d′ = {by_area:.3f}; by hit rate at {false_alarm:.0%} false alarms, at "
    "d′ = {by_hits:.3f}. For fainter petals the mean is better.",
    answer="If just one of four units with independent Gaussian noise sees a feature, max "
    "pooling tells it from noise better than average pooling once the feature exceeds "
    "{by_area:.2f} standard deviations of the noise. That compares areas under the ROC "
    "curve, so all thresholds at once. By the share of features found at "
    "{false_alarm:.0%} false alarms, the max is ahead from {by_hits:.2f} on. A fainter "
    "feature often is not the largest of the four answers, and then the max passes on "
    "nothing of it.",
    formula=Formula(
        r"1-n\int_{-\infty}^{\infty}\Phi(x-d')\,\Phi(x)^{2n-2}\,\varphi(x)\,\mathrm{d}x "
        r"= \Phi\left(\frac{d'}{\sqrt{2n}}\right) \quad \text{at the } d' \text{ of "
        r"equal areas}",
        "n units, one of which sees a feature of d′ standard deviations, x a value, Φ "
        "and φ the normal distribution and density; the areas under the ROC curves of "
        "max and mean",
    ),
    prints=("by_area", "by_hits"),
    figure="max-against-mean",
    code=model.max_overtakes_mean,
    sources=("boureau-2010",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "A question of how strong has a number for an answer, and no verdict.",
        ),
    ),
)
def max_overtakes_mean(units: Units = 4, false_alarm: FalseAlarm = 0.05) -> Values:
    """The strength from which on the max is better, by area and by hits."""
    above = "d′ above which the max is better, one detector seeing the petal"
    by_area = float(model.max_overtakes_mean(units, 1))
    by_hits = float(model.max_overtakes_mean(units, 1, false_alarm))
    return {
        "units": count(units, "detectors in the window"),
        "false_alarm": probability(false_alarm, "false-alarm rate for the comparison by hits"),
        "by_area": Value(by_area, "d′", f"{above}: by area under the ROC curve"),
        "by_hits": Value(by_hits, "d′", f"{above}: by hit rate"),
    }


@claim(
    question="Does a strong answer of the max mean less than one of a single detector?",
    examines="T3",
    kind=Judged(
        asked={"units": ranges.UNITS, "false_alarm": ranges.FALSE_ALARMS},
        margin=lambda v: min(v["mean"].value, v["pooled_threshold"].value - v["threshold"].value),
    ),
    says="To pure noise, the max of independent detectors answers more than one of them does, so "
    "it needs a higher threshold.",
    statement="The max of {units} detectors answers {mean:.2f} ± {sd:.2f} standard deviations to "
    "pure normal noise, as one detector does to a weak petal. For {false_alarm:.0%} false alarms "
    "its threshold must be {pooled_threshold:.2f}, where {threshold:.2f} is enough for one.",
    answer="The largest of four independent Gaussian noise values of mean zero is {mean:.2f} "
    "standard deviations above zero on average, so the max of pure noise alone looks like "
    "a weak feature. Max pooling therefore needs a higher threshold. For "
    "{false_alarm:.0%} false alarms one detector needs {threshold:.2f} standard "
    "deviations, and the max of four {pooled_threshold:.2f}. A network can learn it as a "
    "bias of the next layer, but more weak features are missed.",
    formula=Formula(
        r"\mathbb{E}\left[\max_{i \le n} x_i\right] = n\int_{-\infty}^{\infty} "
        r"x\,\Phi(x)^{n-1}\varphi(x)\,\mathrm{d}x, \quad \Phi(t)^n = 1-\alpha",
        "n standard normal values x, numbered by i, Φ and φ their distribution and "
        "density, α the false alarms, and t the threshold of the max",
    ),
    prints=("mean", "threshold", "pooled_threshold"),
    figure="max-of-noise",
    code=laws.max_of_noise,
    test="test_max_of_noise",
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "What is judged now is the sentence that its numbers decide: the bias, which needs no "
            "condition.",
        ),
    ),
)
def max_of_noise_is_biased(units: Units = 4, false_alarm: FalseAlarm = 0.05) -> Values:
    """What the max answers to nothing, and the thresholds that this needs."""
    noise = laws.max_of_noise(units)
    return {
        "units": count(units, "detectors in the window"),
        "mean": Value(float(noise.mean), SD, "mean of the max of pure noise"),
        "sd": Value(float(noise.sd), SD, "standard deviation of the max of pure noise"),
        "false_alarm": probability(false_alarm, "false-alarm rate that the thresholds allow"),
        "threshold": Value(float(-normal.ppf(false_alarm)), SD, "threshold of one detector"),
        "pooled_threshold": Value(
            float(normal.ppf((1 - false_alarm) ** (1 / units))), SD, "threshold of the max"
        ),
    }


@claim(
    question="Is the OR the best way to count four votes?",
    examines="T3",
    kind=Judged(
        asked={
            "seen": ranges.Range(ranges.SEEN.what, (1, 2, 3, 4)),
            "d_prime": ranges.STRENGTHS,
            "false_alarm": ranges.FALSE_ALARMS,
        },
        margin=lambda v: v["or"].value - v["others"].value,
        domain=lambda seen, d_prime, **_: seen == 1 and d_prime >= 1,
        condition="exactly one of the four sees the petal, and its strength d′ is at least 1.",
    ),
    says="At equal false alarms, one vote (the OR) of four detectors with independent normal "
    "noise finds more petals than asking for two, three or four votes.",
    statement="At {false_alarm:.0%} false alarms and d′ = {d_prime:g}, one of {units} detectors "
    "seeing the petal, the OR finds {or_one:.1%} and two votes {next_one:.1%}. If all see it, "
    "the OR finds {or_all:.1%} and {best} votes {best_all:.1%}.",
    answer="If only one of four detectors with independent Gaussian noise sees a petal of two "
    "standard deviations, their OR finds {or_one:.0%} of such petals and asking for two "
    "votes only {next_one:.0%}, both at {false_alarm:.0%} false alarms. If all four see "
    "it, two votes are better: they find {best_all:.0%}, and the OR {or_all:.0%}. So the "
    "OR, which is max pooling of yes-or-no answers, suits petals that one detector sees "
    "and its neighbours do not. Very faint petals can be an exception.",
    formula=Formula(
        r"\mathbb{P}(\text{at least } k \text{ of } n \text{ fire}) = "
        r"\sum_{j=k}^{n}\binom{n}{j}\,p^{j}(1-p)^{n-j}",
        "n independent detectors that each fire with probability p, k the votes needed, "
        "and j the votes",
    ),
    prints=("or_one", "or_all", "next_one", "best_all"),
    figure="voting",
    code=model.vote_hit_rate,
)
def majority_vote(
    units: Annotated[int, Whole(2, 64, "detectors in the window")] = 4,
    seen: Seen = 1,
    d_prime: Strength = 2.0,
    false_alarm: FalseAlarm = 0.05,
) -> Values:
    """All k-of-n rules at the same false alarms."""
    votes = np.arange(1, units + 1)
    one, all_see, some = (
        model.vote_hit_rate(votes, false_alarm, d_prime, units, number)
        for number in (1, units, seen)
    )
    best = int(all_see.argmax())
    return {
        "units": count(units, "detectors in the window"),
        "d_prime": Value(d_prime, "d′", "strength of the petal, in standard deviations"),
        "false_alarm": probability(false_alarm, "false-alarm rate of every rule"),
        "or_one": probability(one[0], "the OR finds a petal that one detector sees"),
        "next_one": probability(one[1], "two votes find a petal that one detector sees"),
        "or_all": probability(all_see[0], "the OR finds a petal that all see"),
        "best": count(int(votes[best]), "votes that find most petals that all see"),
        "best_all": probability(all_see[best], "so many votes find a petal that all see"),
        "or": probability(some[0], "the OR finds a petal that as many see as are set"),
        "others": probability(some[1:].max(), "the best of the other rules finds it"),
    }


def _trial_of_or(noise: str, noise_sd: float, window: int, seed: int) -> Values:
    found = dahlia.or_gain(noise_sd, noise=noise, window=window, draws=60, seed=seed)
    return {"share": share(found.hit.gain_share, "of the promised gain in hits kept")}


@claim(
    question="Does the OR gain on a photograph what the formula promises?",
    examines="T3",
    kind=Judged(
        asked={
            "noise": ranges.NOISES,
            "noise_sd": ranges.PHOTO_NOISE,
            "window": ranges.PHOTO_WINDOWS,
        },
        margin=lambda v: v["share"].value - 0.95,
        trial=_trial_of_or,
        domain=lambda noise, **_: noise == "map",
        condition="the noise is each detector's own.",
        otherwise="Noise on the pixels hits neighbours together; only if it is weak does nearly "
        "all of the gain arrive.",
    ),
    says="On a photograph, the OR of neighbouring detectors gains (to within a twentieth) what the "
    "formula for independent detectors promises.",
    statement="On the dahlia, with noise on the pixels, the four detectors of a window miss "
    "{single_miss:.1%} of the petals on average: the petal is under one of them, and beside the "
    "others. Independent ones, each with the misses of the one in its place, would all miss "
    "{promised_miss:.1%} together; these, whose noise has a correlation of {correlation:.2f}, "
    "miss {miss:.1%}: {share:.0%} of the promised gain arrives. With noise on each detector by "
    "itself they miss {own_noise_miss:.1%}, as promised.",
    answer="On a photograph of a dahlia with strong noise on its pixels, {miss:.1%} of the petals "
    "escape four neighbouring detectors all at once, where of equally good detectors that err "
    "independently only {promised_miss:.1%} would. Neighbours look at nearly the "
    "same pixels, so what fools one often fools the others: their noise has a correlation "
    "of {correlation:.2f}. If each detector has noise of its own instead, their OR gains "
    "what independence promises: only {own_noise_miss:.1%} of the petals escape all four.",
    formula=Formula(
        r"\mathbb{P}(\text{all } n \text{ miss}) > \prod_{i=1}^{n} "
        r"\mathbb{P}(\text{detector } i \text{ misses})",
        "n detectors, numbered by i, whose noise is positively correlated",
    ),
    prints=("miss", "promised_miss", "correlation", "own_noise_miss"),
    figure="correlated-or",
    code=dahlia.or_gain,
    sources=("dahlia",),
)
def or_needs_independent_detectors(
    noise: Noise = "photo",
    noise_sd: NoiseSd = 0.3,
    own_noise_sd: NoiseSd = 0.2,
    window: Window = 2,
    draws: Draws = dahlia.DRAWS,
    seed: Seed = 0,
) -> Values:
    """What the OR gains on the photograph, against the promise."""
    settings = {"window": window, "draws": draws, "seed": seed}
    photo = dahlia.or_gain(noise_sd, noise=noise, **settings)
    each = dahlia.or_gain(own_noise_sd, noise="map", **settings)
    promised = 1 - photo.hit.independent
    return {
        "correlation": Value(
            photo.correlation, "correlation", "of two detectors' noise in a window"
        ),
        "single_miss": share(1 - photo.hit.unit, "one detector misses a petal"),
        "promised_miss": share(promised, "four independent detectors of these rates miss it"),
        "miss": estimated(
            share,
            Interval(*(1 - hit.pooled for hit in (photo.hit, photo.hit_high, photo.hit_low))),
            "the OR of the four misses it",
            ON_THIS_PHOTOGRAPH,
        ),
        "share": share(float(photo.hit.gain_share), "of the promised gain in hits kept"),
        "own_noise_miss": share(1 - each.hit.pooled, "the OR misses it, noise on each detector"),
        "own_noise_promised": share(1 - each.hit.independent, "promised then"),
    }


def _trial_of_hits(
    noise: str, noise_sd: float, window: int, displacement: int, seed: int
) -> Values:
    rates = dahlia.hit_rates(noise_sd, noise=noise, window=window, draws=60, seed=seed)
    return {
        "gain": points(rates.gain.value[0, displacement], "max minus unit"),
        "over_mean": points(rates.max_over_mean.value[displacement], "max minus mean"),
    }


ON_THE_DAHLIA = {
    "displacement": ranges.DISPLACEMENTS,
    "noise_sd": ranges.PHOTO_NOISE,
    "noise": ranges.NOISES,
    "window": ranges.PHOTO_WINDOWS,
}


@claim(
    question="Does pooling find more petals on a real photograph?",
    examines="T4",
    kind=Judged(
        asked=ON_THE_DAHLIA,
        margin=lambda v: v["gain"].value,
        trial=_trial_of_hits,
        domain=lambda displacement, **_: displacement == 3,
        condition="the petal is 3 pixels from where the detector looks.",
        otherwise="Nearer, it depends on the noise and on the window: exactly at the detector's "
        "place the max mostly finds fewer if the noise is on the pixels, and in strong noise of "
        "each detector's own it can find more.",
        tries=200,
    ),
    says="On the photograph, at equal false alarms, the max over a window finds more petals than "
    "one detector.",
    statement="On the dahlia with noise of {noise:.0%} of the white level on the pixels, at equal "
    "false alarms: if the petal may be at any place of the 2 × 2 window, each equally often, a "
    "detector at one of them finds {unit_anywhere:.1%} and the max {max_anywhere:.1%} "
    "({gain_anywhere:+.1f} points; over the noise {gain_anywhere.low:+.1f} to "
    "{gain_anywhere.high:+.1f}). Exactly under the detector they find {unit_exact:.1%} and "
    "{max_exact:.1%}. Of petals {far} pixels to one side of it, outside the window, the detector "
    "finds {unit_far:.1%}, the max {max_far:.1%}.",
    answer="On a very noisy photo of a dahlia, if petals are three pixels from where a petal "
    "detector looks, it finds {unit_far:.0%} of them and the max over 2 × 2 detectors "
    "{max_far:.0%}, at equal false alarms. A detector compares the picture at its "
    "place with an average petal, and for some petals another one of the window stands nearer. "
    "Exactly where the detector looks, or one pixel beside, pooling costs a little: "
    "{max_exact:.0%} against {unit_exact:.0%} exactly there. Each pixel has noise of "
    "{noise:.0%} of the white level.",
    formula=Formula(
        r"\mathbb{P}\left(\max_{i} x_i > t \mid \text{petal}\right) \quad \text{with } "
        r"t \text{ such that} \quad \mathbb{P}\left(\max_{i} x_i > t \mid \text{no "
        r"petal}\right) = \alpha",
        "x the answers of the detectors i of a window, t the threshold, and α the false alarms",
    ),
    prints=("max_far", "unit_far", "max_exact", "unit_exact"),
    figure="flower-displaced",
    code=dahlia.hit_rates,
    sources=("dahlia", "thread"),
)
def flower_photo_noise(
    noise_sd: NoiseSd = 0.3,
    noise: Noise = "photo",
    window: Window = 2,
    displacement: Displacement = 3,
    draws: Draws = dahlia.DRAWS,
    seed: Seed = 0,
) -> Values:
    """A petal at the unit, and displaced, at equal false alarms."""
    rates = dahlia.hit_rates(noise_sd, noise=noise, window=window, draws=draws, seed=seed)
    places = {"exact": 0, "beside": 1, "far": int(rates.displacement[-1])}
    hits = {
        f"{watcher}_{place}": share(
            rates.hit.value[row, at], f"{watcher} finds a petal displaced by {at} pixels"
        )
        for row, watcher in enumerate(("unit", "max"))
        for place, at in places.items()
    }
    gains = {
        name: estimated(
            points,
            Interval(*(end[0, at] for end in rates.gain)),
            f"max minus unit at {at} pixels",
            ON_THIS_PHOTOGRAPH,
        )
        for name, at in {
            **{f"gain_{place}": at for place, at in places.items()},
            "gain": displacement,
        }.items()
    }
    anywhere = "with the petal at each place of the window"
    unit, largest, _ = rates.anywhere.value.tolist()
    gain = Interval(*(float(end[0]) for end in rates.anywhere_gain))
    gains["gain_anywhere"] = estimated(
        points, gain, f"max minus unit {anywhere}", ON_THIS_PHOTOGRAPH
    )
    hits |= {
        "unit_anywhere": share(unit, f"unit finds a petal, {anywhere}"),
        "max_anywhere": share(largest, f"max finds a petal, {anywhere}"),
    }
    return {
        "far": count(places["far"], "pixels of the largest displacement"),
        "noise": Value(noise_sd, "of the white level", "noise on each pixel"),
        "petals": count(rates.petals, "petals watched"),
        **hits,
        **gains,
    }


def _trial_of_search(noise: str, noise_sd: float, window: int, seed: int) -> Values:
    found = dahlia.petal_counts((noise_sd,), noise=noise, window=window, draws=20, seed=seed)
    return {"gain": points(found.kept_over_none.value[0, 0], "max minus the full map")}


@claim(
    question="At equal false alarms, does searching a max-pooled map lose petals?",
    examines="T3",
    kind=Judged(
        asked={
            "noise_sd": ranges.PHOTO_NOISE,
            "noise": ranges.NOISES,
            "window": ranges.PHOTO_WINDOWS,
        },
        # Only windows of 2 and 4 tile the map, whose sides are powers of two.
        together=lambda window, **_: window != 3,
        margin=lambda v: 1 - abs(v["gain"].value),
        trial=_trial_of_search,
        tries=30,
    ),
    says="At equal false alarms, searching the max-pooled map of the photograph, each maximum at "
    "its own place, finds as many petals as searching the full map, to within one percentage "
    "point.",
    statement="At equal false alarms, searching the full map finds {none_found:.1%} of {petals} "
    "petals (over the noise {none_found.low:.1%} to {none_found.high:.1%}), and the max-pooled "
    "map, which keeps a quarter of the values, {max_found:.1%} ({max_found.low:.1%} to "
    "{max_found.high:.1%}): with the same noise in both, a difference of {gain:+.1f} points. Every "
    "second value without a max finds {subsample_found:.1%}, which is {subsample_gain:+.1f} "
    "points from the full map ({subsample_gain.low:+.1f} to {subsample_gain.high:+.1f}). With one "
    "threshold for all, the full map loses {none_lost:.1%}, the max {max_lost:.1%}, and every "
    "second value {subsample_lost:.1%}.",
    answer="On a very noisy photograph of a dahlia, searching a petal detector's map after 2 × 2 "
    "max pooling finds {max_found:.1%} of the petals and searching the full map {none_found:.1%}, "
    "both at equal false alarms. A petal shows as a peak of the map, and the max of a window "
    "keeps each peak; I count it where it stood in the full map. Keeping every second row and "
    "column without a max does lose petals: that finds {subsample_found:.1%}. The noise is on the "
    "pixels, at {noise:.0%} of the white level.",
    formula=Formula(
        r"\text{found} = \frac{\text{petals with a local maximum above the threshold near them}}"
        r"{\text{petals of the clean photograph}}",
        "a local maximum that is the largest value within 6 pixels, and near as within 6 pixels",
    ),
    prints=("max_found", "none_found", "subsample_found"),
    figure="flower-counts",
    code=dahlia.petal_counts,
    sources=("dahlia",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.ON_CONDITION,
            "It compared all with one threshold, and said that at equal false alarms the max loses "
            "as many petals as plain subsampling, and more than the full map. That came of the "
            "counting: a window counted as near a petal by its centre, which lies between the "
            "pixels, and half a pixel more or less turned the sign. Each value now counts where it "
            "stood in the full map, and one rule finds the peaks of all.",
        ),
    ),
    lighter={"draws": 20},
)
def flower_photo_search(
    noise_sd: NoiseSd = 0.3,
    noise: Noise = "photo",
    window: Window = 2,
    draws: Draws = dahlia.SEARCHED,
    seed: Seed = 0,
) -> Values:
    """All petals searched for in the whole map; thresholds tuned anew for each of twelve seeds."""
    settings: dict[str, Any] = {"noise": noise, "window": window, "draws": draws}
    same = dahlia.petal_counts((noise_sd,), threshold=dahlia.ONE_THRESHOLD, seed=seed, **settings)
    kept = np.stack(
        [
            dahlia.petal_counts((noise_sd,), seed=seed + s, **settings).kept.value[:, 0]
            for s in range(REPLICATES)
        ]
    )
    over_none = kept - kept[:, flower.METHODS.index("none"), None]
    found, gain = (
        around(each.mean(axis=0), standard_error(each.T), student(REPLICATES - 1))
        for each in (kept, over_none)
    )
    searched = dict(
        zip(
            flower.METHODS,
            ("the max-pooled map", "the mean-pooled map", "every second value", "the full map"),
            strict=True,
        )
    )
    lost = {
        f"{method}_lost": share(
            same.lost.value[row, 0], f"lost by searching {text}, at one threshold for all"
        )
        for row, (method, text) in enumerate(searched.items())
    }
    shares = {
        f"{method}_found": estimated(
            share,
            Interval(*(end[row] for end in found)),
            f"found by searching {text}, at equal false alarms",
            ON_THIS_PHOTOGRAPH,
        )
        for row, (method, text) in enumerate(searched.items())
    }
    row = flower.METHODS.index("subsample")
    return {
        "petals": count(same.petals, "petals in the clean photograph"),
        "noise": Value(noise_sd, "of the white level", "noise on each pixel"),
        **lost,
        **shares,
        # Mostly nothing and now and then a loss: so skewed that no interval of Student's holds it.
        "gain": points(gain.value[0], "max-pooled minus full map, the same noise in both"),
        "subsample_gain": estimated(
            points,
            Interval(*(end[row] for end in gain)),
            "every second value minus full map, the same noise in both",
            ON_THIS_PHOTOGRAPH,
        ),
    }


REPLICATES = 12  # seeds, each with thresholds of its own


@claim(
    question="On a photograph, does the max beat the mean?",
    examines="boureau-2010",
    kind=Judged(
        asked=ON_THE_DAHLIA,
        margin=lambda v: v["over_mean"].value,
        trial=_trial_of_hits,
        domain=lambda noise, window, displacement, **_: (
            noise == "photo" and window == 2 and displacement >= 1
        ),
        condition="the noise is on the pixels, the window 2 × 2, and the petal 1 to 3 pixels off "
        "(averaged over four sides, of which two are outside the window).",
        tries=200,
    ),
    says="On the photograph, at equal false alarms, the max over a window finds more petals than "
    "the mean.",
    statement="On the dahlia, at equal false alarms and with the petal one pixel to one of four "
    "sides, the max finds {pixels:+.1f} points against the mean when the noise is on the pixels, "
    "and {each:+.1f} when it is on each detector (over the noise: {pixels.low:+.1f} to "
    "{pixels.high:+.1f} and {each.low:+.1f} to {each.high:+.1f}). On two of the sides the petal is "
    "outside the 2 × 2 window. If it is at any place inside, each equally often, the difference "
    "is {pixels_inside:+.1f} ({pixels_inside.low:+.1f} to {pixels_inside.high:+.1f}) and "
    "{each_inside:+.1f}: with noise on the pixels it is outside the window that the max wins.",
    answer="On a dahlia's photograph with strong noise on the pixels, if petals lie one pixel "
    "from where a detector looks, the max of its 2 × 2 window finds {pixels:.1f} percentage "
    "points more of them than the mean, at equal false alarms. That is an average over four "
    "directions, two of which lead out of the window. Inside it, max and mean find nearly the "
    "same share. If each detector has strong noise of its own instead, the mean averages it "
    "away, and then max minus mean is {each:.1f} points.",
    formula=Formula(
        r"\mathbb{P}\left(\max_i x_i > t_{\max} \mid \text{petal}\right) - "
        r"\mathbb{P}\left(\bar{x} > t_{\text{mean}} \mid \text{petal}\right) \quad "
        r"\text{at equal false alarms}",
        "x the answers of the detectors i of a window, and t the thresholds",
    ),
    prints=("pixels", "each"),
    figure="flower-displaced",
    code=dahlia.hit_rates,
    sources=("dahlia", "boureau-2010"),
)
def flower_photo_max_or_mean(
    noise_sd: NoiseSd = 0.3,
    noise: Noise = "photo",
    own_noise_sd: NoiseSd = 0.2,
    window: Window = 2,
    displacement: Displacement = 1,
    draws: Draws = dahlia.DRAWS,
    seed: Seed = 0,
) -> Values:
    """The max against the mean under two kinds of noise."""
    settings = {"window": window, "draws": draws, "seed": seed}
    photo = dahlia.hit_rates(noise_sd, noise=noise, **settings)
    each = dahlia.hit_rates(own_noise_sd, noise="map", **settings)
    found = {
        "pixels": (Interval(*(end[displacement] for end in photo.max_over_mean)), "the pixels"),
        "each": (Interval(*(end[displacement] for end in each.max_over_mean)), "each detector"),
        "pixels_inside": (photo.anywhere_over_mean, "the pixels, petal in the window"),
        "each_inside": (each.anywhere_over_mean, "each detector, petal in the window"),
    }
    return {
        name: estimated(
            points, interval, f"hit rate of max minus mean, noise on {text}", ON_THIS_PHOTOGRAPH
        )
        for name, (interval, text) in found.items()
    }


CLAIMS = (
    or_of_four_hit,
    or_of_four_false_alarm,
    or_of_four_one_sees,
    or_at_equal_false_alarm,
    known_place_beats_max,
    max_versus_mean_one_sees,
    max_versus_mean_all_see,
    max_overtakes_mean,
    max_of_noise_is_biased,
    majority_vote,
    or_needs_independent_detectors,
    flower_photo_noise,
    flower_photo_search,
    flower_photo_max_or_mean,
)

RULINGS = (
    Ruling(
        "T3",
        Verdict.ON_CONDITION,
        "misses fall, and false alarms rise by the same law. At equal false alarms and in normal "
        "noise the max finds more than a fixed detector if the place is unknown. It can find more "
        "than one at the known place if several detectors see the petal.",
        (
            "or-of-four-hit",
            "or-of-four-false-alarm",
            "or-at-equal-false-alarm",
            "known-place-beats-max",
            "or-needs-independent-detectors",
        ),
    ),
    Ruling(
        "T4",
        Verdict.ON_CONDITION,
        "at equal false alarms, in normal noise, more often than by one fixed detector if the "
        "petal may be at any place of the window; on the photograph, if it is three pixels off. "
        "Exactly where that detector looks it depends on the noise.",
        ("or-at-equal-false-alarm", "flower-photo-noise"),
        part="detection",
    ),
)
