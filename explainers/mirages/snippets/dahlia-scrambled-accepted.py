import numpy as np

from explainers import flower
from explainers.mirages import dahlia

# 900 noisy photos of one dahlia, unrolled around its centre:
photos = flower.unrolled() + 0.3 * flower.photograph.photo_noise(900, seed=0)
# The last 300 are cut into 24 tiles, which are put together in random orders.
orders = dahlia.orders(draws=300).reshape(300, 24)
photos[600:] = dahlia.scrambled(photos[600:], orders)

petal_maps = flower.match(photos, flower.template())
pooled = petal_maps.max(axis=(1, 2))  # one number for each photo
learnt, true, scrambled = np.split(pooled, 3)
threshold = np.quantile(np.abs(true - learnt.mean()), 0.95)
accepted = np.abs(scrambled - learnt.mean()) <= threshold
print(f"scrambled photos accepted: {accepted.mean():.0%}")
