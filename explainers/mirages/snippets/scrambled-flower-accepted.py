import numpy as np

rng = np.random.default_rng(0)  # rows and columns of a centre and eight petals:
spot = np.array([[16, 16, 23, 26, 23, 16, 9, 6, 9], [16, 26, 23, 16, 9, 6, 9, 16, 23]])
for k, area in ((4, 4), (4, 32), (32, 32)):  # pool over k × k, scramble in area × area
    at = spot + rng.integers(-1, 2, (3, 500, 2, 9)) + rng.integers(-1, 2, (500, 2, 1))
    at[2] = at[2] // area * area + rng.integers(0, area, (500, 2, 9))
    maps = rng.normal(np.einsum("...i,...j", *np.eye(32)[np.moveaxis(at, 2, 0)]), 0.1)
    pooled = maps.reshape(3, 500, 9, 32 // k, k, -1, k).max(axis=(4, 6))
    score = np.tensordot(pooled, pooled[0].mean(axis=0), 3)
    print(np.mean(score[2] >= np.quantile(score[1], 1 - 0.95)))
