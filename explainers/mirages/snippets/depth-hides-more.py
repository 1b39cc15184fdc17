import numpy as np

for k in (2, 3, 4):  # windows k × k with stride 2
    pooled = np.eye(128)  # one part, at each place of an axis that wraps round
    for _ in range(3):
        shifted = [np.roll(pooled, -i, axis=1) for i in range(k)]
        pooled = np.max(shifted, axis=0)[:, ::2]
        alike = np.unique(pooled, axis=0, return_counts=True)[1]
        print(((alike**2).sum() / 128) ** 2)  # places that share a random one's pattern
