import numpy as np


def profile(at):
    """A bell with a standard deviation of 1.5 pixels, along one axis."""
    away = (np.arange(0.5, 16) - at[:, None] + 8) % 16 - 8
    return np.exp(-((away / 1.5) ** 2) / 2)


def error(border, seed):
    rng = np.random.default_rng(seed)
    place = 16 * rng.random((1000, 2))  # of a blob, on a map that wraps round
    rows, columns = profile(place[:, 0]), profile(place[:, 1])
    maps = rows[:, :, None] * columns[:, None, :]
    maps += 0.02 * rng.standard_normal(maps.shape)
    weights = rng.standard_normal((3, 3, 32))  # 32 filters, untrained
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1)), border)
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))
    pooled = np.maximum(np.tensordot(seen, weights), 0).mean(axis=(1, 2))
    known = np.column_stack([np.ones(1000), pooled])
    read_out = np.linalg.lstsq(known[:500], place[:500])[0]
    return np.sqrt(np.mean((known[500:] @ read_out - place[500:]) ** 2))


for name, border in (("wrapped round", "wrap"), ("with zeros", "constant")):
    average = np.mean([error(border, seed) for seed in range(8)])
    print(f"RMS error {name}: {average:.1f} pixels")
