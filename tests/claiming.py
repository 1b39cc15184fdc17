"""Claims in tests: a small one to be changed and tried, and the numbers of the site's own."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from explainers import catalogue
from explainers.claim import Claim, Judged, Values, claim, share
from explainers.kinds import Whole
from explainers.ranges import Range
from explainers.records import fill

Steps = Annotated[int, Whole(1, 9, "steps")]


def a_claim(**changes: Any) -> Claim:
    record: dict[str, Any] = {
        "question": "Does it rise?",
        "examines": "T1",
        "kind": Judged(
            {"steps": Range("steps", (1, 2, 3))}, margin=lambda v: v["slope"].value - 0.1
        ),
        "says": "It rises.",
        "statement": "By {slope:.1f}.",
        "answer": "It rises by {slope:.1f} a step. It does so everywhere.",
        "formula": "y = 2x",
        "prints": ("slope",),
        "figure": "a-line",
        "code": fill,
    }

    def it_rises(steps: Steps = 2) -> Values:
        """A slope."""
        return {"slope": share(steps / 10, "slope")}

    it_rises.__module__ = "explainers.detection.claims"
    return claim(**(record | changes))(it_rises)


# ---- The claims of the site ----


@cache
def computed(id: str, **settings: Any) -> Values:
    """A claim's numbers, as on its page or with other settings; for all tests that need them."""
    return catalogue.claim(id).computed(**settings)


def values(id: str, **settings: Any) -> dict[str, float]:
    """The same, without their units and intervals."""
    return {name: value.value for name, value in computed(id, **settings).items()}


def margin(id: str, **case: Any) -> float | bool:
    """What a case's numbers say: positive for the sentence, negative against it."""
    claim = catalogue.claim(id)
    judged = claim.judged
    assert judged is not None
    if judged.trial is None:
        return judged.margin(computed(id, **case))
    shown = {name: claim.defaults[name] for name in judged.asked}
    seed = {"seed": 5} if claim.replicated else {}
    return judged.margin(judged.trial(**(shown | case), **seed))
