import numpy as np

place = 16 * (rng := np.random.default_rng(0)).random((2000, 2))  # the map wraps round
y, x = (np.exp(-(((np.r_[8.5:24] - p[:, None]) % 16 - 8) ** 2) / 4.5) for p in place.T)
noise, w = rng.standard_normal((2000, 16, 16)), rng.standard_normal((3, 3, 32))
for mode in ("constant", "wrap"):
    p = np.pad(y[..., None] * x[:, None] + 0.02 * noise, [(0, 0), (1, 1), (1, 1)], mode)
    s = sum(p[:, i : i + 16, j : j + 16, None] * w[i, j] for i, j in np.ndindex(3, 3))
    known = np.insert(np.maximum(s, 0).mean(axis=(1, 2)), 0, 1, axis=1)
    read = known[1000:] @ np.linalg.lstsq(known[:1000], place[:1000])[0]
    print(round(float(np.sqrt(((read - place[1000:]) ** 2).mean())), 4))
