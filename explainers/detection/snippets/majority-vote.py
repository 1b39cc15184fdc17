from math import comb, erfc

import numpy as np

n, a, d, t = 4, 0.05, 2, np.linspace(5, -5, 10_001)  # t: threshold, falling
q, p = (np.vectorize(erfc)((t - s) / 2**0.5) / 2 for s in (0, d))  # false alarms, hits


def at_least(k, n, p):
    return sum(comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))


for k in (1, 2):  # votes needed
    one_sees = p * at_least(k - 1, n - 1, q) + (1 - p) * at_least(k, n - 1, q)
    for hits in (one_sees, at_least(k, n, p)):
        print(f"{np.interp(a, at_least(k, n, q), hits):.4f}")
