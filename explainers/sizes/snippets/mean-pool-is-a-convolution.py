import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows(array):
    """3 × 3 windows with stride 2 of an array that zeros surround."""
    return sliding_window_view(np.pad(array, 1), (3, 3))[::2, ::2]


values = np.random.default_rng(0).standard_normal((9, 9))
weights = np.full((3, 3), 1 / 9)
means = windows(values).mean(axis=(2, 3))
convolved = np.sum(windows(values) * weights, axis=(2, 3))
assert np.allclose(means, convolved)
print(f"each weight: {weights[0, 0]:.1%}")

counted = windows(np.ones((9, 9))).sum(axis=(2, 3))  # values of the map
print(f"in the corner, padding left out: {1 / counted[0, 0]:.1%}")
