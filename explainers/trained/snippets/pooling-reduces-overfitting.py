import numpy as np

from explainers.trained.experiment import recorded

few = 100  # digits to train on
gaps = {}  # share told right of these, less that of 500 unseen ones
for row in recorded():
    gap = row.trained / few - row.moves[0] / 500
    gaps.setdefault(row.arm, []).append(gap)

for kind in ("blurred-max", "none-max", "none-flatten", "max-flatten"):
    arm = f"{kind}-circular-still-100"
    print(f"pooling-readout {kind}: {np.mean(gaps[arm]):.1%}")
