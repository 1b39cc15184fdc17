import numpy as np

from explainers.trained.experiment import recorded

accuracy = {}  # of each network of an arm, on 500 digits that it has not seen
for row in recorded():
    accuracy.setdefault(row.arm, []).append(row.moves[0] / 500)

# A further convolution with a stride; max pooling; a stride in the same ones.
for network in ("learned", "max", "stride"):
    each = accuracy[f"{network}-flatten-circular-still-1297"]
    print(f"{network}: {np.mean(each):.1%}")
