import numpy as np

rough = np.random.default_rng(0).standard_normal((100, 64, 64))
# Filter it to a correlation length of 4 pixels.
frequencies = 2 * np.pi * np.fft.fftfreq(64)
gain = np.exp(-((4 * frequencies) ** 2) / 4)
smooth = np.fft.ifft2(np.fft.fft2(rough) * np.outer(gain, gain)).real


def change(before, after):
    """Of the difference between unrelated maps."""
    unrelated = 2 * np.var([before, after])
    return np.sqrt(np.mean((after - before) ** 2) / unrelated)


for name, maps in (("rough", rough), ("smooth", smooth)):
    pair = np.stack([maps, np.roll(maps, 1, axis=2)])
    windows = pair.reshape(2, 100, 32, 2, 32, 2)
    with_max = change(*windows.max(axis=(3, 5)))
    without = change(*pair[:, :, ::2, ::2])
    print(f"{name} map: changes by {with_max:.1%}, without max {without:.1%}")
