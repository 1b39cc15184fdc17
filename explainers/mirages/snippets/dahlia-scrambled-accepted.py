import numpy as np

from explainers import flower, operators
from explainers.mirages import dahlia

photos = flower.unrolled() + 0.3 * flower.photograph.photo_noise(240, seed=0)
photos[160:] = dahlia.scrambled(photos[160:], dahlia.orders(draws=80).reshape(80, 24))
maps = flower.match(photos, flower.template())
for window in ((4, 4), (16, 16), (60, 256)):
    pooled = operators.max_pool2d(maps, window, ceil_mode=True)
    away = ((pooled - pooled[:80].mean(axis=0)) ** 2).sum(axis=(1, 2))
    print(np.mean(away[160:] <= np.quantile(away[80:160], 0.95)))
