import numpy as np


def kept(side):
    """Share of a map's values that 2 × 2 max pooling keeps."""
    values = np.random.default_rng(0).permutation(side**2)  # no two alike
    outputs = side // 2  # along each axis; an odd last row is in no window
    covered = values.reshape(side, side)[: 2 * outputs, : 2 * outputs]
    windows = covered.reshape(outputs, 2, outputs, 2)
    maxima = windows.max(axis=(1, 3))
    return np.isin(values, maxima).mean()


print(f"224 × 224 map: {1 - kept(224):.0%} of its values are thrown away")
print(f"7 × 7 map: {kept(7):.1%} of its values are kept")
