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
# # Multiplication counts: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.

# %%
from explainers.cost import figures
from explainers.cost.model import billions_after, depth_within, layers_to_reach
from explainers.networks.count import count, receptive_field
from explainers.networks.known import NETWORKS
from explainers.networks.layers import AdaptiveAvgPool2d, Conv2d, Linear, MaxPool2d
from explainers.networks.network import Network
from explainers.networks.poolings import POOLINGS
from explainers.networks.table import as_text

# %% [markdown]
# ## A network, layer by layer

# %%
print(as_text(count("vgg16")))

# %% [markdown]
# ## The same in three lines
#
# A convolution multiplies once for each weight at each place.

# %%
widths = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
sides = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3
dense = 7 * 7 * 512 * 4096 + 4096 * 4096 + 4096 * 1000
print(sum(9 * c * d * s * s for c, d, s in zip(widths, widths[1:], sides, strict=False)) + dense)

# %% [markdown]
# ## All networks, all poolings

# %%
for name in NETWORKS:
    totals = [f"{count(name, pooling=pooling).macs:>17,}" for pooling in POOLINGS]
    print(f"{name:<15}", *totals)
print(" " * 16 + " ".join(f"{pooling:>17}" for pooling in POOLINGS))

# %% [markdown]
# ## Billions, and at which size

# %%
for size in (64, 128, 224, 448):
    print(size, {name: billions_after(name, size) for name in ("alexnet", "vgg16", "resnet50")})

# %% [markdown]
# ## How far a unit sees

# %%
for name in ("vgg16", "resnet50"):
    print(name, receptive_field(name), "without pools", receptive_field(name, "removed"))
print("convolutions of 3 × 3 to see 212 pixels:", layers_to_reach(212))
print("with a pooling after every two:         ", layers_to_reach(212, pool_every=2))

# %% [markdown]
# ## What a budget buys

# %%
budget = 10 * 9 * 64**2 * 224**2
for poolings in range(4):
    fixed, doubled = (
        depth_within(budget, 224, 64, pool_every=1, poolings=poolings, widen=widen)
        for widen in (1, 2)
    )
    print(f"{poolings} poolings: {fixed:4} layers at fixed width, {doubled} with doubled channels")

figures.budget_depth(layers=20)

# %% [markdown]
# ## A network of your own

# %%
mine = Network(
    "mine",
    (
        Conv2d(32, 3, padding=1),
        MaxPool2d(2),
        Conv2d(64, 3, padding=1),
        MaxPool2d(2),
        AdaptiveAvgPool2d(1),
        Linear(10),
    ),
    input_size=32,
)
print(as_text(count(mine)))
print(f"without pools {count(mine, pooling='removed').macs / count(mine).macs:.2f} times as many")

# %%
figures.vgg16_layer_by_layer(size=320)
