"""The numbers of the threshold's lab against the chapter's laws and a count of its own."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from scipy import stats

from explainers.detection.model import max_hit_rate
from explainers.labs import threshold
from explainers.labs.threshold import Setting

SETTINGS = [
    Setting(*numbers)
    for numbers in product((-30, 5, 15, 70), (0, 20, 40), (1, 4, 9), (1, 4, 9))
    if numbers[3] <= numbers[2]
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_table_says_what_the_laws_say(setting: Setting) -> None:
    at = setting.threshold
    alarms = 1 - stats.norm.cdf(at / 10) ** setting.units
    assert 1 - threshold.below(setting, at, petal=False) == pytest.approx(alarms, abs=1e-4)
    hits = max_hit_rate(alarms, setting.strength / 10, setting.units, setting.seen)
    assert threshold.below(setting, at, petal=True) == pytest.approx(1 - float(hits), abs=2e-4)


# Thresholds that some draw meets to the digit: such a draw is an alarm, and no miss.
MET = [
    Setting(tenths, 0, 4, 1)
    for tenths in range(-30, 71)
    if (threshold.largest(Setting(tenths, 0, 4, 1), petal=False) == 10 * tenths).any()
    and (threshold.largest(Setting(tenths, 0, 4, 1), petal=True) == 10 * tenths).any()
]


def test_some_thresholds_are_met_to_the_digit() -> None:
    assert MET


@pytest.mark.parametrize("setting", [*SETTINGS, *MET])
def test_the_draws_are_counted(setting: Setting) -> None:
    noise = np.random.default_rng(0).standard_normal((2, 100, 9)).round(2)[:, :, : setting.units]
    noise[1, :, : setting.seen] += setting.strength / 10
    largest = noise.max(axis=-1).round(2)
    missed = int((largest[1] < setting.threshold / 10).sum())
    alarms = int((largest[0] >= setting.threshold / 10).sum())
    counts = re.findall(r"(\d+) of 100", threshold.said(setting))
    assert counts == [str(missed), str(alarms)]


def test_the_draws_are_normal() -> None:
    assert stats.kstest(threshold.draws().ravel() / 100, "norm").pvalue > 0.001


def test_the_densities_are_drawn_to_scale() -> None:
    frame = threshold.frame(Setting(units=1, seen=1))
    for sign, mode in (("noise", 0.0), ("petal", 2.0)):
        outline = re.search(rf'class="lab__{sign}" d="([^"]+)"', frame)
        assert outline
        points = [tuple(map(float, p.split())) for p in re.findall(r"L(\d+ \d+)", outline[1])]
        x, y = np.array(points[:-1]).T
        answers = x / 60 - 3
        assert y == pytest.approx(160 - 250 * stats.norm.pdf(answers - mode), abs=1)
