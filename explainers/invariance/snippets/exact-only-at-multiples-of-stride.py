import numpy as np

maps = np.random.default_rng(0).standard_normal((100, 64, 64))


def error(d, s):  # n poolings by 2 × 2 are one by s × s with s = 2 ** n
    pair = np.stack([maps, np.roll(maps, d, axis=2)])
    pooled = pair.reshape(2, 100, 64 // s, s, 64 // s, s).max(axis=(3, 5))
    tried = [np.roll(pooled[0], move, axis=2) for move in (d // s, -(-d // s))]
    squares = np.mean((pooled[1] - tried) ** 2, axis=(2, 3)).min(axis=0)
    return np.sqrt(squares.mean() / (2 * pooled.var()))


print(error(1, 2).round(4))
print(*[next(d for d in range(1, 9) if error(d, s) == 0) for s in (2, 4, 8)])
