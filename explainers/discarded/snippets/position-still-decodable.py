import numpy as np

rng = np.random.default_rng(0)
u = 2 * rng.random((4000, 2))  # places in the window in the middle
noise = 0.02 * rng.standard_normal((4000, 10, 10))
for width, place in ((1.5, u), (0.01, np.floor(u) + 0.5)):  # a blob, a single pixel
    y, x = np.exp(-(((np.arange(-3.5, 6) - place.T[..., None]) / width) ** 2) / 2)
    pooled = (y[..., None] * x[:, None] + noise).reshape(-1, 5, 2, 5, 2).max((2, 4))
    known = np.insert(pooled.reshape(-1, 25), 0, 1, axis=1)  # and a constant
    weights = np.linalg.lstsq(known[:2000], place[:2000])[0]
    print(np.sqrt(((known[2000:] @ weights - place[2000:]) ** 2).mean()).round(4))
