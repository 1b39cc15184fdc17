"""Every verdict over all that its question asks: how it is reached, and that it stays true."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from scipy import stats

from explainers import catalogue, digests, ranges, sweep
from explainers.claim import Answer, Claim, Judged, Ruling, Value, Values, Verdict, share
from explainers.kinds import Number
from explainers.ranges import Range
from tests.claiming import a_claim

DOCS = Path(__file__).parents[1] / "docs"

JUDGED = [claim for claim in catalogue.claims() if claim.judged]
EXACT = [claim for claim in JUDGED if not claim.replicated]
MEASURED = [claim for claim in JUDGED if claim.replicated]


def by_id(claim: Claim) -> str:
    return claim.id


def answers(yes: int, no: int, open: int = 0) -> dict[str, Any]:
    return {"cases": yes + no + open, "yes": yes, "no": no, "open": open}


def record(all_of_them: dict[str, Any], inside: dict[str, Any]) -> dict[str, Any]:
    worst = {"case": {"steps": 1}, "margin": -1.0}
    return {**all_of_them, "inside": {**inside, "worst": worst}, "against": worst}


PLAIN = Judged({}, margin=lambda v: 0)
CONDITIONAL = Judged({}, margin=lambda v: 0, condition="it rains.")
POSSIBLE = Judged({}, margin=lambda v: 0, possible=True)


@pytest.mark.parametrize(
    ("judged", "all_of_them", "inside", "verdict"),
    [
        (PLAIN, answers(9, 0), answers(9, 0), Verdict.HOLDS),
        (PLAIN, answers(1, 0, 8), answers(1, 0, 8), Verdict.HOLDS),
        (PLAIN, answers(0, 3, 6), answers(0, 3, 6), Verdict.FAILS),
        (CONDITIONAL, answers(5, 4), answers(3, 0, 1), Verdict.ON_CONDITION),
        (POSSIBLE, answers(1, 99), answers(1, 99), Verdict.HOLDS),
        (POSSIBLE, answers(0, 99), answers(0, 99), Verdict.FAILS),
    ],
)
def test_the_verdict_follows_from_the_answers(
    judged: Judged, all_of_them: Any, inside: Any, verdict: Verdict
) -> None:
    assert sweep.decided(judged, record(all_of_them, inside)) is verdict


@pytest.mark.parametrize(
    ("judged", "all_of_them", "inside", "why"),
    [
        (PLAIN, answers(0, 0, 9), answers(0, 0, 9), "all cases are open"),
        (PLAIN, answers(5, 4), answers(5, 4), "within its domain a case says no"),
        (PLAIN, answers(5, 4), answers(5, 0), "has no words for it"),
        (CONDITIONAL, answers(9, 0), answers(9, 0), "has a condition, but 0 cases say no"),
        (CONDITIONAL, answers(5, 4), answers(5, 1), "within its domain a case says no"),
        (CONDITIONAL, answers(5, 4), answers(0, 0, 2), "within its domain no case says yes"),
    ],
)
def test_words_that_the_answers_do_not_bear_out_are_refused(
    judged: Judged, all_of_them: Any, inside: Any, why: str
) -> None:
    with pytest.raises(sweep.UndecidedError, match=why):
        sweep.decided(judged, record(all_of_them, inside))


def a_line(turn: float = 0.15, **judged: Any) -> Claim:
    asked = {"steps": Range("steps", (1, 2, 3))}
    settings: dict[str, Any] = {"asked": asked, "margin": lambda v: v["slope"].value - turn}
    return a_claim(kind=Judged(**(settings | judged)))


def test_a_sweep_counts_answers_inside_and_outside() -> None:
    claim = a_line(domain=lambda steps: steps >= 2, condition="it has two steps or more.")
    rows = [(case, *sweep.judge(claim, case)) for case in sweep.cases(claim)]
    found = sweep.summary(claim, rows)
    assert (found["cases"], found["yes"], found["no"], found["open"]) == (3, 2, 1, 0)
    assert (found["inside"]["cases"], found["inside"]["no"]) == (2, 0)
    assert found["inside"]["worst"] == {"case": {"steps": 2}, "margin": 0.05}
    assert found["against"] == {"case": {"steps": 1}, "margin": -0.05}
    assert found["picture"] == [["no", "yes", "yes"]]


def test_the_edge_is_found_by_bisection() -> None:
    asked = {"steps": Range("steps", (1, 3), between=True)}

    def it_rises(steps: Annotated[float, Number(1, 3, "steps")] = 2.0) -> Values:
        return {"slope": share(steps / 10, "slope")}

    claim = dataclasses.replace(a_line(0.1234567, asked=asked), values=it_rises)
    assert sweep.edges(claim)["steps"] == [pytest.approx(1.234567, rel=1e-5)]


def test_cases_cover_the_page_the_ends_and_what_lies_between() -> None:
    asked = {"windows": ranges.WINDOWS, "zeros": ranges.ZEROS, "moves": ranges.MOVES}

    def it_rises(
        windows: Annotated[int, Number(1, 9, "w")] = 2,
        zeros: Annotated[float, Number(0, 1, "z")] = 0.5,
        moves: Annotated[int, Number(1, 9, "m")] = 1,
    ) -> Values:
        return {"slope": share(windows * zeros * moves / 100, "slope")}

    claim = dataclasses.replace(a_line(asked=asked, tries=100), values=it_rises)
    tried = sweep.cases(claim)
    assert 80 < len(tried) <= 100  # a few at random are the same
    assert tried[0] == {"windows": 2, "zeros": 0.5, "moves": 1}
    for window, zeros, move in itertools.product((2, 8), (0.0, 0.9), (1, 8)):
        assert {"windows": window, "zeros": zeros, "moves": move} in tried
    between = [case for case in tried if case["zeros"] not in ranges.ZEROS.values]
    assert len(between) >= 8
    assert sweep.cases(claim) == tried


def test_a_sweep_that_was_broken_off_is_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, asked, saved = a_line(), [], {}
    monkeypatch.setattr(sweep, "save", lambda claim, found: saved.update({claim.id: found}))

    def mapped(stop: int) -> Callable[..., Any]:
        def apply(_: Any, jobs: list[Any]) -> Any:
            for number, (_id, case) in enumerate(jobs):
                if number == stop:
                    raise KeyboardInterrupt
                asked.append(case["steps"])
                yield sweep.judge(claim, case)

        return apply

    with pytest.raises(KeyboardInterrupt):
        sweep.run([claim], tmp_path, mapped(2), lambda done, total: None)
    [kept] = tmp_path.iterdir()
    kept.write_text(kept.read_text() + '[{"steps": 3}, "y')  # cut short
    sweep.run([claim], tmp_path, mapped(99), lambda done, total: None)
    assert asked == [1, 2, 3]
    assert saved["it-rises"]["cases"] == 3
    assert not list(tmp_path.iterdir())


MODULE = "explainers.detection.claims"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("The OR of detectors that all see a petal finds", "Detectors find", True),
        ('"""All units see the petal."""', '"""All see it."""', True),
        ("pooled = float(model.any_fires([hit] +", "pooled = (model.any_fires([hit] +", True),
        ('v["pooled"].value - v["single"].value', "1", False),
        ("hit: Hit = 0.8, correlation", "hit: Hit = 0.7, correlation", False),
    ],
)
def test_prose_and_other_claims_change_no_digest_and_code_does(
    old: str, new: str, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = catalogue.claim("or-of-four-hit")
    text = Path("explainers/detection/claims.py").read_text("utf-8")
    before, real = sweep.digest(claim), digests.parsed
    assert old in text
    changed = text.replace(old, new, 1)
    tree = ast.parse(changed), changed.splitlines()
    monkeypatch.setattr(digests, "parsed", lambda m: tree if m == MODULE else real(m))
    assert (sweep.digest(claim) == before) is same


def test_what_a_chapter_recorded_is_a_part_of_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = catalogue.claim("or-of-four-hit")
    before = sweep.digest(claim)
    monkeypatch.setattr(sweep, "RECORDS", sweep.FILE)
    assert sweep.digest(claim) != before


# ---- The claims of the site ----


@pytest.mark.parametrize("claim", JUDGED, ids=by_id)
def test_every_verdict_is_borne_out_by_its_record(claim: Claim) -> None:
    assert sweep.verdict(claim) is not None
    found = sweep.recorded(claim)
    assert claim.judged is not None
    assert found["cases"] >= min(20, len(sweep.cases(claim)))
    if claim.judged.condition:
        assert found["against"] is not None


@pytest.mark.parametrize(
    "ruling",
    [r for c in catalogue.CHAPTERS for r in c.rulings],
    ids=lambda ruling: f"{ruling.examines} {ruling.part}".strip(),
)
def test_a_ruling_goes_no_further_than_what_it_rests_on(ruling: Ruling) -> None:
    """What holds rests on what holds, and what does not hold, on something that does not."""
    found = {sweep.verdict(catalogue.claim(id)) for id in ruling.rests_on} - {None}
    if ruling.verdict is Verdict.HOLDS:
        assert found <= {Verdict.HOLDS}
    elif ruling.verdict is Verdict.FAILS:
        assert Verdict.FAILS in found
    else:
        assert found != {Verdict.FAILS}
        assert ruling.condition


@pytest.mark.parametrize("claim", JUDGED, ids=by_id)
def test_what_is_asked_is_of_the_shared_table(claim: Claim) -> None:
    """A range is one of the table's, or holds fewer of its values because the question says so."""
    assert claim.judged is not None
    for name, asked in claim.judged.asked.items():
        assert name in claim.parameters
        assert asked in ranges.TABLE.values() or claim.id in NARROWED, name


