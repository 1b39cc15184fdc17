import numpy as np

rng = np.random.default_rng(0)
rows = [16, 16, 23, 26, 23, 16, 9, 6, 9]  # of a centre and eight petals
columns = [16, 26, 23, 16, 9, 6, 9, 16, 23]
draw, part = np.indices((500, 9))


def flowers():  # 500 that vary a little, in noise; a channel for each part
    off = rng.integers(-1, 2, (500, 2, 1)) + rng.integers(-1, 2, (500, 2, 9))
    at = np.array([rows, columns]) + off
    maps = rng.normal(0, 0.1, (500, 9, 32, 32))
    maps[draw, part, at[:, 0], at[:, 1]] += 1
    return maps


def pool_first(maps):
    return maps.max(axis=(2, 3)).sum(axis=1)


def look_first(maps):  # for a whole flower at each place (a convolution)
    matches = np.fft.rfft2(maps) * template
    return np.fft.irfft2(matches.sum(axis=1)).max(axis=(1, 2))


def accepted(score, groups):  # of parts, each moved anywhere, round the border
    moves = rng.integers(0, 32, (500, groups, 2)).repeat(9 // groups, axis=1)
    pairs = zip(true.reshape(4500, 32, 32), moves.reshape(4500, 2), strict=True)
    moved = np.reshape([np.roll(*pair, (0, 1)) for pair in pairs], true.shape)
    return np.mean(score(moved) >= np.quantile(score(true), 1 - 0.95))


template, true = np.fft.rfft2(flowers().mean(axis=0)).conj(), flowers()
print(f"moved as a whole, look first: {accepted(look_first, 1):.0%} accepted")
print(f"scrambled, pool first: {accepted(pool_first, 9):.0%} accepted")
