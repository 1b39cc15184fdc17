"""The lab of a threshold: the largest of some noisy answers, with a petal and without.

The distribution comes as a table in steps of a tenth, the draws as hundredths; so a law in the
script is a product of the table's entries.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explainers.checks import Floats, Ints
from explainers.normal import cdf

MOST, DRAWS = 9, 100
LOW, HIGH, STRONGEST = -30, 70, 40  # tenths: the ends of the axis, and the strongest petal
WIDTH, HEIGHT, BASE = 600, 250, 160  # of the drawing; BASE is where the densities stand


@dataclass(frozen=True)
class Setting:
    """Threshold and strength of the petal in tenths; detectors, and how many of them see it."""

    threshold: int = 15
    strength: int = 20
    units: int = 4
    seen: int = 1


def table() -> Floats:
    """The normal distribution from LOW − STRONGEST to HIGH, in tenths, to five decimals.

    >>> float(table()[STRONGEST - LOW])
    0.5
    """
    tenths = np.arange(LOW - STRONGEST, HIGH + 1)
    return np.asarray(np.round(cdf(tenths / 10), 5))


def draws() -> Ints:
    """Noise of each detector in hundredths: shape (2, 100, 9), background first, then petals."""
    noise = np.random.default_rng(0).standard_normal((2, DRAWS, MOST))
    return np.asarray(np.rint(100 * noise), dtype=np.int64)


def below(setting: Setting, tenths: int, petal: bool) -> float:
    """Probability that the largest answer is below so many tenths, from the table.

    >>> round(1 - below(Setting(), 15, petal=False), 3)
    0.242
    """
    known = table()
    at = tenths - LOW + STRONGEST
    seen = setting.seen if petal else 0
    return float(known[at] ** (setting.units - seen) * known[at - setting.strength] ** seen)


def largest(setting: Setting, petal: bool) -> Ints:
    """The largest answer of each draw, in hundredths."""
    answers = draws()[int(petal), :, : setting.units].copy()
    if petal:
        answers[:, : setting.seen] += 10 * setting.strength
    return np.asarray(answers.max(axis=-1))


def first_look() -> dict[str, Any]:
    """What the page of the lab is given: table, draws, and the first frame."""
    return {
        "element": "threshold-lab",
        "frame": frame(Setting()),
        "data": {
            "setting": asdict(Setting()),
            "table": table().tolist(),
            "draws": draws().tolist(),
        },
    }


def frame(setting: Setting) -> str:
    """The first frame: two densities, the threshold, the draws, and a sentence.

    >>> "of 100 petals are missed" in frame(Setting())
    True
    """
    line = _across(10 * setting.threshold)
    drawing = (
        f'<path class="lab__noise" d="{_density(setting, petal=False)}"/>'
        f'<path class="lab__petal" d="{_density(setting, petal=True)}"/>'
        f"{_dots(setting, petal=True)}{_dots(setting, petal=False)}"
        f'<path class="lab__line" d="M{line} 5V{HEIGHT - 5}"/>'
        f'<circle class="lab__handle" cx="{line}" cy="12" r="9"/>'
    )
    key = (
        '<p class="lab__key"><span class="mean">background</span> and '
        '<span class="max">petal</span>: the largest answer, from weak to strong</p>'
    )
    return (
        f'<div class="lab__stage">{key}<svg class="lab__densities" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img" aria-label="How the largest answer is spread, with a petal and without; the'
        f' threshold between them; and a hundred draws of each.">{drawing}</svg></div>'
        f'<p class="lab__said">{said(setting)}</p>'
    )


def said(setting: Setting) -> str:
    """What the threshold does to the draws, beside the law."""
    level = 10 * setting.threshold
    missed = int((largest(setting, petal=True) < level).sum())
    alarms = int((largest(setting, petal=False) >= level).sum())
    law = below(setting, setting.threshold, petal=True)
    other = 1 - below(setting, setting.threshold, petal=False)
    return (
        f"{missed} of {DRAWS} petals are missed (law: {_percent(law)}); {alarms} of {DRAWS} "
        f"backgrounds raise a false alarm (law: {_percent(other)})."
    )


def _percent(share: float) -> str:
    return f"{np.floor(100 * share + 0.5):.0f} %"


def _across(hundredths: float) -> str:
    """Where an answer lies in the drawing."""
    return f"{(hundredths - 10 * LOW) * WIDTH / (10 * (HIGH - LOW)):.12g}"


def _density(setting: Setting, petal: bool) -> str:
    """The outline of a density: differences of the distribution, the largest 0.5 for a tenth."""
    tenths = range(LOW, HIGH)
    rises = [below(setting, x + 1, petal) - below(setting, x, petal) for x in tenths]
    heights = [int(np.floor(BASE - 2500 * rise + 0.5)) for rise in rises]
    steps = "".join(f"L{6 * i + 3} {y}" for i, y in enumerate(heights))
    return f"M0 {BASE}{steps}L{WIDTH} {BASE}Z"


def _dots(setting: Setting, petal: bool) -> str:
    """A dot for each draw; full, if it is at the threshold or above."""
    top = BASE + (15 if petal else 55)
    sign = "petal" if petal else "noise"
    return "".join(
        f'<circle class="lab__{sign}{" on" if value >= 10 * setting.threshold else ""}" '
        f'cx="{_across(min(max(value, 10 * LOW), 10 * HIGH))}" cy="{top + 6 * (i % 5)}" r="3"/>'
        for i, value in enumerate(largest(setting, petal).tolist())
    )
