channels, kernel, window = 64, 3, 2
taps = kernel * kernel
values = window * window
print(f"strided convolution, multiplications: {taps * channels}")
print(f"mean, additions: {values}")
print(f"max, comparisons: {values - 1}")
print(f"space to depth, multiplications: {values * channels}")
