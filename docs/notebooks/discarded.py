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
# # What is thrown away: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.

# %%
from fractions import Fraction

import numpy as np

from explainers import flower
from explainers.discarded import counts, figures, gradients, measured, model
from explainers.operators import avg_pool2d, max_pool2d, pool_output_size

# %% [markdown]
# ## Values kept, and the size of the output

# %%
for size, arguments in ((224, (2,)), (7, (2,)), (112, (3, 2, 1))):
    print(size, arguments, "→", pool_output_size(size, *arguments), model.kept(size, *arguments))

# %% [markdown]
# ## Winners, and the gradient
#
# The count of windows that a value wins is the gradient of the sum of all pooled values.

# %%
values = np.random.default_rng(0).integers(0, 9, (4, 4))
print(values, gradients.winners(values, 2), gradients.winners(values, 3, 1), sep="\n\n")

# %%
for kernel, stride in ((2, 2), (3, 3), (3, 2), (2, 1)):
    share = gradients.gradient_share(kernel, stride)
    print(f"{kernel} × {kernel}, stride {stride}: {share} = {float(share):.4f}")
print("half of the values zero:", gradients.gradient_share(2, zeros=Fraction(1, 2)))
print("padded maps, by trying:", measured.gradient_reach(3, 2, 1).received)

# %% [markdown]
# ## How many maps look the same
#
# Exactly, however many there are.

# %%
small = np.array([[1, 2, 3, 4], [5, 7, 6, 8]])
print("in windows:  ", counts.rearrangements_in_windows(small.shape, 2))
print("the same max:", counts.rearrangements_with_same_max(small, 2))
print("8 × 8:       ", counts.readable(counts.rearrangements_in_windows(8, 2)))

# %%
photo = np.rint(flower.grey()[:426] * 255)
print("max: ", counts.readable(counts.maps_with_one_image(max_pool2d(photo, 2), 2)))
print("mean:", counts.readable(counts.maps_with_one_image(4 * avg_pool2d(photo, 2), 2, "mean")))

# %%
for rate in (0.02, 0.05, 0.2, 0.5):
    kept = {name: counts.kept_bits_binary(name, 2, rate).round(2) for name in model.SUMMARIES}
    print(f"detectors fire at {rate:.0%}, bits kept of a window: {kept}")

# %% [markdown]
# ## Rebuilding the dahlia

# %%
for method in measured.REBUILDERS:
    print(f"{method:10}", measured.rebuilt(photo, method))

# %%
figures.rebuilt_dahlia(doublings=3)

# %% [markdown]
# ## Reading the place

# %%
for kernel, stride in ((2, 2), (3, 2), (4, 4)):
    for width in (0, 0.5, 1, 2):
        found = measured.decode_position(kernel, stride, width=width)
        error, chance = found.error.value, found.chance
        print(
            f"{kernel} × {kernel}, stride {stride}, σ {width}: {error:.3f} of {chance:.3f} pixels"
        )

# %% [markdown]
# A feature of your own:

# %%
figures.decoded_position(width=0.4)

# %% [markdown]
# ## The rectifier, and the padding

# %%
print("means that do not change:", [str(model.mean_commutes(k)) for k in (1, 2, 3)])
print(model.zero_padding(112, kernel_size=3, stride=2, padding=1))
