from itertools import permutations

import numpy as np

row = np.eye(12)  # one strong value among zeros, at each place of a row
moved = np.roll(row, 1, axis=1)


def pooled(x, window):  # with stride 2, round the border
    shifted = [np.roll(x, -place, axis=1) for place in range(window)]
    return np.max(shifted, axis=0)[:, ::2]


def hidden(window):
    return np.all(pooled(row, window) == pooled(moved, window), axis=1)


print(f"moves that 2 × 2 windows hide: {hidden(2).mean():.1%}")
print(f"any move that 3 × 3 windows hide: {hidden(3).any()}")
# Random numbers: of four columns, a window has the first three, then the last
# three. The stride does not matter, and the largest can be in any column.
stays = [max(order[:3]) == max(order[1:]) for order in permutations(range(4))]
print(f"maxima of random numbers that stay, 3 × 3: {np.mean(stays):.1%}")
