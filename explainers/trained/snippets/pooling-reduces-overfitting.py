import numpy as np

from explainers.trained.experiment import recorded

few = 100  # digits to train on
gaps = {}  # share told right of these, less that of 500 unseen ones
for row in recorded():
    gap = row.trained / few - row.moves[0] / 500
    gaps.setdefault(row.arm, []).append(gap)

for pooling in ("none", "max", "overlap", "blurred", "mean"):
    each = gaps[f"{pooling}-flatten-circular-still-{few}"]
    print(f"pooling {pooling}: {np.mean(each):.1%}")
