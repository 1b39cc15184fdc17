"""The numbers of the threshold's lab against the chapter's laws and a count of its own."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from scipy import stats

from explainers.checks import Floats
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
    noise, petal = largest(setting)
    missed = int((petal < setting.threshold / 10).sum())
    alarms = int((noise >= setting.threshold / 10).sum())
    counts = re.findall(r"(\d+) of 100", threshold.said(setting))
    assert counts == [str(missed), str(alarms)]


def largest(setting: Setting) -> Floats:
    """The largest answer of each draw, to two decimals: background first, then petals."""
    noise = np.random.default_rng(0).standard_normal((2, 100, 9)).round(2)[:, :, : setting.units]
    noise[1, :, : setting.seen] += setting.strength / 10
    return np.asarray(noise.max(axis=-1).round(2))


def test_the_draws_are_normal() -> None:
    assert stats.kstest(threshold.draws().ravel() / 100, "norm").pvalue > 0.001


def test_the_script_is_given_the_distribution_from_minus_7_to_7() -> None:
    """From 4 below the axis, for the strongest petal: the script counts its places from there."""
    given = threshold.first_look()["data"]["table"]
    assert given == pytest.approx(stats.norm.cdf(np.arange(-70, 71) / 10), abs=5.1e-6)


def test_the_densities_are_drawn_to_scale() -> None:
    frame = threshold.frame(Setting(units=1, seen=1))
    for sign, mode in (("noise", 0.0), ("petal", 2.0)):
        outline = re.search(rf'class="lab__{sign}" d="([^"]+)"', frame)
        assert outline
        points = [tuple(map(float, p.split())) for p in re.findall(r"L(\d+ \d+)", outline[1])]
        assert points[-1] == (600, 160)
        x, y = np.array(points[:-1]).T
        answers = x / 60 - 3
        assert y == pytest.approx(160 - 250 * stats.norm.pdf(answers - mode), abs=1)


@pytest.mark.parametrize("setting", [*SETTINGS, *MET])
def test_the_threshold_and_the_draws_stand_below_their_answers(setting: Setting) -> None:
    """On the axis of the densities, 60 for one, from −3 to 7; what is beyond stands at its end."""
    frame = threshold.frame(setting)
    lines = re.findall(r'd="M(\S+) 5V245"|cx="(\S+)" cy="12"', frame)
    assert [float("".join(line)) for line in lines] == [6 * (setting.threshold + 30)] * 2
    rows = []
    for sign, answers in zip(("petal", "noise"), largest(setting)[::-1], strict=True):
        dots = re.findall(rf'class="lab__{sign}( on)?" cx="(\S+)" cy="(\d+)" r="3"', frame)
        on, x, y = zip(*dots, strict=True)
        assert [bool(each) for each in on] == (answers >= setting.threshold / 10).tolist()
        assert [float(each) for each in x] == pytest.approx(60 * (np.clip(answers, -3, 7) + 3))
        rows += sorted({int(each) for each in y})
    # Five rows of either kind, a dot apart or more, below the densities and above the border.
    assert len(rows) == 10
    assert (np.diff([160, *rows, 250]) >= 6).all()
