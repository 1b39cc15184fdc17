from statistics import fmean


# Two k × k windows, one pixel apart, cover k + 1 columns; the inner ones are in both.
def stays(k, zero=0):  # the largest value is equally likely in each column
    nothing = zero ** (k * (k + 1))  # the probability that all values of both are 0
    return nothing + (1 - nothing) * fmean(0 < column < k for column in range(k + 1))


shares = stays(2), stays(3), stays(4), stays(2, zero=1 / 2), stays(2, zero=9 / 10)
print(*(f"{share:.4f}" for share in shares))
