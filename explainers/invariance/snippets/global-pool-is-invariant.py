import numpy as np

side = 12
busy = np.random.default_rng(0).random((60, side, side))
moves = [np.roll(busy, d, axis=2).max(axis=(1, 2)) for d in range(side)]  # round
print(np.mean(np.all(moves == busy.max(axis=(1, 2)), axis=0)))

peaks = np.eye(side**2).reshape(-1, side, side)
moved = np.pad(peaks, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]  # zeros enter
print(np.mean(moved.max(axis=(1, 2)) != peaks.max(axis=(1, 2))))
