import numpy as np


def feature_map(column):
    """What a detector of vertical lines finds in the picture, 6 × 6."""
    picture = np.zeros((8, 8))
    picture[:, column : column + 2] = 1  # a vertical line, two pixels wide
    middle = picture[:, 1:7]  # the detector has weights in its middle column
    return middle[0:6] + middle[1:7] + middle[2:8]


def max_pooled(found):  # over 2 × 2 windows side by side
    return found.reshape(3, 2, 3, 2).max(axis=(1, 3))


before, after = feature_map(3), feature_map(4)
pooled = max_pooled(before) != max_pooled(after)
unpooled = before != after
print(f"max-pooled values that change: {pooled.sum()} of {pooled.size}")
print(f"without pooling: {unpooled.sum()} of {unpooled.size}")
