from itertools import product

import numpy as np

# Two neighbours in one channel: is the weaker one lost?
lost = []
for column in (0, 1):  # the stronger one, in a window's first or second column
    row = np.zeros(4)
    row[column], row[column + 1] = 2, 1
    pooled = row.reshape(2, 2).max(axis=1)  # across the row, windows are 2 wide
    lost.append(1 not in pooled)
print(f"weaker neighbour lost: {np.mean(lost):.0%}")

# Eight channels, each with its maximum at one of a window's four places:
in_use = [len(set(places)) for places in product(range(4), repeat=8)]
print(f"places that hold a maximum: {np.mean(in_use):.1f} of four")
