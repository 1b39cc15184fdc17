import numpy as np

rng = np.random.default_rng(1)
waves = np.fft.fft2(rng.standard_normal((400, 32, 32)))
lowpass = np.exp(-((2 * np.pi * np.fft.fftfreq(32)) ** 2))
maps = np.fft.ifft2(waves * np.outer(lowpass, lowpass)).real
maps = np.maximum(maps / maps.std(), 0)  # smooth: σ = √2 pixels


def pooled(values, blurred):
    for axis in (1, 2):
        values = np.maximum(values, np.roll(values, -1, axis))
    for axis in (1, 2) if blurred else ():
        sides = np.roll(values, 1, axis) + np.roll(values, -1, axis)
        values = values / 2 + sides / 4
    return values[:, ::2, ::2]


for name in ("max", "blurred max"):
    pair = [pooled(m, "blurred" in name) for m in (maps, np.roll(maps, 1, 2))]
    before, after = pair
    shifts = np.array([np.roll(before, s, axis=2) for s in (0, 1)])
    left = ((after - shifts) ** 2).mean(axis=(2, 3)).min(axis=0)
    rest = np.sqrt(left.mean() / (2 * before.var()))
    print(f"{name}, left after a shift: {rest:.2f}")
