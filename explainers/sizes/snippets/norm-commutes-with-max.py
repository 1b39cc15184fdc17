import numpy as np


def norm(values, gamma):
    """Batch normalisation at inference: mean 0.3, variance 2."""
    return gamma * (values - 0.3) / np.sqrt(2 + 1e-5) + 0.1


drawn = np.random.default_rng(0)
windows = drawn.standard_normal((1_000_000, 4))  # of 2 × 2
largest = windows.max(axis=1)
assert (norm(windows, 0.5).max(axis=1) == norm(largest, 0.5)).all()
assert (norm(windows, -0.5).max(axis=1) != norm(largest, -0.5)).mean() > 0.99

print(f"left to normalise: {largest.size / windows.size:.0%}")
before, after = (-windows).max(axis=1), -largest  # with a factor of -1
print(f"standard deviations apart: {(before - after).mean():.2f}")
