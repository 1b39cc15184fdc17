import numpy as np

rng, n = np.random.default_rng(0), 100_000  # flowers of a centre and eight petals
near = np.array([1, 2, 3, 2, 1]) / 9  # how often a part is off by two, one, none …
off = rng.integers(-1, 2, (2, n, 9)) + rng.integers(-1, 2, (2, n, 1))  # each part, all
match = near[off + 2].prod(axis=0)  # of each part with the template, at its own place
noise = rng.normal(0, 0.1 * np.sqrt(9 * (near**2).sum() ** 2), n)
threshold = np.quantile(match.sum(axis=1) + noise, 1 - 0.95)
for right in (7, 1):  # parts in their own places; others match nothing
    print(np.mean(match[:, :right].sum(axis=1) + noise >= threshold))
