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
# # Objects that are not there: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.

# %%
import itertools

import numpy as np

from explainers.mirages import dahlia, figures, measured, model
from explainers.operators import max_pool2d

# %% [markdown]
# ## Counting
#
# How many arrangements of a flower's nine parts give the same pooled maps?

# %%
flower = model.flower()
every = model.arrangements(flower)
for k in (2, 4, 8, 16, 32):
    hidden = model.invisible(flower, k)
    told = f"{model.bits(hidden):.0f} of {model.bits(every):.0f} bits"
    print(f"{k:2} × {k:2}: {hidden:34,d}   {told}")

# %% [markdown]
# The same by trying all places of two like parts on a small map.

# %%
places = list(itertools.product(range(4), repeat=2))


def pooled(pair):
    x = np.zeros((4, 4))
    x[tuple(np.transpose(pair))] = 1
    return max_pool2d(x, 2).tolist()


pair = ((0, 1), (1, 0))
same = sum(pooled(other) == pooled(pair) for other in itertools.combinations(places, 2))
print("tried:", same, " counted:", model.same_windows(2, occupied=1, parts=2))

# %% [markdown]
# ## Scrambling
#
# Share of scrambled flowers accepted, for windows of 1, 2, 4, 8, 16 and 32.

# %%
for directed in (True, False):
    found = measured.acceptance(directed=directed, draws=300)
    print("a channel for each petal" if directed else "petals share a channel")
    for kind, shares in zip(measured.SCRAMBLES, found.scrambled.value, strict=True):
        print(f"  {kind:9}", shares.round(2))

# %% [markdown]
# Larger windows in the picture:

# %%
figures.scrambled_flowers(doublings=4)

# %% [markdown]
# ## Overlap

# %%
for kernel, stride in ((2, 2), (3, 2), (4, 2), (5, 3)):
    print(f"{kernel} × {kernel}, stride {stride}:", model.lone_part_code(kernel, stride))
print(model.pairs_told_apart(3, 2).told.round(2))

# %% [markdown]
# ## Look, then pool
#
# Rows: the map as it is, pooled before looking, looked at before pooling. Columns: true flowers,
# true flowers moved to anywhere, two petals exchanged, parts anywhere.

# %%
print(measured.before_or_after(draws=300).value.round(2))

# %% [markdown]
# ## The dahlia

# %%
found = dahlia.acceptance(draws=40)
print(dahlia.WINDOWS)
print(found.scrambled.value.round(2))

# %% [markdown]
# In larger pieces:

# %%
figures.dahlia_scrambled(rings=2, doublings=2)
