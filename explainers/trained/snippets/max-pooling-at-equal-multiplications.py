import numpy as np

from explainers.trained.experiment import recorded

accuracy = {}  # of each network of an arm, on 500 digits that it has not seen
for row in recorded():
    accuracy.setdefault(row.arm, []).append(row.moves[0] / 500)

# "slim" has no pooling, and 6 and 5 channels instead of 8 and 16.
for network in ("max", "slim"):
    each = accuracy[f"{network}-flatten-circular-still-1297"]
    print(f"{network}: {np.mean(each):.1%}")
