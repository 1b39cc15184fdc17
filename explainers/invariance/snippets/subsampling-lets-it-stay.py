import numpy as np

peaks = np.eye(64).reshape(64, 8, 8)  # one at each place of a map of 8 × 8
pair = np.stack([peaks, np.roll(peaks, 1, axis=2)])
dense = np.max([np.roll(pair, (-i, -j), (2, 3)) for i, j in np.ndindex(2, 2)], axis=0)
for stride in (1, 2):
    before, after = dense[..., ::stride, ::stride]
    print(f"{np.mean(np.all(before == after, axis=(1, 2))):.4f}")
