import numpy as np

for axes, data in ((1, "sound"), (2, "pictures"), (3, "volumes")):
    values = np.zeros((8,) * axes)
    windows = values.reshape((4, 2) * axes)
    pooled = windows.max(axis=tuple(range(1, 2 * axes, 2)))
    print(f"values left in {data}: {pooled.size / values.size:.1%}")

peaks = np.indices((8, 8, 8)).reshape(3, -1)  # a peak at each place
stays = peaks // 2 == (peaks + 1) // 2
print(f"peaks that stay in their window: {stays.all(axis=0).mean():.1%}")
