import numpy as np

from explainers.trained.experiment import recorded

larger, own = {}, {}  # share told right on the larger canvas, and on their own
for row in recorded():
    own.setdefault(row.arm, []).append(row.moves[0] / 500)
    if row.larger is not None:
        larger.setdefault(row.arm, []).append(row.larger / 500)

for kind in ("max-max", "none-mean"):
    arm = f"{kind}-circular-still-1297"
    print(f"larger canvas, {arm}: {np.mean(larger[arm]):.1%}")
    print(f"own canvas, {arm}: {np.mean(own[arm]):.1%}")
