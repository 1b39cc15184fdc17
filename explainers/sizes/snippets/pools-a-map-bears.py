import numpy as np


def most_poolings(side):
    """How often a map can be pooled by 2 × 2, without padding."""
    plane, times = np.zeros((side, side)), 0
    while len(plane) >= 2:  # else no window fits
        half = len(plane) // 2
        windows = plane[: 2 * half, : 2 * half].reshape(half, 2, half, 2)
        plane, times = windows.max(axis=(1, 3)), times + 1
    return times


for side in (224, 32):
    print(f"poolings that a map of {side} bears: {most_poolings(side)}")
