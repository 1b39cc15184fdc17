from statistics import NormalDist

detectors, false_alarms = 4, 0.05
noise = NormalDist()  # what a detector answers where it sees no petal
petal = NormalDist(2)  # and where it sees one, of two standard deviations

known_place = 1 - petal.cdf(noise.inv_cdf(1 - false_alarms))
print(f"petals found at the known place: {known_place:.0%}")

# The max stays below its threshold on noise if all four detectors do.
threshold = noise.inv_cdf((1 - false_alarms) ** (1 / detectors))
for seen in (1, 2, detectors):
    missed_by_these = petal.cdf(threshold) ** seen
    others_silent = noise.cdf(threshold) ** (detectors - seen)
    found = 1 - missed_by_these * others_silent
    print(f"by the max if {seen} of them see it: {found:.0%}")