# Whose ranges are not the table's, and why.
NARROWED = {
    "majority-vote": "the question asks of four votes",
    "quoted-example-fails": "the question asks of one pixel, to either side",
    "eight-neighbours": "the question asks of 2 × 2 and 3 × 3",
    "subsampling-breaks-it": "a stride of one does not down-sample",
    "overlap-reaches-fewer": "no overlap is what it is compared with",
    "invisible-only-inside-windows": "the radius of the flower, of which no one but us has one",
    "exchanged-petals-accepted": "a window over the whole map is no local pool",
    "depth-hides-more": "one pooling is what several are compared with",
    "arrangement-before-global-pool": "two kinds of scrambled objects, and no others",
    "dahlia-scrambled-accepted": "two ways to scramble a dahlia, and no others",
    "global-pooling-takes-any-size": "the question asks of a global pooling",
    "exchanged-parts-noticed": "the question asks of a global pooling",
}


@pytest.mark.parametrize("claim", JUDGED, ids=by_id)
def test_the_page_shows_a_case_that_bears_the_sentence_out(claim: Claim) -> None:
    """Or, where the sentence does not hold, one that does not."""
    if claim.judged and claim.judged.possible:
        return
    answer, _ = sweep.judge(claim, sweep.page_case(claim))
    fails = sweep.verdict(claim) is Verdict.FAILS
    if sweep.in_domain(claim, sweep.page_case(claim)):
        assert answer is not (Answer.YES if fails else Answer.NO)


