from statistics import NormalDist

import numpy as np

cdf, pdf = np.vectorize(NormalDist().cdf), np.vectorize(NormalDist().pdf)
n, a, d = 4, 0.05, np.arange(0.5, 1, 0.005)  # detectors, false alarms, strengths d′
x = np.arange(-8, 10, 0.05)[:, None]
max_area = 1 - np.sum(n * cdf(x - d) * cdf(x) ** (2 * n - 2) * pdf(x), axis=0) * 0.05
area_lead = max_area - cdf(d / np.sqrt(2 * n))
t, z = (NormalDist().inv_cdf(p) for p in ((1 - a) ** (1 / n), 1 - a))  # thresholds
hit_lead = cdf(z - d / np.sqrt(n)) - cdf(t - d) * cdf(t) ** (n - 1)  # max − mean
print(*(f"{np.interp(0, lead, d):.4f}" for lead in (area_lead, hit_lead)))
