from math import pi, sqrt

import numpy as np

from explainers import flower

photo = flower.grey()[:-1].reshape(213, 2, 320, 2)  # 2 × 2 windows
mean, top = (f(photo, axis=(1, 3), keepdims=True) - photo for f in (np.mean, np.max))
errors = [np.sqrt(np.mean(mean**2)), np.sqrt(np.mean(top**2)), top.std()]
print(*np.round(errors / photo.std(), 4))  # the last with the brightness corrected
# Of four normal values, E(max²) = 1 + √3 / π and E(max · mean) = E(mean²) = 1 / 4.
print(round(sqrt(1 - 1 / 4), 4), round(sqrt(1 + sqrt(3) / pi - 2 / 4 + 1), 4))
