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
# # Sizes, borders and the order of layers: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.

# %%
import numpy as np

from explainers.sizes import chain, figures, masking, measured, model, numerics, order
from explainers.sizes.model import HALVING, SUMMARIES, Pool

# %% [markdown]
# ## From pooling to pooling

# %%
for size, pools in ((100, 4), (5, 4), (224, 5)):
    print(chain.as_text(chain.report([size], pools)), end="\n\n")

# %% [markdown]
# The same in one line: 2 × 2 side by side halves, and drops what is left over.

# %%
print([100 // 2**n for n in range(5)], model.pooled_sizes(100, [HALVING] * 4).sizes)

# %% [markdown]
# ## Down, and up again
#
# The share of the sizes from 16 to 512 at which an encoder and a decoder give back the size.

# %%
for depth in range(1, 6):
    share = float(model.share_that_close(depth))
    print(f"depth {depth}: {share:.1%}; next to 100: {model.next_size_that_closes(100, depth)}")

# %% [markdown]
# The same as a picture, for three poolings:

# %%
figures.sizes_that_close(depth=3, size=50)

# %% [markdown]
# ## Windows that adapt
#
# Is there an ordinary pooling with the same windows? Where there is none, what does the usual
# replacement get wrong, relative to the spread of the true values?

# %%
for size in (14, 15, 16, 20):
    pool = model.adaptive_is_ordinary(size, 7)
    same = f"kernel {pool.kernel_size}, stride {pool.stride}" if pool else "none"
    wrong = measured.replacement_error(size, 7).value
    print(f"{size} rows to 7: {same:20} wrong by {wrong:.0%}")

# %% [markdown]
# ## Padding

# %%
for size in (224, 225):
    pads = model.same_against_symmetric(size, 3, 2)
    differ = float(model.share_that_differs(size, 3, 2))
    added = f"SAME adds {pads.begin} and {pads.end}, PyTorch {pads.symmetric} on each side"
    print(f"{size} rows: {added}; {differ:.0%} of the maxima differ")
for (include_pad, ceil_mode), by_output in model.divisors(6, 3, 2, 1).items():
    print(f"count_include_pad={include_pad!s:5} ceil_mode={ceil_mode!s:5} divides by {by_output}")

# %% [markdown]
# ## Several poolings, one window

# %%
print([model.stacked_kernel([5] * n).kernel_size for n in (1, 2, 3)], model.comparisons([5] * 3))
print(model.stacked_kernel([2, 3], [2, 2]) == Pool(6, 4))

# %% [markdown]
# ## Small objects
#
# How often an object in noise is found after so many poolings of 2 × 2, by the law.

# %%
for depth in range(5):
    found = [f"{method} {model.hit_rate(2, depth, method):.0%}" for method in SUMMARIES]
    print(f"depth {depth}:", ", ".join(found))

# %% [markdown]
# Of weaker objects, after three poolings:

# %%
figures.small_objects(poolings=3, strength=2)

# %% [markdown]
# ## Which layers may change places

# %%
for activation in ("relu", "tanh", "gelu"):
    moved = [order.activation_and_pool(activation, pool=pool).share for pool in ("max", "mean")]
    print(f"{activation}: other values with max {moved[0]:.1%}, with mean {moved[1]:.1%}")
for gamma in (0.5, -0.5):
    print(f"norm with factor {gamma}: {order.norm_and_pool(gamma).share:.0%} other values")

# %% [markdown]
# ## Padding that is data

# %%
values = np.array([[-3, -1, 0, 0], [2, 4, 5, 1]])
mask = np.arange(4) < np.array([[2], [4]])
print("plain: ", values.max(axis=-1), values.mean(axis=-1))
print("masked:", masking.masked_max(values, mask), masking.masked_mean(values, mask))

# %% [markdown]
# ## Rounding
#
# How often the mean of int8 values is the rounded mean of the floats behind them; and how often a
# window has more than one largest value, of 256 levels that are equally likely.

# %%
for window in (2, 3, 4):
    same, ties = map(float, (numerics.int8_mean_same(window), numerics.tied(window)))
    print(f"{window} × {window}: the same mean {same:.1%}, ties {ties:.1%}")
