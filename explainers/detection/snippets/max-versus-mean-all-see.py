from statistics import NormalDist

import numpy as np

cdf = np.vectorize(NormalDist().cdf)
units, strength = 4, 1  # the feature: one standard deviation of the noise
thresholds = np.linspace(10, -6, 1601)  # falling
alarms = 1 - cdf(thresholds) ** units  # the max of an empty window is above
hits = 1 - cdf(thresholds - strength) ** units  # that of a full one is
area_of_max = np.diff(alarms) @ (hits[1:] + hits[:-1]) / 2

# The means of the two windows differ by the strength, and by noise.
spread = np.sqrt(2 / units)
area_of_mean = cdf(strength / spread)
print(f"area under the ROC curve of the max: {area_of_max:.0%}")
print(f"of the mean: {area_of_mean:.0%}")
