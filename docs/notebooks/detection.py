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
# # Noisy petal detectors: the numbers
#
# Each cell reaches numbers of the chapter in a few lines. Change one, and run it.
#
# To run it yourself: in a checkout, `make site`, then open this notebook with the Python of
# `.venv`.

# %%
import numpy as np

from explainers import flower, laws
from explainers.detection import dahlia, figures, model
from explainers.detection.measured import Units, simulate

# %% [markdown]
# ## The *or* of four detectors
#
# Hits rise, and false alarms too: it is the same formula.

# %%
hit, false_alarm = 0.8, 0.05

rates = {
    "all see the petal": [hit] * 4,
    "one sees it": [hit] + [false_alarm] * 3,
    "nobody does": [false_alarm] * 4,
}
for name, each in rates.items():
    print(f"{name:20} {model.any_fires(each):.4f}")
print(f"{'one fixed, anywhere':20} {(hit + 3 * false_alarm) / 4:.4f}")

# %% [markdown]
# Try a window of three by three, or worse detectors.

# %%
figures.or_gate(units=9, hit=0.6)

# %% [markdown]
# ## At equal false alarms
#
# The same comparison with every threshold tuned to the same false-alarm rate.

# %%
alpha, d_prime, n = 0.05, 2, 4

print(f"known place    {model.known_place_hit_rate(alpha, d_prime):.4f}")
print(f"max, one sees  {model.max_hit_rate(alpha, d_prime, n, 1):.4f}")
print(f"unknown place  {model.unknown_place_hit_rate(alpha, d_prime, n, 1):.4f}")

# %% [markdown]
# What does a stricter false-alarm rate change?

# %%
figures.equal_false_alarms(false_alarm=0.01)

# %% [markdown]
# ## Max or mean?

# %%
d_primes = np.array([1, 2, 3])

for seen in (1, 4):
    print(f"{seen} of 4 see it: max ", model.max_auc(d_primes, 4, seen).round(4))
    print("              mean", model.mean_auc(d_primes, 4, seen).round(4))
print("the max overtakes at d′ =", model.max_overtakes_mean(4, [1, 2, 3, 4]))

# %% [markdown]
# ## The max of noise

# %%
for n in (1, 4, 9, 49):
    noise = laws.max_of_noise(n)
    print(f"max of {n:2}: {noise.mean:.3f} ± {noise.sd:.3f}")

# %% [markdown]
# ## Voting: k of four, at equal false alarms

# %%
print("one sees:", model.vote_hit_rate([1, 2, 3, 4], 0.05, 2, 4, 1).round(4))
print("all see: ", model.vote_hit_rate([1, 2, 3, 4], 0.05, 2, 4, 4).round(4))

# %% [markdown]
# ## Other assumptions
#
# The laws need independent, equal detectors. `simulate` does not: here their noise is correlated,
# and one is much noisier than the others.

# %%
units = Units(n=4, seen=1, d_prime=2, sd=[1, 1, 1, 2], correlation=0.5, anywhere=True)
for pool in ("max", "mean", "single"):
    result = simulate(units, pool, trials=50_000, seed=1)
    print(f"{pool:7} area {result.auc.value:.3f}  petals found {result.hit_rate.value:.3f}")

# %% [markdown]
# ## The dahlia
#
# How many petals does the clean photograph have, and what does the *or* of neighbours promise and
# keep?

# %%
gain = dahlia.or_gain(0.3)
print("petals                 ", flower.petals().row.size)
print("noise correlation      ", round(gain.correlation, 3))
print("missed by one detector ", round(1 - float(gain.hit.unit), 4))
print("promised for the or    ", round(1 - float(gain.hit.independent), 4))
print("missed by the or       ", round(1 - float(gain.hit.pooled), 4))

# %% [markdown]
# A displaced petal, in a larger window:

# %%
figures.flower_displaced(window=3, draws=100)

# %% [markdown]
# And the search for all petals, max pooling against the rest:

# %%
counts = dahlia.petal_counts((0.3,), threshold=0.4)
for method, lost in zip(flower.METHODS, counts.lost.value[:, 0], strict=True):
    print(f"{method:10} loses {lost:.1%}")
