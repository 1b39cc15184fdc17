import numpy as np

levels = 8
axes = np.meshgrid(*[np.arange(levels)] * 4)
windows = np.stack([axis.ravel() for axis in axes], axis=1)  # all there are


def bits(*outputs):
    counts = np.unique(np.stack(outputs, 1), axis=0, return_counts=True)[1]
    chances = counts / counts.sum()
    return -(chances * np.log2(chances)).sum()


largest, total = windows.max(axis=1), windows.sum(axis=1)
print(f"the window: {bits(*windows.T):.0f} bits")
print(f"max: {bits(largest):.2f}, mean {bits(total):.2f}")
print(f"both: {bits(largest, total):.2f}")
print(f"one value: {bits(windows[:, 0]):.0f}")
