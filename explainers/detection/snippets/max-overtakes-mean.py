from statistics import NormalDist

import numpy as np

normal = NormalDist()
cdf, pdf = np.vectorize(normal.cdf), np.vectorize(normal.pdf)
units, false_alarms = 4, 0.05
strengths = np.arange(0.5, 1, 0.01)  # in standard deviations of the noise

# By area under the ROC curve: how often an empty window answers more.
x, step = np.linspace(-8, 8, 321)[:, None], 0.05
max_of_empty = units * cdf(x) ** (units - 1) * pdf(x)  # its density at x
others_below = cdf(x) ** (units - 1)
max_below = cdf(x - strengths) * others_below  # of a window with it
max_errs = np.sum(max_of_empty * max_below, axis=0) * step
mean_errs = cdf(-strengths / np.sqrt(2 * units))
by_area = np.interp(0, mean_errs - max_errs, strengths)

# By hits: how often a feature stays below the threshold. That of the mean is
# counted in the mean's own standard deviations, which are smaller.
t_max = normal.inv_cdf((1 - false_alarms) ** (1 / units))
t_mean = normal.inv_cdf(1 - false_alarms)
max_misses = cdf(t_max - strengths) * cdf(t_max) ** (units - 1)
mean_misses = cdf(t_mean - strengths / np.sqrt(units))
by_hits = np.interp(0, mean_misses - max_misses, strengths)
print(f"the max is better above: {by_area:.2f} by area, {by_hits:.2f} by hits")
