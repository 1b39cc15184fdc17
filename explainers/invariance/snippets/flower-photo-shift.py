from explainers.invariance.dahlia import moved

# The dahlia's petal map before and after a move of the photograph by one pixel, with
# thresholds such that the same share of the values is above for each way to pool.
pooled = moved([1], ["max", "subsample"], window=2, equal_firing=True)
full = moved([1], ["max"], window=1, equal_firing=True)
print(*pooled.stays[:, 0], full.stays[0, 0])  # petals that the same value still finds
print(pooled.unchanged.max())  # of all pooled values
