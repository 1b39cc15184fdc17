import numpy as np

drawn = np.random.default_rng(0).uniform(10, 90, (1_000_000, 4))  # 2 × 2
whole = np.rint(drawn).astype(np.int8)
assert (whole.max(axis=1) == np.rint(drawn.max(axis=1))).all()

mean, exact = whole.mean(axis=1), np.rint(drawn.mean(axis=1))
differ = np.rint(mean) != exact
print(f"means that differ, rounded: {differ.mean():.1%}")
differ = np.trunc(mean) != exact
print(f"means that differ, truncated: {differ.mean():.1%}")
