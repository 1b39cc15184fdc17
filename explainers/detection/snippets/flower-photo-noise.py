from explainers.detection.dahlia import hit_rates  # ships the photograph

noise = 0.3  # standard deviation on each pixel, of the white level
rates = hit_rates(noise, noise="photo", window=2, false_alarm=0.05, draws=200)
one, largest, mean = rates.hit.value  # shares found, by displacement in pixels
for pixels in (3, 0):
    by_max, by_one = largest[pixels], one[pixels]
    print(f"{pixels} pixels off: {by_max:.0%} by the max, {by_one:.0%} by one")
