from math import comb

alarm, detectors = 0.05, 4  # how often one detector fires on background
or_fires = 0.0
for number in range(1, detectors + 1):  # exactly so many of them fire
    ways = comb(detectors, number)
    silent = (1 - alarm) ** (detectors - number)
    or_fires += ways * alarm**number * silent
print(f"the OR fires on background: {or_fires:.1%}")
print(f"times as often as one detector: {or_fires / alarm:.1f}")
