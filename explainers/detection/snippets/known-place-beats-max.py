from statistics import NormalDist

cdf, quantile = NormalDist().cdf, NormalDist().inv_cdf
a, d, n = 0.05, 2, 4  # false alarms, signal d′, detectors
known = 1 - cdf(quantile(1 - a) - d)  # one detector, at the right place
t = quantile((1 - a) ** (1 / n))  # the max of noise exceeds it with probability a
found = [1 - cdf(t - d) ** s * cdf(t) ** (n - s) for s in (1, 2, n)]  # s of n see it
print(f"{known:.4f}", *(f"{f:.4f}" for f in found))
