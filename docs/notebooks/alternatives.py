# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What to take instead: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.

# %%
import numpy as np

from explainers.alternatives import dahlia, figures, measured, model, table
from explainers.alternatives.aggregates import AGGREGATES, aggregate, slope_in_p
from explainers.alternatives.pools import pool

# %% [markdown]
# ## One window, many numbers

# %%
window = np.array([0.0, 1, 2, 3])
for name in AGGREGATES:
    print(f"{name:20} {float(aggregate(name).pool(window)):.3f}")

# %% [markdown]
# ## Who finds most
#
# Seven of 49 units see the feature, at 5% false alarms: by law, and tried.

# %%
print(f"max {model.max_hit_rate(49, 7):.3f}, mean {model.mean_hit_rate(49, 7):.3f}")
for p in (1, 2, 3, 6):
    found = measured.hit_rate("generalised mean", 49, 7, p=p)
    print(f"p = {p}: {found.value:.3f} ({found.low:.3f} to {found.high:.3f})")
best = measured.best_hit_rate(49, 7, trials=4000)
print(f"the best test there is: {best.value:.3f}")

# %% [markdown]
# If half of the noise is shared, the best sum of max and mean takes the mean off:

# %%
rule = measured.concatenated_hit_rate(49, 7, correlation=0.5)
print(f"max × {rule.max_weight:.2f}, mean × {rule.mean_weight:.2f}: {rule.hit.value:.3f}")

# %% [markdown]
# The same as a picture, for other windows:

# %%
figures.hits_by_pool(units=16, seen=4)

# %% [markdown]
# ## A gradient that is no number

# %%
for clamp in (0, 1e-6):
    print(f"clamp {clamp}: {float(slope_in_p(window, 3, clamp)):.4f}")

# %% [markdown]
# ## Where was it?

# %%
for name in ("max", "mean", "every second value", "strided convolution", "space to depth"):
    error = measured.place_error(name, width=0)
    print(f"{name:20} {error.value:.3f} pixels")

# %% [markdown]
# ## A pool of your own on a map

# %%
pool("generalised mean", p=4)(np.arange(16.0).reshape(4, 4))[0].round(2)

# %% [markdown]
# ## Turned petals

# %%
found = dahlia.hit_by_angle((0, 45, 90), draws=8)
print("one template:", found.single.value.round(2), "bank:", found.bank.value.round(2))

# %% [markdown]
# At all angles, in more noise:

# %%
figures.bank_of_angles(noise=0.5, draws=8)

# %% [markdown]
# ## Some rows of the table

# %%
for row, cells in table.table(("max", "mean", "Lp"), (16,), trials=2000, maps=20).items():
    print(row, {name: round(cell.value, 3) for name, cell in cells.items() if "hit" in name})
