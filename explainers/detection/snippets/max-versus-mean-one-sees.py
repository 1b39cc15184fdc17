from statistics import NormalDist

import numpy as np

cdf, n, seen = np.vectorize(NormalDist().cdf), 4, 1
t = np.linspace(12, -8, 20_001)  # the threshold, falling
alarms = 1 - cdf(t) ** n  # of the max, on noise
for d in (1, 2, 3):
    hits = 1 - cdf(t - d) ** seen * cdf(t) ** (n - seen)  # of the max, on a petal
    area = np.diff(alarms) @ (hits[1:] + hits[:-1]) / 2
    print(f"{area:.4f} {cdf(seen * d / np.sqrt(2 * n)):.4f}")
