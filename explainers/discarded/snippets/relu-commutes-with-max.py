from itertools import product
from statistics import fmean

import numpy as np

noise = np.random.default_rng(0).standard_normal((100, 16, 2, 16, 2))  # 2 × 2 windows
before = np.maximum(noise, 0).max(axis=(2, 4))
after = np.maximum(noise.max(axis=(2, 4)), 0)
print((before != after).sum(), before.size, before.size / noise.size)
print(fmean(len(set(signs)) == 1 for signs in product("+-", repeat=4)))  # means
