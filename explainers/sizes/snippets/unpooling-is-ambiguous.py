import numpy as np

pooled_rows = 7 // 2  # the last of seven rows is in no 2 × 2 window
back = pooled_rows * 2
print(f"rows that come back of a 7 × 7 map: {back}")

# Places that windows see, counted along the rows of 7, and read in rows of 6:
row, column = np.indices((back, back))
index = row * 7 + column
displaced = (index // back != row) | (index % back != column)
print(f"places that are others now: {displaced.mean():.0%}")

# At the right size, each window gives back its maximum.
windows = np.random.default_rng(0).random((49, 4))
returned = windows == windows.max(axis=1, keepdims=True)
print(f"values that are back: {returned.mean():.0%}")
