from statistics import NormalDist

cdf, quantile = NormalDist().cdf, NormalDist().inv_cdf
a, d, n = 0.05, 2, 4  # false alarms, signal d′, detectors (one sees the petal)
t = quantile((1 - a) ** (1 / n))  # the max of noise exceeds it with probability a
pooled = 1 - cdf(t - d) * cdf(t) ** (n - 1)
known = 1 - cdf(quantile(1 - a) - d)  # one detector, at the right place
unknown = known / n + a * (n - 1) / n  # one detector, right once in n times
print(f"{pooled:.4f} {unknown:.4f} {known:.4f}")
