import numpy as np

# The windows that hold a true flower's nine parts, each with 8 × 8 places.
rng = np.random.default_rng(0)
true = rng.normal(0, 0.2, (4000, 9, 64))
exchanged = rng.normal(0, 0.2, (4000, 9, 64))
true[:, :, 0] += 1  # each part is exactly where it belongs
exchanged[:, :7, 0] += 1  # two petals are in other windows


def accepted(true, exchanged):
    """How many pass, if 95% of the true flowers do."""
    threshold = np.quantile(true, 1 - 0.95)
    return np.mean(exchanged >= threshold)


places = true[:, :, 0].sum(axis=1), exchanged[:, :, 0].sum(axis=1)
maxima = true.max(axis=2).sum(axis=1), exchanged.max(axis=2).sum(axis=1)
print(f"petals exchanged, with pooling: {accepted(*maxima):.0%} accepted")
print(f"petals exchanged, without it: {accepted(*places):.1%} accepted")
