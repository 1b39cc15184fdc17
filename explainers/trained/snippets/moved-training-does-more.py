import numpy as np

from explainers.trained.experiment import recorded

accuracy = {}  # of each network of an arm, on digits moved by 0 to 8 pixels
for row in recorded():
    accuracy.setdefault(row.arm, []).append(np.mean(row.moves) / 500)

for pooling in ("none", "max"):
    for training in ("still", "moved"):
        each = accuracy[f"{pooling}-flatten-circular-{training}-1297"]
        print(f"pooling {pooling}, training {training}: {np.mean(each):.0%}")
