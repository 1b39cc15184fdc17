import numpy as np

rng = np.random.default_rng(0)
place = rng.integers(0, 2, (4000, 2))  # of a pixel in its 2 × 2 cell
maps = 0.02 * rng.standard_normal((4000, 10, 10))  # 5 × 5 cells
maps[np.arange(4000), 4 + place[:, 0], 4 + place[:, 1]] += 1
maps = np.maximum(maps, 0)
cells = maps.reshape(4000, 5, 2, 5, 2)


def blurred(values):
    for axis in (1, 2):
        sides = np.roll(values, 1, axis) + np.roll(values, -1, axis)
        values = values / 2 + sides / 4
    return values[:, ::2, ::2]


def error(pooled):
    """Of a linear read-out that is fitted to one half, on the other."""
    known = np.column_stack([np.ones(4000), pooled.reshape(4000, -1)])
    weights = np.linalg.lstsq(known[:2000], place[:2000])[0]
    return np.sqrt(np.mean((known[2000:] @ weights - place[2000:]) ** 2))


print(f"strided convolution: {error(blurred(maps)):.3f} pixels")
print(f"max: {error(cells.max(axis=(2, 4))):.2f}")
print(f"mean: {error(cells.mean(axis=(2, 4))):.2f}")
print(f"every second value: {error(maps[:, ::2, ::2]):.2f}")
