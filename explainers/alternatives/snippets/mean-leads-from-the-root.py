from statistics import NormalDist

import numpy as np

normal = NormalDist()
strength, alarm, large, sizes = 2, 0.05, 196, (4, 16, 49)
common = np.linspace(-6, 6, 401)  # the noise that all units share
weights = np.exp(-(common**2) / 2)
weights /= weights.sum()
cdf = np.vectorize(normal.cdf)


def silent(threshold, seen, shared):
    own = (threshold - np.sqrt(shared) * common) / np.sqrt(1 - shared)
    sees = cdf(own - strength / np.sqrt(1 - shared))
    return weights @ (cdf(own) ** (large - seen) * sees**seen)


def leads_from(shared):
    levels, variance = np.linspace(1, 5, 201), shared + (1 - shared) / large
    quiet = [silent(level, 0, shared) for level in levels]
    threshold = np.interp(1 - alarm, quiet, levels)
    z = normal.inv_cdf(1 - alarm)
    seen, mean, largest = 0, 0, 1
    while mean <= largest:
        seen += 1
        mean = normal.cdf(strength * seen / large / variance**0.5 - z)
        largest = 1 - silent(threshold, seen, shared)
    return seen


print(f"own noise: {leads_from(0)}, shared noise: {leads_from(0.5)}")
