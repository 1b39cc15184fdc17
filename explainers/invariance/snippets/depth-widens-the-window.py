import numpy as np

peaks = np.eye(256).reshape(256, 16, 16)  # one at each place of a map of 16 × 16
pair = np.stack([peaks, np.roll(peaks, 1, axis=2)])
for windows in ([2], [2, 2], [2, 2, 2], [8]):
    pooled = pair
    for k in windows:
        n = pooled.shape[2] // k
        pooled = pooled.reshape(2, 256, n, k, n, k).max(axis=(3, 5))
    same = np.all(pooled[0] == pooled[1], axis=(1, 2))
    print(f"{same.mean():.4f}")
