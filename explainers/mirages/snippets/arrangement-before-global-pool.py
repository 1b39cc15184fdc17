import numpy as np

rng = np.random.default_rng(0)  # rows and columns of a centre and eight petals:
spot = np.array([[16, 16, 23, 26, 23, 16, 9, 6, 9], [16, 26, 23, 16, 9, 6, 9, 16, 23]])
for moves in (1, 9):  # move the flower to anywhere as a whole; each part by itself
    at = spot + rng.integers(-1, 2, (3, 500, 2, 9)) + rng.integers(-1, 2, (500, 2, 1))
    at[2] = (at[2] + rng.integers(0, 32, (500, 2, moves))) % 32
    maps = rng.normal(np.einsum("...i,...j", *np.eye(32)[np.moveaxis(at, 2, 0)]), 0.1)
    match = (np.fft.rfft2(maps) * np.fft.rfft2(maps[0].mean(axis=0)).conj()).sum(axis=2)
    score = maps.max(axis=(3, 4)).sum(axis=2), np.fft.irfft2(match).max(axis=(2, 3))
    print(*(np.mean(moved >= np.quantile(true, 1 - 0.95)) for _, true, moved in score))
