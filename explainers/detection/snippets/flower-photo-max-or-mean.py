from explainers.detection.dahlia import hit_rates  # ships the photograph

displacement = 1  # pixels between the petal and where the detector looks
settings = {"window": 2, "false_alarm": 0.05, "draws": 200}
# Noise on the photograph's pixels; on the map, each detector has its own.
for place, noise in (("photo", 0.3), ("map", 0.2)):
    rates = hit_rates(noise, noise=place, **settings)
    one, largest, mean = rates.hit.value[:, displacement]
    gain = 100 * (largest - mean)
    print(f"noise on the {place}, max minus mean in points: {gain:.1f}")
