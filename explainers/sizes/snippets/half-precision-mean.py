import numpy as np

ones = np.ones((112, 112), np.float16)
one_by_one = np.cumsum(ones, dtype=np.float16)[-1]
print(f"sum, one by one in float16: {one_by_one:,.0f}")
print(f"mean: {one_by_one / np.float32(ones.size):.3f}")

in_float32 = np.cumsum(ones, dtype=np.float32)[-1]
assert in_float32 / ones.size == 1
assert ones.mean() == 1  # NumPy adds float16 in float32
