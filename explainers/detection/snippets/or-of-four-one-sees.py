from math import prod

detectors, hit, false_alarm = 4, 0.8, 0.05
rates = [hit] + [false_alarm] * (detectors - 1)  # one of them sees the petal
all_silent = prod(1 - rate for rate in rates)  # they err independently
fixed = sum(rates) / detectors  # the fixed one is each of them equally often
silent_on_background = (1 - false_alarm) ** detectors
print(f"petals found by the OR: {1 - all_silent:.0%}")
print(f"by a fixed detector: {fixed:.0%}")
print(f"background on which the OR fires: {1 - silent_on_background:.0%}")
