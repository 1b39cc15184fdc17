import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

side, drawn = 513, np.random.default_rng(0)
each = np.arange(side * side).reshape(side, side)
places = sliding_window_view(each, (3, 3))[::2, ::2]  # of each window's values
passed = drawn.standard_normal(places.shape[:2]).astype(np.float32) / 9
terms = np.broadcast_to(passed[:, :, None, None], places.shape)

gradients = np.zeros((2, side * side), np.float32)
orders = np.arange(terms.size), drawn.permutation(terms.size)
for gradient, order in zip(gradients, orders, strict=True):
    np.add.at(gradient, places.ravel()[order], terms.ravel()[order])
differ, held = gradients[0] != gradients[1], np.bincount(places.ravel())
assert not differ[held < 3].any()
print(f"sums of four terms that differ: {differ[held == 4].mean():.1%}")
print(f"windows that hold a value: {held.max()}")
