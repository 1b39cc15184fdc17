from statistics import NormalDist, fmean

detectors, false_alarms = 4, 0.05
noise = NormalDist()


def quantile_of_max(share):
    """The max is below it in this share of windows: there, all four are."""
    return noise.inv_cdf(share ** (1 / detectors))


steps = 10_000
shares = [(step + 0.5) / steps for step in range(steps)]
mean_of_max = fmean(quantile_of_max(share) for share in shares)
print(f"max of noise, on average, in standard deviations: {mean_of_max:.2f}")

threshold = noise.inv_cdf(1 - false_alarms)
threshold_of_max = quantile_of_max(1 - false_alarms)
print(f"threshold of one detector: {threshold:.2f}")
print(f"threshold of the max: {threshold_of_max:.2f}")
