import numpy as np

from explainers.trained.experiment import recorded

few = 100  # digits to train on
accuracy = {}  # of each network of an arm, on 500 digits that it has not seen
for row in recorded():
    accuracy.setdefault(row.arm, []).append(row.moves[0] / 500)

for pooling in ("none", "mean", "max", "blurred"):
    each = accuracy[f"{pooling}-flatten-circular-still-{few}"]
    print(f"pooling {pooling}: {np.mean(each):.1%}")
