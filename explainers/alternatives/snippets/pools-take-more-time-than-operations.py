# VGG-16 at 224 × 224: channels in, channels out, convolutions, side of the map
blocks = [(3, 64, 2, 224), (64, 128, 2, 112), (128, 256, 3, 56)]
blocks += [(256, 512, 3, 28), (512, 512, 3, 14)]
made = moved = pooled = pool_moved = 0
for inputs, outputs, depth, side in blocks:
    places = side * side
    for channels in [inputs] + (depth - 1) * [outputs]:
        weights = 9 * channels * outputs
        made += weights * places
        moved += (channels + outputs) * places + weights + outputs
    kept = outputs * places // 4
    pooled += 3 * kept  # comparisons
    pool_moved += 4 * kept + kept
print(f"of the operations: {pooled / (made + pooled):.3%}")
print(f"of the values moved: {pool_moved / (moved + pool_moved):.0%}")
first, first_all = 18.9091, 182.4884  # recorded milliseconds
last, last_all = 1.523, 136.4122
print(f"of the time, channels first: {first / first_all:.1%}")
print(f"of the time, channels last: {last / last_all:.1%}")
