from explainers.detection.dahlia import or_gain  # ships the photograph

# 2 × 2 detectors, each with 5% false alarms; noise of 0.3 of the white level.
settings = {"window": 2, "false_alarm": 0.05, "draws": 200}
pixels = or_gain(0.3, noise="photo", **settings)
all_miss = 1 - pixels.hit.pooled  # none of the four fires on a petal
product_of_misses = 1 - pixels.hit.independent  # if they erred independently
print(f"noise on the pixels, all four miss: {all_miss:.1%}")
print(f"independent ones would miss: {product_of_misses:.2%}")
print(f"correlation of their noise: {pixels.correlation:.2f}")

own = or_gain(0.2, noise="map", **settings)  # noise on each detector's answer
print(f"noise of their own, all four miss: {1 - own.hit.pooled:.2%}")
