import numpy as np

from explainers.trained import dropping
from explainers.trained.experiment import DROPPED, recorded

few = 100  # digits to train on
arms = {"none": "none-flatten-circular-still-100", "max": "max-flatten-circular-still-100"}
kept = {name: [row for row in recorded() if row.arm == arm] for name, arm in arms.items()}
with_dropout = recorded(DROPPED, dropping.measure)
kept["dropout"] = [row for row in with_dropout if row.arm == arms["none"]]

for name in ("none", "dropout", "max"):
    gaps = [row.trained / few - row.moves[0] / 500 for row in kept[name]]
    print(f"{name}: gap {np.mean(gaps):.1%}")
