import numpy as np

from explainers.trained.experiment import recorded

right = {}  # share of 500 unseen digits told right, by kind of network
for row in recorded():
    right.setdefault(row.arm, []).append(row.moves[0] / 500)

kinds = ("max-mean", "none-mean", "max-flatten", "none-flatten", "mean-flatten")
for kind in kinds:
    arm = f"{kind}-circular-still-1297"
    print(f"pooling-readout {kind}: {np.mean(right[arm]):.1%}")
