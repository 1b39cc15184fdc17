import numpy as np

rows = [16, 16, 23, 26, 23, 16, 9, 6, 9]  # of a centre and eight petals
columns = [16, 26, 23, 16, 9, 6, 9, 16, 23]
draw, part = np.indices((500, 9))


def flowers(area=1):  # that vary a little; each part anywhere in area × area
    off = rng.integers(-1, 2, (500, 2, 1)) + rng.integers(-1, 2, (500, 2, 9))
    at = np.array([rows, columns]) + off
    return at // area * area + rng.integers(0, area, at.shape)


def pooled(at, side):  # noisy maps, a channel for each part, in windows
    maps = rng.normal(0, 0.1, (500, 9, 32, 32))
    maps[draw, part, at[:, 0], at[:, 1]] += 1
    return maps.reshape(500, 9, 32 // side, side, -1, side).max(axis=(3, 5))


for name, area, side in (
    ("inside 4 × 4 windows", 4, 4),
    ("anywhere, global pooling", 32, 32),
    ("anywhere, 4 × 4 windows", 32, 4),
):
    rng = np.random.default_rng(0)
    template = pooled(flowers(), side).mean(axis=0)
    true = np.tensordot(pooled(flowers(), side), template, 3)
    scrambled = np.tensordot(pooled(flowers(area), side), template, 3)
    passed = np.mean(scrambled >= np.quantile(true, 1 - 0.95))
    share = f"{passed:.0%}" if passed else "none"
    print(f"scrambled {name}: {share} accepted")
