import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pooled(padding):
    """Max-pool a negative 112 × 112 map: 3 × 3 windows, stride 2, padding 1."""
    padded = np.pad(-np.ones((112, 112)), 1, constant_values=padding)
    windows = sliding_window_view(padded, (3, 3))[::2, ::2]
    return windows.max(axis=(2, 3))


from_map = pooled(-np.inf) == -1
print(f"maxima from the map, padded with −infinity: {from_map.sum():,}")
from_padding = pooled(0) == 0
print(f"maxima from the padding, if it is zeros: {from_padding.sum()}")
assert from_map.all()
