from itertools import product
from statistics import fmean

import numpy as np

peaks = np.eye(4)  # one peak, at each of the 4 places of a 2 × 2 window
pairs = [np.stack(pair) for pair in product(peaks, repeat=2)]  # in a channel each
print(sum(int((pair.max(axis=1) == 0).sum()) for pair in pairs), len(pairs))
alike = fmean(x // 2 == (x + 1) // 2 for x in range(2))  # neighbours in one channel
kept = fmean(len(set(places)) for places in product(range(4), repeat=8))  # 8 channels
print(f"{alike:.2f} {kept:.4f}")
