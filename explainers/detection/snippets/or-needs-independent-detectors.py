from explainers.detection.dahlia import or_gain  # ships the photograph

window, false_alarm = 2, 0.05  # 2 × 2 detectors; of each, on background
pixels = or_gain(0.3, noise="photo", window=window, false_alarm=false_alarm, draws=200)
own = or_gain(0.2, noise="map", window=window, false_alarm=false_alarm, draws=200)
miss = 1 - pixels.hit.pooled  # none of the four fires on a petal
promised = 1 - pixels.hit.independent  # the product of their miss rates
print(f"{miss:.4f} {promised:.5f}")
print(f"{pixels.correlation:.3f} {1 - own.hit.pooled:.5f}")
