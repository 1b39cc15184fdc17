import numpy as np

rng = np.random.default_rng(1)
frequency = np.fft.fftfreq(32) ** 2
smooth = np.exp(-((2 * np.pi) ** 2) * (frequency[:, None] + frequency))
waves = np.fft.fft2(rng.standard_normal((400, 32, 32)))
maps = np.fft.ifft2(waves * smooth).real  # noise, blurred with σ = √2 pixels
maps = np.maximum(maps / maps.std(), 0)


def around(values, pick):
    """Picked of each value and its neighbours: down, across, both."""
    down = np.roll(values, -1, axis=1)
    across = np.roll(values, -1, axis=2)
    return pick([values, down, across, np.roll(down, -1, axis=2)], axis=0)


def blur(values):
    for axis in (1, 2):
        sides = np.roll(values, 1, axis) + np.roll(values, -1, axis)
        values = values / 2 + sides / 4
    return values


moved = np.roll(maps, 1, axis=2)
pairs = {"max": [around(m, np.max) for m in (maps, moved)]}
pairs = {"blurred max": [blur(m) for m in pairs["max"]], **pairs}
pairs["mean"] = [around(m, np.mean) for m in (maps, moved)]
pairs["every second value"] = [maps, moved]
for name, pair in pairs.items():
    before, after = (m[:, ::2, ::2] for m in pair)
    change = np.sqrt(((after - before) ** 2).mean() / (2 * before.var()))
    print(f"{name} changes by: {change:.2f}")
