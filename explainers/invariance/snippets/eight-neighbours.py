from itertools import product
from statistics import fmean

moves = [move for move in product((-1, 0, 1), repeat=2) if move != (0, 0)]


def absorbed(k, y, x):  # share of the eight moves that stay in the k × k window
    return fmean(0 <= y + dy < k and 0 <= x + dx < k for dy, dx in moves)


for k in (3, 2):
    print(fmean(absorbed(k, y, x) for y, x in product(range(k), repeat=2)))
print(absorbed(3, 0, 1))  # the middle of an edge
