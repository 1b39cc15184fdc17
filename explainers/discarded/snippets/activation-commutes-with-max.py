from math import erf

import numpy as np

noise = np.random.default_rng(0).standard_normal((100, 16, 2, 16, 2))  # 2 × 2 windows
relu, silu = (lambda x: np.maximum(x, 0)), (lambda x: x / (1 + np.exp(-x)))
gelu = np.vectorize(lambda x: x / 2 * (1 + erf(x / 2**0.5)))
for f in (relu, gelu, silu):
    before, after = f(noise).max(axis=(2, 4)), f(noise.max(axis=(2, 4)))
    print(round((abs(before - after) > 1e-12).mean(), 5))
