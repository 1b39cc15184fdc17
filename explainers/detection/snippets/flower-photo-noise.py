from explainers.detection.dahlia import hit_rates  # ships the photograph

noise, far = 0.3, 3  # of the white level, on each pixel; displacement in pixels
rates = hit_rates(noise, noise="photo", window=2, false_alarm=0.05, draws=200)
unit, pooled, _ = rates.hit.value  # one detector, the max, the mean of its window
print(f"{pooled[far]:.4f} {unit[far]:.4f}")
print(f"{pooled[0]:.4f} {unit[0]:.4f}")
