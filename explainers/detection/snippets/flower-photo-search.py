from explainers.detection.dahlia import petal_counts  # ships the photograph

noise = (0.3,)  # standard deviation on each pixel, of the white level
settings = {"window": 2, "draws": 50}  # 2 × 2 pooling; noisy photographs

# At equal false alarms: thresholds are tuned anew for each seed.
seeds, found = 12, 0.0
for seed in range(seeds):
    tuned = petal_counts(noise, invented=3, seed=seed, **settings)
    found = found + tuned.kept.value[:, 0] / seeds

largest, mean, every_second, full = found
print(f"petals found after max pooling: {largest:.1%}")
print(f"in the full map: {full:.1%}")
print(f"every second row and column without a max: {every_second:.1%}")
