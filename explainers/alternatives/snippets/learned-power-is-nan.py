import numpy as np

power, clamp = 3, 1e-6
values = np.array([0.0, 1, 2, 3])


def slope(lifted):
    """Gradient of the generalised mean by its power; 0 to the power, times its logarithm, is 0."""
    powers = lifted**power
    pooled = powers.mean() ** (1 / power)
    logs = (powers * np.log(np.where(lifted > 0, lifted, 1))).sum() / powers.sum()
    return pooled / power * (logs - np.log(pooled))


print(f"gradient by the power: {slope(np.maximum(values, clamp)):.4f}")
with np.errstate(all="ignore"):
    print("of zeros, without a clamp:", "NaN" if np.isnan(slope(0 * values)) else "fine")
