import numpy as np

rng = np.random.default_rng(1)
units, strength, alarm, trials = 4, 2, 0.05, 200000
values = rng.standard_normal((2, trials, units))  # without and with a feature
values[1, :, 0] += strength
rectified = np.maximum(values, 0)
total = rectified.sum(axis=2, keepdims=True)
chances = np.where(total > 0, rectified, 1)
chances /= chances.sum(axis=2, keepdims=True)
weighted = (chances * rectified).sum(axis=2)
passed = chances.cumsum(axis=2) > rng.random((2, trials, 1))
place = passed.argmax(axis=2, keepdims=True)
drawn = np.take_along_axis(rectified, place, 2)[..., 0]


def hits(pooled):
    return (pooled[1] > np.quantile(pooled[0], 1 - alarm)).mean()


print(f"drawn: {hits(drawn):.1%}, weighted: {hits(weighted):.1%}")
print(f"the max: {hits(values.max(axis=2)):.1%}")
