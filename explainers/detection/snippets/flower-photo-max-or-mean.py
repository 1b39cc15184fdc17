from explainers.detection.dahlia import hit_rates  # ships the photograph

displacement = 1  # pixels between the petal and the detector
for kind, sd in (("photo", 0.3), ("map", 0.2)):  # noise on the pixels, on each detector
    rates = hit_rates(sd, noise=kind, window=2, false_alarm=0.05, draws=200)
    _, largest, mean = rates.hit.value[:, displacement]
    print(f"{100 * (largest - mean):.2f}")  # percentage points
