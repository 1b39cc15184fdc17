import numpy as np

from explainers import flower
from explainers.mirages import dahlia

shares = []
for seed in range(12):  # each sets a threshold of its own
    # 150 noisy photos of one dahlia, unrolled around its centre:
    noise = 0.3 * flower.photograph.photo_noise(150, seed)
    photos = flower.unrolled() + noise
    # The last 50 are cut into 24 tiles, which are put together at random.
    orders = dahlia.orders(draws=50, seed=seed)
    photos[100:] = dahlia.scrambled(photos[100:], orders)

    petal_maps = flower.match(photos, flower.template())
    pooled = petal_maps.max(axis=(1, 2))  # one number for each photo
    learnt, true, scrambled = np.split(pooled, 3)
    away = np.abs(true - learnt.mean())
    threshold = np.quantile(away, 0.95, method="weibull")
    shares.append(np.abs(scrambled - learnt.mean()) <= threshold)
print(f"scrambled photos accepted: {np.mean(shares):.0%}")
