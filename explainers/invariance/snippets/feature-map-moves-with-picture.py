import numpy as np

rng = np.random.default_rng(0)
picture, kernel = rng.integers(1, 99, (224, 224)), rng.integers(1, 9, (3, 3))


def convolved(x):  # with zeros around it
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, 1), (3, 3))
    return np.sum(windows * kernel, axis=(2, 3))


def moved(x):  # right by one pixel, zeros entering on the left
    return np.pad(x, ((0, 0), (1, 0)))[:, :-1]


differ = convolved(moved(picture)) != moved(convolved(picture))
print(differ.mean(), differ.sum(), differ.size, differ[:, 1:-1].sum())
