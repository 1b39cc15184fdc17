import numpy as np

rng = np.random.default_rng(0)


def layer(x, weights):  # a 3 × 3 convolution that wraps round, and a rectifier
    places = np.ndindex(3, 3)
    shifts = (np.roll(x, at, axis=(1, 2)) @ weights[at] for at in places)
    return np.maximum(sum(shifts), 0)


pools = {"max": np.max, "mean": np.mean}
changes = {"max": [], "mean": []}
for _ in range(100):  # random networks; each sees 32 pictures, twice
    noise = rng.random((32, 32, 32, 1))
    x = np.concatenate([noise, np.roll(noise, 1, axis=2)])
    x = layer(x, rng.normal(size=(3, 3, 1, 4)))
    x = x.reshape(64, 16, 2, 16, 2, 4).max(axis=(2, 4))  # max over 2 × 2
    x = layer(x, rng.normal(size=(3, 3, 4, 4)))
    for name, pool in pools.items():
        before, after = pool(x, axis=(1, 2)).reshape(2, 32, 4)
        unrelated = np.var([before, after], axis=1, ddof=1).sum(axis=0)
        squares = np.mean((after - before) ** 2, axis=0)
        alive = unrelated > 0  # some outputs are always zero
        changes[name].extend(squares[alive] / unrelated[alive])
for name, found in changes.items():
    change = np.sqrt(np.mean(found))
    print(f"outputs of a global {name} change by: {change:.0%}")
