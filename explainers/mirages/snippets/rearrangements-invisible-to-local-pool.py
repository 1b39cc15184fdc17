from math import log2

import numpy as np

parts, size = 9, 32  # one part is put at each place of the map
for k in (2, 4):
    maps = np.eye(size**2).reshape(-1, size // k, k, size // k, k)
    alike = np.unique(maps.max(axis=(2, 4)), axis=0, return_counts=True)[1]
    count = int(alike[0]) ** parts  # the same for all windows
    print(count, log2(count))
print(parts * log2(size**2))
