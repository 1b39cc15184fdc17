import numpy as np

from explainers.trained.experiment import recorded

for pooling in ("max", "none"):
    arm = f"{pooling}-flatten-circular-still-100"
    rows = [row for row in recorded() if row.arm == arm]
    trained = np.array([row.trained for row in rows]) / 100
    unseen = np.array([row.moves[0] for row in rows]) / 500
    gap = (trained - unseen).mean()
    print(f"pooling {pooling}, unseen digits told right: {unseen.mean():.1%}")
    print(f"pooling {pooling}, gap to the training: {gap:.1%}")
