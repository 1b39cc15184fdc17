import numpy as np

power, clamp = 3, 1e-6
values = np.array([0.0, 1, 2, 3])


def slope(lifted):
    """Gradient of the generalised mean by its power; a zero adds nothing."""
    powers = lifted**power
    pooled = powers.mean() ** (1 / power)
    logs = np.log(np.where(lifted > 0, lifted, 1))
    mean_log = (powers * logs).sum() / powers.sum()
    return pooled / power * (mean_log - np.log(pooled))


print(f"gradient by the power: {slope(np.maximum(values, clamp)):.4f}")
with np.errstate(all="ignore"):
    said = "NaN" if np.isnan(slope(0 * values)) else "fine"
print("of zeros, without a clamp:", said)
