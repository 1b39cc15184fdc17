from itertools import product
from statistics import fmean


# Two k × k windows, one pixel apart, cover k + 1 columns; the inner ones are in both.
def stays(k):  # the largest value is equally likely in each column
    return fmean(0 < column < k for column in range(k + 1))


clipped = []
for left in product((0, 1), repeat=6):  # which of 3 columns of 2 values are above zero
    clipped.append(sum(left[2:4]) / sum(left) if any(left) else 1)
print(*(f"{share:.4f}" for share in (stays(2), stays(3), stays(4), fmean(clipped))))
