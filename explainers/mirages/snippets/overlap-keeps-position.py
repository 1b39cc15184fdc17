from collections import Counter

import numpy as np

# Which 3 × 3 windows with stride 2 hold each place, if the map wraps round?
side, starts = 14, np.arange(0, 14, 2)
along = (np.arange(side)[:, None] - starts) % side < 3
holding = np.kron(along, along)  # 14 × 14 places, 7 × 7 windows
patterns = len(np.unique(holding, axis=0)) / starts.size**2
print(f"patterns in a 2 × 2 block: {patterns:.0f}")

# A pair of like parts shows in all windows that hold one or the other.
one, other = np.triu_indices(side**2, 1)
pooled = holding[one] | holding[other]
pooled_maps = [pair.tobytes() for pair in pooled]
times = Counter(pooled_maps)
found = np.array([times[each] == 1 for each in pooled_maps])  # no other has it
row, column = np.divmod(np.arange(side**2), side)
away = np.abs([row[one] - row[other], column[one] - column[other]])
distance = np.minimum(away, side - away).max(axis=0)  # the map wraps round
pinned_down = found[distance == 2].mean()
print(f"pairs two places apart that are pinned down: {pinned_down:.0%}")
