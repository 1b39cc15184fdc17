import numpy as np

rng = np.random.default_rng(0)
place = 4 + 2 * rng.random((4000, 2))  # in a map of 10 × 10
pixel, width, warm = np.arange(10) + 0.5, 1.5, 0.1
away = (pixel - place[..., None]) / width
profile = np.exp(-(away**2) / 2)
maps = profile[:, 0, :, None] * profile[:, 1, None, :]
maps += 0.02 * rng.standard_normal(maps.shape)


def error(weights):
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    row = (weights.sum(axis=2) * pixel).sum(axis=1)
    column = (weights.sum(axis=1) * pixel).sum(axis=1)
    return np.sqrt(np.mean((np.stack([row, column], 1) - place) ** 2))


top = maps.max(axis=(1, 2), keepdims=True)
print(f"soft-argmax: {error(np.exp((maps - top) / warm)):.3f} pixels")
print(f"place of the maximum: {error(np.where(maps == top, 1.0, 0)):.2f}")
print(f"as warm as the height: {error(np.exp(maps - top)):.2f}")
