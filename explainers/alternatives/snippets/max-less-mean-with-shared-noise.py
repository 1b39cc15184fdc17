import numpy as np

rng = np.random.default_rng(1)
units, some, alarm = 49, 7, 0.05


def windows(strength):
    own = rng.standard_normal((50000, units))
    shared = rng.standard_normal((50000, 1))
    values = (own + shared) / np.sqrt(2)  # half of the noise is shared
    values[:, :some] += strength
    return values.max(axis=1), values.mean(axis=1)


def hits(weight):
    """With so much of the mean added to the max."""
    on_noise = noise[0] + weight * noise[1]
    on_scene = scene[0] + weight * scene[1]
    return (on_scene > np.quantile(on_noise, 1 - alarm)).mean()


noise, scene = windows(0), windows(2)
best = max(hits(weight) for weight in np.arange(-2, 0.1, 0.1))
print(f"max and mean: {best:.1%}, the max alone {hits(0):.1%}")
mean = (scene[1] > np.quantile(noise[1], 1 - alarm)).mean()
print(f"the mean alone: {mean:.1%}")
