from itertools import product

import numpy as np

from explainers import flower

print(sum(max(window) for window in product((0, 1), repeat=4)), 2**4)
v = np.arange(256.0)
windows = (v + 1) ** 4 - v**4  # of four bytes, with v as their max
print(round(32 - windows @ np.log2(windows) / 256**4, 4))
photo = np.rint(255 * flower.grey()[:-1]).astype(int)
maxima = photo.reshape(213, 2, 320, 2).max(axis=(1, 3))
print(int(np.log10(windows[maxima]).sum()) + 1)  # digits of their product
