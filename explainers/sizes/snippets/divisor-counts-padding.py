import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

ones = np.pad(np.ones((112, 112)), 1)  # a map of ones, padded with zeros
windows = sliding_window_view(ones, (3, 3))[::2, ::2]
means = windows.mean(axis=(2, 3))  # all 9 places count
print(f"mean in the corner: {means[0, 0]:.0%}")
print(f"mean along the edge: {means[0, 1]:.0%}")

inside = (windows > 0).sum(axis=(2, 3))  # PyTorch: count_include_pad=False
assert np.allclose(windows.sum(axis=(2, 3)) / inside, 1)
