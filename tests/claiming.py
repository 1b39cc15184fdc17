"""A small claim, to be changed and tried."""

from __future__ import annotations

from typing import Annotated, Any

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
