import numpy as np

from explainers.trained.experiment import recorded

values, weights = {}, {}  # shares with gradient, of the first convolution
for row in recorded():
    values.setdefault(row.arm, []).append(row.positions[0])
    weights.setdefault(row.arm, []).append(row.reached[0])

arms = [f"{pooling}-flatten-circular-still-1297" for pooling in ("max", "none")]
for arm in arms:
    print(f"values, {arm}: {np.mean(values[arm]):.0%}")
for arm in arms:
    print(f"weights, {arm}: {np.mean(weights[arm]):.1%}")
