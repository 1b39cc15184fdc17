import numpy as np

stride, side = 2, 40
for kernel in (3, 4):
    windows = np.zeros(side)  # in how many windows each place lies
    for first in range(0, side - kernel + 1, stride):
        windows[first : first + kernel] += 1
    cell = windows[side // 2 : side // 2 + stride]  # away from the border
    both_ways = np.outer(cell, cell)
    if kernel == 3:
        print(f"fewest windows, a side of three: {both_ways.min():.0f}")
        print(f"most windows, a side of three: {both_ways.max():.0f}")
    else:
        print(f"windows for all, a side of four: {both_ways.min():.0f}")
