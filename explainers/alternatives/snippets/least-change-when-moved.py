import numpy as np

rng = np.random.default_rng(1)
waves = np.fft.fft2(rng.standard_normal((400, 32, 32)))
lowpass = np.exp(-((2 * np.pi * np.fft.fftfreq(32)) ** 2))
maps = np.fft.ifft2(waves * np.outer(lowpass, lowpass)).real
maps = np.maximum(maps / maps.std(), 0)  # smooth: σ = √2 pixels


def pooled(values, name):
    """Over windows of two by two, round; then every second value."""
    for axis in (1, 2):
        later = np.roll(values, -1, axis)
        if "max" in name:
            values = np.maximum(values, later)
        if name == "mean":
            values = (values + later) / 2
    for axis in (1, 2) if "blurred" in name else ():
        sides = np.roll(values, 1, axis) + np.roll(values, -1, axis)
        values = values / 2 + sides / 4
    return values[:, ::2, ::2]


for name in ("blurred max", "max", "mean", "every second value"):
    before, after = pooled(maps, name), pooled(np.roll(maps, 1, 2), name)
    change = np.mean((after - before) ** 2) / (2 * before.var())
    print(f"{name} changes by: {np.sqrt(change):.2f}")
