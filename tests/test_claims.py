"""What all claims have in common: whom they examine, and what the verdicts rest on."""

from __future__ import annotations

import pytest

from explainers import catalogue, sweep
from explainers.chapter import Chapter
from explainers.claim import Verdict
from explainers.sources import THREAD, source

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


def test_each_verdict_is_given_somewhere() -> None:
    assert {sweep.verdict(claim) for claim in JUDGED} == set(Verdict)
