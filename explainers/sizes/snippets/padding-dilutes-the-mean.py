from math import erf, exp, pi, sqrt

real, bias = 0.5, 0.5  # half is clip, half padding; bias in standard deviations
below = (1 + erf(bias / sqrt(2))) / 2
density = exp(-(bias**2) / 2) / sqrt(2 * pi)
clip = bias * below + density  # mean of rectified responses around the bias

print(f"left of the mean, zeros among the features: {real:.0%}")
padded = real * clip + (1 - real) * bias  # the filter answers with its bias
print(f"left of it, zeros in the input: {padded / clip:.0%}")
