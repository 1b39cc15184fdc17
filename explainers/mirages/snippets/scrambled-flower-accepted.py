import numpy as np

rng = np.random.default_rng(0)
rows = [16, 16, 23, 26, 23, 16, 9, 6, 9]  # of a centre and eight petals
columns = [16, 26, 23, 16, 9, 6, 9, 16, 23]
draw, part = np.indices((500, 9))


def flowers(area=1):
    """500 flowers that vary a little; each part anywhere in its area × area."""
    off = rng.integers(-1, 2, (500, 2, 1)) + rng.integers(-1, 2, (500, 2, 9))
    at = np.array([rows, columns]) + off
    return at // area * area + rng.integers(0, area, at.shape)


def pooled(at, side):
    """Noisy maps, a channel for each part, pooled over side × side windows."""
    maps = rng.normal(0, 0.1, (500, 9, 32, 32))
    maps[draw, part, at[:, 0], at[:, 1]] += 1
    return maps.reshape(500, 9, 32 // side, side, -1, side).max(axis=(3, 5))


for name, side in (("anywhere, global pool", 32), ("in 4 × 4 windows", 4)):
    template = pooled(flowers(), side).mean(axis=0)
    true = np.tensordot(pooled(flowers(), side), template, 3)
    scrambled = np.tensordot(pooled(flowers(side), side), template, 3)
    passed = np.mean(scrambled >= np.quantile(true, 1 - 0.95))
    print(f"scrambled {name}: {passed:.0%} accepted")
