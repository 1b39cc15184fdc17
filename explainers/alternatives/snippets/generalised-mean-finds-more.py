import numpy as np

rng = np.random.default_rng(1)
units, some, strength, alarm = 49, 7, 2, 0.05
noise = rng.standard_normal((50000, units))
scene = rng.standard_normal((50000, units))
scene[:, :some] += strength


def hits(on_noise, on_scene):
    return (on_scene > np.quantile(on_noise, 1 - alarm)).mean()


def power_mean(values, power):
    rectified = np.maximum(values, 0)
    return (rectified**power).mean(axis=1)  # its root keeps the order


found = hits(power_mean(noise, 3), power_mean(scene, 3))
rectified = hits(power_mean(noise, 1), power_mean(scene, 1))
print(f"generalised mean: {found:.1%}")
print(f"max: {hits(noise.max(axis=1), scene.max(axis=1)):.1%}")
print(f"mean: {hits(noise.mean(axis=1), scene.mean(axis=1)):.1%}")
print(f"mean of rectified values: {rectified:.1%}")
