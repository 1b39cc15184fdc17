from statistics import NormalDist

import numpy as np

cdf = np.vectorize(NormalDist().cdf)
units = 4
thresholds = np.linspace(10, -6, 1601)  # falling, in standard deviations
no_feature = cdf(thresholds)  # a unit without the feature stays below
alarms = 1 - no_feature**units  # the max of an empty window is above


def areas(strength):
    """Under the ROC curves of max and mean, if one unit sees the feature."""
    hits = 1 - cdf(thresholds - strength) * no_feature ** (units - 1)
    area_of_max = np.diff(alarms) @ (hits[1:] + hits[:-1]) / 2
    gap, spread = strength / units, np.sqrt(2 / units)  # between the two means
    return area_of_max, cdf(gap / spread)


area_of_max, area_of_mean = areas(2)
print(f"area under the ROC curve of the max: {area_of_max:.0%}")
print(f"of the mean: {area_of_mean:.0%}")
for strength in np.arange(0.01, 2, 0.01):
    area_of_max, area_of_mean = areas(strength)
    if area_of_max > area_of_mean:
        break
print(f"strength from which the max is better: {strength:.2f}")
