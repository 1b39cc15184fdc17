import numpy as np

rng = np.random.default_rng(1)
units, strength, alarm = 4, 2, 0.05
noise = rng.standard_normal((200000, units))
scene = rng.standard_normal((200000, units))
scene[:, 0] += strength  # one unit sees the feature


def log_sum_exp(values):
    return np.log(np.exp(strength * values).mean(axis=1)) / strength


def hits(pool):
    threshold = np.quantile(pool(noise), 1 - alarm)
    return (pool(scene) > threshold).mean()


def largest(values):
    return values.max(axis=1)


print(f"log-sum-exp finds: {hits(log_sum_exp):.1%}, the max {hits(largest):.1%}")
