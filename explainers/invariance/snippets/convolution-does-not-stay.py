import numpy as np

rng = np.random.default_rng(0)
picture, kernel = rng.integers(1, 99, (1, 48, 48))[0], rng.integers(1, 9, (3, 3))


def convolved(x):  # round the border
    shifts = [np.roll(x, (1 - i, 1 - j), (0, 1)) for i, j in np.ndindex(3, 3)]
    return np.tensordot(kernel.ravel(), shifts, 1)


before, after = convolved(picture), convolved(np.roll(picture, 1, axis=1))
print((after != before).mean().round(4), (after == np.roll(before, 1, axis=1)).mean())
