import numpy as np


def seen(k):  # which k × k windows of stride 2 hold each place of a round 14 × 14 map
    axis = (np.arange(14)[:, None] - np.arange(0, 14, 2)) % 14 < k
    return np.kron(axis, axis)


print(*(len(np.unique(seen(k), axis=0)) // 7**2 for k in (3, 2, 4)))  # per 2 × 2 places
i, j = np.triu_indices(14**2, 1)  # all pairs of places
pooled = seen(3)[i] | seen(3)[j]
_, which, count = np.unique(pooled, axis=0, return_inverse=True, return_counts=True)
away = [abs((a[i] - a[j] + 7) % 14 - 7) for a in np.divmod(np.arange(14**2), 14)]
print(*(np.mean(count[which][np.max(away, 0) == d] == 1).round(4) for d in (2, 3, 4)))
