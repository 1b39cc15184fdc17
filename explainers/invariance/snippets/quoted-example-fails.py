import numpy as np


def maps(column):
    picture = np.zeros((8, 8))
    picture[:, column : column + 2] = 1  # a vertical line
    found = sum(picture[row : row + 6, 1:7] for row in range(3))  # by a line of 3 × 1
    windows = found.reshape(3, 2, 3, 2)
    return windows.max(axis=(1, 3)), found, windows.mean(axis=(1, 3))


for before, after in zip(maps(3), maps(4), strict=True):
    print(np.sum(before != after), before.size)
