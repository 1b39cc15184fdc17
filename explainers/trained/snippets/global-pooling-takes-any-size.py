import numpy as np

from explainers.trained.experiment import recorded

larger = {}  # right answers on a larger canvas, of 500
for row in recorded():
    larger.setdefault(row.arm, []).append(row.larger)

for network in ("max-max", "max-mean", "none-mean"):
    each = np.array(larger[f"{network}-circular-still-1297"]) / 500
    pooling, _, readout = network.partition("-")
    print(f"pooling {pooling}, global {readout}: {each.mean():.1%}")
