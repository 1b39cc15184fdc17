import numpy as np


def alike(window, poolings):
    """In how many places a peak could be after poolings with stride 2."""
    pooled = np.eye(128)  # one peak, at each place of an axis that wraps round
    for _ in range(poolings):
        shifted = [np.roll(pooled, -step, axis=1) for step in range(window)]
        pooled = np.max(shifted, axis=0)[:, ::2]
    _, groups = np.unique(pooled, axis=0, return_counts=True)
    along = np.sum(groups**2) / 128  # the group of a random place
    return along**2  # rows and columns


print(f"2 × 2 windows, one pooling: {alike(2, 1):.0f} places")
print(f"2 × 2 windows, three poolings: {alike(2, 3):.0f} places")
print(f"3 × 3 windows, three poolings: {alike(3, 3):.0f} places on average")
assert alike(3, 1) == 1
assert alike(4, 2) == alike(4, 1)
