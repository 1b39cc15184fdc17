from itertools import permutations, product

import numpy as np

# Six values in three columns of two, in every order. They are powers of two,
# because no two different sums of such are the same.
orders = np.array(list(permutations(2 ** np.arange(6))))
# And with every choice of zeros: each value is zero half of the time.
kept = np.array(list(product((0, 1), repeat=6)))
rectified = (orders[:, None] * kept).reshape(-1, 6)


def stays(pool, values):
    before = pool(values[:, :4], axis=1)  # the first two columns
    after = pool(values[:, 2:], axis=1)  # one pixel on: the last two
    return np.mean(before == after)


means, maxima = stays(np.mean, rectified), stays(np.max, rectified)
print(f"maxima that stay: {stays(np.max, orders):.1%}")
print(f"any mean that stays: {stays(np.mean, orders) > 0}")
print(f"if half are zero: {means:.2%} of the means, {maxima:.1%} of the maxima")
