from math import erf

import numpy as np


def gelu(x):
    return x / 2 * (1 + np.vectorize(erf)(x / np.sqrt(2)))


windows = np.random.default_rng(0).standard_normal((100, 16, 2, 16, 2))
largest = windows.max(axis=(2, 4))  # of each 2 × 2 window

before, after = np.tanh(windows).max(axis=(2, 4)), np.tanh(largest)
assert np.allclose(before, after, rtol=0, atol=1e-12)  # tanh never falls

before, after = gelu(windows).max(axis=(2, 4)), gelu(largest)
differ = np.abs(before - after) > 1e-12  # by more than rounding
print(f"results that differ with GELU: {differ.mean():.1%}")
