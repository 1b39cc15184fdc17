"""What a claim is made of: numbers with units and intervals, and how a case is answered."""

from __future__ import annotations

import pytest

from explainers.claim import Answer, Fact, Judged, Value, estimated, share
from explainers.intervals import Interval
from explainers.lookup import SettingError
from explainers.records import fill
from tests.claiming import a_claim


def test_id_code_and_test_follow_from_the_functions() -> None:
    made = a_claim()
    assert (made.id, made.code) == ("it-rises", "explainers.records.fill")
    assert made.test == "tests/detection/test_claims.py::test_it_rises"
    assert a_claim(test="test_all").test == "tests/detection/test_claims.py::test_all"


def test_a_reader_sets_its_parameters() -> None:
    made = a_claim()
    assert made.computed(steps=5)["slope"].value == 0.5
    assert made.settings(["steps=7"]) == {"steps": 7}
    with pytest.raises(SettingError, match="it-rises has no parameter 'step'; it has steps"):
        made.computed(step=5)
    with pytest.raises(SettingError, match=r"steps must be a whole number in \[1, 9\]; got 10"):
        made.computed(steps=10)


@pytest.mark.parametrize("name", ["question", "says", "statement", "answer"])
def test_a_claim_says_something(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must say something; it is empty"):
        a_claim(**{name: " "}).computed()


def test_a_value_has_a_unit_of_the_list_and_an_interval_with_two_ends_in_order() -> None:
    with pytest.raises(ValueError, match=r"unit must be one of the list .*; got 'wings'"):
        Value(1, "wings", "w")
    with pytest.raises(ValueError, match="an interval has two ends"):
        Value(1, "share", "w", low=0.5)
    with pytest.raises(ValueError, match=r"ends at 0\.5, below 0\.9"):
        Value(1, "share", "w", low=0.9, high=0.5, over="random maps")
    with pytest.raises(ValueError, match="an interval is over one of OVER; got 'luck'"):
        Value(1, "share", "w", low=0.5, high=2, over="luck")
    with pytest.raises(ValueError, match="an interval is over one of OVER; got 'random maps'"):
        Value(1, "share", "w", over="random maps")
    found = estimated(share, Interval(0.5, 0.4, 0.6), "w", "random maps")
    assert fill("{x:.0%}: {x.low:.0%} to {x.high:.0%}", {"x": found}) == "50%: 40% to 60%"


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_no_end_of_an_interval_is_unreal(bad: float) -> None:
    made = a_claim()
    object.__setattr__(
        made, "values", lambda: {"slope": Value(0.5, "share", "s", 0.1, bad, "random maps")}
    )
    with pytest.raises(ValueError, match=r"interval ends|finite"):
        made.computed()


@pytest.mark.parametrize(
    ("margins", "least", "answer"),
    [
        ([0.1], 0.0, Answer.YES),
        ([-0.1], 0.0, Answer.NO),
        ([0.0], 0.0, Answer.NO),
        ([0.0] * 16, 0.1, Answer.NO),
        ([0.0, 0.1], 0.5, Answer.OPEN),
        ([0.1], 0.2, Answer.OPEN),
        ([-0.1], 0.2, Answer.OPEN),
        ([True], 0.0, Answer.YES),
        ([True, False], 0.0, Answer.NO),
        ([1.0, 1.1] * 8, 0.0, Answer.YES),
        ([1.0, -1.1] * 8, 0.0, Answer.OPEN),
        ([-1.0, -1.1] * 8, 0.0, Answer.NO),
    ],
)
def test_a_case_says_yes_or_no_where_zero_is_excluded(
    margins: list[float], least: float, answer: Answer
) -> None:
    assert Judged({}, margin=lambda v: 0, least=least).answer(margins)[0] is answer


def test_sixteen_measurements_exclude_zero_at_the_hundredth() -> None:
    """Against SciPy's one-sample test, on margins near its edge."""
    from scipy import stats

    steps = [1.0, -1.0] * 8
    error = stats.sem(steps)
    edge = stats.t.isf(0.005, 15) * error
    judged = Judged({}, margin=lambda v: 0)
    for factor, answer in ((0.999, Answer.OPEN), (1.001, Answer.YES)):
        margins = [step + factor * edge for step in steps]
        assert judged.answer(margins)[0] is answer
        assert (stats.ttest_1samp(margins, 0).pvalue < 0.01) == (answer is Answer.YES)


def test_a_fact_has_no_condition_and_is_not_judged() -> None:
    fact = a_claim(kind=Fact("by counting."))
    assert fact.judged is None
    assert fact.condition == ""
