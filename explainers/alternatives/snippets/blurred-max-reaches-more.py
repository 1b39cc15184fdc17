import numpy as np

rng = np.random.default_rng(0)
white = rng.standard_normal((50, 32, 32))
waves = np.fft.fftfreq(32)
gain = np.exp(-((2 * np.pi * 4 * waves) ** 2) / 4)  # smooth over four pixels
smooth = np.fft.ifft2(np.fft.fft2(white) * gain[:, None] * gain).real


def reached(maps, step):
    """Share of values that are the largest of a window of 2 × 2."""
    won = np.zeros(maps.shape, bool)
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    windows = [np.roll(maps, (-i, -j), (1, 2)) for i, j in corners]
    place = np.argmax(windows, axis=0)
    for number, corner in enumerate(corners):
        here = np.zeros(maps.shape, bool)
        here[:, ::step, ::step] = (place == number)[:, ::step, ::step]
        won |= np.roll(here, corner, (1, 2))
    return won.mean()


print(f"blurred max: {reached(white, 1):.0%}")
print(f"max: {reached(white, 2):.0%}")
print(f"blurred max, smooth: {reached(smooth, 1):.0%}")
