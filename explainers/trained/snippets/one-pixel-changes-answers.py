import numpy as np

from explainers.trained.experiment import recorded

changed = {}  # answers of each network that change with the first pixel
for row in recorded():
    changed.setdefault(row.arm, []).append(row.changed[0] / 500)

for network in ("max-flatten", "none-flatten", "max-max"):
    each = changed[f"{network}-circular-still-1297"]
    print(f"{network}: {np.mean(each):.0%}")
