from itertools import product

import numpy as np

windows = np.random.default_rng(0).standard_normal((100, 16, 2, 16, 2))
relu_first = np.maximum(windows, 0).max(axis=(2, 4))
pool_first = np.maximum(windows.max(axis=(2, 4)), 0)
assert (relu_first == pool_first).all()
print(f"ReLUs left after 2 × 2 pooling: {pool_first.size / windows.size:.0%}")

# The mean: a window's four values are positive or negative, equally likely.
signs = np.array(list(product((-1, 1), repeat=4)))
relu_first = np.maximum(signs, 0).mean(axis=1)
pool_first = np.maximum(signs.mean(axis=1), 0)
print(f"means that stay the same: {np.mean(relu_first == pool_first):.1%}")
