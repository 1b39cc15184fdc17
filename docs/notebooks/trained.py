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
# # Trained networks: train one yourself
#
# From nothing, in seconds. Change the pooling, and train it again.

# %%
import numpy as np

from explainers.trained import comparisons, figures, statistics
from explainers.trained.arms import Arm
from explainers.trained.digits import everywhere, placed, split
from explainers.trained.layers import POOLINGS
from explainers.trained.model import Architecture, Stage, forward, initial, train

# %% [markdown]
# ## A network
#
# Two convolutions, with a pooling behind each. What can stand there:

# %%
for name, pooling in POOLINGS.items():
    print(f"{name:8}", pooling)

# %%
pooling, readout = "max", "flatten"
network = Architecture((Stage(8, pooling), Stage(16, pooling)), readout)
print([weights.shape for weights in initial(network)])

# %% [markdown]
# ## The digits
#
# Of one split: 300 to train on, and 500 that the network never sees.

# %%
known, unseen = split(300, seed=0)
for row in placed(known.pictures)[0, 4:12]:
    print("".join(" .:-=+*#%@"[int(9 * value)] for value in row))
print("shows a", known.labels[0])

# %% [markdown]
# ## Train it

# %%
trained = train(network, placed(known.pictures)[None], known.labels, seed=0)


def right(digits, move=0):
    answers = trained.answers(placed(digits.pictures, move))
    return np.mean(answers == digits.labels)


print(f"trained on: {right(known):.1%}, unseen: {right(unseen):.1%}")
for move in range(4):
    print(f"moved by {move}: {right(unseen, move):.1%}")

# %% [markdown]
# ## On moved digits
#
# Each time that a digit is shown, it lies at one of nine places.

# %%
trained = train(network, everywhere(known.pictures), known.labels, steps=600, seed=0)
for move in range(4):
    print(f"moved by {move}: {right(unseen, move):.1%}")

# %% [markdown]
# ## Where the gradient goes
#
# The slope of the loss along each stage's values: the share that is not 0.

# %%
for name in ("none", "mean", "max"):
    shown = Architecture((Stage(8, name), Stage(16, name)))
    passed = forward(shown, initial(shown), placed(known.pictures[:50]))
    passed.back(np.ones_like(passed.logits))
    print(name, [f"{np.mean(slope != 0):.0%}" for slope in passed.slopes])

# %% [markdown]
# ## What was recorded
#
# All networks of the chapter, seed by seed: any two arms, by any measure.

# %%
one, other = Arm("max", "mean"), Arm("none", "mean")
for measure in ("accuracy", "gap", "changed by a pixel", "accuracy, noise 0.2"):
    first, second = (comparisons.numbers(arm, measure) for arm in (one, other))
    found = statistics.mean(first - second)
    print(f"{measure:20} {found.value:+.3f}, from {found.low:+.3f} to {found.high:+.3f}")

# %%
figures.moving_comb(move=1)

# %%
figures.parts_exchanged()

# %% [markdown]
# ## On a cluster
#
# `experiment.run` takes any executor of `concurrent.futures`' kind. Here it is two threads; with
# dask and a cluster, `dask.distributed.Client("scheduler:8786").get_executor()` is one, too.

# %%
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from explainers.trained import experiment

arms = [Arm(pooling, "max", size=100) for pooling in ("stride", "max")]
with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as executor:
    for row in experiment.run(arms, [100], executor, Path(folder) / "records.jsonl", quiet=True):
        print(row.arm, f"{row.moves[0] / 500:.1%}")
