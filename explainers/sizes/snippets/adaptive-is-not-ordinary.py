import numpy as np

rows, even, over, windows = 10, 14, 15, 7
adaptive = np.zeros((windows, rows))  # what each row weighs in each mean
usual = np.zeros((windows, rows))
stride = rows // windows
kernel = rows - (windows - 1) * stride
for i in range(windows):
    begin, end = i * rows // windows, -(-(i + 1) * rows // windows)
    adaptive[i, begin:end] = 1 / (end - begin)
    usual[i, i * stride : i * stride + kernel] = 1 / kernel
lengths = (adaptive > 0).sum(axis=1)
print(f"rows in an adaptive window: {lengths.min()} or {lengths.max()}")

noise = np.random.default_rng(0).standard_normal((20000, rows, rows))
difference = adaptive @ noise @ adaptive.T - usual @ noise @ usual.T
error = np.sqrt(np.mean(difference**2))
print(f"RMS error of the usual replacement: {error:.0%} of the deviation")
