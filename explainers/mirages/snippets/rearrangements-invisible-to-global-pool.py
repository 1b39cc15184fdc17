from math import log2

import numpy as np

parts, size = 9, 32
maps = np.eye(size**2)  # one part, at each place of the map
pooled = np.stack([maps.max(axis=1), maps.mean(axis=1)])
alike = int((pooled == pooled[:, :1]).all(axis=0).sum())  # places with one pooled value
hidden, every = alike**parts, (size**2) ** parts
print(len(str(hidden)), log2(every), log2(every / hidden))
