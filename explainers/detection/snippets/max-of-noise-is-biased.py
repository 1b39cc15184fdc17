from statistics import NormalDist, fmean, pstdev

n, a, steps = 4, 0.05, 100_000  # detectors, false alarms


def quantile(u, n):
    """The max of n noises is below it with probability u."""
    return NormalDist().inv_cdf(u ** (1 / n))


noise = [quantile((i + 0.5) / steps, n) for i in range(steps)]
print(f"{fmean(noise):.3f} {pstdev(noise):.3f}")
print(f"{quantile(1 - a, n):.4f} {quantile(1 - a, 1):.4f}")  # thresholds
