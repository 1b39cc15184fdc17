import numpy as np

print(np.mean([row[-1] == 1 for row in np.eye(12)]).round(4))  # a peak moved out of 12
r, left = np.random.default_rng(0), []
for _ in range(100):  # random networks; 20 pictures, and the same moved by one pixel
    x = np.concatenate([x := r.random((20, 32, 32, 1)), np.roll(x, 1, axis=2)])
    for c, k in ((1, 2), (4, 16)):  # convolve, pool over 2 × 2; convolve, pool over all
        x = sum(np.roll(x, a, (1, 2)) @ r.normal(size=(c, 4)) for a in np.ndindex(3, 3))
        x = x.reshape(40, len(x[0]) // k, k, -1, k, 4).max(axis=(2, 4))
    left.append(np.mean((x[20:] - x[:20]) ** 2, axis=0) / (2 * x.var(axis=0)))
print(np.sqrt(np.mean(left)).round(4))
