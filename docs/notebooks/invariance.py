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
# # Local translation invariance: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.

# %%
from fractions import Fraction

import numpy as np

from explainers import maps as kit
from explainers.invariance import dahlia, examples, figures, measured, model
from explainers.invariance.measured import equivariance_error, pooling, unchanged
from explainers.laws import lone_peak_unchanged
from explainers.operators import conv2d, shift2d

# %% [markdown]
# ## The tutorial's line
#
# How many values change when the line moves?

# %%
for shift in (-1, 1, 2, 3):
    print(f"moved by {shift:2}:", examples.line_example_changed(shift))

# %% [markdown]
# ## A convolution moves along

# %%
rng = np.random.default_rng(0)
picture, weight = rng.random((1, 32, 32)), rng.random((1, 1, 3, 3))
around = {"padding": 1, "padding_mode": "circular"}
moved = conv2d(shift2d(picture, 0, 1, mode="circular"), weight, **around)
along = shift2d(conv2d(picture, weight, **around), 0, 1, mode="circular")
print("outputs that differ, wrapping round:", (moved != along).sum())
print("of 224 × 224 with zeros around:     ", model.convolution_border(224, 224, 3, dx=1))

# %% [markdown]
# ## The laws, exactly
#
# Fractions, and the same by trying all places or many maps.

# %%
for k in (2, 3, 4):
    print(f"{k} × {k}: lone peak {lone_peak_unchanged(k, dx=1)}", end=", ")
    print(f"busy map {model.busy_map_unchanged(k, dx=1)}", end=", ")
    print(f"eight neighbours {model.eight_neighbours_unchanged(k)}")
print("half of the values zero:", model.busy_map_unchanged(2, dx=1, zeros=Fraction(1, 2)))
print("the mean:", model.mean_unchanged(2, dx=1))

# %%
peaks, busy = kit.lone_peaks(12), kit.busy_maps(500, 12)
print(f"all places of a peak: {unchanged(pooling('max', 3), peaks, dx=1, whole=True).value:.3f}")
print(f"500 busy maps:        {unchanged(pooling('max', 3), busy, dx=1).value:.3f}")

# %% [markdown]
# Windows of your own:

# %%
figures.unchanged_table(window=5)

# %% [markdown]
# ## What subsampling breaks, and what repairs it

# %%
maps = kit.smooth_maps(60, 64)
for name, method, stride in (
    ("max, every place", "max", 1),
    ("max, every second", "max", 2),
    ("max, blurred", "max blur", 2),
    ("max, adaptive phase", "max polyphase", 2),
):
    operator = pooling(method, 2, stride)
    error = equivariance_error(operator, maps, dx=1, fractional=True).value
    print(f"{name:20} error {error:.3f}")

# %%
for depth in (1, 2, 3):
    print(depth, measured.comb(depth, range(9)).value.round(2))

# %% [markdown]
# ## Smooth maps

# %%
series = measured.change_by_smoothness((0, 2, 4), ("max", "mean", "subsample"), maps=60)
print(series.value.round(3))

# %% [markdown]
# ## The dahlia

# %%
rates = dahlia.moved([1, 2, 3], ["max", "mean", "subsample"], equal_firing=True)
print("change", rates.change.round(3), sep="\n")
print("petals still found", rates.stays.round(3), sep="\n")

# %% [markdown]
# With windows of four by four:

# %%
figures.flower_shift(doublings=2)
