import numpy as np

from explainers.trained.experiment import recorded

for arm in ("max-max", "none-max", "none-flatten"):
    name = f"{arm}-circular-still-1297"
    kept = [row.kept / 500 for row in recorded() if row.arm == name]
    print(f"{arm}: {np.mean(kept):.0%} of the answers stay")
