from statistics import NormalDist

import numpy as np

cdf, threshold = np.vectorize(NormalDist().cdf), NormalDist().inv_cdf
height, quiet = 3, 1 - 0.05  # in standard deviations; how often noise is silent


def found(poolings, pool):
    """How often an object of 2 × 2 is found, over all its places."""
    side = 2**poolings
    most = np.where(np.arange(side) < side - 1, 2, 1)  # rows in one window
    seen, n = np.outer(most, most), side**2
    if pool == "max":
        t = threshold(quiet ** (1 / n))
        silent = cdf(t) ** (n - seen) * cdf(t - height) ** seen
        return np.mean(1 - silent)
    if pool == "mean":  # its noise is less by the side of the window
        return np.mean(1 - cdf(threshold(quiet) - height * seen / side))
    hit, kept = 1 - cdf(threshold(quiet) - height), 4 / n
    return kept * hit + (1 - kept) * (1 - quiet)


cases = ((2, "max"), (4, "max"), (4, "mean"), (4, "every second"))
for poolings, pool in cases:
    share = found(poolings, pool)
    print(f"found after {poolings} poolings, {pool}: {share:.1%}")
