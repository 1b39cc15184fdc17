from itertools import product
from math import factorial

# A 2 × 2 window of zeros and ones:
patterns = list(product((0, 1), repeat=4))
alike = [pattern for pattern in patterns if max(pattern) == 1]
print(f"patterns with the maximum 1: {len(alike)} of {len(patterns)}")

# An 8 × 8 map: each window's four values in any order, if no two are alike.
windows = (8 // 2) ** 2
rearranged = factorial(4) ** windows
print(f"digits of the number of rearranged maps: {len(str(rearranged))}")
