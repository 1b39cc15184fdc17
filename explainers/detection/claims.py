"""The chapter's claims, and its verdicts on what the thread says."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np

from explainers import flower, normal
from explainers.detection import dahlia, model
from explainers.records import Claim, Ruling, Value, Values, Verdict

UNITS = 4  # the 2 × 2 window of the thread
HIT, FALSE_ALARM = 0.8, 0.05  # a detector that is good, but not good enough alone
STRENGTHS = (1, 2, 3)
D_PRIME = 2
PIXEL_NOISE, MAP_NOISE = 0.3, 0.2  # on the photograph, and on each detector by itself
ONE_THRESHOLD = 0.4
OVERTAKES = "d′ above which the max is better, one detector seeing the petal"


def rate(value: SupportsFloat, meaning: str) -> Value:
    """A probability, or a share of what was tried."""
    return Value(float(value), "probability", meaning)


def difference(value: SupportsFloat, meaning: str) -> Value:
    """A difference of two rates."""
    return Value(100 * float(value), "percentage points", meaning)


def number(value: int, meaning: str) -> Value:
    """A count."""
    return Value(int(value), "count", meaning)


def or_of_four_hit() -> Values:
    """All units see the petal."""
    pooled = model.any_fires([HIT] * UNITS)
    return {
        "units": number(UNITS, "detectors in the window"),
        "single": rate(HIT, "one detector fires on a petal"),
        "pooled": rate(pooled, "the OR fires on a petal that all see"),
        "single_miss": rate(1 - HIT, "one detector misses a petal"),
        "pooled_miss": rate(1 - pooled, "the OR misses a petal that all see"),
    }


def or_of_four_false_alarm() -> Values:
    """No unit sees a petal."""
    pooled = model.any_fires([FALSE_ALARM] * UNITS)
    return {
        "units": number(UNITS, "detectors in the window"),
        "single": rate(FALSE_ALARM, "one detector fires on background"),
        "pooled": rate(pooled, "the OR fires on background"),
        "times": Value(float(pooled / FALSE_ALARM), "ratio", "how many times as often"),
    }


def or_of_four_one_sees() -> Values:
    """One unit sees the petal; the others see background."""
    pooled = float(model.any_fires([HIT] + [FALSE_ALARM] * (UNITS - 1)))
    return {
        "units": number(UNITS, "detectors in the window"),
        "single": rate(HIT, "the detector that sees the petal fires"),
        "false_alarm": rate(FALSE_ALARM, "each of the other detectors fires"),
        "pooled": rate(pooled, "the OR fires on a petal that one of them sees"),
        "luck": difference(pooled - HIT, "the gain: only the other detectors' false alarms"),
        "fixed": rate(
            (HIT + (UNITS - 1) * FALSE_ALARM) / UNITS,
            "one fixed detector fires, the petal being anywhere in the window",
        ),
    }


def or_at_equal_false_alarm() -> Values:
    """All rules tuned to the same false alarms; one unit sees the petal."""
    return {
        "units": number(UNITS, "detectors in the window"),
        "d_prime": Value(D_PRIME, "standard deviations", "strength of the petal"),
        "false_alarm": rate(FALSE_ALARM, "false-alarm rate of every rule"),
        "pooled": rate(model.max_hit_rate(FALSE_ALARM, D_PRIME, UNITS, 1), "the max finds it"),
        "known": rate(
            model.known_place_hit_rate(FALSE_ALARM, D_PRIME), "one detector at the known place does"
        ),
        "unknown": rate(
            model.unknown_place_hit_rate(FALSE_ALARM, D_PRIME, UNITS, 1),
            "one fixed detector does, the petal being anywhere in the window",
        ),
    }


def max_versus_mean(seen: int) -> Values:
    """Areas under the ROC curves of max and mean."""
    areas = {
        f"{name}_{strength}": Value(
            float(law(strength, UNITS, seen)),
            "area under the ROC curve",
            f"{name} at d′ = {strength}",
        )
        for name, law in (("max", model.max_auc), ("mean", model.mean_auc))
        for strength in STRENGTHS
    }
    return {
        "units": number(UNITS, "detectors in the window"),
        "seen": number(seen, "of them see the petal"),
        **areas,
    }


def overtakes() -> Value:
    """The strength from which on the max is better, by area."""
    return Value(
        float(model.max_overtakes_mean(UNITS, 1)),
        "standard deviations",
        f"{OVERTAKES}: by area under the ROC curve",
    )


def max_overtakes_mean() -> Values:
    """The strength from which on the max is better, by area and by hits."""
    tuned = model.max_overtakes_mean(UNITS, 1, FALSE_ALARM)
    return {
        "units": number(UNITS, "detectors in the window"),
        "false_alarm": rate(FALSE_ALARM, "false-alarm rate for the comparison of hit rates"),
        "by_area": overtakes(),
        "by_hits": Value(float(tuned), "standard deviations", f"{OVERTAKES}: by hit rate"),
    }


def max_of_noise() -> Values:
    """What the max answers to nothing, and the thresholds that this needs."""
    noise = model.max_of_noise(UNITS)
    unit = "standard deviations"
    return {
        "units": number(UNITS, "detectors in the window"),
        "mean": Value(float(noise.mean), unit, "mean of the max of pure noise"),
        "sd": Value(float(noise.sd), unit, "standard deviation of the max of pure noise"),
        "false_alarm": rate(FALSE_ALARM, "false-alarm rate that the thresholds allow"),
        "threshold": Value(float(-normal.ppf(FALSE_ALARM)), unit, "threshold of one detector"),
        "pooled_threshold": Value(
            float(normal.ppf((1 - FALSE_ALARM) ** (1 / UNITS))), unit, "threshold of the max"
        ),
    }


def majority_vote() -> Values:
    """All k-of-n rules at the same false alarms."""
    votes = np.arange(1, UNITS + 1)
    one = model.vote_hit_rate(votes, FALSE_ALARM, D_PRIME, UNITS, 1)
    all_see = model.vote_hit_rate(votes, FALSE_ALARM, D_PRIME, UNITS, UNITS)
    best = int(all_see.argmax())
    return {
        "units": number(UNITS, "detectors in the window"),
        "d_prime": Value(D_PRIME, "standard deviations", "strength of the petal"),
        "false_alarm": rate(FALSE_ALARM, "false-alarm rate of every rule"),
        "or_one": rate(one[0], "the OR finds a petal that one detector sees"),
        "next_one": rate(one[1], "two votes find a petal that one detector sees"),
        "or_all": rate(all_see[0], "the OR finds a petal that all see"),
        "best": number(votes[best], "votes that find most petals that all see"),
        "best_all": rate(all_see[best], "so many votes find a petal that all see"),
    }


def or_needs_independent_detectors() -> Values:
    """What the OR gains on the photograph, against the promise."""
    photo, each = (
        dahlia.or_gain(sd, noise=kind) for sd, kind in ((PIXEL_NOISE, "photo"), (MAP_NOISE, "map"))
    )
    missed, promised = 1 - photo.hit.pooled, 1 - photo.hit.independent
    return {
        "correlation": Value(
            photo.correlation, "correlation", "of two detectors' noise in a window"
        ),
        "single_miss": rate(1 - photo.hit.unit, "one detector misses a petal, noise on the pixels"),
        "promised_miss": rate(promised, "four independent detectors of these rates would miss it"),
        "miss": rate(missed, "the OR of the four misses it"),
        "miss_low": rate(1 - photo.hit_high.pooled, "lower end of its 95% interval"),
        "miss_high": rate(1 - photo.hit_low.pooled, "upper end of its 95% interval"),
        "times": Value(float(missed / promised), "ratio", "missed, over what was promised"),
        "share": Value(float(photo.hit.gain_share), "share", "of the promised gain in hits kept"),
        "own_noise_miss": rate(1 - each.hit.pooled, "the OR misses it, noise on each detector"),
        "own_noise_promised": rate(1 - each.hit.independent, "promised then"),
    }


def flower_photo_noise() -> Values:
    """A petal at the unit, and displaced, at equal false alarms."""
    rates = dahlia.hit_rates(PIXEL_NOISE)
    watchers = ("unit", "max")
    pays = int(rates.displacement[rates.gain.low[0] > 0].min())
    places = {"exact": 0, "beside": 1, "far": int(rates.displacement[-1])}
    hits = {
        f"{watcher}_{place}": rate(
            rates.hit.value[row, at], f"{watcher} finds a petal displaced by {at} pixels"
        )
        for row, watcher in enumerate(watchers)
        for place, at in places.items()
    }
    gains = {
        f"gain_{place}{end}": difference(
            getattr(rates.gain, side)[0, at],
            f"max minus unit at {at} pixels" + (f", 95% interval, {side}" if end else ""),
        )
        for place, at in places.items()
        for end, side in (("", "value"), ("_low", "low"), ("_high", "high"))
    }
    return {
        "pays": number(pays, "pixels of displacement from which on pooling pays"),
        "far": number(places["far"], "pixels of the largest displacement"),
        "noise": Value(PIXEL_NOISE, "of the white level", "noise on each pixel"),
        "petals": number(rates.petals, "petals watched"),
        **hits,
        **gains,
    }


def flower_photo_search() -> Values:
    """All petals searched for in the whole map."""
    same = dahlia.petal_counts((PIXEL_NOISE,), threshold=ONE_THRESHOLD, invented=None)
    tuned = dahlia.petal_counts((PIXEL_NOISE,))
    lost = {
        f"{method}_lost": rate(same.lost.value[row, 0], f"{text} loses, at one threshold for all")
        for row, (method, text) in enumerate(
            zip(
                flower.METHODS,
                ("max pooling", "mean pooling", "subsampling", "the full map"),
                strict=True,
            )
        )
    }
    return {
        "petals": number(same.petals, "petals in the clean photograph"),
        "noise": Value(PIXEL_NOISE, "of the white level", "noise on each pixel"),
        **lost,
        "gain": difference(
            tuned.kept_over_none.value[0, 0],
            "kept by the max minus by the full map, at equal false alarms",
        ),
        "gain_low": difference(tuned.kept_over_none.low[0, 0], "lower end of its 95% interval"),
        "gain_high": difference(tuned.kept_over_none.high[0, 0], "upper end of its 95% interval"),
        **{
            f"subsample_gain{end}": difference(
                getattr(tuned.kept_over_none, side)[2, 0],
                "the same, by subsampling" + (f", 95% interval, {side}" if end else ""),
            )
            for end, side in (("", "value"), ("_low", "low"), ("_high", "high"))
        },
    }


def flower_photo_max_or_mean() -> Values:
    """The max against the mean under two kinds of noise."""
    kinds = {"pixels": (PIXEL_NOISE, "photo"), "each": (MAP_NOISE, "map")}
    return {
        f"{name}{end}": difference(
            getattr(dahlia.hit_rates(sd, noise=kind).max_over_mean, side)[1],
            f"hit rate of max minus mean, petal displaced by 1 pixel, noise on {name}"
            + (f", 95% interval, {side}" if end else ""),
        )
        for name, (sd, kind) in kinds.items()
        for end, side in (("", "value"), ("_low", "low"), ("_high", "high"))
    }


MODEL, DAHLIA = "explainers.detection.model", "explainers.detection.dahlia"
TESTS = "tests/detection/test_claims.py"

CLAIMS = (
    Claim(
        id="or-of-four-hit",
        question="All four detectors see the petal: how often does the OR find it?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="all {units} see the petal, and they err independently.",
        statement="If each of {units} detectors fires on a petal with probability {single:.0%}, "
        "at least one of them fires with {pooled:.2%}: misses fall from {single_miss:.0%} to "
        "{pooled_miss:.2%}.",
        answer="If each of {units} detectors in a pooling window fires on a petal with probability "
        "{single:.0%}, their OR (the max of yes-or-no answers) fires with probability "
        "{pooled:.2%}, so misses fall from {single_miss:.0%} to {pooled_miss:.2%}. The gain is so "
        "large only if all {units} see the petal and err independently of one another.",
        formula=r"\mathbb{P}(\text{at least one of } n \text{ fires}) = 1-(1-p)^n",
        prints=("pooled", "single_miss", "pooled_miss"),
        values=or_of_four_hit,
        bears_out=lambda v: v["pooled"] > v["single"],
        figure="or-gate",
        code=f"{MODEL}.any_fires",
        test=f"{TESTS}::test_or_of_four_hit",
        sources=("thread",),
    ),
    Claim(
        id="or-of-four-false-alarm",
        question="Is the OR of four detectors robust to noise on the background?",
        examines="T3",
        verdict=Verdict.FAILS,
        statement="If each of {units} detectors fires on background with probability "
        "{single:.0%}, their OR does with {pooled:.1%}: {times:.1f} times as often.",
        answer="If each of {units} independent detectors in a pooling window fires on background "
        "with probability {single:.0%}, their OR (the max of yes-or-no answers) fires there with "
        "probability {pooled:.1%}, {times:.1f} times as often. The OR is not robust to noise where "
        "there is nothing to find: it raises false alarms by the same law as hits.",
        formula=r"\frac{\mathbb{P}(\text{at least one of } n \text{ fires})}{\mathbb{P}(\text{one "
        r"fires})} = \frac{1-(1-p)^n}{p}",
        prints=("pooled", "times"),
        values=or_of_four_false_alarm,
        bears_out=lambda v: v["pooled"] > v["single"],
        figure="or-gate",
        code=f"{MODEL}.any_fires",
        test=f"{TESTS}::test_or_of_four_false_alarm",
        sources=("thread",),
    ),
    Claim(
        id="or-of-four-one-sees",
        question="Only one of the four detectors sees the petal: what does the OR gain?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="you do not know which detector will see the petal.",
        statement="The OR fires with {pooled:.1%}, the detector that sees the petal alone with "
        "{single:.0%}: the {luck:.1f} points between them are false alarms of the other "
        "detectors. But one fixed detector, the petal being anywhere in the window, fires with "
        "{fixed:.1%} only.",
        answer="If one of {units} independent detectors sees a petal and fires with probability "
        "{single:.0%}, while the others, on background, fire with {false_alarm:.0%}, their OR "
        "fires with {pooled:.1%}: the {luck:.1f} points gained are false alarms of the others. The "
        "OR pays only when you do not know which detector will see the petal: a fixed one, with "
        "the petal anywhere in the window, fires with {fixed:.1%}.",
        formula=r"\frac{h+(n-1)\,\alpha}{n} < h < 1-(1-h)(1-\alpha)^{n-1} \quad \text{for hits } h "
        r"\text{ and false alarms } \alpha < h",
        prints=("pooled", "luck", "fixed"),
        values=or_of_four_one_sees,
        bears_out=lambda v: v["fixed"] < v["single"] < v["pooled"],
        figure="or-gate",
        code=f"{MODEL}.any_fires",
        test=f"{TESTS}::test_or_of_four_one_sees",
        sources=("thread",),
    ),
    Claim(
        id="or-at-equal-false-alarm",
        question="Does pooling still help when it is allowed no more false alarms?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="you do not know where in the window the petal is.",
        statement="At {false_alarm:.0%} false alarms and d′ = {d_prime}, one of {units} detectors "
        "seeing the petal, the max finds {pooled:.1%} of the petals. A single detector at the "
        "known place finds {known:.1%}; a fixed one, when the place is unknown, {unknown:.1%}.",
        answer="At {false_alarm:.0%} false alarms, the max of {units} independent detectors, one "
        "of which sees a petal of d′ = {d_prime} (its signal in standard deviations of the noise), "
        "finds {pooled:.1%} of the petals; one fixed detector, which may be at the wrong place, "
        "finds {unknown:.1%}. Pooling pays only if the place is unknown, since a single detector "
        "at the right place finds {known:.1%}.",
        formula=r"\mathbb{P}(\text{max finds it}) = 1-\Phi(t-d')\,\Phi(t)^{n-1} \quad \text{with} "
        r"\quad \Phi(t)^n = 1-\alpha",
        prints=("pooled", "known", "unknown"),
        values=or_at_equal_false_alarm,
        bears_out=lambda v: v["unknown"] < v["pooled"] < v["known"],
        figure="equal-false-alarms",
        code=f"{MODEL}.max_hit_rate",
        test=f"{TESTS}::test_or_at_equal_false_alarm",
    ),
    Claim(
        id="max-versus-mean-one-sees",
        question="One of four detectors sees the petal: does the max beat the mean?",
        examines="boureau-2010",
        verdict=Verdict.ON_CONDITION,
        condition="the petal's strength d′ is above {overtakes:.2f}; below it the mean is better.",
        statement="Area under the ROC curve of the max against the mean: {max_1:.3f} to "
        "{mean_1:.3f} at d′ = 1, {max_2:.3f} to {mean_2:.3f} at 2, {max_3:.3f} to {mean_3:.3f} at "
        "3.",
        answer="If one of {units} independent detectors in a pooling window sees a petal, the max "
        "tells petals from noise better than the mean: the area under its ROC curve is {max_1:.3f} "
        "against {mean_1:.3f} at d′ = 1 (a signal of one standard deviation of the noise), "
        "{max_2:.3f} against {mean_2:.3f} at 2, and {max_3:.3f} against {mean_3:.3f} at 3. The "
        "mean dilutes one answer with the noise of the others, yet for fainter petals it can be "
        "the better one.",
        formula=r"1-n\int_{-\infty}^{\infty}\Phi(x-d')\,\Phi(x)^{2n-2}\,\varphi(x)\,\mathrm{d}x > "
        r"\Phi\left(\frac{d'}{\sqrt{2n}}\right)",
        prints=("max_1", "mean_1", "max_2", "mean_2", "max_3", "mean_3"),
        values=lambda: {**max_versus_mean(seen=1), "overtakes": overtakes()},
        bears_out=lambda v: (
            all(v[f"max_{d}"] > v[f"mean_{d}"] for d in STRENGTHS)
            and 0 < v["overtakes"] < min(STRENGTHS)
        ),
        figure="roc-curves",
        code=f"{MODEL}.max_auc",
        test=f"{TESTS}::test_max_versus_mean",
        sources=("boureau-2010",),
    ),
    Claim(
        id="max-versus-mean-all-see",
        question="All four detectors see the petal: does the max beat the mean?",
        examines="boureau-2010",
        verdict=Verdict.FAILS,
        statement="Area under the ROC curve of the max against the mean: {max_1:.3f} to "
        "{mean_1:.3f} at d′ = 1, {max_2:.3f} to {mean_2:.3f} at 2, {max_3:.5f} to {mean_3:.5f} at "
        "3.",
        answer="If all {units} independent detectors in a pooling window see the petal, the max "
        "does not beat the mean: the area under its ROC curve is {max_1:.3f} against {mean_1:.3f} "
        "at d′ = 1 (a signal of one standard deviation of the noise), {max_2:.3f} against "
        "{mean_2:.3f} at 2, and {max_3:.5f} against {mean_3:.5f} at 3. The mean averages the noise "
        "away, while the max keeps one answer and throws the others out.",
        formula=r"1-n\int_{-\infty}^{\infty}\Phi(x-d')^{n}\,\Phi(x)^{n-1}\,\varphi(x)\,\mathrm{d}x "
        r"< \Phi\left(d'\sqrt{\frac{n}{2}}\right)",
        prints=("max_1", "mean_1", "max_2", "mean_2", "max_3", "mean_3"),
        values=lambda: max_versus_mean(seen=UNITS),
        bears_out=lambda v: all(v[f"max_{d}"] < v[f"mean_{d}"] for d in STRENGTHS),
        figure="roc-curves",
        code=f"{MODEL}.mean_auc",
        test=f"{TESTS}::test_max_versus_mean",
        sources=("boureau-2010",),
    ),
    Claim(
        id="max-overtakes-mean",
        question="How strong must a petal be for the max to beat the mean?",
        examines="boureau-2010",
        verdict=Verdict.ON_CONDITION,
        condition="one of {units} detectors sees the petal, and its strength d′ is above "
        "{by_area:.2f}.",
        statement="By area under the ROC curve the max overtakes the mean at d′ = {by_area:.3f}; "
        "by hit rate at {false_alarm:.0%} false alarms, at d′ = {by_hits:.3f}. For fainter petals "
        "the mean is better.",
        answer="If one of {units} independent detectors in a pooling window sees a petal, the max "
        "tells petals from noise better than the mean only when the petal's d′, its signal in "
        "standard deviations of the noise, is above {by_area:.3f} (by area under the ROC curve) or "
        "{by_hits:.3f} (by hit rate at {false_alarm:.0%} false alarms). For fainter petals the "
        "mean is better.",
        formula=r"1-n\int_{-\infty}^{\infty}\Phi(x-d')\,\Phi(x)^{2n-2}\,\varphi(x)\,\mathrm{d}x = "
        r"\Phi\left(\frac{d'}{\sqrt{2n}}\right) \quad \text{at the } d' \text{ of equal areas}",
        prints=("by_area", "by_hits"),
        values=max_overtakes_mean,
        bears_out=lambda v: 0 < v["by_hits"] < v["by_area"] < D_PRIME,
        figure="max-against-mean",
        code=f"{MODEL}.max_overtakes_mean",
        test=f"{TESTS}::test_max_overtakes_mean",
        sources=("boureau-2010",),
    ),
    Claim(
        id="max-of-noise-is-biased",
        question="Is a strong answer of the max a sign of a petal?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="its threshold is raised for the size of the window.",
        statement="The max of {units} detectors answers {mean:.2f} ± {sd:.2f} standard deviations "
        "to pure noise, as one detector does to a weak petal. For {false_alarm:.0%} false alarms "
        "its threshold must be {pooled_threshold:.2f}, where {threshold:.2f} is enough for one.",
        answer="The max of {units} independent detectors whose noise has standard deviation one "
        "answers {mean:.2f} on average, with standard deviation {sd:.2f}, when there is nothing "
        "but noise. A strong answer is a sign of a petal only if the threshold is raised for the "
        "size of the window: {false_alarm:.0%} false alarms take {pooled_threshold:.2f}, where "
        "{threshold:.2f} is enough for one detector.",
        formula=r"\mathbb{E}\left[\max_{i \le n} x_i\right] = n\int_{-\infty}^{\infty} "
        r"x\,\Phi(x)^{n-1}\varphi(x)\,\mathrm{d}x, \quad \Phi(t)^n = 1-\alpha",
        prints=("mean", "sd", "pooled_threshold", "threshold"),
        values=max_of_noise,
        bears_out=lambda v: v["mean"] > 0 and v["pooled_threshold"] > v["threshold"],
        figure="max-of-noise",
        code=f"{MODEL}.max_of_noise",
        test=f"{TESTS}::test_max_of_noise",
    ),
    Claim(
        id="majority-vote",
        question="Is the OR the best way to count four votes?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="few detectors see the petal; if all do, asking for more votes is better.",
        statement="At {false_alarm:.0%} false alarms and d′ = {d_prime}, one of {units} detectors "
        "seeing the petal, the OR finds {or_one:.1%} and two votes {next_one:.1%}. If all see it, "
        "the OR finds {or_all:.1%} and {best} votes {best_all:.1%}.",
        answer="If only one of {units} independent detectors sees a petal of d′ = {d_prime} (its "
        "signal in standard deviations of the noise), asking for one vote (the OR) finds "
        "{or_one:.1%} of the petals and asking for two finds {next_one:.1%}, both at "
        "{false_alarm:.0%} false alarms. If all {units} see it, the OR finds {or_all:.1%} and "
        "{best} votes find {best_all:.1%}, so the OR is better only when few detectors see the "
        "petal.",
        formula=r"\mathbb{P}(\text{at least } k \text{ of } n \text{ fire}) = "
        r"\sum_{j=k}^{n}\binom{n}{j}\,p^{j}(1-p)^{n-j} \quad \text{if each fires with probability "
        r"} p",
        prints=("or_one", "or_all", "next_one", "best_all"),
        values=majority_vote,
        bears_out=lambda v: v["or_one"] > v["next_one"] and v["best_all"] > v["or_all"],
        figure="voting",
        code=f"{MODEL}.vote_hit_rate",
        test=f"{TESTS}::test_majority_vote",
    ),
    Claim(
        id="or-needs-independent-detectors",
        question="Does the OR gain on a photograph what the formula promises?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="the noise is each detector's own. Noise on the pixels hits neighbours together.",
        statement="On the dahlia, with noise on the pixels, one detector misses {single_miss:.1%} "
        "of the petals. Four independent ones would all miss {promised_miss:.1%}; the four "
        "neighbours, whose noise has a correlation of {correlation:.2f}, miss {miss:.1%}, "
        "{times:.1f} times as many: {share:.0%} of the promised gain arrives. With noise on each "
        "detector by itself they miss {own_noise_miss:.1%}, as promised.",
        answer="On a photograph of a dahlia with noise on the pixels, all four petal detectors of "
        "a 2 × 2 window miss {miss:.1%} of the petals, {times:.1f} times the {promised_miss:.1%} "
        "expected if they erred independently, since noise on a pixel hits neighbours together "
        "(correlation {correlation:.2f}). The OR of the four gains what independence promises only "
        "if the noise is each detector's own: then they miss {own_noise_miss:.1%}, as promised.",
        formula=r"\mathbb{P}(\text{all } n \text{ miss}) > \prod_{i=1}^{n} "
        r"\mathbb{P}(\text{detector } i \text{ misses}) \quad \text{for noise of correlation } "
        r"\rho > 0",
        prints=("miss", "times", "promised_miss", "correlation", "own_noise_miss"),
        values=or_needs_independent_detectors,
        bears_out=lambda v: (
            v["promised_miss"] < v["miss_low"]
            and abs(v["own_noise_miss"] - v["own_noise_promised"]) < 0.005
        ),
        figure="correlated-or",
        code=f"{DAHLIA}.or_gain",
        test=f"{TESTS}::test_or_needs_independent_detectors",
        sources=("dahlia",),
    ),
    Claim(
        id="flower-photo-noise",
        question="Does pooling find more petals on a real photograph?",
        examines="T4",
        verdict=Verdict.ON_CONDITION,
        condition="the petal is at least {pays} pixels from where the detector looks. Nearer, "
        "pooling costs hits.",
        statement="On the dahlia with noise on the pixels, at equal false alarms, a detector finds "
        "{unit_exact:.1%} of the petals exactly under it and the max of its 2 × 2 window "
        "{max_exact:.1%}; one pixel away, {unit_beside:.1%} and {max_beside:.1%}. Of petals {far} "
        "pixels away the detector finds {unit_far:.1%}, the max {max_far:.1%}.",
        answer="On a photograph of a dahlia with noise of {noise:.0%} of the white level on each "
        "pixel, and at equal false alarms, the max of a 2 × 2 window of petal detectors finds "
        "{max_far:.1%} of the petals {far} pixels off, and a single detector {unit_far:.1%}. "
        "Pooling pays only if the petal is a few pixels from where the detector looks: of petals "
        "exactly there the max finds {max_exact:.1%}, and the single detector {unit_exact:.1%}.",
        formula=r"\mathbb{P}\left(\max_{i} x_i > t \,|\, \text{petal}\right) \quad \text{with } t "
        r"\text{ such that} \quad \mathbb{P}\left(\max_{i} x_i > t \,|\, \text{no petal}\right) = "
        r"\alpha",
        prints=("max_far", "unit_far", "max_exact", "unit_exact"),
        values=flower_photo_noise,
        bears_out=lambda v: (
            max(v["gain_exact_high"], v["gain_beside_high"]) < 0 < v["gain_far_low"]
            and 1 < v["pays"] <= v["far"]
        ),
        figure="flower-displaced",
        code=f"{DAHLIA}.hit_rates",
        test=f"{TESTS}::test_flower_photo_noise",
        sources=("dahlia", "thread"),
    ),
    Claim(
        id="flower-photo-search",
        question="Does max pooling keep the petals that the full map finds?",
        examines="T3",
        verdict=Verdict.ON_CONDITION,
        condition="one threshold for all. At equal false alarms max pooling loses as many as plain "
        "subsampling, and both more than the full map.",
        statement="With one threshold, max pooling loses {max_lost:.1%} of {petals} petals and "
        "the full map {none_lost:.1%}, though it keeps a quarter of the values; keeping every "
        "second value without a max loses {subsample_lost:.1%}. At equal false alarms the max "
        "keeps {gain:+.1f} points against the full map (95% interval {gain_low:+.1f} to "
        "{gain_high:+.1f}), and every second value without a max {subsample_gain:+.1f} "
        "({subsample_gain_low:+.1f} to {subsample_gain_high:+.1f}).",
        answer="If all use one threshold, 2 × 2 max pooling of a petal detector's feature map "
        "loses {max_lost:.1%} of the {petals} petals on a photograph with noise of {noise:.0%} of "
        "the white level on each pixel, the full map {none_lost:.1%}, and every second row and "
        "column without a max {subsample_lost:.1%}. At equal false alarms the max is no better "
        "than that: against the full map it changes the share found by {gain:.1f} percentage "
        "points, every second value by {subsample_gain:.1f}.",
        formula=r"\text{lost} = 1-\frac{\text{petals with a local maximum above the threshold near "
        r"them}}{\text{petals of the clean photograph}}",
        prints=("petals", "max_lost", "none_lost", "subsample_lost", "gain", "subsample_gain"),
        values=flower_photo_search,
        bears_out=lambda v: (
            abs(v["max_lost"] - v["none_lost"]) < 0.01 < v["subsample_lost"] - v["none_lost"]
            and max(v["gain_high"], v["subsample_gain_high"]) < 0
            and v["subsample_gain_low"] < v["gain"] < v["subsample_gain_high"]
        ),
        figure="flower-counts",
        code=f"{DAHLIA}.petal_counts",
        test=f"{TESTS}::test_flower_photo_search",
        sources=("dahlia",),
    ),
    Claim(
        id="flower-photo-max-or-mean",
        question="On a photograph, does the max beat the mean?",
        examines="boureau-2010",
        verdict=Verdict.ON_CONDITION,
        condition="the noise is on the pixels; if it is each detector's own, the mean wins.",
        statement="On the dahlia, at equal false alarms and one pixel from the petal, the max "
        "finds {pixels:+.1f} points against the mean when the noise is on the pixels, and "
        "{each:+.1f} when it is on each detector (95% intervals {pixels_low:+.1f} to "
        "{pixels_high:+.1f} and {each_low:+.1f} to {each_high:+.1f}).",
        answer="On a photograph of a dahlia, with a petal one pixel off and at equal false alarms, "
        "the max of a 2 × 2 window of petal detectors finds {pixels:.1f} percentage points more of "
        "the petals than the mean if the noise is on the pixels. If each detector has noise of its "
        "own, the mean wins: the difference of max and mean is {each:.1f} points.",
        formula=r"\mathbb{P}\left(\max_i x_i > t_{\max} \,|\, \text{petal}\right) - "
        r"\mathbb{P}\left(\bar{x} > t_{\text{mean}} \,|\, \text{petal}\right) \quad \text{at equal "
        r"false alarms}",
        prints=("pixels", "each"),
        values=flower_photo_max_or_mean,
        bears_out=lambda v: v["each_high"] < 0 < v["pixels_low"],
        figure="flower-displaced",
        code=f"{DAHLIA}.hit_rates",
        test=f"{TESTS}::test_flower_photo_max_or_mean",
        sources=("dahlia", "boureau-2010"),
    ),
)

RULINGS = (
    Ruling(
        "T3",
        Verdict.ON_CONDITION,
        "misses fall if the detectors err independently, and false alarms rise. At equal false "
        "alarms it pays when you do not know where the petal is.",
        (
            "or-of-four-hit",
            "or-of-four-false-alarm",
            "or-at-equal-false-alarm",
            "or-needs-independent-detectors",
        ),
    ),
    Ruling(
        "T4",
        Verdict.ON_CONDITION,
        "more often than by a single detector, if the petal is a few pixels from where that "
        "detector looks; at equal false alarms, pooling costs hits at that place and beside it.",
        ("or-at-equal-false-alarm", "flower-photo-noise"),
        part="detection",
    ),
)
