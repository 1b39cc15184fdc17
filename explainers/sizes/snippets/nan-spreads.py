import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def spoiled(place, stride):
    """Share of a 224 × 224 map that one NaN spoils in 5 layers."""
    row = np.zeros(224)  # rows and columns are alike
    row[place] = np.nan
    for _ in range(5):
        row = sliding_window_view(np.pad(row, 1), 3).sum(axis=1)  # convolution
        row = np.maximum(row, 0)  # rectifier
        row = row.reshape(-1, stride).max(axis=1)  # pooling; 1 is none
    return np.isnan(row).mean() ** 2


assert 224 / 2**5 == 7
places = range(80, 144)
print(f"with pooling: {max(spoiled(p, 2) for p in places):.0%}")
print(f"without: {max(spoiled(p, 1) for p in places):.2%}")