@pytest.mark.parametrize("claim", EXACT, ids=by_id)
def test_random_cases_contradict_no_verdict(claim: Claim) -> None:
    seed = secrets.randbelow(2**32)
    print(f"seed {seed}")
    verdict = sweep.verdict(claim)
    for case in sweep.random_cases(claim, 8, np.random.default_rng(seed)):
        answer, margin = sweep.judge(claim, case)
        said = f"{case}: {answer}, {margin} (seed {seed})"
        if claim.judged and claim.judged.possible:
            continue
        if verdict is Verdict.FAILS:
            assert answer is not Answer.YES, said
        elif sweep.in_domain(claim, case):
            assert answer is not Answer.NO, said


@pytest.mark.slow
@pytest.mark.parametrize("claim", MEASURED, ids=by_id)
def test_a_recorded_measurement_repeats(claim: Claim) -> None:
    """The worst case inside the domain: with the same seeds, the same margin."""
    worst = sweep.recorded(claim)["inside"]["worst"]
    _, margin = sweep.judge(claim, worst["case"])
    assert margin == pytest.approx(worst["margin"], rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("claim", MEASURED, ids=by_id)
def test_intervals_hold_their_mean_nineteen_times_in_twenty(claim: Claim) -> None:
    """Over the seeds of the last sweep.

    Where next to none or next to all are counted, no interval of so few steps can be that exact.
    """
    published = (DOCS / "claims" / claim.id / "claim.json").read_text(encoding="utf-8")
    units = {name: value["unit"] for name, value in json.loads(published)["values"].items()}
    for name, found in sweep.recorded(claim)["intervals"].items():
        times = len(sweep.HELD_SEEDS) - len(found["missed"])
        if units[name] == "share" and not 0.01 < found["mean"] < 0.99:
            assert times >= 170, (name, times)
        elif found["mean"]:
            assert sweep.LEAST_HELD <= times <= sweep.MOST_HELD, (name, times)


@pytest.mark.slow
@pytest.mark.parametrize("claim", MEASURED, ids=by_id)
def test_eight_of_these_intervals_repeat(claim: Claim) -> None:
    seed = secrets.randbelow(2**32)
    print(f"seed {seed}")
    recorded = sweep.recorded(claim)["intervals"]
    for drawn in np.random.default_rng(seed).choice(sweep.HELD_SEEDS, 8, replace=False).tolist():
        ends = sweep.drawn_intervals(claim, drawn)
        assert set(ends) == set(recorded)
        for name, (_, low, high) in ends.items():
            mean = recorded[name]["mean"]
            missed = drawn in recorded[name]["missed"]
            assert (low > mean or high < mean) == missed or np.isclose(mean, [low, high]).any(), (
                name
            )


def test_how_often_intervals_may_miss_is_what_chance_explains() -> None:
    """All but three in a thousand right intervals hold their mean so often in 200 times."""
    times = len(sweep.HELD_SEEDS)
    assert times == 200
    assert stats.binom.interval(0.997, times, 0.95) == (sweep.LEAST_HELD, sweep.MOST_HELD)


def test_what_its_interval_does_not_hold_is_counted_as_missed() -> None:
    drawn = {seed: {"x": (float(seed), seed - 1.5, seed + 1.5)} for seed in range(7)}
    assert sweep.held(drawn) == {"x": {"mean": 3.0, "missed": [0, 1, 5, 6]}}


def moved(value: Value, to: float) -> Value:
    """A value elsewhere, its interval around it."""
    if value.low is None or value.high is None:
        return dataclasses.replace(value, value=to)
    by = to - value.value
    return dataclasses.replace(value, value=to, low=value.low + by, high=value.high + by)


@pytest.mark.parametrize("claim", JUDGED, ids=by_id)
def test_the_margin_reads_what_it_is_given(claim: Claim) -> None:
    """Moved to the other side, the numbers that a rule reads change its answer."""
    assert claim.judged is not None
    case = sweep.page_case(claim)
    trial = claim.judged.trial or claim.values
    values: Values = trial(**case, **({"seed": 1001} if claim.replicated else {}))
    before = claim.judged.margin(values)
    reached = set()
    for name, value in values.items():
        others = {other.value * by for other in values.values() for by in (0.5, 1, 2)}
        for to in (0, value.value + 1, value.value + 1e3, value.value - 1e3, *others):
            after = claim.judged.margin({**values, name: moved(value, to)})
            if (after > 0) != (before > 0):
                reached.add(name)
    assert reached, "no number that it reads turns the answer"


def test_records_hold_the_claims_that_there_are() -> None:
    for chapter in catalogue.CHAPTERS:
        path = Path("explainers") / chapter.id / sweep.FILE
        known = json.loads(path.read_text(encoding="utf-8"))
        assert set(known) == {claim.id for claim in chapter.claims if claim.judged}


def test_the_table_has_each_range_once() -> None:
    tree = ast.parse(Path("explainers/ranges.py").read_text(encoding="utf-8"))
    names = [t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets
             if isinstance(t, ast.Name)]  # fmt: skip
    assert len(names) == len(set(names))
    assert set(ranges.TABLE) == set(names)
