import numpy as np

rng = np.random.default_rng(1)
units, strength, alarm = 4, 2, 0.05
noise = rng.standard_normal((200000, units))
scene = rng.standard_normal((200000, units))
scene[:, 0] += strength  # one unit sees the feature


def log_sum_exp(values):
    """Its temperature is one over the strength."""
    total = np.exp(strength * values).mean(axis=1)
    return np.log(total) / strength


def hits(pool):
    threshold = np.quantile(pool(noise), 1 - alarm)
    return (pool(scene) > threshold).mean()


def largest(values):
    return values.max(axis=1)


print(f"log-sum-exp: {hits(log_sum_exp):.1%}, max {hits(largest):.1%}")
