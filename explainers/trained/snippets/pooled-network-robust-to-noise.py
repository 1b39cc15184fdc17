import numpy as np

from explainers.trained.experiment import recorded

accuracy = {}  # with noise of 20% of black, the second of three
for row in recorded():
    accuracy.setdefault(row.arm, []).append(row.noise[1] / 500)

for readout in ("max", "flatten"):
    for pooling in ("max", "none"):
        each = accuracy[f"{pooling}-{readout}-circular-still-1297"]
        print(f"{readout}, pooling {pooling}: {np.mean(each):.0%}")
