from explainers.detection.dahlia import petal_counts  # ships the photograph

noise = 0.3  # of the white level, on each pixel
same = petal_counts((noise,), window=2, threshold=0.4, invented=None, draws=100)
largest, _, subsampled, full = same.lost.value[:, 0]
print(f"{same.petals} {largest:.4f} {full:.4f} {subsampled:.4f}")
fair = petal_counts((noise,), window=2, invented=3, draws=100)  # false alarms a picture
largest, _, subsampled, full = 100 * fair.kept.value[:, 0]  # percentage points
print(f"{largest - full:.2f} {subsampled - full:.2f}")
