from statistics import NormalDist

detectors, false_alarms = 4, 0.05
noise = NormalDist()  # what a detector answers where it sees no petal
petal = NormalDist(2)  # and where it sees one, of two standard deviations

# The max stays below its threshold on noise if all four detectors do.
threshold_of_max = noise.inv_cdf((1 - false_alarms) ** (1 / detectors))
others_silent = noise.cdf(threshold_of_max) ** (detectors - 1)
by_max = 1 - petal.cdf(threshold_of_max) * others_silent

known_place = 1 - petal.cdf(noise.inv_cdf(1 - false_alarms))
right = 1 / detectors  # how often a fixed detector is at the right place
fixed = right * known_place + (1 - right) * false_alarms
print(f"petals found: {by_max:.0%} by the max, {fixed:.0%} by a fixed detector")
print(f"by one at the known place: {known_place:.0%}")
