import numpy as np

from explainers.trained.experiment import recorded

moved = 2  # pixels to the right of where the training digits lie
for pooling in ("max", "none"):
    arm = f"{pooling}-flatten-circular-still-1297"
    right = [row.moves[moved] for row in recorded() if row.arm == arm]
    share = np.mean(right) / 500
    print(f"pooling {pooling}, moved digits told right: {share:.0%}")
