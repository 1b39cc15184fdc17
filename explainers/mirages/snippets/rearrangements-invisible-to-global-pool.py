from math import log2

import numpy as np

parts, side = 9, 32
maps = np.eye(side**2)  # one part in its channel, at each place in turn
for pool in (np.max, np.mean):
    pooled = pool(maps, axis=1)
    assert (pooled == pooled[0]).all()  # it looks the same wherever the part is

alike = (side**2) ** parts  # arrangements, with each part anywhere
print(f"arrangements that look alike: a number of {len(str(alike))} digits")
print(f"what says where the parts are, and is lost: {log2(alike):.0f} bits")
