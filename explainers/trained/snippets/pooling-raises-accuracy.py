import numpy as np

from explainers.trained.experiment import recorded

accuracy = {}  # of each network of an arm, on 500 digits that it has not seen
for row in recorded():
    accuracy.setdefault(row.arm, []).append(row.moves[0] / 500)

for readout in ("mean", "flatten"):
    for pooling in ("max", "none"):
        each = accuracy[f"{pooling}-{readout}-circular-still-1297"]
        print(f"{readout}, pooling {pooling}: {np.mean(each):.1%}")
