from itertools import product
from math import prod

p, n = 0.8, 4  # hit rate of one detector, detectors in the window
found = 0
for fires in product([True, False], repeat=n):  # all outcomes
    if any(fires):
        found += prod(p if fire else 1 - p for fire in fires)
print(f"{found:.4f} {1 - p:.2f} {1 - found:.5f}")
