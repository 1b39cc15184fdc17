from math import comb
from statistics import NormalDist

import numpy as np

detectors, false_alarms = 4, 0.05
strength = 2  # of the petal, in standard deviations of the noise
thresholds = np.linspace(5, -5, 2001)  # falling: more and more fires
cdf = np.vectorize(NormalDist().cdf)
noise, petal = cdf(-thresholds), cdf(strength - thresholds)  # one fires


def at_least(votes, number, rate):
    """How often so many of a number of detectors fire, each at this rate."""
    chance = np.zeros(rate.shape)
    for k in range(votes, number + 1):
        chance += comb(number, k) * rate**k * (1 - rate) ** (number - k)
    return chance


for votes in (1, 2):
    alarms = at_least(votes, detectors, noise)
    with_its_vote = petal * at_least(votes - 1, detectors - 1, noise)
    without_it = (1 - petal) * at_least(votes, detectors - 1, noise)
    one = np.interp(false_alarms, alarms, with_its_vote + without_it)
    four = np.interp(false_alarms, alarms, at_least(votes, detectors, petal))
    print(f"votes {votes} of 4: {one:.0%} if one sees it, {four:.0%} if all do")
