import numpy as np

noise = np.random.default_rng(0).standard_normal((100, 64, 64))
moved = np.roll(noise, 1, axis=2)


def windows(x):  # 2 × 2, side by side
    return x.reshape(100, 32, 2, 32, 2)


for name, pool in (("mean", np.mean), ("max", np.max)):
    before = pool(windows(noise), axis=(2, 4))
    after = pool(windows(moved), axis=(2, 4))
    unrelated = 2 * np.var([before, after])  # mean square of unrelated maps
    change = np.sqrt(np.mean((after - before) ** 2) / unrelated)
    print(f"change after pooling by the {name}: {change:.1%}")
