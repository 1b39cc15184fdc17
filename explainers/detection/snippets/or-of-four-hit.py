from itertools import product

hit, detectors = 0.8, 4  # how often one detector fires on a petal
missed_by_all = 0.0
for outcome in product([True, False], repeat=detectors):
    probability = 1.0
    for fires in outcome:  # they err independently: the probabilities multiply
        probability *= hit if fires else 1 - hit
    if not any(outcome):
        missed_by_all += probability
print(f"misses: {missed_by_all:.2%} by all four, {1 - hit:.0%} by each")
