import numpy as np

maps = np.random.default_rng(0).standard_normal((100, 64, 64))
pair = np.stack([maps, np.roll(maps, 1, axis=2)])
dense = np.max([np.roll(pair, (-i, -j), (2, 3)) for i, j in np.ndindex(2, 2)], axis=0)
half = np.exp(-1j * np.pi * np.fft.fftfreq(32))  # a move by half an element
for taps in (1, 3, 5, 7):
    gain = np.cos(np.pi * np.fft.fftfreq(64)) ** (taps - 1)  # (1, 2, 1) / 4 for three
    kept = np.fft.ifft2(np.fft.fft2(dense) * np.outer(gain, gain)).real[..., ::2, ::2]
    left = kept[1] - np.fft.ifft(np.fft.fft(kept[0]) * half).real
    print(np.sqrt(np.mean(left**2) / (2 * kept.var())).round(4))
