import numpy as np

from explainers.trained import dropping
from explainers.trained.experiment import DROPPED, recorded

few = 100  # digits to train on
kept = {}
for row in recorded():
    kept.setdefault(row.arm, []).append(row)
for row in recorded(DROPPED, dropping.measure):
    kept.setdefault(f"dropout, {row.arm}", []).append(row)

for kind in ("none", "dropout, none", "max", "dense"):
    rows = kept[f"{kind}-flatten-circular-still-100"]
    gaps = [row.trained / few - row.moves[0] / 500 for row in rows]
    print(f"{kind}: {np.mean(gaps):.1%}")
