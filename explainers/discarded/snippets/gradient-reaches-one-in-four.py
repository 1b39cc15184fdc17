from itertools import product

import numpy as np

reached, useful = [], []
for signs in product((-1, 1), repeat=4):  # a 2 × 2 window before the ReLU
    rectified = np.maximum(signs, 0)
    gradient = np.zeros(4)
    gradient[rectified.argmax()] = 1  # the largest value gets all of it
    reached.append(np.mean(gradient != 0))
    through_relu = np.where(rectified > 0, gradient, 0)  # a zero passes none on
    useful.append(np.mean(through_relu != 0))
print(f"inputs of the pooling with gradient: {np.mean(reached):.0%}")
print(f"inputs of the ReLU with gradient: {np.mean(useful):.1%}")
