import numpy as np

from explainers.trained.experiment import recorded

rows = {name: [] for name in ("max", "none")}
for row in recorded():
    name, _, rest = row.arm.partition("-")
    if name in rows and rest == "flatten-circular-still-1297":
        rows[name].append(row)

for name, each in rows.items():
    print(f"{name}: {np.mean([row.positions[0] for row in each]):.0%} of the first values")
print(f"max: {np.mean([row.reached[0] for row in rows['max']]):.1%} of the first weights")
