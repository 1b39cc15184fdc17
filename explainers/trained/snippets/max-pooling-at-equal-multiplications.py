import numpy as np

from explainers.trained.experiment import recorded

right = {}  # share of 500 unseen digits told right, by kind of network
for row in recorded():
    right.setdefault(row.arm, []).append(row.moves[0] / 500)

# narrow and slim: no pooling, and so few channels that they multiply as often
for kind in ("max-max", "narrow-max", "max-flatten", "slim-flatten"):
    arm = f"{kind}-circular-still-1297"
    print(f"network-readout {kind}: {np.mean(right[arm]):.1%}")
