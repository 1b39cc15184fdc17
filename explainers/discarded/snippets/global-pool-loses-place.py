import numpy as np

rng = np.random.default_rng(0)
place = 16 * rng.random((2000, 2))  # of a blob, on a map that wraps round
weights = rng.standard_normal((3, 3, 32))  # 32 filters, untrained


def profile(at):
    """A bell with a standard deviation of 1.5 pixels, along one axis."""
    away = (np.arange(0.5, 16) - at[:, None] + 8) % 16 - 8
    return np.exp(-((away / 1.5) ** 2) / 2)


maps = profile(place[:, 0])[:, :, None] * profile(place[:, 1])[:, None, :]
maps += 0.02 * rng.standard_normal(maps.shape)
for name, border in (("wrapped round", "wrap"), ("with zeros", "constant")):
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1)), border)
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))
    pooled = np.maximum(np.tensordot(seen, weights), 0).mean(axis=(1, 2))
    known = np.column_stack([np.ones(2000), pooled])
    read_out = np.linalg.lstsq(known[:1000], place[:1000])[0]
    away = known[1000:] @ read_out - place[1000:]
    print(f"RMS error {name}: {np.sqrt(np.mean(away**2)):.1f} pixels")
