import numpy as np

rough = np.random.default_rng(0).standard_normal((100, 64, 64))
gain = np.exp(-((2 * np.pi * 4 * np.fft.fftfreq(64)) ** 2) / 4)  # length 4
smooth = np.fft.ifft2(np.fft.fft2(rough) * np.outer(gain, gain)).real
for maps in (rough, smooth):
    pair = np.stack([maps, np.roll(maps, 1, axis=2)]).reshape(2, 100, 32, 2, 32, 2)
    for pooled in (pair.max(axis=(3, 5)), pair[:, :, :, 0, :, 0]):
        squares = (pooled[1] - pooled[0]) ** 2
        print(np.sqrt(squares.mean() / (2 * pooled.var())).round(4))
