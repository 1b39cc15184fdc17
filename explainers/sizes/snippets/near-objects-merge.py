import numpy as np

apart = 3  # pixels along one axis
for poolings in (2, 3):
    window = 2**poolings  # that all of them have together
    first = np.arange(window)  # where the first pixel is in its window
    merged = (first + apart) // window == first // window
    print(f"pairs in one value after {poolings} poolings: {merged.mean():.1%}")

# Every second value, twice: a window's first pixel is all that is seen of it.
row, column = np.indices((4, 4))
seen = (row == 0) & (column == 0) & ((column + 4) % 4 == 0)
print(f"pairs of which every second value shows both: {seen.mean():.2%}")
