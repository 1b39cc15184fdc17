from explainers.detection.dahlia import petal_counts  # ships the photograph

noise = (0.3,)  # of the white level, on each pixel
same = petal_counts(noise, window=2, threshold=0.4, invented=None, draws=50)
largest, _, subsampled, full = same.lost.value[:, 0]
print(f"{largest:.4f} {full:.4f} {subsampled:.4f} {same.petals}")
fair = [petal_counts(noise, window=2, invented=3, draws=50, seed=s) for s in range(12)]
kept = sum(100 * each.kept.value[:, 0] for each in fair) / 12  # each tuned by itself
print(f"{kept[0] - kept[3]:.2f} {kept[2] - kept[3]:.2f}")  # max, every second value
