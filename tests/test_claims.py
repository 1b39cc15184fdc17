"""What all claims have in common: verdicts rest on them, and their rules look at their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from explainers import catalogue, sweep
from explainers.chapter import Chapter
from explainers.claim import Claim, Value, Values, Verdict
from explainers.sources import THREAD, source
from tests.claiming import computed

JUDGED = [claim for claim in catalogue.claims() if claim.judged]
each_chapter = pytest.mark.parametrize("chapter", catalogue.CHAPTERS, ids=lambda c: c.id)


@each_chapter
def test_verdicts_on_the_thread_rest_on_claims_of_their_chapter(chapter: Chapter) -> None:
    for ruling in chapter.rulings:
        assert ruling.examines in THREAD
        verdicts = {sweep.verdict(chapter.claim(id)) for id in ruling.rests_on}
        assert verdicts - {None}, ruling.examines


def test_all_that_the_thread_says_is_decided_somewhere() -> None:
    decided = {ruling.examines for chapter in catalogue.CHAPTERS for ruling in chapter.rulings}
    assert decided == set(THREAD)


@each_chapter
def test_a_claim_examines_the_thread_or_a_source(chapter: Chapter) -> None:
    for claim in chapter.claims:
        assert claim.examines in THREAD or source(claim.examines).reference


def other(values: Values) -> Iterator[Values]:
    """The same values with one of them changed, with its interval, also to twice another's."""
    for name, value in values.items():
        twice = ((0, 2 * each.value) for each in values.values())
        for factor, shift in ((0, 0), (-1, 0), (0.5, 0), (2, 0), (100, 0), (-1, 1), (1, 1), *twice):
            yield {**values, name: moved(value, factor, shift)}


def moved(value: Value, factor: float, shift: float) -> Value:
    made = factor * value.value + shift
    if value.low is None or value.high is None:
        return replace(value, value=made)
    low, high = sorted(factor * end + shift for end in (value.low, value.high))
    return replace(value, value=made, low=low, high=high)


@pytest.mark.parametrize("claim", JUDGED, ids=lambda claim: claim.id)
def test_other_numbers_would_be_answered_otherwise(claim: Claim) -> None:
    """A rule that no number of its claim can turn would not judge."""
    judged = claim.judged
    assert judged is not None
    if judged.trial is None:
        margin = judged.margin
        said = margin(computed(claim.id)) > 0
        assert any((margin(values) > 0) != said for values in other(computed(claim.id)))


def test_each_verdict_is_given_somewhere() -> None:
    assert {sweep.verdict(claim) for claim in JUDGED} == set(Verdict)
